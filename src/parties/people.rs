//! People and their roles. One function per verb, one transaction each.

use super::actor::{Actor, Authority, Credential};
use super::contact::{Email, Login, Phone};
use super::errors::PartyError;
use super::service;
use super::store::organisations;
use super::store::people::{self as store, MemberChange};
use super::types::{Account, Member, Role, Standing};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::scope::Scope;

/// A person to add to an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The name the organisation knows the person by.
    pub name: String,
    /// The role.
    pub role: Role,
    /// What the person signs in with.
    pub phone: Option<Phone>,
    /// The same.
    pub email: Option<Email>,
}

/// Whether somebody who is known here already may be given a further role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Yes: it is the same person.
    Join,
    /// No: whoever adds people here cannot know who else that is.
    Refuse,
}

/// Adds a person with one role to an organisation; refused if that person has the role already.
///
/// Who has the same number, address or, within the organisation, the same name is the same person.
pub fn add_person(
    work: &mut Work<'_>,
    organisation_id: i64,
    new: &NewPerson,
    known: Known,
) -> Result<Member, AppError> {
    service::get_looked_after(work.connection, work.scope, organisation_id)?;
    let account_id = match find_person(work.connection, organisation_id, new, known)? {
        Some(id) => id,
        None => create_account(work, new)?,
    };
    match store::find_member_of(work.connection, organisation_id, account_id, new.role)? {
        Some((_, true)) => Err(PartyError::MemberExists.into()),
        Some((member, false)) => change(work, &member, &MemberChange::Back, "returned", ""),
        None => insert(work, organisation_id, account_id, new),
    }
}

fn find_person(
    connection: &mut DbConnection,
    organisation_id: i64,
    new: &NewPerson,
    known: Known,
) -> Result<Option<i64>, AppError> {
    let by_phone = new.phone.as_ref().map(|phone| store::find_account_id_by_phone(connection, phone)).transpose()?;
    let by_email = new.email.as_ref().map(|email| store::find_account_id_by_email(connection, email)).transpose()?;
    let (by_phone, by_email) = (by_phone.flatten(), by_email.flatten());
    let by_name = match (&new.phone, &new.email) {
        (None, None) => store::find_account_id_by_name(connection, organisation_id, &new.name)?,
        _ => None,
    };
    let mut checks = Checks::default();
    let is_other = |found: Option<i64>, other: Option<i64>| {
        found.is_some_and(|id| known == Known::Refuse || other.is_some_and(|other| other != id))
    };
    if is_other(by_phone, by_email) {
        checks.add("/phone", PartyError::ContactTaken);
    }
    if is_other(by_email, by_phone) {
        checks.add("/email", PartyError::ContactTaken);
    }
    checks.finish()?;
    Ok(by_phone.or(by_email).or(by_name))
}

fn create_account(work: &mut Work<'_>, new: &NewPerson) -> Result<i64, AppError> {
    let account = Account {
        id: work.new_id(),
        name: new.name.clone(),
        phone: new.phone.clone(),
        email: new.email.clone(),
        version: 1,
    };
    store::insert_account(work.connection, &account, work.now)?;
    work.record(Change { subject: "accounts", subject_id: account.id, event: "created", ..Change::default() })?;
    Ok(account.id)
}

fn insert(work: &mut Work<'_>, organisation_id: i64, account_id: i64, new: &NewPerson) -> Result<Member, AppError> {
    let member =
        Member { id: work.new_id(), account_id, organisation_id, name: new.name.clone(), role: new.role, version: 1 };
    store::insert_member(work.connection, &member, work.now)?;
    work.record(Change {
        subject: "members",
        subject_id: member.id,
        event: "added",
        new: member.role.word(),
        ..Change::default()
    })?;
    Ok(member)
}

/// Adds a person who is known by name only; refused if that person has the role already.
pub fn add_member(work: &mut Work<'_>, organisation_id: i64, name: &str, role: Role) -> Result<Member, AppError> {
    let new = NewPerson { name: name.trim().to_owned(), role, phone: None, email: None };
    add_person(work, organisation_id, &new, Known::Join)
}

/// The person with this role, added if missing: safe to repeat.
pub fn add_member_once(work: &mut Work<'_>, organisation_id: i64, name: &str, role: Role) -> Result<Member, AppError> {
    let new = NewPerson { name: name.trim().to_owned(), role, phone: None, email: None };
    add_person_once(work, organisation_id, &new)
}

/// The person with this role, added if missing: safe to repeat.
pub fn add_person_once(work: &mut Work<'_>, organisation_id: i64, new: &NewPerson) -> Result<Member, AppError> {
    if let Some(account_id) = find_person(work.connection, organisation_id, new, Known::Join)?
        && let Some((member, true)) = store::find_member_of(work.connection, organisation_id, account_id, new.role)?
    {
        return Ok(member);
    }
    add_person(work, organisation_id, new, Known::Join)
}

/// Gives a member another role; the person's sessions end with the old one, see `access`.
pub fn change_role(
    work: &mut Work<'_>,
    member: &Member,
    expected_version: i64,
    role: Role,
    reason: &str,
) -> Result<Member, AppError> {
    require_version(member, expected_version)?;
    let held = store::find_member_of(work.connection, member.organisation_id, member.account_id, role)?;
    if held.is_some() {
        return Err(PartyError::MemberExists.into());
    }
    change(work, member, &MemberChange::Role(role), "role_changed", reason)
}

