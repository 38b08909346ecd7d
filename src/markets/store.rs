//! Rows of `markets` and `market_members`.

use super::types::{DeliveryWeekdays, FreightSettings, Market, MarketKind, MarketStatus, Membership, TimeZone};
use crate::db::DbConnection;
use crate::db::schema::{market_members, markets, organisations};
use crate::error::AppError;
use crate::on_backend;
use crate::scope::Scope;
use crate::values::{RiceZone, Timestamp};
use crate::within;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Rows in one insert.
const ROWS_AT_ONCE: usize = 1_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = markets)]
struct MarketRow {
    id: i64,
    code: String,
    kind: String,
    name: String,
    region_code: Option<String>,
    operator_id: i64,
    time_zone: String,
    rice_zone: i32,
    circuity_permille: i64,
    delivery_weekdays: String,
    freight_per_g_km_ticks: i64,
    freight_cold_per_g_km_ticks: i64,
    freight_base_per_g_ticks: i64,
    shortage_permille: i64,
    status: String,
    version: i64,
}

impl TryFrom<MarketRow> for Market {
    type Error = AppError;

    fn try_from(row: MarketRow) -> Result<Self, AppError> {
        Ok(Self {
            time_zone: TimeZone::parse(&row.time_zone).ok_or_else(|| AppError::unknown_stored(&row.time_zone))?,
            rice_zone: RiceZone::new(row.rice_zone).map_err(AppError::unknown_stored)?,
            delivery_weekdays: DeliveryWeekdays::parse(&row.delivery_weekdays)
                .map_err(|_| AppError::unknown_stored(&row.delivery_weekdays))?,
            kind: MarketKind::parse(&row.kind).ok_or_else(|| AppError::unknown_stored(&row.kind))?,
            status: MarketStatus::parse(&row.status).ok_or_else(|| AppError::unknown_stored(&row.status))?,
            freight: FreightSettings {
                per_g_km_ticks: row.freight_per_g_km_ticks,
                cold_per_g_km_ticks: row.freight_cold_per_g_km_ticks,
                base_per_g_ticks: row.freight_base_per_g_ticks,
            },
            id: row.id,
            code: row.code,
            name: row.name,
            region_code: row.region_code,
            operator_id: row.operator_id,
            circuity_permille: row.circuity_permille,
            shortage_permille: row.shortage_permille,
            version: row.version,
        })
    }
}

/// Stores a market unless another has its code; false then. Codes are unique among all markets, seen or not.
pub(super) fn insert_market(connection: &mut DbConnection, market: &Market, now: Timestamp) -> QueryResult<bool> {
    use markets as m;
    let values = (
        (
            m::id.eq(market.id),
            m::code.eq(&market.code),
            m::name.eq(&market.name),
            m::region_code.eq(market.region_code.as_deref()),
            m::operator_id.eq(market.operator_id),
            m::time_zone.eq(market.time_zone.word()),
            m::rice_zone.eq(market.rice_zone.get()),
            m::circuity_permille.eq(market.circuity_permille),
        ),
        (
            m::delivery_weekdays.eq(market.delivery_weekdays.to_string()),
            m::freight_per_g_km_ticks.eq(market.freight.per_g_km_ticks),
            m::freight_cold_per_g_km_ticks.eq(market.freight.cold_per_g_km_ticks),
            m::freight_base_per_g_ticks.eq(market.freight.base_per_g_ticks),
            m::shortage_permille.eq(market.shortage_permille),
            m::status.eq(market.status.word()),
            m::created_at.eq(now.as_micros()),
            m::kind.eq(market.kind.word()),
        ),
    );
    let inserted = on_backend!(connection, inner =>
        diesel::insert_into(m::table).values(values).on_conflict_do_nothing().execute(inner))?;
    Ok(inserted == 1)
}

