//! From the validated document to the model: canonical order, indices for ids, packs for base units.

use super::canonical::{self, Hash, Hashes, Ids};
use super::distance::Distances;
use super::{Buyer, Demand, Exclusions, Floors, Model, Offer, Pinned, Substitution, Supplier, narrow, round_half_even};
use crate::problem::{self, Problem};
use std::collections::{BTreeMap, HashMap};

/// The weight of one priority class over the next: `PRIORITY_STEPS` × (1 + largest shortage penalty of the commodity).
pub const PRIORITY_STEPS: i64 = 64;

/// The largest shortage penalty of any demand for each commodity. Classes are weighed within a commodity: a penalty per
/// gram and one per gas cylinder have no common scale.
pub fn largest_penalties(demands: &[problem::Demand]) -> HashMap<&str, i64> {
    let mut largest: HashMap<&str, i64> = HashMap::new();
    for demand in demands {
        let found = largest.entry(demand.commodity.as_str()).or_default();
        *found = demand.shortage_penalty.max(*found);
    }
    largest
}

/// For each kind of record: positions in the document by canonical index, and back.
struct Order {
    sources: Vec<usize>,
    ranks: Vec<usize>,
}

impl Order {
    fn new<'a>(hashes: &[Hash], id: impl Fn(usize) -> &'a str) -> Self {
        let mut sources: Vec<usize> = (0..hashes.len()).collect();
        sources.sort_by(|&a, &b| hashes[a].cmp(&hashes[b]).then_with(|| id(a).cmp(id(b))));
        let mut ranks = vec![0; sources.len()];
        sources.iter().enumerate().for_each(|(rank, &source)| ranks[source] = rank);
        Self { sources, ranks }
    }
}

struct Orders {
    demands: Order,
    offers: Order,
    suppliers: Order,
    buyers: Order,
    commodities: Order,
    places: Order,
}

impl Orders {
    fn new(problem: &Problem, hashes: &Hashes) -> Self {
        Self {
            demands: Order::new(&hashes.demands, |i| &problem.demands[i].id),
            offers: Order::new(&hashes.offers, |i| &problem.offers[i].id),
            suppliers: Order::new(&hashes.suppliers, |i| &problem.suppliers[i].id),
            buyers: Order::new(&hashes.buyers, |i| &problem.buyers[i].id),
            commodities: Order::new(&hashes.commodities, |i| &problem.commodities[i].id),
            places: Order::new(&hashes.places, |i| &problem.places[i].id),
        }
    }
}

/// Everything needed to translate records.
struct Build<'a> {
    problem: &'a Problem,
    ids: Ids<'a>,
    hashes: Hashes,
    orders: Orders,
    certificates: HashMap<&'a str, usize>,
}

impl<'a> Model<'a> {
    /// Builds the model of a problem that `validate` found nothing wrong with.
    pub fn new(problem: &'a Problem) -> Self {
        let ids = Ids::of(problem);
        let hashes = canonical::hashes(problem, &ids);
        let orders = Orders::new(problem, &hashes);
        let certificates = number_certificates(problem);
        Build { problem, ids, hashes, orders, certificates }.model()
    }
}

fn number_certificates(problem: &Problem) -> HashMap<&str, usize> {
    let named = problem.demands.iter().flat_map(|d| &d.requirements);
    let carried = problem.offers.iter().flat_map(|o| &o.certificates);
    let mut names: Vec<&str> = named.chain(carried).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().enumerate().map(|(index, name)| (name, index)).collect()
}

