//! What a person decides about single lines of a plan: fixed to a supplier, or kept from one. Pure.

use crate::error::{Checks, CommonError};
use crate::tenders::TenderError;
use pasok_solver::problem::{Exclusion, Pin, Problem};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Most lines that are fixed, and most pairs that are kept apart.
pub const MOST_CHOICES: usize = 200;
/// How a scenario says that its fixed lines cannot hold together: this word, and their places in `pins`, counted from 0.
pub const CLASH: &str = "PINS_CLASH";

/// A demand that gets exactly so much from an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinRule {
    /// The demand.
    pub demand_id: String,
    /// The offer.
    pub offer_id: String,
    /// Base units, whole packs of the offer.
    pub quantity: i64,
    /// Number of the delivery day in the frozen problem, where that is fixed too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i64>,
}

/// A supplier that does not serve a buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApartRule {
    /// The buyer.
    pub buyer_id: String,
    /// The supplier.
    pub supplier_id: String,
}

/// Notes what is wrong whatever the problem is.
pub(super) fn check(at: &str, pins: &[PinRule], apart: &[ApartRule], checks: &mut Checks) {
    for (field, count) in [("pins", pins.len()), ("apart", apart.len())] {
        if count > MOST_CHOICES {
            checks.add_with(&format!("{at}/{field}"), CommonError::TooLong, format!("≤ {MOST_CHOICES}"));
        }
    }
    for (index, pin) in pins.iter().enumerate() {
        if pin.quantity < 1 {
            checks.add_with(&format!("{at}/pins/{index}/quantity"), CommonError::NotPositive, "≥ 1");
        }
    }
    let mut seen = BTreeSet::new();
    for (index, pin) in pins.iter().enumerate() {
        if !seen.insert((&pin.demand_id, &pin.offer_id, pin.day)) {
            checks.add(&format!("{at}/pins/{index}"), TenderError::ScenarioRules);
        }
    }
}

/// Notes what is wrong with them in a problem: records that are not in it, and a line that is both fixed and kept apart.
pub(super) fn check_in(at: &str, pins: &[PinRule], apart: &[ApartRule], problem: &Problem, checks: &mut Checks) {
    let demands: BTreeMap<&str, &str> = problem.demands.iter().map(|d| (d.id.as_str(), d.buyer.as_str())).collect();
    let offers: BTreeMap<&str, &str> = problem.offers.iter().map(|o| (o.id.as_str(), o.supplier.as_str())).collect();
    let (buyers, suppliers): (BTreeSet<&str>, BTreeSet<&str>) =
        (demands.values().copied().collect(), offers.values().copied().collect());
    let kept: BTreeSet<(&str, &str)> = apart.iter().map(|a| (a.buyer_id.as_str(), a.supplier_id.as_str())).collect();
    for (index, pin) in pins.iter().enumerate() {
        let (buyer, supplier) = (demands.get(pin.demand_id.as_str()), offers.get(pin.offer_id.as_str()));
        for (field, is_known) in [("demand_id", buyer.is_some()), ("offer_id", supplier.is_some())] {
            if !is_known {
                checks.add(&format!("{at}/pins/{index}/{field}"), CommonError::UnknownChoice);
            }
        }
        if buyer.zip(supplier).is_some_and(|(buyer, supplier)| kept.contains(&(*buyer, *supplier))) {
            checks.add(&format!("{at}/pins/{index}"), TenderError::ScenarioRules);
        }
    }
    for (index, pair) in apart.iter().enumerate() {
        let known = [
            ("buyer_id", buyers.contains(pair.buyer_id.as_str())),
            ("supplier_id", suppliers.contains(pair.supplier_id.as_str())),
        ];
        for (field, is_known) in known {
            if !is_known {
                checks.add(&format!("{at}/apart/{index}/{field}"), CommonError::UnknownChoice);
            }
        }
    }
}

/// Writes them into a problem; its pins keep the order of the rules.
pub(super) fn apply(pins: &[PinRule], apart: &[ApartRule], problem: &mut Problem) {
    problem.pins.extend(pins.iter().map(|pin| Pin {
        demand: pin.demand_id.clone(),
        offer: pin.offer_id.clone(),
        quantity: pin.quantity,
        day: pin.day,
    }));
    problem.exclusions.extend(apart.iter().map(|pair| Exclusion {
        buyer: Some(pair.buyer_id.clone()),
        demand: None,
        supplier: Some(pair.supplier_id.clone()),
        offer: None,
    }));
}

/// What a scenario says whose fixed lines clash.
pub(super) fn clash_text(pins: &[usize]) -> String {
    let places: Vec<String> = pins.iter().map(ToString::to_string).collect();
    format!("{CLASH} {}", places.join(" "))
}

/// The places of clashing lines, out of what a failed scenario says; `None` where it failed for another reason.
pub fn clashing(failure: &str) -> Option<Vec<usize>> {
    let places = failure.strip_prefix(CLASH)?;
    places.split_whitespace().map(|place| place.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clash_says_which_lines() {
        assert_eq!(clashing(&clash_text(&[0, 12])), Some(vec![0, 12]));
        assert_eq!(clashing("SOLVER_FAILED: exit 2"), None);
    }

    #[test]
    fn a_line_is_fixed_once() {
        let pin = |quantity| PinRule { demand_id: "1".into(), offer_id: "2".into(), quantity, day: None };
        let refused = |pins: &[PinRule]| {
            let mut checks = Checks::default();
            check("/rules", pins, &[], &mut checks);
            checks.finish().is_err()
        };
        assert!(!refused(&[pin(1)]));
        assert!(refused(&[pin(0)]) && refused(&[pin(1), pin(2)]));
        assert!(refused(&vec![pin(1); MOST_CHOICES + 1]));
    }
}
