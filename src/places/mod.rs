//! Regions of the country, and the points where organisations load and receive goods.
//!
//! Not here: road distances, which belong to a market's freight.
//!
//! Invariants: a region's parent follows from its code; a place belongs to one organisation, which has no two places
//! of the same name; an organisation sees only its own places.

pub mod api;
pub mod errors;
pub mod service;
mod store;
pub mod types;

pub use errors::PlaceError;
pub use types::{Place, Region, RegionKind};

/// Whether a region is an area or lies in it: codes are dotted, each part within the one before.
pub fn lies_in(region: &str, area: &str) -> bool {
    region.strip_prefix(area).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
