//! Content hashes: what a record *says*, without its id and without its position.
//!
//! A record's hash covers its own fields and, through two rounds of refinement, what the records around it say (a
//! commodity is known by the demands and offers for it, a buyer by its demands). Sorting by these hashes gives every
//! problem one canonical order. Records that are alike in everything are told apart by id, which only decides between
//! twins. SHA-256 is used, because the last tie-breaker is derived from these hashes and must not be steerable.

use crate::problem::{Bundle, Demand, Exclusion, Offer, Pin, Problem};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Half of a SHA-256, as a number.
pub type Hash = u128;

/// Content hashes of all records of a problem, by position in the document.
#[derive(Debug)]
pub struct Hashes {
    /// Of demands.
    pub demands: Vec<Hash>,
    /// Of offers.
    pub offers: Vec<Hash>,
    /// Of suppliers.
    pub suppliers: Vec<Hash>,
    /// Of buyers.
    pub buyers: Vec<Hash>,
    /// Of commodities.
    pub commodities: Vec<Hash>,
    /// Of places.
    pub places: Vec<Hash>,
}

/// Positions of ids in the document.
#[derive(Debug)]
pub struct Ids<'a> {
    /// Demands.
    pub demands: HashMap<&'a str, usize>,
    /// Offers.
    pub offers: HashMap<&'a str, usize>,
    /// Suppliers.
    pub suppliers: HashMap<&'a str, usize>,
    /// Buyers.
    pub buyers: HashMap<&'a str, usize>,
    /// Commodities.
    pub commodities: HashMap<&'a str, usize>,
    /// Places.
    pub places: HashMap<&'a str, usize>,
}

impl<'a> Ids<'a> {
    /// Numbers every record; the first of several with the same id counts.
    pub fn of(problem: &'a Problem) -> Self {
        fn number<'a>(ids: impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator) -> HashMap<&'a str, usize> {
            ids.enumerate().rev().map(|(index, id)| (id, index)).collect()
        }
        Self {
            demands: number(problem.demands.iter().map(|r| r.id.as_str())),
            offers: number(problem.offers.iter().map(|r| r.id.as_str())),
            suppliers: number(problem.suppliers.iter().map(|r| r.id.as_str())),
            buyers: number(problem.buyers.iter().map(|r| r.id.as_str())),
            commodities: number(problem.commodities.iter().map(|r| r.id.as_str())),
            places: number(problem.places.iter().map(|r| r.id.as_str())),
        }
    }
}

/// Collects fields into one hash.
struct Fields(Sha256);

impl Fields {
    fn new(kind: &str) -> Self {
        Self(Sha256::new()).text(kind)
    }
    fn text(mut self, text: &str) -> Self {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }
    fn number(mut self, number: i64) -> Self {
        self.0.update(number.to_le_bytes());
        self
    }
    fn option(self, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.number(1).number(number),
            None => self.number(0),
        }
    }
    fn hash(mut self, hash: Hash) -> Self {
        self.0.update(hash.to_le_bytes());
        self
    }
    /// Texts as a set.
    fn texts(self, texts: &[String]) -> Self {
        let mut sorted: Vec<&String> = texts.iter().collect();
        sorted.sort();
        sorted.into_iter().fold(self.number(i64::try_from(texts.len()).unwrap_or(i64::MAX)), |f, t| f.text(t))
    }
    fn end(self) -> Hash {
        let digest = self.0.finalize();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Hash::from_le_bytes(half)
    }
}

/// Hashes every record of the problem. References must resolve.
pub fn hashes(problem: &Problem, ids: &Ids<'_>) -> Hashes {
    let mut state = Hashes {
        places: problem
            .places
            .iter()
            .map(|p| Fields::new("place").number(p.x_m).number(p.y_m).number(p.z_m).end())
            .collect(),
        commodities: problem
            .commodities
            .iter()
            .map(|c| Fields::new("commodity").number(c.grams_per_thousand).end())
            .collect(),
        buyers: problem.buyers.iter().map(buyer_fields).collect(),
        suppliers: problem.suppliers.iter().map(supplier_fields).collect(),
        demands: problem.demands.iter().map(demand_fields).collect(),
        offers: problem.offers.iter().map(offer_fields).collect(),
    };
    for _ in 0..2 {
        state.pull(problem, ids);
        state.push(problem, ids);
        state.relate(problem, ids);
    }
    state.pull(problem, ids);
    state
}

