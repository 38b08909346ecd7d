//! pasok-solver.
fn main() {}
