//! Every number of the plans of all examples, moved by one: each is refused, by both checkers.

use super::mutation::{moved, numbers};
use super::second::second_opinions;
use pasok_solver::check::check;
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Problem, problem_sha256};
use pasok_solver::{SolveOptions, solve};
use serde_json::{Value, json};

/// The examples by name, each with its plan as a document, nothing left out that stands at its default.
fn solved_examples() -> Vec<(String, Problem, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let solved = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let problem = Problem::from_json(&bytes).unwrap();
        let options = SolveOptions { threads: 1, ..SolveOptions::default() };
        let plan = solve(&problem, &problem_sha256(&bytes), &options, &mut |_| ()).unwrap();
        assert!(check(&problem, &plan.problem_sha256, &plan).is_clean());
        let mut document = serde_json::to_value(&plan).unwrap();
        document["certificate"]["scale"] = plan.certificate.scale.into();
        document["totals"]["priority"] = plan.totals.priority.to_string().into();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), problem, document)
    };
    paths.iter().filter(|path| path.extension().is_some_and(|e| e == "json")).map(solved).collect()
}

#[test]
fn every_number_of_every_examples_plan_is_guarded_by_both_checkers() {
    let (mut cases, mut names) = (Vec::new(), Vec::new());
    for (name, problem, document) in solved_examples() {
        let mut pointers = Vec::new();
        numbers(&document, "", &mut pointers);
        let sha = document["problem_sha256"].as_str().unwrap().to_owned();
        for (pointer, by) in pointers.iter().flat_map(|pointer| [(pointer, -1), (pointer, 1)]) {
            let altered = moved(&document, pointer, by);
            let mutant: Plan = serde_json::from_value(altered.clone()).unwrap();
            let report = check(&problem, &sha, &mutant);
            assert!(!report.is_clean(), "{name}: {pointer} moved by {by} is accepted");
            cases.push(json!({"problem": problem, "sha256": sha, "plan": altered}));
            names.push(format!("{name}: {pointer} moved by {by}"));
        }
    }
    assert!(cases.len() > 1_300, "only {} mutants", cases.len());
    for (codes, name) in second_opinions(&cases).iter().zip(&names) {
        assert!(!codes.is_empty(), "{name} is accepted by the second checker");
    }
}
