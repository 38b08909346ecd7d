//! What a plan costs, and what a few demands change in it: exact, in ticks, at what tiers really give.

use super::{Order, Search};
use crate::engines::proof::discount;
use std::collections::{BTreeMap, BTreeSet};

/// What a try may change besides the lines of its demands.
#[derive(Debug, Default)]
pub(super) struct Touched {
    orders: BTreeSet<Order>,
    /// Offers with tiers, by slot.
    offers: BTreeSet<usize>,
}

impl Search<'_> {
    /// What the plan costs, tiers included, if deliveries of one visit fall on one day; `None` when a minimum is missed.
    pub(super) fn total(&self) -> Option<i128> {
        if !self.short_orders().is_empty() || !self.short_offers().is_empty() {
            return None;
        }
        let component = self.relaxed.component;
        let goods: i128 = (0..self.plan.len()).map(|slot| self.goods(slot)).sum();
        let made = self.lines_of.iter().enumerate().filter(|(_, lines)| **lines > 0);
        let fees: i128 = made.map(|(visit, _)| i128::from(self.visits.fee(visit))).sum();
        let given = |(slot, &offer): (usize, &usize)| discount(self.relaxed.model, offer, self.taken(slot));
        Some(goods + fees - component.offers.iter().enumerate().map(given).sum::<i128>())
    }

    /// Goods and shortage of one demand, at list prices.
    fn goods(&self, slot: usize) -> i128 {
        let (model, component) = (self.relaxed.model, self.relaxed.component);
        let (mut cost, mut served) = (0, 0);
        for &(position, packs) in &self.plan[slot] {
            let arc = &component.arcs[slot][position];
            cost += i128::from(arc.cost) * i128::from(packs);
            served += arc.units * packs;
        }
        let demand = &model.demands[component.demands[slot]];
        cost + demand.shortage_cost(served)
    }

    /// Goods, shortage and fees that nobody else causes of some demands, what orders miss, less what tiers give.
    pub(super) fn cost_of(&self, slots: &[usize], touched: &Touched) -> i128 {
        let mut own: BTreeMap<usize, u32> = BTreeMap::new();
        for &slot in slots {
            for (position, _) in &self.plan[slot] {
                let arc = &self.relaxed.component.arcs[slot][*position];
                for visit in self.visits_of(slot, self.relaxed.slot_of(arc.offer)) {
                    *own.entry(visit).or_default() += 1;
                }
            }
        }
        let alone = own.iter().filter(|(visit, lines)| self.lines_of[**visit] == **lines);
        let fees: i128 = alone.map(|(visit, _)| i128::from(self.visits.fee(*visit))).sum();
        let missing = |order: &Order| {
            let minimum = i128::from(self.relaxed.model.suppliers[order.0].min_order_value);
            self.orders.get(order).map_or(0, |(_, value)| 2 * (minimum - value).max(0))
        };
        let given = |&slot: &usize| discount(self.relaxed.model, self.relaxed.component.offers[slot], self.taken(slot));
        slots.iter().map(|&slot| self.goods(slot)).sum::<i128>()
            + fees
            + touched.orders.iter().map(missing).sum::<i128>()
            - touched.offers.iter().map(given).sum::<i128>()
    }

    /// Orders and tiered offers that lines of some demands belong to.
    pub(super) fn touch(&self, slots: &[usize], touched: &mut Touched) {
        for &slot in slots {
            for (position, _) in &self.plan[slot] {
                let arc = &self.relaxed.component.arcs[slot][*position];
                touched.orders.insert((self.supplier(arc), self.buyer(slot)));
                if !self.relaxed.model.offers[arc.offer].tiers.is_empty() {
                    touched.offers.insert(self.relaxed.slot_of(arc.offer));
                }
            }
        }
    }
}
