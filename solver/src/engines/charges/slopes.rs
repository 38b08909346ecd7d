//! Slope scaling: charge every line its share of the fees that the last flow caused, bar what misses a minimum, repeat.
//!
//! (After Kim and Pardalos, "A solution approach to the fixed charge network flow problem using a dynamic slope scaling
//! procedure", 1999, with the share taken by value, so that goods in kilograms, litres and pieces can pay together.)
//! Floats steer here; what comes out is a flow in integers, and its price as a plan is exact.

use super::search;
use super::visits::Visits;
use crate::engines::lines::Relaxed;
use crate::engines::proof::{discount, relief};
use crate::engines::sheets::{Sheet, Sheets};
use crate::flow::transport::{Cost, Solution};
use crate::model::Model;
use crate::pipeline::{Component, SolveError};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

/// Rounds of charging.
const ROUNDS: usize = 40;
/// Rounds without a better plan after which no more are tried.
const PATIENCE: usize = 6;
/// Flows per round until no line, order or offer misses its minimum.
const REPAIRS: usize = 12;
/// What a visit that no flow makes is taken to carry: this part of what its place, or the market, needs.
const UNUSED: f64 = 0.02;

/// The best flow found, with the prices of stock it was found at.
///
/// # Errors
/// As [`Sheet::solve`].
pub fn descend<'a>(
    model: &'a Model<'a>,
    component: &'a Component,
    sheets: &Sheets,
    end: Option<Instant>,
) -> Result<Relaxed<'a>, SolveError> {
    let mut slopes = Slopes::new(model, component, sheets);
    let mut flows = slopes.solve(None)?;
    let mut best: Option<(Option<i128>, Relaxed<'a>)> = None;
    let mut idle = 0;
    for round in 0..ROUNDS {
        let is_late = end.is_some_and(|end| Instant::now() >= end);
        if round > 0 && (is_late || idle >= PATIENCE || !slopes.has_charges()) {
            break;
        }
        slopes.learn(&flows, round == 0);
        flows = slopes.solve(Some(&flows))?;
        let repaired = slopes.repair(&flows, end)?;
        let relaxed = slopes.relaxed(&repaired);
        let cost = search::price(&relaxed);
        let known = best.as_ref().map(|(cost, _)| *cost);
        let is_better = known.is_none_or(|known| cost.is_some_and(|cost| known.is_none_or(|known| cost < known)));
        idle = if is_better { 0 } else { idle + 1 };
        if is_better {
            best = Some((cost, relaxed));
        }
    }
    best.map(|(_, relaxed)| relaxed).ok_or_else(|| SolveError::Engine("no round of charging ran".into()))
}

struct Slopes<'a, 's> {
    model: &'a Model<'a>,
    component: &'a Component,
    sheets: &'s Sheets,
    visits: Visits,
    /// Value carried by each visit, as far as known.
    carried: Vec<f64>,
    /// Ticks per pack that tiers are expected to take off, by offer slot.
    relief: Vec<i64>,
    /// Pairs that may not be used, by sheet.
    barred: Vec<HashSet<(usize, usize)>>,
}

impl<'a, 's> Slopes<'a, 's> {
    fn new(model: &'a Model<'a>, component: &'a Component, sheets: &'s Sheets) -> Self {
        let visits = Visits::of(model, component);
        let relief = component.offers.iter().map(|&offer| relief(model, offer).per_pack).collect();
        let barred = vec![HashSet::new(); sheets.all.len()];
        Self { model, component, sheets, carried: vec![f64::INFINITY; visits.count()], visits, relief, barred }
    }

    fn has_charges(&self) -> bool {
        let has_tiers = self.component.offers.iter().any(|&offer| !self.model.offers[offer].tiers.is_empty());
        has_tiers || self.visits.has_fees()
    }

    /// Solves all sheets at the present slopes.
    fn solve(&self, earlier: Option<&Vec<Solution>>) -> Result<Vec<Solution>, SolveError> {
        let rate = self.rates();
        let one = |(at, sheet): (usize, &Sheet)| {
            let costs = self.costs(sheet, &rate, &self.barred[at]);
            sheet.solve(&costs, earlier.map(|earlier| &earlier[at]))
        };
        self.sheets.all.par_iter().enumerate().map(one).collect()
    }

