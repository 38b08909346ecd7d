//! The formulation handed to HiGHS through `good_lp`: its linear relaxation for prices, and the whole for a plan.
//!
//! What comes back are floats. Prices are rounded to whole numbers of 1/scale ticks and prove whatever they prove;
//! plans are rounded to packs and tested in integers by the caller. Every option is set explicitly. Rows go in as `<=`
//! only: `good_lp` turns the sign of the dual of a `>=` row around.

use super::formulation::{Formulation, RowKind};
use crate::candidates::gcd;
use good_lp::solvers::highs::highs;
use good_lp::{
    Expression, ProblemVariables, ResolutionError, SolutionStatus, SolverModel, Variable, WithInitialSolution, variable,
};
use std::collections::BTreeSet;
use std::time::Duration;

/// Limits of one run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Wall-clock time.
    pub time: Option<Duration>,
    /// Relative gap at which a mixed-integer run may stop.
    pub gap: f64,
    /// Tightens rows by this much of their largest coefficient, for when rounding would break one.
    pub margin: f64,
}

/// What a run found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Values of all columns.
    pub values: Vec<f64>,
    /// Multipliers ≥ 0 of all rows, ticks per unit of the row; empty for mixed-integer runs.
    pub multipliers: Vec<f64>,
    /// Whether HiGHS says that nothing better exists (within its tolerances and the gap).
    pub is_complete: bool,
}

/// Solves the linear relaxation.
pub fn relax(formulation: &Formulation<'_>, limits: Limits) -> Option<Found> {
    run(formulation, limits, Task::Relax)
}

/// What a run is asked.
#[derive(Debug, Clone, Copy)]
enum Task<'a> {
    /// The linear relaxation.
    Relax,
    /// The whole, from a plan if there is one.
    Whole(Option<&'a [i64]>),
    /// A plan bettered in the trades of some demand slots only.
    Part(&'a [i64], &'a BTreeSet<usize>),
}

/// Solves the whole formulation, from a plan that keeps all rows if there is one.
///
/// The binding panics where HiGHS refuses a start, which it does for models that presolve to nothing. The start is only
/// a help, so the run is repeated without it.
pub fn solve(formulation: &Formulation<'_>, limits: Limits, start: Option<&[i64]>) -> Option<Found> {
    let has_terms = formulation.rows.iter().any(|row| !row.terms.is_empty());
    let with_start = || run(formulation, limits, Task::Whole(start.filter(|_| has_terms)));
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(with_start)) {
        Ok(found) => found,
        Err(_) => run(formulation, limits, Task::Whole(None)),
    }
}

/// Betters a plan that keeps all rows by other trades of the demand slots in `free`; all others stay.
pub fn solve_part(
    formulation: &Formulation<'_>,
    limits: Limits,
    plan: &[i64],
    free: &BTreeSet<usize>,
) -> Option<Found> {
    let part = || run(formulation, limits, Task::Part(plan, free));
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(part)).ok().flatten()
}

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and the result is tested in integers")]
pub fn rounded(value: f64) -> i64 {
    value.round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "HiGHS works in floats; answers are tested in integers")]
fn float(value: i128) -> f64 {
    value as f64
}

/// Least and most of every column: for a part, trades of other demands are fixed.
fn boxes(formulation: &Formulation<'_>, task: Task<'_>) -> Vec<(i64, i64)> {
    let mut boxes: Vec<(i64, i64)> = formulation.columns.iter().map(|column| (column.lower, column.upper)).collect();
    if let Task::Part(plan, free) = task {
        for pair in formulation.pairs.iter().filter(|pair| !free.contains(&pair.slot)) {
            for column in pair.first..pair.first + pair.days.len() {
                boxes[column] = (plan[column], plan[column]);
            }
        }
    }
    boxes
}

