//! Questions to the database about itself.

use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

fn lines(connection: &mut DbConnection, sql: &str) -> QueryResult<Vec<String>> {
    let lines: Vec<Line> = diesel::sql_query(sql).load(connection)?;
    Ok(lines.into_iter().map(|line| line.text).collect())
}

/// What the engine itself finds wrong; empty when it finds nothing.
pub fn integrity(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    let sql = match connection {
        DbConnection::Sqlite(_) => {
            "SELECT integrity_check AS text FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
        }
        DbConnection::Postgres(_) => {
            "SELECT 'constraint ' || c.conname || ' is not validated' AS text FROM pg_constraint c \
             JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = current_schema() AND NOT c.convalidated"
        }
    };
    lines(connection, sql)
}

/// Rows whose parent is missing: (table, row, parent table). PostgreSQL does not let them exist.
pub fn broken_foreign_keys(connection: &mut DbConnection) -> QueryResult<Vec<(String, i64, String)>> {
    #[derive(QueryableByName)]
    struct Broken {
        #[diesel(sql_type = Text)]
        child: String,
        #[diesel(sql_type = Nullable<BigInt>)]
        row_number: Option<i64>,
        #[diesel(sql_type = Text)]
        parent: String,
    }
    let DbConnection::Sqlite(inner) = connection else {
        return Ok(Vec::new());
    };
    let rows: Vec<Broken> =
        diesel::sql_query("SELECT \"table\" AS child, rowid AS row_number, parent FROM pragma_foreign_key_check")
            .load(inner)?;
    Ok(rows.into_iter().map(|row| (row.child, row.row_number.unwrap_or_default(), row.parent)).collect())
}

/// Tables that refuse changes and deletions.
pub fn guarded_tables(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    let sql = match connection {
        DbConnection::Sqlite(_) => {
            "SELECT tbl_name AS text FROM sqlite_master WHERE type = 'trigger' \
             AND (name LIKE '%no_update' OR name LIKE '%no_delete') GROUP BY tbl_name HAVING COUNT(*) = 2"
        }
        DbConnection::Postgres(_) => {
            "SELECT CAST(c.relname AS TEXT) AS text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgname LIKE '%only_grow'"
        }
    };
    lines(connection, sql)
}

/// Columns that hold amounts and quantities.
const NUMBERS: [(&str, &[&str]); 10] = [
    ("demands", &["quantity", "accept_up_to"]),
    ("offers", &["price_e4", "stock", "reserved", "pack", "min_line", "min_order_idr"]),
    (
        "awards",
        &["quantity", "price_e4", "freight_ticks", "distance_m", "goods_idr", "freight_idr", "rebate_idr", "fee_idr"],
    ),
    ("shortages", &["quantity"]),
    ("orders", &["goods_idr", "freight_idr", "total_idr", "serial"]),
    ("order_lines", &["quantity", "price_e4", "goods_idr", "freight_idr"]),
    ("order_shortfalls", &["quantity", "goods_idr", "freight_idr"]),
    ("buyer_budgets", &["amount_idr"]),
    ("calls", &["serial", "min_bids", "complaint_hours"]),
    ("lots", &["quantity", "pack", "points"]),
];

/// Numbers that are negative or (where the engine would let them) no integers: (table, id, column). One pass a table; of a
/// row with several the first is named.
pub fn odd_numbers(connection: &mut DbConnection) -> QueryResult<Vec<(&'static str, i64, String)>> {
    #[derive(QueryableByName)]
    struct Odd {
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = Text)]
        what: String,
    }
    // SQLite stores whatever it is given; PostgreSQL's BIGINT is always whole.
    let is_odd = |column: &str| match connection {
        DbConnection::Sqlite(_) => format!("{column} < 0 OR typeof({column}) <> 'integer'"),
        DbConnection::Postgres(_) => format!("{column} < 0"),
    };
    let queries = NUMBERS.map(|(table, columns)| {
        let cases: Vec<String> =
            columns.iter().map(|column| format!("WHEN {} THEN '{column}'", is_odd(column))).collect();
        let any: Vec<String> = columns.iter().map(|column| is_odd(column)).collect();
        let (cases, any) = (cases.join(" "), any.join(" OR "));
        (table, format!("SELECT id, CASE {cases} ELSE '' END AS what FROM {table} WHERE {any} ORDER BY id"))
    });
    let mut odd = Vec::new();
    for (table, sql) in queries {
        let rows: Vec<Odd> = diesel::sql_query(sql).load(connection)?;
        odd.extend(rows.into_iter().map(|row| (table, row.id, row.what)));
    }
    Ok(odd)
}
