//! How people and programs prove who they are, and for whom they may act.
//!
//! A person signs in and gets a session; a program of an organisation uses a token; an assistant acts for a cooperative
//! on a grant. Who people are, and their roles, is `parties`.
//!
//! Invariants: secrets are stored only as hashes, and shown once (what must be read again is encrypted, see `vault`); whatever is revoked or has run out is refused by the
//! next request; an assistant acts only inside a live grant, and never while taking part in trade.

pub mod accounts;
pub mod api;
pub mod attempts;
pub mod codes;
pub mod erase;
pub mod errors;
pub mod grants;
pub mod identify;
pub mod members;
pub mod passwords;
pub mod rules;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod sign_in;
mod store;
pub mod tokens;
pub mod types;
pub mod vault;

use crate::error::AppError;
use crate::parties::{self, Actor};
use crate::scope::Scope;

/// People, sessions and grants cross organisations by their nature: a person is found by a number, an assistant belongs to
/// another organisation than the cooperative. What is done here within this scope checks for itself whom it is about.
pub(crate) const EVERYBODY: Scope = Scope::system("people and access");

/// [`EVERYBODY`], in the actor's name.
fn in_name_of(actor: &Actor) -> Scope {
    Scope::system_for("people and access", actor.principal())
}

/// Refuses unless the actor looks after the people of this organisation, within its own reach.
fn require_manager(
    connection: &mut crate::db::DbConnection,
    actor: &Actor,
    organisation_id: i64,
) -> Result<(), AppError> {
    actor.require_manager_of(organisation_id)?;
    parties::service::get_looked_after(connection, &actor.scope(), organisation_id).map(|_| ())
}

pub use errors::AccessError;
pub use types::{Grant, Session, Token};
