//! pasok binary.
fn main() {}
