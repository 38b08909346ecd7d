//! Every code of validation has a problem that shows it, and nothing that is wrong gets past it.

use crate::build::{base, offer};
use pasok_solver::problem::*;
use pasok_solver::validate::Code;
use pasok_solver::{SolveError, SolveOptions, solve, validate};

type Change = fn(&mut Problem);

fn pin(quantity: i64, day: Option<i64>) -> Pin {
    Pin { demand: "d".into(), offer: "o".into(), quantity, day }
}

const CASES: &[(Code, &str, Change)] = &[
    (Code::UnknownFormat, "/format", |p| p.format = "pasok-problem/2".into()),
    (Code::DuplicateId, "/offers/1/id", |p| p.offers.push(offer("o", 1, 1))),
    (Code::EmptyId, "/buyers/0/id", |p| p.buyers[0].id = String::new()),
    (Code::DanglingReference, "/demands/0/commodity", |p| {
        p.demands[0].commodity = "gold".into();
    }),
    (Code::QuantityOutOfRange, "/demands/0/quantity", |p| {
        p.demands[0].quantity = -1;
    }),
    (Code::QuantityOutOfRange, "/demands/0/quantity", |p| {
        p.demands[0].quantity = 0;
    }),
    (Code::QuantityOutOfRange, "/offers/0/stock", |p| {
        p.offers[0].stock = i64::MAX;
    }),
    (Code::QuantityOutOfRange, "/offers/0/pack", |p| p.offers[0].pack = 0),
    (Code::MoneyOutOfRange, "/offers/0/price", |p| {
        p.offers[0].price = i64::MIN;
    }),
    (Code::MoneyOutOfRange, "/demands/0/shortage_penalty", |p| {
        p.demands[0].shortage_penalty = i64::MAX;
    }),
    (Code::MoneyOutOfRange, "/suppliers/0/drop_fee", |p| {
        p.suppliers[0].drop_fee = -5;
    }),
    (Code::DistanceOutOfRange, "/places/0/x_m", |p| {
        p.places[0].x_m = i64::MAX;
    }),
    (Code::DistanceOutOfRange, "/circuity_permille", |p| {
        p.circuity_permille = 0;
    }),
    (Code::CountOutOfRange, "/demands/0/priority", |p| {
        p.demands[0].priority = 99;
    }),
    (Code::CountOutOfRange, "/buyers/0/min_suppliers", |p| {
        p.buyers[0].min_suppliers = Some(0);
    }),
    (Code::ShareOutOfRange, "/buyers/0/max_supplier_share_permille", |p| {
        p.buyers[0].max_supplier_share_permille = Some(1001);
    }),
    (Code::ProductOutOfRange, "/offers/0/pack", |p| {
        (p.offers[0].pack, p.offers[0].price, p.offers[0].stock) = (1_000_000_000, 10_000_000_000, 1_000_000_000);
    }),
    (Code::WindowInvalid, "/demands/0/day_to", |p| p.demands[0].day_to = 0),
    (Code::WindowInvalid, "/offers/0/day_to", |p| p.offers[0].day_to = 3_000),
    (Code::AcceptBelowQuantity, "/demands/0/accept_up_to", |p| {
        p.demands[0].accept_up_to = Some(99);
    }),
    (Code::TiersInvalid, "/offers/0/tiers/0/price", |p| {
        p.offers[0].tiers = vec![Tier { from_quantity: 5, price: 10 }];
    }),
    (Code::TiersInvalid, "/offers/0/tiers/1/from_quantity", |p| {
        p.offers[0].tiers = vec![Tier { from_quantity: 5, price: 9 }, Tier { from_quantity: 5, price: 8 }];
    }),
    (Code::MinimumAboveStock, "/offers/0/min_line", |p| {
        p.offers[0].min_line = 101;
    }),
    (Code::CountsContradict, "/buyers/0/min_suppliers", |p| {
        (p.buyers[0].min_suppliers, p.buyers[0].max_suppliers) = (Some(3), Some(2));
    }),
    (Code::ExclusionUnclear, "/exclusions/0", |p| {
        let (buyer, demand, offer) = (Some("b".into()), Some("d".into()), Some("o".into()));
        p.exclusions = vec![Exclusion { buyer, demand, supplier: None, offer }];
    }),
    (Code::SubstituteInvalid, "/substitutes/0", |p| {
        let (wanted, delivered) = ("rice".to_owned(), "rice".to_owned());
        p.substitutes = vec![Substitute { wanted, delivered, delivered_units: 1, wanted_units: 1, penalty: 0 }];
    }),
    (Code::BundleInvalid, "/bundles/0/offers", |p| {
        p.bundles = vec![Bundle::Xor { id: "x".into(), offers: vec!["o".into()] }];
    }),
    (Code::PinNotAllowed, "/pins/0", |p| {
        p.offers[0].radius_m = Some(1);
        p.pins = vec![pin(10, None)];
    }),
    (Code::PinNotAllowed, "/pins/0/day", |p| p.pins = vec![pin(10, Some(0))]),
    (Code::PinNotWhole, "/pins/0/quantity", |p| {
        p.offers[0].pack = 25;
        p.pins = vec![pin(10, None)];
    }),
    (Code::PinsContradict, "/pins/1", |p| {
        p.pins = vec![pin(10, None), pin(20, None)];
    }),
    (Code::PinsContradict, "/pins/0/quantity", |p| {
        p.pins = vec![pin(101, None)];
    }),
    (Code::ShareOutOfRange, "/fairness/min_total_permille", |p| {
        p.fairness = Some(Fairness { mode: FairnessMode::MaxMin, min_total_permille: 1001 });
    }),
];

