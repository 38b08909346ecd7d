//! Components that are not pure flow: prices from a relaxation, a plan from whoever finds the best one.
//!
//! The plan is chosen among proposals (heuristics first, then HiGHS if the component is small enough for it) by exact
//! cost, and only proposals that keep every row in integers count. Delivering nothing but the pins is always one.

use super::fill::{self, Effort};
use super::formulation::{Formulation, Row, RowKind};
use super::highs::{self, Limits};
use super::{charges, heuristic, lines, neighbourhoods, packages, repair, rounds, tree};
use crate::candidates::{self, Arc};
use crate::model::Model;
use crate::pipeline::{Component, Engine, PartAnswer, RowKey, SolveError, SolveOptions, TreeAnswer};
use rounds::Proposal;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Columns up to which HiGHS is asked for a plan.
const HIGHS_COLUMNS: usize = 400_000;
/// Arcs above which a component of flow and charges is left to the flow engine: HiGHS would not get through its root.
const CHARGES_ALONE: usize = 20_000;
/// Time left after the search among small parts for which HiGHS is asked for the whole once more.
const WORTH_ANOTHER_RUN: Duration = Duration::from_secs(1);
/// Part of the time that a proof by cases may take.
const TREE_TIME: f64 = 0.6;
/// Largest multiplier: checkers accept up to 10^17.
const MAX_MULTIPLIER: f64 = 9e16;

/// Solves a component that is not pure flow, in at most about `time`.
///
/// # Errors
/// [`SolveError::Engine`] when not even the pins alone keep all rules.
pub fn solve(
    model: &Model<'_>,
    component: &Component,
    options: &SolveOptions,
    time: Option<Duration>,
) -> Result<PartAnswer, SolveError> {
    let start = Instant::now();
    let is_large = component.arcs.iter().map(Vec::len).sum::<usize>() > CHARGES_ALONE;
    let is_final = charges::fits(model, component) && is_large && options.engine != Engine::Highs;
    let is_packages = packages::fits(model, component);
    let charged = match options.engine {
        Engine::Highs => None,
        _ if is_packages => None,
        _ if is_final => charges::solve(model, component, time)?,
        // Only a proposal here: costs too large for flows leave it out.
        _ => charges::solve(model, component, time.map(|time| time / 2)).unwrap_or_default(),
    };
    if let Some(answer) = charged.as_ref().filter(|_| is_final) {
        return Ok(answer.clone());
    }
    let formulation = Formulation::new(model, component);
    let use_highs = options.engine != Engine::Flow && formulation.columns.len() <= HIGHS_COLUMNS;
    let mut best = Best::start(&formulation);
    best.offer(heuristic::greedy(&formulation));
    if component.has_floor(model) {
        best.offer(heuristic::given(&formulation, &model.floors.kept_by));
    }
    if is_packages {
        let plan = repair::repair(&formulation, packages::greedy(&formulation));
        plan.into_iter().for_each(|plan| _ = best.offer(plan));
    }
    let cases = if options.engine == Engine::Highs { None } else { by_cases(&formulation, time, &mut best) };
    let is_closed = cases.as_ref().is_some_and(|cases| best.is_within(cases.bound, options.gap_ppm));
    let mut proved = Vec::new();
    let has_pins = |(&demand, arcs): (&usize, &Vec<Arc>)| has_pins(model, demand, arcs);
    if !is_closed && !is_packages && !component.demands.iter().zip(&component.arcs).any(has_pins) {
        let trades = match &charged {
            Some(answer) => answer.trades.clone(),
            None => charges::search_alone(model, component, time.map(|time| time / 3)),
        };
        if !best.offer(lines::columns(&formulation, &trades)) {
            let time = time.map(|time| time.saturating_sub(start.elapsed()) / 3);
            rounds::propose(&formulation, trades, time, &mut |proposal| match proposal {
                Proposal::Plan(values) => _ = best.offer(values),
                Proposal::Prices(prices, rules) => proved.push(priced(&formulation, prices, rules)),
            });
        }
    }
    let mut answer = formulation.prove(&multipliers(&formulation, charged), 1);
    proved.into_iter().for_each(|other| better_of(&mut answer, other));
    if let Some(cases) = &cases {
        better_of(&mut answer, with_demand_prices(&formulation, &cases.prices));
    }
    let mut is_settled = is_closed || best.is_proved(&answer, options.gap_ppm);
    let left = || time.map(|time| time.saturating_sub(start.elapsed()));
    if use_highs && !is_settled {
        let time = left().map(|time| time / 2);
        if let Some(found) = highs::relax(&formulation, Limits { time, gap: 0.0, margin: 0.0 }) {
            better_of(&mut answer, prove(&formulation, &found.multipliers));
        }
        is_settled = best.is_proved(&answer, options.gap_ppm) || ask_highs(&formulation, options, left(), &mut best);
    }
    best.fill(if is_settled { Effort::Brief } else { Effort::Thorough });
    let Some(values) = best.values else {
        return Err(SolveError::Engine("no plan was found that keeps the pins and all rules of this part".into()));
    };
    answer.trades = formulation.trades(&values);
    answer.tree = cases.map(|cases| TreeAnswer { gap: best.cost - cases.bound, ..cases.tree });
    Ok(answer)
}

