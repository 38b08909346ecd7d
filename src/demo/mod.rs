//! Demonstration markets made from the seed facts.
//!
//! `generate` turns facts and a seed number into a [`Scenario`]: plain structs, the same ones for the same seed on every
//! machine. It touches no database, clock or network and holds no float; the rules it follows are told in
//! `docs/demo.md`. `baseline` computes what buyers would pay without an optimiser, on the very problem the solver got.

pub mod bids;
pub mod generate;
pub mod load;
#[cfg(test)]
mod rehearsal;
pub mod run;
pub mod scenario;
pub mod summary;

pub use generate::{GenerateError, generate, generate_province};
pub use scenario::Scenario;
