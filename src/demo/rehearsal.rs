//! Tests that a scenario is worth optimising: turned into a solver problem, its optimum is compared with the baselines.
//!
//! The problem made here is the plain one (no services, no snapshot). Minimum lines and the larger packs of a few offers are
//! relaxed, so what is called optimum here is a lower bound on every plan, a tight one because few offers have them.

use std::collections::BTreeMap;

use pasok_solver::flow::transport::{self, Matrix};
use pasok_solver::problem::{Commodity, Demand, Offer, PROBLEM_FORMAT, Place, Problem};
use serde_json::json;

use super::scenario::Scenario;
use super::{generate, generate_province};
use crate::reports::baseline::roads::road_distance_m;
use crate::reports::baseline::{Choice, buy_alone};
use crate::values::decimal::div_half_even;

/// The scenario as a problem: ids are positions.
fn problem(scenario: &Scenario) -> Problem {
    let places = scenario.organisations.iter().enumerate().map(|(index, organisation)| {
        let (x_m, y_m, z_m) = organisation.point.to_metres();
        Place { id: format!("p{index}"), x_m, y_m, z_m }
    });
    let commodities = scenario.commodities.iter();
    let ids: Vec<_> = (0..scenario.organisations.len()).map(|index| json!({ "id": format!("g{index}") })).collect();
    Problem {
        circuity_permille: scenario.market.circuity_permille,
        places: places.collect(),
        commodities: commodities
            .map(|goods| Commodity { id: goods.code.clone(), grams_per_thousand: goods.grams_per_thousand })
            .collect(),
        demands: (0..scenario.demands.len()).map(|index| demand(scenario, index)).collect(),
        offers: (0..scenario.offers.len()).map(|index| offer(scenario, index)).collect(),
        ..serde_json::from_value(json!({
            "format": PROBLEM_FORMAT, "places": [], "commodities": [], "demands": [], "offers": [],
            "buyers": ids, "suppliers": ids
        }))
        .unwrap()
    }
}

fn demand(scenario: &Scenario, index: usize) -> Demand {
    let plan = &scenario.demands[index];
    let goods = &scenario.commodities[plan.commodity];
    let ticks = |e4: i64| e4 * goods.base_unit.ticks_per_e4();
    Demand {
        id: format!("d{index}"),
        buyer: format!("g{}", plan.organisation),
        place: format!("p{}", plan.organisation),
        commodity: goods.code.clone(),
        quantity: plan.quantity_base,
        accept_up_to: None,
        day_from: plan.day_from,
        day_to: plan.day_to,
        requirements: plan.required.iter().map(|paper| paper.word().to_owned()).collect(),
        priority: 0,
        shortage_penalty: ticks(plan.shortage_penalty_e4),
        price_ceiling: plan.price_ceiling_e4.map(ticks),
    }
}

fn offer(scenario: &Scenario, index: usize) -> Offer {
    let plan = &scenario.offers[index];
    let goods = &scenario.commodities[plan.commodity];
    let ticks = |e4: i64| e4 * goods.base_unit.ticks_per_e4();
    let held = &scenario.organisations[plan.organisation].certificates;
    serde_json::from_value(json!({
        "id": format!("o{index}"), "supplier": format!("g{}", plan.organisation), "place": format!("p{}", plan.organisation),
        "commodity": goods.code, "stock": plan.stock_base, "price": ticks(plan.price_e4), "pack": plan.pack_base,
        "min_line": plan.min_line_base, "radius_m": plan.radius_m, "day_from": plan.day_from, "day_to": plan.day_to,
        "certificates": held.iter().map(|paper| paper.word()).collect::<Vec<_>>(),
        "freight_per_km": ticks(plan.freight_per_km_e4), "freight_base": ticks(plan.freight_base_e4),
    }))
    .unwrap()
}

/// Ticks of a plan.
#[derive(Debug, Default)]
struct Optimum {
    paid: i128,
    shortage_penalty: i128,
}

impl Optimum {
    fn total(&self) -> i128 {
        self.paid + self.shortage_penalty
    }
}

