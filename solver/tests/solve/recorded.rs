//! The plans of all examples and of some generated markets, byte for byte, by their SHA-256.
//!
//! One record for every build, machine and number of threads: `cargo test --workspace --release --test solve recorded`
//! holds the release build to it. After a wanted change of plans or certificates:
//! `PASOK_WRITE_DOCS=1 cargo test --workspace --test solve recorded`, then read the difference.

use crate::build::approved;
use pasok_solver::SolveOptions;
use pasok_solver::generate::{Size, Terms, problem as generated};
use pasok_solver::problem::{Problem, problem_sha256};
use std::path::Path;

fn markets() -> Vec<(String, Problem)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let example = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, Problem::from_json(&std::fs::read(path).unwrap()).unwrap())
    };
    let mut all: Vec<_> = paths.iter().filter(|p| p.extension().is_some_and(|e| e == "json")).map(example).collect();
    let market = |seed: u64, buyers, suppliers, mixed_packs| {
        let terms = Terms { mixed_packs, ..Terms::default() };
        Size { buyers, suppliers, commodities: 3, offers_each: 0, stock_permille: 900, seed, terms }
    };
    for size in [market(1, 40, 12, false), market(2, 300, 25, false), market(3, 20, 8, true)] {
        all.push((format!("generated-{}", size.seed), generated(size)));
    }
    all
}

#[test]
fn recorded_plans_come_out_byte_for_byte() {
    let threads = |place: usize| 1 + place % 4;
    let line = |(place, (name, made)): (usize, (String, Problem))| {
        let options = SolveOptions { threads: threads(place), time_limit: None, ..SolveOptions::default() };
        format!("{} {name}\n", problem_sha256(&approved(&made, &options).to_json()))
    };
    let found: String = markets().into_iter().enumerate().map(line).collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/plans.sha256");
    if std::env::var_os("PASOK_WRITE_DOCS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&file).unwrap());
}
