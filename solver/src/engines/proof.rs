//! The bound that prices of stock and of fixed charges prove, without a formulation: for components of any size.
//!
//! A fee is spread over the lines that would cause it (multipliers of `drop_link` and `trip_link` rows), a tier's
//! discount is granted from the first pack (`tier_*` rows). What is left is flow, and its demand prices follow from the
//! cheapest arc. All other boxes are zero by construction, so the bound is a sum over demands and offers.

use super::need::need_value;
use crate::candidates::Arc;
use crate::model::{Model, narrow};
use crate::pipeline::{Component, KeyPart, PartAnswer, RowKey};
use crate::problem::TierKind;

/// Ticks per pack that using a pair pays towards fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Position of the arc among those of its demand.
    pub position: usize,
    /// Towards the fee of the drop.
    pub drop: i64,
    /// Towards the fee of the trip.
    pub trip: i64,
}

/// Prices of one component.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// ρ per pack, by offer slot, ≥ 0.
    pub offers: Vec<i64>,
    /// Links by demand slot, positions ascending; for every drop and trip, links × most packs stay within its fee.
    pub links: Vec<Vec<Link>>,
}

/// What volume tiers can take off a pack at most on average, with the rows that say so.
#[derive(Debug, Clone, Default)]
pub struct Relief {
    /// Ticks per pack.
    pub per_pack: i64,
    /// Multipliers of tier rows: family, tier where the key has one, price.
    rows: Vec<(&'static str, Option<usize>, i64)>,
}

/// The relief of an offer. All-unit tiers: the deepest one from the first pack, the convex envelope of the price.
/// Incremental tiers: each from the first pack in the proportion of what lies beyond its threshold.
pub fn relief(model: &Model<'_>, offer: usize) -> Relief {
    let record = &model.offers[offer];
    let mut out = Relief::default();
    let mut before = record.price;
    for (tier, terms) in record.tiers.iter().enumerate() {
        let from = terms.from_quantity / record.pack;
        match record.tier_kind {
            TierKind::AllUnit => out.per_pack = out.per_pack.max(record.pack * (record.price - terms.price)),
            TierKind::Incremental if from < record.packs => {
                let saved = record.pack * (before - terms.price);
                let beyond = i128::from(saved) * i128::from(record.packs - from);
                let reach = narrow(-(-beyond).div_euclid(i128::from(record.packs)));
                out.per_pack += reach;
                out.rows.push(("tier_reach", Some(tier), reach));
                out.rows.push(("tier_link", Some(tier), saved - reach));
            }
            TierKind::Incremental => {}
        }
        before = terms.price;
    }
    if out.per_pack > 0 && record.tier_kind == TierKind::AllUnit {
        out.rows.push(("tier_sum", None, out.per_pack));
    }
    out
}

/// Ticks that volume tiers take off so many packs of an offer.
pub fn discount(model: &Model<'_>, offer: usize, packs: i64) -> i128 {
    let record = &model.offers[offer];
    let total = packs * record.pack;
    let reached = record.tiers.iter().filter(|tier| total >= tier.from_quantity);
    match record.tier_kind {
        TierKind::AllUnit => {
            let price = reached.map(|tier| tier.price).next_back().unwrap_or(record.price);
            i128::from(record.price - price) * i128::from(total)
        }
        TierKind::Incremental => {
            let mut before = record.price;
            let saved = reached.map(|tier| {
                let step = before - tier.price;
                before = tier.price;
                i128::from(step) * i128::from(total - tier.from_quantity)
            });
            saved.sum()
        }
    }
}

/// Turns prices into an answer without trades, with the bound they prove.
pub fn prove(model: &Model<'_>, component: &Component, prices: &Prices) -> PartAnswer {
    let reliefs: Vec<Relief> = component.offers.iter().map(|&offer| relief(model, offer)).collect();
    let mut out = PartAnswer { scale: 1, ..PartAnswer::default() };
    for (slot, &demand) in component.demands.iter().enumerate() {
        let links = prices.links.get(slot).map_or(&[][..], Vec::as_slice);
        let (d, reach) = (&model.demands[demand], component.reach[slot]);
        let mut next = links.iter().peekable();
        let mut cheapest: Option<i64> = None;
        for (position, arc) in component.arcs[slot].iter().enumerate() {
            let offer = super::sheets::offer_slot(component, arc.offer);
            let mut landed = i128::from(arc.cost) + i128::from(prices.offers[offer] - reliefs[offer].per_pack);
            if let Some(link) = next.next_if(|link| link.position == position) {
                landed += i128::from(link.drop) + i128::from(link.trip);
                name_links(demand, arc, *link, &mut out.rows);
            }
            // Rounded down, so that no arc is below its cost.
            let per_step = narrow((landed * i128::from(reach.step)).div_euclid(i128::from(arc.units)));
            cheapest = Some(cheapest.map_or(per_step, |known| known.min(per_step)));
        }
        let price = cheapest.map_or(0, |cheapest| cheapest.min(d.largest_penalty() * reach.step));
        out.demand_prices.push((demand, price));
        out.lagrangian += need_value(d, reach, price, 1);
    }
    for ((&offer, &price), relief) in component.offers.iter().zip(&prices.offers).zip(&reliefs) {
        out.offer_prices.push((offer, price));
        out.lagrangian -= i128::from(price) * i128::from(model.offers[offer].packs);
        for &(family, tier, price) in relief.rows.iter().filter(|row| row.2 > 0) {
            let mut key = vec![KeyPart::Offer(offer)];
            key.extend(tier.map(KeyPart::Position));
            out.rows.push((RowKey { family, key }, price));
        }
    }
    out
}

fn name_links(demand: usize, arc: &Arc, link: Link, rows: &mut Vec<(RowKey, i64)>) {
    for (family, price) in [("drop_link", link.drop), ("trip_link", link.trip)] {
        for day in (arc.day_from..=arc.day_to).filter(|_| price > 0) {
            let key = vec![KeyPart::Demand(demand), KeyPart::Offer(arc.offer), KeyPart::Day(day)];
            rows.push((RowKey { family, key }, price));
        }
    }
}
