//! The engines' view of a problem: dense indices in canonical order, packs instead of base units.
//!
//! Built from a *validated* problem only: every reference resolves and every number is within the bounds that
//! `validate` states, so plain `i64` arithmetic on one line and `i128` on sums cannot overflow. Indices are canonical:
//! they depend on what records say, never on ids or the order in which they were written.

mod build;
mod canonical;
mod distance;

pub use build::{PRIORITY_STEPS, largest_penalties};
pub use distance::{Origins, RADIUS_M, great_circle_m};

use crate::pipeline::Trade;
use crate::problem::{Problem, Tier, TierKind};
use distance::Distances;
use std::collections::HashMap;

/// A demand, with indices into the model.
#[derive(Debug, Clone)]
pub struct Demand {
    /// Position in the problem document.
    pub source: usize,
    /// Index of the buyer.
    pub buyer: usize,
    /// Index of the place.
    pub place: usize,
    /// Index of the commodity.
    pub commodity: usize,
    /// Must have, base units.
    pub quantity: i64,
    /// Accepted at most, base units.
    pub accept: i64,
    /// First day.
    pub day_from: i64,
    /// Last day.
    pub day_to: i64,
    /// Certificates, as sorted indices.
    pub requirements: Vec<usize>,
    /// Priority class.
    pub priority: i64,
    /// Ticks per base unit short.
    pub penalty: i64,
    /// Ticks per base unit short, with the premium of the priority class.
    pub premium_penalty: i64,
    /// Base units below which shortage counts more, because the fair share is not met; 0 without such a rule.
    pub target: i64,
    /// Ticks per base unit below the target, beyond the premium penalty.
    pub target_penalty: i64,
    /// Most ticks per base unit of goods.
    pub ceiling: Option<i64>,
    /// Content hash, seeded; breaks ties.
    pub tie: u64,
}

/// An offer, with indices into the model and quantities in packs.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Position in the problem document.
    pub source: usize,
    /// Index of the supplier.
    pub supplier: usize,
    /// Index of the place.
    pub place: usize,
    /// Index of the commodity.
    pub commodity: usize,
    /// Base units in a pack.
    pub pack: i64,
    /// Whole packs in stock.
    pub packs: i64,
    /// Whole packs on one day; equal to `packs` where there is no limit by day.
    pub packs_per_day: i64,
    /// Whether `stock_per_day` was stated.
    pub has_day_limit: bool,
    /// Fewest packs of a line.
    pub min_packs: i64,
    /// Fewest packs in all, 0 without such a rule.
    pub min_total_packs: i64,
    /// List price, ticks per base unit.
    pub price: i64,
    /// Cheaper prices from a total on.
    pub tiers: Vec<Tier>,
    /// What a tier applies to.
    pub tier_kind: TierKind,
    /// Farthest delivery, metres.
    pub radius_m: Option<i64>,
    /// First day.
    pub day_from: i64,
    /// Last day.
    pub day_to: i64,
    /// Certificates, as sorted indices.
    pub certificates: Vec<usize>,
    /// Ticks per base unit and kilometre.
    pub freight_per_km: i64,
    /// Ticks per base unit.
    pub freight_base: i64,
    /// Grams in a pack.
    pub grams: i64,
    /// Content hash, seeded; breaks ties.
    pub tie: u64,
}

/// A supplier's terms.
#[derive(Debug, Clone)]
pub struct Supplier {
    /// Position in the problem document.
    pub source: usize,
    /// False: none of its offers can win.
    pub active: bool,
    /// Class for share rules.
    pub class: String,
    /// Least value of goods per buyer, ticks.
    pub min_order_value: i64,
    /// Ticks per drop.
    pub drop_fee: i64,
    /// Ticks per day with any delivery.
    pub trip_fee: i64,
    /// Grams a day.
    pub capacity: Option<i64>,
    /// Grams over all days.
    pub capacity_in_all: Option<i64>,
}

