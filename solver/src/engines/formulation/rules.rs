//! Rows of rules over organisations: capacity, counts, shares, budgets, forced totals.

use super::{Derived, Formulation};
use crate::pipeline::KeyPart;
use crate::problem::ShareBy;
use std::collections::{BTreeMap, HashMap};

/// Terms of a row under construction.
type Terms = Vec<(usize, i128)>;

impl Formulation<'_> {
    pub(super) fn add_rules(&mut self) {
        self.add_capacity();
        self.add_supplier_counts();
        self.add_shares();
        self.add_class_shares();
        self.add_budgets();
        self.add_floors();
    }

    /// Least totals of commodities, where fair shares alone would ship less.
    fn add_floors(&mut self) {
        let mut by_commodity: BTreeMap<usize, Terms> = BTreeMap::new();
        for pair in 0..self.pairs.len() {
            let commodity = self.model.demands[self.demand_of(pair)].commodity;
            if self.model.floors.of(commodity).is_some() {
                let units = i128::from(self.pairs[pair].arc.units);
                let terms = self.columns_of(pair).map(|column| (column, -units));
                by_commodity.entry(commodity).or_default().extend(terms);
            }
        }
        for (commodity, terms) in by_commodity {
            let least = self.model.floors.of(commodity).unwrap_or(0);
            self.row("fair_total", vec![KeyPart::Commodity(commodity)], terms, -least);
        }
    }

    fn add_capacity(&mut self) {
        let mut by_day: BTreeMap<(usize, i64), Terms> = BTreeMap::new();
        let mut in_all: BTreeMap<usize, Terms> = BTreeMap::new();
        for &offer in &self.component.offers {
            let record = &self.model.offers[offer];
            let supplier = &self.model.suppliers[record.supplier];
            if !supplier.has_capacity() {
                continue;
            }
            for (day, columns) in self.by_day(offer) {
                let terms: Terms = columns.into_iter().map(|column| (column, i128::from(record.grams))).collect();
                if supplier.capacity_in_all.is_some() {
                    in_all.entry(record.supplier).or_default().extend(&terms);
                }
                if supplier.capacity.is_some() {
                    by_day.entry((record.supplier, day)).or_default().extend(terms);
                }
            }
        }
        for ((supplier, day), terms) in by_day {
            let limit = i128::from(self.model.suppliers[supplier].capacity.unwrap_or(i64::MAX));
            self.row("capacity", vec![KeyPart::Supplier(supplier), KeyPart::Day(day)], terms, limit);
        }
        for (supplier, terms) in in_all {
            let limit = i128::from(self.model.suppliers[supplier].capacity_in_all.unwrap_or(i64::MAX));
            self.row("capacity_in_all", vec![KeyPart::Supplier(supplier)], terms, limit);
        }
    }

    fn add_supplier_counts(&mut self) {
        let mut by_buyer: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (&(supplier, buyer), &order) in &self.orders {
            by_buyer.entry(buyer).or_default().push((supplier, order));
        }
        let packs = self.packs_by_order();
        for (buyer, orders) in by_buyer {
            let rules = &self.model.buyers[buyer];
            if let Some(most) = rules.max_suppliers {
                let terms = orders.iter().map(|&(_, order)| (order, 1)).collect();
                self.row("max_suppliers", vec![KeyPart::Buyer(buyer)], terms, i128::from(most));
            }
            let Some(least) = rules.min_suppliers else { continue };
            let switches = orders.iter().map(|&(_, order)| order).collect();
            let buys = self.switch(0, Derived::Used(switches));
            let mut count: Terms = vec![(buys, i128::from(least))];
            for (supplier, order) in orders {
                let key = vec![KeyPart::Supplier(supplier), KeyPart::Buyer(buyer)];
                let mut used: Terms = packs[&(supplier, buyer)].iter().map(|&column| (column, -1)).collect();
                used.push((order, 1));
                self.row("supplier_used", key.clone(), used, 0);
                self.row("buyer_link", key, vec![(order, 1), (buys, -1)], 0);
                count.push((order, -1));
            }
            self.row("min_suppliers", vec![KeyPart::Buyer(buyer)], count, 0);
        }
    }

    /// Trade columns by (supplier, buyer).
    fn packs_by_order(&self) -> HashMap<(usize, usize), Vec<usize>> {
        let mut columns: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for pair in 0..self.pairs.len() {
            let supplier = self.model.offers[self.pairs[pair].arc.offer].supplier;
            let buyer = self.model.demands[self.demand_of(pair)].buyer;
            columns.entry((supplier, buyer)).or_default().extend(self.columns_of(pair));
        }
        columns
    }

    /// List value of one pack of a pair, in ticks.
    fn worth(&self, pair: usize) -> i128 {
        let offer = &self.model.offers[self.pairs[pair].arc.offer];
        i128::from(offer.pack) * i128::from(offer.price)
    }

    fn add_shares(&mut self) {
        let mut by_buyer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for pair in 0..self.pairs.len() {
            let buyer = self.model.demands[self.demand_of(pair)].buyer;
            if self.model.buyers[buyer].max_share.is_some() {
                by_buyer.entry(buyer).or_default().push(pair);
            }
        }
        for (buyer, pairs) in by_buyer {
            let share = i128::from(self.model.buyers[buyer].max_share.unwrap_or(1000));
            let owners: Vec<usize> =
                pairs.iter().map(|&pair| self.model.offers[self.pairs[pair].arc.offer].supplier).collect();
            let mut suppliers = owners.clone();
            suppliers.sort_unstable();
            suppliers.dedup();
            for supplier in suppliers {
                let mut terms = Terms::new();
                for (pair, owner) in pairs.iter().zip(&owners) {
                    let own = if *owner == supplier { 1000 } else { 0 };
                    let coefficient = self.worth(*pair) * (own - share);
                    terms.extend(self.columns_of(*pair).map(|column| (column, coefficient)));
                }
                self.row("max_share", vec![KeyPart::Supplier(supplier), KeyPart::Buyer(buyer)], terms, 0);
                self.has_money_rows = true;
            }
        }
    }

    fn add_class_shares(&mut self) {
        let problem = self.model.problem;
        for (position, rule) in problem.class_shares.iter().enumerate() {
            let buyer_id = |pair: usize| {
                let buyer = self.model.demands[self.demand_of(pair)].buyer;
                &problem.buyers[self.model.buyers[buyer].source].id
            };
            let mut terms = Terms::new();
            for pair in 0..self.pairs.len() {
                if rule.buyer.as_ref().is_some_and(|id| id != buyer_id(pair)) {
                    continue;
                }
                let offer = &self.model.offers[self.pairs[pair].arc.offer];
                let counts = rule.classes.contains(&self.model.suppliers[offer.supplier].class);
                let amount = match rule.by {
                    ShareBy::Value => self.worth(pair),
                    ShareBy::Quantity => i128::from(offer.grams),
                };
                let coefficient = amount * (i128::from(rule.min_permille) - if counts { 1000 } else { 0 });
                terms.extend(self.columns_of(pair).map(|column| (column, coefficient)));
            }
            if !terms.is_empty() {
                self.row("class_share", vec![KeyPart::Share(position)], terms, 0);
                self.has_money_rows = true;
            }
        }
    }

    fn add_budgets(&mut self) {
        let mut by_buyer: BTreeMap<usize, Terms> = BTreeMap::new();
        for pair in 0..self.pairs.len() {
            let buyer = self.model.demands[self.demand_of(pair)].buyer;
            if self.model.buyers[buyer].budget.is_none() {
                continue;
            }
            let arc = &self.pairs[pair].arc;
            let freight = i128::from(self.model.offers[arc.offer].pack) * i128::from(arc.freight);
            let coefficient = self.worth(pair) + freight;
            let terms = self.columns_of(pair).map(|column| (column, coefficient));
            by_buyer.entry(buyer).or_default().extend(terms);
        }
        if by_buyer.is_empty() {
            return;
        }
        let owners = self.owners_of_places();
        for (&(supplier, place, _), &drop) in &self.drops {
            if let Some(terms) = owners.get(&place).copied().flatten().and_then(|buyer| by_buyer.get_mut(&buyer)) {
                terms.push((drop, i128::from(self.model.suppliers[supplier].drop_fee)));
            }
        }
        for (buyer, terms) in by_buyer {
            let limit = i128::from(self.model.buyers[buyer].budget.unwrap_or(i64::MAX));
            self.row("budget", vec![KeyPart::Buyer(buyer)], terms, limit);
            self.has_money_rows = true;
        }
    }

    /// The buyer of each place all of whose demands are of one buyer.
    fn owners_of_places(&self) -> HashMap<usize, Option<usize>> {
        let mut owners = HashMap::new();
        for demand in &self.model.demands {
            let owner = owners.entry(demand.place).or_insert(Some(demand.buyer));
            if *owner != Some(demand.buyer) {
                *owner = None;
            }
        }
        owners
    }
}
