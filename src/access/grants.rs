//! Grants: a cooperative lets an assistant act for it, within a scope, until a day, and may end that at any moment.

use super::errors::AccessError;
use super::store::grants as store;
use super::types::Grant;
use super::{EVERYBODY, require_manager};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::{self, Actor, Capability, GrantScope, Member, Organisation, Role, people};
use crate::scope::Scope;
use crate::values::Timestamp;

/// Most cooperatives of one assistant; 8 to 12 is usual.
pub const MOST_PER_ASSISTANT: i64 = 20;
/// Most assistants of one cooperative.
pub const MOST_PER_ORGANISATION: i64 = 5;
/// Longest grant, in days.
pub const LONGEST_DAYS: i64 = 366;

/// A grant to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewGrant {
    /// The assistant, as a member of the assistants' organisation.
    pub assistant_id: i64,
    /// What it allows.
    pub scope: GrantScope,
    /// How long it lasts, in days.
    pub days: i64,
}

/// The cooperative of the actor, its chair, lets an assistant act for it.
pub fn give(work: &mut Work<'_>, actor: &Actor, new: &NewGrant) -> Result<Grant, AppError> {
    actor.require_own()?;
    actor.require_role(&[Role::Ketua])?;
    let assistant = find_assistant(work.connection, new.assistant_id)?;
    if trades(work.connection, &EVERYBODY, assistant.account_id)? {
        return Err(AccessError::AssistantTrades.into());
    }
    store::end_expired(work.connection, (actor.organisation_id, assistant.id), work.now)?;
    if find_live(work.connection, assistant.account_id, actor.organisation_id, work.now)?.is_some() {
        return Err(AccessError::GrantExists.into());
    }
    let counts = store::count_live(work.connection, assistant.account_id, actor.organisation_id, work.now)?;
    if counts.of_assistant >= MOST_PER_ASSISTANT || counts.of_organisation >= MOST_PER_ORGANISATION {
        return Err(AccessError::TooManyGrants.into());
    }
    insert(work, actor, new)
}

fn insert(work: &mut Work<'_>, actor: &Actor, new: &NewGrant) -> Result<Grant, AppError> {
    let grant = Grant {
        id: work.new_id(),
        organisation_id: actor.organisation_id,
        assistant_id: new.assistant_id,
        scope: new.scope,
        granted_by: actor.member_id,
        granted_at: work.now,
        expires_at: work.now.plus_seconds(new.days.clamp(1, LONGEST_DAYS) * 24 * 3600),
        revoked_at: None,
        version: 1,
    };
    store::insert(work.connection, &grant)?;
    let to = format!("{} {}", grant.scope, grant.assistant_id);
    work.record(Change { subject: "grants", subject_id: grant.id, event: "given", new: &to, ..Change::default() })?;
    Ok(grant)
}

/// An active member of an assistants' organisation in that role.
fn find_assistant(connection: &mut DbConnection, member_id: i64) -> Result<Member, AppError> {
    let member = people::get_member(connection, member_id).map_err(|_| AccessError::NotAnAssistant)?;
    let organisation = parties::service::get(connection, &EVERYBODY, member.organisation_id)?;
    let assists = member.role == Role::Assistant && organisation.capabilities.contains(&Capability::Assistant);
    if assists { Ok(member) } else { Err(AccessError::NotAnAssistant.into()) }
}

