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
    let mut by_commodity = vec![Vec::new(); model.offers_by_commodity.len()];
    model.demands.iter().enumerate().for_each(|(index, demand)| by_commodity[demand.commodity].push(index));
    let parts: Vec<Part> = by_commodity.into_par_iter().map(|demands| Part::of(&Pool::new(model, &demands))).collect();
    let count = model.demands.len();
    let mut out =
        Shares { quantities: vec![0; count], rivals: vec![NOBODY; count], flow: Vec::new(), targets: vec![0; count] };
    for part in parts {
        for Share { demand, quantity, rival, target } in part.shares {
            (out.quantities[demand], out.rivals[demand], out.targets[demand]) = (quantity, rival, target);
        }
        out.flow.extend(part.flow);
    }
    out
}

/// What came out for one demand.
struct Share {
    demand: usize,
    quantity: i64,
    rival: i64,
    target: i64,
}

/// What came out for one commodity.
struct Part {
    shares: Vec<Share>,
    flow: Vec<(usize, usize, i64)>,
}

impl Part {
    fn of(pool: &Pool) -> Self {
        let division = split::divide(pool);
        let rivals = rivals::find(pool, &division);
        let mut part = Self { shares: Vec::with_capacity(pool.takers.len()), flow: Vec::new() };
        for (slot, (taker, rival)) in pool.takers.iter().zip(rivals).enumerate() {
            let quantity = taker.base + division.units[slot] * pool.unit;
            // In whole steps; whoever has all that is needed misses nothing, however large the shared units are.
            let target = quantity.min(taker.need + taker.step - 1) / taker.step * taker.step;
            part.shares.push(Share { demand: taker.demand, quantity, rival, target });
            let arcs = pool.arcs[slot].iter().zip(&division.flow[slot]).filter(|(_, units)| **units > 0);
            part.flow.extend(arcs.map(|(&offer, units)| (taker.demand, pool.offers[offer], units * pool.unit)));
        }
        part
    }
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
