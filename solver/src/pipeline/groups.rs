//! Coarse independence: commodities that no term can tie together are solved apart.

use crate::model::Model;
use crate::problem::Bundle;
use std::collections::HashMap;

/// Demands and offers that have nothing to do with any other group; ascending indices.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Demands.
    pub demands: Vec<usize>,
    /// Offers.
    pub offers: Vec<usize>,
}

impl Group {
    /// Whether the group is a pure transport problem over all pairs, decided without looking at pairs: one commodity,
    /// one pack size, and no term but stock in all.
    pub fn is_dense_transport(&self, model: &Model<'_>) -> bool {
        let Some(first) = self.offers.first().map(|&o| &model.offers[o]) else {
            return true;
        };
        let plain_offer = |&o: &usize| {
            let offer = &model.offers[o];
            offer.commodity == first.commodity
                && offer.pack == first.pack
                && offer.min_packs == 1
                && offer.min_total_packs <= 1
                && !offer.has_day_limit
                && offer.tiers.is_empty()
                && !model.supplier_couples(offer.supplier)
        };
        let plain_demand = |&d: &usize| {
            let demand = &model.demands[d];
            demand.commodity == first.commodity
                && !model.buyer_couples(demand.buyer)
                && model.floors.of(demand.commodity).is_none()
        };
        let problem = model.problem;
        model.pins.is_empty()
            && problem.bundles.is_empty()
            && problem.class_shares.is_empty()
            && problem.incumbent.is_none()
            && self.offers.iter().all(plain_offer)
            && self.demands.iter().all(plain_demand)
    }
}

/// Splits a model into groups, ordered by their first demand (or offer).
pub fn split(model: &Model<'_>) -> Vec<Group> {
    let mut sets = DisjointSets::new(model.offers_by_commodity.len());
    tie_commodities(model, &mut sets);
    let mut groups: Vec<Group> = vec![Group::default(); model.offers_by_commodity.len()];
    for (index, demand) in model.demands.iter().enumerate() {
        groups[sets.find(demand.commodity)].demands.push(index);
    }
    for (index, offer) in model.offers.iter().enumerate() {
        groups[sets.find(offer.commodity)].offers.push(index);
    }
    groups.retain(|group| !group.demands.is_empty() || !group.offers.is_empty());
    groups.sort_by_key(|group| (group.demands.first().copied(), group.offers.first().copied()));
    groups
}

fn tie_commodities(model: &Model<'_>, sets: &mut DisjointSets) {
    for (wanted, rules) in model.substitutes.iter().enumerate() {
        rules.iter().for_each(|(delivered, _)| sets.join(wanted, *delivered));
    }
    let mut first_of_supplier = vec![None; model.suppliers.len()];
    for offer in model.offers.iter().filter(|o| model.supplier_couples(o.supplier)) {
        let first = *first_of_supplier[offer.supplier].get_or_insert(offer.commodity);
        sets.join(first, offer.commodity);
    }
    let mut first_of_buyer = vec![None; model.buyers.len()];
    for demand in model.demands.iter().filter(|d| model.buyer_couples(d.buyer) || shares_by_buyer(model, d.buyer)) {
        let first = *first_of_buyer[demand.buyer].get_or_insert(demand.commodity);
        sets.join(first, demand.commodity);
    }
    let known = if model.problem.bundles.is_empty() { HashMap::new() } else { model.offers_by_id() };
    let by_id = |id: &str| known.get(id).copied();
    for bundle in &model.problem.bundles {
        let mut members: Vec<usize> = bundle_offers(bundle).filter_map(by_id).collect();
        members.sort_unstable();
        members.windows(2).for_each(|w| sets.join(model.offers[w[0]].commodity, model.offers[w[1]].commodity));
    }
    if model.problem.class_shares.iter().any(|share| share.buyer.is_none()) {
        (1..model.offers_by_commodity.len()).for_each(|commodity| sets.join(0, commodity));
    }
}

/// Whether a class share names this buyer.
pub fn shares_by_buyer(model: &Model<'_>, buyer: usize) -> bool {
    let id = &model.problem.buyers[model.buyers[buyer].source].id;
    model.problem.class_shares.iter().any(|share| share.buyer.as_ref() == Some(id))
}

/// The id of a bundle.
pub fn bundle_id(bundle: &Bundle) -> &str {
    match bundle {
        Bundle::AllOrNothing { id, .. } | Bundle::Xor { id, .. } | Bundle::Discount { id, .. } => id,
    }
}

/// All offers that a bundle names.
pub fn bundle_offers(bundle: &Bundle) -> impl Iterator<Item = &str> {
    let (first, second): (&[String], &[String]) = match bundle {
        Bundle::AllOrNothing { offers, .. } | Bundle::Xor { offers, .. } => (offers, &[]),
        Bundle::Discount { when, then, .. } => (when, then),
    };
    first.iter().chain(second).map(String::as_str)
}

/// Union-find; the smallest member stands for its set, so the outcome does not depend on the order of joins.
#[derive(Debug)]
pub struct DisjointSets(Vec<usize>);

impl DisjointSets {
    /// `count` sets of one.
    pub fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The member that stands for the set.
    pub fn find(&mut self, member: usize) -> usize {
        let mut root = member;
        while self.0[root] != root {
            root = self.0[root];
        }
        let mut walk = member;
        while self.0[walk] != root {
            walk = std::mem::replace(&mut self.0[walk], root);
        }
        root
    }

    /// Makes one set of two.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}
