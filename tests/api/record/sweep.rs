//! The tamper sweep: whatever one changes behind the program's back, with the guards taken away, is found.
//!
//! Each tampering is done and judged inside one transaction that is then taken back, so that hundreds of them fit one story.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "counts of a small history"
)]

use super::story::story;
use crate::support::{SYSTEM, TestApp, Trade, on_each_database};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use pasok::audit::verify::{self, Kept, Report};
use pasok::check;
use pasok::db::guards::{PROTECTED, insert_only_tables};
use pasok::db::{DatabaseUrl, DbConnection};

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// Tables of the log besides the protected ones.
const LOG: [&str; 8] = [
    "audit_entries",
    "log_head",
    "log_tiles",
    "log_checkpoints",
    "log_cosignatures",
    "row_seals",
    "row_layouts",
    "row_salts",
];

/// Bids and their versions: not hashed before the close, when the log must not grow; from then on `pasok check` holds them
/// against the hash that the close put into the log.
const SEALED: [&str; 2] = ["bids", "bid_versions"];

/// Every table that is swept.
fn swept() -> impl Iterator<Item = &'static str> {
    LOG.into_iter().chain(SEALED).chain(PROTECTED.iter().map(|table| table.name))
}

/// Somebody with the database's own password, and no guard in the way.
pub struct Vandal {
    /// As the owner.
    pub connection: DbConnection,
    /// Findings before anything is changed: the guards are gone.
    before: usize,
    found: usize,
    refused: usize,
    missed: Vec<String>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

impl Vandal {
    /// At work on the database of `test`.
    pub fn over(test: &TestApp) -> Self {
        let mut connection = match test.app.db.url() {
            DatabaseUrl::Sqlite(path) => {
                DbConnection::Sqlite(SqliteConnection::establish(&path.to_string_lossy()).unwrap())
            }
            DatabaseUrl::Postgres(url) => DbConnection::Postgres(PgConnection::establish(url).unwrap()),
        };
        if matches!(connection, DbConnection::Sqlite(_)) {
            let sql = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;";
            connection.batch_execute(sql).unwrap();
        } else {
            crate::support::as_owner(test, "");
        }
        Self { connection, before: 0, found: 0, refused: 0, missed: Vec::new() }
    }

    /// Findings about the record; of a change in `SEALED` tables those of the invariant that binds them.
    fn findings(&mut self, sql: &str) -> usize {
        if SEALED.iter().any(|table| sql.split_whitespace().any(|word| word == *table)) {
            let report = check::with(&mut self.connection).unwrap();
            return self.before + report.violations.iter().filter(|found| found.invariant == "I17").count();
        }
        let mut report = Report::default();
        verify::with(&mut self.connection, &mut report, &Kept::default()).unwrap();
        report.findings.len()
    }

    /// Takes every trigger of the program away.
    pub fn disarm(&mut self) {
        if matches!(self.connection, DbConnection::Postgres(_)) {
            return self.triggers("DISABLE");
        }
        let query = "SELECT '' AS table_name, name, '' AS kind FROM sqlite_master WHERE type = 'trigger'";
        let triggers: Vec<Cell> = diesel::sql_query(query).load(&mut self.connection).unwrap();
        for trigger in triggers {
            self.connection.batch_execute(&format!("DROP TRIGGER {}", trigger.name)).unwrap();
        }
    }

    /// Switches the triggers of every swept table off or on again (PostgreSQL).
    fn triggers(&mut self, verb: &str) {
        for table in swept() {
            self.connection.batch_execute(&format!("ALTER TABLE {table} {verb} TRIGGER USER")).unwrap();
        }
    }

    /// Runs `work` and takes it back.
    pub fn undone<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.connection.batch_execute("BEGIN").unwrap();
        let result = work(self);
        self.connection.batch_execute("ROLLBACK").unwrap();
        result
    }

    /// Does `sql`; whether it is found.
    fn tries(&mut self, sql: &str) {
        let before = self.before;
        let (found, refused) = self.undone(|vandal| match vandal.connection.batch_execute(sql) {
            Ok(()) => (vandal.findings(sql) > before, false),
            Err(_) => (true, true),
        });
        self.refused += usize::from(refused);
        self.found += usize::from(found && !refused);
        if !found {
            self.missed.push(sql.to_owned());
        }
    }

    fn columns(&mut self) -> Vec<Cell> {
        let query = match self.connection {
            DbConnection::Sqlite(_) => {
                "SELECT m.name AS table_name, c.name, lower(c.type) AS kind FROM sqlite_master m \
                 JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid"
            }
            DbConnection::Postgres(_) => {
                "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind \
                 FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
            }
        };
        let cells: Vec<Cell> = diesel::sql_query(query).load(&mut self.connection).unwrap();
        cells.into_iter().filter(|cell| swept().any(|table| table == cell.table_name)).collect()
    }

    fn count(&mut self, table: &str) -> usize {
        let query = format!("SELECT COUNT(*) AS count FROM {table}");
        diesel::sql_query(query).get_result::<Count>(&mut self.connection).unwrap().count as usize
    }
}

