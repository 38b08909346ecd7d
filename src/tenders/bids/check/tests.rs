//! Each thing a bid can have wrong, named where it stands, and all of them together.

use super::*;
use serde_json::{Value, json};

fn setting() -> Setting {
    let rice = LotFacts {
        unit: BaseUnit::Gram,
        quantity: 20_000_000,
        pack: 25_000,
        ceiling_e4: Some(140_000_000),
        low_e4: 80_000_000,
    };
    let oil = LotFacts { unit: BaseUnit::Millilitre, pack: 1_000, ceiling_e4: None, ..rice };
    Setting {
        call_id: 7,
        terms_version: 2,
        bidder_id: 11,
        places: BTreeSet::from([5]),
        certificates: [crate::values::Certificate::Nib].into_iter().collect(),
        awards: Awards::Partial,
        last_day: Day::parse("2026-01-11").unwrap(),
        lots: BTreeMap::from([(1, rice), (2, rice), (3, oil)]),
    }
}

fn document() -> Value {
    let line = |lot: i64| {
        json!({"lot": lot, "price": "12500", "tiers": [{"from": 1_000_000, "price": "12300.5"}, {"from": 5_000_000, "price": "12100"}],
            "min_quantity": 500_000, "max_quantity": 10_000_000, "delivery": {"terms": "franco"}})
    };
    json!({"format": "pasok-bid/1", "call_id": "7", "bidder_id": "11", "terms_version": 2, "place_id": "5", "valid_until": "2026-01-11",
        "certificates": ["nib", "halal"], "lines": [line(1), line(2), line(3)],
        "fees": {"per_drop_idr": 10_000, "per_truck_day_idr": 500_000}, "capacity_per_day_g": 8_000_000,
        "capacity_in_all_g": 40_000_000,
        "bundles": [{"kind": "all_or_nothing", "lots": [1, 2]}, {"kind": "xor", "lots": [1, 3]},
            {"kind": "discount", "when": [1, 2], "at_least": 20_000_000, "then": [3], "off_percent": "5"}]})
}

