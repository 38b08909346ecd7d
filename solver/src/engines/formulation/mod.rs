//! The published formulation of one component, row by row, in integers.
//!
//! Everything that needs rows (HiGHS, the bound, the test of a rounded answer) reads this one structure, so that the
//! model exists once. Row families, keys and boxes are those of `solver/README.md`; the checkers have their own.

mod deals;
mod derive;
mod links;
mod rules;

pub use derive::Derived;

use super::need::{Need, PIECES, need_value};
use crate::candidates::{self, Arc};
use crate::model::{Model, Pinned};
use crate::pipeline::{Component, KeyPart, PartAnswer, RowKey, Trade};
use std::collections::{BTreeMap, HashMap};

/// A variable. Those of trades come first, pair by pair and day by day.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Ticks per unit.
    pub cost: i128,
    /// Least value (above 0 only where pinned).
    pub lower: i64,
    /// Most.
    pub upper: i64,
    /// Whether only whole numbers make sense; the others come out whole by themselves.
    pub whole: bool,
}

/// A demand, an offer and its columns, one per day.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Slot of the demand in the component.
    pub slot: usize,
    /// The arc.
    pub arc: Arc,
    /// Its days, ascending.
    pub days: Vec<i64>,
    /// Column of its first day; the others follow.
    pub first: usize,
    /// Most packs over all days.
    pub most: i64,
    /// What people fixed.
    pub pinned: Option<Pinned>,
}

/// Which multiplier a row's dual becomes.
#[derive(Debug, Clone)]
pub enum RowKind {
    /// The need of a demand slot (adds to its price).
    Must(usize),
    /// The limit of a demand slot (takes from its price).
    UpTo(usize),
    /// Stock of an offer.
    Stock(usize),
    /// A row of its own.
    Named(RowKey),
    /// Part of a box, not of the certificate; an equality.
    Pinned,
}

/// Σ coefficient × column ≤ limit (or = for [`RowKind::Pinned`]).
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// Columns with their coefficients, columns ascending and distinct.
    pub terms: Vec<(usize, i128)>,
    /// Right-hand side.
    pub limit: i128,
}

/// All columns and rows of a component.
#[derive(Debug)]
pub struct Formulation<'a> {
    /// The model.
    pub model: &'a Model<'a>,
    /// The component.
    pub component: &'a Component,
    /// Pairs, ordered by (slot, offer).
    pub pairs: Vec<Pair>,
    /// Variables.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Open steps by slot, before anything is delivered.
    pub needs: Vec<Need>,
    /// Columns of the steps short of each piece of the shortage curve, by slot.
    pub short: Vec<[usize; PIECES]>,
    /// How to compute the columns after the shortage columns, in order.
    pub derived: Vec<Derived>,
    /// Whether some rows are in money, whose multipliers are fractions.
    pub has_money_rows: bool,
    /// Switch of each (supplier, place, day) with a drop fee.
    pub drops: BTreeMap<(usize, usize, i64), usize>,
    /// Switch of each (supplier, buyer) where one is needed.
    pub orders: BTreeMap<(usize, usize), usize>,
    /// Switch of each offer where one is needed.
    pub offer_switches: BTreeMap<usize, usize>,
    /// Pairs by offer.
    pairs_by_offer: HashMap<usize, Vec<usize>>,
}

impl<'a> Formulation<'a> {
    /// Writes down a component.
    pub fn new(model: &'a Model<'a>, component: &'a Component) -> Self {
        let mut formulation = Self {
            model,
            component,
            pairs: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            needs: Vec::new(),
            short: Vec::new(),
            derived: Vec::new(),
            has_money_rows: false,
            drops: BTreeMap::new(),
            orders: BTreeMap::new(),
            offer_switches: BTreeMap::new(),
            pairs_by_offer: HashMap::new(),
        };
        formulation.add_pairs();
        formulation.add_demands();
        formulation.add_stock();
        formulation.add_links();
        formulation.add_deals();
        formulation.add_rules();
        formulation
    }

    fn add_pairs(&mut self) {
        for (slot, &demand) in self.component.demands.iter().enumerate() {
            let reach = self.component.reach[slot];
            for arc in &self.component.arcs[slot] {
                let offer = &self.model.offers[arc.offer];
                let pinned = self.model.pins.get(&(demand, arc.offer)).cloned();
                let days: Vec<i64> = match &pinned {
                    Some(Pinned::Days(days)) => days.iter().map(|(day, _)| *day).collect(),
                    _ => (arc.day_from..=arc.day_to).collect(),
                };
                let pair = Pair {
                    slot,
                    arc: *arc,
                    first: self.columns.len(),
                    most: (reach.most / arc.units).min(offer.packs),
                    pinned,
                    days,
                };
                self.add_pair_columns(&pair);
                self.pairs_by_offer.entry(arc.offer).or_default().push(self.pairs.len());
                self.pairs.push(pair);
            }
        }
    }