/// Assistants whom a cooperative may choose, after an id, with their organisations.
pub fn list_assistants(
    connection: &mut DbConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<(Member, Organisation)>, AppError> {
    let ids = store::list_assistant_ids(connection, after, limit)?;
    ids.into_iter()
        .map(|id| {
            let member = people::get_member(connection, id)?;
            let organisation = parties::service::get(connection, &EVERYBODY, member.organisation_id)?;
            Ok((member, organisation))
        })
        .collect()
}

/// Ends a grant at once: the cooperative's chair or administrator, or the assistant.
pub fn revoke(work: &mut Work<'_>, actor: &Actor, id: i64) -> Result<Grant, AppError> {
    let grant = get(work.connection, actor, id)?;
    let gives_back = people::is_person(work.connection, grant.assistant_id, actor.account_id)?;
    if !gives_back {
        require_manager(work.connection, actor, grant.organisation_id)?;
    }
    end(work, &grant)?;
    store::find(work.connection, id)?.ok_or_else(|| CommonError::NotFound.into())
}

fn end(work: &mut Work<'_>, grant: &Grant) -> Result<(), AppError> {
    if store::end(work.connection, grant.id, work.principal.member_id, work.now)? {
        work.record(Change { subject: "grants", subject_id: grant.id, event: "revoked", ..Change::default() })?;
    }
    Ok(())
}

/// Ends what was granted to a member who is no longer an assistant.
pub fn end_all_of(work: &mut Work<'_>, assistant_id: i64) -> Result<(), AppError> {
    for grant in store::list_live_of_member(work.connection, assistant_id, work.now)? {
        end(work, &grant)?;
    }
    Ok(())
}

/// A grant of the actor's organisation, or to the actor; any other looks like a missing one.
pub fn get(connection: &mut DbConnection, actor: &Actor, id: i64) -> Result<Grant, AppError> {
    let grant = store::find(connection, id)?.ok_or(CommonError::NotFound)?;
    let own = grant.organisation_id == actor.organisation_id
        || people::is_person(connection, grant.assistant_id, actor.account_id)?;
    if own { Ok(grant) } else { Err(CommonError::NotFound.into()) }
}

/// Grants of the actor's organisation and to the actor, live or ended, after an id.
pub fn list(connection: &mut DbConnection, actor: &Actor, (after, limit): (i64, i64)) -> Result<Vec<Grant>, AppError> {
    store::list(connection, actor.organisation_id, actor.account_id, (after, limit))
}

/// The live grant on which a person may act for an organisation, if any.
pub fn find_live(
    connection: &mut DbConnection,
    account_id: i64,
    organisation_id: i64,
    now: Timestamp,
) -> Result<Option<Grant>, AppError> {
    let grants = store::list_live_of_account(connection, account_id, now)?;
    Ok(grants.into_iter().find(|grant| grant.organisation_id == organisation_id))
}

/// Live grants to a person, by id.
pub fn list_live(connection: &mut DbConnection, account_id: i64, now: Timestamp) -> Result<Vec<Grant>, AppError> {
    store::list_live_of_account(connection, account_id, now)
}

/// Whether anybody lets the person act for them.
pub fn any_live(connection: &mut DbConnection, account_id: i64, now: Timestamp) -> Result<bool, AppError> {
    Ok(!store::list_live_of_account(connection, account_id, now)?.is_empty())
}

/// Whether the person belongs to an organisation that buys or sells: then assisting would be serving two masters.
pub fn trades(connection: &mut DbConnection, system: &Scope, account_id: i64) -> Result<bool, AppError> {
    let members = people::memberships(connection, account_id)?;
    let elsewhere: Vec<i64> =
        members.iter().filter(|member| member.role != Role::Assistant).map(|member| member.organisation_id).collect();
    let organisations = parties::service::list_by_ids(connection, system, &elsewhere)?;
    let trading = [Capability::Buyer, Capability::Seller, Capability::Kitchen];
    Ok(organisations.iter().any(|organisation| trading.iter().any(|kind| organisation.capabilities.contains(kind))))
}

/// Every organisation for which a person may act now: by role, or on a grant.
pub fn organisations_of(connection: &mut DbConnection, account_id: i64, now: Timestamp) -> Result<Vec<i64>, AppError> {
    let own = people::memberships(connection, account_id)?;
    let granted = store::list_live_of_account(connection, account_id, now)?;
    let own = own.iter().map(|member| member.organisation_id);
    Ok(own.chain(granted.iter().map(|grant| grant.organisation_id)).collect())
}
