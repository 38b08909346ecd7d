//! Rows of `scenarios`.

use super::types::{Scenario, ScenarioStatus};
use crate::db::DbConnection;
use crate::db::schema::scenarios;
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::within;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = scenarios)]
struct ScenarioRow {
    id: i64,
    market_id: i64,
    round_id: i64,
    name: String,
    rules: String,
    status: String,
    failure: String,
    base_sha256: String,
    snapshot_sha256: String,
    plan_sha256: String,
    solve_ms: i64,
    reason: String,
    created_by: i64,
    created_at: i64,
    version: i64,
}

impl ScenarioRow {
    fn into_domain(self) -> Result<Scenario, AppError> {
        Ok(Scenario {
            rules: serde_json::from_str(&self.rules).map_err(AppError::unknown_stored)?,
            status: ScenarioStatus::parse(&self.status).ok_or_else(|| AppError::unknown_stored(&self.status))?,
            created_at: Timestamp::from_micros(self.created_at),
            id: self.id,
            market_id: self.market_id,
            round_id: self.round_id,
            name: self.name,
            failure: self.failure,
            base_sha256: self.base_sha256,
            snapshot_sha256: self.snapshot_sha256,
            plan_sha256: self.plan_sha256,
            solve_ms: self.solve_ms,
            reason: self.reason,
            created_by: self.created_by,
            version: self.version,
        })
    }
}

pub(super) fn insert(connection: &mut DbConnection, scenario: &Scenario, rules: &str) -> QueryResult<()> {
    use scenarios as s;
    let values = (
        s::id.eq(scenario.id),
        s::market_id.eq(scenario.market_id),
        s::round_id.eq(scenario.round_id),
        s::name.eq(&scenario.name),
        s::rules.eq(rules),
        s::status.eq(scenario.status.word()),
        s::base_sha256.eq(&scenario.base_sha256),
        s::snapshot_sha256.eq(""),
        s::created_by.eq(scenario.created_by),
        s::created_at.eq(scenario.created_at.as_micros()),
    );
    diesel::insert_into(s::table).values(values).execute(connection).map(|_| ())
}

pub(super) fn find(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Scenario>, AppError> {
    let row: Option<ScenarioRow> = scenarios::table
        .filter(scenarios::id.eq(id))
        .filter(within!(scope, own: [], markets: [scenarios::market_id => scope.reads_whole()]))
        .select(ScenarioRow::as_select())
        .first(connection)
        .optional()?;
    row.map(ScenarioRow::into_domain).transpose()
}

/// Scenarios of a round, by id.
pub(super) fn list(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<Scenario>, AppError> {
    let rows: Vec<ScenarioRow> = scenarios::table
        .filter(scenarios::round_id.eq(round_id))
        .filter(within!(scope, own: [], markets: [scenarios::market_id => scope.reads_whole()]))
        .order(scenarios::id)
        .select(ScenarioRow::as_select())
        .load(connection)?;
    rows.into_iter().map(ScenarioRow::into_domain).collect()
}

/// The text of a scenario's plan.
pub(super) fn find_plan(connection: &mut DbConnection, scope: &Scope, id: i64) -> QueryResult<Option<String>> {
    scenarios::table
        .filter(scenarios::id.eq(id))
        .filter(within!(scope, own: [], markets: [scenarios::market_id => scope.reads_whole()]))
        .filter(scenarios::status.eq(ScenarioStatus::Solved.word()))
        .select(scenarios::plan)
        .first(connection)
        .optional()
}

/// What came of a solve.
#[derive(AsChangeset, Default)]
#[diesel(table_name = scenarios)]
pub(super) struct Outcome<'a> {
    pub status: &'a str,
    pub failure: &'a str,
    pub snapshot_sha256: &'a str,
    pub plan: &'a str,
    pub plan_sha256: &'a str,
    pub solve_ms: i64,
}

/// Writes the outcome of a scenario that still waits for one; false if another process was quicker.
pub(super) fn update_outcome(
    connection: &mut DbConnection,
    scope: &Scope,
    scenario: &Scenario,
    outcome: &Outcome<'_>,
) -> QueryResult<bool> {
    let row = scenarios::table
        .filter(scenarios::id.eq(scenario.id))
        .filter(within!(scope, own: [], markets: [scenarios::market_id => scope.operates()]))
        .filter(scenarios::status.eq(ScenarioStatus::Waiting.word()));
    diesel::update(row)
        .set((outcome, scenarios::version.eq(scenario.version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Writes why a scenario was proposed.
pub(super) fn update_reason(
    connection: &mut DbConnection,
    scope: &Scope,
    scenario: &Scenario,
    reason: &str,
) -> QueryResult<bool> {
    let row = scenarios::table
        .filter(scenarios::id.eq(scenario.id))
        .filter(within!(scope, own: [], markets: [scenarios::market_id => scope.operates()]))
        .filter(scenarios::version.eq(scenario.version));
    diesel::update(row)
        .set((scenarios::reason.eq(reason), scenarios::version.eq(scenario.version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}
