//! The problem as the referee reads it: ids resolved, every pair of demand and offer judged on its own.
//!
//! Nothing here comes from the engines' model. A [`Book`] opens only when every reference resolves and every number is
//! in range, so that the sums of the other files cannot overflow.

use std::collections::HashMap;

use super::arith::{ceil_to, floor_to, gcd, road_distance_m, round_div, unit_freight};
use super::links::{Exclusions, Links};
use super::report::{Code, Violation};
use crate::plan::Reason;
use crate::problem::{Demand, Offer, PROBLEM_FORMAT, Problem, Substitute};

/// Largest quantity or mass that is judged (10^13: ten million tonnes in grams).
pub const MAX_AMOUNT: i64 = 10_000_000_000_000;
/// Largest unit price in ticks (10^15: a hundred million rupiah for one piece).
pub const MAX_PRICE: i64 = 1_000_000_000_000_000;
/// Last day that is judged.
pub const MAX_DAY: i64 = 9_999;

/// Places of the records that a demand refers to.
#[derive(Debug, Clone, Copy)]
pub struct DemandLinks {
    pub buyer: usize,
    pub place: usize,
    pub commodity: usize,
}

/// Places of the records that an offer refers to.
#[derive(Debug, Clone, Copy)]
pub struct OfferLinks {
    pub supplier: usize,
    pub place: usize,
    pub commodity: usize,
}

/// How much of what was wanted one delivered unit counts for: `wanted / delivered`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    pub wanted: i64,
    pub delivered: i64,
    /// Extra ticks per delivered unit.
    pub penalty: i64,
}

/// An allowed pair of demand and offer, in packs of the offer.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    pub offer: usize,
    /// Base units of the offer in one pack.
    pub pack: i64,
    /// Wanted base units that one pack counts for.
    pub weight: i64,
    /// Fewest packs of a line.
    pub least: i64,
    /// Packs in stock, in all and on one day.
    pub stock: i64,
    pub day_stock: i64,
    pub unit_freight: i128,
    /// Ticks for one pack: goods at the list price, freight, substitution penalty.
    pub cost: i128,
    /// First and last day on which a delivery suits both.
    pub days: (i64, i64),
}

/// How far a demand can be filled: its step and the most that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Greatest common divisor of what the packs of all arcs count for; 0 without arcs.
    pub step: i64,
    /// Most wanted base units that may be delivered, a multiple of `step`.
    pub most: i64,
}

/// A pinned quantity: day, where it is fixed too, and base units.
pub type FixedQuantity = (Option<i64>, i64);

/// An incumbent line with a day: place in the incumbent, offer, day, base units.
pub type IncumbentLine = (usize, usize, i64, i64);

/// A problem with its references resolved.
pub struct Book<'a> {
    pub problem: &'a Problem,
    pub demand_at: HashMap<&'a str, usize>,
    pub offer_at: HashMap<&'a str, usize>,
    pub supplier_at: HashMap<&'a str, usize>,
    pub buyer_at: HashMap<&'a str, usize>,
    pub demands: Vec<DemandLinks>,
    pub offers: Vec<OfferLinks>,
    /// Offers of each commodity, in the problem's order.
    pub offers_of: Vec<Vec<usize>>,
    /// For each commodity, what may be delivered for it: itself, then its substitutes.
    pub served_by: Vec<Vec<(usize, Ratio)>>,
    roads: HashMap<(usize, usize), i64>,
    exclusions: Exclusions,
    pins: HashMap<(usize, usize), Vec<FixedQuantity>>,
    /// For each place, the buyer whose demands are all that is delivered there.
    owners: HashMap<usize, Option<usize>>,
    incumbent: HashMap<usize, Vec<IncumbentLine>>,
    last_priority: i64,
    /// For each commodity, ticks per base unit between two priority classes.
    class_weights: Vec<i128>,
    /// Base units of each demand below which shortage counts more; all 0 without fair shares.
    pub targets: Vec<i64>,
}