    fn add_pair_columns(&mut self, pair: &Pair) {
        let cost = i128::from(pair.arc.cost);
        for position in 0..pair.days.len() {
            let upper = self.day_most(pair);
            let (lower, upper) = match &pair.pinned {
                Some(Pinned::Days(days)) => (days[position].1, days[position].1),
                Some(Pinned::Total(packs)) => (0, *packs),
                None => (0, upper),
            };
            self.column(cost, lower, upper, true);
        }
        if let Some(Pinned::Total(packs)) = &pair.pinned {
            let terms = (0..pair.days.len()).map(|position| (pair.first + position, 1)).collect();
            self.rows.push(Row { kind: RowKind::Pinned, terms, limit: i128::from(*packs) });
        }
    }

    /// `U_dot`: most packs of a pair on one day.
    pub fn day_most(&self, pair: &Pair) -> i64 {
        pair.most.min(self.model.offers[pair.arc.offer].packs_per_day)
    }

    fn column(&mut self, cost: i128, lower: i64, upper: i64, whole: bool) -> usize {
        self.columns.push(Column { cost, lower, upper, whole });
        self.columns.len() - 1
    }

    /// A yes-or-no column.
    fn switch(&mut self, cost: i128, derived: Derived) -> usize {
        self.derived.push(derived);
        self.column(cost, 0, 1, true)
    }

    /// A column that counts packs.
    fn counter(&mut self, cost: i128, upper: i64, derived: Derived) -> usize {
        self.derived.push(derived);
        self.column(cost, 0, upper, false)
    }

    fn row(&mut self, family: &'static str, key: Vec<KeyPart>, mut terms: Vec<(usize, i128)>, limit: i128) {
        terms.sort_unstable_by_key(|(column, _)| *column);
        self.rows.push(Row { kind: RowKind::Named(RowKey { family, key }), terms, limit });
    }

    /// Columns of a pair, one per day.
    fn columns_of(&self, pair: usize) -> std::ops::Range<usize> {
        let pair = &self.pairs[pair];
        pair.first..pair.first + pair.days.len()
    }

    /// The demand of a pair.
    fn demand_of(&self, pair: usize) -> usize {
        self.component.demands[self.pairs[pair].slot]
    }

    /// All trade columns of an offer with one coefficient.
    fn offer_terms(&self, offer: usize, coefficient: i128) -> Vec<(usize, i128)> {
        let pairs = self.pairs_by_offer.get(&offer).map_or(&[][..], Vec::as_slice);
        pairs.iter().flat_map(|&pair| self.columns_of(pair)).map(|column| (column, coefficient)).collect()
    }

    fn add_demands(&mut self) {
        let mut pair = 0;
        for (slot, &demand) in self.component.demands.iter().enumerate() {
            let reach = self.component.reach[slot];
            let need = Need::of(&self.model.demands[demand], reach, 0);
            let short = need.pieces.map(|piece| self.column(i128::from(piece.penalty), 0, piece.steps, false));
            let mut must: Vec<(usize, i128)> = short.iter().map(|&column| (column, -1)).collect();
            let mut most = Vec::new();
            while pair < self.pairs.len() && self.pairs[pair].slot == slot {
                let steps = i128::from(self.pairs[pair].arc.units / reach.step);
                for column in self.columns_of(pair) {
                    must.push((column, -steps));
                    most.push((column, steps));
                }
                pair += 1;
            }
            must.sort_unstable_by_key(|(column, _)| *column);
            if !most.is_empty() {
                let limit = -i128::from(need.steps());
                self.rows.push(Row { kind: RowKind::Must(slot), terms: must, limit });
                let limit = i128::from(reach.most / reach.step);
                self.rows.push(Row { kind: RowKind::UpTo(slot), terms: most, limit });
            }
            self.needs.push(need);
            self.short.push(short);
        }
    }

    fn add_stock(&mut self) {
        for &offer in &self.component.offers {
            let terms = self.offer_terms(offer, 1);
            let record = &self.model.offers[offer];
            let limit = i128::from(record.packs);
            self.rows.push(Row { kind: RowKind::Stock(offer), terms, limit });
            if !record.has_day_limit {
                continue;
            }
            let limit = i128::from(record.packs_per_day);
            for (day, columns) in self.by_day(offer) {
                let key = vec![KeyPart::Offer(offer), KeyPart::Day(day)];
                self.row("stock_day", key, columns.into_iter().map(|column| (column, 1)).collect(), limit);
            }
        }
    }

