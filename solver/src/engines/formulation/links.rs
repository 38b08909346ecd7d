//! Rows of fixed charges and minimums: lines, drops, trips, orders, offers.

use super::{Derived, Formulation};
use crate::pipeline::{KeyPart, bundle_offers};
use crate::problem::Bundle;
use std::collections::BTreeMap;

impl Formulation<'_> {
    pub(super) fn add_links(&mut self) {
        self.add_lines();
        self.add_drops();
        self.add_trips();
        self.add_orders();
        self.add_offer_switches();
    }

    /// Key of a row about a pair on a day.
    fn line_key(&self, pair: usize, day: i64) -> Vec<KeyPart> {
        vec![KeyPart::Demand(self.demand_of(pair)), KeyPart::Offer(self.pairs[pair].arc.offer), KeyPart::Day(day)]
    }

    /// (pair, day, column) of all trades.
    fn lines(&self) -> Vec<(usize, i64, usize)> {
        let line = |index: usize| {
            let days = self.pairs[index].days.iter();
            days.zip(self.columns_of(index)).map(move |(&day, column)| (index, day, column))
        };
        (0..self.pairs.len()).flat_map(line).collect()
    }

    fn add_lines(&mut self) {
        for (pair, day, column) in self.lines() {
            let least = self.model.offers[self.pairs[pair].arc.offer].min_packs;
            if least <= 1 {
                continue;
            }
            let used = self.switch(0, Derived::Used(vec![column]));
            let most = i128::from(self.day_most(&self.pairs[pair]));
            let key = self.line_key(pair, day);
            self.row("line_link", key.clone(), vec![(column, 1), (used, -most)], 0);
            self.row("line_min", key, vec![(used, i128::from(least)), (column, -1)], 0);
        }
    }

    /// The switch that several columns turn on: a new one, or one more user of an existing one.
    fn shared_switch(&mut self, existing: Option<usize>, fee: i64, columns: &[usize]) -> usize {
        let Some(switch) = existing else {
            return self.switch(i128::from(fee), Derived::Used(columns.to_vec()));
        };
        let first = self.columns.len() - self.derived.len();
        if let Some(Derived::Used(users)) = self.derived.get_mut(switch - first) {
            users.extend_from_slice(columns);
        }
        switch
    }

    fn add_drops(&mut self) {
        let mut drops: BTreeMap<(usize, usize, i64), usize> = BTreeMap::new();
        for (pair, day, column) in self.lines() {
            let supplier = self.model.offers[self.pairs[pair].arc.offer].supplier;
            let fee = self.model.suppliers[supplier].drop_fee;
            if fee == 0 {
                continue;
            }
            let place = self.model.demands[self.demand_of(pair)].place;
            let drop = self.shared_switch(drops.get(&(supplier, place, day)).copied(), fee, &[column]);
            drops.insert((supplier, place, day), drop);
            let most = i128::from(self.day_most(&self.pairs[pair]));
            let key = self.line_key(pair, day);
            self.row("drop_link", key, vec![(column, 1), (drop, -most)], 0);
        }
        self.drops = drops;
    }

    fn add_trips(&mut self) {
        let mut trips: BTreeMap<(usize, i64), usize> = BTreeMap::new();
        for (pair, day, column) in self.lines() {
            let supplier = self.model.offers[self.pairs[pair].arc.offer].supplier;
            let fee = self.model.suppliers[supplier].trip_fee;
            if fee == 0 {
                continue;
            }
            let trip = self.shared_switch(trips.get(&(supplier, day)).copied(), fee, &[column]);
            trips.insert((supplier, day), trip);
            let most = i128::from(self.day_most(&self.pairs[pair]));
            let key = self.line_key(pair, day);
            self.row("trip_link", key, vec![(column, 1), (trip, -most)], 0);
        }
        for &offer in &self.component.offers {
            for (day, columns) in self.by_day(offer) {
                let record = &self.model.offers[offer];
                let Some(&trip) = trips.get(&(record.supplier, day)) else {
                    continue;
                };
                let mut terms: Vec<(usize, i128)> = columns.into_iter().map(|column| (column, 1)).collect();
                terms.push((trip, -i128::from(record.packs_per_day)));
                self.row("trip_stock", vec![KeyPart::Offer(offer), KeyPart::Day(day)], terms, 0);
            }
        }
    }

    /// One switch per supplier and buyer, where a minimum order or a count of suppliers needs it.
    fn add_orders(&mut self) {
        let mut orders: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut value: BTreeMap<(usize, usize), Vec<(usize, i128)>> = BTreeMap::new();
        for pair in 0..self.pairs.len() {
            let offer = &self.model.offers[self.pairs[pair].arc.offer];
            let buyer = self.model.demands[self.demand_of(pair)].buyer;
            let rules = &self.model.buyers[buyer];
            let minimum = self.model.suppliers[offer.supplier].min_order_value;
            if minimum == 0 && rules.min_suppliers.is_none() && rules.max_suppliers.is_none() {
                continue;
            }
            let columns: Vec<usize> = self.columns_of(pair).collect();
            let order = self.shared_switch(orders.get(&(offer.supplier, buyer)).copied(), 0, &columns);
            orders.insert((offer.supplier, buyer), order);
            let mut terms: Vec<(usize, i128)> = columns.iter().map(|&column| (column, 1)).collect();
            terms.push((order, -i128::from(self.pairs[pair].most)));
            let key = vec![KeyPart::Demand(self.demand_of(pair)), KeyPart::Offer(self.pairs[pair].arc.offer)];
            self.row("order_link", key, terms, 0);
            let worth = i128::from(offer.pack) * i128::from(offer.price);
            let columns = self.columns_of(pair).map(|column| (column, -worth));
            value.entry((offer.supplier, buyer)).or_default().extend(columns);
        }
        for (&(supplier, buyer), &order) in &orders {
            let minimum = self.model.suppliers[supplier].min_order_value;
            if minimum > 0 {
                let mut terms = value.remove(&(supplier, buyer)).unwrap_or_default();
                terms.push((order, i128::from(minimum)));
                self.row("order_min", vec![KeyPart::Supplier(supplier), KeyPart::Buyer(buyer)], terms, 0);
                self.has_money_rows = true;
            }
        }
        self.orders = orders;
    }

    /// One switch per offer with a least total or in an XOR bundle.
    fn add_offer_switches(&mut self) {
        let problem = self.model.problem;
        let exclusive: Vec<&str> =
            problem.bundles.iter().filter(|b| matches!(b, Bundle::Xor { .. })).flat_map(bundle_offers).collect();
        for &offer in &self.component.offers {
            let record = &self.model.offers[offer];
            let id = problem.offers[record.source].id.as_str();
            if record.min_total_packs == 0 && !exclusive.contains(&id) {
                continue;
            }
            let columns = self.offer_terms(offer, 1).into_iter().map(|(column, _)| column).collect();
            let taken = self.switch(0, Derived::Used(columns));
            self.offer_switches.insert(offer, taken);
            for pair in self.pairs_by_offer.get(&offer).cloned().unwrap_or_default() {
                let mut terms: Vec<(usize, i128)> = self.columns_of(pair).map(|column| (column, 1)).collect();
                terms.push((taken, -i128::from(self.pairs[pair].most)));
                let key = vec![KeyPart::Demand(self.demand_of(pair)), KeyPart::Offer(offer)];
                self.row("offer_link", key, terms, 0);
            }
            let mut all = self.offer_terms(offer, 1);
            all.push((taken, -i128::from(record.packs)));
            self.row("offer_stock", vec![KeyPart::Offer(offer)], all, 0);
            if record.min_total_packs > 0 {
                let mut all = self.offer_terms(offer, -1);
                all.push((taken, i128::from(record.min_total_packs)));
                self.row("offer_min", vec![KeyPart::Offer(offer)], all, 0);
            }
        }
    }
}
