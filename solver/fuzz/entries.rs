//! What every reader of foreign bytes must keep, whatever they are: no panic, and no wrong answer.
//!
//! Used by the fuzz targets beside this file and by the ordinary tests in `solver/tests/readers`.

use pasok_solver::check::{PersonPlan, check, check_person};
use pasok_solver::compare::compare;
use pasok_solver::dimacs;
use pasok_solver::flow::mcf::{self, Network, Outcome, Solution};
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Problem, problem_sha256};
use pasok_solver::{SolveError, SolveOptions, solve, validate};
use std::sync::OnceLock;
use std::time::Duration;

/// Nodes and arcs up to which a network is solved.
const MOST_ARCS: usize = 3_000;

fn options() -> SolveOptions {
    SolveOptions { threads: 1, time_limit: Some(Duration::from_secs(2)), ..SolveOptions::default() }
}

/// A problem document: read, validated, and if it is tiny solved, checked and written.
pub fn problem(bytes: &[u8]) {
    let Ok(problem) = Problem::from_json(bytes) else { return };
    assert_eq!(Problem::from_json(&problem.to_json()).ok().as_ref(), Some(&problem), "writing loses something");
    let issues = validate(&problem);
    let sha = problem_sha256(bytes);
    if !issues.is_empty() {
        assert!(issues.iter().all(|issue| !issue.pointer.is_empty() && !issue.action.is_empty()));
        assert!(matches!(solve(&problem, &sha, &options(), &mut |_| ()), Err(SolveError::Invalid(_))));
        return;
    }
    if !is_tiny(&problem) {
        return;
    }
    match solve(&problem, &sha, &options(), &mut |_| ()) {
        Ok(found) => {
            let report = check(&problem, &sha, &found);
            assert!(report.is_clean(), "{:?}\n{}", report.violations, String::from_utf8_lossy(&problem.to_json()));
            assert_eq!(Plan::from_json(&found.to_json()).ok().as_ref(), Some(&found));
        }
        // Only pins can leave no plan at all.
        Err(error) => assert!(!problem.pins.is_empty(), "{error}\n{}", String::from_utf8_lossy(&problem.to_json())),
    }
}

/// Few records and short windows, so that it is solved at once.
fn is_tiny(problem: &Problem) -> bool {
    let days = problem.demands.iter().map(|demand| demand.day_to - demand.day_from).sum::<i64>();
    problem.demands.len() <= 8 && problem.offers.len() <= 8 && days <= 16
}

/// A market to hold foreign plans against, with its best plan.
struct Market {
    problem: Problem,
    sha: String,
    best: Plan,
}

fn markets() -> &'static [Market] {
    static MARKETS: OnceLock<Vec<Market>> = OnceLock::new();
    let examples: [&[u8]; 4] = [
        include_bytes!("../examples/drop_fee.json"),
        include_bytes!("../examples/tiers_incremental.json"),
        include_bytes!("../examples/bundle_discount.json"),
        include_bytes!("../examples/substitutes.json"),
    ];
    let market = |bytes: &&[u8]| {
        let (problem, sha) = (Problem::from_json(bytes).ok()?, problem_sha256(bytes));
        let best = solve(&problem, &sha, &options(), &mut |_| ()).ok()?;
        Some(Market { problem, sha, best })
    };
    MARKETS.get_or_init(|| examples.iter().filter_map(market).collect())
}

/// A plan document: read and held against four markets. A plan that passes is never better than the best, and its bound
/// never above it.
pub fn plan(bytes: &[u8]) {
    if let Ok(person) = PersonPlan::from_json(bytes) {
        for Market { problem, sha, best } in markets() {
            let report = check_person(problem, sha, &person.lines, Some(best));
            assert!(!report.violations.is_empty() || report.totals.objective >= best.totals.objective, "{report:?}");
        }
    }
    let Ok(plan) = Plan::from_json(bytes) else { return };
    assert_eq!(Plan::from_json(&plan.to_json()).ok().as_ref(), Some(&plan), "writing loses something");
    for Market { problem, sha, best } in markets() {
        let report = check(problem, sha, &plan);
        if report.is_clean() {
            assert!(plan.totals.objective >= best.totals.objective && plan.certificate.bound <= best.totals.objective);
        }
        let (there, back) = (compare(problem, best, &plan), compare(problem, &plan, best));
        assert_eq!(there.unchanged, back.unchanged);
    }
}

/// A DIMACS file: read and, if small, solved; a cheapest flow is proved by its own potentials.
pub fn dimacs(bytes: &[u8]) {
    let Ok(network) = dimacs::read(bytes) else { return };
    let again = dimacs::read(dimacs::problem_text(&network).as_bytes());
    assert_eq!(again.ok().as_ref(), Some(&network), "writing loses something");
    if network.arcs.len() > MOST_ARCS || network.supplies.len() > MOST_ARCS {
        return;
    }
    if let Ok(Outcome::Optimal(solution)) = mcf::solve(&network) {
        prove(&network, &solution);
    }
}

/// Conservation, bounds and complementary slackness: together they are optimality.
fn prove(network: &Network, solution: &Solution) {
    let mut left: Vec<i128> = network.supplies.iter().map(|&supply| supply.into()).collect();
    let mut objective = 0;
    for (arc, &flow) in network.arcs.iter().zip(&solution.flow) {
        assert!(flow >= arc.lower && arc.upper.is_none_or(|upper| flow <= upper), "{arc:?} carries {flow}");
        left[arc.from] -= i128::from(flow);
        left[arc.to] += i128::from(flow);
        objective += i128::from(arc.cost) * i128::from(flow);
        let (from, to) = (solution.potential[arc.from], solution.potential[arc.to]);
        let reduced = i128::from(arc.cost) + i128::from(from) - i128::from(to);
        assert!(reduced >= 0 || arc.upper == Some(flow), "{arc:?} could carry more");
        assert!(reduced <= 0 || flow == arc.lower, "{arc:?} carries too much");
    }
    assert!(left.iter().all(|&left| left == 0), "flow is lost: {left:?}");
    assert_eq!(objective, solution.objective);
}
