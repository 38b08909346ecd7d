//! Exact allocation of demand to offers.

pub mod dimacs;
pub mod flow;
pub mod plan;
pub mod problem;
