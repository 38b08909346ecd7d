//! Rows of `demands`, and what a demand must know of its round.

pub(super) mod budgets;

use super::state::DemandStatus;
use super::types::Demand;
use crate::db::DbConnection;
use crate::db::schema::{demands, round_commodities, rounds};
use crate::error::AppError;
use crate::on_backend;
use crate::scope::Scope;
use crate::values::{CertificateSet, Day, DayRange, Quantity, Timestamp, UnitPrice};
use crate::within;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Rows in one insert: 18 columns each, below SQLite's 32,766 bound values.
const ROWS_AT_ONCE: usize = 1_000;
/// Most ids in one statement.
const IDS_AT_ONCE: usize = 10_000;
/// Beyond so many buyers all keys of the round are read instead of theirs: one statement instead of many.
const BUYERS_BY_NAME: usize = 500;
const COLLECTING: &str = "collecting";

/// Demands that can be seen: one's own, and those of markets one runs.
macro_rules! visible {
    ($scope:expr) => {
        within!($scope, own: [demands::buyer_id], markets: [demands::market_id => $scope.operates()])
    };
}

/// What a demand must know of its round. Rounds come later than demands in the order of domains and use them, so their
/// few facts are read here, and only read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoundFacts {
    pub id: i64,
    pub market_id: i64,
    pub is_collecting: bool,
    pub days: DayRange,
    pub closes_at: Timestamp,
    /// What the round covers; `None` for everything.
    pub commodities: Option<BTreeSet<i64>>,
}

/// A round, held so that it cannot close before this transaction ends. On SQLite the transaction has the only write
/// lock anyway; on PostgreSQL a shared lock on the row makes the closing wait, so that no demand slips in after the
/// snapshot was taken.
pub(super) fn hold_round(
    connection: &mut DbConnection,
    scope: &Scope,
    id: i64,
) -> Result<Option<RoundFacts>, AppError> {
    if let DbConnection::Postgres(inner) = connection {
        rounds::table.find(id).select(rounds::id).for_share().first::<i64>(inner).optional()?;
    }
    find_round(connection, scope, id)
}

pub(super) fn find_round(
    connection: &mut DbConnection,
    scope: &Scope,
    id: i64,
) -> Result<Option<RoundFacts>, AppError> {
    let row: Option<(i64, String, String, String, i64)> = rounds::table
        .filter(rounds::id.eq(id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.markets()]))
        .select((rounds::market_id, rounds::status, rounds::delivery_from, rounds::delivery_to, rounds::closes_at))
        .first(connection)
        .optional()?;
    let Some((market_id, status, first, last, closes_at)) = row else {
        return Ok(None);
    };
    let commodities: Vec<i64> = round_commodities::table
        .filter(round_commodities::round_id.eq(id))
        .select(round_commodities::commodity_id)
        .load(connection)?;
    Ok(Some(RoundFacts {
        id,
        market_id,
        is_collecting: status == COLLECTING,
        days: days(&first, &last)?,
        closes_at: Timestamp::from_micros(closes_at),
        commodities: Some(commodities.into_iter().collect()).filter(|set: &BTreeSet<i64>| !set.is_empty()),
    }))
}

fn days(first: &str, last: &str) -> Result<DayRange, AppError> {
    let first = Day::parse(first).map_err(AppError::unknown_stored)?;
    let last = Day::parse(last).map_err(AppError::unknown_stored)?;
    DayRange::new(first, last).map_err(AppError::unknown_stored)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = demands)]
struct DemandRow {
    id: i64,
    market_id: i64,
    round_id: i64,
    buyer_id: i64,
    place_id: i64,
    commodity_id: i64,
    quantity: i64,
    accept_up_to: i64,
    entered_unit: String,
    day_from: String,
    day_to: String,
    requirements: String,
    priority: i32,
    price_ceiling_e4: Option<i64>,
    status: String,
    created_by: i64,
    version: i64,
}

impl TryFrom<DemandRow> for Demand {
    type Error = AppError;

