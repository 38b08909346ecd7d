//! Whether the watchers and guards still stand, and whether they caught somebody.

use super::{Part, Session};
use crate::db::guards;
use crate::error::AppError;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub(super) fn verify(session: &mut Session<'_>) -> Result<(), AppError> {
    let sql = "SELECT table_name, COUNT(*) AS count FROM record_touched GROUP BY table_name ORDER BY table_name";
    let touched: Vec<Touched> = diesel::sql_query(sql).load(session.connection)?;
    for row in touched {
        let what = format!("{} rows were written outside the program", row.count);
        session.found(Part::Rows, row.table_name, what);
    }
    for name in guards::missing(session.connection)? {
        session.found(Part::Rows, name, "this trigger is missing, switched off or not as this program makes it");
    }
    Ok(())
}