/// One row of a table, by its place in storage.
fn nth(connection: &DbConnection, table: &str, row: usize) -> String {
    let place = if matches!(connection, DbConnection::Sqlite(_)) { "rowid" } else { "ctid" };
    format!("{place} = (SELECT {place} FROM {table} ORDER BY {place} LIMIT 1 OFFSET {row})")
}

/// Another value of the same kind.
fn changed(cell: &Cell) -> String {
    let Cell { name, kind, .. } = cell;
    if kind.contains("int") { format!("COALESCE({name} + 1, 1)") } else { format!("COALESCE({name} || '0', '0')") }
}

#[test]
fn every_cell_every_row_and_every_swap_is_found() {
    on_each_database(|test| async move {
        story(&test).await;
        let mut vandal = Vandal::over(&test);
        vandal.disarm();
        vandal.before = vandal.undone(|vandal| vandal.findings(""));
        let cells = vandal.columns();
        let mut tables: Vec<String> = cells.iter().map(|cell| cell.table_name.clone()).collect();
        tables.dedup();
        let bare: Vec<&String> = tables.iter().filter(|table| vandal.count(table) == 0).collect();
        assert!(bare.is_empty(), "the story leaves no rows in {bare:?}");
        for cell in &cells {
            let (table, name) = (&cell.table_name, &cell.name);
            let rows = vandal.count(table);
            for row in [0, rows.saturating_sub(1)].into_iter().take(rows) {
                let (place, value) = (nth(&vandal.connection, table, row), changed(cell));
                vandal.tries(&format!("UPDATE {table} SET {name} = {value} WHERE {place}"));
            }
        }
        for table in &tables {
            let rows = vandal.count(table);
            if rows == 0 {
                continue;
            }
            let place = nth(&vandal.connection, table, rows / 2);
            vandal.tries(&format!("DELETE FROM {table} WHERE {place}"));
            insertion(&mut vandal, &cells, table, &place);
            if rows > 1 {
                swap(&mut vandal, &cells, table, rows);
            }
        }
        assert!(vandal.missed.is_empty(), "{} not found:\n{}", vandal.missed.len(), vandal.missed.join("\n"));
        assert!(vandal.found > 300, "{} found, {} refused by the engine", vandal.found, vandal.refused);
        if matches!(vandal.connection, DbConnection::Postgres(_)) {
            vandal.triggers("ENABLE");
        }
        pasok::db::migrate::up(&test.app.db).unwrap();
        let after = super::verified(&test);
        assert!(after.is_clean(), "{after}");
    });
}

/// A copy of a row under another key.
fn insertion(vandal: &mut Vandal, cells: &[Cell], table: &str, place: &str) {
    let columns: Vec<&Cell> = cells.iter().filter(|cell| cell.table_name == table).collect();
    let unique = [
        "id",
        "vkey",
        "size",
        "part",
        "tile",
        "line",
        "layout",
        "row_key",
        "code",
        "key",
        "serial",
        "number",
        "leaf_index",
    ];
    let is_key = |cell: &Cell| {
        let keys = PROTECTED.iter().find(|known| known.name == table).map(|known| known.key).unwrap_or_default();
        keys.iter().any(|key| key.column() == cell.name) || unique.contains(&cell.name.as_str())
    };
    let values: Vec<String> =
        columns.iter().map(|cell| if is_key(cell) { changed(cell) } else { cell.name.clone() }).collect();
    let names: Vec<&str> = columns.iter().map(|cell| cell.name.as_str()).collect();
    vandal.tries(&format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE {place}",
        names.join(", "),
        values.join(", ")
    ));
}

/// Two rows exchange everything but their keys.
fn swap(vandal: &mut Vandal, cells: &[Cell], table: &str, rows: usize) {
    let Some(protected) = PROTECTED.iter().find(|known| known.name == table) else { return };
    let (one, other) = (nth(&vandal.connection, table, 0), nth(&vandal.connection, table, rows - 1));
    let is_key = |name: &str| protected.key.iter().any(|key| key.column() == name);
    let columns: Vec<&str> = cells
        .iter()
        .filter(|cell| cell.table_name == table && !is_key(&cell.name))
        .map(|cell| cell.name.as_str())
        .collect();
    let Some(column) = columns.last() else { return };
    // Only where they differ is it a change.
    let differ = format!(
        "SELECT COUNT(*) AS count FROM {table} a, {table} b WHERE a.{one} AND b.{other} AND a.{column} IS DISTINCT FROM b.{column}"
    );
    if diesel::sql_query(differ).get_result::<Count>(&mut vandal.connection).unwrap().count == 0 {
        return;
    }
    let place = if matches!(vandal.connection, DbConnection::Sqlite(_)) { "rowid" } else { "ctid" };
    vandal.tries(&format!(
        "CREATE TEMP TABLE swapped AS SELECT {place} AS place, {column} AS value FROM {table} WHERE {one} OR {other}; \
         UPDATE {table} SET {column} = (SELECT value FROM swapped WHERE place <> {table}.{place}) WHERE {one} OR {other}"
    ));
}

