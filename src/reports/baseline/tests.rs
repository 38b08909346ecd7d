//! Small markets worked out by hand.

use pasok_solver::problem::{Commodity, Demand, Exclusion, Offer, PROBLEM_FORMAT, Place, Problem};
use serde_json::json;

use super::*;

fn place(id: &str, y_m: i64) -> Place {
    // A few kilometres along a great circle through (R, 0, 0): the chord is the distance to within a metre.
    Place { id: id.to_owned(), x_m: 6_371_009, y_m, z_m: 0 }
}

fn demand(id: &str, buyer: &str, at: &str, quantity: i64) -> Demand {
    serde_json::from_value(json!({
        "id": id, "buyer": buyer, "place": at, "commodity": "rice", "quantity": quantity, "shortage_penalty": 1_000
    }))
    .unwrap()
}

fn offer(id: &str, at: &str, stock: i64, price: i64) -> Offer {
    serde_json::from_value(json!({
        "id": id, "supplier": id, "place": at, "commodity": "rice", "stock": stock, "price": price, "freight_per_km": 10
    }))
    .unwrap()
}

/// Buyers `west` at 0 km and `east` at 10 km want 100 each; `near` sells dear at 0 km, `far` cheap at 10 km.
fn market(offers: Vec<Offer>) -> Problem {
    let suppliers = offers.iter().map(|offer| json!({ "id": offer.supplier })).collect::<Vec<_>>();
    Problem {
        places: vec![place("p0", 0), place("p10", 10_000)],
        commodities: vec![Commodity { id: "rice".to_owned(), grams_per_thousand: 1000 }],
        demands: vec![demand("d-west", "west", "p0", 100), demand("d-east", "east", "p10", 100)],
        offers,
        ..serde_json::from_value(json!({
            "format": PROBLEM_FORMAT, "places": [], "commodities": [], "demands": [], "offers": [],
            "buyers": [{ "id": "west" }, { "id": "east" }], "suppliers": suppliers
        }))
        .unwrap()
    }
}

fn buy(problem: &Problem, choice: Choice) -> Outcome {
    buy_alone(problem, choice, 1).unwrap()
}

#[test]
fn the_cheapest_landed_and_the_nearest_differ() {
    // near costs 500 at home and 600 ten kilometres away; far costs 300 at home and 400 ten kilometres away.
    let problem = market(vec![offer("near", "p0", 1000, 500), offer("far", "p10", 1000, 300)]);
    let cheapest = buy(&problem, Choice::CheapestLanded);
    assert_eq!((cheapest.goods, cheapest.freight, cheapest.lines), (60_000, 100 * 100, 2));
    let nearest = buy(&problem, Choice::Nearest);
    assert_eq!((nearest.goods, nearest.freight), (50_000 + 30_000, 0));
    assert_eq!((cheapest.shortage_penalty, nearest.short.clone()), (0, vec![0, 0]));
    assert_eq!(nearest.total(), nearest.paid());
}

#[test]
fn who_comes_first_takes_the_cheap_stock() {
    let problem = market(vec![offer("cheap", "p0", 100, 300), offer("dear", "p0", 100, 700)]);
    let mut west_first = 0;
    for seed in 0..200 {
        let outcome = buy_alone(&problem, Choice::CheapestLanded, seed).unwrap();
        assert_eq!((outcome.goods, outcome.freight), (100_000, 10_000), "sums do not depend on the order here");
        west_first += usize::from(queue(&problem, seed) == [0, 1]);
    }
    assert!((60..140).contains(&west_first), "west came first {west_first} times of 200");
}

#[test]
fn what_is_gone_is_short_and_counts() {
    let problem = market(vec![offer("only", "p0", 150, 300)]);
    let outcome = buy(&problem, Choice::Nearest);
    assert_eq!(outcome.short.iter().sum::<i64>(), 50);
    assert_eq!(outcome.shortage_penalty, 50_000);
    assert_eq!(outcome.total(), outcome.paid() + 50_000);
}

#[test]
fn packs_and_minimum_lines_hold() {
    let packed = Offer { pack: 30, ..offer("packed", "p0", 1000, 300) };
    assert_eq!(buy(&market(vec![packed.clone()]), Choice::Nearest).short, [10, 10]);
    let mut tolerant = market(vec![packed]);
    tolerant.demands[0].accept_up_to = Some(120);
    assert_eq!(buy(&tolerant, Choice::Nearest).short, [0, 10]);
    assert_eq!(buy(&tolerant, Choice::Nearest).goods, i128::from((120 + 90) * 300));
    let wholesale = Offer { min_line: 101, ..offer("wholesale", "p0", 1000, 300) };
    assert_eq!(buy(&market(vec![wholesale.clone()]), Choice::Nearest).short, [100, 100]);
    let fitting = Offer { min_line: 100, ..wholesale };
    assert_eq!(buy(&market(vec![fitting]), Choice::Nearest).short, [0, 0]);
}

