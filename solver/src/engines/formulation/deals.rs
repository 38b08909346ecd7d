//! Rows of deals: volume tiers, bundles, and lines of an earlier plan.

use super::{Derived, Formulation};
use crate::pipeline::KeyPart;
use crate::problem::{Bundle, TierKind};
use std::collections::HashMap;

impl Formulation<'_> {
    pub(super) fn add_deals(&mut self) {
        for position in 0..self.component.offers.len() {
            let offer = self.component.offers[position];
            match self.model.offers[offer].tier_kind {
                _ if self.model.offers[offer].tiers.is_empty() => {}
                TierKind::AllUnit => self.add_all_unit_tiers(offer),
                TierKind::Incremental => self.add_incremental_tiers(offer),
            }
        }
        if !self.model.problem.bundles.is_empty() {
            self.add_bundles();
        }
        self.add_kept_lines();
    }

    fn add_all_unit_tiers(&mut self, offer: usize) {
        let record = &self.model.offers[offer];
        let mut switches = Vec::new();
        let mut sum = self.offer_terms(offer, -1);
        for (j, tier) in record.tiers.iter().enumerate() {
            let saved = i128::from(record.pack) * i128::from(record.price - tier.price);
            let total = self.offer_terms(offer, 1);
            let from = i128::from(tier.from_quantity / record.pack);
            let next = record.tiers.get(j + 1).map(|next| i128::from(next.from_quantity / record.pack));
            let reached = self.switch(0, Derived::Reached { terms: total.clone(), from, below: next });
            let packs = self.counter(-saved, record.packs, Derived::SumIf { terms: total, switch: reached });
            let key = vec![KeyPart::Offer(offer), KeyPart::Position(j)];
            let mut terms = self.offer_terms(offer, -1);
            terms.push((reached, from));
            self.row("tier_reach", key.clone(), terms, 0);
            self.row("tier_link", key, vec![(packs, 1), (reached, -i128::from(record.packs))], 0);
            switches.push((reached, 1));
            sum.push((packs, 1));
        }
        self.row("tier_one", vec![KeyPart::Offer(offer)], switches, 1);
        self.row("tier_sum", vec![KeyPart::Offer(offer)], sum, 0);
    }

    fn add_incremental_tiers(&mut self, offer: usize) {
        let record = &self.model.offers[offer];
        let mut before = record.price;
        for (j, tier) in record.tiers.iter().enumerate() {
            let saved = i128::from(record.pack) * i128::from(before - tier.price);
            before = tier.price;
            let from = tier.from_quantity / record.pack;
            let total = self.offer_terms(offer, 1);
            let start = i128::from(from);
            let reached = self.switch(0, Derived::Reached { terms: total.clone(), from: start, below: None });
            let beyond = (record.packs - from).max(0);
            let packs = self.counter(-saved, beyond, Derived::Beyond { terms: total, from: start });
            let key = vec![KeyPart::Offer(offer), KeyPart::Position(j)];
            let mut terms = self.offer_terms(offer, -1);
            terms.extend([(reached, i128::from(from)), (packs, 1)]);
            self.row("tier_reach", key.clone(), terms, 0);
            self.row("tier_link", key, vec![(packs, 1), (reached, -i128::from(record.packs - from))], 0);
        }
    }

    fn add_bundles(&mut self) {
        let problem = self.model.problem;
        let here: HashMap<&str, usize> = self
            .component
            .offers
            .iter()
            .map(|&offer| (problem.offers[self.model.offers[offer].source].id.as_str(), offer))
            .collect();
        for (position, bundle) in problem.bundles.iter().enumerate() {
            let find = |ids: &[String]| -> Vec<usize> {
                let mut offers: Vec<usize> = ids.iter().filter_map(|id| here.get(id.as_str()).copied()).collect();
                offers.sort_unstable();
                offers
            };
            match bundle {
                Bundle::AllOrNothing { offers, .. } => self.add_all_or_nothing(position, &find(offers), offers.len()),
                Bundle::Xor { offers, .. } => self.add_xor(position, &find(offers)),
                Bundle::Discount { when, at_least, then, off, .. } => {
                    self.add_discount(position, &find(when), *at_least, &find(then), *off);
                }
            }
        }
    }

    /// `named` offers are in the bundle; those that are not in the component can never be sold.
    fn add_all_or_nothing(&mut self, bundle: usize, offers: &[usize], named: usize) {
        if offers.is_empty() {
            return;
        }
        let columns = offers.iter().flat_map(|&offer| self.offer_terms(offer, 1)).map(|(column, _)| column).collect();
        let taken = self.switch(0, Derived::Used(columns));
        if offers.len() < named {
            self.columns[taken].upper = 0;
        }
        for &offer in offers {
            let stock = i128::from(self.model.offers[offer].packs);
            let key = vec![KeyPart::Bundle(bundle), KeyPart::Offer(offer)];
            let mut all = self.offer_terms(offer, -1);
            all.push((taken, stock));
            self.row("bundle_all", key.clone(), all, 0);
            let mut none = self.offer_terms(offer, 1);
            none.push((taken, -stock));
            self.row("bundle_none", key, none, 0);
            for pair in self.pairs_by_offer.get(&offer).cloned().unwrap_or_default() {
                let mut terms: Vec<(usize, i128)> = self.columns_of(pair).map(|column| (column, 1)).collect();
                terms.push((taken, -i128::from(self.pairs[pair].most)));
                let key = vec![KeyPart::Bundle(bundle), KeyPart::Demand(self.demand_of(pair)), KeyPart::Offer(offer)];
                self.row("bundle_link", key, terms, 0);
            }
        }
    }

    fn add_xor(&mut self, bundle: usize, offers: &[usize]) {
        let terms = offers.iter().filter_map(|offer| self.offer_switches.get(offer)).map(|&taken| (taken, 1)).collect();
        self.row("xor", vec![KeyPart::Bundle(bundle)], terms, 1);
    }

    fn add_discount(&mut self, bundle: usize, when: &[usize], at_least: i64, then: &[usize], off: i64) {
        if when.is_empty() && then.is_empty() {
            return;
        }
        let counted = |sign: i128| {
            let of = |&offer: &usize| self.offer_terms(offer, sign * i128::from(self.model.offers[offer].pack));
            when.iter().flat_map(of).collect::<Vec<_>>()
        };
        let (mut terms, total) = (counted(-1), counted(1));
        let reached = self.switch(0, Derived::Reached { terms: total, from: i128::from(at_least), below: None });
        terms.push((reached, i128::from(at_least)));
        self.row("discount_reach", vec![KeyPart::Bundle(bundle)], terms, 0);
        for &offer in then {
            let record = &self.model.offers[offer];
            let total = self.offer_terms(offer, 1);
            let saved = i128::from(record.pack) * i128::from(off);
            let packs = self.counter(-saved, record.packs, Derived::SumIf { terms: total, switch: reached });
            let key = vec![KeyPart::Bundle(bundle), KeyPart::Offer(offer)];
            self.row("discount_link", key.clone(), vec![(packs, 1), (reached, -i128::from(record.packs))], 0);
            let mut sum = self.offer_terms(offer, -1);
            sum.push((packs, 1));
            self.row("discount_sum", key, sum, 0);
        }
    }

    /// Lines of an earlier plan that could stand as they were. The penalty of all others is nobody's decision.
    fn add_kept_lines(&mut self) {
        let Some(incumbent) = &self.model.problem.incumbent else {
            return;
        };
        let problem = self.model.problem;
        let mut at = HashMap::new();
        for (index, pair) in self.pairs.iter().enumerate() {
            let demand = problem.demands[self.model.demands[self.demand_of(index)].source].id.as_str();
            let offer = problem.offers[self.model.offers[pair.arc.offer].source].id.as_str();
            for (&day, column) in pair.days.iter().zip(self.columns_of(index)) {
                at.insert((demand, offer, day), (index, column));
            }
        }
        let mine: std::collections::HashSet<&str> = self
            .component
            .demands
            .iter()
            .map(|&demand| problem.demands[self.model.demands[demand].source].id.as_str())
            .collect();
        for (position, line) in incumbent.lines.iter().enumerate() {
            if !mine.contains(line.demand.as_str()) {
                continue;
            }
            let found = line.day.and_then(|day| at.get(&(line.demand.as_str(), line.offer.as_str(), day)));
            let Some(&(pair, column)) = found else { continue };
            let pack = self.model.offers[self.pairs[pair].arc.offer].pack;
            let (packs, most) = (line.quantity / pack, self.day_most(&self.pairs[pair]));
            if line.quantity % pack != 0 || packs > most {
                continue;
            }
            let kept = self.switch(-i128::from(incumbent.change_penalty), Derived::Equal { column, packs });
            let key = vec![KeyPart::Position(position)];
            self.row("keep_low", key.clone(), vec![(kept, i128::from(packs)), (column, -1)], 0);
            self.row("keep_high", key, vec![(column, 1), (kept, i128::from(most - packs))], i128::from(most));
        }
    }
}