/// Forges a past: the whole log is thrown away and written anew over the tables as they are now, by the program itself and
/// with the log's own key.
fn rewrite(test: &TestApp) {
    let mut vandal = Vandal::over(test);
    let growing: Vec<&str> = insert_only_tables().collect();
    if matches!(vandal.connection, DbConnection::Sqlite(_)) {
        for table in &growing {
            let sql = format!("DROP TRIGGER IF EXISTS {table}_no_update; DROP TRIGGER IF EXISTS {table}_no_delete");
            vandal.connection.batch_execute(&sql).unwrap();
        }
    } else {
        for table in &growing {
            vandal.connection.batch_execute(&format!("ALTER TABLE {table} DISABLE TRIGGER {table}_only_grow")).unwrap();
        }
        vandal.connection.batch_execute("ALTER TABLE audit_entries DISABLE TRIGGER USER").unwrap();
    }
    let wipe =
        ["log_cosignatures", "log_checkpoints", "log_tiles", "row_seals", "row_salts", "audit_entries", "log_keys"];
    for table in wipe {
        vandal.connection.batch_execute(&format!("DELETE FROM {table}")).unwrap();
    }
    vandal.connection.batch_execute("DELETE FROM record_touched; UPDATE log_head SET size = 0, edge = ''").unwrap();
    // A larger award for a friend, in every place that tells of it.
    vandal.connection.batch_execute("UPDATE awards SET distance_m = distance_m + 1").unwrap();
    vandal.connection.batch_execute("DELETE FROM record_touched").unwrap();
    test.app
        .write(SYSTEM, |work| {
            if matches!(work.connection, DbConnection::Postgres(_)) {
                // Only the owner may touch rows that only grow.
                work.connection.batch_execute("SET LOCAL ROLE NONE")?;
            }
            for table in PROTECTED {
                let column = table.key[0].column();
                work.connection.batch_execute(&format!("UPDATE {} SET {column} = {column}", table.name))?;
            }
            let _: () = work.checkpoint("published");
            Ok(())
        })
        .unwrap();
    if matches!(vandal.connection, DbConnection::Postgres(_)) {
        for table in &growing {
            vandal.connection.batch_execute(&format!("ALTER TABLE {table} ENABLE TRIGGER {table}_only_grow")).unwrap();
        }
        vandal.connection.batch_execute("ALTER TABLE audit_entries ENABLE TRIGGER USER").unwrap();
    }
    pasok::db::migrate::up(&test.app.db).unwrap();
}

#[test]
fn a_log_written_anew_is_found_by_whoever_kept_a_checkpoint() {
    on_each_database(|test| async move {
        Trade::published(&test).await;
        let kept = super::head(&test);
        rewrite(&test);
        let alone = super::verified(&test);
        assert!(alone.is_clean(), "the forgery should be perfect, or this test shows nothing:\n{alone}");
        let report = super::verified_against(&test, &[kept]);
        assert!(!report.is_clean(), "{report}");
    });
}

#[test]
fn a_log_that_lost_its_end_is_found_by_whoever_kept_a_checkpoint() {
    on_each_database(|test| async move {
        Trade::collecting(&test).await;
        let other = super::verified(&test);
        test.app
            .write(SYSTEM, |work| {
                let _: () = work.checkpoint("daily");
                Ok(())
            })
            .unwrap();
        let kept = super::head(&test);
        let size = other.leaves as i64;
        // What yesterday's backup would hold.
        let mut vandal = Vandal::over(&test);
        vandal.disarm();
        let report = vandal.undone(|vandal| {
            let sql = format!(
                "DELETE FROM audit_entries WHERE leaf_index >= {size}; DELETE FROM row_seals WHERE leaf_index >= {size}; \
                 DELETE FROM log_checkpoints; DELETE FROM log_keys"
            );
            vandal.connection.batch_execute(&sql).unwrap();
            let mut report = Report::default();
            let kept = Kept { checkpoints: vec![kept.clone()], key: None };
            verify::with(&mut vandal.connection, &mut report, &kept).unwrap();
            report
        });
        assert!(report.findings.iter().any(|finding| finding.what.contains("has only")), "{report}");
    });
}

#[test]
fn changes_made_while_the_watchers_stand_are_not_blessed_by_the_next_transaction() {
    on_each_database(|test| async move {
        Trade::published(&test).await;
        let mut connection = Vandal::over(&test).connection;
        connection.batch_execute("UPDATE orders SET reason_note = 'x'").unwrap();
        assert!(!super::verified(&test).is_clean());
        // The program goes on and records its own work; the change stays a stranger.
        test.organisation("KKMP-77", pasok::parties::Class::Kdmp, &[pasok::parties::Capability::Buyer]);
        let report = super::verified(&test);
        assert!(report.findings.iter().any(|finding| finding.place.starts_with("orders ")), "{report}");
    });
}
