//! What a demand's shortage costs, in steps: the convex curve that flow engines see as two rows.
//!
//! A demand of 130 kg served in steps of 50 kg has two full steps (short: 50 kg each) and a last one that saves only
//! 30 kg. Both rows have the same arcs; only the price of leaving them empty differs.

use crate::candidates::Reach;
use crate::model::Demand;

/// The steps of one demand that are worth serving, after what pins already deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Full steps still open.
    pub full: i64,
    /// Ticks per full step left empty.
    pub full_penalty: i64,
    /// 1 when a last, partly needed step is still open, else 0.
    pub last: i64,
    /// Ticks for leaving the last step empty.
    pub last_penalty: i64,
}

impl Need {
    /// The open steps of a demand of which `served` base units are delivered already.
    pub fn of(demand: &Demand, reach: Reach, served: i64) -> Self {
        let whole = demand.quantity.min(reach.need) / reach.step;
        let last = i64::from(reach.need > demand.quantity);
        let done = served / reach.step;
        Self {
            full: (whole - done).max(0),
            full_penalty: demand.premium_penalty * reach.step,
            last: if done > whole { 0 } else { last },
            last_penalty: demand.premium_penalty * reach.last_step(demand.quantity),
        }
    }

    /// The price of a step that proves most, when the cheapest way to serve one more costs `cheapest`.
    pub fn price(&self, cheapest: Option<i64>) -> i64 {
        if self.full + self.last == 0 {
            return 0;
        }
        let most = if self.full > 0 { self.full_penalty } else { self.last_penalty };
        cheapest.map_or(most, |cheapest| cheapest.min(self.full_penalty))
    }
}

/// The least of shortage cost plus price × steps over all quantities in reach: `need_d(π)` of `solver/README.md`.
pub fn need_value(demand: &Demand, reach: Reach, price: i64, scale: i64) -> i128 {
    let penalty = i128::from(scale) * i128::from(demand.premium_penalty);
    let below = demand.quantity / reach.step * reach.step;
    let value = |&served: &i64| {
        let short = (demand.quantity - served).max(0);
        penalty * i128::from(short) + i128::from(price) * i128::from(served / reach.step)
    };
    let ends = [0, below.min(reach.most), reach.need, reach.most];
    ends.iter().map(value).min().unwrap_or(0)
}