    /// Fee per value carried, by visit.
    fn rates(&self) -> Vec<f64> {
        let rate = |(visit, carried): (usize, &f64)| float(self.visits.fee(visit)) / carried.max(1.0);
        self.carried.iter().enumerate().map(rate).collect()
    }

    fn costs(&self, sheet: &Sheet, rate: &[f64], barred: &HashSet<(usize, usize)>) -> Vec<i64> {
        let width = sheet.width();
        let relief =
            |slot: &usize| self.relief[*slot] / (self.model.offers[self.component.offers[*slot]].pack / sheet.unit);
        let relief: Vec<i64> = sheet.offers.iter().map(relief).collect();
        let mut costs = sheet.costs.clone();
        for (row, line) in costs.chunks_mut(width.max(1)).enumerate() {
            for (column, cost) in line.iter_mut().enumerate().filter(|(_, cost)| cost.is_allowed()) {
                let offer = sheet.offers[column];
                let drop = rate[self.visits.drop_of(sheet.slots[row], offer)];
                let charge = float(*cost) * (drop + rate[self.visits.trip_of(offer)]);
                *cost += whole(charge).min(*cost) - relief[column];
            }
        }
        for &(row, column) in barred {
            costs[row * width + column] = i64::FORBIDDEN;
        }
        costs
    }

    /// Takes from a flow what each visit carries and what each offer's tiers give.
    fn learn(&mut self, flows: &[Solution], is_first: bool) {
        let mut now = vec![0.0; self.carried.len()];
        let mut needs = vec![0.0; self.visits.places + 1];
        let mut taken = vec![0; self.component.offers.len()];
        for (sheet, flow) in self.sheets.all.iter().zip(flows) {
            for (row, column, units) in sheet.flows(flow) {
                let (slot, offer) = (sheet.slots[row], sheet.offers[column]);
                let value = float(sheet.costs[row * sheet.width() + column]) * float(units);
                for visit in [self.visits.drop_of(slot, offer), self.visits.trip_of(offer)] {
                    now[visit] += value;
                    needs[visit / self.visits.suppliers] += value;
                }
                taken[offer] += units * sheet.unit;
            }
        }
        for (visit, carried) in self.carried.iter_mut().enumerate() {
            let least = UNUSED * needs[visit / self.visits.suppliers];
            // A visit that no flow makes loses credit slowly: dropping it may have been a mistake.
            let before = if is_first { 0.0 } else { *carried / 2.0 };
            *carried = if now[visit] > 0.0 { now[visit] } else { before.max(least) };
        }
        self.learn_tiers(&taken);
    }

    /// From the envelope at first to what the quantity in the flow really earns.
    fn learn_tiers(&mut self, taken: &[i64]) {
        for (slot, &offer) in self.component.offers.iter().enumerate() {
            let record = &self.model.offers[offer];
            let packs = taken[slot] / record.pack;
            if !record.tiers.is_empty() && packs > 0 {
                let average = discount(self.model, offer, packs) / i128::from(packs);
                self.relief[slot] = crate::model::narrow(average);
            }
        }
    }

    /// Bars what misses a minimum and solves the sheets concerned again, until nothing does. Lines that the first flow
    /// leaves too small stay barred in later rounds.
    fn repair(&mut self, flows: &[Solution], end: Option<Instant>) -> Result<Vec<Solution>, SolveError> {
        let mut flows = flows.to_vec();
        let rate = self.rates();
        let mut barred = self.barred.clone();
        for round in 0..REPAIRS {
            let small = self.small_lines(&flows);
            if round == 0 {
                self.barred.iter_mut().zip(&small).for_each(|(barred, small)| barred.extend(small));
            }
            let mut missed = small;
            self.add_short_orders(&flows, &mut missed);
            self.add_short_offers(&flows, &mut missed);
            if missed.iter().all(HashSet::is_empty) || end.is_some_and(|end| Instant::now() >= end) {
                break;
            }
            let again = |(at, missed): (usize, HashSet<(usize, usize)>)| {
                if missed.is_empty() {
                    return Ok(None);
                }
                let sheet = &self.sheets.all[at];
                let all: HashSet<_> = barred[at].union(&missed).copied().collect();
                let flow = sheet.solve(&self.costs(sheet, &rate, &all), Some(&flows[at]))?;
                Ok(Some((all, flow)))
            };
            let found: Result<Vec<_>, SolveError> = missed.into_par_iter().enumerate().map(again).collect();
            for (at, found) in found?.into_iter().enumerate() {
                if let Some(found) = found {
                    (barred[at], flows[at]) = found;
                }
            }
        }
        Ok(flows)
    }

