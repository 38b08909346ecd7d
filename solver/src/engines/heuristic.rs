//! Plans without a solver.

use super::formulation::{Formulation, Pair};
use crate::model::Pinned;
use crate::pipeline::Trade;
use std::collections::HashMap;

/// Delivers what is pinned and nothing else.
pub fn pins_only(formulation: &Formulation<'_>) -> Vec<i64> {
    let mut values = vec![0; formulation.columns.len()];
    for pair in &formulation.pairs {
        match &pair.pinned {
            None => {}
            Some(Pinned::Days(days)) => {
                days.iter().enumerate().for_each(|(position, (_, packs))| values[pair.first + position] = *packs);
            }
            Some(Pinned::Total(packs)) => {
                let most = formulation.day_most(pair).max(1);
                let mut left = *packs;
                for position in 0..pair.days.len() {
                    let part = left.min(most);
                    values[pair.first + position] = part;
                    left -= part;
                }
            }
        }
    }
    values
}

/// The plan that these trades make.
pub fn given(formulation: &Formulation<'_>, trades: &[Trade]) -> Vec<i64> {
    let mut values = vec![0; formulation.columns.len()];
    let packs: HashMap<_, _> = trades.iter().map(|t| ((t.demand, t.offer, t.day), t.packs)).collect();
    for pair in &formulation.pairs {
        let demand = formulation.component.demands[pair.slot];
        for (position, &day) in pair.days.iter().enumerate() {
            values[pair.first + position] = packs.get(&(demand, pair.arc.offer, day)).copied().unwrap_or(0);
        }
    }
    values
}

/// Serves demands one pack line at a time, cheapest landed line first, as far as stock and need go.
pub fn greedy(formulation: &Formulation<'_>) -> Vec<i64> {
    let mut values = pins_only(formulation);
    let mut order: Vec<usize> =
        (0..formulation.pairs.len()).filter(|&p| formulation.pairs[p].pinned.is_none()).collect();
    let per_unit = |&p: &usize| {
        let arc = &formulation.pairs[p].arc;
        (i128::from(arc.cost) * 1_000_000 / i128::from(arc.units), p)
    };
    order.sort_by_key(per_unit);
    let mut stock: HashMap<usize, i64> =
        formulation.component.offers.iter().map(|&o| (o, formulation.model.offers[o].packs)).collect();
    let mut need: Vec<i64> = formulation.component.reach.iter().map(|reach| reach.need).collect();
    for (index, pair) in formulation.pairs.iter().enumerate() {
        let packs = formulation.pinned_packs(index);
        stock.entry(pair.arc.offer).and_modify(|left| *left -= packs);
        need[pair.slot] -= packs * pair.arc.units;
    }
    for index in order {
        let pair = &formulation.pairs[index];
        let least = formulation.model.offers[pair.arc.offer].min_packs;
        let left = stock.get(&pair.arc.offer).copied().unwrap_or(0);
        let packs = (need[pair.slot] / pair.arc.units).min(left).min(formulation.day_most(pair));
        if packs < least || packs <= 0 {
            continue;
        }
        values[pair.first] = packs;
        need[pair.slot] -= packs * pair.arc.units;
        stock.insert(pair.arc.offer, left - packs);
    }
    values
}

/// Columns and row terms that [`fill`] may visit in all.
const FILL_VISITS: usize = 30_000_000;

/// Adds packs to lines, or new lines, of demands that are short, then takes packs away that nothing needs, wherever that
/// keeps every row and lowers the cost. Takes completed values, leaves completed values, returns what they cost.
pub fn fill(formulation: &Formulation<'_>, values: &mut Vec<i64>) -> i128 {
    let mut filling = Filling::of(formulation, values);
    let mut order: Vec<usize> =
        (0..formulation.pairs.len()).filter(|&pair| formulation.pairs[pair].pinned.is_none()).collect();
    order.sort_by_key(|&pair| (formulation.pairs[pair].arc.cost, pair));
    let columns = |&pair: &usize| {
        let Pair { first, days, .. } = &formulation.pairs[pair];
        (*first..first + days.len()).map(move |column| (pair, column))
    };
    let columns: Vec<(usize, usize)> = order.iter().flat_map(columns).collect();
    for &(pair, column) in &columns {
        let mut packs = filling.lacking(pair);
        while packs > 0 {
            packs = if filling.is_bettered_by(column, packs) { filling.lacking(pair).min(packs) } else { packs / 2 };
        }
    }
    for &(_, column) in columns.iter().rev() {
        while filling.values[column] > 0 && filling.is_bettered_by(column, -1) {}
    }
    filling.cost
}

/// A plan that single changes may better.
struct Filling<'a> {
    formulation: &'a Formulation<'a>,
    values: &'a mut Vec<i64>,
    cost: i128,
    trials_left: usize,
}

impl<'a> Filling<'a> {
    fn of(formulation: &'a Formulation<'a>, values: &'a mut Vec<i64>) -> Self {
        let visits = formulation.rows.iter().map(|row| row.terms.len()).sum::<usize>() + formulation.columns.len();
        Self { formulation, cost: formulation.cost(values), values, trials_left: FILL_VISITS / visits.max(1) }
    }

    /// Makes the change if it keeps all rows and costs less; says whether it did.
    fn is_bettered_by(&mut self, column: usize, packs: i64) -> bool {
        if self.trials_left == 0 {
            return false;
        }
        self.trials_left -= 1;
        let mut tried = self.values.clone();
        tried[column] += packs;
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
}
