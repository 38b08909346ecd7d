//! Plans without a solver.

use super::formulation::Formulation;
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
