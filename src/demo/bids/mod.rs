//! The same week with sealed bids: need pooled into lots, wholesalers bidding with tiers and bundles, an opening by two officers,
//! five scenarios compared, the cheapest proposed.
//!
//! Everything goes through the services that everybody else uses; only the time is moved by hand. Prices, quantities and ties of
//! the bids are drawn by the seed number from the facts (`write`); nonces and keys are not, and decide nothing.

mod people;
mod story;
mod summary;
mod write;

pub use story::{Called, compare_and_propose, invite, open, wait_for_complaints};
pub use summary::BidFigures;