/// Cheapest plan in whole packs of the grid, commodity by commodity; a line may be as small as one pack.
fn optimum(problem: &Problem) -> Optimum {
    let places: BTreeMap<&str, &Place> = problem.places.iter().map(|place| (place.id.as_str(), place)).collect();
    let mut sum = Optimum::default();
    for commodity in &problem.commodities {
        let demands: Vec<&Demand> = problem.demands.iter().filter(|demand| demand.commodity == commodity.id).collect();
        let mine = problem.offers.iter().filter(|offer| offer.commodity == commodity.id);
        let grid = mine.clone().map(|offer| offer.pack).min().unwrap_or(1);
        let offers: Vec<&Offer> = mine.collect();
        let cost = |demand: &Demand, offer: &Offer| {
            let point = |place: &Place| (place.x_m, place.y_m, place.z_m);
            let (from, to) = (point(places[demand.place.as_str()]), point(places[offer.place.as_str()]));
            let way = road_distance_m(from, to, problem.circuity_permille);
            let is_allowed = offer.min_line <= demand.quantity
                && offer.day_from <= demand.day_to
                && offer.day_to >= demand.day_from
                && demand.requirements.iter().all(|paper| offer.certificates.contains(paper))
                && offer.radius_m.is_none_or(|radius| way <= radius);
            let per_way = div_half_even(i128::from(offer.freight_per_km) * i128::from(way), 1000);
            let landed = offer.price + offer.freight_base + i64::try_from(per_way).unwrap();
            if is_allowed { landed * grid } else { i64::MAX }
        };
        let costs: Vec<i64> = demands
            .iter()
            .flat_map(|demand| offers.iter().map(|offer| cost(demand, offer)).collect::<Vec<_>>())
            .collect();
        let rows = Matrix::new(&costs, offers.len());
        let solution = transport::solve(&transport::Problem {
            quantity: &demands.iter().map(|demand| demand.quantity / grid).collect::<Vec<_>>(),
            penalty: &demands.iter().map(|demand| demand.shortage_penalty * grid).collect::<Vec<_>>(),
            stock: &offers.iter().map(|offer| offer.stock / grid).collect::<Vec<_>>(),
            costs: &rows,
        })
        .unwrap();
        let mut short: Vec<i64> = demands.iter().map(|demand| demand.quantity).collect();
        for flow in &solution.flows {
            sum.paid += i128::from(costs[flow.demand * offers.len() + flow.supply]) * i128::from(flow.quantity);
            short[flow.demand] -= flow.quantity * grid;
        }
        let unfilled =
            demands.iter().zip(short).map(|(demand, short)| i128::from(short) * i128::from(demand.shortage_penalty));
        sum.shortage_penalty += unfilled.sum::<i128>();
    }
    sum
}

/// What all needs together would count if nothing were delivered: the measure of the filled share.
fn penalty_of_everything(problem: &Problem) -> i128 {
    let penalty = |demand: &Demand| i128::from(demand.quantity) * i128::from(demand.shortage_penalty);
    problem.demands.iter().map(penalty).sum()
}

/// Asserts that most needs can be filled, some cannot, and that the baselines leave at least so much on the table.
fn assert_worth_optimising(scenario: &Scenario, least_saved_permyriad: (i128, i128)) {
    let problem = problem(scenario);
    let best = optimum(&problem);
    let short_permille = best.shortage_penalty * 1000 / penalty_of_everything(&problem);
    let name = &scenario.market.name;
    assert!((1..=50).contains(&short_permille), "{name}: {short_permille} permille short");
    for (choice, least) in
        [(Choice::CheapestLanded, least_saved_permyriad.0), (Choice::Nearest, least_saved_permyriad.1)]
    {
        let alone = buy_alone(&problem, choice, 1).unwrap();
        let saved = 10_000 - best.total() * 10_000 / alone.total();
        assert!(saved >= least, "{name}: only {saved} permyriad saved against {choice:?}");
        assert!(alone.shortage_penalty >= best.shortage_penalty, "{name}: {choice:?} fills more than the optimum");
    }
}

#[test]
fn cities_are_worth_optimising() {
    for city in ["kupang", "bogor", "jakarta-utara"] {
        assert_worth_optimising(&generate(city, 1).unwrap(), (30, 100));
    }
}

/// Keeps only the lines of some commodities, so that a province can be rehearsed in a build without optimisation.
fn only(scenario: &Scenario, codes: &[&str]) -> Scenario {
    let is_kept = |commodity: usize| codes.contains(&scenario.commodities[commodity].code.as_str());
    let mut part = scenario.clone();
    part.demands.retain(|demand| is_kept(demand.commodity));
    part.offers.retain(|offer| is_kept(offer.commodity));
    part
}

#[test]
fn a_province_is_worth_optimising() {
    let province = generate_province(1).unwrap();
    assert_worth_optimising(&only(&province, &["beras_sphp", "bawang_putih"]), (50, 50));
}
