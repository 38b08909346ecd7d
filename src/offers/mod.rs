//! What suppliers can deliver: stock, price and terms.
//!
//! Invariants: 0 ≤ reserved ≤ stock, held by guarded updates and by the database; a price never exceeds the binding
//! ceiling of the market's zone; at least one line (a pack, and the least quantity of a line) fits the stock; a seller
//! has at most one offer for the same place, commodity, lot and first day in a market. Quantities are base units.

pub mod api;
mod entry;
mod errors;
mod facts;
pub mod import;
mod rules;
pub mod service;
pub mod state;
mod stock;
mod store;
pub mod terms;
pub mod tiers;
pub mod types;
pub mod volume;
pub mod wire;

pub use entry::{ChangeEntry, FreightEntry, OfferEntry};
pub use errors::OfferError;
pub use state::OfferStatus;
pub use types::{FreightTerms, NewOffer, Offer, UnusualPrice};
pub use volume::{VolumeEntry, VolumeTerms};
