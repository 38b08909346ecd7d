//! Rows of `organisations` and `organisation_capabilities`.

use crate::db::DbConnection;
use crate::db::schema::{organisation_capabilities, organisations};
use crate::error::AppError;
use crate::on_backend;
use crate::parties::{Capability, Class, Organisation, OrganisationStatus};
use crate::values::Timestamp;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct OrganisationRow {
    id: i64,
    code: String,
    name: String,
    class: String,
    status: String,
    version: i64,
}

impl OrganisationRow {
    fn into_domain(self, capabilities: BTreeSet<Capability>) -> Result<Organisation, AppError> {
        Ok(Organisation {
            class: Class::parse(&self.class).ok_or_else(|| AppError::unknown_stored(&self.class))?,
            status: OrganisationStatus::parse(&self.status).ok_or_else(|| AppError::unknown_stored(&self.status))?,
            id: self.id,
            code: self.code,
            name: self.name,
            capabilities,
            version: self.version,
        })
    }
}

pub fn insert_organisation(
    connection: &mut DbConnection,
    organisation: &Organisation,
    now: Timestamp,
) -> QueryResult<()> {
    use organisations as o;
    let values = (
        o::id.eq(organisation.id),
        o::code.eq(&organisation.code),
        o::name.eq(&organisation.name),
        o::class.eq(organisation.class.word()),
        o::status.eq(organisation.status.word()),
        o::created_at.eq(now.as_micros()),
    );
    diesel::insert_into(o::table).values(values).execute(connection)?;
    let rows: Vec<_> = organisation
        .capabilities
        .iter()
        .map(|capability| {
            (
                organisation_capabilities::organisation_id.eq(organisation.id),
                organisation_capabilities::capability.eq(capability.word()),
            )
        })
        .collect();
    on_backend!(connection, inner =>
        diesel::insert_into(organisation_capabilities::table).values(&rows).execute(inner))?;
    Ok(())
}

pub fn find_organisation(connection: &mut DbConnection, id: i64) -> Result<Option<Organisation>, AppError> {
    let row = organisations::table.find(id).select(OrganisationRow::as_select()).first(connection).optional()?;
    let Some(row) = row else { return Ok(None) };
    let mut capabilities = capabilities_of(connection, &[id])?;
    row.into_domain(capabilities.remove(&id).unwrap_or_default()).map(Some)
}

pub fn find_organisation_id_by_code(connection: &mut DbConnection, code: &str) -> QueryResult<Option<i64>> {
    organisations::table.filter(organisations::code.eq(code)).select(organisations::id).first(connection).optional()
}

pub fn list_organisations(
    connection: &mut DbConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<Organisation>, AppError> {
    let rows: Vec<OrganisationRow> = organisations::table
        .filter(organisations::id.gt(after))
        .order(organisations::id)
        .limit(limit)
        .select(OrganisationRow::as_select())
        .load(connection)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut capabilities = capabilities_of(connection, &ids)?;
    rows.into_iter()
        .map(|row| {
            let own = capabilities.remove(&row.id).unwrap_or_default();
            row.into_domain(own)
        })
        .collect()
}

/// Most ids in one statement; `SQLite` takes 32,766 variables.
const IDS_AT_ONCE: usize = 10_000;

pub fn list_organisations_by_ids(connection: &mut DbConnection, ids: &[i64]) -> Result<Vec<Organisation>, AppError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<OrganisationRow> = organisations::table
            .filter(organisations::id.eq_any(ids))
            .select(OrganisationRow::as_select())
            .load(connection)?;
        let mut capabilities = capabilities_of(connection, ids)?;
        for row in rows {
            let own = capabilities.remove(&row.id).unwrap_or_default();
            found.push(row.into_domain(own)?);
        }
    }
    Ok(found)
}

fn capabilities_of(
    connection: &mut DbConnection,
    ids: &[i64],
) -> Result<BTreeMap<i64, BTreeSet<Capability>>, AppError> {
    use organisation_capabilities as c;
    let rows: Vec<(i64, String)> =
        c::table.filter(c::organisation_id.eq_any(ids)).select((c::organisation_id, c::capability)).load(connection)?;
    let mut sets: BTreeMap<i64, BTreeSet<Capability>> = BTreeMap::new();
    for (id, word) in rows {
        let capability = Capability::parse(&word).ok_or_else(|| AppError::unknown_stored(&word))?;
        sets.entry(id).or_default().insert(capability);
    }
    Ok(sets)
}

/// Changes the status if the version is still the expected one; false otherwise.
pub fn update_status(
    connection: &mut DbConnection,
    id: i64,
    version: i64,
    status: OrganisationStatus,
) -> QueryResult<bool> {
    use organisations as o;
    diesel::update(o::table.filter(o::id.eq(id)).filter(o::version.eq(version)))
        .set((o::status.eq(status.word()), o::version.eq(version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}
