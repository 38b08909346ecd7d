//! Rows of `round_snapshots` and `solve_runs`.

use super::super::types::{Round, RunStatus, Snapshot, SolveRun, StoredPlan};
use crate::db::DbConnection;
use crate::db::schema::{round_snapshots, rounds, solve_runs};
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::{Day, Timestamp};
use crate::{on_backend, within};
use diesel::prelude::*;

pub fn insert_snapshot(
    connection: &mut DbConnection,
    round: &Round,
    snapshot: &Snapshot,
    now: Timestamp,
) -> QueryResult<()> {
    use round_snapshots as s;
    let values = (
        s::round_id.eq(round.id),
        s::market_id.eq(round.market_id),
        s::sha256.eq(&snapshot.sha256),
        s::problem.eq(&snapshot.text),
        s::days.eq(snapshot.days.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
        s::created_at.eq(now.as_micros()),
    );
    // Frozen again with the same content it is the same snapshot.
    on_backend!(connection, inner =>
        diesel::insert_into(s::table).values(values).on_conflict_do_nothing().execute(inner).map(|_| ()))
}

/// The snapshot that a round names, as it is stored; nothing says that the hash still fits.
pub fn find_snapshot(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
) -> Result<Option<Snapshot>, AppError> {
    let named = rounds::table.filter(rounds::id.eq(round_id)).select(rounds::snapshot_sha256);
    let row: Option<(String, String, String)> = round_snapshots::table
        .filter(round_snapshots::round_id.eq(round_id))
        .filter(round_snapshots::sha256.eq_any(named))
        .filter(within!(scope, own: [], markets: [round_snapshots::market_id => scope.reads_whole()]))
        .select((round_snapshots::sha256, round_snapshots::problem, round_snapshots::days))
        .first(connection)
        .optional()?;
    row.map(|(sha256, text, days)| {
        let days = days.split(',').map(Day::parse).collect::<Result<_, _>>().map_err(AppError::unknown_stored)?;
        Ok(Snapshot { text, sha256, days })
    })
    .transpose()
}

pub struct NewRun {
    pub id: i64,
    pub round_id: i64,
    pub market_id: i64,
    pub attempt: i64,
    pub snapshot_sha256: String,
    pub started_by: i64,
}

pub fn insert_run(connection: &mut DbConnection, new: &NewRun, now: Timestamp) -> QueryResult<()> {
    use solve_runs as s;
    let values = (
        s::id.eq(new.id),
        s::round_id.eq(new.round_id),
        s::market_id.eq(new.market_id),
        s::attempt.eq(new.attempt),
        s::snapshot_sha256.eq(&new.snapshot_sha256),
        s::status.eq(RunStatus::Running.word()),
        s::started_by.eq(new.started_by),
        s::started_at.eq(now.as_micros()),
    );
    diesel::insert_into(s::table).values(values).execute(connection).map(|_| ())
}

/// The number of the last attempt; 0 before the first.
pub fn last_attempt(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> QueryResult<i64> {
    let last: Option<i64> = solve_runs::table
        .filter(solve_runs::round_id.eq(round_id))
        .filter(within!(scope, own: [], markets: [solve_runs::market_id => scope.operates()]))
        .select(diesel::dsl::max(solve_runs::attempt))
        .first(connection)?;
    Ok(last.unwrap_or(0))
}

type RunColumns = (i64, i64, i64, i64, String, String, i64);

fn into_run(columns: RunColumns) -> Result<SolveRun, AppError> {
    let (id, round_id, market_id, attempt, status, snapshot_sha256, started_by) = columns;
    Ok(SolveRun {
        status: RunStatus::parse(&status).ok_or_else(|| AppError::unknown_stored(&status))?,
        id,
        round_id,
        market_id,
        attempt,
        snapshot_sha256,
        started_by,
    })
}

/// The run that a solving round waits for.
pub fn find_running(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Option<SolveRun>, AppError> {
    use solve_runs as s;
    let row: Option<RunColumns> = s::table
        .filter(s::round_id.eq(round_id))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]))
        .filter(s::status.eq(RunStatus::Running.word()))
        .order(s::attempt.desc())
        .select((s::id, s::round_id, s::market_id, s::attempt, s::status, s::snapshot_sha256, s::started_by))
        .first(connection)
        .optional()?;
    row.map(into_run).transpose()
}

