//! Makes bundles whole that a proposal nearly sells out: all-or-nothing leaves no place for a rest.
//!
//! What is left of each offer goes to demands with room, then takes the place of lines of offers in no bundle.

use super::formulation::Formulation;
use std::collections::{BTreeSet, HashMap};

/// Completes bundles of which at least this part in percent is sold.
const NEARLY: i64 = 50;

/// Offers, all or nothing, the fullest bundle first. Changes trade columns only; a bundle that cannot be completed stays.
pub fn complete(formulation: &Formulation<'_>, bundles: &[Vec<usize>], values: &mut [i64]) {
    let mut whole = Whole::of(formulation, bundles);
    let mut order: Vec<(i64, usize)> = Vec::new();
    for (at, offers) in bundles.iter().enumerate() {
        let stock: i64 = offers.iter().map(|&offer| formulation.model.offers[offer].packs).sum();
        let left: i64 = offers.iter().map(|&offer| whole.left(offer, values)).sum();
        if left > 0 && 100 * (stock - left) >= NEARLY * stock {
            order.push((100 * left / stock, at));
        }
    }
    order.sort_unstable();
    for (_, at) in order {
        let before = values.to_vec();
        if !bundles[at].iter().all(|&offer| whole.sell(offer, values)) {
            values.copy_from_slice(&before);
        }
        whole.measure(values);
    }
}

struct Whole<'a> {
    formulation: &'a Formulation<'a>,
    /// Offers of all these bundles.
    bundled: BTreeSet<usize>,
    /// Pairs of each offer, the cheapest first, and of each slot.
    pairs: HashMap<usize, Vec<usize>>,
    of_slot: Vec<Vec<usize>>,
    /// Base units delivered to each slot.
    served: Vec<i64>,
}

impl<'a> Whole<'a> {
    fn of(formulation: &'a Formulation<'a>, bundles: &[Vec<usize>]) -> Self {
        let (mut pairs, mut of_slot) = (HashMap::new(), vec![Vec::new(); formulation.component.demands.len()]);
        for (at, pair) in formulation.pairs.iter().enumerate().filter(|(_, pair)| pair.pinned.is_none()) {
            pairs.entry(pair.arc.offer).or_insert_with(Vec::new).push(at);
            of_slot[pair.slot].push(at);
        }
        for own in pairs.values_mut() {
            own.sort_by_key(|&at: &usize| (formulation.pairs[at].arc.cost, at));
        }
        let bundled = bundles.iter().flatten().copied().collect();
        Self { formulation, bundled, pairs, of_slot, served: Vec::new() }
    }

    fn measure(&mut self, values: &[i64]) {
        self.served = vec![0; self.of_slot.len()];
        for pair in &self.formulation.pairs {
            let packs: i64 = values[pair.first..pair.first + pair.days.len()].iter().sum();
            self.served[pair.slot] += packs * pair.arc.units;
        }
    }

    /// Packs of an offer that nobody has.
    fn left(&mut self, offer: usize, values: &[i64]) -> i64 {
        if self.served.is_empty() {
            self.measure(values);
        }
        let pairs = self.pairs.get(&offer).map_or(&[][..], Vec::as_slice);
        let sold = |&at: &usize| {
            let pair = &self.formulation.pairs[at];
            values[pair.first..pair.first + pair.days.len()].iter().sum::<i64>()
        };
        self.formulation.model.offers[offer].packs - pairs.iter().map(sold).sum::<i64>()
    }

    /// Finds a place for all that is left of an offer; says whether it did.
    fn sell(&mut self, offer: usize, values: &mut [i64]) -> bool {
        let mut left = self.left(offer, values);
        let pairs = self.pairs.get(&offer).cloned().unwrap_or_default();
        for is_swap in [false, true] {
            for &at in &pairs {
                if left <= 0 {
                    return true;
                }
                let pair = &self.formulation.pairs[at];
                let open = pair.most - values[pair.first];
                let room = if is_swap { self.release(pair.slot, pair.arc.units, open.min(left), values) } else { 0 };
                let most = self.formulation.component.reach[pair.slot].most - self.served[pair.slot];
                let packs = (most / pair.arc.units).min(open).min(left).min(if is_swap { room } else { i64::MAX });
                if packs > 0 {
                    values[pair.first] += packs;
                    self.served[pair.slot] += packs * pair.arc.units;
                    left -= packs;
                }
            }
        }
        left <= 0
    }

    /// Takes lines of offers in no bundle from a demand, to make room for so many packs; returns for how many there is.
    fn release(&mut self, slot: usize, units: i64, packs: i64, values: &mut [i64]) -> i64 {
        let mut freed = 0;
        for &other in &self.of_slot[slot] {
            let pair = &self.formulation.pairs[other];
            if self.bundled.contains(&pair.arc.offer) {
                continue;
            }
            for value in &mut values[pair.first..pair.first + pair.days.len()] {
                let needed = (packs * units - freed).max(0);
                let taken = ((needed + pair.arc.units - 1) / pair.arc.units).min(*value);
                *value -= taken;
                self.served[slot] -= taken * pair.arc.units;
                freed += taken * pair.arc.units;
            }
        }
        freed / units
    }
}
