//! From trades to all other columns: what a plan costs and whether it keeps every row, in integers.
//!
//! An LP or MIP engine's floats, and every heuristic, only propose trades. This file has the last word inside the
//! engine: it derives the other columns by their meaning, tests the rows and adds up the cost.

use super::{Formulation, RowKind};

/// How a column follows from earlier ones.
#[derive(Debug, Clone)]
pub enum Derived {
    /// 1 when any of these is above 0.
    Used(Vec<usize>),
    /// 1 when the weighted sum is at least `from` (and below `below`).
    Reached {
        /// Columns with weights.
        terms: Vec<(usize, i128)>,
        /// Least sum.
        from: i128,
        /// The sum from which another column takes over.
        below: Option<i128>,
    },
    /// The weighted sum, when the switch is on.
    SumIf {
        /// Columns with weights.
        terms: Vec<(usize, i128)>,
        /// The switch.
        switch: usize,
    },
    /// What the weighted sum exceeds `from` by.
    Beyond {
        /// Columns with weights.
        terms: Vec<(usize, i128)>,
        /// Where counting begins.
        from: i128,
    },
    /// 1 when the column has exactly this value.
    Equal {
        /// The column.
        column: usize,
        /// The value.
        packs: i64,
    },
}

impl Formulation<'_> {
    /// All columns that follow from the trade columns; the rest of `values` is overwritten.
    pub fn complete(&self, values: &mut [i64]) {
        for (slot, short) in self.short.iter().enumerate() {
            let pieces = short.iter().zip(&self.needs[slot].pieces);
            pieces.for_each(|(&column, piece)| values[column] = piece.steps);
        }
        for (index, pair) in self.pairs.iter().enumerate() {
            let steps = pair.arc.units / self.component.reach[pair.slot].step;
            let mut served: i64 = self.columns_of(index).map(|column| values[column]).sum::<i64>() * steps;
            // Pieces are filled in order: each step of one saves at least as much as one of the next.
            for column in self.short[pair.slot] {
                let filled = served.min(values[column]);
                values[column] -= filled;
                served -= filled;
            }
        }
        let first = self.columns.len() - self.derived.len();
        for (position, derived) in self.derived.iter().enumerate() {
            values[first + position] = derived.value(values);
        }
    }

    /// Whether completed values keep every row and box.
    pub fn holds(&self, values: &[i64]) -> bool {
        let in_box = |(column, value): (&super::Column, &i64)| (column.lower..=column.upper).contains(value);
        self.columns.iter().zip(values).all(in_box)
            && self.rows.iter().all(|row| {
                let sum: i128 =
                    row.terms.iter().map(|&(column, coefficient)| coefficient * i128::from(values[column])).sum();
                if matches!(row.kind, RowKind::Pinned) { sum == row.limit } else { sum <= row.limit }
            })
    }

    /// What completed values cost, in ticks, without what no decision here changes.
    pub fn cost(&self, values: &[i64]) -> i128 {
        let cost = |(column, &value): (&super::Column, &i64)| column.cost * i128::from(value);
        self.unavoidable() + self.columns.iter().zip(values).map(cost).sum::<i128>()
    }
}

impl Derived {
    fn value(&self, values: &[i64]) -> i64 {
        let sum = |terms: &[(usize, i128)]| -> i128 {
            terms.iter().map(|&(column, weight)| weight * i128::from(values[column])).sum()
        };
        match self {
            Self::Used(columns) => i64::from(columns.iter().any(|&column| values[column] > 0)),
            Self::Reached { terms, from, below } => {
                let sum = sum(terms);
                i64::from(sum >= *from && below.is_none_or(|below| sum < below))
            }
            Self::SumIf { terms, switch } if values[*switch] > 0 => crate::model::narrow(sum(terms)),
            Self::SumIf { .. } => 0,
            Self::Beyond { terms, from } => crate::model::narrow((sum(terms) - from).max(0)),
            Self::Equal { column, packs } => i64::from(values[*column] == *packs),
        }
    }
}
