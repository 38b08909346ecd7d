//! A combinatorial tender: lots in regions, bidders who offer packages of neighbouring lots as a whole, and of all the
//! packages of one bidder at most one is to be taken. The shape of the large public ones (school meals by region).
//!
//! A lot is a demand for a commodity of its own. A package has an offer for each of its lots, with one pack that is the
//! whole lot, tied together all-or-nothing; the packages of a bidder are tied by an XOR bundle over one offer of each.

use super::{base_price, buyer, pick, place};
use crate::instances::Random;
use crate::problem::{Bundle, Commodity, Demand, Offer, PROBLEM_FORMAT, Problem, Supplier, TierKind};
use std::collections::BTreeSet;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackagesSize {
    /// Lots.
    pub lots: usize,
    /// Bidders.
    pub bidders: usize,
    /// Packages of all bidders together.
    pub packages: usize,
    /// Names the instance.
    pub seed: u64,
}

const WIDTH_M: i64 = 400_000;
const HEIGHT_M: i64 = 150_000;
/// Most lots that one bidder can serve.
const MOST_LOTS: i64 = 8;

/// A lot: where it is, and how much it needs.
#[derive(Debug, Clone, Copy)]
struct Lot {
    x: i64,
    y: i64,
    /// Base units.
    quantity: i64,
}

/// Makes a problem; the same size and seed always make the same one.
pub fn packages(size: PackagesSize) -> Problem {
    let mut random = Random::new(size.seed);
    let lots: Vec<Lot> = (0..size.lots).map(|_| lot(&mut random)).collect();
    let mut made = empty(size, &lots);
    let bidders = if lots.is_empty() { 0 } else { size.bidders };
    for bidder in 0..bidders {
        let count = size.packages / bidders + usize::from(bidder < size.packages % bidders);
        Bidder::new(&mut random, bidder, &lots).bid(&mut random, count, &mut made);
    }
    made
}

fn lot(random: &mut Random) -> Lot {
    let (x, y) = (random.between(0, WIDTH_M), random.between(0, HEIGHT_M));
    Lot { x, y, quantity: 1_000_000 * random.between(20, 80) }
}

fn empty(size: PackagesSize, lots: &[Lot]) -> Problem {
    let commodity = |lot| Commodity { id: format!("lot-{lot}"), grams_per_thousand: 1000 };
    Problem {
        format: PROBLEM_FORMAT.into(),
        name: format!("{} lots, {} bidders, {} packages", size.lots, size.bidders, size.packages),
        seed: size.seed.to_string(),
        circuity_permille: 1450,
        places: lots.iter().enumerate().map(|(at, lot)| place(format!("region-{at}"), lot.x, lot.y)).collect(),
        distances: Vec::new(),
        commodities: (0..lots.len()).map(commodity).collect(),
        buyers: vec![buyer(0)],
        suppliers: Vec::new(),
        demands: lots.iter().enumerate().map(|(at, lot)| demand(at, lot)).collect(),
        offers: Vec::new(),
        substitutes: Vec::new(),
        pins: Vec::new(),
        exclusions: Vec::new(),
        bundles: Vec::new(),
        class_shares: Vec::new(),
        fairness: None,
        incumbent: None,
    }
}

fn demand(at: usize, lot: &Lot) -> Demand {
    Demand {
        id: format!("demand-{at}"),
        buyer: "buyer-0".into(),
        place: format!("region-{at}"),
        commodity: format!("lot-{at}"),
        quantity: lot.quantity,
        accept_up_to: None,
        day_from: 0,
        day_to: 0,
        requirements: Vec::new(),
        priority: 0,
        shortage_penalty: 2 * base_price(0),
        price_ceiling: None,
    }
}

/// Somebody who bids for packages around a home.
struct Bidder<'a> {
    lots: &'a [Lot],
    at: usize,
    /// Position of its home in the places, and of the lots, the nearest first.
    order: Vec<usize>,
    /// Its price of each lot alone, ticks per base unit.
    prices: Vec<i64>,
    most: i64,
}

impl<'a> Bidder<'a> {
    fn new(random: &mut Random, at: usize, lots: &'a [Lot]) -> Self {
        let (x, y) = (random.between(0, WIDTH_M), random.between(0, HEIGHT_M));
        let metres = |lot: &Lot| ((lot.x - x).pow(2) + (lot.y - y).pow(2)).isqrt();
        let mut order: Vec<usize> = (0..lots.len()).collect();
        order.sort_by_key(|&lot| (metres(&lots[lot]), lot));
        let level = base_price(0) + random.between(-base_price(0) / 20, base_price(0) / 20);
        let price = |lot: &Lot| level + 60 * metres(lot) + random.between(-base_price(0) / 40, base_price(0) / 40);
        let prices = lots.iter().map(price).collect();
        Self { lots, at, order, prices, most: random.between(1, MOST_LOTS) }
    }

