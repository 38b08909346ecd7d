//! Small changes that better a plan, so that nobody stays short for no reason: every one is tried out on the whole
//! formulation, in integers.

use super::formulation::{Formulation, Pair};
use std::collections::BTreeSet;

/// Columns and row terms that [`fill`] may visit in all.
const VISITS: usize = 30_000_000;
/// Trials for each column with which a formulation counts as small.
const TRIALS_EACH: usize = 64;
/// Amounts of a line that are all tried; of larger ones only some.
const EACH_AMOUNT: i64 = 16;

/// How much to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Each line once, for a plan that is known to be nearly or quite the best.
    Brief,
    /// Until nothing betters the plan any more, also two changes together.
    Thorough,
}

/// Adds packs to lines, or new lines, of demands that are short, alone and together with a change of a line beside it; then
/// takes packs away that nothing needs; wherever that keeps every row and lowers the cost. Takes completed values, leaves
/// completed values, returns what they cost.
pub fn fill(formulation: &Formulation<'_>, values: &mut Vec<i64>, effort: Effort) -> i128 {
    let mut filling = Filling::of(formulation, values, effort);
    let columns = filling.columns();
    loop {
        let before = filling.cost;
        columns.iter().for_each(|&(pair, column)| filling.add(pair, column));
        for &(_, column) in columns.iter().rev() {
            while filling.values[column] > 0 && filling.is_bettered_by(&[(column, -1)]) {}
            filling.is_bettered_by(&[(column, -filling.values[column])]);
        }
        if effort == Effort::Thorough {
            filling.better_by_two(&columns);
        }
        if effort == Effort::Brief || filling.cost == before {
            return filling.cost;
        }
    }
}

/// A plan that small changes may better.
struct Filling<'a> {
    formulation: &'a Formulation<'a>,
    values: &'a mut Vec<i64>,
    cost: i128,
    trials_left: usize,
    /// Whether there are trials enough to try many amounts of every line.
    is_small: bool,
}

impl<'a> Filling<'a> {
    fn of(formulation: &'a Formulation<'a>, values: &'a mut Vec<i64>, effort: Effort) -> Self {
        let visits = formulation.rows.iter().map(|row| row.terms.len()).sum::<usize>() + formulation.columns.len();
        let trials_left = VISITS / visits.max(1);
        let is_small = effort == Effort::Thorough && trials_left / TRIALS_EACH >= formulation.columns.len();
        Self { formulation, cost: formulation.cost(values), values, trials_left, is_small }
    }

    /// Trade columns that no pin fixes, with their pairs, the cheapest first.
    fn columns(&self) -> Vec<(usize, usize)> {
        let pairs = &self.formulation.pairs;
        let mut order: Vec<usize> = (0..pairs.len()).filter(|&pair| pairs[pair].pinned.is_none()).collect();
        order.sort_by_key(|&pair| (pairs[pair].arc.cost, pair));
        let columns = |&pair: &usize| {
            let Pair { first, days, .. } = &pairs[pair];
            (*first..first + days.len()).map(move |column| (pair, column))
        };
        order.iter().flat_map(columns).collect()
    }

    /// Makes the changes together if that keeps all rows and costs less; says whether it did.
    fn is_bettered_by(&mut self, changes: &[(usize, i64)]) -> bool {
        if self.trials_left == 0 || changes.iter().any(|(_, packs)| *packs == 0) {
            return false;
        }
        self.trials_left -= 1;
        let mut tried = self.values.clone();
        changes.iter().for_each(|&(column, packs)| tried[column] += packs);
        self.formulation.complete(&mut tried);
        let cost = self.formulation.cost(&tried);
        if cost >= self.cost || !self.formulation.holds(&tried) {
            return false;
        }
        (self.cost, *self.values) = (cost, tried);
        true
    }

    /// Packs of a pair that would end its demand's shortage, as far as there is stock in all.
    fn lacking(&self, pair: usize) -> i64 {
        let Pair { slot, arc, most, .. } = &self.formulation.pairs[pair];
        let short: i64 = self.formulation.short[*slot].iter().map(|&column| self.values[column]).sum();
        let per_pack = arc.units / self.formulation.component.reach[*slot].step;
        ((short + per_pack - 1) / per_pack).min(*most)
    }

    /// Amounts worth adding to a line, the largest first: all there are, or what ends the shortage, halves of it and what
    /// minimums ask for. Where trials are dear, only demands that are short get more.
    fn amounts(&self, pair: usize, column: usize) -> Vec<i64> {
        let (lacking, room) = (self.lacking(pair), self.formulation.pairs[pair].most - self.values[column]);
        if lacking == 0 && !self.is_small {
            return Vec::new();
        }
        if room <= EACH_AMOUNT {
            return (1..=room).rev().collect();
        }
        let halves = std::iter::successors(Some(lacking), |&packs| Some(packs / 2)).take_while(|&packs| packs > 0);
        let amounts: BTreeSet<i64> =
            halves.chain(self.minimums(pair)).filter(|packs| (1..=room).contains(packs)).collect();
        amounts.into_iter().rev().collect()
    }

    /// Packs that reach the least line, the least order and the least total alone.
    fn minimums(&self, pair: usize) -> [i64; 3] {
        let model = self.formulation.model;
        let offer = &model.offers[self.formulation.pairs[pair].arc.offer];
        let worth = (i128::from(offer.pack) * i128::from(offer.price)).max(1);
        let order = i128::from(model.suppliers[offer.supplier].min_order_value);
        [offer.min_packs, crate::model::narrow(-(-order).div_euclid(worth)), offer.min_total_packs]
    }

    fn least(&self, pair: usize) -> i64 {
        self.formulation.model.offers[self.formulation.pairs[pair].arc.offer].min_packs
    }

    fn add(&mut self, pair: usize, column: usize) {
        while self.amounts(pair, column).into_iter().any(|packs| self.is_bettered_by(&[(column, packs)])) {}
    }

    /// More for demands that are short, together with less or more on a line beside it: one of the same demand, buyer,
    /// supplier or offer.
    fn better_by_two(&mut self, columns: &[(usize, usize)]) {
        for &(pair, column) in columns {
            if self.lacking(pair) == 0 {
                continue;
            }
            let beside: Vec<(usize, usize)> =
                columns.iter().copied().filter(|&(other, at)| at != column && self.is_beside(pair, other)).collect();
            for (other, at) in beside {
                if self.trials_left == 0 {
                    return;
                }
                let lacking = self.lacking(pair);
                let amounts = BTreeSet::from([lacking, self.least(pair).min(lacking)]);
                for packs in amounts.into_iter().filter(|&packs| packs > 0) {
                    let (own, most) = (self.values[at], self.lacking(other).max(self.least(other)));
                    let changes = BTreeSet::from([-own, -packs.min(own), -own.min(1), self.least(other), most]);
                    if changes.into_iter().any(|change| self.is_bettered_by(&[(column, packs), (at, change)])) {
                        break;
                    }
                }
            }
        }
    }

    fn is_beside(&self, pair: usize, other: usize) -> bool {
        let model = self.formulation.model;
        let record = |pair: usize| {
            let Pair { slot, arc, .. } = &self.formulation.pairs[pair];
            let demand = self.formulation.component.demands[*slot];
            (demand, model.demands[demand].buyer, model.offers[arc.offer].supplier)
        };
        let (one, two) = (record(pair), record(other));
        one.0 == two.0 || one.1 == two.1 || one.2 == two.2
    }
}
