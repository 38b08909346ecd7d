//! Local search for components with fees and minimum orders on top of packs and least lines.
//!
//! Every demand chooses packs as in `lines`, where using a supplier that does not come anyway costs its fee. Then, buyer
//! by buyer, suppliers are closed (their lines are chosen again without them) and opened (lines are chosen again as if
//! they came for nothing); a change stays when goods, stock prices, shortage, fees and missing order value together
//! become less. Suppliers whose order stays below their minimum are closed for good, as are offers below their least
//! total. Whatever other terms there are, the caller tests the outcome.

use super::{Choice, Relaxed, choose, relax, unpriced};
use crate::candidates::Arc;
use crate::model::Model;
use crate::pipeline::{Component, Trade};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::{Duration, Instant};

/// Rounds over all buyers.
const ROUNDS: usize = 6;

/// Proposes trades for a component without pins.
pub fn search(model: &Model<'_>, component: &Component, time: Option<Duration>) -> Vec<Trade> {
    let is_plain = |arc: &Arc| arc.units == model.offers[arc.offer].pack;
    let flow = component.arcs.iter().flatten().all(is_plain).then(|| relax(model, component).ok()).flatten();
    let relaxed = flow.unwrap_or_else(|| unpriced(model, component));
    let mut search = Search::new(&relaxed, time.map(|time| Instant::now() + time));
    search.construct();
    search.improve();
    search.repair();
    search.relaxed.trades(&search.plan)
}

/// A supplier at a place, and a supplier for a buyer.
type Drop = (usize, usize);
type Order = (usize, usize);

struct Search<'a> {
    relaxed: &'a Relaxed<'a>,
    end: Option<Instant>,
    plan: Vec<Choice>,
    /// Free base units by offer slot.
    free: Vec<i64>,
    /// Lines of each drop.
    drops: BTreeMap<Drop, usize>,
    /// Lines and list value of each order.
    orders: BTreeMap<Order, (i128, i128)>,
    /// Slots of each buyer.
    buyers: BTreeMap<usize, Vec<usize>>,
    closed_orders: HashSet<Order>,
    closed_offers: HashSet<usize>,
    /// Suppliers that a buyer could use, by buyer.
    suppliers: BTreeMap<usize, BTreeSet<usize>>,
}

/// What may change in one try.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    /// The supplier is not used.
    Close(usize),
    /// The supplier comes for nothing.
    Open(usize),
    /// Nothing but the order of choosing.
    Again,
}

impl<'a> Search<'a> {
    fn new(relaxed: &'a Relaxed<'a>, end: Option<Instant>) -> Self {
        let (model, component) = (relaxed.model, relaxed.component);
        let mut buyers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut suppliers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (slot, &demand) in component.demands.iter().enumerate() {
            let buyer = model.demands[demand].buyer;
            buyers.entry(buyer).or_default().push(slot);
            let used = component.arcs[slot].iter().map(|arc| model.offers[arc.offer].supplier);
            suppliers.entry(buyer).or_default().extend(used);
        }
        Self {
            relaxed,
            end,
            plan: vec![Choice::default(); component.demands.len()],
            free: component.offers.iter().map(|&o| model.offers[o].packs * model.offers[o].pack).collect(),
            drops: BTreeMap::new(),
            orders: BTreeMap::new(),
            buyers,
            closed_orders: HashSet::new(),
            closed_offers: HashSet::new(),
            suppliers,
        }
    }

