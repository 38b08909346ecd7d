//! Rows of `organisations` and `organisation_capabilities`.

use crate::db::DbConnection;
use crate::db::schema::{market_members, markets, organisation_capabilities, organisations};
use crate::error::AppError;
use crate::on_backend;
use crate::parties::{Capability, Class, Organisation, OrganisationStatus, Standing};
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::within;
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
    registered_by: Option<i64>,
    now: Timestamp,
) -> QueryResult<()> {
    use organisations as o;
    let values = (
        o::id.eq(organisation.id),
        o::code.eq(&organisation.code),
        o::name.eq(&organisation.name),
        o::class.eq(organisation.class.word()),
        o::status.eq(organisation.status.word()),
        o::registered_by.eq(registered_by),
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

/// Organisations that can be found: one's own, those in a market with it and who runs that; all for those who register.
macro_rules! findable {
    ($scope:expr) => {{
        let markets = $scope.markets();
        let fellows = market_members::table
            .filter(market_members::market_id.eq_any(markets.clone()))
            .select(market_members::organisation_id);
        let runners = markets::table.filter(markets::id.eq_any(markets)).select(markets::operator_id);
        diesel::IntoSql::into_sql::<diesel::sql_types::Integer>($scope.finds_organisations())
            .eq(1)
            .or(organisations::id.eq_any($scope.organisations().to_vec()))
            .or(organisations::id.eq_any(fellows))
            .or(organisations::id.eq_any(runners))
    }};
}

/// Organisations that are looked after: one's own, those one registered, members of markets one runs.
macro_rules! looked_after {
    ($scope:expr) => {{
        let scope: &Scope = $scope;
        let fellows = market_members::table
            .filter(market_members::market_id.eq_any(scope.operates().to_vec()))
            .select(market_members::organisation_id);
        within!(scope, own: [organisations::id], markets: []).or(organisations::id.eq_any(fellows)).or(
            diesel::IntoSql::into_sql::<diesel::sql_types::Integer>(scope.registers())
                .eq(1)
                .and(organisations::registered_by.eq_any(scope.organisations().to_vec())),
        )
    }};
}

pub fn find_organisation(
    connection: &mut DbConnection,
    scope: &Scope,
    id: i64,
) -> Result<Option<Organisation>, AppError> {
    let row = organisations::table
        .filter(organisations::id.eq(id))
        .filter(findable!(scope))
        .select(OrganisationRow::as_select())
        .first(connection)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let mut capabilities = capabilities_of(connection, &[id])?;
    row.into_domain(capabilities.remove(&id).unwrap_or_default()).map(Some)
}

/// Which of these organisations are looked after.
pub fn list_looked_after(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> QueryResult<Vec<i64>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let all = organisations::table.filter(organisations::id.eq_any(ids)).filter(looked_after!(scope));
        found.extend(all.select(organisations::id).load::<i64>(connection)?);
    }
    Ok(found)
}

/// The organisation that has a code, which is unique among all.
pub fn find_organisation_id_by_code(
    connection: &mut DbConnection,
    _registering: &Scope,
    code: &str,
) -> QueryResult<Option<i64>> {
    organisations::table.filter(organisations::code.eq(code)).select(organisations::id).first(connection).optional()
}

pub fn list_organisations(
    connection: &mut DbConnection,
    scope: &Scope,
    after: i64,
    limit: i64,
) -> Result<Vec<Organisation>, AppError> {
    let rows: Vec<OrganisationRow> = organisations::table
        .filter(organisations::id.gt(after))
        .filter(findable!(scope))
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

pub fn list_organisations_by_ids(
    connection: &mut DbConnection,
    scope: &Scope,
    ids: &[i64],
) -> Result<Vec<Organisation>, AppError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<OrganisationRow> = organisations::table
            .filter(organisations::id.eq_any(ids))
            .filter(findable!(scope))
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
    scope: &Scope,
    id: i64,
    version: i64,
    status: OrganisationStatus,
) -> QueryResult<bool> {
    use organisations as o;
    if list_looked_after(connection, scope, &[id])?.is_empty() {
        return Ok(false);
    }
    diesel::update(o::table.filter(o::id.eq(id)).filter(o::version.eq(version)))
        .set((o::status.eq(status.word()), o::version.eq(version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Where an organisation stands in markets. Markets come later than parties in the order of domains; their rows are only
/// read here.
pub fn find_standing(connection: &mut DbConnection, _system: &Scope, organisation_id: i64) -> QueryResult<Standing> {
    let operates = markets::table.filter(markets::operator_id.eq(organisation_id)).order(markets::id);
    let belongs = market_members::table
        .filter(market_members::organisation_id.eq(organisation_id))
        .order(market_members::market_id);
    Ok(Standing {
        operates: operates.select(markets::id).load(connection)?,
        belongs: belongs.select(market_members::market_id).load(connection)?,
    })
}

/// The organisation that registered one that is looked after, if one did.
pub fn find_registrar(connection: &mut DbConnection, scope: &Scope, id: i64) -> QueryResult<Option<i64>> {
    let one = organisations::table.filter(organisations::id.eq(id)).filter(looked_after!(scope));
    let found: Option<Option<i64>> = one.select(organisations::registered_by).first(connection).optional()?;
    Ok(found.flatten())
}
