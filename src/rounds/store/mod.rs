//! Rows of `rounds`, `round_commodities`, `round_snapshots` and `solve_runs`; results have their own file.

mod results;
mod runs;

pub(super) use results::{ResultFilter, insert_awards, insert_shortages, list_awards, list_shortages};
pub(super) use runs::{
    Claim, NewRun, claim_run, find_plan, find_running, find_snapshot, find_snapshot_by, finish_run, insert_run,
    insert_snapshot, last_attempt, list_interrupted, update_lease,
};

use super::state::Status;
use super::types::{NewRound, Round};
use crate::db::DbConnection;
use crate::db::schema::{round_commodities, rounds};
use crate::error::AppError;
use crate::on_backend;
use crate::scope::Scope;
use crate::values::{Day, Timestamp};
use crate::within;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = rounds)]
struct RoundRow {
    id: i64,
    market_id: i64,
    number: String,
    name: String,
    status: String,
    delivery_from: String,
    delivery_to: String,
    closes_at: i64,
    snapshot_sha256: String,
    failure: String,
    proposed_by: Option<i64>,
    approved_by: Option<i64>,
    created_by: i64,
    created_at: i64,
    version: i64,
}

impl RoundRow {
    fn into_domain(self) -> Result<Round, AppError> {
        Ok(Round {
            status: Status::parse(&self.status).ok_or_else(|| AppError::unknown_stored(&self.status))?,
            delivery_from: Day::parse(&self.delivery_from).map_err(AppError::unknown_stored)?,
            delivery_to: Day::parse(&self.delivery_to).map_err(AppError::unknown_stored)?,
            closes_at: Timestamp::from_micros(self.closes_at),
            created_at: Timestamp::from_micros(self.created_at),
            id: self.id,
            market_id: self.market_id,
            number: self.number,
            name: self.name,
            snapshot_sha256: self.snapshot_sha256,
            failure: self.failure,
            proposed_by: self.proposed_by,
            approved_by: self.approved_by,
            created_by: self.created_by,
            version: self.version,
        })
    }
}

pub(super) struct RoundIdentity {
    pub id: i64,
    pub market_id: i64,
    pub number: String,
    pub serial: i64,
    pub created_by: i64,
}

pub(super) fn insert(
    connection: &mut DbConnection,
    identity: &RoundIdentity,
    new: &NewRound,
    commodity_ids: &[i64],
    now: Timestamp,
) -> QueryResult<()> {
    use rounds as r;
    let values = (
        (
            r::id.eq(identity.id),
            r::market_id.eq(identity.market_id),
            r::number.eq(&identity.number),
            r::serial.eq(identity.serial),
            r::name.eq(&new.name),
            r::status.eq(Status::Collecting.word()),
        ),
        (
            r::delivery_from.eq(new.delivery_from.to_string()),
            r::delivery_to.eq(new.delivery_to.to_string()),
            r::closes_at.eq(new.closes_at.as_micros()),
            r::created_by.eq(identity.created_by),
            r::created_at.eq(now.as_micros()),
        ),
    );
    diesel::insert_into(r::table).values(values).execute(connection)?;
    let commodities: Vec<_> = commodity_ids
        .iter()
        .map(|commodity_id| {
            (
                round_commodities::market_id.eq(identity.market_id),
                round_commodities::round_id.eq(identity.id),
                round_commodities::commodity_id.eq(*commodity_id),
            )
        })
        .collect();
    if !commodities.is_empty() {
        on_backend!(connection, inner =>
            diesel::insert_into(round_commodities::table).values(&commodities).execute(inner))?;
    }
    Ok(())
}

pub(super) fn find(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Round>, AppError> {
    let row: Option<RoundRow> = rounds::table
        .filter(rounds::id.eq(id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.markets()]))
        .select(RoundRow::as_select())
        .first(connection)
        .optional()?;
    row.map(RoundRow::into_domain).transpose()
}

