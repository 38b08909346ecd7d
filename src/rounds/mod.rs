//! Rounds: one market, some commodities, some delivery days; from collecting need and supply to a published result.
//!
//! Invariants:
//! * closing freezes a snapshot, the exact solver problem with its SHA-256; it never changes afterwards;
//! * a plan is untrusted: it is checked against its snapshot in exact integers before it can be proposed, and again
//!   before it is awarded;
//! * who approves is not who had the plan computed;
//! * awards of a round are written once, in the transaction that publishes it (`orders` adds the purchase orders to it).

pub mod api;
pub mod clock;
pub mod duties;
pub mod errors;
mod publish;
pub mod sealed;
pub mod service;
mod snapshot;
pub mod solve;
pub mod state;
mod store;
pub mod types;

pub use errors::RoundError;
pub use state::{Event, Status};
pub use types::{NewRound, Round};
