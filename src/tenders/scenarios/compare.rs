//! Scenarios side by side: what each costs and fills, who supplies, what changes, and how each plan fares under the others.
//!
//! All figures are recomputed from lines and problems with the solver's referee; nothing is taken from what a plan says of itself.

use super::rules::value_by_supplier;
use super::service;
use super::types::{Scenario, ScenarioStatus};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::rounds;
use crate::scope::Scope;
use crate::values::Rupiah;
use crate::values::decimal::div_half_even;
use pasok_solver::check::{Choice, Code, check_person};
use pasok_solver::plan::{Plan, PlanStatus, Totals};
use pasok_solver::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// A part of a whole, in millionths.
const WHOLE: i128 = 1_000_000;

/// One scenario's figures. Money in whole rupiah, shares in permille unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The scenario.
    pub scenario: Scenario,
    /// Goods, after tiers and discounts.
    pub goods_idr: i64,
    /// Freight and fees; without-freight scenarios at what they would really cost.
    pub freight_idr: i64,
    /// What is paid.
    pub total_idr: i64,
    /// What is paid, and shortages at what they count: what the solver minimises.
    pub objective_idr: i64,
    /// Share of all need that is filled, each base unit weighed by what its shortage counts, in millionths.
    pub filled_millionths: i64,
    /// Suppliers that deliver anything.
    pub suppliers: usize,
    /// The largest supplier's share of the goods.
    pub largest_permille: i64,
    /// Share of the goods by class of supplier.
    pub classes: BTreeMap<String, i64>,
    /// Lines of the plan.
    pub lines: usize,
    /// Lines that are not, or not so, in the cheapest plan.
    pub changed: usize,
    /// What its rules cost: objective less that of the cheapest.
    pub rules_idr: i64,
    /// Whether its plan is proved to be the best under its rules.
    pub is_optimal: bool,
    /// For every scenario in the same order, what this plan costs there more than that one's own plan; none where a rule of that
    /// scenario forbids this plan.
    pub regrets: Vec<Option<i64>>,
}

/// A line that differs from the cheapest plan's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// The demand.
    pub demand_id: String,
    /// The offer.
    pub offer_id: String,
    /// The day's number.
    pub day: i64,
    /// Base units in the cheapest plan.
    pub before: i64,
    /// Base units in this one.
    pub after: i64,
}

struct Solved {
    scenario: Scenario,
    problem: Problem,
    plan: Plan,
    totals: Totals,
}