impl Supplier {
    /// Whether grams of all its offers together are limited.
    pub fn has_capacity(&self) -> bool {
        self.capacity.is_some() || self.capacity_in_all.is_some()
    }
}

/// A buyer's rules.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// Position in the problem document.
    pub source: usize,
    /// Ticks.
    pub budget: Option<i64>,
    /// Fewest suppliers.
    pub min_suppliers: Option<i64>,
    /// Most suppliers.
    pub max_suppliers: Option<i64>,
    /// Most permille of the value from one supplier.
    pub max_share: Option<i64>,
}

/// One commodity standing in for another.
#[derive(Debug, Clone, Copy)]
pub struct Substitution {
    /// Base units of the delivered commodity …
    pub delivered_units: i64,
    /// … counting as so many of the wanted one.
    pub wanted_units: i64,
    /// Ticks per delivered base unit.
    pub penalty: i64,
}

/// What people fixed for one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pinned {
    /// So many packs over all days.
    Total(i64),
    /// Packs by day, ordered by day.
    Days(Vec<(i64, i64)>),
}

/// A whole problem in canonical order.
#[derive(Debug)]
pub struct Model<'a> {
    /// The document.
    pub problem: &'a Problem,
    /// Demands.
    pub demands: Vec<Demand>,
    /// Offers.
    pub offers: Vec<Offer>,
    /// Suppliers.
    pub suppliers: Vec<Supplier>,
    /// Buyers.
    pub buyers: Vec<Buyer>,
    /// Offers of each commodity, ascending.
    pub offers_by_commodity: Vec<Vec<usize>>,
    /// For each wanted commodity, the delivered ones that may stand in, ascending.
    pub substitutes: Vec<Vec<(usize, Substitution)>>,
    /// Fixed pairs, by (demand, offer).
    pub pins: HashMap<(usize, usize), Pinned>,
    /// Excluded (buyer, supplier), (buyer, offer), (demand, supplier), (demand, offer).
    pub exclusions: Exclusions,
    /// Totals that a plan must ship, where shares alone would ship less.
    pub floors: Floors,
    distances: Distances,
}

/// What people ruled out, by kind of pair.
#[derive(Debug, Default)]
pub struct Exclusions {
    /// Buyer and supplier.
    pub buyer_supplier: std::collections::HashSet<(usize, usize)>,
    /// Buyer and offer.
    pub buyer_offer: std::collections::HashSet<(usize, usize)>,
    /// Demand and supplier.
    pub demand_supplier: std::collections::HashSet<(usize, usize)>,
    /// Demand and offer.
    pub demand_offer: std::collections::HashSet<(usize, usize)>,
}

/// Base units of each commodity that a plan must ship in all, and a plan that does.
#[derive(Debug, Default)]
pub struct Floors {
    /// Least total by commodity; `None` where nothing has to be forced.
    pub least: Vec<Option<i128>>,
    /// Trades that keep every total.
    pub kept_by: Vec<Trade>,
}

impl Floors {
    /// The least total of a commodity, if one has to be forced.
    pub fn of(&self, commodity: usize) -> Option<i128> {
        self.least.get(commodity).copied().flatten()
    }
}

impl Demand {
    /// What a shortage counts, in ticks, when so many base units are served.
    pub fn shortage_cost(&self, served: i64) -> i128 {
        let short = i128::from((self.quantity - served).max(0));
        short * i128::from(self.premium_penalty) + self.target_cost(served)
    }

    /// What staying below the target adds to it.
    pub fn target_cost(&self, served: i64) -> i128 {
        i128::from((self.target - served).max(0)) * i128::from(self.target_penalty)
    }

    /// The most that one base unit of shortage counts, in ticks.
    pub fn largest_penalty(&self) -> i64 {
        self.premium_penalty + if self.target > 0 { self.target_penalty } else { 0 }
    }
}

