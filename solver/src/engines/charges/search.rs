//! Whole packs for a component with charges, and local search over who comes where.
//!
//! A plan starts from a flow: lines that are whole packs stand as they are, every other demand chooses packs as in
//! `lines`, where a visit that nobody needs yet costs its fee. Then, buyer by buyer, suppliers are closed (their lines
//! are chosen again without them) and opened (lines are chosen again as if they came for nothing); a change stays when
//! goods, stock prices, shortage, fees and missing order value together become less. Orders that stay below their minimum
//! are closed for good, as are offers below their least total. Whatever other terms there are, the caller tests the outcome.

mod cost;
mod ruin;

use super::days;
use super::visits::Visits;
use crate::candidates::Arc;
use crate::engines::lines::{Choice, Relaxed, choose};
use crate::model::Model;
use crate::pipeline::{Component, Trade};
use cost::Touched;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Instant;

/// Rounds over all buyers.
const ROUNDS: usize = 6;

/// Betters a flow that [`super::slopes`] found, as far as time allows, into lines.
pub fn improve(relaxed: &Relaxed<'_>, end: Option<Instant>) -> Vec<Trade> {
    let mut search = Search::new(relaxed, end);
    search.construct();
    search.repair();
    let known = search.total().map(|cost| (cost, search.plan.clone()));
    search.improve();
    search.ruin();
    search.repair();
    match (search.total(), known) {
        (found, Some((cost, plan))) if found.is_none_or(|found| found >= cost) => search.lay(&plan),
        _ => search.lay(&search.plan),
    }
}

/// What a flow costs once it is whole packs, in ticks; `None` when a minimum cannot be kept that way.
pub fn price(relaxed: &Relaxed<'_>) -> Option<i128> {
    let mut search = Search::new(relaxed, None);
    search.construct();
    search.repair();
    search.total()
}

/// Lines found without any flow to start from.
pub fn from_nothing(model: &Model<'_>, component: &Component, end: Option<Instant>) -> Vec<Trade> {
    let (none, reserved) = (vec![0; component.offers.len()], vec![Vec::new(); component.demands.len()]);
    improve(&Relaxed { model, component, prices: none.clone(), relief: none, reserved }, end)
}

/// A supplier for a buyer.
type Order = (usize, usize);