impl<'a> Book<'a> {
    /// Resolves every reference and checks every range.
    ///
    /// # Errors
    /// One violation for each record that cannot be judged.
    pub fn open(problem: &'a Problem) -> Result<Self, Vec<Violation>> {
        let mut faults = super::ranges::faults(problem);
        if problem.format != PROBLEM_FORMAT {
            faults.push(Violation::new(Code::Format, "/format".into(), &[], "The problem has another format.".into()));
        }
        let mut links = Links { faults };
        let place_at = links.index("places", problem.places.iter().map(|p| p.id.as_str()));
        let commodity_at = links.index("commodities", problem.commodities.iter().map(|c| c.id.as_str()));
        let buyer_at = links.index("buyers", problem.buyers.iter().map(|b| b.id.as_str()));
        let supplier_at = links.index("suppliers", problem.suppliers.iter().map(|s| s.id.as_str()));
        let demand_at = links.index("demands", problem.demands.iter().map(|d| d.id.as_str()));
        let offer_at = links.index("offers", problem.offers.iter().map(|o| o.id.as_str()));
        let demands = links.demands(problem, &buyer_at, &place_at, &commodity_at);
        let offers = links.offers(problem, &supplier_at, &place_at, &commodity_at);
        let served_by = links.served_by(problem, &commodity_at);
        let roads = links.roads(problem, &place_at);
        let exclusions = links.exclusions(problem, [&buyer_at, &demand_at, &supplier_at, &offer_at]);
        links.terms(problem, [&buyer_at, &demand_at, &supplier_at, &offer_at]);
        if !links.faults.is_empty() {
            return Err(links.faults);
        }
        let mut offers_of = vec![Vec::new(); problem.commodities.len()];
        for (at, offer) in offers.iter().enumerate() {
            offers_of[offer.commodity].push(at);
        }
        let mut pins: HashMap<_, Vec<_>> = HashMap::new();
        for pin in &problem.pins {
            let pair = (demand_at[pin.demand.as_str()], offer_at[pin.offer.as_str()]);
            pins.entry(pair).or_default().push((pin.day, pin.quantity));
        }
        let last_priority = problem.demands.iter().map(|demand| demand.priority).max().unwrap_or(0);
        let mut class_weights = vec![0; problem.commodities.len()];
        for (demand, wish) in demands.iter().zip(&problem.demands) {
            let weight: &mut i128 = &mut class_weights[demand.commodity];
            *weight = (64 * (1 + i128::from(wish.shortage_penalty))).max(*weight);
        }
        let mut owners: HashMap<usize, Option<usize>> = HashMap::new();
        for demand in &demands {
            let owner = owners.entry(demand.place).or_insert(Some(demand.buyer));
            *owner = owner.filter(|&buyer| buyer == demand.buyer);
        }
        let mut incumbent: HashMap<_, Vec<_>> = HashMap::new();
        for (at, line) in problem.incumbent.iter().flat_map(|earlier| &earlier.lines).enumerate() {
            let (demand, offer) = (demand_at[line.demand.as_str()], offer_at[line.offer.as_str()]);
            if let Some(day) = line.day {
                incumbent.entry(demand).or_default().push((at, offer, day, line.quantity));
            }
        }
        Ok(Self {
            problem,
            demand_at,
            offer_at,
            supplier_at,
            buyer_at,
            demands,
            offers,
            offers_of,
            served_by,
            roads,
            exclusions,
            pins,
            owners,
            incumbent,
            last_priority,
            class_weights,
            targets: vec![0; problem.demands.len()],
        })
    }

    /// Metres by road between a demand and an offer.
    pub fn distance_m(&self, demand: usize, offer: usize) -> i64 {
        let (from, to) = (self.offers[offer].place, self.demands[demand].place);
        if !self.roads.is_empty()
            && let Some(&stated) = self.roads.get(&(from, to))
        {
            return stated;
        }
        let places = &self.problem.places;
        road_distance_m(&places[from], &places[to], self.problem.circuity_permille)
    }

    /// How an offer's commodity counts for a demand; `None` when it does not.
    pub fn ratio(&self, demand: usize, offer: usize) -> Option<Ratio> {
        let delivered = self.offers[offer].commodity;
        let served_by = &self.served_by[self.demands[demand].commodity];
        served_by.iter().find(|(commodity, _)| *commodity == delivered).map(|(_, ratio)| *ratio)
    }

