//! Gapless numbers per organisation, kind and year.
//!
//! Taken in the transaction that uses them, so a number that is taken back with its transaction is given out again. The
//! row is the lock: two transactions that take from one series wait for one another.

use super::DbConnection;
use super::schema::number_series as series;
use crate::on_backend;
use diesel::prelude::*;

/// Takes the next `count` (> 0) numbers of a series; answers the first of them. Series start at 1.
pub fn take(
    connection: &mut DbConnection,
    organisation_id: i64,
    kind: &str,
    year: i64,
    count: i64,
) -> QueryResult<i64> {
    debug_assert!(count > 0, "a series only rises");
    let values = (
        series::organisation_id.eq(organisation_id),
        series::kind.eq(kind),
        series::year.eq(year),
        series::last_serial.eq(count),
    );
    let last: i64 = on_backend!(connection, inner => diesel::insert_into(series::table)
        .values(values)
        .on_conflict((series::organisation_id, series::kind, series::year))
        .do_update()
        .set(series::last_serial.eq(series::last_serial + count))
        .returning(series::last_serial)
        .get_result(inner)?);
    Ok(last - count + 1)
}
