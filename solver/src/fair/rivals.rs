//! For every demand the best-filled one whose goods could reach it: what proves that nobody's share can be bettered
//! except at the expense of somebody served no better.
//!
//! Goods can pass from a demand to any other that may draw on one of the offers it is served from, and on from there.
//! Spreading every demand's standing along these ways, the best first, visits each pair once.

use super::pool::Pool;
use super::split::{Division, before};
use super::{NOBODY, SPARE};

/// The rival of every taker: index of a demand, [`NOBODY`] or [`SPARE`].
pub fn find(pool: &Pool, division: &Division) -> Vec<i64> {
    let mut spread = Spread::new(pool, division);
    for (offer, &supply) in pool.supply.iter().enumerate() {
        if spread.used[offer] < supply {
            spread.spread_offer(offer, SPARE);
        }
    }
    let mut order: Vec<usize> = (0..pool.takers.len()).filter(|&taker| division.units[taker] > 0).collect();
    let last = |taker: usize| (taker, division.units[taker]);
    order.sort_by(|&a, &b| before(pool, last(b), last(a)).then_with(|| a.cmp(&b)));
    for taker in order {
        let label = i64::try_from(pool.takers[taker].demand).unwrap_or(NOBODY);
        spread.spread_taker(taker, label);
    }
    spread.labels
}

struct Spread<'a> {
    pool: &'a Pool,
    division: &'a Division,
    /// Takers that may draw on each offer.
    drawers: Vec<Vec<usize>>,
    /// Units taken of each offer.
    used: Vec<i64>,
    labels: Vec<i64>,
    is_seen: Vec<bool>,
    is_offer_seen: Vec<bool>,
}

impl<'a> Spread<'a> {
    fn new(pool: &'a Pool, division: &'a Division) -> Self {
        let mut drawers = vec![Vec::new(); pool.offers.len()];
        let mut used = vec![0; pool.offers.len()];
        for (taker, arcs) in pool.arcs.iter().enumerate() {
            for (&offer, units) in arcs.iter().zip(&division.flow[taker]) {
                drawers[offer].push(taker);
                used[offer] += units;
            }
        }
        Self {
            pool,
            division,
            drawers,
            used,
            labels: vec![NOBODY; pool.takers.len()],
            is_seen: vec![false; pool.takers.len()],
            is_offer_seen: vec![false; pool.offers.len()],
        }
    }

    fn spread_taker(&mut self, taker: usize, label: i64) {
        self.run(vec![taker], label);
    }

    fn spread_offer(&mut self, offer: usize, label: i64) {
        if !std::mem::replace(&mut self.is_offer_seen[offer], true) {
            self.run(self.drawers[offer].clone(), label);
        }
    }

    fn run(&mut self, mut open: Vec<usize>, label: i64) {
        while let Some(taker) = open.pop() {
            if std::mem::replace(&mut self.is_seen[taker], true) {
                continue;
            }
            self.labels[taker] = label;
            for (&offer, &units) in self.pool.arcs[taker].iter().zip(&self.division.flow[taker]) {
                if units > 0 && !std::mem::replace(&mut self.is_offer_seen[offer], true) {
                    open.extend(&self.drawers[offer]);
                }
            }
        }
    }
}