    /// Wanted base units that one pack of an offer counts for.
    pub fn weight(&self, offer: usize, ratio: Ratio) -> i64 {
        let pack = self.problem.offers[offer].pack;
        if ratio.wanted == ratio.delivered {
            return pack;
        }
        let units = round_div(i128::from(pack) * i128::from(ratio.wanted), ratio.delivered.into());
        i64::try_from(units).unwrap_or(i64::MAX)
    }

    /// Judges a pair.
    ///
    /// # Errors
    /// The first condition that fails, in the published order.
    pub fn arc(&self, demand: usize, offer: usize, ratio: Ratio) -> Result<Arc, Reason> {
        let (wish, terms) = (&self.problem.demands[demand], &self.problem.offers[offer]);
        let weight = self.weight(offer, ratio);
        self.judge_parties(demand, offer, weight)?;
        judge_dates(wish, terms)?;
        if !wish.requirements.iter().all(|need| terms.certificates.contains(need)) {
            return Err(Reason::CertificateMissing);
        }
        let distance_m = self.distance_m(demand, offer);
        if terms.radius_m.is_some_and(|radius| distance_m > radius) {
            return Err(Reason::OutOfDeliveryArea);
        }
        let (pack, wide) = (i128::from(terms.pack), i128::from(weight));
        if wish.price_ceiling.is_some_and(|ceiling| i128::from(terms.price) * pack > i128::from(ceiling) * wide) {
            return Err(Reason::PriceAboveCeiling);
        }
        let (least, stock, day_stock) = (least_packs(terms), terms.stock / terms.pack, day_packs(terms));
        if weight > accepted(wish) || day_stock < 1 {
            return Err(Reason::PackNotFilled);
        }
        if i128::from(least) * wide > i128::from(accepted(wish)) || least > day_stock {
            return Err(Reason::BelowSupplierMinimum);
        }
        let unit_freight = unit_freight(terms.freight_base, terms.freight_per_km, distance_m);
        let cost = pack * (i128::from(terms.price) + unit_freight + i128::from(ratio.penalty));
        if cost > i128::from(wish.shortage_penalty) * wide && self.pinned(demand, offer).is_none() {
            return Err(Reason::CostAbovePenalty);
        }
        let days = (wish.day_from.max(terms.day_from), wish.day_to.min(terms.day_to));
        let pack = terms.pack;
        Ok(Arc { offer, pack, weight, least, stock, day_stock, unit_freight, cost, days })
    }

    fn judge_parties(&self, demand: usize, offer: usize, weight: i64) -> Result<(), Reason> {
        if weight < 1 {
            return Err(Reason::NoOfferForItem);
        }
        if !self.problem.suppliers[self.offers[offer].supplier].active {
            return Err(Reason::SupplierSuspended);
        }
        if self.is_excluded(demand, offer) { Err(Reason::Excluded) } else { Ok(()) }
    }

