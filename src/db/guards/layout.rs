//! How a row of a protected table becomes bytes: a JSON array of its columns by name, the same text on both databases.
//!
//! A layout is the list of a table's columns and is named by its own hash, so that rows hashed before a migration added a
//! column can still be read as they were.

use super::{Key, PROTECTED, Protected};
use crate::db::DbConnection;
use crate::on_backend;
use crate::values::hex::hex;
use diesel::prelude::*;
use diesel::sql_types::Text;
use sha2::{Digest, Sha256};

/// Bytes of the hash that name a layout.
const NAME_BYTES: usize = 8;

/// The columns of one protected table.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The table.
    pub table: &'static Protected,
    /// `column:kind` by name, comma between; kinds are `i` (whole number), `t` (text), `b` (bytes).
    pub columns: String,
}

impl Layout {
    /// The layout's name: a hash over table and columns.
    pub fn name(&self) -> String {
        let digest = Sha256::digest(format!("{}\n{}", self.table.name, self.columns));
        hex(digest.get(..NAME_BYTES).unwrap_or_default())
    }

    /// An SQL expression with the row `t` as text: a JSON array of its columns in the layout's order, without spaces.
    pub fn row(&self, connection: &DbConnection) -> String {
        let columns = self.columns.split(',').filter_map(|column| column.split_once(':'));
        match connection {
            DbConnection::Sqlite(_) => {
                let values = columns.map(|(name, kind)| match kind {
                    "b" => format!("hex(t.{name})"),
                    _ => format!("t.{name}"),
                });
                format!("json_array({})", values.collect::<Vec<_>>().join(","))
            }
            DbConnection::Postgres(_) => {
                let values = columns.map(|(name, kind)| match kind {
                    "i" => format!("COALESCE(CAST(t.{name} AS TEXT),'null')"),
                    "b" => format!("COALESCE('\"' || upper(encode(t.{name},'hex')) || '\"','null')"),
                    _ => format!("COALESCE(CAST(to_json(CAST(t.{name} AS TEXT)) AS TEXT),'null')"),
                });
                // A function takes at most 100 arguments, which no table of ours has columns for.
                format!("'[' || concat_ws(',',{}) || ']'", values.collect::<Vec<_>>().join(","))
            }
        }
    }
}

impl Protected {
    /// The columns of the primary key as text, as `t` has them.
    pub fn key_text(&self) -> Vec<String> {
        self.key.iter().map(|key| format!("CAST(t.{} AS TEXT)", key.column())).collect()
    }

    /// The keys `k1`, `k2`, `k3` that a watcher left, as the columns have them: numbers where the key is one.
    ///
    /// Row-level security keeps PostgreSQL from looking a row up by an expression that can fail, as a cast can; so the cast
    /// comes before the join.
    pub fn typed_keys(&self) -> String {
        let kind = |number: usize| match self.key.get(number - 1) {
            Some(Key::Number(_)) => format!("CAST(k{number} AS BIGINT) AS k{number}"),
            _ => format!("k{number}"),
        };
        [kind(1), kind(2), kind(3)].join(", ")
    }

    /// A condition that joins `t` to the keys `k1`, `k2`, `k3` of `k`.
    pub fn key_matches(&self) -> String {
        let conditions = self.key.iter().zip(1..).map(|(key, number)| format!("t.{} = k.k{number}", key.column()));
        conditions.collect::<Vec<_>>().join(" AND ")
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// The layouts of the protected tables as the database has them now.
pub fn layouts(connection: &mut DbConnection) -> QueryResult<Vec<Layout>> {
    let columns: Vec<Column> = match connection {
        DbConnection::Sqlite(inner) => diesel::sql_query(
            "SELECT m.name AS table_name, c.name, lower(c.type) AS kind FROM sqlite_master m \
             JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
        )
        .load(inner)?,
        DbConnection::Postgres(inner) => diesel::sql_query(
            "SELECT CAST(c.relname AS TEXT) AS table_name, CAST(a.attname AS TEXT) AS name, \
                    CAST(format_type(a.atttypid, NULL) AS TEXT) AS kind \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND a.attnum > 0 AND NOT a.attisdropped",
        )
        .load(inner)?,
    };
    let of = |table: &'static Protected| {
        let hidden = table.document.map(|(text, _)| text);
        let mut names: Vec<String> = columns
            .iter()
            .filter(|column| column.table_name == table.name && Some(column.name.as_str()) != hidden)
            .map(|column| format!("{}:{}", column.name, kind(&column.kind)))
            .collect();
        names.sort();
        Layout { table, columns: names.join(",") }
    };
    Ok(PROTECTED.iter().map(of).filter(|layout| !layout.columns.is_empty()).collect())
}

fn kind(sql_type: &str) -> &'static str {
    match sql_type {
        "bigint" | "integer" | "smallint" => "i",
        "blob" | "bytea" => "b",
        _ => "t",
    }
}

/// Writes down the layouts in use, so that hashes made by them can be read after the next migration.
pub(super) fn keep(connection: &mut DbConnection) -> QueryResult<()> {
    use crate::db::schema::row_layouts as kept;
    for layout in layouts(connection)? {
        let values = (
            kept::layout.eq(layout.name()),
            kept::table_name.eq(layout.table.name),
            kept::column_list.eq(&layout.columns),
        );
        on_backend!(connection, inner => diesel::insert_into(kept::table)
            .values(values).on_conflict_do_nothing().execute(inner)?);
    }
    Ok(())
}
