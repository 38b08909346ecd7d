//! Registering organisations. One function per verb, one transaction each. People are in [`people`](super::people).

use super::errors::PartyError;
use super::store::organisations as store;
use super::types::{Capability, Class, Organisation, OrganisationStatus};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
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

/// An organisation.
pub fn get(connection: &mut DbConnection, id: i64) -> Result<Organisation, AppError> {
    store::find_organisation(connection, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// The organisation with this code, if there is one.
pub fn find_by_code(connection: &mut DbConnection, code: &str) -> Result<Option<Organisation>, AppError> {
    match store::find_organisation_id_by_code(connection, code)? {
        Some(id) => store::find_organisation(connection, id),
        None => Ok(None),
    }
}

/// Organisations after an id, by id.
pub fn list(connection: &mut DbConnection, after: i64, limit: i64) -> Result<Vec<Organisation>, AppError> {
    store::list_organisations(connection, after, limit)
}

/// The organisations with these ids, in no particular order; ids that are none are left out.
pub fn list_by_ids(connection: &mut DbConnection, ids: &[i64]) -> Result<Vec<Organisation>, AppError> {
    store::list_organisations_by_ids(connection, ids)
}