    /// Adds the supplier and its packages, no two of the same lots.
    fn bid(&self, random: &mut Random, count: usize, problem: &mut Problem) {
        let id = format!("bidder-{}", self.at);
        problem.suppliers.push(Supplier {
            id: id.clone(),
            class: (*pick(random, &["umkm", "besar"])).into(),
            active: true,
            min_order_value: 0,
            drop_fee: 0,
            trip_fee: 0,
            capacity_g_per_day: None,
            capacity_g: None,
        });
        let (mut seen, mut firsts) = (BTreeSet::new(), Vec::new());
        // A bidder who can serve few lots runs out of different packages.
        for _ in 0..count {
            let lots = self.choose(random);
            if !seen.insert(lots.clone()) {
                continue;
            }
            let ids = self.offer(random, &lots, firsts.len(), problem);
            firsts.extend(ids.first().cloned());
            if ids.len() > 1 {
                problem
                    .bundles
                    .push(Bundle::AllOrNothing { id: format!("{id}-package-{}", firsts.len()), offers: ids });
            }
        }
        if firsts.len() > 1 {
            problem.bundles.push(Bundle::Xor { id: format!("{id}-one"), offers: firsts });
        }
    }

    /// Lots near one another, near the bidder more often than not.
    fn choose(&self, random: &mut Random) -> Vec<usize> {
        let last = i64::try_from(self.lots.len()).unwrap_or(1) - 1;
        let near = random.between(0, last).min(random.between(0, last));
        let centre = self.lots[self.order[usize::try_from(near).unwrap_or(0)]];
        let mut others: Vec<usize> = (0..self.lots.len()).collect();
        others.sort_by_key(|&lot| ((self.lots[lot].x - centre.x).pow(2) + (self.lots[lot].y - centre.y).pow(2), lot));
        let count = usize::try_from(random.between(1, self.most)).unwrap_or(1);
        // Some neighbours are left out, so that packages overlap in many ways.
        let mut chosen: Vec<usize> = others.into_iter().filter(|_| random.between(0, 9) < 6).take(count).collect();
        chosen.sort_unstable();
        chosen
    }

    /// The offers of one package, each lot up to an eighth cheaper than alone, the more lots the more.
    fn offer(&self, random: &mut Random, lots: &[usize], package: usize, problem: &mut Problem) -> Vec<String> {
        let many = i64::try_from(lots.len()).unwrap_or(1) - 1;
        let off = 15 * many + random.between(0, 20);
        let offer = |&lot: &usize| Offer {
            id: format!("offer-{}-{package}-{lot}", self.at),
            supplier: format!("bidder-{}", self.at),
            place: format!("region-{}", self.order[0]),
            commodity: format!("lot-{lot}"),
            stock: self.lots[lot].quantity,
            stock_per_day: None,
            price: self.prices[lot] / 1000 * (1000 - off),
            tiers: Vec::new(),
            tier_kind: TierKind::AllUnit,
            pack: self.lots[lot].quantity,
            min_line: 0,
            min_total: 0,
            radius_m: None,
            day_from: 0,
            day_to: 0,
            certificates: Vec::new(),
            freight_per_km: 0,
            freight_base: 0,
        };
        let offers: Vec<Offer> = lots.iter().map(offer).collect();
        let ids = offers.iter().map(|offer| offer.id.clone()).collect();
        problem.offers.extend(offers);
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenders_are_valid_and_repeat() {
        let size = PackagesSize { lots: 12, bidders: 7, packages: 200, seed: 3 };
        let made = packages(size);
        assert!(crate::validate(&made).is_empty(), "{:?}", crate::validate(&made));
        assert_eq!(made, packages(size));
        assert_ne!(made, packages(PackagesSize { seed: 4, ..size }));
        assert!(
            made.bundles.iter().any(|bundle| matches!(bundle, Bundle::AllOrNothing { offers, .. } if offers.len() > 2))
        );
        assert!(made.bundles.iter().any(|bundle| matches!(bundle, Bundle::Xor { offers, .. } if offers.len() > 10)));
    }
}
