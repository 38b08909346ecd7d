//! Organisations and the people who act for them.
//!
//! Invariants: an organisation can be buyer, seller, kitchen, operator and observer at once; tokens are stored only as
//! hashes; a person acts only for the organisation the token belongs to.

pub mod api;
pub mod errors;
pub mod service;
mod store;
pub mod types;

pub use errors::PartyError;
pub use types::{Actor, Capability, Class, Member, Organisation, OrganisationStatus, Role};