struct Search<'a> {
    relaxed: &'a Relaxed<'a>,
    visits: Visits,
    end: Option<Instant>,
    plan: Vec<Choice>,
    /// Free base units by offer slot.
    free: Vec<i64>,
    /// Lines by visit.
    lines_of: Vec<u32>,
    /// Ticks per pack that guide choices, by offer slot.
    guide: Vec<i64>,
    /// Demands that take something, by offer slot.
    users: Vec<Vec<usize>>,
    /// Visits that the flow makes: free of charge while the plan is put together.
    planned: HashSet<usize>,
    /// Lines and list value of each order.
    orders: BTreeMap<Order, (i128, i128)>,
    /// Slots of each buyer.
    buyers: BTreeMap<usize, Vec<usize>>,
    closed_orders: HashSet<Order>,
    closed_offers: HashSet<usize>,
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
        for (slot, &demand) in component.demands.iter().enumerate() {
            buyers.entry(model.demands[demand].buyer).or_default().push(slot);
        }
        let visits = Visits::of(model, component);
        Self {
            relaxed,
            end,
            plan: vec![Choice::default(); component.demands.len()],
            free: component.offers.iter().map(|&o| model.offers[o].packs * model.offers[o].pack).collect(),
            lines_of: vec![0; visits.count()],
            guide: relaxed.prices.iter().zip(&relaxed.relief).map(|(price, relief)| price - relief).collect(),
            users: vec![Vec::new(); component.offers.len()],
            planned: HashSet::new(),
            visits,
            orders: BTreeMap::new(),
            buyers,
            closed_orders: HashSet::new(),
            closed_offers: HashSet::new(),
        }
    }

    fn is_late(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// Demands whose flow is whole packs take it; the others choose, from what is free plus what is reserved for them.
    fn construct(&mut self) {
        let relaxed = self.relaxed;
        for (slot, reserved) in relaxed.reserved.iter().enumerate() {
            for &(offer, units) in reserved {
                self.free[offer] -= units;
                self.planned.extend(self.visits_of(slot, offer));
            }
        }
        let whole: Vec<Option<Choice>> = (0..self.plan.len()).map(|slot| self.whole_packs(slot)).collect();
        for choose_now in [false, true] {
            for (slot, whole) in whole.iter().enumerate().filter(|(_, whole)| whole.is_none() == choose_now) {
                relaxed.reserved[slot].iter().for_each(|&(offer, units)| self.free[offer] += units);
                match whole {
                    Some(choice) => self.put(slot, choice.clone()),
                    None => self.set(slot, Move::Again),
                }
            }
        }
        self.planned.clear();
    }

    fn visits_of(&self, slot: usize, offer: usize) -> [usize; 2] {
        [self.visits.drop_of(slot, offer), self.visits.trip_of(offer)]
    }

    /// The flow of a demand, if it is whole packs that keep their least lines and serve the need.
    fn whole_packs(&self, slot: usize) -> Option<Choice> {
        let (model, component) = (self.relaxed.model, self.relaxed.component);
        let mut choice = Choice::default();
        let mut served = 0;
        for &(offer_slot, units) in &self.relaxed.reserved[slot] {
            let offer = component.offers[offer_slot];
            let record = &model.offers[offer];
            let packs = units / record.pack;
            if packs * record.pack != units || packs < record.min_packs {
                return None;
            }
            let position = component.arcs[slot].binary_search_by_key(&offer, |arc| arc.offer).ok()?;
            choice.push((position, packs));
            served += units;
        }
        choice.sort_unstable();
        let demand = &model.demands[component.demands[slot]];
        // A demand of which nothing is left short in the flow is done; others may still find a pack that fits.
        (served >= demand.quantity.min(component.reach[slot].need)).then_some(choice)
    }

    fn improve(&mut self) {
        for _ in 0..ROUNDS {
            let mut is_better = false;
            for buyer in self.buyers.keys().copied().collect::<Vec<_>>() {
                is_better |= self.attempt(buyer, Move::Again);
                for supplier in self.suppliers_for(buyer) {
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

    /// Suppliers that a buyer could use.
    fn suppliers_for(&self, buyer: usize) -> BTreeSet<usize> {
        let arcs = self.buyers[&buyer].iter().flat_map(|&slot| &self.relaxed.component.arcs[slot]);
        arcs.map(|arc| self.supplier(arc)).collect()
    }

    /// Closes orders and offers that miss their minimum until none does.
    fn repair(&mut self) {
        loop {
            let model = self.relaxed.model;
            let orders = self.short_orders();
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
                    self.plan[**slot].iter().any(|(position, _)| is_hit(&arcs[*position], buyer))
                };
                slots.extend(of_buyer.iter().filter(uses).copied());
            }
            self.closed_orders.extend(orders.iter().copied());
            self.closed_offers.extend(offers.iter().copied());
            slots.iter().for_each(|&slot| self.clear(slot));
            slots.iter().for_each(|&slot| self.set(slot, Move::Again));
        }
    }

    fn short_orders(&self) -> HashSet<Order> {
        let minimum = |order: &Order| i128::from(self.relaxed.model.suppliers[order.0].min_order_value);
        self.orders.iter().filter(|(order, (_, value))| *value < minimum(order)).map(|(order, _)| *order).collect()
    }

    fn taken(&self, slot: usize) -> i64 {
        let record = &self.relaxed.model.offers[self.relaxed.component.offers[slot]];
        record.packs - self.free[slot] / record.pack
    }

    /// Offers of which something, but less than the least total, is taken.
    fn short_offers(&self) -> HashSet<usize> {
        let model = self.relaxed.model;
        let is_short =
            |(slot, offer): &(usize, &usize)| (1..model.offers[**offer].min_total_packs).contains(&self.taken(*slot));
        self.relaxed.component.offers.iter().enumerate().filter(is_short).map(|(_, offer)| *offer).collect()
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
        self.again(&slots, step)
    }

    /// Chooses the lines of some demands again, in this order; keeps the outcome when it costs less.
    fn again(&mut self, slots: &[usize], step: Move) -> bool {
        let mut touched = Touched::default();
        self.touch(slots, &mut touched);
        let kept: Vec<Choice> = slots.iter().map(|&slot| self.plan[slot].clone()).collect();
        slots.iter().for_each(|&slot| self.clear(slot));
        slots.iter().for_each(|&slot| self.set(slot, step));
        self.touch(slots, &mut touched);
        let after = self.cost_of(slots, &touched);
        let found: Vec<Choice> = slots.iter().map(|&slot| self.plan[slot].clone()).collect();
        self.swap(slots, kept);
        let is_better = after < self.cost_of(slots, &touched);
        if is_better {
            self.swap(slots, found);
        }
        is_better
    }

    fn swap(&mut self, slots: &[usize], choices: Vec<Choice>) {
        slots.iter().for_each(|&slot| self.clear(slot));
        for (&slot, choice) in slots.iter().zip(choices) {
            self.put(slot, choice);
        }
    }

    fn supplier(&self, arc: &Arc) -> usize {
        self.relaxed.model.offers[arc.offer].supplier
    }

    fn uses(&self, slot: usize, supplier: usize) -> bool {
        let arcs = &self.relaxed.component.arcs[slot];
        self.plan[slot].iter().any(|(position, _)| self.supplier(&arcs[*position]) == supplier)
    }

    fn buyer(&self, slot: usize) -> usize {
        self.relaxed.model.demands[self.relaxed.component.demands[slot]].buyer
    }

    /// Lets a demand without packs choose.
    fn set(&mut self, slot: usize, step: Move) {
        let buyer = self.buyer(slot);
        let entry = |arc: &Arc| {
            let supplier = self.supplier(arc);
            if step == Move::Close(supplier)
                || self.closed_orders.contains(&(supplier, buyer))
                || self.closed_offers.contains(&arc.offer)
            {
                return None;
            }
            let is_paid = |visit: &usize| {
                step == Move::Open(supplier) || self.lines_of[*visit] > 0 || self.planned.contains(visit)
            };
            let visits = self.visits_of(slot, self.relaxed.slot_of(arc.offer)).into_iter();
            Some(visits.filter(|visit| !is_paid(visit)).map(|visit| i128::from(self.visits.fee(visit))).sum())
        };
        let choice = choose(self.relaxed, slot, &self.free, &self.guide, &entry);
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

    /// Counts the lines of a demand in (`sign` 1) or out (`sign` −1) of visits and orders.
    fn count(&mut self, slot: usize, sign: i128) {
        let buyer = self.buyer(slot);
        for &(position, packs) in &self.plan[slot] {
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
            let offer_slot = self.relaxed.slot_of(arc.offer);
            if sign > 0 {
                self.users[offer_slot].push(slot);
            } else if let Some(at) = self.users[offer_slot].iter().position(|&user| user == slot) {
                self.users[offer_slot].swap_remove(at);
            }
            for visit in [self.visits.drop_of(slot, offer_slot), self.visits.trip_of(offer_slot)] {
                let lines = &mut self.lines_of[visit];
                *lines = if sign > 0 { *lines + 1 } else { *lines - 1 };
            }
        }
    }

    /// Guides choices by the prices of stock, or by nothing but what goods cost.
    fn guide_by_stock(&mut self, weight: i64) {
        let guide = self.relaxed.prices.iter().zip(&self.relaxed.relief);
        self.guide = guide.map(|(price, relief)| price / 4 * weight - relief).collect();
    }

    fn lay(&self, plan: &[Choice]) -> Vec<Trade> {
        let mut lines = Vec::new();
        for (slot, choice) in plan.iter().enumerate() {
            let arcs = &self.relaxed.component.arcs[slot];
            lines.extend(choice.iter().map(|&(position, packs)| (slot, &arcs[position], packs)));
        }
        days::lay(self.relaxed.model, self.relaxed.component, &lines)
    }
}