    fn try_from(row: DemandRow) -> Result<Self, AppError> {
        let price_ceiling = row.price_ceiling_e4.map(UnitPrice::from_e4).transpose();
        Ok(Self {
            quantity: Quantity::new(row.quantity).map_err(AppError::unknown_stored)?,
            accept_up_to: Quantity::new(row.accept_up_to).map_err(AppError::unknown_stored)?,
            days: days(&row.day_from, &row.day_to)?,
            requirements: CertificateSet::parse(&row.requirements)
                .ok_or_else(|| AppError::unknown_stored(&row.requirements))?,
            price_ceiling: price_ceiling.map_err(AppError::unknown_stored)?,
            status: DemandStatus::parse(&row.status).ok_or_else(|| AppError::unknown_stored(&row.status))?,
            id: row.id,
            market_id: row.market_id,
            round_id: row.round_id,
            buyer_id: row.buyer_id,
            place_id: row.place_id,
            commodity_id: row.commodity_id,
            entered_unit: row.entered_unit,
            priority: row.priority,
            created_by: row.created_by,
            version: row.version,
        })
    }
}

fn into_domain(rows: Vec<DemandRow>) -> Result<Vec<Demand>, AppError> {
    rows.into_iter().map(Demand::try_from).collect()
}

#[derive(Insertable)]
#[diesel(table_name = demands, treat_none_as_default_value = false)]
struct NewDemandRow<'a> {
    id: i64,
    market_id: i64,
    round_id: i64,
    buyer_id: i64,
    place_id: i64,
    commodity_id: i64,
    quantity: i64,
    accept_up_to: i64,
    entered_unit: &'a str,
    day_from: String,
    day_to: String,
    requirements: String,
    priority: i32,
    price_ceiling_e4: Option<i64>,
    status: &'a str,
    created_by: i64,
    created_at: i64,
    version: i64,
}

impl<'a> NewDemandRow<'a> {
    fn new(demand: &'a Demand, now: Timestamp) -> Self {
        Self {
            id: demand.id,
            market_id: demand.market_id,
            round_id: demand.round_id,
            buyer_id: demand.buyer_id,
            place_id: demand.place_id,
            commodity_id: demand.commodity_id,
            quantity: demand.quantity.get(),
            accept_up_to: demand.accept_up_to.get(),
            entered_unit: &demand.entered_unit,
            day_from: demand.days.first().to_string(),
            day_to: demand.days.last().to_string(),
            requirements: demand.requirements.to_string(),
            priority: demand.priority,
            price_ceiling_e4: demand.price_ceiling.map(UnitPrice::e4),
            status: demand.status.word(),
            created_by: demand.created_by,
            created_at: now.as_micros(),
            version: demand.version,
        }
    }
}

