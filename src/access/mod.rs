//! How people and programs prove who they are, and for whom they may act.
//!
//! A person signs in and gets a session; a program of an organisation uses a token; an assistant acts for a cooperative
//! on a grant. Who people are, and their roles, is `parties`.
//!
//! Invariants: secrets are stored only as hashes, and shown once; whatever is revoked or has run out is refused by the
//! next request; an assistant acts only inside a live grant, and never while taking part in trade.

pub mod api;
pub mod errors;
pub mod grants;
pub mod identify;
pub mod secrets;
pub mod sessions;
mod store;
pub mod tokens;
pub mod types;

pub use errors::AccessError;
pub use types::{Grant, Session, Token};