    /// Trade columns of an offer by day.
    fn by_day(&self, offer: usize) -> BTreeMap<i64, Vec<usize>> {
        let mut days = BTreeMap::new();
        for &pair in self.pairs_by_offer.get(&offer).map_or(&[][..], Vec::as_slice) {
            for (&day, column) in self.pairs[pair].days.iter().zip(self.columns_of(pair)) {
                days.entry(day).or_insert_with(Vec::new).push(column);
            }
        }
        days
    }

    /// Reads trades off the values of the columns.
    pub fn trades(&self, values: &[i64]) -> Vec<Trade> {
        let mut trades = Vec::new();
        for (index, pair) in self.pairs.iter().enumerate() {
            for (&day, column) in pair.days.iter().zip(self.columns_of(index)) {
                if values[column] > 0 {
                    let (demand, offer) = (self.demand_of(index), pair.arc.offer);
                    trades.push(Trade { demand, offer, day, packs: values[column] });
                }
            }
        }
        trades
    }

    /// Turns non-negative row multipliers (ticks / scale) into an answer without trades, with the bound they prove.
    pub fn prove(&self, multipliers: &[i64], scale: i64) -> PartAnswer {
        let mut out = PartAnswer { scale, lagrangian: 0, ..PartAnswer::default() };
        let mut reduced: Vec<i128> = self.columns.iter().map(|column| column.cost * i128::from(scale)).collect();
        let mut prices = vec![0; self.component.demands.len()];
        for (row, &multiplier) in self.rows.iter().zip(multipliers) {
            match &row.kind {
                RowKind::Must(slot) => prices[*slot] += multiplier,
                RowKind::UpTo(slot) => prices[*slot] -= multiplier,
                RowKind::Pinned => {}
                RowKind::Stock(offer) => {
                    out.offer_prices.push((*offer, multiplier));
                    self.charge(row, multiplier, &mut reduced, &mut out.lagrangian);
                }
                RowKind::Named(key) => {
                    if multiplier > 0 {
                        out.rows.push((key.clone(), multiplier));
                        self.charge(row, multiplier, &mut reduced, &mut out.lagrangian);
                    }
                }
            }
        }
        for (slot, &demand) in self.component.demands.iter().enumerate() {
            let reach = self.component.reach[slot];
            out.demand_prices.push((demand, prices[slot]));
            out.lagrangian += need_value(&self.model.demands[demand], reach, prices[slot], scale);
        }
        out.lagrangian += self.boxes(&reduced, &prices);
        out
    }

    #[expect(clippy::unused_self, reason = "reads better beside prove")]
    fn charge(&self, row: &Row, multiplier: i64, reduced: &mut [i128], lagrangian: &mut i128) {
        let multiplier = i128::from(multiplier);
        row.terms.iter().for_each(|&(column, coefficient)| reduced[column] += coefficient * multiplier);
        *lagrangian -= row.limit * multiplier;
    }

    /// The least that all columns can add at these reduced costs, each within its box.
    fn boxes(&self, reduced: &[i128], prices: &[i64]) -> i128 {
        let mut total = 0;
        for (index, pair) in self.pairs.iter().enumerate() {
            let steps = i128::from(pair.arc.units / self.component.reach[pair.slot].step);
            let price = i128::from(prices[pair.slot]) * steps;
            let costs = self.columns_of(index).map(|column| reduced[column] - price);
            total += match &pair.pinned {
                Some(Pinned::Days(days)) => days.iter().zip(costs).map(|(day, cost)| i128::from(day.1) * cost).sum(),
                Some(Pinned::Total(packs)) => i128::from(*packs) * costs.min().unwrap_or(0),
                None => i128::from(pair.most) * costs.min().unwrap_or(0).min(0),
            };
        }
        // Shortage columns stand between trades and the rest; need_value accounts for them.
        let after_short = self.short.last().map_or(0, |short| short[PIECES - 1] + 1);
        let rest = reduced.iter().zip(&self.columns).skip(after_short);
        total + rest.map(|(cost, column)| (*cost).min(0) * i128::from(column.upper)).sum::<i128>()
    }

    /// Ticks of shortage that no plan can avoid for want of offers or packs; no column stands for it.
    fn unavoidable(&self) -> i128 {
        let missing = |(&demand, reach): (&usize, &candidates::Reach)| {
            let demand = &self.model.demands[demand];
            i128::from(demand.premium_penalty) * i128::from((demand.quantity - reach.need).max(0))
        };
        self.component.demands.iter().zip(&self.component.reach).map(missing).sum()
    }

    /// Packs that pins fix on a pair.
    pub fn pinned_packs(&self, pair: usize) -> i64 {
        candidates::pinned_packs(self.model, self.demand_of(pair), self.pairs[pair].arc.offer)
    }
}