#[test]
fn a_rest_below_the_minimum_is_not_sold() {
    // The first buyer leaves 50, less than the minimum line of 60.
    let limited = Offer { min_line: 60, ..offer("limited", "p0", 150, 300) };
    assert_eq!(buy(&market(vec![limited]), Choice::Nearest).short.iter().sum::<i64>(), 100);
}

#[test]
fn days_and_stock_per_day_hold() {
    let mut problem = market(vec![Offer { day_from: 3, day_to: 4, ..offer("late", "p0", 1000, 300) }]);
    assert_eq!(buy(&problem, Choice::Nearest).short, [100, 100]);
    for demand in &mut problem.demands {
        demand.day_to = 4;
    }
    assert_eq!(buy(&problem, Choice::Nearest).short, [0, 0]);
    problem.offers[0].stock_per_day = Some(70);
    let outcome = buy(&problem, Choice::Nearest);
    assert_eq!(outcome.short.iter().sum::<i64>(), 60, "two days of 70 serve 140 of 200");
    assert_eq!(outcome.lines, 3);
}

#[test]
fn certificates_ceilings_radius_and_status_hold() {
    let allowed = market(vec![offer("o", "p0", 1000, 300)]);
    assert_eq!(buy(&allowed, Choice::Nearest).short, [0, 0]);
    let refuses = |change: &dyn Fn(&mut Problem)| {
        let mut problem = allowed.clone();
        change(&mut problem);
        buy(&problem, Choice::CheapestLanded).short
    };
    assert_eq!(refuses(&|problem| problem.demands[0].requirements = vec!["nkv".to_owned()]), [100, 0]);
    assert_eq!(refuses(&|problem| problem.demands[0].price_ceiling = Some(299)), [100, 0]);
    assert_eq!(refuses(&|problem| problem.demands[0].price_ceiling = Some(300)), [0, 0]);
    assert_eq!(refuses(&|problem| problem.offers[0].radius_m = Some(9_999)), [0, 100]);
    assert_eq!(refuses(&|problem| problem.offers[0].radius_m = Some(10_000)), [0, 0]);
    assert_eq!(refuses(&|problem| problem.suppliers[0].active = false), [100, 100]);
    let ruled_out = |buyer: Option<&str>, demand: Option<&str>| Exclusion {
        buyer: buyer.map(str::to_owned),
        demand: demand.map(str::to_owned),
        supplier: Some("o".to_owned()),
        offer: None,
    };
    assert_eq!(refuses(&|problem| problem.exclusions = vec![ruled_out(Some("west"), None)]), [100, 0]);
    assert_eq!(refuses(&|problem| problem.exclusions = vec![ruled_out(None, Some("d-east"))]), [0, 100]);
}

#[test]
fn circuity_and_stated_distances_are_used() {
    let mut problem = market(vec![Offer { radius_m: Some(14_999), ..offer("o", "p0", 1000, 300) }]);
    problem.circuity_permille = 1500;
    assert_eq!(buy(&problem, Choice::Nearest).short, [0, 100]);
    problem.distances =
        vec![serde_json::from_value(json!({ "from": "p10", "to": "p0", "distance_m": 12_000 })).unwrap()];
    let outcome = buy(&problem, Choice::Nearest);
    assert_eq!((outcome.short, outcome.freight), (vec![0, 0], 120 * 100));
}

#[test]
fn the_answer_does_not_depend_on_the_order_of_records() {
    let mut problem = market(vec![offer("a", "p0", 70, 300), offer("b", "p10", 90, 310), offer("c", "p0", 30, 900)]);
    let before = buy(&problem, Choice::CheapestLanded);
    problem.offers.reverse();
    problem.demands.reverse();
    let mut after = buy(&problem, Choice::CheapestLanded);
    after.short.reverse();
    assert_eq!(before, after);
}

#[test]
fn a_dangling_place_is_named() {
    let mut problem = market(vec![offer("o", "p0", 1000, 300)]);
    problem.offers[0].place = "nowhere".to_owned();
    let error = buy_alone(&problem, Choice::Nearest, 1).unwrap_err();
    assert_eq!(error.to_string(), "offer `o` names place `nowhere`, which is not in the problem");
}