/// Ends a member's role.
pub fn leave(work: &mut Work<'_>, member: &Member, expected_version: i64, reason: &str) -> Result<Member, AppError> {
    require_version(member, expected_version)?;
    change(work, member, &MemberChange::Left, "left", reason)
}

fn require_version(member: &Member, expected: i64) -> Result<(), AppError> {
    if member.version == expected { Ok(()) } else { Err(CommonError::VersionStale.into()) }
}

fn change(
    work: &mut Work<'_>,
    member: &Member,
    change: &MemberChange,
    event: &str,
    reason: &str,
) -> Result<Member, AppError> {
    if !store::update_member(work.connection, member, change)? {
        return Err(CommonError::VersionStale.into());
    }
    let role = if let MemberChange::Role(role) = change { *role } else { member.role };
    work.record(Change {
        subject: "members",
        subject_id: member.id,
        event,
        old: member.role.word(),
        new: role.word(),
        reason,
        ..Change::default()
    })?;
    Ok(Member { role, version: member.version + 1, ..member.clone() })
}

/// A member as an actor, for commands that run on the server itself.
pub fn actor_of(connection: &mut DbConnection, system: &Scope, member_id: i64) -> Result<Actor, AppError> {
    find_actor(connection, system, member_id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// A member at home, if the person is still there.
pub fn find_actor(connection: &mut DbConnection, system: &Scope, member_id: i64) -> Result<Option<Actor>, AppError> {
    let Some(member) = store::find_member(connection, member_id)? else {
        return Ok(None);
    };
    if store::find_account(connection, member.account_id)?.is_none() {
        return Ok(None);
    }
    let Some(organisation) = organisations::find_organisation(connection, system, member.organisation_id)? else {
        return Ok(None);
    };
    Ok(Some(Actor {
        account_id: member.account_id,
        member_id: member.id,
        member_name: member.name,
        home_id: organisation.id,
        organisation_id: organisation.id,
        role: member.role,
        capabilities: organisation.capabilities,
        authority: Authority::Own,
        credential: Credential::Inside,
        standing: standing(connection, system, organisation.id)?,
    }))
}

/// Where an organisation stands in markets: what its people reach.
pub fn standing(connection: &mut DbConnection, system: &Scope, organisation_id: i64) -> Result<Standing, AppError> {
    Ok(organisations::find_standing(connection, system, organisation_id)?)
}

/// A person.
pub fn get_account(connection: &mut DbConnection, id: i64) -> Result<Account, AppError> {
    store::find_account(connection, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// The person who signs in with this number or address.
pub fn find_account_id(connection: &mut DbConnection, login: &Login) -> Result<Option<i64>, AppError> {
    Ok(match login {
        Login::Phone(phone) => store::find_account_id_by_phone(connection, phone)?,
        Login::Email(email) => store::find_account_id_by_email(connection, email)?,
    })
}

/// An active member.
pub fn get_member(connection: &mut DbConnection, id: i64) -> Result<Member, AppError> {
    store::find_member(connection, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Everything a person is now, by id.
pub fn memberships(connection: &mut DbConnection, account_id: i64) -> Result<Vec<Member>, AppError> {
    store::list_members_of_account(connection, account_id)
}

/// People of an organisation after an id, by id.
pub fn list_members(
    connection: &mut DbConnection,
    organisation_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Member>, AppError> {
    store::list_members(connection, organisation_id, after, limit)
}

/// Whether a member, also one who left, is this person.
pub fn is_person(connection: &mut DbConnection, member_id: i64, account_id: i64) -> Result<bool, AppError> {
    Ok(store::find_account_id_of_member(connection, member_id)? == Some(account_id))
}

/// Every member that this person is or was in a role that trades or assists, not one that runs markets.
pub fn trading_member_ids(connection: &mut DbConnection, account_id: i64) -> Result<Vec<i64>, AppError> {
    let all = store::list_roles_ever(connection, account_id)?;
    let runs_markets = |role: Role| role.decides() || role == Role::Admin;
    Ok(all.into_iter().filter(|(_, role)| !runs_markets(*role)).map(|(id, _)| id).collect())
}

/// Changes what a person signs in with.
pub fn change_contact(
    work: &mut Work<'_>,
    account: &Account,
    expected_version: i64,
    (phone, email): (Option<Phone>, Option<Email>),
    reason: &str,
) -> Result<Account, AppError> {
    let mut checks = Checks::default();
    if let Some(phone) = &phone
        && store::find_account_id_by_phone(work.connection, phone)?.is_some_and(|id| id != account.id)
    {
        checks.add("/phone", PartyError::ContactTaken);
    }
    if let Some(email) = &email
        && store::find_account_id_by_email(work.connection, email)?.is_some_and(|id| id != account.id)
    {
        checks.add("/email", PartyError::ContactTaken);
    }
    checks.finish()?;
    if account.version != expected_version
        || !store::update_contact(work.connection, account, (phone.as_ref(), email.as_ref()))?
    {
        return Err(CommonError::VersionStale.into());
    }
    // The log outlives a person's data, so it says that the contact changed and not to what.
    work.record(Change {
        subject: "accounts",
        subject_id: account.id,
        event: "contact_changed",
        reason,
        ..Change::default()
    })?;
    Ok(Account { phone, email, version: account.version + 1, ..account.clone() })
}