pub(super) fn insert_demands(connection: &mut DbConnection, new: &[&Demand], now: Timestamp) -> QueryResult<()> {
    for chunk in new.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk.iter().map(|demand| NewDemandRow::new(demand, now)).collect();
        on_backend!(connection, inner => diesel::insert_into(demands::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// What makes two demands of one round the same need: buyer, place, commodity, days.
pub(super) type NaturalKey = (i64, i64, i64, DayRange);

pub(super) fn natural_key(demand: &Demand) -> NaturalKey {
    (demand.buyer_id, demand.place_id, demand.commodity_id, demand.days)
}

/// A demand that exists under a natural key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Existing {
    pub id: i64,
    pub status: DemandStatus,
    pub version: i64,
}

/// The demands of these buyers in a round, by natural key.
pub(super) fn list_existing(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    buyer_ids: &BTreeSet<i64>,
) -> Result<HashMap<NaturalKey, Existing>, AppError> {
    type Row = ((i64, i64, i64, String, String), (i64, String, i64));
    let query = demands::table.filter(demands::round_id.eq(round_id)).filter(visible!(scope)).select((
        (demands::buyer_id, demands::place_id, demands::commodity_id, demands::day_from, demands::day_to),
        (demands::id, demands::status, demands::version),
    ));
    let rows: Vec<Row> = if buyer_ids.len() > BUYERS_BY_NAME {
        query.load(connection)?
    } else {
        query.filter(demands::buyer_id.eq_any(buyer_ids)).load(connection)?
    };
    rows.into_iter()
        .map(|((buyer, place, commodity, first, last), (id, status, version))| {
            let status = DemandStatus::parse(&status).ok_or_else(|| AppError::unknown_stored(&status))?;
            let key = (buyer, place, commodity, days(&first, &last)?);
            Ok((key, Existing { id, status, version }))
        })
        .collect()
}

/// Gives a withdrawn demand the terms of `demand`, which has the same id, one version later.
pub(super) fn revive(connection: &mut DbConnection, scope: &Scope, demand: &Demand) -> QueryResult<bool> {
    use demands as d;
    let withdrawn = d::table
        .filter(d::id.eq(demand.id))
        .filter(visible!(scope))
        .filter(d::status.eq(DemandStatus::Withdrawn.word()))
        .filter(d::version.eq(demand.version - 1));
    diesel::update(withdrawn)
        .set((
            d::quantity.eq(demand.quantity.get()),
            d::accept_up_to.eq(demand.accept_up_to.get()),
            d::entered_unit.eq(&demand.entered_unit),
            d::requirements.eq(demand.requirements.to_string()),
            d::priority.eq(demand.priority),
            d::price_ceiling_e4.eq(demand.price_ceiling.map(UnitPrice::e4)),
            d::status.eq(demand.status.word()),
            d::created_by.eq(demand.created_by),
            d::version.eq(demand.version),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Writes quantity and status of `demand` over its version before, if that was open; false otherwise.
pub(super) fn update_open(connection: &mut DbConnection, scope: &Scope, demand: &Demand) -> QueryResult<bool> {
    use demands as d;
    let open = d::table
        .filter(d::id.eq(demand.id))
        .filter(visible!(scope))
        .filter(d::status.eq(DemandStatus::Open.word()))
        .filter(d::version.eq(demand.version - 1));
    diesel::update(open)
        .set((
            d::quantity.eq(demand.quantity.get()),
            d::accept_up_to.eq(demand.accept_up_to.get()),
            d::entered_unit.eq(&demand.entered_unit),
            d::status.eq(demand.status.word()),
            d::version.eq(demand.version),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}

pub(super) fn find_demand(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Demand>, AppError> {
    let row: Option<DemandRow> = demands::table
        .filter(demands::id.eq(id))
        .filter(visible!(scope))
        .select(DemandRow::as_select())
        .first(connection)
        .optional()?;
    row.map(Demand::try_from).transpose()
}

pub(super) fn list_by_ids(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<Vec<Demand>, AppError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<DemandRow> = demands::table
            .filter(demands::id.eq_any(ids))
            .filter(visible!(scope))
            .select(DemandRow::as_select())
            .load(connection)?;
        found.extend(into_domain(rows)?);
    }
    Ok(found)
}

pub(super) fn list_open_of_round(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
) -> Result<Vec<Demand>, AppError> {
    let rows = demands::table
        .filter(demands::round_id.eq(round_id))
        .filter(visible!(scope))
        .filter(demands::status.eq(DemandStatus::Open.word()))
        .order(demands::id)
        .select(DemandRow::as_select())
        .load(connection)?;
    into_domain(rows)
}

/// Demands of a round that can be seen, after an id, by id.
pub(super) fn list_of_round(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Demand>, AppError> {
    let rows = demands::table
        .filter(demands::round_id.eq(round_id))
        .filter(visible!(scope))
        .filter(demands::id.gt(after))
        .order(demands::id)
        .limit(limit)
        .select(DemandRow::as_select())
        .load(connection)?;
    into_domain(rows)
}

/// Demands of the organisation acted for, after an id, by id.
pub(super) fn list_own(
    connection: &mut DbConnection,
    scope: &Scope,
    after: i64,
    limit: i64,
) -> Result<Vec<Demand>, AppError> {
    let rows = demands::table
        .filter(demands::buyer_id.eq_any(scope.organisations()))
        .filter(demands::id.gt(after))
        .order(demands::id)
        .limit(limit)
        .select(DemandRow::as_select())
        .load(connection)?;
    into_domain(rows)
}

pub(super) fn takes_part(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    (organisations, members): (&[i64], &[i64]),
) -> QueryResult<bool> {
    let of_them = demands::buyer_id.eq_any(organisations).or(demands::created_by.eq_any(members));
    let found: Option<i64> = demands::table
        .filter(demands::round_id.eq(round_id))
        .filter(of_them)
        .filter(within!(scope, own: [demands::buyer_id], markets: [demands::market_id => scope.operates()]))
        .select(demands::id)
        .first(connection)
        .optional()?;
    Ok(found.is_some())
}
