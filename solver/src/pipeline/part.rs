//! Components: what is left of a group once pairs that cannot trade are gone, and what an engine answers for one.

use super::groups::{DisjointSets, Group, bundle_offers, shares_by_buyer};
use crate::candidates::{self, Arc, Reach};
use crate::model::Model;
use rayon::prelude::*;
use std::collections::HashMap;

/// Demands and offers connected by arcs or by terms; ascending indices.
#[derive(Debug, Clone, Default)]
pub struct Component {
    /// Demands.
    pub demands: Vec<usize>,
    /// Offers.
    pub offers: Vec<usize>,
    /// Arcs of each demand, in the order of `demands`, offers ascending.
    pub arcs: Vec<Vec<Arc>>,
    /// Reach of each demand, in the order of `demands`.
    pub reach: Vec<Reach>,
}

impl Component {
    /// Whether the total of one of its commodities is forced.
    pub fn has_floor(&self, model: &Model<'_>) -> bool {
        self.demands.iter().any(|&demand| model.floors.of(model.demands[demand].commodity).is_some())
    }
}

/// Packs of an offer for a demand on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trade {
    /// Index of the demand.
    pub demand: usize,
    /// Index of the offer.
    pub offer: usize,
    /// Delivery day.
    pub day: i64,
    /// Packs, > 0.
    pub packs: i64,
}

/// What an engine found for a part. Multipliers are in ticks / `scale`.
#[derive(Debug, Clone, Default)]
pub struct PartAnswer {
    /// Lines.
    pub trades: Vec<Trade>,
    /// Price of one more step, by demand; absent means 0.
    pub demand_prices: Vec<(usize, i64)>,
    /// Price of one more pack, by offer; absent means 0.
    pub offer_prices: Vec<(usize, i64)>,
    /// Prices of other rows, all > 0.
    pub rows: Vec<(RowKey, i64)>,
    /// What the prices prove for this part, in ticks / `scale`.
    pub lagrangian: i128,
    /// Denominator of the prices, ≥ 1.
    pub scale: i64,
    /// A proof by cases that reaches further than the prices.
    pub tree: Option<TreeAnswer>,
}

/// A proof by cases, in indices of the model. It holds for the whole problem, whatever other parts there are.
#[derive(Debug, Clone, Default)]
pub struct TreeAnswer {
    /// Ticks by which the plan costs more than what is proved.
    pub gap: i128,
    /// Denominator of prices of rows in money.
    pub scale: i64,
    /// Rows that nodes have prices for.
    pub rows: Vec<RowKey>,
    /// Nodes, each before its subtrees.
    pub nodes: Vec<NodeAnswer>,
}

/// One node of a proof by cases.
#[derive(Debug, Clone)]
pub enum NodeAnswer {
    /// Without any of these packages, or with at least one.
    Split(Split),
    /// What these prices show to be too dear is left out.
    Fix(NodePrices),
    /// These prices close the case.
    Leaf(NodePrices),
    /// These prices show that the case has no plan.
    Empty(NodePrices),
}

/// Packages that touch every record named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Split {
    /// Index of the supplier.
    pub supplier: Option<usize>,
    /// Index of the demand.
    pub demand: Option<usize>,
    /// Index of the offer.
    pub offer: Option<usize>,
}

/// Prices of one node.
#[derive(Debug, Clone, Default)]
pub struct NodePrices {
    /// Ticks per step, by demand of the component; absent means 0.
    pub demands: Vec<(usize, i64)>,
    /// By row of the tree.
    pub rows: Vec<i64>,
    /// By split answered "with" on the way here.
    pub splits: Vec<i64>,
}

/// Names a row of the published formulation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowKey {
    /// Row family.
    pub family: &'static str,
    /// What it is about, in the published order.
    pub key: Vec<KeyPart>,
}

/// One entry of a row's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPart {
    /// Index of a demand.
    Demand(usize),
    /// Index of an offer.
    Offer(usize),
    /// Index of a supplier.
    Supplier(usize),
    /// Index of a buyer.
    Buyer(usize),
    /// Index of a commodity.
    Commodity(usize),
    /// A day.
    Day(i64),
    /// A position, counted from 0 (tier, incumbent line).
    Position(usize),
    /// Position of a bundle in the document.
    Bundle(usize),
    /// Position of a class share in the document.
    Share(usize),
}

