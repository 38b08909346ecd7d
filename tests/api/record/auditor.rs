//! The independent auditor's script, which shares no code with the product, on a good export and on bad ones.

use crate::support::{TestApp, Trade, on_each_database};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use pasok::db::DatabaseUrl;
use std::path::Path;
use std::process::Command;

/// Runs the script; whether it is content, and what it says.
fn audit(arguments: &[&str]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/verify-record.py");
    let output = Command::new("python3").arg(script).args(arguments).output().expect("python3, which the script needs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

/// A copy of the database as an auditor gets it, changed by `sql` with the guards taken away.
fn export(test: &TestApp, folder: &Path, name: &str, sql: &str) -> Option<String> {
    let DatabaseUrl::Sqlite(path) = test.app.db.url() else { return None };
    let file = folder.join(name).to_string_lossy().into_owned();
    let mut live = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
    live.batch_execute(&format!("VACUUM INTO '{file}'")).unwrap();
    let mut copy = SqliteConnection::establish(&file).unwrap();
    for table in ["order_lines", "audit_entries", "row_seals", "log_checkpoints", "round_snapshots"] {
        let drops = ["no_update", "no_delete"].map(|guard| format!("DROP TRIGGER {table}_{guard};")).concat();
        copy.batch_execute(&drops).unwrap();
    }
    copy.batch_execute(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    Some(file)
}

#[test]
fn the_auditors_script_agrees_on_good_and_on_tampered_exports() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let folder = tempfile::tempdir().unwrap();
        let head = folder.path().join("head.txt");
        std::fs::write(&head, super::head(&test)).unwrap();
        let key = test.app.record.keys().signer().unwrap().verifier().to_string();
        let Some(good) = export(&test, folder.path(), "good.db", "") else { return };
        let with_head = ["--key", &key, "--checkpoint", &head.to_string_lossy()];
        let (holds, said) = audit(&[&[good.as_str()], &with_head[..]].concat());
        assert!(holds && said.contains("0 findings"), "{said}");

        let bad = [
            "UPDATE order_lines SET quantity = quantity + 1 WHERE id = (SELECT MIN(id) FROM order_lines)",
            "DELETE FROM shortages WHERE id = (SELECT MIN(id) FROM shortages)",
            "UPDATE members SET name = 'Orang lain' WHERE id = (SELECT MIN(id) FROM members)",
            "UPDATE audit_entries SET new_value = 'x' WHERE leaf_index = 2",
            "UPDATE audit_entries SET organisation_id = 7 WHERE leaf_index = 3",
            "DELETE FROM audit_entries WHERE leaf_index = 4",
            "UPDATE row_seals SET rows = replace(rows, 'A', 'B')",
            "UPDATE log_checkpoints SET note = replace(note, '\u{2014}', '-')",
            "UPDATE log_head SET size = size + 1",
            "UPDATE round_snapshots SET problem = problem || ' '",
        ];
        for (number, sql) in bad.into_iter().enumerate() {
            let sql = format!("DROP TRIGGER IF EXISTS shortages_no_delete; {sql}");
            let file = export(&test, folder.path(), &format!("bad{number}.db"), &sql).unwrap();
            let (holds, said) = audit(&[&file]);
            assert!(!holds && said.contains("NOT ok"), "{sql}: {said}");
        }

        let operator = &trade.stage.operator.client;
        let leaves = operator.get("/api/v1/log/leaves?limit=500").await.expect(200).json();
        let own = leaves["items"].as_array().unwrap().iter().find(|item| item["leaf"].is_string()).unwrap();
        let address = format!("/api/v1/log/leaves/{}/receipt", own["index"].as_str().unwrap());
        let text = operator.get(&address).await.expect(200).json()["text"].as_str().unwrap().to_owned();
        let receipt = folder.path().join("receipt.txt");
        std::fs::write(&receipt, &text).unwrap();
        let arguments = ["--key", &key, "--receipt", &receipt.to_string_lossy()];
        assert_eq!(audit(&arguments), (true, "holds\n".to_owned()));
        std::fs::write(&receipt, text.replacen("index ", "index 1", 1)).unwrap();
        assert_eq!(audit(&arguments), (false, "does NOT hold\n".to_owned()));
    });
}
