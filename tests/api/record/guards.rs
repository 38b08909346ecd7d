//! What the database itself refuses, and that no table was forgotten.

use crate::support::{SYSTEM, TestApp, Trade, assert_document, on_each_database};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use pasok::db::guards::{Growth, PROTECTED, UNPROTECTED, insert_only_tables};
use pasok::db::{DatabaseUrl, DbConnection};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The application's roles are not even granted what these triggers refuse, so the owner tries, within one transaction.
fn as_owner(test: &TestApp, table: &str) -> String {
    match test.app.db.url() {
        DatabaseUrl::Sqlite(_) => String::new(),
        DatabaseUrl::Postgres(_) => format!("SET LOCAL ROLE NONE; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"),
    }
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "only whether there is one counts")]
    table_name: String,
}

#[test]
fn growing_tables_refuse_update_delete_and_truncate() {
    on_each_database(|test| async move {
        Trade::published(&test).await;
        let mut tried = 0;
        for table in insert_only_tables() {
            let rows = test.app.read(SYSTEM, |connection, _| {
                let sql = format!("SELECT table_name FROM (SELECT '{table}' AS table_name FROM {table} LIMIT 1) x");
                Ok(diesel::sql_query(sql).load::<Table>(connection)?.len())
            });
            // A trigger for each row is not asked about none; a story of each domain leaves some.
            if rows.unwrap() == 0 {
                continue;
            }
            tried += 1;
            let column = match pasok::db::guards::protected(table) {
                Some(known) => known.key[0].column(),
                None if table == "audit_entries" => "id",
                None if table == "log_checkpoints" => "size",
                None if table == "row_layouts" => "layout",
                None => "leaf_index",
            };
            let mut attempts = vec![format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")];
            if matches!(test.app.db.url(), DatabaseUrl::Postgres(_)) {
                attempts.push(format!("TRUNCATE {table} CASCADE"));
            }
            for attempt in attempts {
                let sql = format!("{} {attempt}", as_owner(&test, table));
                let refused = test.app.write(SYSTEM, |work| Ok(work.connection.batch_execute(&sql)?));
                let text = refused.map_err(|error| format!("{error:?}")).expect_err(&sql);
                assert!(text.contains("only grows"), "{sql}: {text}");
            }
        }
        assert!(tried >= 9, "only {tried} tables have rows");
    });
}

#[test]
fn a_guard_that_is_gone_is_named() {
    on_each_database(|test| async move {
        test.app
            .write(SYSTEM, |work| {
                let sql = match work.connection {
                    DbConnection::Sqlite(_) => "DROP TRIGGER awards_no_update",
                    DbConnection::Postgres(_) => {
                        "SET LOCAL ROLE NONE; ALTER TABLE awards DISABLE TRIGGER awards_only_grow"
                    }
                };
                Ok(work.connection.batch_execute(sql)?)
            })
            .unwrap();
        let report = super::verified(&test);
        assert_eq!(report.findings.len(), 1, "{report}");
    });
}

#[test]
fn touched_rows_are_looked_up_by_key_in_spite_of_row_level_security() {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        text: String,
    }
    on_each_database(|test| async move {
        let scans = test.app.read(SYSTEM, |connection, _| {
            let DbConnection::Postgres(inner) = connection else { return Ok(Vec::new()) };
            // Small tables are planned as if they were large ones.
            inner.batch_execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off",
            )?;
            let mut scans = Vec::new();
            for table in PROTECTED {
                let (name, keys, matches) = (table.name, table.typed_keys(), table.key_matches());
                let sql = format!(
                    "EXPLAIN SELECT t.* FROM (SELECT DISTINCT {keys} FROM record_touched WHERE xact = 1 AND table_name = '{name}') k \
                     LEFT JOIN {name} t ON {matches}"
                );
                let plan: Vec<Step> = diesel::sql_query(sql).load(inner)?;
                let by_key = |step: &Step| {
                    step.text.contains("Index Cond: ") && step.text.contains(&format!("({} = ", table.key[0].column()))
                };
                if !plan.iter().any(by_key) {
                    scans.push(plan.into_iter().map(|step| step.text).collect::<Vec<_>>().join("\n"));
                }
            }
            Ok(scans)
        });
        assert_eq!(scans.unwrap(), [""; 0]);
    });
}

