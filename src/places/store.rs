//! Rows of `places` and `regions`.

use super::types::{Place, Region, RegionKind};
use crate::db::DbConnection;
use crate::db::schema::{market_members, organisations, places, regions};
use crate::error::AppError;
use crate::on_backend;
use crate::scope::Scope;
use crate::values::{Coordinates, RiceZone, Timestamp};
use crate::within;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Rows in one insert.
const ROWS_AT_ONCE: usize = 1_000;
/// Most ids in one statement; `SQLite` takes 32,766 variables.
const IDS_AT_ONCE: usize = 10_000;
/// Most regions in one list. No region has so many direct children; the bound is there so that a list has one.
const MOST_REGIONS: i64 = 1_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = places)]
struct PlaceRow {
    id: i64,
    organisation_id: i64,
    region_code: Option<String>,
    name: String,
    latitude_e6: i64,
    longitude_e6: i64,
    version: i64,
}

impl TryFrom<PlaceRow> for Place {
    type Error = AppError;

    fn try_from(row: PlaceRow) -> Result<Self, AppError> {
        Ok(Self {
            coordinates: Coordinates::new(row.latitude_e6, row.longitude_e6).map_err(AppError::unknown_stored)?,
            id: row.id,
            organisation_id: row.organisation_id,
            region_code: row.region_code,
            name: row.name,
            version: row.version,
        })
    }
}

/// Places that can be seen: one's own, and those of organisations that one looks after (see `parties`).
macro_rules! visible {
    ($scope:expr) => {{
        let scope: &Scope = $scope;
        let fellows = market_members::table
            .filter(market_members::market_id.eq_any(scope.operates().to_vec()))
            .select(market_members::organisation_id);
        let registered = organisations::table
            .filter(organisations::registered_by.eq_any(scope.organisations().to_vec()))
            .filter(diesel::IntoSql::into_sql::<diesel::sql_types::Integer>(scope.registers()).eq(1))
            .select(organisations::id);
        within!(scope, own: [places::organisation_id], markets: [])
            .or(places::organisation_id.eq_any(fellows))
            .or(places::organisation_id.eq_any(registered))
    }};
}

pub(super) fn insert_places(connection: &mut DbConnection, new: &[Place], now: Timestamp) -> QueryResult<()> {
    for chunk in new.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|place| {
                (
                    places::id.eq(place.id),
                    places::organisation_id.eq(place.organisation_id),
                    places::region_code.eq(place.region_code.as_deref()),
                    places::name.eq(&place.name),
                    places::latitude_e6.eq(place.coordinates.latitude_e6()),
                    places::longitude_e6.eq(place.coordinates.longitude_e6()),
                    places::created_at.eq(now.as_micros()),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(places::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

pub(super) fn find_place(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Place>, AppError> {
    let row: Option<PlaceRow> = places::table
        .filter(places::id.eq(id))
        .filter(visible!(scope))
        .select(PlaceRow::as_select())
        .first(connection)
        .optional()?;
    row.map(Place::try_from).transpose()
}

pub(super) fn find_place_by_name(
    connection: &mut DbConnection,
    scope: &Scope,
    organisation_id: i64,
    name: &str,
) -> Result<Option<Place>, AppError> {
    let row: Option<PlaceRow> = places::table
        .filter(places::organisation_id.eq(organisation_id))
        .filter(places::name.eq(name))
        .filter(visible!(scope))
        .select(PlaceRow::as_select())
        .first(connection)
        .optional()?;
    row.map(Place::try_from).transpose()
}

pub(super) fn list_places_of_organisation(
    connection: &mut DbConnection,
    scope: &Scope,
    organisation_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Place>, AppError> {
    let rows: Vec<PlaceRow> = places::table
        .filter(places::organisation_id.eq(organisation_id))
        .filter(visible!(scope))
        .filter(places::id.gt(after))
        .order(places::id)
        .limit(limit)
        .select(PlaceRow::as_select())
        .load(connection)?;
    rows.into_iter().map(Place::try_from).collect()
}

pub(super) fn list_places_of_organisations(
    connection: &mut DbConnection,
    scope: &Scope,
    organisation_ids: &[i64],
) -> Result<Vec<Place>, AppError> {
    let mut found = Vec::new();
    for ids in organisation_ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<PlaceRow> = places::table
            .filter(places::organisation_id.eq_any(ids))
            .filter(visible!(scope))
            .order(places::id)
            .select(PlaceRow::as_select())
            .load(connection)?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

pub(super) fn list_places_by_ids(
    connection: &mut DbConnection,
    scope: &Scope,
    ids: &[i64],
) -> Result<Vec<Place>, AppError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<PlaceRow> = places::table
            .filter(places::id.eq_any(ids))
            .filter(visible!(scope))
            .select(PlaceRow::as_select())
            .load(connection)?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = regions)]
struct RegionRow {
    code: String,
    name: String,
    kind: String,
    latitude_e6: Option<i64>,
    longitude_e6: Option<i64>,
    rice_zone: Option<i32>,
}

impl TryFrom<RegionRow> for Region {
    type Error = AppError;

    fn try_from(row: RegionRow) -> Result<Self, AppError> {
        let kind = RegionKind::parse(&row.kind).ok_or_else(|| AppError::unknown_stored(&row.kind))?;
        let point = row.latitude_e6.zip(row.longitude_e6);
        let point = point.map(|(latitude, longitude)| Coordinates::new(latitude, longitude));
        let point = point.transpose().map_err(AppError::unknown_stored)?;
        let zone = row.rice_zone.map(RiceZone::new);
        let zone = zone.transpose().map_err(AppError::unknown_stored)?;
        Region::new(&row.code, &row.name, kind, point, zone).map_err(|_| AppError::unknown_stored(&row.code))
    }
}

pub(super) fn insert_regions(connection: &mut DbConnection, new: &[&Region]) -> QueryResult<()> {
    for chunk in new.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|region| {
                (
                    regions::code.eq(region.code()),
                    regions::name.eq(region.name()),
                    regions::kind.eq(region.kind().word()),
                    regions::parent_code.eq(region.parent_code()),
                    regions::latitude_e6.eq(region.coordinates().map(Coordinates::latitude_e6)),
                    regions::longitude_e6.eq(region.coordinates().map(Coordinates::longitude_e6)),
                    regions::rice_zone.eq(region.rice_zone().map(RiceZone::get)),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(regions::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

pub(super) fn find_region(connection: &mut DbConnection, code: &str) -> Result<Option<Region>, AppError> {
    let row: Option<RegionRow> =
        regions::table.find(code).select(RegionRow::as_select()).first(connection).optional()?;
    row.map(Region::try_from).transpose()
}

pub(super) fn list_regions(connection: &mut DbConnection, parent: Option<&str>) -> Result<Vec<Region>, AppError> {
    let query = regions::table.order(regions::code).limit(MOST_REGIONS).select(RegionRow::as_select());
    let rows: Vec<RegionRow> = match parent {
        Some(parent) => query.filter(regions::parent_code.eq(parent)).load(connection)?,
        None => query.filter(regions::parent_code.is_null()).load(connection)?,
    };
    rows.into_iter().map(Region::try_from).collect()
}

pub(super) fn list_region_codes(connection: &mut DbConnection) -> QueryResult<BTreeSet<String>> {
    let codes: Vec<String> = regions::table.select(regions::code).load(connection)?;
    Ok(codes.into_iter().collect())
}
