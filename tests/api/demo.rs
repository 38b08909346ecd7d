//! The main job on real data: three cities, verified, cheaper than buying alone, the same every time.

use crate::support::database_urls;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn pasok(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_pasok")).args(arguments).output().expect("pasok runs")
}

/// Plays a city on `database`, leaves its files in `keep`, and answers the figures.
fn demo(city: &str, database: &str, keep: &Path) -> Value {
    let keep = keep.to_str().unwrap();
    let output = pasok(&["demo", "--city", city, "--database", database, "--json", "--keep", keep]);
    assert!(output.status.success(), "{city}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object on standard output")
}

fn whole(figures: &Value, key: &str) -> i64 {
    figures[key].as_i64().unwrap_or_else(|| panic!("{key} in {figures}"))
}

fn assert_worth_it(city: &str, coops: i64, figures: &Value) {
    assert_eq!(whole(figures, "coops"), coops, "{city}");
    assert!(figures["certificate"].as_str().unwrap().starts_with("verified"), "{city}");
    assert_eq!(whole(figures, "total_idr"), whole(figures, "goods_idr") + whole(figures, "freight_idr"));
    for baseline in ["fcfs", "nearest"] {
        let total = whole(figures, &format!("baseline_{baseline}_total_idr"));
        assert!(whole(figures, "total_idr") < total, "{city} against {baseline}");
    }
    assert!(figures["filled_share"].as_str().unwrap() > "0.9", "{city}");
    assert!(whole(figures, "orders") > 0 && whole(figures, "order_lines") >= whole(figures, "orders"));
    assert!(!figures["shortages"].as_array().unwrap().is_empty(), "{city}: a city where nothing lacks is made up");
}

#[test]
fn three_cities_are_supplied_verified_and_cheaper_than_alone() {
    for (city, coops) in [("kupang", 51), ("bogor", 68), ("jakarta-utara", 31)] {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}/demo.db", folder.path().display());
        let figures = demo(city, &database, folder.path());
        assert_worth_it(city, coops, &figures);
        let check = pasok(&["check", "--database", &database]);
        assert!(check.status.success(), "{city}: {}", String::from_utf8_lossy(&check.stdout));
        let solver = Path::new(env!("CARGO_BIN_EXE_pasok")).with_file_name("pasok-solver");
        let (problem, plan) = (folder.path().join("problem.json"), folder.path().join("plan.json"));
        let judged = Command::new(solver).arg("check").args([problem, plan]).output().unwrap();
        assert!(judged.status.success(), "{city}: {}", String::from_utf8_lossy(&judged.stdout));
    }
}

#[test]
fn the_same_seed_gives_the_same_week_on_every_database() {
    let folder = tempfile::tempdir().unwrap();
    let seen = std::cell::RefCell::new(Vec::new());
    let play = |database: &str| {
        let figures = demo("bogor", database, folder.path());
        assert!(pasok(&["check", "--database", database]).status.success(), "{database}");
        let plan = std::fs::read(folder.path().join("plan.json")).unwrap();
        seen.borrow_mut().push((figures["snapshot_sha256"].clone(), figures["total_idr"].clone(), plan));
    };
    play(&format!("sqlite://{}/first.db", folder.path().display()));
    database_urls(play);
    let seen = seen.into_inner();
    assert!(seen.len() >= 2 && seen.iter().all(|run| *run == seen[0]), "runs differ");
}

#[test]
fn wrong_arguments_are_told_with_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/demo.db", folder.path().display());
    for arguments in [
        vec!["demo", "--city", "atlantis", "--database", &database],
        vec!["demo", "--province", "mars", "--database", &database],
        vec!["demo", "--database", "mysql://localhost/x"],
        vec!["check", "--database", "nonsense"],
    ] {
        let output = pasok(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::write(folder.path().join("demo.db"), "in use").unwrap();
    let output = pasok(&["demo", "--database", &database]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("exists already"));
}
