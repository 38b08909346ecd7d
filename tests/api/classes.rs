//! `pasok training`: opening a class, taking it on step by step, starting it over; each command as somebody would type it.

use crate::support::database_urls;
use std::process::{Command, Output};

fn training(database: &str, arguments: &[&str]) -> Output {
    let arguments = [&["training"], arguments, &["--database", database]].concat();
    Command::new(env!("CARGO_BIN_EXE_pasok")).args(arguments).output().expect("pasok runs")
}

/// What a command prints when it succeeds.
fn said(database: &str, arguments: &[&str]) -> String {
    let output = training(database, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_class_is_opened_taken_on_and_started_over_from_the_command_line() {
    database_urls(|database| {
        let code = said(database, &["open", "--name", "Kelas uji"]);
        assert!(code.len() == 6 && code.bytes().all(|letter| letter.is_ascii_alphanumeric()), "{code}");
        assert_eq!(said(database, &["open", "--name", "Kelas uji"]), code, "the same word opens the same class");
        assert_ne!(said(database, &["open", "--name", "Kelas lain"]), code);
        // The second week is open: it is closed, computed, approved, published, answered, and the next one opened.
        let steps: Vec<String> = (0..6).map(|_| said(database, &["go-on", &code.to_lowercase()])).collect();
        assert_eq!(steps, ["solve", "approve", "publish", "answer", "open", "close"]);
        assert_eq!(said(database, &["start-over", &code]), code);
        assert_eq!(said(database, &["go-on", &code]), "solve", "a fresh run begins with an open second week");
        for unknown in [["go-on", "ZZZZZZ"], ["start-over", "ZZZZZZ"]] {
            let refused = training(database, &unknown);
            assert!(!refused.status.success() && refused.stdout.is_empty(), "{unknown:?}");
            assert!(String::from_utf8_lossy(&refused.stderr).contains("training class"), "{refused:?}");
        }
        let check = Command::new(env!("CARGO_BIN_EXE_pasok")).args(["check", "--database", database]).output().unwrap();
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    });
}