/// Rounds of a market after an id, by id.
pub(super) fn list(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Round>, AppError> {
    let rows: Vec<RoundRow> = rounds::table
        .filter(rounds::market_id.eq(market_id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.markets()]))
        .filter(rounds::id.gt(after))
        .order(rounds::id)
        .limit(limit)
        .select(RoundRow::as_select())
        .load(connection)?;
    rows.into_iter().map(RoundRow::into_domain).collect()
}

/// Whether the market has such a round already, not counting those given up.
pub(super) fn has_same(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    new: &NewRound,
) -> QueryResult<bool> {
    let found: Option<i64> = rounds::table
        .filter(rounds::market_id.eq(market_id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.markets()]))
        .filter(rounds::name.eq(&new.name))
        .filter(rounds::delivery_from.eq(new.delivery_from.to_string()))
        .filter(rounds::delivery_to.eq(new.delivery_to.to_string()))
        .filter(rounds::status.ne(Status::Cancelled.word()))
        .select(rounds::id)
        .first(connection)
        .optional()?;
    Ok(found.is_some())
}

/// Commodities that a round covers; empty means all.
pub(super) fn list_commodity_ids(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> QueryResult<Vec<i64>> {
    round_commodities::table
        .filter(round_commodities::round_id.eq(round_id))
        .filter(within!(scope, own: [], markets: [round_commodities::market_id => scope.markets()]))
        .order(round_commodities::commodity_id)
        .select(round_commodities::commodity_id)
        .load(connection)
}

/// What a step changes besides the status; `None` leaves a column as it is.
#[expect(clippy::option_option, reason = "diesel tells an untouched column from one that becomes NULL")]
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = rounds)]
pub(super) struct Changes<'a> {
    pub failure: Option<&'a str>,
    pub proposed_by: Option<Option<i64>>,
    pub approved_by: Option<Option<i64>>,
}

/// Moves a round on if it is still as it was read; false otherwise.
pub(super) fn update(
    connection: &mut DbConnection,
    scope: &Scope,
    round: &Round,
    status: Status,
    changes: &Changes<'_>,
) -> QueryResult<bool> {
    let row = rounds::table
        .filter(rounds::id.eq(round.id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.operates()]))
        .filter(rounds::status.eq(round.status.word()))
        .filter(rounds::version.eq(round.version));
    diesel::update(row)
        .set((rounds::status.eq(status.word()), rounds::version.eq(round.version + 1), changes))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Names the frozen snapshot of a round that this transaction has just closed.
pub(super) fn set_snapshot(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    sha256: &str,
) -> QueryResult<()> {
    let round = rounds::table
        .filter(rounds::id.eq(round_id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.operates()]));
    diesel::update(round).set(rounds::snapshot_sha256.eq(sha256)).execute(connection).map(|_| ())
}

/// How many calls of a round are sealed.
pub(super) fn find_sealed(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> QueryResult<Option<i64>> {
    rounds::table
        .filter(rounds::id.eq(round_id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.markets()]))
        .select(rounds::sealed_calls)
        .first(connection)
        .optional()
}

/// Counts sealed calls of a round up or down, never below none; false if that cannot be.
pub(super) fn update_sealed(connection: &mut DbConnection, scope: &Scope, round_id: i64, by: i64) -> QueryResult<bool> {
    let row = rounds::table
        .filter(rounds::id.eq(round_id))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.operates()]))
        .filter(rounds::sealed_calls.ge(-by));
    diesel::update(row)
        .set(rounds::sealed_calls.eq(rounds::sealed_calls + by))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Rounds that still collect though their time has come, by id.
pub(super) fn list_due(connection: &mut DbConnection, scope: &Scope, now: Timestamp) -> QueryResult<Vec<i64>> {
    rounds::table
        .filter(rounds::status.eq(Status::Collecting.word()))
        .filter(rounds::closes_at.le(now.as_micros()))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.operates()]))
        .order(rounds::id)
        .select(rounds::id)
        .load(connection)
}
