//! Rules over the whole market and many bundles, steered by flows alone: no empty plan where a good one exists.

use crate::build::{approved, with};
use pasok_solver::Engine;
use pasok_solver::generate::{Size, Terms, problem};
use pasok_solver::problem::{Bundle, ClassShare, Problem, ShareBy};

fn market(seed: u64, (suppliers, commodities): (usize, usize), terms: Terms) -> Problem {
    problem(Size { buyers: 40, suppliers, commodities, offers_each: 0, stock_permille: 1300, seed, terms })
}

/// Gap in permille, and what stays short in permille of what is asked for.
fn outcome(made: &Problem, engine: Engine) -> (i128, i64) {
    let plan = approved(made, &with(engine));
    let asked: i64 = made.demands.iter().map(|demand| demand.quantity).sum();
    let short: i64 = plan.shortages.iter().map(|shortage| shortage.quantity).sum();
    (plan.certificate.gap * 1000 / plan.totals.objective, short * 1000 / asked)
}

#[test]
fn a_class_share_of_the_market_beside_tiers_and_minimums_leaves_a_full_plan() {
    for (seed, by) in [(1, ShareBy::Value), (2, ShareBy::Quantity)] {
        let terms = Terms { mixed_packs: false, drop_fees: true, minimums: true, tiers: true };
        let mut made = market(seed, (15, 4), terms);
        let classes = vec!["koperasi".into(), "umkm".into()];
        made.class_shares = vec![ClassShare { id: "share".into(), classes, min_permille: 800, by, buyer: None }];
        let (gap, short) = outcome(&made, Engine::Flow);
        assert!(gap <= 10 && short <= 200, "seed {seed}: gap {gap} ‰, short {short} ‰");
    }
}

#[test]
fn many_bundles_of_one_commodity_leave_no_empty_plan() {
    for seed in 1..4 {
        let mut made = market(seed, (40, 1), Terms { mixed_packs: true, ..Terms::default() });
        let ids: Vec<String> = made.offers.iter().map(|offer| offer.id.clone()).collect();
        let all = ids[..18].chunks(3).enumerate();
        made.bundles = all
            .map(|(at, offers)| Bundle::AllOrNothing { id: format!("all{at}"), offers: offers.to_vec() })
            .chain([Bundle::Xor { id: "xor".into(), offers: ids[18..22].to_vec() }])
            .collect();
        let (gap, short) = outcome(&made, Engine::Flow);
        assert!(gap <= 200 && short <= 200, "seed {seed}: gap {gap} ‰, short {short} ‰");
    }
}