impl Exclusions {
    /// Whether nothing is excluded at all.
    pub fn is_empty(&self) -> bool {
        self.buyer_supplier.is_empty()
            && self.buyer_offer.is_empty()
            && self.demand_supplier.is_empty()
            && self.demand_offer.is_empty()
    }
}

impl Model<'_> {
    /// Road distance between the places of a demand and an offer, in metres.
    pub fn distance_m(&self, demand: usize, offer: usize) -> i64 {
        self.distances.road_m(self.demands[demand].place, self.offers[offer].place)
    }

    /// Where offers deliver from, for [`Model::distances_m`].
    pub fn origins(&self, offers: &[usize]) -> Origins {
        self.distances.origins(offers.iter().map(|&offer| self.offers[offer].place))
    }

    /// Road distances from all origins to the place of a demand, in metres.
    pub fn distances_m(&self, demand: usize, origins: &Origins, metres: &mut Vec<u32>) {
        self.distances.row_m(self.demands[demand].place, origins, metres);
    }

    /// Offers by the ids of the document.
    pub fn offers_by_id(&self) -> std::collections::HashMap<&str, usize> {
        self.offers.iter().enumerate().map(|(at, o)| (self.problem.offers[o.source].id.as_str(), at)).collect()
    }

    /// Whether a supplier's terms tie its offers together.
    pub fn supplier_couples(&self, supplier: usize) -> bool {
        let s = &self.suppliers[supplier];
        s.min_order_value > 0 || s.drop_fee > 0 || s.trip_fee > 0 || s.has_capacity()
    }

    /// Whether a buyer's rules tie its demands together.
    pub fn buyer_couples(&self, buyer: usize) -> bool {
        let b = &self.buyers[buyer];
        b.budget.is_some() || b.min_suppliers.is_some() || b.max_suppliers.is_some() || b.max_share.is_some()
    }
}

/// `numerator / denominator` rounded to the nearest whole number, ties to even: the only rounding in this crate.
///
/// `numerator` ≥ 0, `denominator` > 0.
pub fn round_half_even(numerator: i128, denominator: i128) -> i128 {
    let (quotient, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    match (2 * rest).cmp(&denominator) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
    }
}

/// `a × b / 1000`, rounded like [`round_half_even`]; both ≥ 0. Fast where the product fits 64 bits.
#[inline]
pub fn round_thousandth(a: i64, b: i64) -> i64 {
    match a.unsigned_abs().checked_mul(b.unsigned_abs()).and_then(|product| product.checked_add(500)) {
        Some(raised) => {
            let quotient = raised / 1000;
            // Exactly half way: back to the even neighbour.
            let is_tie = raised.is_multiple_of(1000);
            i64::try_from(quotient - u64::from(is_tie) * (quotient & 1)).unwrap_or(i64::MAX)
        }
        None => narrow(round_half_even(i128::from(a) * i128::from(b), 1000)),
    }
}

/// `i128` to `i64` for values that validation bounds far below the limit.
pub fn narrow(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        let cases = [(5, 2, 2), (7, 2, 4), (1, 3, 0), (2, 3, 1), (0, 7, 0), (9, 6, 2), (15, 6, 2), (21, 6, 4)];
        for (numerator, denominator, expected) in cases {
            assert_eq!(round_half_even(numerator, denominator), expected, "{numerator}/{denominator}");
        }
    }

    #[test]
    fn thousandths_are_rounded_alike_both_ways() {
        let numbers = (0..4_001).chain([1 << 40, (1 << 62) - 1, i64::MAX]);
        for (a, b) in numbers.flat_map(|a| [1, 3, 500, 1_450, 1 << 21, i64::MAX].map(|b| (a, b))) {
            let exact = narrow(round_half_even(i128::from(a) * i128::from(b), 1000));
            assert_eq!(round_thousandth(a, b), exact, "{a} × {b}");
        }
    }
}
