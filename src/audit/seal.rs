//! Hashes of the rows that a transaction wrote, taken just before it ends.
//!
//! The watchers of `db::guards` left the keys of those rows in `record_touched`, whoever wrote them and however.

use super::entry::{Salt, key_text, row_hash};
use crate::db::DbConnection;
use crate::db::guards::{Layout, Protected};
use crate::db::schema::row_salts;
use crate::on_backend;
use crate::values::hex::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Rows whose hashes are kept in one stored text.
const PART_ROWS: usize = 1_000;

/// What one transaction wrote to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The table.
    pub table: &'static str,
    /// The name of the layout that the hashes cover.
    pub layout: String,
    /// Lines of key, tab, hash; a part holds at most a thousand.
    pub parts: Vec<String>,
    /// Number of rows.
    pub rows: usize,
}

impl Seal {
    /// The line by which an entry binds this seal: table, layout, rows, SHA-256 over all parts.
    pub fn line(&self) -> String {
        let mut sha = Sha256::new();
        for part in &self.parts {
            sha.update(part);
        }
        format!("{} {} {} {}\n", self.table, self.layout, self.rows, hex(&sha.finalize()))
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    table_name: String,
}

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = Text)]
    k1: String,
    #[diesel(sql_type = Text)]
    k2: String,
    #[diesel(sql_type = Text)]
    k3: String,
    #[diesel(sql_type = Nullable<Text>)]
    content: Option<String>,
}

/// Rows of this transaction, as a condition on `record_touched`.
fn mine(connection: &DbConnection) -> &'static str {
    match connection {
        DbConnection::Sqlite(_) => "xact = 0",
        DbConnection::Postgres(_) => "xact = CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)",
    }
}

/// Forgets keys that somebody wrote outside the program while the watchers were on. They are never hashed, so that such a
/// change is found and not blessed. On PostgreSQL each transaction sees its own keys only.
pub(super) fn begin(connection: &mut DbConnection) -> QueryResult<()> {
    match connection {
        DbConnection::Sqlite(inner) => diesel::sql_query("DELETE FROM record_touched").execute(inner).map(|_| ()),
        DbConnection::Postgres(_) => Ok(()),
    }
}

/// Hashes the rows that this transaction wrote so far, and forgets their keys.
pub(super) fn collect(connection: &mut DbConnection, layouts: &[Layout]) -> QueryResult<Vec<Seal>> {
    let mine = mine(connection);
    let sql = format!("SELECT DISTINCT table_name FROM record_touched WHERE {mine} ORDER BY table_name");
    let names: Vec<Name> = diesel::sql_query(sql).load(connection)?;
    let mut seals = Vec::with_capacity(names.len());
    for name in &names {
        if let Some(layout) = layouts.iter().find(|layout| layout.table.name == name.table_name) {
            seals.push(of_table(connection, layout, mine)?);
        }
    }
    if !names.is_empty() {
        diesel::sql_query(match connection {
            // Without a condition SQLite empties the table at once.
            DbConnection::Sqlite(_) => "DELETE FROM record_touched".to_owned(),
            DbConnection::Postgres(_) => format!("DELETE FROM record_touched WHERE {mine}"),
        })
        .execute(connection)?;
    }
    Ok(seals)
}

fn of_table(connection: &mut DbConnection, layout: &Layout, mine: &str) -> QueryResult<Seal> {
    let table = layout.table;
    let (name, matches) = (table.name, table.key_matches());
    let list = match connection {
        // This list has a primary key: no row is in it twice, and it is in order.
        DbConnection::Sqlite(_) => {
            format!("record_touched k LEFT JOIN {name} t ON {matches} WHERE k.table_name = '{name}'")
        }
        DbConnection::Postgres(_) => format!(
            "(SELECT DISTINCT {} FROM record_touched WHERE {mine} AND table_name = '{name}') k LEFT JOIN {name} t ON {matches}",
            table.typed_keys(),
        ),
    };
    let sql = format!(
        "SELECT CAST(k.k1 AS TEXT) AS k1, CAST(k.k2 AS TEXT) AS k2, CAST(k.k3 AS TEXT) AS k3, \
                CASE WHEN t.{} IS NULL THEN NULL ELSE {} END AS content \
         FROM {list} ORDER BY k.k1, k.k2, k.k3",
        table.key.first().map_or("id", |key| key.column()),
        layout.row(connection),
    );
    let mut seal = Seal { table: table.name, layout: layout.name(), parts: Vec::new(), rows: 0 };
    let mut salts = Vec::new();
    let mut add = |touched: Touched| {
        let columns = [touched.k1, touched.k2, touched.k3];
        let key = key_text(columns.iter().take(table.key.len()).map(String::as_str));
        let salt: Option<Salt> = table.personal.then(rand::random);
        if seal.rows.is_multiple_of(PART_ROWS) {
            seal.parts.push(String::with_capacity(64 * PART_ROWS.min(64)));
        }
        seal.rows += 1;
        if let Some(part) = seal.parts.last_mut() {
            line(part, table, &key, salt.as_ref(), touched.content.as_deref());
        }
        if let Some(salt) = salt {
            salts.push((key, touched.content.is_some().then_some(salt)));
        }
    };
    on_backend!(connection, inner => {
        for touched in diesel::sql_query(sql).load_iter::<Touched, diesel::connection::DefaultLoadingMode>(inner)? {
            add(touched?);
        }
    });
    keep_salts(connection, table, &salts)?;
    Ok(seal)
}

fn line(part: &mut String, table: &Protected, key: &str, salt: Option<&Salt>, row: Option<&str>) {
    let hash = row.map(|row| STANDARD_NO_PAD.encode(row_hash(salt, table.name, row)));
    // Writing to a String cannot fail.
    let _ = writeln!(part, "{key}\t{}", hash.as_deref().unwrap_or("-"));
}

/// Stores the salts of rows about people, in place of those that their earlier hashes had.
fn keep_salts(connection: &mut DbConnection, table: &Protected, salts: &[(String, Option<Salt>)]) -> QueryResult<()> {
    for (key, salt) in salts {
        let find = row_salts::table.find((table.name, key));
        match salt {
            None => diesel::delete(find).execute(connection)?,
            Some(salt) => {
                let salt = hex(salt);
                let values =
                    (row_salts::table_name.eq(table.name), row_salts::row_key.eq(key), row_salts::salt.eq(&salt));
                on_backend!(connection, inner => diesel::insert_into(row_salts::table).values(values)
                    .on_conflict((row_salts::table_name, row_salts::row_key)).do_update()
                    .set(row_salts::salt.eq(&salt)).execute(inner)?)
            }
        };
    }
    Ok(())
}