/// Runs that a stopped server left behind: their rounds still wait for them, and their lease has run out.
pub fn list_interrupted(
    connection: &mut DbConnection,
    scope: &Scope,
    now: Timestamp,
) -> Result<Vec<SolveRun>, AppError> {
    use solve_runs as s;
    let rows: Vec<RunColumns> = s::table
        .inner_join(rounds::table)
        .filter(s::status.eq(RunStatus::Running.word()))
        .filter(s::lease_until.le(now.as_micros()))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]))
        .filter(rounds::status.eq(super::Status::Solving.word()))
        .order(s::id)
        .select((s::id, s::round_id, s::market_id, s::attempt, s::status, s::snapshot_sha256, s::started_by))
        .load(connection)?;
    rows.into_iter().map(into_run).collect()
}

/// A claim on a run: which, and the token that shows nobody claimed it since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub run_id: i64,
    pub token: i64,
}

/// Claims a run that nobody is at; `None` if somebody is, or it has ended.
pub fn claim_run(
    connection: &mut DbConnection,
    scope: &Scope,
    run_id: i64,
    now: Timestamp,
    until: Timestamp,
) -> QueryResult<Option<Claim>> {
    use solve_runs as s;
    let row = s::table
        .filter(s::id.eq(run_id))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]))
        .filter(s::status.eq(RunStatus::Running.word()))
        .filter(s::lease_until.le(now.as_micros()));
    let token = diesel::update(row)
        .set((s::lease_until.eq(until.as_micros()), s::lease_token.eq(s::lease_token + 1)))
        .returning(s::lease_token)
        .get_result(connection)
        .optional()?;
    Ok(token.map(|token| Claim { run_id, token }))
}

/// Extends the lease of a claim; false if it was lost.
pub fn update_lease(connection: &mut DbConnection, scope: &Scope, claim: Claim, until: Timestamp) -> QueryResult<bool> {
    use solve_runs as s;
    let row = s::table
        .filter(s::id.eq(claim.run_id))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]))
        .filter(s::lease_token.eq(claim.token))
        .filter(s::status.eq(RunStatus::Running.word()));
    diesel::update(row).set(s::lease_until.eq(until.as_micros())).execute(connection).map(|changed| changed == 1)
}

/// Ends a run if it is still running and nobody claimed it since; false otherwise.
pub fn finish_run(
    connection: &mut DbConnection,
    scope: &Scope,
    claim: Claim,
    outcome: Result<&StoredPlan, &str>,
    now: Timestamp,
) -> QueryResult<bool> {
    use solve_runs as s;
    let row = s::table
        .filter(s::id.eq(claim.run_id))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]))
        .filter(s::lease_token.eq(claim.token))
        .filter(s::status.eq(RunStatus::Running.word()));
    let ended_at = s::ended_at.eq(now.as_micros());
    let changed = match outcome {
        Ok(plan) => diesel::update(row)
            .set((
                s::status.eq(RunStatus::Succeeded.word()),
                ended_at,
                s::plan.eq(&plan.text),
                s::plan_sha256.eq(&plan.sha256),
                s::solve_ms.eq(plan.solve_ms),
            ))
            .execute(connection)?,
        Err(failure) => diesel::update(row)
            .set((s::status.eq(RunStatus::Failed.word()), ended_at, s::failure.eq(failure)))
            .execute(connection)?,
    };
    Ok(changed == 1)
}

/// A snapshot of a round by its hash.
pub fn find_snapshot_by(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    sha256: &str,
) -> Result<Option<Snapshot>, AppError> {
    use round_snapshots as s;
    let row: Option<(String, String, String)> = s::table
        .filter(s::round_id.eq(round_id))
        .filter(s::sha256.eq(sha256))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.reads_whole()]))
        .select((s::problem, s::sha256, s::days))
        .first(connection)
        .optional()?;
    row.map(|(text, sha256, days)| {
        let days = days.split(',').filter(|day| !day.is_empty());
        let days = days.map(|day| Day::parse(day).map_err(AppError::unknown_stored));
        Ok(Snapshot { text, sha256, days: days.collect::<Result<_, AppError>>()? })
    })
    .transpose()
}

/// The plan of the last attempt at the snapshot that the round names.
pub fn find_plan(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> QueryResult<Option<StoredPlan>> {
    use solve_runs as s;
    let named = rounds::table.filter(rounds::id.eq(round_id)).select(rounds::snapshot_sha256);
    let row: Option<(String, String, i64)> = s::table
        .filter(s::round_id.eq(round_id))
        .filter(s::snapshot_sha256.eq_any(named))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.reads_whole()]))
        .filter(s::status.eq(RunStatus::Succeeded.word()))
        .order(s::attempt.desc())
        .select((s::plan, s::plan_sha256, s::solve_ms))
        .first(connection)
        .optional()?;
    Ok(row.map(|(text, sha256, solve_ms)| StoredPlan { text, sha256, solve_ms }))
}
