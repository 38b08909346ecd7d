//! Rows of `sign_in_limits`.

use crate::db::DbConnection;
use crate::db::schema::sign_in_limits as limits;
use crate::values::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Failures of one key in the present window.
pub struct Count {
    pub failures: i64,
    pub window_started_at: Timestamp,
}

/// Counts one more; a window that began at or before `stale` is over and a new one begins.
pub fn count(connection: &mut DbConnection, key: &str, now: Timestamp, stale: Timestamp) -> QueryResult<Count> {
    diesel::sql_query(
        "INSERT INTO sign_in_limits (key, window_started_at, failures) VALUES ($1, $2, 1) \
         ON CONFLICT (key) DO UPDATE SET \
         failures = CASE WHEN sign_in_limits.window_started_at <= $3 THEN 1 ELSE sign_in_limits.failures + 1 END, \
         window_started_at = CASE WHEN sign_in_limits.window_started_at <= $3 THEN $2 \
         ELSE sign_in_limits.window_started_at END",
    )
    .bind::<Text, _>(key)
    .bind::<BigInt, _>(now.as_micros())
    .bind::<BigInt, _>(stale.as_micros())
    .execute(connection)?;
    let (failures, started): (i64, i64) =
        limits::table.find(key).select((limits::failures, limits::window_started_at)).first(connection)?;
    Ok(Count { failures, window_started_at: Timestamp::from_micros(started) })
}

pub fn uncount(connection: &mut DbConnection, key: &str) -> QueryResult<()> {
    diesel::update(limits::table.filter(limits::key.eq(key)).filter(limits::failures.gt(0)))
        .set(limits::failures.eq(limits::failures - 1))
        .execute(connection)
        .map(|_| ())
}

pub fn forget(connection: &mut DbConnection, key: &str) -> QueryResult<()> {
    diesel::delete(limits::table.find(key)).execute(connection).map(|_| ())
}

/// Drops windows that began before an instant.
pub fn prune(connection: &mut DbConnection, before: Timestamp) -> QueryResult<()> {
    diesel::delete(limits::table.filter(limits::window_started_at.lt(before.as_micros())))
        .execute(connection)
        .map(|_| ())
}
