//! Registering organisations. One function per verb, one transaction each. People are in [`people`](super::people).

use super::errors::PartyError;
use super::store::organisations as store;
use super::types::{Capability, Class, Organisation, OrganisationStatus};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::scope::Scope;
use std::collections::BTreeSet;

pub use super::people::{actor_of, add_member, add_member_once};

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
    if store::find_organisation_id_by_code(work.connection, work.scope, &new.code)?.is_some() {
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
    store::insert_organisation(work.connection, &organisation, work.principal.organisation_id, work.now)?;
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
    match store::find_organisation_id_by_code(work.connection, work.scope, &new.code)? {
        Some(id) => get(work.connection, work.scope, id),
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
    let before = get_looked_after(work.connection, work.scope, id)?;
    if before.version != expected_version
        || !store::update_status(work.connection, work.scope, id, expected_version, status)?
    {
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
    get(work.connection, work.scope, id)
}

/// The organisation that registered one that is looked after, if one did.
pub fn find_registrar(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<i64>, AppError> {
    Ok(store::find_registrar(connection, scope, id)?)
}

/// An organisation within sight: one's own, one in a market with it, any for those who register organisations.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Organisation, AppError> {
    store::find_organisation(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// The organisation with this code, if there is one within sight.
pub fn find_by_code(
    connection: &mut DbConnection,
    scope: &Scope,
    code: &str,
) -> Result<Option<Organisation>, AppError> {
    match store::find_organisation_id_by_code(connection, scope, code)? {
        Some(id) => store::find_organisation(connection, scope, id),
        None => Ok(None),
    }
}

/// An organisation that is looked after: one's own, one that one registered, a member of a market one runs.
pub fn get_looked_after(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Organisation, AppError> {
    if store::list_looked_after(connection, scope, &[id])?.is_empty() {
        return Err(CommonError::NotFound.into());
    }
    get(connection, scope, id)
}

/// Which of these organisations are looked after (see [`get_looked_after`]).
pub fn looked_after(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<BTreeSet<i64>, AppError> {
    Ok(store::list_looked_after(connection, scope, ids)?.into_iter().collect())
}

/// Organisations within sight after an id, by id.
pub fn list(
    connection: &mut DbConnection,
    scope: &Scope,
    after: i64,
    limit: i64,
) -> Result<Vec<Organisation>, AppError> {
    store::list_organisations(connection, scope, after, limit)
}

/// The organisations with these ids that are within sight, in no particular order.
pub fn list_by_ids(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<Vec<Organisation>, AppError> {
    store::list_organisations_by_ids(connection, scope, ids)
}
