//! From a secret to an actor: who calls, and for which organisation.

use super::errors::AccessError;
use super::types::Session;
use super::{grants, secrets, sessions, store};
use crate::config::Limits;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::{self, Actor, Authority, Credential, people};
use crate::scope::Scope;
use crate::values::Timestamp;

/// What a request shows.
#[derive(Debug, Clone)]
pub struct Shown {
    /// A session's or a token's secret.
    pub secret: String,
    /// The organisation to act for, where the request names one.
    pub acting_for: Option<i64>,
}

/// Who calls; `None` if the secret is not live. The session tells the caller of this function when to note its use.
pub fn find_actor(
    connection: &mut DbConnection,
    system: &Scope,
    shown: &Shown,
    now: Timestamp,
    limits: &Limits,
) -> Result<Option<(Actor, Option<Session>)>, AppError> {
    let (member_id, credential, session) = if shown.secret.starts_with(secrets::SESSION_PREFIX) {
        let Some(session) = sessions::find(connection, &shown.secret, now, limits)? else { return Ok(None) };
        let credential = Credential::Session { id: session.id, second_factor: session.second_factor_at.is_some() };
        (session.member_id, credential, Some(session))
    } else {
        let hash = secrets::hash(&shown.secret);
        let Some(token) = store::tokens::find_live(connection, &hash, now)? else { return Ok(None) };
        (token.member_id, Credential::Token { id: token.id, scope: token.scope }, None)
    };
    let Some(home) = people::find_actor(connection, system, member_id)? else { return Ok(None) };
    let home = Actor { credential, ..home };
    let actor = match shown.acting_for {
        Some(organisation_id) if organisation_id != home.organisation_id => {
            act_for(connection, system, &home, organisation_id, now)?
        }
        _ => home,
    };
    Ok(Some((actor, session)))
}

/// The same person for another organisation: as one of its own people (only if signed in: a token belongs to one
/// organisation), or on a grant.
fn act_for(
    connection: &mut DbConnection,
    system: &Scope,
    home: &Actor,
    organisation_id: i64,
    now: Timestamp,
) -> Result<Actor, AppError> {
    if matches!(home.credential, Credential::Session { .. }) {
        let members = people::memberships(connection, home.account_id)?;
        if let Some(member) = members.iter().find(|member| member.organisation_id == organisation_id) {
            let actor = people::actor_of(connection, system, member.id)?;
            return Ok(Actor { credential: home.credential, ..actor });
        }
    }
    let Some(grant) = grants::find_live(connection, home.account_id, organisation_id, now)? else {
        return Err(AccessError::ActingForRefused.into());
    };
    if grants::trades(connection, system, home.account_id)? {
        return Err(AccessError::AssistantTrades.into());
    }
    let assistant = people::actor_of(connection, system, grant.assistant_id)?;
    let organisation = parties::service::get(connection, system, organisation_id)?;
    Ok(Actor {
        organisation_id,
        capabilities: organisation.capabilities,
        authority: Authority::Granted { grant_id: grant.id, scope: grant.scope },
        credential: home.credential,
        standing: people::standing(connection, system, organisation_id)?,
        ..assistant
    })
}
