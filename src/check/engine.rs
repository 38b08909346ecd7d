//! Is the database itself whole?

use super::{Session, store};
use crate::db::guards::insert_only_tables;
use crate::error::AppError;

pub(super) fn check(session: &mut Session<'_>) -> Result<(), AppError> {
    for problem in store::integrity(session.connection)? {
        session.found("database", "-", problem);
    }
    for (table, row, parent) in store::broken_foreign_keys(session.connection)? {
        session.found(&table, row, format!("refers to a missing record of {parent}"));
    }
    let guarded = store::guarded_tables(session.connection)?;
    for table in insert_only_tables() {
        if !guarded.iter().any(|found| found == table) {
            session.found(table, "-", "the guard against changes (trigger) is missing");
        }
    }
    Ok(())
}
