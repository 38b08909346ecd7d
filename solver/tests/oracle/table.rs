//! A market as the README's arcs and numbers: who may trade with whom, in which packs, at which cost.

use pasok_solver::problem::{Demand, Offer, Place, Problem, Substitute, Supplier};

const RADIUS_M: i128 = 6_371_009;

/// A pair of demand and offer that may trade.
#[derive(Debug)]
pub struct Arc {
    pub demand: usize,
    pub offer: usize,
    /// Wanted base units that a pack counts for.
    pub units: i128,
    /// Cost of a pack: price, freight and substitute penalty.
    pub cost: i128,
    /// Freight of a pack.
    pub freight: i128,
    pub days: Vec<i64>,
    pub pin: Pinned,
}

/// What pins fix about a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pinned {
    Free,
    /// Packs over all days.
    Total(i128),
    /// Packs on each of `days`.
    Daily(Vec<i128>),
}

impl Pinned {
    /// Packs that are fixed in all.
    pub fn packs(&self) -> i128 {
        match self {
            Self::Free => 0,
            Self::Total(packs) => *packs,
            Self::Daily(packs) => packs.iter().sum(),
        }
    }
}

/// Whole division by a positive number, rounded to the nearest, ties to even.
pub fn rounded(number: i128, by: i128) -> i128 {
    let (floor, rest) = (number.div_euclid(by), number.rem_euclid(by));
    let up = 2 * rest > by || (2 * rest == by && floor % 2 != 0);
    floor + i128::from(up)
}

fn distance_m(problem: &Problem, from: &str, to: &str) -> i128 {
    let stated = |known: &&pasok_solver::problem::Distance| {
        (known.from == from && known.to == to) || (known.from == to && known.to == from)
    };
    if let Some(known) = problem.distances.iter().find(stated) {
        return known.distance_m.into();
    }
    let place = |id: &str| problem.places.iter().find(|place| place.id == id).unwrap();
    let square = |a: i64, b: i64| i128::from(a - b) * i128::from(a - b);
    let (a, b): (&Place, &Place) = (place(from), place(to));
    let chord = (square(a.x_m, b.x_m) + square(a.y_m, b.y_m) + square(a.z_m, b.z_m)).isqrt();
    let circle = chord + rounded(chord * chord * chord, 24 * RADIUS_M * RADIUS_M);
    rounded(circle * i128::from(problem.circuity_permille), 1000)
}

pub fn supplier_of<'a>(problem: &'a Problem, offer: &Offer) -> &'a Supplier {
    problem.suppliers.iter().find(|supplier| supplier.id == offer.supplier).unwrap()
}

/// Most packs of an offer, and on one day.
pub fn stock_packs(offer: &Offer) -> (i128, i128) {
    let all = i128::from(offer.stock / offer.pack);
    (all, offer.stock_per_day.map_or(all, |stock| all.min(i128::from(stock / offer.pack))))
}

/// Fewest packs of a line.
pub fn least_packs(offer: &Offer) -> i128 {
    i128::from((offer.min_line + offer.pack - 1) / offer.pack).max(1)
}

/// Every arc of the market.
pub fn arcs(problem: &Problem) -> Vec<Arc> {
    let mut arcs = Vec::new();
    for (d, demand) in problem.demands.iter().enumerate() {
        for (o, offer) in problem.offers.iter().enumerate() {
            arcs.extend(arc(problem, (d, demand), (o, offer)));
        }
    }
    arcs
}

