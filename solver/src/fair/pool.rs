//! What is shared of one commodity: who takes part, in which units, and who can draw on which stock.

use crate::candidates::{self, Arc, gcd};
use crate::model::{Model, narrow};
use crate::pipeline::arcs_of;

/// A demand that takes part.
#[derive(Debug, Clone, Copy)]
pub struct Taker {
    /// Index of the demand.
    pub demand: usize,
    /// Priority class; lower ones are served first.
    pub class: i64,
    /// Base units needed, > 0.
    pub need: i64,
    /// Base units that pins deliver.
    pub base: i64,
    /// Most units that it can take beyond the pins.
    pub most: i64,
    /// g: base units that its deliveries come in multiples of.
    pub step: i64,
}

/// The demands for a commodity, its stock, and the pairs that may trade.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Base units of a unit: the greatest common divisor of the packs that may be delivered.
    pub unit: i64,
    /// Demands, ascending.
    pub takers: Vec<Taker>,
    /// Offers that take part, ascending.
    pub offers: Vec<usize>,
    /// Units of each of these offers.
    pub supply: Vec<i64>,
    /// Slots of the offers that each demand may draw on, ascending.
    pub arcs: Vec<Vec<usize>>,
}

impl Pool {
    /// The pool of these demands, all of one commodity.
    pub fn new(model: &Model<'_>, demands: &[usize]) -> Self {
        let all: Vec<Vec<Arc>> = demands.iter().map(|&demand| arcs_of(model, demand)).collect();
        let own = |demand: usize, arc: &Arc| {
            model.offers[arc.offer].commodity == model.demands[demand].commodity
                && !model.pins.contains_key(&(demand, arc.offer))
        };
        let shared: Vec<Vec<Arc>> = demands
            .iter()
            .zip(&all)
            .map(|(&demand, arcs)| arcs.iter().copied().filter(|arc| own(demand, arc)).collect())
            .collect();
        let mut offers: Vec<usize> = shared.iter().flatten().map(|arc| arc.offer).collect();
        offers.sort_unstable();
        offers.dedup();
        let unit = offers.iter().fold(0, |unit, &offer| gcd(unit, model.offers[offer].pack)).max(1);
        let taker =
            |((&demand, all), shared): ((&usize, &Vec<Arc>), &Vec<Arc>)| taker(model, demand, all, shared, unit);
        let takers = demands.iter().zip(&all).zip(&shared).map(taker).collect();
        let slot_of = |arc: &Arc| offers.binary_search(&arc.offer).unwrap_or_default();
        let arcs = shared.iter().map(|arcs| arcs.iter().map(slot_of).collect()).collect();
        let supply = offers.iter().map(|&offer| supply(model, offer) / unit).collect();
        Self { unit, takers, offers, supply, arcs }
    }
}

/// Base units of an offer that are left beside the pins; never more than its days can give.
fn supply(model: &Model<'_>, index: usize) -> i64 {
    let offer = &model.offers[index];
    let days = i128::from(offer.day_to - offer.day_from + 1);
    let packs = i128::from(offer.packs).min(i128::from(offer.packs_per_day) * days);
    let pinned = model.pins.keys().filter(|(_, pinned)| *pinned == index);
    let pinned: i64 = pinned.map(|&(demand, _)| candidates::pinned_packs(model, demand, index)).sum();
    narrow((packs - i128::from(pinned)).max(0)) * offer.pack
}

fn taker(model: &Model<'_>, demand: usize, all: &[Arc], shared: &[Arc], unit: i64) -> Taker {
    let d = &model.demands[demand];
    let pinned = |arc: &Arc| arc.units * candidates::pinned_packs(model, demand, arc.offer);
    let base: i64 = all.iter().map(pinned).sum();
    let open = (d.quantity - base).max(0);
    let (whole, rest) = (open / unit, open % unit);
    let is_worth = |arc: &Arc| {
        let saved = i128::from(d.premium_penalty) * i128::from(rest) * i128::from(arc.units);
        i128::from(arc.cost) * i128::from(unit) <= saved
    };
    let takes_last = rest > 0 && base + (whole + 1) * unit <= d.accept && shared.iter().any(is_worth);
    let most = if shared.is_empty() { 0 } else { whole + i64::from(takes_last) };
    let step = candidates::reach(model, demand, all).step;
    Taker { demand, class: d.priority, need: d.quantity, base, most, step }
}
