//! What buyers need, by when.
//!
//! Invariants: a demand belongs to one round and is entered, changed and withdrawn only while that round collects and
//! before it closes; a buyer has at most one demand for the same place, commodity and days in a round; the place is the
//! buyer's own; a price ceiling never exceeds the binding one of the market's zone. Quantities are base units. What a
//! buyer may spend in a round is set under the same conditions (`budget`).

pub mod api;
pub mod budget;
mod entry;
mod errors;
mod facts;
pub mod import;
mod rules;
pub mod service;
pub mod state;
mod store;
pub mod types;

pub use entry::{DemandEntry, QuantityEntry};
pub use errors::DemandError;
pub use state::DemandStatus;
pub use types::{Demand, NewDemand};
