//! What watches the tables: guards that refuse changes, and watchers that tell the record which rows a transaction wrote.
//!
//! [`PROTECTED`] is the one list of tables whose rows the record binds. Every write to one of them, by whatever statement,
//! leaves the row's key in `record_touched`; before the transaction ends, `audit` hashes those rows into the log. A change
//! made behind the program's back leaves no hash and is found. Tables that only grow refuse UPDATE, DELETE and (on
//! PostgreSQL) TRUNCATE besides. Nothing here hashes anything: this is schema, like the migrations that it completes.

mod layout;
mod sql;
mod tables;

pub use layout::{Layout, layouts};
pub use tables::{Growth, Key, PROTECTED, Protected, UNPROTECTED, insert_only_tables, protected};

use super::DbConnection;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::collections::BTreeSet;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn names(connection: &mut DbConnection, sql: &str) -> QueryResult<BTreeSet<String>> {
    let rows: Vec<Name> = diesel::sql_query(sql).load(connection)?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Tables and triggers of the schema; switched-off triggers do not count.
fn standing(connection: &mut DbConnection) -> QueryResult<(BTreeSet<String>, BTreeSet<String>)> {
    if matches!(connection, DbConnection::Sqlite(_)) {
        return Ok((
            names(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")?,
            names(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger'")?,
        ));
    }
    Ok((
        names(connection, "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema()")?,
        names(
            connection,
            "SELECT CAST(t.tgname AS TEXT) AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled <> 'D'",
        )?,
    ))
}

/// Triggers that protected tables should have and have not, as (name, statement).
fn wanted(connection: &mut DbConnection) -> QueryResult<Vec<(String, String)>> {
    let (tables, triggers) = standing(connection)?;
    let of = |table: &'static Protected| match connection {
        DbConnection::Sqlite(_) => sql::sqlite(table),
        DbConnection::Postgres(_) => sql::postgres(table),
    };
    let protected = PROTECTED.iter().filter(|table| tables.contains(table.name));
    Ok(protected.flat_map(of).filter(|(name, _)| !triggers.contains(name)).collect())
}

/// Names of triggers that should stand and do not.
pub fn missing(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    Ok(wanted(connection)?.into_iter().map(|(name, _)| name).collect())
}

/// Gives every protected table that exists the guards and watchers it lacks. Called after migrations; safe to repeat.
pub(super) fn install(connection: &mut DbConnection) -> QueryResult<()> {
    let (tables, _) = standing(connection)?;
    if !tables.contains("record_touched") {
        return Ok(());
    }
    let statements: String = wanted(connection)?.into_iter().map(|(_, statement)| statement).collect();
    // PostgreSQL calls an empty text an error.
    if !statements.is_empty() {
        connection.batch_execute(&statements)?;
    }
    if let DbConnection::Postgres(inner) = connection {
        // To forget a person, the texts of an entry are blanked; the trigger lets nothing else pass.
        diesel::sql_query("GRANT UPDATE (salt, old_value, new_value, reason) ON audit_entries TO pasok_system")
            .execute(inner)?;
    }
    layout::keep(connection)
}
