//! The engines against a count of every plan: 20,000 random small markets over all terms.
//!
//! The oracle is written from `solver/README.md` alone. It shares the document types with the solver and nothing else:
//! neither the engines, nor the model behind them, nor the referee.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod count;
mod market;
mod rules;
mod table;

use count::{Counted, count};
use market::Rng;
use pasok_solver::check::check;
use pasok_solver::plan::{Plan, PlanStatus};
use pasok_solver::problem::{Problem, problem_sha256};
use pasok_solver::{Engine, SolveOptions, solve, validate};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Markets of the whole proof.
const ALL: u64 = 20_000;
/// Plans of one market that are counted at most.
const MOST_PLANS: u64 = 40_000;
/// Integer decisions (packs of an offer for a demand on a day) of one market at most.
const MOST_DECISIONS: usize = 14;

/// What was seen on the way, so that a generator gone dull fails the test too.
struct Seen {
    decisions: Vec<AtomicUsize>,
    terms: Vec<AtomicUsize>,
    impossible: AtomicUsize,
    proved: AtomicUsize,
}

impl Seen {
    fn new() -> Self {
        let zeros = |count| (0..count).map(|_| AtomicUsize::new(0)).collect();
        Self {
            decisions: zeros(MOST_DECISIONS + 1),
            terms: zeros(market::TERMS.len()),
            impossible: AtomicUsize::new(0),
            proved: AtomicUsize::new(0),
        }
    }
}

/// The market of a seed that is small enough, with its answer. Small markets come up far more often than larger ones,
/// so the seed also says how many decisions there must be.
fn small(seed: u64) -> (Problem, Counted) {
    let mut rng = Rng(seed);
    let decisions = 1 + usize::try_from(seed % 12).unwrap()..=MOST_DECISIONS;
    loop {
        let made = market::market(&mut rng);
        if !validate(&made).is_empty() {
            continue;
        }
        if let Some(counted) = count(&made, &decisions, MOST_PLANS) {
            return (made, counted);
        }
    }
}

fn plan_of(problem: &Problem, engine: Engine) -> Result<Plan, pasok_solver::SolveError> {
    let options = SolveOptions { engine, threads: 1, time_limit: None, ..SolveOptions::default() };
    solve(problem, &problem_sha256(&problem.to_json()), &options, &mut |_| ())
}

/// What is wrong with an engine's answer.
fn fault(problem: &Problem, counted: &Counted, engine: Engine) -> Result<Option<Plan>, String> {
    let plan = match (plan_of(problem, engine), counted.least) {
        (Err(_), None) => return Ok(None),
        // Without HiGHS, only pins at their simplest are tried.
        (Err(_), _) if engine == Engine::Flow && !problem.pins.is_empty() => return Ok(None),
        (Err(error), Some(least)) => return Err(format!("{error}, but a plan costs {least}")),
        (Ok(plan), _) => plan,
    };
    let report = check(problem, &plan.problem_sha256, &plan);
    let Some(least) = counted.least else {
        return Err(format!("a plan where none is allowed; referee: {:?}", report.violations));
    };
    let (objective, bound) = (plan.totals.objective, plan.certificate.bound);
    if !report.is_clean() {
        return Err(format!("the referee refuses: {:?}", report.violations));
    }
    if bound > least {
        return Err(format!("the bound {bound} is above a plan of {least}"));
    }
    if objective < least || (objective > least && engine != Engine::Flow) {
        return Err(format!("costs {objective}, the best plan {least}"));
    }
    Ok(Some(plan))
}

fn judge(seed: u64, seen: &Seen) -> Vec<String> {
    let (problem, counted) = small(seed);
    seen.decisions[counted.decisions].fetch_add(1, Relaxed);
    for (place, (_, has)) in market::TERMS.iter().enumerate() {
        seen.terms[place].fetch_add(usize::from(has(&problem)), Relaxed);
    }
    seen.impossible.fetch_add(usize::from(counted.least.is_none()), Relaxed);
    let others: &[Engine] = if seed.is_multiple_of(8) { &[Engine::Flow, Engine::Highs] } else { &[Engine::Flow] };
    let mut faults = Vec::new();
    for &engine in [Engine::Auto].iter().chain(others) {
        match fault(&problem, &counted, engine) {
            Ok(plan) => {
                let is_proved = plan.is_some_and(|plan| plan.status == PlanStatus::Optimal);
                seen.proved.fetch_add(usize::from(is_proved && engine == Engine::Auto), Relaxed);
            }
            Err(what) => faults.push(format!(
                "seed {seed}, {engine:?}: {what}; best {:?}\n{}",
                counted.best,
                String::from_utf8_lossy(&problem.to_json())
            )),
        }
    }
    faults
}

/// `markets` of the seeds 0 to 19,999, evenly spread.
fn prove(count: u64) {
    let (stride, seen) = (ALL / count, Seen::new());
    let faults: Vec<String> = (0..count)
        .into_par_iter()
        .map(|place| place * stride + place % stride)
        .flat_map_iter(|seed| judge(seed, &seen))
        .collect();
    let numbers = |list: &[AtomicUsize]| list.iter().map(|n| n.load(Relaxed)).collect::<Vec<_>>();
    println!("markets by number of decisions: {:?}", numbers(&seen.decisions));
    for ((name, _), times) in market::TERMS.iter().zip(numbers(&seen.terms)) {
        println!("{times:6} with {name}");
        assert!(times as u64 * 100 > count, "only {times} markets with {name}");
    }
    let (impossible, proved) = (seen.impossible.load(Relaxed), seen.proved.load(Relaxed));
    println!("{impossible} without any plan, {proved} proved optimal by their certificate");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// A slice, in every run of the tests.
#[test]
fn small_markets_over_all_terms_equal_the_count_of_every_plan() {
    prove(ALL / 10);
}

/// The whole proof: `make oracle`.
#[test]
#[ignore = "minutes; run by `make oracle`"]
fn twenty_thousand_markets_over_all_terms_equal_the_count_of_every_plan() {
    prove(ALL);
}