/// Compares the solved scenarios of a round that vary the same snapshot (those who run or observe the market).
pub fn compare(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<Figures>, AppError> {
    let all = load(connection, scope, round_id)?;
    let Some(first) = all.first() else { return Ok(Vec::new()) };
    let base = rounds::sealed::snapshot(connection, scope, round_id, &first.scenario.base_sha256)?;
    let base: Problem = serde_json::from_str(&base.text).map_err(AppError::unknown_stored)?;
    let cheapest = all.iter().find(|one| one.scenario.rules.is_cheapest());
    all.iter().map(|one| figures(&base, one, cheapest, &all)).collect()
}

/// Line by line, what a scenario changes against the cheapest plan.
pub fn changes(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Vec<LineChange>, AppError> {
    let scenario = service::get(connection, scope, id)?;
    let plan = service::plan(connection, scope, id)?;
    let all = service::list(connection, scope, scenario.round_id)?;
    let cheapest = all.into_iter().find(|one| {
        one.rules.is_cheapest() && one.base_sha256 == scenario.base_sha256 && one.status == ScenarioStatus::Solved
    });
    let cheapest = cheapest.map(|one| service::plan(connection, scope, one.id)).transpose()?;
    Ok(cheapest.map_or_else(Vec::new, |cheapest| differences(&cheapest, &plan)))
}

fn load(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<Solved>, AppError> {
    let mut solved = service::list(connection, scope, round_id)?;
    solved.retain(|scenario| scenario.status == ScenarioStatus::Solved);
    // The newest base only: an older one was frozen before something changed.
    let newest = solved.last().map(|scenario| scenario.base_sha256.clone()).unwrap_or_default();
    solved.retain(|scenario| scenario.base_sha256 == newest);
    let mut all = Vec::with_capacity(solved.len());
    for scenario in solved {
        let snapshot = rounds::sealed::snapshot(connection, scope, round_id, &scenario.snapshot_sha256)?;
        let problem = serde_json::from_str(&snapshot.text).map_err(AppError::unknown_stored)?;
        let plan = service::plan(connection, scope, scenario.id)?;
        let totals = plan.totals.clone();
        all.push(Solved { scenario, problem, plan, totals });
    }
    Ok(all)
}

fn figures(base: &Problem, one: &Solved, cheapest: Option<&Solved>, all: &[Solved]) -> Result<Figures, AppError> {
    // What a plan made without freight really costs is what it costs in the round's own problem.
    let real = if one.scenario.rules.is_buyable() { one.totals.clone() } else { cost_in(base, &one.plan).0 };
    let money = |ticks: i128| Rupiah::from_ticks(ticks).map(Rupiah::get).map_err(AppError::internal);
    let paid = |totals: &Totals| totals.goods + totals.freight + totals.fees;
    let counted = |totals: &Totals| paid(totals) + totals.shortage + totals.priority;
    let values = value_by_supplier(base, &one.plan);
    let goods: i128 = values.iter().map(|(_, value)| value).sum();
    let permille = |value: i128| i64::try_from(div_half_even(value * 1_000, goods.max(1))).unwrap_or(0);
    let mut by_class: BTreeMap<String, i128> = BTreeMap::new();
    for (supplier, value) in &values {
        let class = base.suppliers.iter().find(|s| s.id == *supplier).map(|s| s.class.clone()).unwrap_or_default();
        *by_class.entry(class).or_default() += value;
    }
    Ok(Figures {
        goods_idr: money(real.goods)?,
        freight_idr: money(real.freight + real.fees)?,
        total_idr: money(paid(&real))?,
        objective_idr: money(counted(&real))?,
        filled_millionths: filled(base, real.shortage),
        suppliers: values.len(),
        largest_permille: values.first().map_or(0, |(_, value)| permille(*value)),
        classes: by_class.into_iter().map(|(class, value)| (class, permille(value))).collect(),
        lines: one.plan.lines.len(),
        changed: cheapest.map_or(0, |cheapest| differences(&cheapest.plan, &one.plan).len()),
        rules_idr: cheapest.map_or(Ok(0), |cheapest| money(counted(&real) - counted(&cheapest.totals)))?,
        is_optimal: one.plan.status == PlanStatus::Optimal,
        regrets: all.iter().map(|other| regret(one, other)).collect(),
        scenario: one.scenario.clone(),
    })
}

/// What the plan of one scenario costs more under another than that one's own plan; none where it is not allowed there.
fn regret(one: &Solved, other: &Solved) -> Option<i64> {
    if one.scenario.id == other.scenario.id {
        return Some(0);
    }
    let (totals, is_allowed) = cost_in(&other.problem, &one.plan);
    let counted = |totals: &Totals| totals.goods + totals.freight + totals.fees + totals.shortage + totals.priority;
    let more = counted(&totals) - counted(&other.totals);
    is_allowed.then(|| Rupiah::from_ticks(more).ok().map(Rupiah::get)).flatten()
}

/// What a plan's lines cost in a problem, and whether they are allowed there. Quantities that a tolerance alone opened, and fair
/// shares, which depend on a plan of their own, are no question of what is allowed.
fn cost_in(problem: &Problem, plan: &Plan) -> (Totals, bool) {
    let choices: Vec<Choice> = plan
        .lines
        .iter()
        .map(|line| Choice {
            demand: line.demand.clone(),
            offer: line.offer.clone(),
            day: line.day,
            quantity: line.quantity,
        })
        .collect();
    let unfair = Problem { fairness: None, ..problem.clone() };
    let report = check_person(&unfair, "", &choices, None);
    let is_allowed = report.violations.iter().all(|violation| violation.code == Code::PackByTolerance);
    (report.totals, is_allowed)
}

/// Lines that differ, by demand, offer and day.
fn differences(before: &Plan, after: &Plan) -> Vec<LineChange> {
    type Key<'a> = (&'a str, &'a str, i64);
    let lines = |plan: &'_ Plan| -> BTreeMap<(String, String, i64), i64> {
        plan.lines.iter().map(|l| ((l.demand.clone(), l.offer.clone(), l.day), l.quantity)).collect()
    };
    let (old, new) = (lines(before), lines(after));
    let keys: BTreeSet<Key<'_>> =
        old.keys().chain(new.keys()).map(|(demand, offer, day)| (demand.as_str(), offer.as_str(), *day)).collect();
    keys.into_iter()
        .filter_map(|(demand, offer, day)| {
            let key = (demand.to_owned(), offer.to_owned(), day);
            let (before, after) = (old.get(&key).copied().unwrap_or(0), new.get(&key).copied().unwrap_or(0));
            let change = LineChange { demand_id: key.0, offer_id: key.1, day, before, after };
            (before != after).then_some(change)
        })
        .collect()
}

fn filled(problem: &Problem, shortage: i128) -> i64 {
    let all: i128 = problem.demands.iter().map(|d| i128::from(d.quantity) * i128::from(d.shortage_penalty)).sum();
    let share = if all == 0 { WHOLE } else { WHOLE - div_half_even(shortage * WHOLE, all) };
    i64::try_from(share).unwrap_or(0)
}
