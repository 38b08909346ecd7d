//! Rows one by one, on either database, without holding the result.

use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::query_dsl::methods::LoadQuery;

/// Calls `each` with every row of a query's answer.
pub(super) fn each<T: 'static>(connection: &mut DbConnection, sql: &str, mut each: impl FnMut(T)) -> QueryResult<()>
where
    for<'q> diesel::query_builder::SqlQuery: LoadQuery<'q, SqliteConnection, T, diesel::connection::DefaultLoadingMode>
        + LoadQuery<'q, PgConnection, T, diesel::pg::PgRowByRowLoadingMode>,
{
    match connection {
        DbConnection::Sqlite(inner) => {
            for row in diesel::sql_query(sql).load_iter::<T, diesel::connection::DefaultLoadingMode>(inner)? {
                each(row?);
            }
        }
        // libpq would otherwise hold the whole answer.
        DbConnection::Postgres(inner) => {
            for row in diesel::sql_query(sql).load_iter::<T, diesel::pg::PgRowByRowLoadingMode>(inner)? {
                each(row?);
            }
        }
    }
    Ok(())
}