/// The tie-breaker of a record: its content under the problem's seed.
pub fn tie(seed: &str, hash: Hash) -> u64 {
    let seeded = Fields::new("tie").text(seed).hash(hash).end();
    u64::try_from(seeded & Hash::from(u64::MAX)).unwrap_or_default()
}

impl Hashes {
    /// Lines take in what they refer to.
    fn pull(&mut self, problem: &Problem, ids: &Ids<'_>) {
        for (hash, d) in self.demands.iter_mut().zip(&problem.demands) {
            let (buyer, place) = (self.buyers[ids.buyers[d.buyer.as_str()]], self.places[ids.places[d.place.as_str()]]);
            let commodity = self.commodities[ids.commodities[d.commodity.as_str()]];
            *hash = Fields::new("d").hash(*hash).hash(buyer).hash(place).hash(commodity).end();
        }
        for (hash, o) in self.offers.iter_mut().zip(&problem.offers) {
            let supplier = self.suppliers[ids.suppliers[o.supplier.as_str()]];
            let place = self.places[ids.places[o.place.as_str()]];
            let commodity = self.commodities[ids.commodities[o.commodity.as_str()]];
            *hash = Fields::new("o").hash(*hash).hash(supplier).hash(place).hash(commodity).end();
        }
    }

    /// Organisations and commodities take in the lines that refer to them, as a multiset.
    fn push(&mut self, problem: &Problem, ids: &Ids<'_>) {
        for (hash, d) in self.demands.iter().zip(&problem.demands) {
            add(&mut self.buyers[ids.buyers[d.buyer.as_str()]], *hash);
            add(&mut self.commodities[ids.commodities[d.commodity.as_str()]], *hash);
        }
        for (hash, o) in self.offers.iter().zip(&problem.offers) {
            add(&mut self.suppliers[ids.suppliers[o.supplier.as_str()]], *hash);
            add(&mut self.commodities[ids.commodities[o.commodity.as_str()]], *hash);
        }
    }

    /// Records that link others mark what they link.
    fn relate(&mut self, problem: &Problem, ids: &Ids<'_>) {
        for s in &problem.substitutes {
            let (wanted, delivered) = (ids.commodities[s.wanted.as_str()], ids.commodities[s.delivered.as_str()]);
            let rule = Fields::new("substitute").number(s.delivered_units).number(s.wanted_units).number(s.penalty);
            let rule = rule.hash(self.commodities[wanted]).hash(self.commodities[delivered]).end();
            add(&mut self.commodities[wanted], rule);
            add(&mut self.commodities[delivered], rule ^ 1);
        }
        problem.pins.iter().for_each(|pin| self.relate_pin("pin", pin, ids));
        if let Some(incumbent) = &problem.incumbent {
            incumbent.lines.iter().for_each(|line| self.relate_pin("kept", line, ids));
        }
        problem.exclusions.iter().for_each(|exclusion| self.relate_exclusion(exclusion, ids));
        // An offer can be in several bundles: each is known by what its offers were before any of them.
        let before = self.offers.clone();
        problem.bundles.iter().for_each(|bundle| self.relate_bundle(bundle, ids, &before));
        for share in &problem.class_shares {
            let Some(&buyer) = share.buyer.as_deref().and_then(|id| ids.buyers.get(id)) else {
                continue;
            };
            let rule = Fields::new("share").texts(&share.classes).number(share.min_permille);
            add(&mut self.buyers[buyer], rule.text(&format!("{:?}", share.by)).end());
        }
    }

    fn relate_pin(&mut self, kind: &str, pin: &Pin, ids: &Ids<'_>) {
        let (demand, offer) = (ids.demands[pin.demand.as_str()], ids.offers[pin.offer.as_str()]);
        let pair = Fields::new(kind).number(pin.quantity).option(pin.day);
        let pair = pair.hash(self.demands[demand]).hash(self.offers[offer]).end();
        add(&mut self.demands[demand], pair);
        add(&mut self.offers[offer], pair);
    }

