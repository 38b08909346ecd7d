//! Every number of a plan, moved by one, must be refused; so must every text that the plan's meaning hangs on.

use super::random::{self, Rng};
use pasok_solver::check::{Multipliers, check};
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use serde_json::Value;

/// A clean plan with multipliers of every sort, some of them on rows that leave the bound where it is.
pub fn sealed_plan(rng: &mut Rng, problem: &Problem) -> Option<Plan> {
    let found = random::plan(rng, problem, "sha")?;
    let rows = random::all_rows(problem, "sha");
    let mut chosen: Vec<_> = rows.into_iter().filter(|_| rng.chance(30)).collect();
    chosen.iter_mut().for_each(|row| row.price = rng.within(1, 20));
    let prices = Multipliers {
        demand_prices: problem.demands.iter().map(|_| rng.within(-5, 150)).collect(),
        offer_prices: problem.offers.iter().map(|_| rng.within(0, 20)).collect(),
        rows: chosen,
        scale: *rng.pick(&[1, 1, 100]),
        fairness: None,
    };
    let plan = random::seal(problem, "sha", &random::choices(&found), prices)?;
    check(problem, "sha", &plan).is_clean().then_some(plan)
}

/// Pointers to every number in a document, decimal strings included.
pub fn numbers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(pointer.to_owned()),
        Value::String(text) if text.parse::<i128>().is_ok() => found.push(pointer.to_owned()),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, item)| numbers(item, &format!("{pointer}/{at}"), found));
        }
        Value::Object(fields) => {
            // Neither is an amount: another day in both windows is another allowed plan, and the same price on a like
            // row is another valid proof.
            let values = fields.iter().filter(|(name, _)| !["day", "key"].contains(&name.as_str()));
            values.for_each(|(name, item)| numbers(item, &format!("{pointer}/{name}"), found));
        }
        _ => {}
    }
}

/// The document with one number moved.
pub fn moved(document: &Value, pointer: &str, by: i128) -> Value {
    let mut altered = document.clone();
    let place = altered.pointer_mut(pointer).unwrap();
    *place = match &*place {
        Value::Number(number) => Value::from(i64::try_from(i128::from(number.as_i64().unwrap()) + by).unwrap()),
        Value::String(text) => Value::from((text.parse::<i128>().unwrap() + by).to_string()),
        _ => unreachable!(),
    };
    altered
}

/// How many mutants were tried; each number of the plan is moved up and down by one.
pub fn refuse_all(problem: &Problem, plan: &Plan) -> usize {
    let mut document = serde_json::to_value(plan).unwrap();
    // Fields that stand at their default are left out when written; altered ones would be written.
    document["certificate"]["scale"] = plan.certificate.scale.into();
    document["totals"]["priority"] = plan.totals.priority.to_string().into();
    let (mut pointers, mut tried) = (Vec::new(), 0);
    numbers(&document, "", &mut pointers);
    for pointer in pointers {
        for by in [-1, 1] {
            let altered = moved(&document, &pointer, by);
            let Ok(mutant) = serde_json::from_value::<Plan>(altered) else {
                continue;
            };
            let report = check(problem, "sha", &mutant);
            assert!(
                !report.is_clean(),
                "{pointer} moved by {by} is accepted\n{}\n{}",
                serde_json::to_string_pretty(problem).unwrap(),
                serde_json::to_string_pretty(plan).unwrap()
            );
            tried += 1;
        }
    }
    tried
}

#[test]
fn every_number_moved_by_one_is_refused() {
    let mut rng = Rng(11);
    let (mut plans, mut mutants) = (0, 0);
    for round in 0..400 {
        let problem = random::problem(&mut rng, round % 3 == 0);
        let Some(plan) = sealed_plan(&mut rng, &problem) else {
            continue;
        };
        plans += 1;
        mutants += refuse_all(&problem, &plan);
    }
    assert!(plans > 150 && mutants > 5_000, "only {plans} plans, {mutants} mutants");
}

#[test]
fn every_number_of_the_engines_plans_moved_by_one_is_refused() {
    let mut rng = Rng(14);
    let (mut plans, mut mutants) = (0, 0);
    for round in 0..400 {
        let problem = random::problem(&mut rng, round % 2 == 0);
        let Some(plan) = super::second::engines_plan(&problem) else {
            continue;
        };
        assert!(check(&problem, "sha", &plan).is_clean());
        plans += 1;
        mutants += refuse_all(&problem, &plan);
    }
    assert!(plans > 100 && mutants > 4_000, "only {plans} plans, {mutants} mutants");
}

#[test]
fn an_altered_multiplier_is_named_even_where_the_bound_does_not_move() {
    let mut rng = Rng(12);
    let (mut named, mut still) = (0, 0);
    for _ in 0..300 {
        let problem = random::problem(&mut rng, true);
        let Some(plan) = sealed_plan(&mut rng, &problem) else {
            continue;
        };
        for at in 0..plan.certificate.demand_prices.len() {
            let mut mutant = plan.clone();
            mutant.certificate.demand_prices[at] += 1;
            let report = check(&problem, "sha", &mutant);
            let place = format!("/certificate/demand_prices/{at}");
            assert!(report.violations.iter().any(|violation| violation.pointer == place), "{report:#?}");
            named += 1;
            still += usize::from(report.bound == Some(plan.certificate.bound));
        }
    }
    assert!(named > 100 && still > 0, "{named} altered, {still} of them without moving the bound");
}

#[test]
fn lines_dropped_doubled_or_swapped_are_refused() {
    let mut rng = Rng(13);
    let mut tried = 0;
    for _ in 0..150 {
        let problem = random::problem(&mut rng, false);
        let Some(plan) = sealed_plan(&mut rng, &problem) else {
            continue;
        };
        for at in 0..plan.lines.len() {
            let mut dropped = plan.clone();
            dropped.lines.remove(at);
            let mut doubled = plan.clone();
            doubled.lines.insert(at, plan.lines[at].clone());
            let mut mutants = vec![dropped, doubled];
            if at > 0 {
                let mut swapped = plan.clone();
                swapped.lines.swap(at - 1, at);
                mutants.push(swapped);
            }
            for mutant in mutants {
                assert!(!check(&problem, "sha", &mutant).is_clean(), "{mutant:#?}");
                tried += 1;
            }
        }
        let mut other = plan.clone();
        other.problem_sha256.push('0');
        assert!(!check(&problem, "sha", &other).is_clean());
    }
    assert!(tried > 150, "only {tried}");
}