fn run(formulation: &Formulation<'_>, limits: Limits, task: Task<'_>) -> Option<Found> {
    let whole = !matches!(task, Task::Relax);
    let start = match task {
        Task::Relax => None,
        Task::Whole(start) => start,
        Task::Part(plan, _) => Some(plan),
    };
    let divisor = cost_divisor(formulation, whole);
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = boxes(formulation, task)
        .into_iter()
        .zip(&formulation.columns)
        .map(|((least, most), column)| {
            let bounds = variable().min(float(i128::from(least))).max(float(i128::from(most)));
            variables.add(if whole && column.whole { bounds.integer() } else { bounds })
        })
        .collect();
    let mut objective = Expression::with_capacity(columns.len());
    for (variable, column) in columns.iter().zip(&formulation.columns) {
        objective.add_mul(float(column.cost) / divisor, variable);
    }
    let mut problem = variables.minimise(objective).using(highs);
    let scales: Vec<f64> = formulation.rows.iter().map(row_scale).collect();
    for (row, scale) in formulation.rows.iter().zip(&scales) {
        let mut sum = Expression::with_capacity(row.terms.len());
        row.terms.iter().for_each(|&(column, c)| {
            sum.add_mul(float(c) / scale, columns[column]);
        });
        let limit = float(row.limit) / scale;
        let is_pinned = matches!(row.kind, RowKind::Pinned);
        problem = problem.with(if is_pinned { sum.eq(limit) } else { sum.leq(limit - limits.margin) });
    }
    if let Some(values) = start {
        let values = columns.iter().zip(values).map(|(&column, &value)| (column, float(i128::from(value))));
        problem = problem.with_initial_solution(values);
    }
    let problem = problem
        .set_option("threads", 1)
        .set_option("parallel", "off")
        .set_option("random_seed", 0)
        .set_option("time_limit", limits.time.map_or(f64::INFINITY, |time| time.as_secs_f64()))
        .set_option("mip_rel_gap", limits.gap)
        .set_option("mip_abs_gap", 1e-7)
        .set_option("mip_feasibility_tolerance", 1e-7)
        .set_option("primal_feasibility_tolerance", 1e-8)
        .set_option("dual_feasibility_tolerance", 1e-8);
    read(problem.solve(), &scales, divisor, whole)
}

/// What costs are divided by before HiGHS sees them: their common divisor, which loses nothing, and for mixed-integer
/// runs enough to keep the largest below 10^8, which HiGHS handles well.
fn cost_divisor(formulation: &Formulation<'_>, whole: bool) -> f64 {
    let costs = || formulation.columns.iter().map(|column| column.cost.abs());
    let common = costs().fold(0, gcd).max(1);
    let largest = float(costs().max().unwrap_or(0) / common);
    let mut divisor = float(common);
    if whole && largest > 1e8 {
        divisor *= largest / 1e8;
    }
    divisor
}

/// Rows in packs stay as they are; rows in money or grams are brought to coefficients of at most 1.
fn row_scale(row: &super::formulation::Row) -> f64 {
    let largest = float(row.terms.iter().map(|(_, coefficient)| coefficient.abs()).max().unwrap_or(1));
    if largest > 1e6 { largest } else { 1.0 }
}

fn read(
    outcome: Result<good_lp::solvers::highs::HighsSolution, ResolutionError>,
    scales: &[f64],
    divisor: f64,
    whole: bool,
) -> Option<Found> {
    use good_lp::Solution;
    // Every failure means the same here: HiGHS has nothing to offer, and the caller has a plan of its own.
    let solution = outcome.ok()?;
    let is_complete = !matches!(solution.status(), SolutionStatus::TimeLimit);
    let inner = solution.into_inner();
    let multipliers = if whole {
        Vec::new()
    } else {
        inner.dual_rows().iter().zip(scales).map(|(dual, scale)| (-dual * divisor / scale).max(0.0)).collect()
    };
    Some(Found { values: inner.columns().to_vec(), multipliers, is_complete })
}