fn arc(problem: &Problem, (d, demand): (usize, &Demand), (o, offer): (usize, &Offer)) -> Option<Arc> {
    let pack = i128::from(offer.pack);
    let leads = |rule: &&Substitute| rule.wanted == demand.commodity && rule.delivered == offer.commodity;
    let rule = problem.substitutes.iter().find(leads);
    let (units, penalty) = match rule {
        _ if demand.commodity == offer.commodity => (pack, 0),
        Some(rule) => (rounded(pack * i128::from(rule.wanted_units), rule.delivered_units.into()), rule.penalty),
        None => return None,
    };
    let distance = distance_m(problem, &demand.place, &offer.place);
    let unit_freight = i128::from(offer.freight_base) + rounded(i128::from(offer.freight_per_km) * distance, 1000);
    let cost = pack * (i128::from(offer.price) + unit_freight + i128::from(penalty));
    let accept = i128::from(demand.accept_up_to.unwrap_or(demand.quantity));
    let ((_, daily), least) = (stock_packs(offer), least_packs(offer));
    let pins: Vec<_> = problem.pins.iter().filter(|pin| pin.demand == demand.id && pin.offer == offer.id).collect();
    let is_allowed = units >= 1
        && supplier_of(problem, offer).active
        && !is_excluded(problem, demand, offer)
        && offer.day_to >= demand.day_from
        && offer.day_from <= demand.day_to
        && demand.requirements.iter().all(|need| offer.certificates.contains(need))
        && offer.radius_m.is_none_or(|radius| distance <= radius.into())
        && demand.price_ceiling.is_none_or(|ceiling| i128::from(offer.price) * pack <= i128::from(ceiling) * units)
        && least * units <= accept
        && least <= daily
        && (cost <= i128::from(demand.shortage_penalty) * units || !pins.is_empty());
    let mut days: Vec<i64> = (demand.day_from.max(offer.day_from)..=demand.day_to.min(offer.day_to)).collect();
    let packs = |pin: &&pasok_solver::problem::Pin| i128::from(pin.quantity / offer.pack);
    let pin = if pins.is_empty() {
        Pinned::Free
    } else if pins.iter().all(|pin| pin.day.is_some()) {
        days = pins.iter().filter_map(|pin| pin.day).collect();
        Pinned::Daily(pins.iter().map(packs).collect())
    } else {
        Pinned::Total(pins.iter().map(packs).sum())
    };
    is_allowed.then(|| Arc { demand: d, offer: o, units, cost, freight: pack * unit_freight, days, pin })
}

fn is_excluded(problem: &Problem, demand: &Demand, offer: &Offer) -> bool {
    problem.exclusions.iter().any(|rule| {
        let of_buyer = rule.buyer.as_ref() == Some(&demand.buyer) || rule.demand.as_ref() == Some(&demand.id);
        let of_supplier = rule.supplier.as_ref() == Some(&offer.supplier) || rule.offer.as_ref() == Some(&offer.id);
        of_buyer && of_supplier
    })
}

/// Greatest common divisor.
pub fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// `g_d`: what deliveries to a demand come in multiples of; 0 without arcs.
pub fn served_step(arcs: &[Arc], d: usize) -> i128 {
    arcs.iter().filter(|arc| arc.demand == d).fold(0, |step, arc| divisor(step, arc.units))
}

/// A'_d: the most that a demand takes, in wanted base units; 0 without arcs.
pub fn limit(demand: &Demand, own: &[&Arc], offers: &[Offer]) -> i128 {
    let step = own.iter().fold(0, |step, arc| divisor(step, arc.units));
    if step == 0 {
        return 0;
    }
    let quantity = i128::from(demand.quantity);
    let largest = own.iter().map(|arc| least_packs(&offers[arc.offer]) * arc.units).max().unwrap();
    let pinned: i128 = own.iter().map(|arc| arc.units * arc.pin.packs()).sum();
    let accept = i128::from(demand.accept_up_to.unwrap_or(demand.quantity));
    accept.min((quantity + largest - 1).max(pinned)) / step * step
}

/// `E_d`: what a missing base unit counts, premium of the class included.
pub fn shortage_cost(problem: &Problem, demand: &Demand) -> i128 {
    let lowest = problem.demands.iter().map(|other| other.priority).max().unwrap_or(0);
    let alike = problem.demands.iter().filter(|other| other.commodity == demand.commodity);
    let weight = 64 * (1 + i128::from(alike.map(|other| other.shortage_penalty).max().unwrap_or(0)));
    i128::from(demand.shortage_penalty) + i128::from(lowest - demand.priority) * weight
}
