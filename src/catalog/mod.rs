//! What is traded: commodities, the units they may be entered in, and official prices.
//!
//! The catalogue is the same for every market. Invariants: a unit is a whole number of base units, so entering a
//! quantity is exact; only a HET binds, a HAP is a reference that warns.

pub mod api;
pub mod catalogue;
pub mod errors;
pub mod renew;
pub mod service;
mod store;
pub mod types;

pub use catalogue::{Catalogue, read_quantity};
pub use errors::CatalogError;
pub use types::{Category, Commodity, ReferenceKind, ReferencePrice, Storage, Unit};
