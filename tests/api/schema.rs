//! Migrations go up, down and up again, and diesel's tables are the database's tables.

use crate::support::{SYSTEM, on_each_database};
use diesel::prelude::*;
use pasok::db::{DbConnection, migrate};
use std::collections::BTreeSet;

#[test]
fn migrations_go_up_down_and_up_again() {
    on_each_database(|test| async move {
        assert_eq!(migrate::pending(&test.app.db).unwrap(), 0);
        let steps = migrate::down(&test.app.db).unwrap();
        assert!(steps >= 3);
        assert_eq!(migrate::pending(&test.app.db).unwrap(), steps);
        assert_eq!(migrate::up(&test.app.db).unwrap().len(), steps);
        assert_eq!(migrate::up(&test.app.db).unwrap().len(), 0);
    });
}

#[test]
fn processes_that_migrate_together_do_it_once() {
    use pasok::db::{Db, DbOptions};
    crate::support::database_urls(|url| {
        let at_once: Vec<_> = (0..6)
            .map(|_| {
                let url = url.parse().unwrap();
                std::thread::spawn(move || {
                    let db = Db::open(&url, DbOptions { connections: 2, ..DbOptions::default() }).unwrap();
                    (migrate::up(&db).unwrap().len(), migrate::pending(&db).unwrap())
                })
            })
            .collect();
        let done: Vec<_> = at_once.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(done.iter().filter(|(applied, _)| *applied > 0).count(), 1, "{done:?}");
        assert!(done.iter().all(|(_, pending)| *pending == 0), "{done:?}");
    });
}

#[test]
fn readiness_does_not_wait_for_a_writer() {
    on_each_database(|test| async move {
        let db = test.app.db.clone();
        let (held, holding) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let writer = std::thread::spawn(move || {
            db.write(&SYSTEM, |_| {
                held.send(()).unwrap();
                let _ = released.recv();
                Ok::<_, pasok::db::DbError>(())
            })
        });
        holding.recv().unwrap();
        test.anyone().get("/readyz").await.expect(200);
        release.send(()).unwrap();
        writer.join().unwrap().unwrap();
    });
}

#[test]
fn diesel_knows_every_table_and_column() {
    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    on_each_database(|test| async move {
        let query = |connection: &mut DbConnection| -> QueryResult<Vec<Column>> {
            match connection {
                DbConnection::Sqlite(inner) => diesel::sql_query(
                    "SELECT m.name || '.' || c.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'",
                )
                .load(inner),
                DbConnection::Postgres(inner) => diesel::sql_query(
                    "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
                     WHERE table_schema = current_schema()",
                )
                .load(inner),
            }
        };
        let columns = test.app.read(SYSTEM, |connection, _| Ok(query(connection)?)).unwrap();
        let found: BTreeSet<String> =
            columns.into_iter().map(|column| column.name).filter(|name| !name.starts_with("__diesel")).collect();
        let known: BTreeSet<String> = known_columns();
        assert_eq!(found, known);
    });
}

/// `table.column` of every `diesel::table!` block.
fn known_columns() -> BTreeSet<String> {
    let source = include_str!("../../src/db/schema.rs");
    let mut table = "";
    let mut columns = BTreeSet::new();
    for line in source.lines() {
        let line = line.trim();
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name;
        } else if let Some((column, _)) = line.split_once(" -> ").filter(|_| line.ends_with(',')) {
            columns.insert(format!("{table}.{column}"));
        }
    }
    columns
}
