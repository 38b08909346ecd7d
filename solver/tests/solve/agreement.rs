//! Two engines, one answer; and laws that every answer obeys.

use crate::build::{approved, with};
use crate::random::{Rng, problem};
use pasok_solver::generate::{Size, Terms, problem as generated};
use pasok_solver::{Engine, SolveOptions, validate};

fn size(seed: u64, terms: Terms) -> Size {
    Size { buyers: 7, suppliers: 4, commodities: 2, offers_each: 0, stock_permille: 900, seed, terms }
}

#[test]
fn flow_and_highs_agree_to_the_last_tick_on_500_problems() {
    let mut rng = Rng(500);
    for seed in 0..500 {
        let made = if seed % 2 == 0 {
            generated(size(seed, Terms::default()))
        } else {
            loop {
                let made = problem(&mut rng, true);
                if validate(&made).is_empty() {
                    break made;
                }
            }
        };
        let (flow, highs) = (approved(&made, &with(Engine::Auto)), approved(&made, &with(Engine::Highs)));
        assert_eq!(flow.totals.objective, highs.totals.objective, "{}", String::from_utf8_lossy(&made.to_json()));
    }
}

#[test]
fn generated_markets_with_terms_are_approved_and_never_worse_with_highs() {
    let terms = Terms { mixed_packs: true, drop_fees: true, minimums: true, tiers: false };
    for seed in 0..5 {
        let made = generated(size(seed, terms));
        let quick = |engine| {
            let time_limit = Some(std::time::Duration::from_millis(300));
            approved(&made, &SolveOptions { time_limit, ..with(engine) })
        };
        let (flow, auto) = (quick(Engine::Flow), quick(Engine::Auto));
        assert!(!flow.lines.is_empty());
        assert!(auto.totals.objective <= flow.totals.objective, "seed {seed}");
    }
}

#[test]
fn more_supply_never_costs_more() {
    for seed in 0..40 {
        let mut made = generated(size(seed, Terms::default()));
        let before = approved(&made, &SolveOptions::default()).totals.objective;
        let position = usize::try_from(seed).unwrap() % made.offers.len();
        made.offers[position].stock += 50_000;
        let after = approved(&made, &SolveOptions::default()).totals.objective;
        assert!(after <= before, "seed {seed}: {before} became {after}");
    }
}

#[test]
fn totals_are_the_sums_of_the_lines() {
    let plan = approved(&generated(size(3, Terms::default())), &SolveOptions::default());
    let sum = |unit: fn(&pasok_solver::plan::Line) -> i64| -> i128 {
        plan.lines.iter().map(|line| i128::from(line.quantity) * i128::from(unit(line))).sum()
    };
    assert_eq!(plan.totals.goods, sum(|line| line.unit_price));
    assert_eq!(plan.totals.freight, sum(|line| line.unit_freight));
    let t = &plan.totals;
    assert_eq!(t.objective, t.goods + t.freight + t.fees + t.penalties + t.shortage + t.priority);
    assert!(!plan.lines.is_empty());
}
