//! People of an organisation, and what ends when a role does.

use super::errors::AccessError;
use super::{EVERYBODY, grants, require_manager, sessions, tokens};
use crate::audit::Work;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::people::{self, Known, NewPerson};
use crate::parties::{self, Account, Actor, Authority, Capability, Member, Role};

/// Adds a person to an organisation.
///
/// Roles that open, approve or pay are given only by somebody with a second factor; whoever assists cooperatives gets no
/// role in an organisation that buys or sells. Only those who set up organisations know who else a number belongs to.
pub fn add(work: &mut Work<'_>, actor: &Actor, organisation_id: i64, new: &NewPerson) -> Result<Member, AppError> {
    require_manager(work.connection, actor, organisation_id)?;
    require_giver(actor, new.role)?;
    let known = if actor.sets_up() { Known::Join } else { Known::Refuse };
    let member = people::add_person(work, organisation_id, new, known)?;
    let assists = member.role == Role::Assistant || grants::any_live(work.connection, member.account_id, work.now)?;
    if assists && grants::trades(work.connection, &EVERYBODY, member.account_id)? {
        return Err(AccessError::AssistantTrades.into());
    }
    require_fit(work.connection, &member)?;
    Ok(member)
}

fn require_giver(actor: &Actor, role: Role) -> Result<(), AppError> {
    if role.is_guarded() { actor.require_duty(&[Role::Ketua, Role::Operator, Role::Admin]) } else { Ok(()) }
}

/// Roles of a market or of assistance belong to organisations that do this.
fn require_fit(connection: &mut DbConnection, member: &Member) -> Result<(), AppError> {
    let needed = match member.role {
        Role::Operator | Role::Approver | Role::OpeningOfficer => Capability::Operator,
        Role::Assistant => Capability::Assistant,
        Role::Observer => Capability::Observer,
        _ => return Ok(()),
    };
    let organisation = parties::service::get(connection, &EVERYBODY, member.organisation_id)?;
    if organisation.capabilities.contains(&needed) { Ok(()) } else { Err(AccessError::RoleDoesNotFit.into()) }
}

/// A member, for those who look after its organisation; to others it looks missing.
pub fn get(connection: &mut DbConnection, actor: &Actor, id: i64) -> Result<Member, AppError> {
    let member = people::get_member(connection, id)?;
    require_sight(connection, actor, member.organisation_id)?;
    Ok(member)
}

/// One's own organisation, or one that is looked after; any other looks like a missing one.
fn require_sight(connection: &mut DbConnection, actor: &Actor, organisation_id: i64) -> Result<(), AppError> {
    if actor.organisation_id == organisation_id {
        return Ok(());
    }
    if !actor.sets_up() {
        return Err(CommonError::NotFound.into());
    }
    parties::service::get_looked_after(connection, &actor.scope(), organisation_id).map(|_| ())
}

/// People of an organisation after an id, with their accounts: of one's own, or of any for those who set up.
pub fn list(
    connection: &mut DbConnection,
    actor: &Actor,
    organisation_id: i64,
    (after, limit): (i64, i64),
) -> Result<Vec<(Member, Account)>, AppError> {
    require_sight(connection, actor, organisation_id)?;
    let members = people::list_members(connection, organisation_id, after, limit)?;
    with_accounts(connection, members)
}

fn with_accounts(connection: &mut DbConnection, members: Vec<Member>) -> Result<Vec<(Member, Account)>, AppError> {
    members
        .into_iter()
        .map(|member| {
            let account = people::get_account(connection, member.account_id)?;
            Ok((member, account))
        })
        .collect()
}

/// Whether the actor may see how to reach these people, or only that they can be reached.
pub fn sees_contacts(actor: &Actor, organisation_id: i64) -> bool {
    let manages = actor.require_manager_of(organisation_id).is_ok();
    let assists = matches!(actor.authority, Authority::Granted { .. }) && actor.organisation_id == organisation_id;
    manages || assists
}

/// Gives a member another role. Sessions and tokens end with the old one.
pub fn change_role(
    work: &mut Work<'_>,
    actor: &Actor,
    (id, expected_version): (i64, i64),
    role: Role,
    reason: &str,
) -> Result<Member, AppError> {
    let member = managed(work, actor, id)?;
    require_giver(actor, role)?;
    require_giver(actor, member.role)?;
    let member = people::change_role(work, &member, expected_version, role, reason)?;
    require_fit(work.connection, &member)?;
    end_everything(work, &member)?;
    Ok(member)
}

/// Ends a member's role, and with it sessions, tokens and grants.
pub fn leave(
    work: &mut Work<'_>,
    actor: &Actor,
    (id, expected_version): (i64, i64),
    reason: &str,
) -> Result<Member, AppError> {
    let member = managed(work, actor, id)?;
    require_giver(actor, member.role)?;
    let member = people::leave(work, &member, expected_version, reason)?;
    end_everything(work, &member)?;
    Ok(member)
}

/// A member whom the actor looks after and is not.
fn managed(work: &mut Work<'_>, actor: &Actor, id: i64) -> Result<Member, AppError> {
    let member = people::get_member(work.connection, id)?;
    require_manager(work.connection, actor, member.organisation_id)?;
    if member.account_id == actor.account_id {
        return Err(AccessError::OwnRole.into());
    }
    Ok(member)
}

fn end_everything(work: &mut Work<'_>, member: &Member) -> Result<(), AppError> {
    sessions::end_all(work, member.account_id)?;
    tokens::revoke_all(work, member.id)?;
    grants::end_all_of(work, member.id)
}