/// Splits a group into components, ordered by first demand, then first offer.
pub fn components(model: &Model<'_>, group: &Group) -> Vec<Component> {
    let arcs: Vec<Vec<Arc>> = group.demands.par_iter().map(|&demand| arcs_of(model, demand)).collect();
    let shift = group.demands.len();
    let offer_slot = |offer: usize| group.offers.binary_search(&offer).map_or(0, |slot| slot + shift);
    let mut sets = DisjointSets::new(shift + group.offers.len());
    for (slot, arcs) in arcs.iter().enumerate() {
        arcs.iter().for_each(|arc| sets.join(slot, offer_slot(arc.offer)));
    }
    tie_by_terms(model, group, &mut sets);
    let mut slots = vec![None; shift + group.offers.len()];
    let mut components: Vec<Component> = Vec::new();
    for (slot, arcs) in arcs.into_iter().enumerate() {
        let index = *slots[sets.find(slot)].get_or_insert_with(|| {
            components.push(Component::default());
            components.len() - 1
        });
        let component = &mut components[index];
        component.demands.push(group.demands[slot]);
        component.reach.push(candidates::reach(model, group.demands[slot], &arcs));
        component.arcs.push(arcs);
    }
    for (slot, &offer) in group.offers.iter().enumerate() {
        // Offers that no demand can use have no part in any decision, but their deals still have columns to price.
        let has_deals = !model.offers[offer].tiers.is_empty() || !model.problem.bundles.is_empty();
        let place = &mut slots[sets.find(slot + shift)];
        if place.is_none() && has_deals {
            components.push(Component::default());
            *place = Some(components.len() - 1);
        }
        if let Some(index) = *place {
            components[index].offers.push(offer);
        }
    }
    components
}

/// The arcs of one demand, offers ascending.
pub fn arcs_of(model: &Model<'_>, demand: usize) -> Vec<Arc> {
    let judge = |offer| candidates::judge(model, demand, offer).ok();
    let mut arcs: Vec<Arc> = candidates::offers_for(model, demand).filter_map(judge).collect();
    arcs.sort_unstable_by_key(|arc| arc.offer);
    arcs
}

fn tie_by_terms(model: &Model<'_>, group: &Group, sets: &mut DisjointSets) {
    let shift = group.demands.len();
    let mut first_of_supplier = vec![None; model.suppliers.len()];
    for (slot, &offer) in group.offers.iter().enumerate() {
        let supplier = model.offers[offer].supplier;
        if model.supplier_couples(supplier) {
            sets.join(*first_of_supplier[supplier].get_or_insert(slot + shift), slot + shift);
        }
    }
    let mut first_of_buyer = vec![None; model.buyers.len()];
    for (slot, &demand) in group.demands.iter().enumerate() {
        let buyer = model.demands[demand].buyer;
        if model.buyer_couples(buyer) || shares_by_buyer(model, buyer) {
            sets.join(*first_of_buyer[buyer].get_or_insert(slot), slot);
        }
    }
    let known = if model.problem.bundles.is_empty() { HashMap::new() } else { model.offers_by_id() };
    for bundle in &model.problem.bundles {
        let slot = |id: &str| group.offers.binary_search(known.get(id)?).ok();
        let mut members: Vec<usize> = bundle_offers(bundle).filter_map(slot).collect();
        members.sort_unstable();
        members.windows(2).for_each(|pair| sets.join(pair[0] + shift, pair[1] + shift));
    }
    let mut first_of_commodity = vec![None; model.offers_by_commodity.len()];
    for (slot, &demand) in group.demands.iter().enumerate() {
        let commodity = model.demands[demand].commodity;
        if model.floors.of(commodity).is_some() {
            sets.join(*first_of_commodity[commodity].get_or_insert(slot), slot);
        }
    }
    if model.problem.class_shares.iter().any(|share| share.buyer.is_none()) {
        (1..shift).for_each(|slot| sets.join(0, slot));
    }
}
