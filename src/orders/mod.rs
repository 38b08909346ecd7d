//! Purchase orders: what a buyer orders from a seller in one round, and the seller's answer.
//!
//! Invariants: every line traces to exactly one award and every award to one line; totals are sums of lines; numbers are
//! gapless per buyer and year; an order is answered once, and what is not accepted of it stands beside its lines, which never change. Lines that a complaint is about are held in orders of their own
//! (`holds`). Three axes: the agreement moves here; delivery and billing
//! have columns of their own and are moved by the domains that own them.

pub mod api;
pub mod errors;
pub mod holds;
pub mod part;
pub mod service;
pub mod state;
mod store;
pub mod types;
mod wire;

pub use errors::OrderError;
pub use state::{Event, Status};
pub use types::{Answer, Order, OrderFilter, OrderLine, RejectReason, Shortfall};
