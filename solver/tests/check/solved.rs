//! What the engines answer must satisfy the referee: no violation, and on pure flow problems no gap.

use super::random::{self, Rng};
use pasok_solver::check::check;
use pasok_solver::plan::PlanStatus;
use pasok_solver::{SolveOptions, solve, validate};

/// (problems solved, of them proved optimal)
fn judge(seed: u64, rounds: usize, plain: bool) -> (usize, usize) {
    let mut rng = Rng(seed);
    let (mut solved, mut optimal) = (0, 0);
    for round in 0..rounds {
        let mut problem = random::problem(&mut rng, plain);
        problem.demands.retain(|demand| demand.quantity > 0);
        problem.pins.clear();
        if !validate(&problem).is_empty() {
            continue;
        }
        let plan = match solve(&problem, "sha", &SolveOptions { threads: 1, ..Default::default() }, &mut |_| ()) {
            Ok(plan) => plan,
            Err(error) => panic!("{error}"),
        };
        let report = check(&problem, "sha", &plan);
        assert!(
            report.is_clean(),
            "round {round}: {:#?}\n{}\n{}",
            report.violations,
            serde_json::to_string_pretty(&problem).unwrap(),
            serde_json::to_string_pretty(&plan).unwrap()
        );
        solved += 1;
        optimal += usize::from(plan.status == PlanStatus::Optimal);
    }
    (solved, optimal)
}

#[test]
fn plans_of_the_flow_engine_pass() {
    let (solved, optimal) = judge(31, 400, true);
    assert!(solved > 200, "only {solved} problems were valid");
    assert!(optimal > solved / 2, "{optimal} of {solved} optimal");
}

#[test]
fn plans_with_integer_terms_pass() {
    let (solved, optimal) = judge(32, 300, false);
    assert!(solved > 100, "only {solved} problems were valid");
    assert!(optimal > solved / 3, "{optimal} of {solved} optimal");
}