#[test]
fn every_code_has_a_problem_that_shows_it() {
    for (code, pointer, change) in CASES {
        let mut made = base();
        change(&mut made);
        let issues = validate(&made);
        let found = issues.iter().any(|issue| issue.code == *code && issue.pointer == *pointer);
        assert!(found, "{code:?} at {pointer}: {issues:?}");
        assert!(issues.iter().all(|issue| !issue.cause.is_empty() && !issue.action.is_empty()));
        let refused = solve(&made, "", &SolveOptions::default(), &mut |_| ());
        assert!(matches!(refused, Err(SolveError::Invalid(_))), "{code:?} was solved");
    }
}

#[test]
fn all_errors_come_at_once() {
    let mut made = base();
    made.format = "x".into();
    made.demands[0].quantity = -3;
    made.offers[0].place = "nowhere".into();
    made.offers[0].day_to = -1;
    let codes: Vec<Code> = validate(&made).into_iter().map(|issue| issue.code).collect();
    for code in [Code::UnknownFormat, Code::QuantityOutOfRange, Code::DanglingReference, Code::WindowInvalid] {
        assert!(codes.contains(&code), "{code:?} is missing from {codes:?}");
    }
}

#[test]
fn numbers_at_their_bounds_are_solved_without_overflow() {
    let mut made = base();
    made.demands[0].quantity = 1_000_000_000_000;
    made.demands[0].shortage_penalty = 100_000_000_000_000;
    made.offers[0].stock = 1_000_000_000_000;
    made.offers[0].price = 100_000_000_000_000;
    assert_eq!(validate(&made), []);
    let plan = crate::build::approved(&made, &SolveOptions::default());
    assert_eq!(plan.totals.goods, 10_i128.pow(26));
}

/// Rice in sacks of 50 kg and gas at Rp 1,150,000 a cylinder, of two priority classes, in one problem: what one piece of
/// gas counts says nothing about a gram of rice.
#[test]
fn dear_pieces_and_heavy_packs_live_in_one_problem() {
    let mut made = base();
    made.demands[0].shortage_penalty = 465_000_000;
    made.demands[0].quantity = 50_000;
    made.offers[0].stock = 200_000;
    made.offers[0].pack = 50_000;
    made.commodities.push(Commodity { id: "gas".into(), grams_per_thousand: 95_000_000 });
    let mut cylinder = crate::build::demand("gas", 2);
    (cylinder.commodity, cylinder.priority) = ("gas".into(), 1);
    cylinder.shortage_penalty = 34_500_000_000_000;
    made.demands.push(cylinder);
    let mut depot = crate::build::offer("depot", 2, 11_500_000_000_000);
    depot.commodity = "gas".into();
    made.offers.push(depot);
    assert_eq!(validate(&made), []);
    let plan = crate::build::approved(&made, &SolveOptions::default());
    assert_eq!((plan.lines.len(), plan.shortages.len(), plan.certificate.gap), (2, 0, 0));
}

#[test]
fn documents_that_are_no_problem_are_refused_with_a_place() {
    for text in ["", "{", "[]", "null", "{\"format\":1}", "{\"format\":\"pasok-problem/1\"}"] {
        assert!(Problem::from_json(text.as_bytes()).is_err(), "{text}");
    }
    let whole = String::from_utf8(base().to_json()).unwrap();
    for (old, new) in [("\"stock\":100", "\"stock\":1.5"), ("\"stock\":100", "\"stock\":1e3"), ("\"seed\"", "\"sed\"")]
    {
        let error = Problem::from_json(whole.replace(old, new).as_bytes()).unwrap_err();
        assert!(error.line == 1 && error.column > 1, "{error}");
    }
    assert_eq!(Problem::from_json(whole.as_bytes()).unwrap(), base());
}
