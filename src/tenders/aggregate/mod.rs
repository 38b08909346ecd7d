//! Aggregated demand: the open demands of a round pooled per commodity, area and delivery window.
//!
//! A figure names nobody: unless one runs or observes the market, every figure has at least three buyers behind it. What would
//! have fewer is merged, first over windows, then with the next area; what even then has fewer is only said to exist. The figures
//! are a partition, so none can be taken apart by subtracting others. They are live: who watches from one moment to the next sees
//! what came between, and two moments with one demand between them tell that demand's quantity, though not whose it is.

pub mod cluster;
pub mod pool;
pub mod service;

pub use pool::{Need, Pooled, pool};
