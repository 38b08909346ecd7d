//! Sealed bids: nobody reads a price before the opening, the platform's operator included.
//!
//! A bid is encrypted to a key of the call whose secret half lies in three officers' hands, two of whom open together
//! ([`committee`], [`share`], [`sitting`]). It arrives as a file of a known shape and size ([`mod@file`], [`envelope`]) with a commitment, and
//! the bidder leaves with a signed [`receipt`]. `docs/sealing.md` says what this protects from and what it does not.
//!
//! `api` holds every route about a bid (place, at the counter, receipts, confirm, withdraw) and about the committee; calls,
//! their lots and the check of a document are routes of `tenders::api`.
//!
//! Invariants: the call's secret key is in memory while it is drawn and while bids are opened, and nowhere else; before the
//! opening no answer, log line, metric or export differs by whether somebody else's bid exists.

pub mod api;
pub mod committee;
pub mod envelope;
mod errors;
pub mod file;
mod opening;
pub mod placing;
pub mod qr;
pub mod receipt;
pub mod service;
pub mod share;
pub mod sitting;
mod store;
pub mod types;

pub use errors::SealError;
