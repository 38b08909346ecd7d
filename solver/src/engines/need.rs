//! What a demand's shortage costs, in steps: the convex curve that flow engines see as rows, one for each piece of it.
//!
//! A demand of 130 kg served in steps of 50 kg has two full steps (short: 50 kg each) and a last one that saves only
//! 30 kg. With a fair share of 50 kg the first of the full steps counts more. All rows have the same arcs; only the price
//! of leaving them empty differs.

use crate::candidates::Reach;
use crate::model::Demand;

/// Pieces of the curve: steps below the target, other full steps, the last step.
pub const PIECES: usize = 3;

/// Steps that are worth the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Piece {
    /// Steps still open.
    pub steps: i64,
    /// Ticks for leaving one empty.
    pub penalty: i64,
    /// Base units that each leaves missing.
    pub units: i64,
}

/// The steps of one demand that are worth serving, after what pins already deliver; the dearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Its pieces, in the order in which they are filled.
    pub pieces: [Piece; PIECES],
}

impl Need {
    /// The open steps of a demand of which `served` base units are delivered already.
    pub fn of(demand: &Demand, reach: Reach, served: i64) -> Self {
        let (step, most) = (reach.step, demand.largest_penalty());
        let whole = demand.quantity.min(reach.need) / step;
        let below = (demand.target / step).min(whole);
        let last = reach.last_step(demand.quantity);
        // A share counts in whole steps, also where the last one is only partly needed.
        let in_share = if demand.target > whole * step { demand.target_penalty * step } else { 0 };
        let last_penalty = demand.premium_penalty * last + in_share;
        let mut pieces = [
            Piece { steps: below, penalty: most * step, units: step },
            Piece { steps: whole - below, penalty: demand.premium_penalty * step, units: step },
            Piece { steps: i64::from(reach.need > demand.quantity), penalty: last_penalty, units: last },
        ];
        let mut done = served / step;
        for piece in &mut pieces {
            let filled = done.min(piece.steps);
            piece.steps -= filled;
            done -= filled;
        }
        Self { pieces }
    }

    /// Open steps in all.
    pub fn steps(&self) -> i64 {
        self.pieces.iter().map(|piece| piece.steps).sum()
    }

    /// The price of a step that proves most, when the cheapest way to serve one more costs `cheapest`.
    pub fn price(&self, cheapest: Option<i64>) -> i64 {
        let dearest = self.pieces.iter().find(|piece| piece.steps > 0).map_or(0, |piece| piece.penalty);
        cheapest.map_or(dearest, |cheapest| cheapest.min(dearest))
    }
}

/// The least of shortage cost plus price × steps over all quantities in reach: `need_d(π)` of `solver/README.md`.
pub fn need_value(demand: &Demand, reach: Reach, price: i64, scale: i64) -> i128 {
    let below = demand.quantity / reach.step * reach.step;
    let value = |&served: &i64| {
        let short = i128::from(scale) * demand.shortage_cost(served);
        short + i128::from(price) * i128::from(served / reach.step)
    };
    let ends = [0, demand.target.min(reach.most), below.min(reach.most), reach.need, reach.most];
    ends.iter().map(value).min().unwrap_or(0)
}
