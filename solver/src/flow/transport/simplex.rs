//! Pricing: which arc enters next.
//!
//! Rows are scanned round robin; each gives its best arc. When enough candidates have come together they are used up,
//! best first, each measured anew against the current prices. The method ends when a whole round finds nothing, so
//! optimality is proved over all pairs.

use super::{
    Cost, Problem, Rows,
    basis::{Basis, Entering, NONE, at},
    kernel::Prepared,
};

/// Candidates to collect before using them up.
const ENOUGH: usize = 48;

/// Pivots until nothing can be improved.
pub(super) fn run<R: Rows>(problem: &Problem<'_, R>, basis: &mut Basis, narrow: bool) {
    let demands = problem.quantity.len();
    let mut prepared = Prepared::default();
    let mut scratch = Vec::new();
    let mut candidates: Vec<(i64, Entering)> = Vec::new();
    let (mut next, mut quiet) = (0, 0);
    loop {
        candidates.clear();
        prepared.load(&basis.price[..at(basis.root)], narrow);
        slack_candidates(basis, &mut candidates);
        while quiet < demands && candidates.len() < ENOUGH {
            if problem.quantity[next] > 0 {
                let row = problem.costs.row(next, &mut scratch);
                candidates.extend(best_of_row(problem, basis, &prepared, next, row));
            }
            next = if next + 1 == demands { 0 } else { next + 1 };
            quiet += 1;
        }
        if candidates.is_empty() {
            return;
        }
        quiet = 0;
        use_up(basis, &mut candidates);
    }
}

/// Supplies whose price is negative would rather keep their stock.
fn slack_candidates(basis: &Basis, candidates: &mut Vec<(i64, Entering)>) {
    for (supply, &price) in (0..basis.root).zip(&basis.price) {
        if price < 0 {
            candidates.push((price, Entering { demand: NONE, tail: supply, cost: 0 }));
        }
    }
}

fn best_of_row<R: Rows>(
    problem: &Problem<'_, R>,
    basis: &Basis,
    prepared: &Prepared,
    demand: usize,
    row: &[R::Cost],
) -> Option<(i64, Entering)> {
    let index = u32::try_from(demand).unwrap_or(NONE);
    let price = basis.demand_price(index);
    let penalty = problem.penalty[demand];
    let limit = price.min(penalty);
    match prepared.least_below(row, limit) {
        Some((sum, column)) => {
            let tail = u32::try_from(column).unwrap_or(NONE);
            Some((sum - price, Entering { demand: index, tail, cost: row[column].wide() }))
        }
        None if penalty < price => Some((penalty - price, Entering { demand: index, tail: basis.root, cost: penalty })),
        None => None,
    }
}

/// Pivots on the best candidate until none is left that helps.
fn use_up(basis: &mut Basis, candidates: &mut Vec<(i64, Entering)>) {
    loop {
        candidates.retain_mut(|(reduced, arc)| {
            *reduced = basis.reduced_cost(*arc);
            *reduced < 0
        });
        let best = candidates.iter().enumerate().min_by_key(|(_, (reduced, _))| *reduced);
        let Some((position, &(_, arc))) = best else { return };
        candidates.swap_remove(position);
        basis.pivot(arc);
    }
}
