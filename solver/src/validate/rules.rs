//! Rules over several records.

use super::{Code, Findings};
use crate::problem::{Bundle, Exclusion, Problem};
use std::collections::{BTreeMap, HashSet};

pub(super) fn check(problem: &Problem, found: &mut Findings) {
    check_counts_contradict(problem, found);
    for (i, exclusion) in problem.exclusions.iter().enumerate() {
        check_exclusion_unclear(i, exclusion, found);
    }
    check_substitute_invalid(problem, found);
    for (i, bundle) in problem.bundles.iter().enumerate() {
        check_bundle_invalid(problem, i, bundle, found);
    }
}

fn check_counts_contradict(problem: &Problem, found: &mut Findings) {
    for (i, b) in problem.buyers.iter().enumerate() {
        if let (Some(least), Some(most)) = (b.min_suppliers, b.max_suppliers)
            && least > most
        {
            let cause = format!("At least {least} suppliers and at most {most} cannot both hold.");
            let action = "Raise max_suppliers or lower min_suppliers.";
            found.add(Code::CountsContradict, format!("/buyers/{i}/min_suppliers"), cause, action);
        }
    }
}

fn check_exclusion_unclear(i: usize, e: &Exclusion, found: &mut Findings) {
    for (one, other, is_one, is_other) in [
        ("buyer", "demand", e.buyer.is_some(), e.demand.is_some()),
        ("supplier", "offer", e.supplier.is_some(), e.offer.is_some()),
    ] {
        if is_one == is_other {
            let cause = format!("The exclusion must name exactly one of {one} and {other}.");
            found.add(Code::ExclusionUnclear, format!("/exclusions/{i}"), cause, format!("Keep {one} or {other}."));
        }
    }
}

fn check_substitute_invalid(problem: &Problem, found: &mut Findings) {
    let mut seen = HashSet::new();
    for (i, s) in problem.substitutes.iter().enumerate() {
        let cause = if s.wanted == s.delivered {
            Some("A commodity cannot stand in for itself.")
        } else if seen.insert((&s.wanted, &s.delivered)) {
            None
        } else {
            Some("This pair of commodities has a rule already.")
        };
        if let Some(cause) = cause {
            let action = "Keep one rule for each pair of different commodities.";
            found.add(Code::SubstituteInvalid, format!("/substitutes/{i}"), cause.into(), action);
        }
    }
}

fn check_bundle_invalid(problem: &Problem, i: usize, bundle: &Bundle, found: &mut Findings) {
    let lists: &[(&str, &[String], usize)] = match bundle {
        Bundle::AllOrNothing { offers, .. } | Bundle::Xor { offers, .. } => &[("offers", offers, 2)],
        Bundle::Discount { when, then, .. } => &[("when", when, 1), ("then", then, 1)],
    };
    for (field, offers, least) in lists {
        let distinct: HashSet<&String> = offers.iter().collect();
        if distinct.len() < offers.len() || offers.len() < *least {
            let cause = format!("{field} names {} offers, {} of them different.", offers.len(), distinct.len());
            let action = format!("Name at least {least}, each once.");
            found.add(Code::BundleInvalid, format!("/bundles/{i}/{field}"), cause, action);
        }
    }
    check_discount_above_price(problem, i, bundle, found);
}

/// All discounts that an offer can get together must leave a price of 0 or more.
fn check_discount_above_price(problem: &Problem, i: usize, bundle: &Bundle, found: &mut Findings) {
    let Bundle::Discount { then, .. } = bundle else { return };
    let mut off_by_offer: BTreeMap<&str, i64> = BTreeMap::new();
    for other in &problem.bundles {
        if let Bundle::Discount { then, off, .. } = other {
            for id in then {
                let sum = off_by_offer.entry(id).or_insert(0);
                *sum = sum.saturating_add(*off);
            }
        }
    }
    for (position, id) in then.iter().enumerate() {
        let Some(offer) = problem.offers.iter().find(|offer| offer.id == *id) else {
            continue;
        };
        let lowest = offer.tiers.iter().map(|tier| tier.price).fold(offer.price, i64::min);
        if off_by_offer.get(id.as_str()).is_some_and(|off| *off > lowest) {
            let cause = format!("The discounts on '{id}' together exceed its lowest price {lowest}.");
            let action = "Lower the discounts: a price below zero has no meaning.";
            found.add(Code::BundleInvalid, format!("/bundles/{i}/then/{position}"), cause, action);
        }
    }
}