/// Tables of `schema.rs`, which another test compares with the database.
fn tables() -> Vec<&'static str> {
    let source = include_str!("../../../src/db/schema.rs");
    let heads =
        source.lines().filter_map(|line| line.trim().strip_suffix(") {")).filter_map(|line| line.split_once(" ("));
    heads.map(|(name, _)| name).collect()
}

#[test]
fn every_table_is_protected_or_says_why_not() {
    let protected: Vec<&str> = PROTECTED.iter().map(|table| table.name).collect();
    let others: Vec<&str> = UNPROTECTED.iter().map(|(name, _)| *name).collect();
    for table in tables() {
        let (is, is_not) = (protected.contains(&table), others.contains(&table));
        assert!(is != is_not, "{table}: list it once in src/db/guards/tables.rs");
    }
    for table in protected {
        assert!(tables().contains(&table), "{table} does not exist");
    }
}

#[derive(QueryableByName)]
struct KeyColumn {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Columns of primary keys, by table, in order.
fn keys(connection: &mut DbConnection) -> BTreeMap<String, Vec<String>> {
    let query = match connection {
        DbConnection::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.pk > 0 ORDER BY m.name, c.pk"
        }
        DbConnection::Postgres(_) => {
            "SELECT CAST(c.relname AS TEXT) AS table_name, CAST(a.attname AS TEXT) AS name FROM pg_index i \
             JOIN pg_class c ON c.oid = i.indrelid JOIN unnest(i.indkey) WITH ORDINALITY k (attnum, place) ON true \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum \
             WHERE i.indisprimary AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, k.place"
        }
    };
    let rows: Vec<KeyColumn> = diesel::sql_query(query).load(connection).unwrap();
    let mut keys = BTreeMap::<String, Vec<String>>::new();
    for row in rows {
        keys.entry(row.table_name).or_default().push(row.name);
    }
    keys
}

#[test]
fn keys_in_the_list_are_the_primary_keys() {
    on_each_database(|test| async move {
        let keys = test.app.read(SYSTEM, |connection, _| Ok(keys(connection))).unwrap();
        for table in PROTECTED {
            let listed: Vec<&str> = table.key.iter().map(|key| key.column()).collect();
            assert_eq!(keys.get(table.name).map(Vec::as_slice).unwrap_or_default(), listed, "{}", table.name);
        }
    });
}

#[test]
fn the_list_of_tables_is_current() {
    let mut text = String::from(
        "# Tables and the record\n\nGenerated by a test from `src/db/guards/tables.rs`; `PASOK_WRITE_DOCS=1` writes it anew. A change of any cell of a \
         protected table is found by `pasok audit verify`; [record.md](record.md) says how. The application's database role needs \
         only what the third column says.\n\n| protected table | key | needs | besides |\n|---|---|---|---|\n",
    );
    for table in PROTECTED {
        let keys: Vec<&str> = table.key.iter().map(|key| key.column()).collect();
        let needs = match table.growth {
            Growth::OnlyGrows => "INSERT, SELECT; triggers refuse the rest",
            Growth::Changes => "INSERT, SELECT, UPDATE, DELETE",
        };
        let mut besides = Vec::new();
        if table.personal {
            besides.push("about people: salted hash".to_owned());
        }
        if let Some((document, sha256)) = table.document {
            besides.push(format!("`{document}` by its `{sha256}`"));
        }
        writeln!(text, "| {} | {} | {needs} | {} |", table.name, keys.join(", "), besides.join("; ")).unwrap();
    }
    text.push_str("\n| other table | why it is not hashed |\n|---|---|\n");
    for (name, why) in UNPROTECTED {
        writeln!(text, "| {name} | {why} |").unwrap();
    }
    assert_document("docs/record-tables.md", &text);
}
