//! Read-only views across domains: what a round came to, for the pages, the demonstration and the observer.
//!
//! Invariant: nothing here writes, and every figure is a sum over stored rows.

pub mod baseline;
pub mod plan;
pub mod service;
mod store;
pub mod types;
pub mod words;

pub use types::{CommodityFigures, MarketSummary, OrderSummary, RoundReport, RoundSummary, ShortageFigures};
