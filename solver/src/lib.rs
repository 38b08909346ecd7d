//! Exact allocation of demand to offers.

pub mod check;
pub mod dimacs;
pub mod flow;
pub mod instances;
pub mod plan;
pub mod problem;
