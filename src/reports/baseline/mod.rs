//! What buyers would pay without an optimiser: the two honest baselines.
//!
//! Buyers come one after the other, in a seeded random order, and each buys all it needs before the next one comes: from the
//! cheapest allowed offer including freight ([`Choice::CheapestLanded`]), or from the nearest allowed one
//! ([`Choice::Nearest`]). What is gone is gone. They buy in the very problem the solver got, under its rules: commodity, days,
//! certificates, radius, ceiling, active suppliers, exclusions, packs, minimum lines, stock in all and per day. Substitutes, pins, fees, tiers,
//! bundles and shares are left out: somebody who buys alone does not use them.
//!
//! Quantities are base units, money is ticks (see the solver's README). It shares no code with the engines.

pub(crate) mod roads;
mod shop;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use pasok_solver::problem::{Demand, Problem};

use crate::values::draw::Draw;
use shop::Shop;

/// How a buyer that is alone picks an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Lowest price plus freight; the nearer one where equal.
    CheapestLanded,
    /// Shortest way; the cheaper one where equal.
    Nearest,
}

/// What all buyers together ended up with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Paid for goods, in ticks.
    pub goods: i128,
    /// Paid for freight, in ticks.
    pub freight: i128,
    /// What the shortages count, in ticks, at the demands' own penalties.
    pub shortage_penalty: i128,
    /// Base units short, for each demand of the problem in its order.
    pub short: Vec<i64>,
    /// Purchases made: a demand, an offer and a day.
    pub lines: usize,
}

impl Outcome {
    /// Goods and freight: what is paid, whatever was left unfilled.
    pub fn paid(&self) -> i128 {
        self.goods + self.freight
    }

    /// Goods, freight and shortages: comparable with a plan that fills more or less.
    pub fn total(&self) -> i128 {
        self.paid() + self.shortage_penalty
    }
}

/// Why a baseline could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// A record names another one that is not there; the solver would refuse the problem too.
    #[error("{record} names {kind} `{id}`, which is not in the problem")]
    Dangling {
        /// The record, in words.
        record: String,
        /// What it names.
        kind: &'static str,
        /// The missing id.
        id: String,
    },
}

/// Lets every buyer of the problem buy alone; the order of buyers depends on `seed` and the buyers' ids only.
pub fn buy_alone(problem: &Problem, choice: Choice, seed: u64) -> Result<Outcome, BaselineError> {
    let mut shop = Shop::open(problem)?;
    let mut outcome =
        Outcome { goods: 0, freight: 0, shortage_penalty: 0, short: vec![0; problem.demands.len()], lines: 0 };
    for position in queue(problem, seed) {
        let demand = &problem.demands[position];
        let short = shop.serve(demand, choice, &mut outcome)?;
        outcome.short[position] = short;
        outcome.shortage_penalty += i128::from(short) * i128::from(demand.shortage_penalty);
    }
    Ok(outcome)
}

/// Positions of the demands in the order in which they are served: buyer by buyer, each buyer's by day and then id.
fn queue(problem: &Problem, seed: u64) -> Vec<usize> {
    let mut by_buyer: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, demand) in problem.demands.iter().enumerate() {
        by_buyer.entry(&demand.buyer).or_default().push(position);
    }
    let when = |position: &usize| -> (i64, &str) {
        let demand: &Demand = &problem.demands[*position];
        (demand.day_from, &demand.id)
    };
    let mut buyers: Vec<Vec<usize>> = by_buyer.into_values().collect();
    for demands in &mut buyers {
        demands.sort_by(|left, right| when(left).cmp(&when(right)));
    }
    Draw::new(seed, "buyers").shuffle(&mut buyers);
    buyers.concat()
}
