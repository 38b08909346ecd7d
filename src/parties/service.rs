//! Registering organisations and members, and giving out tokens. One function per verb, one transaction each.

use super::errors::PartyError;
use super::store::{self, NewToken};
use super::types::{Actor, Capability, Class, Member, Organisation, OrganisationStatus, Role};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::values::Timestamp;
use crate::values::hex::hex;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// An organisation to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganisation {
    /// A short unique code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// Whether it takes part from the start.
    pub status: OrganisationStatus,
    /// What it does here.
    pub capabilities: BTreeSet<Capability>,
}

/// Registers an organisation; refused if the code is taken.
pub fn register(work: &mut Work<'_>, new: NewOrganisation) -> Result<Organisation, AppError> {
    if store::find_organisation_id_by_code(work.connection, &new.code)?.is_some() {
        return Err(PartyError::OrganisationExists.into());
    }
    let organisation = Organisation {
        id: work.new_id(),
        code: new.code,
        name: new.name,
        class: new.class,
        status: new.status,
        capabilities: new.capabilities,
        version: 1,
    };
    store::insert_organisation(work.connection, &organisation, work.now)?;
    let new = format!("{} {}", organisation.code, organisation.status);
    work.record(Change {
        subject: "organisations",
        subject_id: organisation.id,
        event: "registered",
        new: &new,
        ..Change::default()
    })?;
    Ok(organisation)
}

/// The organisation with this code, registered if it was not: safe to repeat.
pub fn register_once(work: &mut Work<'_>, new: NewOrganisation) -> Result<Organisation, AppError> {
    match store::find_organisation_id_by_code(work.connection, &new.code)? {
        Some(id) => get(work.connection, id),
        None => register(work, new),
    }
}

/// Changes whether an organisation takes part.
pub fn change_status(
    work: &mut Work<'_>,
    id: i64,
    expected_version: i64,
    status: OrganisationStatus,
    reason: &str,
) -> Result<Organisation, AppError> {
    let before = get(work.connection, id)?;
    if before.version != expected_version || !store::update_status(work.connection, id, expected_version, status)? {
        return Err(CommonError::VersionStale.into());
    }
    work.record(Change {
        subject: "organisations",
        subject_id: id,
        event: "status_changed",
        old: before.status.word(),
        new: status.word(),
        reason,
        ..Change::default()
    })?;
    get(work.connection, id)
}

/// Adds a person with one role to an organisation; refused if that person has the role already.
pub fn add_member(work: &mut Work<'_>, organisation_id: i64, name: &str, role: Role) -> Result<Member, AppError> {
    get(work.connection, organisation_id)?;
    if store::find_member_id(work.connection, organisation_id, name, role)?.is_some() {
        return Err(PartyError::MemberExists.into());
    }
    let member = Member { id: work.new_id(), organisation_id, name: name.to_owned(), role, version: 1 };
    store::insert_member(work.connection, &member, work.now)?;
    work.record(Change {
        subject: "members",
        subject_id: member.id,
        event: "added",
        new: role.word(),
        ..Change::default()
    })?;
    Ok(member)
}

/// The person with this role, added if missing: safe to repeat.
pub fn add_member_once(work: &mut Work<'_>, organisation_id: i64, name: &str, role: Role) -> Result<Member, AppError> {
    match store::find_member_id(work.connection, organisation_id, name, role)? {
        Some(id) => store::find_member(work.connection, id)?.ok_or_else(|| CommonError::NotFound.into()),
        None => add_member(work, organisation_id, name, role),
    }
}

/// A new token for a member. The secret is answered once and never stored; only its SHA-256 is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// Names the token when it is revoked.
    pub id: i64,
    /// The secret.
    pub secret: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Longest life of a token.
const TOKEN_LIFE_S: i64 = 90 * 24 * 3600;

/// Gives a member a token.
pub fn issue_token(work: &mut Work<'_>, member_id: i64, label: &str) -> Result<IssuedToken, AppError> {
    store::find_member(work.connection, member_id)?.ok_or(CommonError::NotFound)?;
    let secret = format!("psk_{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
    let token = IssuedToken { id: work.new_id(), secret, expires_at: work.now.plus_seconds(TOKEN_LIFE_S) };
    let row = NewToken { id: token.id, member_id, hash: &hash(&token.secret), label, expires_at: token.expires_at };
    store::insert_token(work.connection, &row, work.now)?;
    work.record(Change {
        subject: "access_tokens",
        subject_id: token.id,
        event: "issued",
        new: label,
        ..Change::default()
    })?;
    Ok(token)
}

/// Makes one of the member's own tokens useless at once.
pub fn revoke_token(work: &mut Work<'_>, member_id: i64, id: i64) -> Result<(), AppError> {
    if !store::revoke_token(work.connection, member_id, id, work.now)? {
        return Err(CommonError::NotFound.into());
    }
    work.record(Change { subject: "access_tokens", subject_id: id, event: "revoked", ..Change::default() })
}

/// Who a token belongs to, if it is live.
pub fn find_actor(connection: &mut DbConnection, secret: &str, now: Timestamp) -> Result<Option<Actor>, AppError> {
    match store::find_member_id_by_token(connection, &hash(secret), now)? {
        Some(member_id) => store::find_actor(connection, member_id),
        None => Ok(None),
    }
}

/// A member as an actor, for commands that run without a token.
pub fn actor_of(connection: &mut DbConnection, member_id: i64) -> Result<Actor, AppError> {
    store::find_actor(connection, member_id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// An organisation.
pub fn get(connection: &mut DbConnection, id: i64) -> Result<Organisation, AppError> {
    store::find_organisation(connection, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Organisations after an id, by id.
pub fn list(connection: &mut DbConnection, after: i64, limit: i64) -> Result<Vec<Organisation>, AppError> {
    store::list_organisations(connection, after, limit)
}

/// The organisations with these ids, in no particular order; ids that are none are left out.
pub fn list_by_ids(connection: &mut DbConnection, ids: &[i64]) -> Result<Vec<Organisation>, AppError> {
    store::list_organisations_by_ids(connection, ids)
}

fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}
