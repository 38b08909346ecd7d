//! Takes out of a plan what breaks rows, so that a proposal which leaves some terms out becomes a plan that keeps all.
//!
//! Lines only ever shrink: the least valuable part of what a row has too much of, or all that turns on a switch whose
//! minimum is missed. What is lost so is small change for `fill` and the searches that follow.

use super::formulation::{Derived, Formulation, Pair, Row};
use std::collections::BTreeSet;

/// Rounds of looking for broken rows.
const ROUNDS: usize = 60;

/// The proposal without what breaks rows, completed; `None` where taking away is not enough.
pub fn repair(formulation: &Formulation<'_>, mut values: Vec<i64>) -> Option<Vec<i64>> {
    let repair = Repair::of(formulation);
    for _ in 0..ROUNDS {
        formulation.complete(&mut values);
        let mut is_changed = false;
        for row in &formulation.rows {
            let excess = excess(row, &values);
            if excess > 0 {
                is_changed |= repair.mend(row, excess, &mut values);
            }
        }
        if !is_changed {
            return formulation.holds(&values).then_some(values);
        }
    }
    None
}

/// What a row has above its limit.
pub fn excess(row: &Row, values: &[i64]) -> i128 {
    let sum: i128 = row.terms.iter().map(|&(column, coefficient)| coefficient * i128::from(values[column])).sum();
    sum - row.limit
}

/// What a row can do without: one column, or the users of a switch.
struct Part {
    columns: Vec<usize>,
    /// What the row has less for each pack (of a line), or at once (of a switch).
    coefficient: i128,
    is_line: bool,
    /// Ticks that the plan loses for each unit of the row.
    loss: f64,
}

struct Repair<'a> {
    formulation: &'a Formulation<'a>,
    /// Pair of every trade column.
    pairs: Vec<usize>,
}

impl<'a> Repair<'a> {
    fn of(formulation: &'a Formulation<'a>) -> Self {
        let pair = |(index, pair): (usize, &Pair)| std::iter::repeat_n(index, pair.days.len());
        Self { formulation, pairs: formulation.pairs.iter().enumerate().flat_map(pair).collect() }
    }

    /// Takes from a row what it has too much of, the least loss first; says whether it took anything.
    fn mend(&self, row: &Row, mut excess: i128, values: &mut [i64]) -> bool {
        let mut parts: Vec<Part> = row.terms.iter().filter_map(|&(at, c)| self.part(at, c, values)).collect();
        parts.sort_by(|a, b| a.loss.total_cmp(&b.loss));
        let mut is_changed = false;
        for part in parts {
            if excess <= 0 {
                break;
            }
            for &column in &part.columns {
                let least = self.formulation.model.offers[self.pair(column).arc.offer].min_packs;
                let needed = if part.is_line { -(-excess).div_euclid(part.coefficient) } else { i128::MAX };
                let left = values[column] - i64::try_from(needed).unwrap_or(i64::MAX).min(values[column]);
                let left = if left < least { 0 } else { left };
                let taken = values[column] - left;
                is_changed |= taken > 0;
                values[column] = left;
                excess -= if part.is_line { part.coefficient * i128::from(taken) } else { 0 };
            }
            excess -= if part.is_line { 0 } else { part.coefficient };
        }
        is_changed
    }

    fn part(&self, at: usize, coefficient: i128, values: &[i64]) -> Option<Part> {
        if coefficient <= 0 || values[at] <= 0 {
            return None;
        }
        let mut columns = BTreeSet::new();
        self.users(at, &mut columns);
        columns.retain(|&column| values[column] > 0 && self.pair(column).pinned.is_none());
        let is_line = at < self.pairs.len();
        let lost: f64 = columns
            .iter()
            .map(|&column| self.worth(column) * if is_line { 1.0 } else { float(values[column].into()) })
            .sum();
        let loss = lost / float(coefficient);
        (!columns.is_empty()).then(|| Part { columns: columns.into_iter().collect(), coefficient, is_line, loss })
    }

    /// Trade columns behind a column.
    fn users(&self, at: usize, columns: &mut BTreeSet<usize>) {
        if at < self.pairs.len() {
            columns.insert(at);
            return;
        }
        let first = self.formulation.columns.len() - self.formulation.derived.len();
        if let Some(Derived::Used(users)) = at.checked_sub(first).and_then(|at| self.formulation.derived.get(at)) {
            users.iter().for_each(|&user| self.users(user, columns));
        }
    }

    fn pair(&self, column: usize) -> &Pair {
        &self.formulation.pairs[self.pairs[column]]
    }

    /// Ticks of shortage that a pack saves, less what it costs.
    fn worth(&self, column: usize) -> f64 {
        let Pair { slot, arc, .. } = self.pair(column);
        let demand = &self.formulation.model.demands[self.formulation.component.demands[*slot]];
        float(i128::from(demand.largest_penalty()) * i128::from(arc.units) - i128::from(arc.cost))
    }
}

#[expect(clippy::cast_precision_loss, reason = "an order to try things in")]
fn float(value: i128) -> f64 {
    value as f64
}