/// What is wrong with the document after a change, as `pointer CODE`.
fn faults(setting: &Setting, change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut value = document();
    change(&mut value);
    let read = BidDocument::from_json(value.to_string().as_bytes()).unwrap();
    let mut checks = Checks::default();
    let checked = check(&read, setting, &mut checks);
    let issues = match checks.finish() {
        Ok(()) => Vec::new(),
        Err(crate::error::AppError::Refused(refusal)) => refusal.issues,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(checked.is_some(), issues.is_empty());
    issues.iter().map(|issue| format!("{} {}", issue.pointer, issue.def.code)).collect()
}

#[test]
fn a_bid_without_fault_is_read_exactly() {
    let read = BidDocument::from_json(document().to_string().as_bytes()).unwrap();
    assert_eq!(BidDocument::from_json(&read.to_json()).unwrap(), read);
    let bid = check(&read, &setting(), &mut Checks::default()).unwrap();
    assert_eq!(bid.lines[0].tiers, vec![(1_000_000, 123_005_000), (5_000_000, 121_000_000)]);
    assert_eq!((bid.lines[0].price_e4, bid.lines[0].multiple, bid.lines[2].multiple), (125_000_000, 25_000, 1_000));
    let discount = CheckedBundle::Discount { when: vec![1, 2], at_least: 20_000_000, then: 3, off_e4: 6_250_000 };
    assert_eq!(bid.bundles[2], discount);
}

/// The document without its bundles, which name lots.
fn single(document: &mut Value) -> &mut Value {
    document["bundles"] = json!([]);
    document
}

#[test]
fn every_fault_has_its_code_and_place() {
    type Change = fn(&mut Value);
    let cases: &[(Change, &str)] = &[
        (|d| d["format"] = json!("pasok-bid/2"), "/format BID_FORMAT"),
        (|d| d["call_id"] = json!("8"), "/call_id BID_OF_ANOTHER_CALL"),
        (|d| d["bidder_id"] = json!("12"), "/bidder_id BID_OF_ANOTHER_CALL"),
        (|d| d["terms_version"] = json!(1), "/terms_version BID_TERMS_CHANGED"),
        (|d| d["place_id"] = json!("6"), "/place_id BID_PLACE_UNKNOWN"),
        (|d| d["valid_until"] = json!("2026-01-10"), "/valid_until BID_VALID_TOO_SHORT"),
        (|d| d["valid_until"] = json!("soon"), "/valid_until NOT_A_DATE"),
        (|d| d["certificates"] = json!(["halal"]), "/certificates BID_CERTIFICATE_MISSING"),
        (|d| single(d)["lines"][0]["lot"] = json!(9), "/lines/0/lot BID_OUT_OF_SCOPE"),
        (|d| single(d)["lines"][1]["lot"] = json!(1), "/lines/1/lot BID_LINE_REPEATED"),
        (|d| d["lines"][0]["price"] = json!("0"), "/lines/0/price NOT_POSITIVE"),
        (|d| d["lines"][0]["price"] = json!("14000.0001"), "/lines/0/price BID_ABOVE_CEILING"),
        (|d| d["lines"][0]["tiers"][0]["price"] = json!("12500"), "/lines/0/tiers/0/price TIER_PRICE_RISES"),
        (|d| d["lines"][0]["tiers"][1]["price"] = json!("12400"), "/lines/0/tiers/1/price TIER_PRICE_RISES"),
        (|d| d["lines"][0]["tiers"][1]["from"] = json!(1_000_000), "/lines/0/tiers/1/from TIERS_OVERLAP"),
        (|d| d["lines"][0]["tiers"][1]["from"] = json!(500_000), "/lines/0/tiers/1/from TIERS_OVERLAP"),
        (|d| d["lines"][0]["tiers"][0]["from"] = json!(0), "/lines/0/tiers/0/from TIERS_OVERLAP"),
        (|d| d["lines"][0]["tiers"][1]["from"] = json!(11_000_000), "/lines/0/tiers/1/from TIER_BEYOND_MAXIMUM"),
        (|d| d["lines"][0]["tiers"][1]["from"] = json!(5_000_001), "/lines/0/tiers/1/from NOT_A_MULTIPLE"),
        (|d| d["lines"][0]["tiers"] = many_tiers(21), "/lines/0/tiers TOO_MANY_TIERS"),
        (|d| d["lines"][0]["tiers"] = many_tiers(10_000), "/lines/0/tiers TOO_MANY_TIERS"),
        (|d| d["lines"][0]["min_quantity"] = json!(10_025_000), "/lines/0/min_quantity MINIMUM_ABOVE_MAXIMUM"),
        (
            |d| {
                d["lines"][0]["max_quantity"] = json!(30_000_000);
                d["lines"][0]["min_quantity"] = json!(25_000_000);
            },
            "/lines/0/min_quantity MINIMUM_ABOVE_LOT",
        ),
        (|d| d["lines"][0]["min_quantity"] = json!(1), "/lines/0/min_quantity NOT_A_MULTIPLE"),
        (|d| d["lines"][0]["min_quantity"] = json!(-25_000), "/lines/0/min_quantity NOT_POSITIVE"),
        (|d| d["lines"][0]["max_quantity"] = json!(10_000_001), "/lines/0/max_quantity NOT_A_MULTIPLE"),
        (|d| d["lines"][2]["max_quantity"] = json!(0), "/lines/2/max_quantity NOT_POSITIVE"),
        (|d| d["lines"][2]["multiple"] = json!(-1), "/lines/2/multiple NOT_POSITIVE"),
        (|d| d["fees"]["per_drop_idr"] = json!(-1), "/fees/per_drop_idr NOT_POSITIVE"),
        (|d| d["capacity_per_day_g"] = json!(0), "/capacity_per_day_g NOT_POSITIVE"),
        (|d| d["capacity_in_all_g"] = json!(100_000_000_001_i64), "/capacity_in_all_g TOO_LARGE"),
        (|d| d["bundles"][0]["lots"] = json!([1]), "/bundles/0/lots BUNDLE_TOO_SMALL"),
        (|d| d["bundles"][0]["lots"] = json!([1, 4]), "/bundles/0/lots/1 BUNDLE_LOT_NOT_BID"),
        (|d| d["bundles"][1]["lots"] = json!([3, 3]), "/bundles/1/lots/1 BUNDLE_LOT_REPEATED"),
        (|d| d["bundles"][2]["off_percent"] = json!("-5"), "/bundles/2/off_percent DISCOUNT_NOT_POSITIVE"),
        (
            |d| {
                d["bundles"][2]["off_percent"] = Value::Null;
                d["bundles"][2]["off"] = json!("-250");
            },
            "/bundles/2/off DISCOUNT_NOT_POSITIVE",
        ),
        (|d| d["bundles"][2]["off_percent"] = json!("100"), "/bundles/2/off_percent DISCOUNT_TOO_LARGE"),
        (|d| d["bundles"][2]["off"] = json!("5"), "/bundles/2/off_percent DISCOUNT_TWO_WAYS"),
        (|d| d["bundles"][2]["at_least"] = json!(20_025_000), "/bundles/2/at_least DISCOUNT_UNREACHABLE"),
        (|d| d["bundles"][2]["when"] = json!([1, 3]), "/bundles/2/when DISCOUNT_MIXED_UNITS"),
    ];
    let wrong: Vec<_> =
        cases.iter().map(|(change, want)| (faults(&setting(), change), vec![(*want).to_owned()])).collect();
    let wrong: Vec<_> = wrong.into_iter().filter(|(found, want)| found != want).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn many_tiers(count: i64) -> Value {
    (1..=count).map(|n| json!({"from": n * 25_000, "price": format!("{}", 12_499 - n)})).collect()
}

#[test]
fn all_faults_are_told_at_once() {
    let all = faults(&setting(), |d| {
        d["place_id"] = json!("x");
        d["lines"][0]["price"] = json!("a lot");
        d["lines"][1]["tiers"][0]["from"] = json!(7);
        d["bundles"][1]["lots"] = json!([8, 9]);
    });
    assert_eq!(all.len(), 5, "{all:?}");
}

#[test]
fn an_abnormally_low_price_needs_cost_lines_that_add_up() {
    let low = |d: &mut Value| {
        d["lines"][0]["price"] = json!("7000");
        d["lines"][0]["tiers"] = json!([]);
    };
    assert_eq!(faults(&setting(), low), ["/lines/0/low_price BID_LOW_UNJUSTIFIED"]);
    let costs = |margin: &str| json!([{"cost": "goods", "amount": "6000.5"}, {"cost": "margin", "amount": margin}]);
    let with = |d: &mut Value, margin: &str| {
        low(d);
        d["lines"][0]["low_price"] = costs(margin);
    };
    assert_eq!(faults(&setting(), |d| with(d, "999.4")), ["/lines/0/low_price BID_COSTS_DIFFER"]);
    assert!(faults(&setting(), |d| with(d, "999.5")).is_empty());
}

#[test]
fn whole_lots_mean_that_the_minimum_is_the_maximum() {
    let whole = Setting { awards: Awards::Whole, ..setting() };
    assert_eq!(faults(&whole, |_| {}).len(), 3);
    let all = |d: &mut Value| (0..3).for_each(|n| d["lines"][n]["min_quantity"] = json!(10_000_000));
    assert!(faults(&whole, all).is_empty());
}

#[test]
fn a_document_of_another_shape_is_refused_with_its_place() {
    let mut value = document();
    value["lines"][1]["tiers"][0]["prize"] = json!("1");
    let (pointer, why) = BidDocument::from_json(value.to_string().as_bytes()).unwrap_err();
    assert!(pointer.starts_with("/lines/1/tiers/0"), "{pointer}: {why}");
    assert!(BidDocument::from_json(b"{} {}").is_err());
}