    fn is_late(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// Every demand chooses once, from what is free plus what the relaxed flow reserves for it.
    fn construct(&mut self) {
        for (offer, units) in self.relaxed.reserved.iter().flatten() {
            self.free[*offer] -= units;
        }
        for slots in self.buyers.values().cloned().collect::<Vec<_>>() {
            for slot in slots {
                for (offer, units) in &self.relaxed.reserved[slot] {
                    self.free[*offer] += units;
                }
                self.set(slot, Move::Again);
            }
        }
    }

    fn improve(&mut self) {
        for _ in 0..ROUNDS {
            let mut is_better = false;
            for buyer in self.buyers.keys().copied().collect::<Vec<_>>() {
                is_better |= self.attempt(buyer, Move::Again);
                for supplier in self.suppliers[&buyer].iter().copied().collect::<Vec<_>>() {
                    let is_used = self.orders.contains_key(&(supplier, buyer));
                    let step = if is_used { Move::Close(supplier) } else { Move::Open(supplier) };
                    is_better |= self.attempt(buyer, step);
                    if self.is_late() {
                        return;
                    }
                }
            }
            if !is_better {
                return;
            }
        }
    }

    /// Closes orders and offers that miss their minimum until none does.
    fn repair(&mut self) {
        loop {
            let model = self.relaxed.model;
            let misses = |(order, (_, value)): (&Order, &(i128, i128))| {
                (*value < i128::from(model.suppliers[order.0].min_order_value)).then_some(*order)
            };
            let orders: Vec<Order> = self.orders.iter().filter_map(misses).collect();
            let offers = self.short_offers();
            if orders.is_empty() && offers.is_empty() {
                return;
            }
            let is_hit = |arc: &Arc, buyer: usize| {
                offers.contains(&arc.offer) || orders.contains(&(model.offers[arc.offer].supplier, buyer))
            };
            let mut slots = Vec::new();
            for (&buyer, of_buyer) in &self.buyers {
                let uses = |slot: &&usize| {
                    let arcs = &self.relaxed.component.arcs[**slot];
                    self.plan[**slot].packs.iter().any(|(position, _)| is_hit(&arcs[*position], buyer))
                };
                slots.extend(of_buyer.iter().filter(uses).copied());
            }
            self.closed_orders.extend(orders.iter().copied());
            self.closed_offers.extend(offers.iter().copied());
            slots.iter().for_each(|&slot| self.clear(slot));
            slots.iter().for_each(|&slot| self.set(slot, Move::Again));
        }
    }

    /// Offers of which something, but less than the least total, is taken.
    fn short_offers(&self) -> Vec<usize> {
        let model = self.relaxed.model;
        let is_short = |(slot, offer): &(usize, &usize)| {
            let record = &model.offers[**offer];
            let taken = record.packs - self.free[*slot] / record.pack;
            taken > 0 && taken < record.min_total_packs
        };
        let offers = self.relaxed.component.offers.iter().enumerate();
        offers.filter(is_short).map(|(_, offer)| *offer).collect()
    }

    /// Chooses all lines of a buyer again; keeps the outcome when it costs less.
    fn attempt(&mut self, buyer: usize, step: Move) -> bool {
        let slots = self.buyers[&buyer].clone();
        let affected = |slot: &usize| match step {
            Move::Close(supplier) => self.uses(*slot, supplier),
            Move::Open(supplier) => self.relaxed.component.arcs[*slot].iter().any(|arc| self.supplier(arc) == supplier),
            Move::Again => true,
        };
        let slots: Vec<usize> = slots.into_iter().filter(affected).collect();
        let before = self.buyer_cost(buyer);
        let kept: Vec<Choice> = slots.iter().map(|&slot| self.plan[slot].clone()).collect();
        slots.iter().for_each(|&slot| self.clear(slot));
        slots.iter().for_each(|&slot| self.set(slot, step));
        if self.buyer_cost(buyer) < before {
            return true;
        }
        slots.iter().for_each(|&slot| self.clear(slot));
        for (slot, choice) in slots.into_iter().zip(kept) {
            self.put(slot, choice);
        }
        false
    }

    fn supplier(&self, arc: &Arc) -> usize {
        self.relaxed.model.offers[arc.offer].supplier
    }

    fn uses(&self, slot: usize, supplier: usize) -> bool {
        let arcs = &self.relaxed.component.arcs[slot];
        self.plan[slot].packs.iter().any(|(position, _)| self.supplier(&arcs[*position]) == supplier)
    }

    /// Goods, stock prices, shortage, fees and missing order value of one buyer.
    fn buyer_cost(&self, buyer: usize) -> i128 {
        let model = self.relaxed.model;
        let slots = &self.buyers[&buyer];
        let lines: i128 = slots.iter().map(|&slot| self.plan[slot].cost).sum();
        let places: BTreeSet<usize> = slots.iter().map(|&slot| self.place(slot)).collect();
        let mut extra = 0;
        for &supplier in &self.suppliers[&buyer] {
            let terms = &model.suppliers[supplier];
            let comes = places.iter().filter(|&&place| self.drops.contains_key(&(supplier, place))).count();
            extra += i128::from(terms.drop_fee) * i128::try_from(comes).unwrap_or(0);
            if let Some((_, value)) = self.orders.get(&(supplier, buyer)) {
                extra += 2 * (i128::from(terms.min_order_value) - value).max(0);
            }
        }
        lines + extra
    }

    fn place(&self, slot: usize) -> usize {
        self.relaxed.model.demands[self.relaxed.component.demands[slot]].place
    }

    fn buyer(&self, slot: usize) -> usize {
        self.relaxed.model.demands[self.relaxed.component.demands[slot]].buyer
    }

    /// Lets a demand without packs choose.
    fn set(&mut self, slot: usize, step: Move) {
        let (place, buyer) = (self.place(slot), self.buyer(slot));
        let entry = |arc: &Arc| {
            let supplier = self.supplier(arc);
            if step == Move::Close(supplier)
                || self.closed_orders.contains(&(supplier, buyer))
                || self.closed_offers.contains(&arc.offer)
            {
                return None;
            }
            let comes = step == Move::Open(supplier) || self.drops.contains_key(&(supplier, place));
            Some(if comes { 0 } else { i128::from(self.relaxed.model.suppliers[supplier].drop_fee) })
        };
        let choice = choose(self.relaxed, slot, &self.free, &entry);
        self.put(slot, choice);
    }

    fn put(&mut self, slot: usize, choice: Choice) {
        self.relaxed.take(slot, &choice, &mut self.free, -1);
        self.plan[slot] = choice;
        self.count(slot, 1);
    }

    fn clear(&mut self, slot: usize) {
        self.count(slot, -1);
        let choice = std::mem::take(&mut self.plan[slot]);
        self.relaxed.take(slot, &choice, &mut self.free, 1);
    }

    /// Counts the lines of a demand in (`sign` 1) or out (`sign` −1) of drops and orders.
    fn count(&mut self, slot: usize, sign: i128) {
        let (place, buyer) = (self.place(slot), self.buyer(slot));
        for &(position, packs) in &self.plan[slot].packs {
            let arc = &self.relaxed.component.arcs[slot][position];
            let offer = &self.relaxed.model.offers[arc.offer];
            let worth = i128::from(packs) * i128::from(offer.pack) * i128::from(offer.price);
            let order = (offer.supplier, buyer);
            let (count, value) = self.orders.entry(order).or_insert((0, 0));
            *count += sign;
            *value += sign * worth;
            if *count == 0 {
                self.orders.remove(&order);
            }
            let drop = (offer.supplier, place);
            let lines = self.drops.entry(drop).or_insert(0);
            *lines = if sign > 0 { *lines + 1 } else { *lines - 1 };
            if *lines == 0 {
                self.drops.remove(&drop);
            }
        }
    }
}
