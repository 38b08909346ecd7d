//! Fair shares of scarce goods: for every commodity the lexicographically largest fill that its stock allows.
//!
//! What is shared are whole units of a commodity among those who asked for it, as far as stock and allowed pairs go;
//! every other term is for the plan to meet. Shares do not depend on prices. What a share is, and the proof that comes
//! with it, is written in `solver/README.md`, "Fair shares"; the checkers verify that proof without this code.

mod pool;
mod rivals;
mod split;

use crate::model::Model;
use crate::pipeline;
use pool::Pool;
use rayon::prelude::*;

/// Nobody can pass anything on to this demand.
pub const NOBODY: i64 = -1;
/// Stock that nobody needs is within this demand's reach, so it is full.
pub const SPARE: i64 = -2;

/// Fair shares and what proves them, by index of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// Share of each demand in base units, pinned quantities included.
    pub quantities: Vec<i64>,
    /// The best-filled demand whose goods could reach each demand (its index), or [`NOBODY`] or [`SPARE`].
    pub rivals: Vec<i64>,
    /// A flow that delivers all shares beside the pins: (demand, offer, base units > 0).
    pub flow: Vec<(usize, usize, i64)>,
    /// What a plan must not stay below without being charged for it, in base units.
    pub targets: Vec<i64>,
}

/// The fair shares of all demands.
pub fn shares(model: &Model<'_>) -> Shares {
    let count = model.demands.len();
    let mut out =
        Shares { quantities: vec![0; count], rivals: vec![NOBODY; count], flow: Vec::new(), targets: vec![0; count] };
    let mut by_commodity = vec![Vec::new(); model.offers_by_commodity.len()];
    model.demands.iter().enumerate().for_each(|(index, demand)| by_commodity[demand.commodity].push(index));
    let pools: Vec<(Pool, split::Division, Vec<i64>)> = by_commodity
        .into_par_iter()
        .map(|demands| {
            let pool = Pool::new(model, demands);
            let division = split::divide(&pool);
            let rivals = rivals::find(&pool, &division);
            (pool, division, rivals)
        })
        .collect();
    for (pool, division, rivals) in pools {
        for (slot, taker) in pool.takers.iter().enumerate() {
            let quantity = taker.base + division.units[slot] * pool.unit;
            out.quantities[taker.demand] = quantity;
            out.rivals[taker.demand] = rivals[slot];
            out.targets[taker.demand] = quantity / taker.step * taker.step;
            let arcs = pool.arcs[slot].iter().zip(&division.flow[slot]).filter(|(_, units)| **units > 0);
            out.flow.extend(arcs.map(|(&offer, units)| (taker.demand, pool.offers[offer], units * pool.unit)));
        }
    }
    out
}

/// Wanted base units that trades deliver, by commodity.
pub fn shipped(model: &Model<'_>, served: &[i64]) -> Vec<i128> {
    let mut shipped = vec![0; model.offers_by_commodity.len()];
    for (demand, &units) in model.demands.iter().zip(served) {
        shipped[demand.commodity] += i128::from(units);
    }
    shipped
}

/// What no plan may ship less of each commodity than: `permille` of what the plan without the rule ships, rounded up.
pub fn floors(model: &Model<'_>, without: &pipeline::Delivery, permille: i64) -> Vec<i128> {
    let least = |shipped: i128| -(-shipped * i128::from(permille)).div_euclid(1000);
    shipped(model, &without.served).into_iter().map(least).collect()
}
