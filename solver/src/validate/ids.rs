//! Format, unique ids, references that lead somewhere.

use super::{Code, Findings};
use crate::problem::{Bundle, PROBLEM_FORMAT, Problem};
use std::collections::HashSet;

pub(super) fn check(problem: &Problem, found: &mut Findings) {
    check_unknown_format(problem, found);
    let places = check_duplicate_id("places", problem.places.iter().map(|r| r.id.as_str()), found);
    let commodities = check_duplicate_id("commodities", problem.commodities.iter().map(|r| r.id.as_str()), found);
    let buyers = check_duplicate_id("buyers", problem.buyers.iter().map(|r| r.id.as_str()), found);
    let suppliers = check_duplicate_id("suppliers", problem.suppliers.iter().map(|r| r.id.as_str()), found);
    let demands = check_duplicate_id("demands", problem.demands.iter().map(|r| r.id.as_str()), found);
    let offers = check_duplicate_id("offers", problem.offers.iter().map(|r| r.id.as_str()), found);
    check_duplicate_id("bundles", problem.bundles.iter().map(bundle_id), found);
    check_duplicate_id("class_shares", problem.class_shares.iter().map(|r| r.id.as_str()), found);
    Known { places, commodities, buyers, suppliers, demands, offers }.check_dangling_reference(problem, found);
}

fn check_unknown_format(problem: &Problem, found: &mut Findings) {
    if problem.format != PROBLEM_FORMAT {
        let cause = format!("The format is '{}'.", problem.format);
        found.add(Code::UnknownFormat, "/format".into(), cause, format!("Write '{PROBLEM_FORMAT}'."));
    }
}

fn check_duplicate_id<'a>(list: &str, ids: impl Iterator<Item = &'a str>, found: &mut Findings) -> HashSet<&'a str> {
    let mut known = HashSet::new();
    for (index, id) in ids.enumerate() {
        let pointer = || format!("/{list}/{index}/id");
        if id.is_empty() {
            found.add(Code::EmptyId, pointer(), "The id is empty.".into(), "Give every record an id.");
        } else if !known.insert(id) {
            let cause = format!("'{id}' is used before in {list}.");
            found.add(Code::DuplicateId, pointer(), cause, "Give every record an id of its own.");
        }
    }
    known
}

fn bundle_id(bundle: &Bundle) -> &str {
    match bundle {
        Bundle::AllOrNothing { id, .. } | Bundle::Xor { id, .. } | Bundle::Discount { id, .. } => id,
    }
}

/// Ids by kind.
struct Known<'a> {
    places: HashSet<&'a str>,
    commodities: HashSet<&'a str>,
    buyers: HashSet<&'a str>,
    suppliers: HashSet<&'a str>,
    demands: HashSet<&'a str>,
    offers: HashSet<&'a str>,
}

impl Known<'_> {
    fn check_dangling_reference(&self, problem: &Problem, found: &mut Findings) {
        self.check_lines(problem, found);
        for (index, d) in problem.distances.iter().enumerate() {
            expect(&self.places, &d.from, || format!("/distances/{index}/from"), found);
            expect(&self.places, &d.to, || format!("/distances/{index}/to"), found);
        }
        for (index, s) in problem.substitutes.iter().enumerate() {
            expect(&self.commodities, &s.wanted, || format!("/substitutes/{index}/wanted"), found);
            expect(&self.commodities, &s.delivered, || format!("/substitutes/{index}/delivered"), found);
        }
        let kept = problem.incumbent.iter().flat_map(|incumbent| &incumbent.lines);
        let fixed = problem.pins.iter().enumerate().map(|(index, pin)| (format!("/pins/{index}"), pin));
        let kept = kept.enumerate().map(|(index, pin)| (format!("/incumbent/lines/{index}"), pin));
        for (at, pin) in fixed.chain(kept) {
            expect(&self.demands, &pin.demand, || format!("{at}/demand"), found);
            expect(&self.offers, &pin.offer, || format!("{at}/offer"), found);
        }
        for (index, e) in problem.exclusions.iter().enumerate() {
            let sides = [
                ("buyer", &e.buyer, &self.buyers),
                ("demand", &e.demand, &self.demands),
                ("supplier", &e.supplier, &self.suppliers),
                ("offer", &e.offer, &self.offers),
            ];
            for (field, id, known) in sides {
                if let Some(id) = id {
                    expect(known, id, || format!("/exclusions/{index}/{field}"), found);
                }
            }
        }
        self.check_bundles(problem, found);
        for (index, share) in problem.class_shares.iter().enumerate() {
            if let Some(buyer) = &share.buyer {
                expect(&self.buyers, buyer, || format!("/class_shares/{index}/buyer"), found);
            }
        }
    }

    fn check_lines(&self, problem: &Problem, found: &mut Findings) {
        for (index, d) in problem.demands.iter().enumerate() {
            expect(&self.buyers, &d.buyer, || format!("/demands/{index}/buyer"), found);
            expect(&self.places, &d.place, || format!("/demands/{index}/place"), found);
            expect(&self.commodities, &d.commodity, || format!("/demands/{index}/commodity"), found);
        }
        for (index, o) in problem.offers.iter().enumerate() {
            expect(&self.suppliers, &o.supplier, || format!("/offers/{index}/supplier"), found);
            expect(&self.places, &o.place, || format!("/offers/{index}/place"), found);
            expect(&self.commodities, &o.commodity, || format!("/offers/{index}/commodity"), found);
        }
    }

    fn check_bundles(&self, problem: &Problem, found: &mut Findings) {
        for (index, bundle) in problem.bundles.iter().enumerate() {
            let lists: [(&str, &[String]); 2] = match bundle {
                Bundle::AllOrNothing { offers, .. } | Bundle::Xor { offers, .. } => [("offers", offers), ("then", &[])],
                Bundle::Discount { when, then, .. } => [("when", when), ("then", then)],
            };
            for (field, offers) in lists {
                for (position, offer) in offers.iter().enumerate() {
                    expect(&self.offers, offer, || format!("/bundles/{index}/{field}/{position}"), found);
                }
            }
        }
    }
}

fn expect(known: &HashSet<&str>, id: &str, pointer: impl FnOnce() -> String, found: &mut Findings) {
    if !known.contains(id) {
        let cause = format!("There is no record '{id}'.");
        found.add(Code::DanglingReference, pointer(), cause, "Name a record that is in the document, or add it.");
    }
}
