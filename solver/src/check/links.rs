//! Resolves every reference of a problem, and gathers those that lead nowhere.

use std::collections::{HashMap, HashSet};

use super::book::{DemandLinks, OfferLinks, Ratio};
use super::report::{Code, Violation};
use crate::problem::{Demand, Offer, Problem};

/// Who may not serve whom, by positions.
#[derive(Debug, Default)]
pub struct Exclusions {
    pub buyer_supplier: HashSet<(usize, usize)>,
    pub buyer_offer: HashSet<(usize, usize)>,
    pub demand_supplier: HashSet<(usize, usize)>,
    pub demand_offer: HashSet<(usize, usize)>,
}

/// Positions by id.
pub type Index<'a> = HashMap<&'a str, usize>;

/// Resolves references and gathers what does not resolve.
pub struct Links {
    pub faults: Vec<Violation>,
}

impl Links {
    fn fault(&mut self, pointer: String, id: &str, text: &str) {
        self.faults.push(Violation::new(Code::ProblemInvalid, pointer, &[id], text.to_owned()));
    }

    pub fn index<'a>(&mut self, table: &str, ids: impl Iterator<Item = &'a str>) -> Index<'a> {
        let mut index = HashMap::new();
        for (at, id) in ids.enumerate() {
            if index.insert(id, at).is_some() {
                self.fault(format!("/{table}/{at}/id"), id, "This id stands twice.");
            }
        }
        index
    }

    fn find(&mut self, index: &Index, id: &str, pointer: impl FnOnce() -> String) -> usize {
        index.get(id).copied().unwrap_or_else(|| {
            self.fault(pointer(), id, "No record has this id.");
            0
        })
    }

    pub fn demands(
        &mut self,
        problem: &Problem,
        buyers: &Index,
        places: &Index,
        commodities: &Index,
    ) -> Vec<DemandLinks> {
        let resolve = |(at, demand): (usize, &Demand)| DemandLinks {
            buyer: self.find(buyers, &demand.buyer, || format!("/demands/{at}/buyer")),
            place: self.find(places, &demand.place, || format!("/demands/{at}/place")),
            commodity: self.find(commodities, &demand.commodity, || format!("/demands/{at}/commodity")),
        };
        problem.demands.iter().enumerate().map(resolve).collect()
    }

    pub fn offers(
        &mut self,
        problem: &Problem,
        suppliers: &Index,
        places: &Index,
        commodities: &Index,
    ) -> Vec<OfferLinks> {
        let resolve = |(at, offer): (usize, &Offer)| OfferLinks {
            supplier: self.find(suppliers, &offer.supplier, || format!("/offers/{at}/supplier")),
            place: self.find(places, &offer.place, || format!("/offers/{at}/place")),
            commodity: self.find(commodities, &offer.commodity, || format!("/offers/{at}/commodity")),
        };
        problem.offers.iter().enumerate().map(resolve).collect()
    }

    pub fn served_by(&mut self, problem: &Problem, commodities: &Index) -> Vec<Vec<(usize, Ratio)>> {
        let mut served_by: Vec<_> = (0..problem.commodities.len()).map(|own| vec![(own, Ratio::SAME)]).collect();
        for (at, substitute) in problem.substitutes.iter().enumerate() {
            let wanted = self.find(commodities, &substitute.wanted, || format!("/substitutes/{at}/wanted"));
            let delivered = self.find(commodities, &substitute.delivered, || format!("/substitutes/{at}/delivered"));
            let Some(list) = served_by.get_mut(wanted) else {
                continue;
            };
            if list.iter().any(|(known, _)| *known == delivered) {
                self.fault(format!("/substitutes/{at}"), &substitute.wanted, "This substitute stands twice.");
            } else {
                list.push((delivered, Ratio::of(substitute)));
            }
        }
        served_by
    }

    pub fn roads(&mut self, problem: &Problem, places: &Index) -> HashMap<(usize, usize), i64> {
        let mut roads = HashMap::new();
        for (at, road) in problem.distances.iter().enumerate() {
            let from = self.find(places, &road.from, || format!("/distances/{at}/from"));
            let to = self.find(places, &road.to, || format!("/distances/{at}/to"));
            let there = roads.insert((from, to), road.distance_m);
            let back = roads.insert((to, from), road.distance_m);
            if there.or(back).is_some_and(|other| from != to && other != road.distance_m) {
                self.fault(format!("/distances/{at}"), &road.from, "This pair has two different distances.");
            }
        }
        roads
    }

    pub fn exclusions(&mut self, problem: &Problem, [buyers, demands, suppliers, offers]: [&Index; 4]) -> Exclusions {
        let mut ruled = Exclusions::default();
        for (at, rule) in problem.exclusions.iter().enumerate() {
            let pointer = || format!("/exclusions/{at}");
            let mut find = |index: &Index, id: &Option<String>| id.as_deref().map(|id| self.find(index, id, pointer));
            let who = (find(buyers, &rule.buyer), find(demands, &rule.demand));
            let whom = (find(suppliers, &rule.supplier), find(offers, &rule.offer));
            match (who, whom) {
                ((Some(buyer), None), (Some(supplier), None)) => ruled.buyer_supplier.insert((buyer, supplier)),
                ((Some(buyer), None), (None, Some(offer))) => ruled.buyer_offer.insert((buyer, offer)),
                ((None, Some(demand)), (Some(supplier), None)) => ruled.demand_supplier.insert((demand, supplier)),
                ((None, Some(demand)), (None, Some(offer))) => ruled.demand_offer.insert((demand, offer)),
                _ => {
                    self.fault(pointer(), "", "An exclusion names one buyer or demand and one supplier or offer.");
                    false
                }
            };
        }
        ruled
    }

    /// References of pins, bundles, class shares and the incumbent, which other files look up by id again.
    pub fn terms(&mut self, problem: &Problem, [buyers, demands, _suppliers, offers]: [&Index; 4]) {
        let incumbent = problem.incumbent.iter().flat_map(|incumbent| &incumbent.lines);
        let pins = problem.pins.iter().map(|pin| ("pins", pin)).chain(incumbent.map(|pin| ("incumbent/lines", pin)));
        for (table, pin) in pins {
            self.find(demands, &pin.demand, || format!("/{table}"));
            self.find(offers, &pin.offer, || format!("/{table}"));
        }
        for (at, bundle) in problem.bundles.iter().enumerate() {
            for id in super::rules::bundle_offers(bundle) {
                self.find(offers, id, || format!("/bundles/{at}"));
            }
        }
        for (at, share) in problem.class_shares.iter().enumerate() {
            if let Some(buyer) = &share.buyer {
                self.find(buyers, buyer, || format!("/class_shares/{at}/buyer"));
            }
        }
    }
}
