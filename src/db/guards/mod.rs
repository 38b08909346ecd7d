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
use std::collections::{BTreeMap, BTreeSet};

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn names(connection: &mut DbConnection, sql: &str) -> QueryResult<BTreeSet<String>> {
    let rows: Vec<Name> = diesel::sql_query(sql).load(connection)?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    statement: String,
}

/// Tables of the schema.
fn tables(connection: &mut DbConnection) -> QueryResult<BTreeSet<String>> {
    names(
        connection,
        match connection {
            DbConnection::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
            DbConnection::Postgres(_) => {
                "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema()"
            }
        },
    )
}

/// Triggers of the schema that are switched on, each with what tells it from another of its name: on SQLite its statement,
/// on PostgreSQL the function that it calls.
fn standing(connection: &mut DbConnection) -> QueryResult<BTreeMap<String, String>> {
    let sql = match connection {
        DbConnection::Sqlite(_) => "SELECT name, sql AS statement FROM sqlite_master WHERE type = 'trigger'",
        DbConnection::Postgres(_) => {
            "SELECT CAST(t.tgname AS TEXT) AS name, CAST(p.proname AS TEXT) AS statement \
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid \
             WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled <> 'D'"
        }
    };
    let rows: Vec<Standing> = diesel::sql_query(sql).load(connection)?;
    Ok(rows.into_iter().map(|row| (row.name, row.statement)).collect())
}

/// Triggers that protected tables should have and have not, or have under that name with other words: (name, statement).
fn wanted(connection: &mut DbConnection) -> QueryResult<Vec<(String, String)>> {
    let (tables, standing) = (tables(connection)?, standing(connection)?);
    let protected = PROTECTED.iter().filter(|table| tables.contains(table.name));
    let is_postgres = matches!(connection, DbConnection::Postgres(_));
    let all = protected.flat_map(|table| if is_postgres { sql::postgres(table) } else { sql::sqlite(table) });
    let stands = |name: &str, wanted: &str| {
        standing.get(name).is_some_and(|found| {
            if is_postgres {
                wanted.contains(&format!(" {found}("))
            } else {
                wanted.trim_end_matches([';', '\n']) == found
            }
        })
    };
    Ok(all.filter(|(name, statement)| !stands(name, statement)).collect())
}

/// Names of triggers that should stand as this program makes them and do not.
pub fn missing(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    Ok(wanted(connection)?.into_iter().map(|(name, _)| name).collect())
}

/// Gives every protected table that exists the guards and watchers it lacks. Called after migrations; safe to repeat.
pub(super) fn install(connection: &mut DbConnection) -> QueryResult<()> {
    if !tables(connection)?.contains("record_touched") {
        return Ok(());
    }
    let other_words = matches!(connection, DbConnection::Sqlite(_));
    let put = |(name, statement): (String, String)| {
        if other_words { format!("DROP TRIGGER IF EXISTS {name};\n{statement}") } else { statement }
    };
    let statements: String = wanted(connection)?.into_iter().map(put).collect();
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