/// A tender of packages, proved by cases; takes the plan that it finds.
fn by_cases(formulation: &Formulation<'_>, time: Option<Duration>, best: &mut Best<'_>) -> Option<tree::Outcome> {
    let end = time.map(|time| Instant::now() + time.mul_f64(TREE_TIME));
    let found = tree::solve(formulation.model, formulation.component, end)?;
    if let Some(plan) = &found.plan {
        let packs: HashMap<usize, i64> = plan.iter().copied().collect();
        let mut values = vec![0; formulation.columns.len()];
        for pair in &formulation.pairs {
            values[pair.first] = packs.get(&pair.arc.offer).copied().unwrap_or(0);
        }
        best.offer(values);
    }
    Some(found)
}

/// What prices of demands prove alone.
fn with_demand_prices(formulation: &Formulation<'_>, prices: &[i64]) -> PartAnswer {
    let multiplier = |row: &Row| match &row.kind {
        RowKind::Must(slot) => prices[*slot].max(0),
        RowKind::UpTo(slot) => prices[*slot].saturating_neg().max(0),
        RowKind::Stock(_) | RowKind::Named(_) | RowKind::Pinned => 0,
    };
    formulation.prove(&formulation.rows.iter().map(multiplier).collect::<Vec<_>>(), 1)
}

fn has_pins(model: &Model<'_>, demand: usize, arcs: &[Arc]) -> bool {
    arcs.iter().any(|arc| candidates::pinned_packs(model, demand, arc.offer) > 0)
}

/// Keeps the answer with the higher bound.
fn better_of(answer: &mut PartAnswer, other: PartAnswer) {
    if other.lagrangian * i128::from(answer.scale) > answer.lagrangian * i128::from(other.scale) {
        *answer = other;
    }
}

/// What prices of a flow and of rules prove together.
#[expect(clippy::cast_precision_loss, reason = "whatever whole numbers come out prove what they prove")]
fn priced(formulation: &Formulation<'_>, prices: PartAnswer, rules: &[(usize, f64)]) -> PartAnswer {
    let mut all: Vec<f64> = multipliers(formulation, Some(prices)).into_iter().map(|price| price as f64).collect();
    rules.iter().for_each(|&(row, price)| all[row] = price);
    prove(formulation, &all)
}

/// Multipliers of a formulation's rows from an answer without one; all 0 where there is none.
fn multipliers(formulation: &Formulation<'_>, answer: Option<PartAnswer>) -> Vec<i64> {
    let Some(answer) = answer else {
        return vec![0; formulation.rows.len()];
    };
    let stock: HashMap<usize, i64> = answer.offer_prices.into_iter().collect();
    let named: HashMap<RowKey, i64> = answer.rows.into_iter().collect();
    let multiplier = |row: &Row| match &row.kind {
        RowKind::Must(slot) => answer.demand_prices[*slot].1.max(0),
        RowKind::Stock(offer) => stock.get(offer).copied().unwrap_or(0),
        RowKind::Named(key) => named.get(key).copied().unwrap_or(0),
        RowKind::UpTo(_) | RowKind::Pinned => 0,
    };
    formulation.rows.iter().map(multiplier).collect()
}

/// The cheapest proposal so far.
struct Best<'a> {
    formulation: &'a Formulation<'a>,
    values: Option<Vec<i64>>,
    cost: i128,
}

impl<'a> Best<'a> {
    /// Starts from the plan that delivers nothing but pins.
    fn start(formulation: &'a Formulation<'a>) -> Self {
        let mut best = Self { formulation, values: None, cost: i128::MAX };
        best.offer(heuristic::pins_only(formulation));
        best
    }

