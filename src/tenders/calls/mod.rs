//! Calls for bids: what is put out to bid, under which terms, until when.

pub mod clock;
pub mod entry;
pub mod lots;
pub mod service;
pub(super) mod store;
pub mod types;

pub use entry::{CallEntry, LotEntry};
pub use types::{Call, Lot};
