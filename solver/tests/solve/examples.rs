//! The examples in the documentation are problems that solve to what their names promise.

use crate::brute;
use crate::build::{approved, with};
use pasok_solver::check::Multipliers;
use pasok_solver::problem::{Problem, problem_sha256};
use pasok_solver::{Engine, validate};

#[test]
fn every_example_is_solved_to_its_optimum() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let mut solved = 0;
    for path in names.iter().filter(|path| path.extension().is_some_and(|e| e == "json")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let problem = Problem::from_json(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(validate(&problem), [], "{name}");
        let plan = approved(&problem, &with(Engine::Auto));
        let sha = problem_sha256(&problem.to_json());
        let given = Multipliers { fairness: plan.fairness.clone(), ..Multipliers::default() };
        let least = brute::best_beside(&problem, &sha, &given, 200_000)
            .unwrap_or_else(|| panic!("{name} is too large to count"));
        assert_eq!(plan.totals.objective, least, "{name}");
        assert!(!plan.lines.is_empty(), "{name} orders nothing");
        solved += 1;
    }
    assert!(solved >= 18, "only {solved} examples");
}
