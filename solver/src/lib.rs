//! Exact allocation of demand to offers.

pub mod plan;
pub mod problem;