/// Writes the settings if the version is still the one the market was read with; false otherwise.
pub(super) fn update_settings(connection: &mut DbConnection, scope: &Scope, market: &Market) -> QueryResult<bool> {
    use markets as m;
    let mine = m::table
        .filter(m::id.eq(market.id))
        .filter(m::version.eq(market.version))
        .filter(within!(scope, own: [], markets: [m::id => scope.operates()]));
    diesel::update(mine)
        .set((
            m::name.eq(&market.name),
            m::circuity_permille.eq(market.circuity_permille),
            m::delivery_weekdays.eq(market.delivery_weekdays.to_string()),
            m::freight_per_g_km_ticks.eq(market.freight.per_g_km_ticks),
            m::freight_cold_per_g_km_ticks.eq(market.freight.cold_per_g_km_ticks),
            m::freight_base_per_g_ticks.eq(market.freight.base_per_g_ticks),
            m::shortage_permille.eq(market.shortage_permille),
            m::status.eq(market.status.word()),
            m::version.eq(market.version + 1),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}

pub(super) fn find_market(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Market>, AppError> {
    let row: Option<MarketRow> = markets::table
        .filter(markets::id.eq(id))
        .filter(within!(scope, own: [], markets: [markets::id => scope.markets()]))
        .select(MarketRow::as_select())
        .first(connection)
        .optional()?;
    row.map(Market::try_from).transpose()
}

/// The market that has a code, which is unique among all.
pub(super) fn find_market_by_code(
    connection: &mut DbConnection,
    scope: &Scope,
    code: &str,
) -> Result<Option<Market>, AppError> {
    let row: Option<MarketRow> = markets::table
        .filter(markets::code.eq(code))
        .filter(within!(scope, own: [], markets: [markets::id => scope.markets()]))
        .select(MarketRow::as_select())
        .first(connection)
        .optional()?;
    row.map(Market::try_from).transpose()
}

/// Markets for training, the newest first.
pub(super) fn list_training(connection: &mut DbConnection, scope: &Scope, limit: i64) -> Result<Vec<Market>, AppError> {
    let rows: Vec<MarketRow> = markets::table
        .filter(markets::kind.eq(MarketKind::Training.word()))
        .filter(within!(scope, own: [], markets: [markets::id => scope.markets()]))
        .order(markets::id.desc())
        .limit(limit)
        .select(MarketRow::as_select())
        .load(connection)?;
    rows.into_iter().map(Market::try_from).collect()
}

/// Markets that are run, observed or belonged to.
pub(super) fn list_markets(
    connection: &mut DbConnection,
    scope: &Scope,
    after: i64,
    limit: i64,
) -> Result<Vec<Market>, AppError> {
    let rows: Vec<MarketRow> = markets::table
        .filter(markets::id.gt(after))
        .filter(within!(scope, own: [], markets: [markets::id => scope.markets()]))
        .order(markets::id)
        .limit(limit)
        .select(MarketRow::as_select())
        .load(connection)?;
    rows.into_iter().map(Market::try_from).collect()
}

pub(super) fn insert_members(
    connection: &mut DbConnection,
    market_id: i64,
    organisation_ids: &[i64],
    now: Timestamp,
) -> QueryResult<()> {
    use market_members as m;
    for chunk in organisation_ids.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|id| (m::market_id.eq(market_id), m::organisation_id.eq(*id), m::joined_at.eq(now.as_micros())))
            .collect();
        on_backend!(connection, inner => diesel::insert_into(m::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

pub(super) fn has_member(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    organisation_id: i64,
) -> QueryResult<bool> {
    use market_members as m;
    let found: Option<i64> = m::table
        .filter(m::market_id.eq(market_id))
        .filter(m::organisation_id.eq(organisation_id))
        .filter(within!(scope, own: [], markets: [m::market_id => scope.markets()]))
        .select(m::organisation_id)
        .first(connection)
        .optional()?;
    Ok(found.is_some())
}

pub(super) fn list_member_ids(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
) -> QueryResult<BTreeSet<i64>> {
    use market_members as m;
    let ids: Vec<i64> = m::table
        .filter(m::market_id.eq(market_id))
        .filter(within!(scope, own: [], markets: [m::market_id => scope.markets()]))
        .select(m::organisation_id)
        .load(connection)?;
    Ok(ids.into_iter().collect())
}

pub(super) fn list_members(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<Membership>> {
    use market_members as m;
    let rows: Vec<(i64, String, String)> = m::table
        .inner_join(organisations::table)
        .filter(m::market_id.eq(market_id))
        .filter(within!(scope, own: [], markets: [m::market_id => scope.markets()]))
        .filter(m::organisation_id.gt(after))
        .order(m::organisation_id)
        .limit(limit)
        .select((m::organisation_id, organisations::code, organisations::name))
        .load(connection)?;
    let member = |(organisation_id, code, name)| Membership { organisation_id, code, name };
    Ok(rows.into_iter().map(member).collect())
}
