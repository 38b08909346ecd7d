//! Which offer may serve which demand, at what cost, and if not, why not.
//!
//! The conditions and their order are those of `solver/README.md`, "Quantities that packs can reach"; the first that
//! fails is the pair's reason. Nothing about other pairs matters here.

mod row;

pub use row::{Columns, FORBIDDEN};

use crate::model::{Model, Pinned, narrow, round_half_even, round_thousandth};
use crate::plan::Reason;
use std::ops::Rem;

/// A pair that may trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// Index of the offer.
    pub offer: usize,
    /// Wanted base units that one pack counts for.
    pub units: i64,
    /// Cost of one pack in ticks: goods at list price, freight and substitution penalty.
    pub cost: i64,
    /// Freight in ticks per base unit of the offer.
    pub freight: i64,
    /// Road distance in metres.
    pub distance_m: i64,
    /// First common day.
    pub day_from: i64,
    /// Last common day, inclusive.
    pub day_to: i64,
}

/// Offers that a demand can be compared with: same commodity first, then substitutes; ascending within each.
pub fn offers_for<'m>(model: &'m Model<'_>, demand: usize) -> impl Iterator<Item = usize> + 'm {
    let commodity = model.demands[demand].commodity;
    let others = model.substitutes[commodity].iter().map(|(delivered, _)| *delivered);
    std::iter::once(commodity).chain(others).flat_map(|c| model.offers_by_commodity[c].iter().copied())
}

/// How many offers [`offers_for`] gives.
pub fn count_offers_for(model: &Model<'_>, demand: usize) -> usize {
    let commodity = model.demands[demand].commodity;
    let others = model.substitutes[commodity].iter().map(|(delivered, _)| *delivered);
    std::iter::once(commodity).chain(others).map(|c| model.offers_by_commodity[c].len()).sum()
}

/// Judges one pair.
///
/// # Errors
/// The first condition that fails, in the published order.
pub fn judge(model: &Model<'_>, demand: usize, offer: usize) -> Result<Arc, Reason> {
    let (d, o) = (&model.demands[demand], &model.offers[offer]);
    let (units, extra) = exchange(model, demand, offer).ok_or(Reason::NoOfferForItem)?;
    if !model.suppliers[o.supplier].active {
        return Err(Reason::SupplierSuspended);
    }
    if !model.exclusions.is_empty() && is_excluded(model, demand, offer) {
        return Err(Reason::Excluded);
    }
    if o.day_to < d.day_from {
        return Err(Reason::OfferExpired);
    }
    if o.day_from > d.day_to {
        return Err(Reason::DeliversTooLate);
    }
    if !d.requirements.iter().all(|needed| o.certificates.binary_search(needed).is_ok()) {
        return Err(Reason::CertificateMissing);
    }
    let distance_m = model.distance_m(demand, offer);
    if o.radius_m.is_some_and(|radius| distance_m > radius) {
        return Err(Reason::OutOfDeliveryArea);
    }
    if d.ceiling
        .is_some_and(|ceiling| i128::from(o.price) * i128::from(o.pack) > i128::from(ceiling) * i128::from(units))
    {
        return Err(Reason::PriceAboveCeiling);
    }
    if units > d.accept || o.packs_per_day < 1 {
        return Err(Reason::PackNotFilled);
    }
    if o.min_packs.saturating_mul(units) > d.accept || o.min_packs > o.packs_per_day {
        return Err(Reason::BelowSupplierMinimum);
    }
    let freight = unit_freight(model, offer, distance_m);
    let cost = o.pack * (o.price + freight + extra);
    if i128::from(cost) > i128::from(d.penalty) * i128::from(units) && !is_pinned(model, demand, offer) {
        return Err(Reason::CostAbovePenalty);
    }
    let (day_from, day_to) = (d.day_from.max(o.day_from), d.day_to.min(o.day_to));
    Ok(Arc { offer, units, cost, freight, distance_m, day_from, day_to })
}

/// Freight in ticks per base unit of the offer over a road distance.
pub fn unit_freight(model: &Model<'_>, offer: usize, distance_m: i64) -> i64 {
    let o = &model.offers[offer];
    o.freight_base + round_thousandth(o.freight_per_km, distance_m)
}

/// Wanted base units per pack and the penalty per delivered base unit; `None` when the goods do not match at all.
pub fn exchange(model: &Model<'_>, demand: usize, offer: usize) -> Option<(i64, i64)> {
    let (d, o) = (&model.demands[demand], &model.offers[offer]);
    if d.commodity == o.commodity {
        return Some((o.pack, 0));
    }
    let rules = &model.substitutes[d.commodity];
    let (_, rule) = rules.iter().find(|(delivered, _)| *delivered == o.commodity)?;
    let units = round_half_even(i128::from(o.pack) * i128::from(rule.wanted_units), i128::from(rule.delivered_units));
    (units >= 1).then(|| (narrow(units), rule.penalty))
}

fn is_pinned(model: &Model<'_>, demand: usize, offer: usize) -> bool {
    !model.pins.is_empty() && model.pins.contains_key(&(demand, offer))
}

fn is_excluded(model: &Model<'_>, demand: usize, offer: usize) -> bool {
    let (buyer, supplier) = (model.demands[demand].buyer, model.offers[offer].supplier);
    let x = &model.exclusions;
    x.buyer_supplier.contains(&(buyer, supplier))
        || x.buyer_offer.contains(&(buyer, offer))
        || x.demand_supplier.contains(&(demand, supplier))
        || x.demand_offer.contains(&(demand, offer))
}

/// What a demand can take in, given its arcs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// g: what every deliverable quantity is a multiple of, base units; 1 without arcs.
    pub step: i64,
    /// A′: most that may be delivered, base units, a multiple of `step`; 0 without arcs.
    pub most: i64,
    /// Least that covers the need, base units, a multiple of `step`; never above `most`.
    pub need: i64,
}

impl Reach {
    /// Base units that the last step before `need` still saves; `step` itself when the need is a multiple of it.
    pub fn last_step(&self, quantity: i64) -> i64 {
        if self.need > quantity { self.step - (self.need - quantity) } else { self.step }
    }
}

/// What a demand can take in, given its arcs.
pub fn reach(model: &Model<'_>, demand: usize, arcs: &[Arc]) -> Reach {
    if arcs.is_empty() {
        return Reach { step: 1, most: 0, need: 0 };
    }
    let d = &model.demands[demand];
    let step = arcs.iter().fold(0, |step, arc| gcd(step, arc.units));
    let largest = arcs.iter().map(|arc| model.offers[arc.offer].min_packs * arc.units).max().unwrap_or(0);
    let pinned: i64 = arcs.iter().map(|arc| arc.units * pinned_packs(model, demand, arc.offer)).sum();
    let most = d.accept.min((d.quantity + largest - 1).max(pinned)) / step * step;
    let need = ((d.quantity + step - 1) / step * step).min(most);
    Reach { step, most, need }
}

/// Packs that pins fix on a pair, over all days.
pub fn pinned_packs(model: &Model<'_>, demand: usize, offer: usize) -> i64 {
    if model.pins.is_empty() {
        return 0;
    }
    match model.pins.get(&(demand, offer)) {
        None => 0,
        Some(Pinned::Total(packs)) => *packs,
        Some(Pinned::Days(days)) => days.iter().map(|(_, packs)| packs).sum(),
    }
}

/// Greatest common divisor of two numbers that are not negative.
pub fn gcd<N: Copy + Default + PartialEq + Rem<Output = N>>(mut a: N, mut b: N) -> N {
    while b != N::default() {
        (a, b) = (b, a % b);
    }
    a
}
