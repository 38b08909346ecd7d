//! Fees, minimums and tiers steered by flows alone: good plans with an honest bound, at sizes that HiGHS does not manage.

use crate::build::{approved, base, demand, offer, supplier, with};
use pasok_solver::Engine;
use pasok_solver::generate::{Size, Terms, problem};
use pasok_solver::problem::{Tier, TierKind};

fn market(seed: u64, mixed_packs: bool) -> pasok_solver::problem::Problem {
    let terms = Terms { mixed_packs, drop_fees: true, minimums: true, tiers: true };
    problem(Size { buyers: 25, suppliers: 10, commodities: 6, offers_each: 0, stock_permille: 1100, seed, terms })
}

/// Gap of a plan by flows alone, in millionths of its cost.
fn gap_ppm(made: &pasok_solver::problem::Problem) -> i128 {
    let plan = approved(made, &with(Engine::Flow));
    plan.certificate.gap * 1_000_000 / plan.totals.objective
}

#[test]
fn flows_alone_come_within_half_a_percent_of_the_bound() {
    for seed in 0..4 {
        let (plain, mixed) = (gap_ppm(&market(seed, false)), gap_ppm(&market(seed, true)));
        assert!(plain <= 5_000 && mixed <= 10_000, "seed {seed}: {plain} and {mixed} ppm");
    }
}

#[test]
fn a_fee_raises_the_bound_and_not_only_the_plan() {
    let mut made = market(5, false);
    let with_fees = approved(&made, &with(Engine::Flow));
    made.suppliers.iter_mut().for_each(|supplier| supplier.drop_fee = 0);
    let without = approved(&made, &with(Engine::Flow));
    let (raised, paid) = (with_fees.certificate.bound - without.certificate.bound, with_fees.totals.fees);
    assert!(2 * raised > paid, "the bound rose by {raised} for fees of {paid}");
}

#[test]
fn deliveries_of_one_visit_share_a_day_where_their_windows_meet() {
    let mut made = base();
    made.suppliers[0].drop_fee = 500;
    made.demands = [("a", 0, 2), ("b", 2, 3), ("c", 1, 2)]
        .map(|(id, day_from, day_to)| {
            let mut wish = demand(id, 30);
            (wish.day_from, wish.day_to) = (day_from, day_to);
            wish
        })
        .into();
    made.offers[0].day_to = 5;
    let plan = approved(&made, &with(Engine::Flow));
    assert_eq!((plan.lines.len(), plan.totals.fees), (3, 500));
    assert!(plan.lines.iter().all(|line| line.day == 2), "{:?}", plan.lines);
}

#[test]
fn a_trip_is_paid_once_for_all_places() {
    let mut made = base();
    made.suppliers.push(supplier("far"));
    made.suppliers[0].trip_fee = 300;
    made.demands = vec![demand("d", 40), demand("e", 40)];
    let mut dear = offer("p", 100, 13);
    dear.supplier = "far".into();
    made.offers.push(dear);
    // Both from the near one: 80 × 10 + 300; both from the far one: 80 × 13; one each is dearer than either.
    let plan = approved(&made, &with(Engine::Flow));
    assert_eq!((plan.totals.objective, plan.totals.fees), (1_040, 0));
    made.suppliers[0].trip_fee = 200;
    let plan = approved(&made, &with(Engine::Flow));
    assert_eq!((plan.totals.objective, plan.totals.fees), (1_000, 200));
}

#[test]
fn incremental_tiers_are_bounded_by_what_lies_beyond_the_threshold() {
    let mut made = base();
    made.offers[0].tiers = vec![Tier { from_quantity: 60, price: 5 }];
    made.offers[0].tier_kind = TierKind::Incremental;
    let plan = approved(&made, &with(Engine::Flow));
    assert_eq!((plan.totals.objective, plan.certificate.gap), (60 * 10 + 40 * 5, 0));
}