    /// Whether the bound of an answer is within the gap that is good enough. Shares of scarce goods count in whole steps
    /// here and to the unit in a plan, so where there are any this cannot be told.
    fn is_proved(&self, answer: &PartAnswer, gap_ppm: u32) -> bool {
        let formulation = self.formulation;
        if formulation.component.demands.iter().any(|&demand| formulation.model.demands[demand].target > 0) {
            return false;
        }
        let cost = self.cost.saturating_mul(i128::from(answer.scale));
        let gap = cost.saturating_sub(answer.lagrangian);
        gap <= cost.abs() / 1_000_000 * i128::from(gap_ppm)
    }

    /// Whether the plan costs no more above a bound than is good enough.
    fn is_within(&self, bound: i128, gap_ppm: u32) -> bool {
        self.cost.saturating_sub(bound) <= self.cost.abs() / 1_000_000 * i128::from(gap_ppm)
    }

    /// Takes a proposal of trades when it keeps all rows and is cheaper; says whether it keeps them.
    fn offer(&mut self, mut values: Vec<i64>) -> bool {
        self.formulation.complete(&mut values);
        if !self.formulation.holds(&values) {
            return false;
        }
        let cost = self.formulation.cost(&values);
        if cost < self.cost {
            (self.cost, self.values) = (cost, Some(values));
        }
        true
    }

    /// Takes a proposal when it is cheaper; the new best plan then.
    fn better(&mut self, values: Vec<i64>) -> Option<Vec<i64>> {
        let before = self.cost;
        self.offer(values);
        if self.cost < before { self.values.clone() } else { None }
    }

    /// Betters the plan by single lines, so that nobody stays short for no reason.
    fn fill(&mut self, effort: Effort) {
        if let Some(values) = &mut self.values {
            self.cost = fill::fill(self.formulation, values, effort);
        }
    }
}

/// HiGHS on the whole; where it does not come to an end in half the time, on small parts of the best plan in the rest.
/// Says whether HiGHS came to an end with the whole.
fn ask_highs(
    formulation: &Formulation<'_>,
    options: &SolveOptions,
    time: Option<Duration>,
    best: &mut Best<'_>,
) -> bool {
    let end = time.map(|time| Instant::now() + time);
    if ask_for_the_whole(formulation, options, time.map(|time| time / 2), best) {
        return true;
    }
    if let (Some(end), Some(values)) = (end, best.values.clone()) {
        neighbourhoods::improve(formulation, values, end, &mut |proposed| best.better(proposed));
        let left = end.saturating_duration_since(Instant::now());
        if left > WORTH_ANOTHER_RUN {
            return ask_for_the_whole(formulation, options, Some(left), best);
        }
    }
    false
}

/// Says whether HiGHS came to an end.
fn ask_for_the_whole(
    formulation: &Formulation<'_>,
    options: &SolveOptions,
    time: Option<Duration>,
    best: &mut Best<'_>,
) -> bool {
    let gap = f64::from(options.gap_ppm) / 1e6;
    for margin in [0.0, 3e-6] {
        let limits = Limits { time, gap, margin };
        let Some(found) = highs::solve(formulation, limits, best.values.as_deref()) else {
            return false;
        };
        if best.offer(found.values.iter().map(|&value| highs::rounded(value)).collect()) {
            return found.is_complete;
        }
    }
    false
}

/// Rounds multipliers to whole numbers at the finest scale that is needed and fits.
fn prove(formulation: &Formulation<'_>, multipliers: &[f64]) -> PartAnswer {
    let largest = multipliers.iter().copied().fold(0.0, f64::max);
    let scale = if formulation.has_money_rows { rounded_scale(largest) } else { 1 };
    let whole: Vec<i64> = multipliers.iter().map(|&value| highs::rounded(value * f64::from(scale))).collect();
    formulation.prove(&whole, i64::from(scale))
}

/// The finest scale, up to a million, at which a multiplier of this size fits.
fn rounded_scale(largest: f64) -> i32 {
    let mut scale = 1_000_000;
    while scale > 1 && largest * f64::from(scale) > MAX_MULTIPLIER {
        scale /= 10;
    }
    scale
}

/// Ticks between two prices that a certificate can state beside one of this size.
pub fn grain(largest: f64) -> f64 {
    1.0 / f64::from(rounded_scale(largest))
}