    fn relate_exclusion(&mut self, exclusion: &Exclusion, ids: &Ids<'_>) {
        fn find<'h>(id: Option<&String>, ids: &HashMap<&str, usize>, hashes: &'h mut [Hash]) -> Option<&'h mut Hash> {
            hashes.get_mut(*ids.get(id?.as_str())?)
        }
        let demand_side = match find(exclusion.buyer.as_ref(), &ids.buyers, &mut self.buyers) {
            Some(hash) => Some(hash),
            None => find(exclusion.demand.as_ref(), &ids.demands, &mut self.demands),
        };
        let offer_side = match find(exclusion.supplier.as_ref(), &ids.suppliers, &mut self.suppliers) {
            Some(hash) => Some(hash),
            None => find(exclusion.offer.as_ref(), &ids.offers, &mut self.offers),
        };
        if let (Some(one), Some(other)) = (demand_side, offer_side) {
            let pair = Fields::new("excluded").hash(*one).hash(*other).end();
            add(one, pair);
            add(other, pair);
        }
    }

    fn relate_bundle(&mut self, bundle: &Bundle, ids: &Ids<'_>, before: &[Hash]) {
        let (kind, offers, then, numbers) = match bundle {
            Bundle::AllOrNothing { offers, .. } => ("all", offers, None, (0, 0)),
            Bundle::Xor { offers, .. } => ("xor", offers, None, (0, 0)),
            Bundle::Discount { when, at_least, then, off, .. } => ("discount", when, Some(then), (*at_least, *off)),
        };
        let sum = |offers: &[String]| {
            offers.iter().fold(0, |sum: Hash, id| sum.wrapping_add(before[ids.offers[id.as_str()]]))
        };
        let rule = Fields::new(kind).number(numbers.0).number(numbers.1);
        let rule = rule.hash(sum(offers)).hash(sum(then.map_or(&[], Vec::as_slice))).end();
        offers.iter().for_each(|id| add(&mut self.offers[ids.offers[id.as_str()]], rule));
        then.into_iter().flatten().for_each(|id| add(&mut self.offers[ids.offers[id.as_str()]], rule ^ 1));
    }
}

/// Adds a member to a multiset hash; the order of additions does not matter.
fn add(hash: &mut Hash, member: Hash) {
    *hash = hash.wrapping_add(member);
}

fn buyer_fields(b: &crate::problem::Buyer) -> Hash {
    let rules = Fields::new("buyer").option(b.budget).option(b.min_suppliers).option(b.max_suppliers);
    rules.option(b.max_supplier_share_permille).end()
}

fn supplier_fields(s: &crate::problem::Supplier) -> Hash {
    let terms = Fields::new("supplier").text(&s.class).number(i64::from(s.active)).number(s.min_order_value);
    let terms = terms.number(s.drop_fee).number(s.trip_fee).option(s.capacity_g_per_day);
    // Only where there is one: problems without it keep the order that their plans were made in.
    match s.capacity_g {
        Some(grams) => terms.number(grams).end(),
        None => terms.end(),
    }
}

fn demand_fields(d: &Demand) -> Hash {
    let need = Fields::new("demand").number(d.quantity).option(d.accept_up_to).number(d.day_from).number(d.day_to);
    let need = need.texts(&d.requirements).number(d.priority).number(d.shortage_penalty);
    need.option(d.price_ceiling).end()
}

fn offer_fields(o: &Offer) -> Hash {
    let mut terms = Fields::new("offer").number(o.stock).option(o.stock_per_day).number(o.price).number(o.pack);
    terms = terms.number(o.min_line).number(o.min_total).option(o.radius_m).number(o.day_from).number(o.day_to);
    terms = terms.texts(&o.certificates).number(o.freight_per_km).number(o.freight_base);
    terms = terms.text(&format!("{:?}", o.tier_kind));
    o.tiers.iter().fold(terms, |terms, tier| terms.number(tier.from_quantity).number(tier.price)).end()
}
