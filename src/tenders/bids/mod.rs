//! Sealed bids: the document a bidder seals, what can be wrong with it, and the versions that the server keeps.
//!
//! The server takes sealed bytes and a commitment. It sees a document in three cases only: at the counter, where it seals it
//! at once; when a bidder asks to have one checked; and at the opening.

pub mod check;
pub mod document;
pub mod service;
pub mod sheet;
mod store;
mod terms;
pub mod types;

pub use check::{CheckedBid, CheckedLine, Setting};
pub use document::BidDocument;
pub use types::{Bid, BidVersion, SealedBid, SealedWhere};
