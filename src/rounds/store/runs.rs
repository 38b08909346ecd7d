//! Rows of `round_snapshots` and `solve_runs`.

use super::super::types::{Round, RunStatus, Snapshot, SolveRun, StoredPlan};
use crate::db::DbConnection;
use crate::db::schema::{round_snapshots, rounds, solve_runs};
use crate::error::AppError;
use crate::values::Timestamp;
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
        s::created_at.eq(now.as_micros()),
    );
    diesel::insert_into(s::table).values(values).execute(connection).map(|_| ())
}

/// A round's snapshot as it is stored; nothing says that the hash still fits.
pub fn find_snapshot(connection: &mut DbConnection, round_id: i64) -> QueryResult<Option<Snapshot>> {
    let row: Option<(String, String)> = round_snapshots::table
        .find(round_id)
        .select((round_snapshots::sha256, round_snapshots::problem))
        .first(connection)
        .optional()?;
    Ok(row.map(|(sha256, text)| Snapshot { text, sha256 }))
}

pub struct NewRun {
    pub id: i64,
    pub round_id: i64,
    pub market_id: i64,
    pub attempt: i64,
    pub started_by: i64,
}

pub fn insert_run(connection: &mut DbConnection, new: &NewRun, now: Timestamp) -> QueryResult<()> {
    use solve_runs as s;
    let values = (
        s::id.eq(new.id),
        s::round_id.eq(new.round_id),
        s::market_id.eq(new.market_id),
        s::attempt.eq(new.attempt),
        s::status.eq(RunStatus::Running.word()),
        s::started_by.eq(new.started_by),
        s::started_at.eq(now.as_micros()),
    );
    diesel::insert_into(s::table).values(values).execute(connection).map(|_| ())
}

/// The number of the last attempt; 0 before the first.
pub fn last_attempt(connection: &mut DbConnection, round_id: i64) -> QueryResult<i64> {
    let last: Option<i64> = solve_runs::table
        .filter(solve_runs::round_id.eq(round_id))
        .select(diesel::dsl::max(solve_runs::attempt))
        .first(connection)?;
    Ok(last.unwrap_or(0))
}

type RunColumns = (i64, i64, i64, i64, String, i64);

fn into_run((id, round_id, market_id, attempt, status, started_by): RunColumns) -> Result<SolveRun, AppError> {
    Ok(SolveRun {
        status: RunStatus::parse(&status).ok_or_else(|| AppError::unknown_stored(&status))?,
        id,
        round_id,
        market_id,
        attempt,
        started_by,
    })
}

/// The run that a solving round waits for.
pub fn find_running(connection: &mut DbConnection, round_id: i64) -> Result<Option<SolveRun>, AppError> {
    use solve_runs as s;
    let row: Option<RunColumns> = s::table
        .filter(s::round_id.eq(round_id))
        .filter(s::status.eq(RunStatus::Running.word()))
        .order(s::attempt.desc())
        .select((s::id, s::round_id, s::market_id, s::attempt, s::status, s::started_by))
        .first(connection)
        .optional()?;
    row.map(into_run).transpose()
}

/// Runs that a stopped server left behind: their rounds still wait for them.
pub fn list_interrupted(connection: &mut DbConnection) -> Result<Vec<SolveRun>, AppError> {
    use solve_runs as s;
    let rows: Vec<RunColumns> = s::table
        .inner_join(rounds::table)
        .filter(s::status.eq(RunStatus::Running.word()))
        .filter(rounds::status.eq(super::Status::Solving.word()))
        .order(s::id)
        .select((s::id, s::round_id, s::market_id, s::attempt, s::status, s::started_by))
        .load(connection)?;
    rows.into_iter().map(into_run).collect()
}

/// Ends a run if it is still running; false otherwise.
pub fn finish_run(
    connection: &mut DbConnection,
    run_id: i64,
    outcome: Result<&StoredPlan, &str>,
    now: Timestamp,
) -> QueryResult<bool> {
    use solve_runs as s;
    let row = s::table.filter(s::id.eq(run_id)).filter(s::status.eq(RunStatus::Running.word()));
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

/// The plan of the last attempt that succeeded.
pub fn find_plan(connection: &mut DbConnection, round_id: i64) -> QueryResult<Option<StoredPlan>> {
    use solve_runs as s;
    let row: Option<(String, String, i64)> = s::table
        .filter(s::round_id.eq(round_id))
        .filter(s::status.eq(RunStatus::Succeeded.word()))
        .order(s::attempt.desc())
        .select((s::plan, s::plan_sha256, s::solve_ms))
        .first(connection)
        .optional()?;
    Ok(row.map(|(text, sha256, solve_ms)| StoredPlan { text, sha256, solve_ms }))
}
