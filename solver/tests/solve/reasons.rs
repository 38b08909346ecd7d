//! Every reason for a shortage has a problem that shows it, with the record that limits it.

use crate::build::{approved, base, buyer, demand, offer, supplier};
use pasok_solver::SolveOptions;
use pasok_solver::plan::Reason;
use pasok_solver::problem::*;

type Change = fn(&mut Problem);

fn second_demand(p: &mut Problem, priority: i64, penalty: i64) {
    p.buyers.push(buyer("c"));
    p.demands.push(Demand { buyer: "c".into(), priority, shortage_penalty: penalty, ..demand("e", 100) });
}

const CASES: &[(Reason, &str, &str, Change)] = &[
    (Reason::NoOfferForItem, "d", "", |p| {
        p.commodities.push(Commodity { id: "eggs".into(), grams_per_thousand: 62_000 });
        p.demands[0].commodity = "eggs".into();
    }),
    (Reason::SupplierSuspended, "d", "s", |p| p.suppliers[0].active = false),
    (Reason::Excluded, "d", "o", |p| {
        let (buyer, supplier) = (Some("b".into()), Some("s".into()));
        p.exclusions = vec![Exclusion { buyer, demand: None, supplier, offer: None }];
    }),
    (Reason::OfferExpired, "d", "o", |p| p.offers[0].day_to = 0),
    (Reason::DeliversTooLate, "d", "o", |p| p.offers[0].day_from = 2),
    (Reason::CertificateMissing, "d", "o", |p| {
        p.demands[0].requirements = vec!["halal".into()];
    }),
    (Reason::OutOfDeliveryArea, "d", "o", |p| {
        p.offers[0].radius_m = Some(9_999);
    }),
    (Reason::PriceAboveCeiling, "d", "o", |p| {
        p.demands[0].price_ceiling = Some(9);
    }),
    (Reason::PackNotFilled, "d", "o", |p| p.offers[0].pack = 101),
    (Reason::PackNotFilled, "d", "o", |p| {
        (p.offers[0].pack, p.demands[0].quantity) = (30, 100);
    }),
    (Reason::BelowSupplierMinimum, "d", "o", |p| {
        (p.offers[0].min_line, p.offers[0].stock) = (150, 200);
    }),
    (Reason::BelowSupplierMinimum, "d", "o", |p| {
        p.suppliers[0].min_order_value = 1_001;
    }),
    (Reason::CostAbovePenalty, "d", "o", |p| p.offers[0].price = 51),
    (Reason::CostAbovePenalty, "d", "s", |p| p.suppliers[0].drop_fee = 4_001),
    (Reason::StockExhausted, "d", "o", |p| p.offers[0].stock = 60),
    (Reason::BudgetLimit, "d", "b", |p| p.buyers[0].budget = Some(700)),
    (Reason::LowerPriority, "e", "o", |p| second_demand(p, 1, 90)),
    (Reason::StockExhausted, "e", "o", |p| second_demand(p, 0, 40)),
    (Reason::PinnedElsewhere, "e", "o", |p| {
        second_demand(p, 0, 90);
        p.pins = vec![Pin { demand: "d".into(), offer: "o".into(), quantity: 100, day: None }];
    }),
    (Reason::RuleLimit, "d", "s", |p| {
        p.suppliers[0].capacity_g_per_day = Some(70);
    }),
    (Reason::RuleLimit, "d", "b", |p| {
        p.buyers[0].max_suppliers = Some(1);
        p.offers[0].stock = 60;
        p.suppliers.push(supplier("t"));
        p.offers.push(Offer { supplier: "t".into(), ..offer("q", 50, 10) });
    }),
];

#[test]
fn every_reason_has_a_problem_that_shows_it() {
    for (reason, id, limit, change) in CASES {
        let mut made = base();
        change(&mut made);
        let plan = approved(&made, &SolveOptions::default());
        let shortage = plan.shortages.iter().find(|shortage| shortage.demand == *id);
        let shortage = shortage.unwrap_or_else(|| panic!("{reason:?}: nothing is short in {plan:?}"));
        assert_eq!(shortage.reason, *reason, "{plan:?}");
        assert_eq!(shortage.limited_by.as_deref().unwrap_or(""), *limit, "{reason:?}");
    }
}

#[test]
fn a_shortage_can_have_two_causes() {
    let mut made = base();
    (made.offers[0].pack, made.offers[0].stock) = (30, 60);
    let plan = approved(&made, &SolveOptions::default());
    let found: Vec<(Reason, i64)> = plan.shortages.iter().map(|s| (s.reason, s.quantity)).collect();
    assert_eq!(found, [(Reason::StockExhausted, 30), (Reason::PackNotFilled, 10)]);
}