    /// Pairs whose flow stays below their least line.
    fn small_lines(&self, flows: &[Solution]) -> Vec<HashSet<(usize, usize)>> {
        let small = |(sheet, flow): (&Sheet, &Solution)| {
            let is_small = |&(_, column, units): &(usize, usize, i64)| {
                let record = &self.model.offers[self.component.offers[sheet.offers[column]]];
                units * sheet.unit < record.min_packs * record.pack && record.min_packs > 1
            };
            sheet.flows(flow).into_iter().filter(is_small).map(|(row, column, _)| (row, column)).collect()
        };
        self.sheets.all.iter().zip(flows).map(small).collect()
    }

    /// All pairs of suppliers with buyers whose order stays below the minimum.
    fn add_short_orders(&self, flows: &[Solution], missed: &mut [HashSet<(usize, usize)>]) {
        let mut orders: HashMap<(usize, usize), i128> = HashMap::new();
        let order = |sheet: &Sheet, row: usize, column: usize| {
            let record = &self.model.offers[self.component.offers[sheet.offers[column]]];
            (record.supplier, self.model.demands[self.component.demands[sheet.slots[row]]].buyer)
        };
        for (sheet, flow) in self.sheets.all.iter().zip(flows) {
            for (row, column, units) in sheet.flows(flow) {
                let key = order(sheet, row, column);
                if self.model.suppliers[key.0].min_order_value > 0 {
                    let price = self.model.offers[self.component.offers[sheet.offers[column]]].price;
                    *orders.entry(key).or_default() += i128::from(price) * i128::from(units * sheet.unit);
                }
            }
        }
        orders.retain(|key, value| *value < i128::from(self.model.suppliers[key.0].min_order_value));
        let mut buyers: BTreeMap<usize, HashSet<usize>> = BTreeMap::new();
        orders.keys().for_each(|&(supplier, buyer)| {
            buyers.entry(buyer).or_default().insert(supplier);
        });
        for (sheet, missed) in self.sheets.all.iter().zip(missed) {
            for (row, &slot) in sheet.slots.iter().enumerate() {
                let Some(short) = buyers.get(&self.model.demands[self.component.demands[slot]].buyer) else {
                    continue;
                };
                let is_short = |column: &usize| short.contains(&order(sheet, row, *column).0);
                missed.extend((0..sheet.width()).filter(is_short).map(|column| (row, column)));
            }
        }
    }

    /// All pairs of offers of which something, but less than the least total, flows.
    fn add_short_offers(&self, flows: &[Solution], missed: &mut [HashSet<(usize, usize)>]) {
        for ((sheet, flow), missed) in self.sheets.all.iter().zip(flows).zip(missed) {
            let mut taken = vec![0; sheet.width()];
            sheet.flows(flow).into_iter().for_each(|(_, column, units)| taken[column] += units * sheet.unit);
            for (column, &taken) in taken.iter().enumerate() {
                let record = &self.model.offers[self.component.offers[sheet.offers[column]]];
                if taken > 0 && taken < record.min_total_packs * record.pack {
                    missed.extend((0..sheet.slots.len()).map(|row| (row, column)));
                }
            }
        }
    }

    fn relaxed(&self, flows: &[Solution]) -> Relaxed<'a> {
        Relaxed {
            model: self.model,
            component: self.component,
            prices: self.sheets.prices_per_pack(self.model, self.component, flows),
            relief: self.relief.clone(),
            reserved: self.sheets.reserved(self.component, flows),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "floats only steer; every cost that counts is computed in integers")]
pub(super) fn float(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and the result is only a guide")]
pub(super) fn whole(value: f64) -> i64 {
    value as i64
}