impl<'a> Build<'a> {
    fn model(self) -> Model<'a> {
        let demands = self.demands();
        let offers: Vec<Offer> = self.orders.offers.sources.iter().map(|&source| self.offer(source)).collect();
        let mut offers_by_commodity = vec![Vec::new(); self.problem.commodities.len()];
        offers.iter().enumerate().for_each(|(index, offer)| offers_by_commodity[offer.commodity].push(index));
        let distances = self.distances(&demands, &offers);
        Model {
            problem: self.problem,
            suppliers: self.suppliers(),
            buyers: self.buyers(),
            offers_by_commodity,
            substitutes: self.substitutes(),
            pins: self.pins(&offers),
            exclusions: self.exclusions(),
            floors: Floors::default(),
            demands,
            offers,
            distances,
        }
    }

    fn demand_at(&self, id: &str) -> usize {
        self.orders.demands.ranks[self.ids.demands[id]]
    }
    fn offer_at(&self, id: &str) -> usize {
        self.orders.offers.ranks[self.ids.offers[id]]
    }
    fn supplier_at(&self, id: &str) -> usize {
        self.orders.suppliers.ranks[self.ids.suppliers[id]]
    }
    fn buyer_at(&self, id: &str) -> usize {
        self.orders.buyers.ranks[self.ids.buyers[id]]
    }
    fn commodity_at(&self, id: &str) -> usize {
        self.orders.commodities.ranks[self.ids.commodities[id]]
    }
    fn place_at(&self, id: &str) -> usize {
        self.orders.places.ranks[self.ids.places[id]]
    }
    fn certificates_at(&self, names: &[String]) -> Vec<usize> {
        let mut indices: Vec<usize> = names.iter().map(|name| self.certificates[name.as_str()]).collect();
        indices.sort_unstable();
        indices.dedup();
        indices
    }

    fn demands(&self) -> Vec<Demand> {
        let records = &self.problem.demands;
        let last_class = records.iter().map(|d| d.priority).max().unwrap_or(0);
        let largest = largest_penalties(records);
        let demand = |&source: &usize| {
            let d = &records[source];
            let premium = PRIORITY_STEPS * (1 + largest[d.commodity.as_str()]);
            Demand {
                source,
                buyer: self.buyer_at(&d.buyer),
                place: self.place_at(&d.place),
                commodity: self.commodity_at(&d.commodity),
                quantity: d.quantity,
                accept: d.accept_up_to.unwrap_or(d.quantity),
                day_from: d.day_from,
                day_to: d.day_to,
                requirements: self.certificates_at(&d.requirements),
                priority: d.priority,
                penalty: d.shortage_penalty,
                premium_penalty: d.shortage_penalty + (last_class - d.priority) * premium,
                target: 0,
                target_penalty: (last_class + 1) * premium,
                ceiling: d.price_ceiling,
                tie: canonical::tie(&self.problem.seed, self.hashes.demands[source]),
            }
        };
        self.orders.demands.sources.iter().map(demand).collect()
    }

    fn offer(&self, source: usize) -> Offer {
        let o = &self.problem.offers[source];
        let packs = o.stock / o.pack;
        let commodity = &self.problem.commodities[self.ids.commodities[o.commodity.as_str()]];
        let grams = round_half_even(i128::from(o.pack) * i128::from(commodity.grams_per_thousand), 1000);
        Offer {
            source,
            supplier: self.supplier_at(&o.supplier),
            place: self.place_at(&o.place),
            commodity: self.commodity_at(&o.commodity),
            pack: o.pack,
            packs,
            packs_per_day: o.stock_per_day.map_or(packs, |stock| packs.min(stock / o.pack)),
            has_day_limit: o.stock_per_day.is_some(),
            min_packs: ceil_div(o.min_line, o.pack).max(1),
            min_total_packs: ceil_div(o.min_total, o.pack),
            price: o.price,
            tiers: o.tiers.clone(),
            tier_kind: o.tier_kind,
            radius_m: o.radius_m,
            day_from: o.day_from,
            day_to: o.day_to,
            certificates: self.certificates_at(&o.certificates),
            freight_per_km: o.freight_per_km,
            freight_base: o.freight_base,
            grams: narrow(grams),
            tie: canonical::tie(&self.problem.seed, self.hashes.offers[source]),
        }
    }

    fn suppliers(&self) -> Vec<Supplier> {
        let supplier = |&source: &usize| {
            let s = &self.problem.suppliers[source];
            Supplier {
                source,
                active: s.active,
                class: s.class.clone(),
                min_order_value: s.min_order_value,
                drop_fee: s.drop_fee,
                trip_fee: s.trip_fee,
                capacity: s.capacity_g_per_day,
                capacity_in_all: s.capacity_g,
            }
        };
        self.orders.suppliers.sources.iter().map(supplier).collect()
    }

    fn buyers(&self) -> Vec<Buyer> {
        let buyer = |&source: &usize| {
            let b = &self.problem.buyers[source];
            Buyer {
                source,
                budget: b.budget,
                min_suppliers: b.min_suppliers,
                max_suppliers: b.max_suppliers,
                max_share: b.max_supplier_share_permille,
            }
        };
        self.orders.buyers.sources.iter().map(buyer).collect()
    }

    fn distances(&self, demands: &[Demand], offers: &[Offer]) -> Distances {
        let places = self.orders.places.sources.iter().map(|&source| self.problem.places[source].clone()).collect();
        let pair = |d: &crate::problem::Distance| ((self.place_at(&d.from), self.place_at(&d.to)), d.distance_m);
        let stated = self.problem.distances.iter().map(pair).collect();
        let (to, from) = (demands.iter().map(|d| d.place), offers.iter().map(|o| o.place));
        Distances::new(places, self.problem.circuity_permille, stated, to, from)
    }

    fn substitutes(&self) -> Vec<Vec<(usize, Substitution)>> {
        let mut rules = vec![Vec::new(); self.problem.commodities.len()];
        for s in &self.problem.substitutes {
            let rule =
                Substitution { delivered_units: s.delivered_units, wanted_units: s.wanted_units, penalty: s.penalty };
            rules[self.commodity_at(&s.wanted)].push((self.commodity_at(&s.delivered), rule));
        }
        rules.iter_mut().for_each(|rules| rules.sort_by_key(|(delivered, _)| *delivered));
        rules
    }

    fn pins(&self, offers: &[Offer]) -> HashMap<(usize, usize), Pinned> {
        let mut days: BTreeMap<(usize, usize), Vec<(i64, i64)>> = BTreeMap::new();
        let mut pins = HashMap::new();
        for pin in &self.problem.pins {
            let pair = (self.demand_at(&pin.demand), self.offer_at(&pin.offer));
            let packs = pin.quantity / offers[pair.1].pack;
            match pin.day {
                Some(day) => days.entry(pair).or_default().push((day, packs)),
                None => {
                    pins.insert(pair, Pinned::Total(packs));
                }
            }
        }
        for (pair, mut by_day) in days {
            by_day.sort_unstable();
            pins.insert(pair, Pinned::Days(by_day));
        }
        pins
    }

    fn exclusions(&self) -> Exclusions {
        let mut out = Exclusions::default();
        for e in &self.problem.exclusions {
            let buyer = e.buyer.as_deref().map(|id| self.buyer_at(id));
            let demand = e.demand.as_deref().map(|id| self.demand_at(id));
            let supplier = e.supplier.as_deref().map(|id| self.supplier_at(id));
            let offer = e.offer.as_deref().map(|id| self.offer_at(id));
            match (buyer, demand, supplier, offer) {
                (Some(buyer), _, Some(supplier), _) => out.buyer_supplier.insert((buyer, supplier)),
                (Some(buyer), _, _, Some(offer)) => out.buyer_offer.insert((buyer, offer)),
                (_, Some(demand), Some(supplier), _) => out.demand_supplier.insert((demand, supplier)),
                (_, Some(demand), _, Some(offer)) => out.demand_offer.insert((demand, offer)),
                _ => false,
            };
        }
        out
    }
}

/// Smallest whole number of `step`s that reaches `value` (both ≥ 0, `step` > 0).
fn ceil_div(value: i64, step: i64) -> i64 {
    value / step + i64::from(value % step > 0)
}