    /// Offers whose commodity counts for a demand.
    pub fn rivals(&self, demand: usize) -> impl Iterator<Item = (usize, Ratio)> + '_ {
        let served_by = &self.served_by[self.demands[demand].commodity];
        served_by
            .iter()
            .flat_map(|&(commodity, ratio)| self.offers_of[commodity].iter().map(move |&offer| (offer, ratio)))
    }

    /// All arcs of a demand, in a buffer that the caller keeps.
    pub fn arcs(&self, demand: usize, arcs: &mut Vec<Arc>) {
        arcs.clear();
        arcs.extend(self.rivals(demand).filter_map(|(offer, ratio)| self.arc(demand, offer, ratio).ok()));
    }

    /// How far the arcs of a demand can fill it.
    pub fn reach(&self, demand: usize, arcs: &[Arc]) -> Reach {
        let wish = &self.problem.demands[demand];
        let step = arcs.iter().fold(0, |step, arc| gcd(step, arc.weight));
        let largest = arcs.iter().map(|arc| i128::from(arc.least) * i128::from(arc.weight)).max().unwrap_or(1);
        let pinned = arcs.iter().map(|arc| i128::from(self.pinned_packs(demand, arc)) * i128::from(arc.weight)).sum();
        let useful = (i128::from(wish.quantity) + largest - 1).max(pinned).min(accepted(wish).into());
        Reach { step, most: floor_to(i64::try_from(useful).unwrap_or(i64::MAX), step) }
    }

    /// The only buyer with demands at a place.
    pub fn place_owner(&self, place: usize) -> Option<usize> {
        self.owners.get(&place).copied().flatten()
    }

    /// Incumbent lines of a demand: place in the incumbent, offer, day, base units.
    pub fn incumbent_of(&self, demand: usize) -> &[IncumbentLine] {
        if self.incumbent.is_empty() { &[] } else { self.incumbent.get(&demand).map_or(&[], Vec::as_slice) }
    }

    /// What the priority class of a demand adds to its shortage penalty, in ticks per base unit.
    pub fn premium(&self, demand: usize) -> i128 {
        let classes_below = self.last_priority - self.problem.demands[demand].priority;
        i128::from(classes_below).saturating_mul(self.class_weights[self.demands[demand].commodity])
    }

    /// What staying below the target adds to a demand's shortage, in ticks.
    pub fn target_cost(&self, demand: usize, served: i128) -> i128 {
        let weight = self.class_weights[self.demands[demand].commodity];
        let missing = (i128::from(self.targets[demand]) - served).max(0);
        missing.saturating_mul(weight.saturating_mul(i128::from(self.last_priority) + 1))
    }

    /// Pins of a pair: day, where fixed, and base units.
    pub fn pinned(&self, demand: usize, offer: usize) -> Option<&[FixedQuantity]> {
        if self.pins.is_empty() { None } else { self.pins.get(&(demand, offer)).map(Vec::as_slice) }
    }

    /// Packs that pins fix on an arc.
    pub fn pinned_packs(&self, demand: usize, arc: &Arc) -> i64 {
        let pins = self.pinned(demand, arc.offer).unwrap_or_default();
        pins.iter().map(|(_, quantity)| quantity / arc.pack).sum()
    }

    /// Freight of a pair in ticks per base unit, allowed or not.
    pub fn freight(&self, demand: usize, offer: usize) -> i128 {
        let terms = &self.problem.offers[offer];
        unit_freight(terms.freight_base, terms.freight_per_km, self.distance_m(demand, offer))
    }

    /// The first exclusion that rules a pair out, by its place in the problem.
    pub fn exclusion_of(&self, demand: usize, offer: usize) -> Option<usize> {
        let (wish, terms) = (&self.problem.demands[demand], &self.problem.offers[offer]);
        self.problem.exclusions.iter().position(|rule| {
            let who = rule.demand.as_ref() == Some(&wish.id) || rule.buyer.as_ref() == Some(&wish.buyer);
            who && (rule.offer.as_ref() == Some(&terms.id) || rule.supplier.as_ref() == Some(&terms.supplier))
        })
    }

    /// Whether a person ruled this pair out.
    pub fn is_excluded(&self, demand: usize, offer: usize) -> bool {
        let (buyer, supplier) = (self.demands[demand].buyer, self.offers[offer].supplier);
        let ruled = &self.exclusions;
        ruled.buyer_supplier.contains(&(buyer, supplier))
            || ruled.buyer_offer.contains(&(buyer, offer))
            || ruled.demand_supplier.contains(&(demand, supplier))
            || ruled.demand_offer.contains(&(demand, offer))
    }
}

/// Most that a demand accepts.
pub fn accepted(demand: &Demand) -> i64 {
    demand.accept_up_to.unwrap_or(demand.quantity)
}

/// Fewest packs of a line.
fn least_packs(offer: &Offer) -> i64 {
    (ceil_to(offer.min_line, offer.pack) / offer.pack).max(1)
}

/// Most packs that an offer can give on one day.
pub fn day_packs(offer: &Offer) -> i64 {
    offer.stock_per_day.map_or(offer.stock, |per_day| per_day.min(offer.stock)) / offer.pack
}

fn judge_dates(wish: &Demand, terms: &Offer) -> Result<(), Reason> {
    if terms.day_to < wish.day_from {
        return Err(Reason::OfferExpired);
    }
    if terms.day_from > wish.day_to { Err(Reason::DeliversTooLate) } else { Ok(()) }
}

impl Ratio {
    /// One delivered unit counts as one wanted unit.
    pub const SAME: Self = Self { wanted: 1, delivered: 1, penalty: 0 };

    pub(super) fn of(substitute: &Substitute) -> Self {
        let Substitute { wanted_units, delivered_units, penalty, .. } = *substitute;
        Self { wanted: wanted_units, delivered: delivered_units, penalty }
    }
}
