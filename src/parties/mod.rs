//! Organisations and the people who act for them.
//!
//! A person is an account; a member is one person in one role in one organisation. How a person proves who they are is
//! `access`, not here.
//!
//! Invariants: an organisation can be buyer, seller, kitchen, operator and observer at once; a member is the same person
//! for ever; a telephone number or e-mail address belongs to one person.

pub mod actor;
pub mod api;
pub mod contact;
pub mod errors;
pub mod people;
pub mod service;
mod store;
pub mod types;

pub use actor::{Actor, Authority, Credential, GrantScope, TokenScope};
pub use contact::{Email, Login, Phone};
pub use errors::PartyError;
pub use types::{Account, Capability, Class, Member, Organisation, OrganisationStatus, Role, Standing};
