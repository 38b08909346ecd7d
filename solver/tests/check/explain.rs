//! Every claim of an explanation is tried out on the whole problem, not on the part it was found in.

use super::random::{self, Rng};
use pasok_solver::explain::{ExplainOptions, Explanation, explain};
use pasok_solver::plan::{Plan, Reason};
use pasok_solver::problem::{Bundle, Incumbent, Offer, Pin, Problem};
use pasok_solver::{SolveOptions, solve, validate};

fn solved(problem: &Problem) -> Option<Plan> {
    let options = SolveOptions { threads: 1, ..Default::default() };
    if validate(problem).is_empty() { solve(problem, "sha", &options, &mut |_| ()).ok() } else { None }
}

fn missing(plan: &Plan, demand: &str) -> i64 {
    plan.shortages.iter().filter(|s| s.demand == demand).map(|s| s.quantity).sum()
}

fn taken(plan: &Plan, offer: &str) -> i64 {
    plan.lines.iter().filter(|line| line.offer == offer).map(|line| line.quantity).sum()
}

fn counted(plan: &Plan) -> i128 {
    plan.totals.objective - plan.totals.priority
}

/// Solved random problems with all their explanations.
fn cases(seed: u64, rounds: usize) -> Vec<(Problem, Plan, Explanation)> {
    cases_of(seed, rounds, |_| ())
}

fn cases_of(seed: u64, rounds: usize, adapt: impl Fn(&mut Problem)) -> Vec<(Problem, Plan, Explanation)> {
    let mut rng = Rng(seed);
    let options = ExplainOptions {
        rules: true,
        stocks: true,
        solve: SolveOptions { threads: 1, ..Default::default() },
        ..Default::default()
    };
    let mut cases = Vec::new();
    for _ in 0..rounds {
        let plain = rng.chance(60);
        let mut problem = random::problem(&mut rng, plain);
        problem.demands.retain(|demand| demand.quantity > 0);
        problem.pins.clear();
        adapt(&mut problem);
        let Some(plan) = solved(&problem) else { continue };
        let Ok(answer) = explain(&problem, &plan, &options) else {
            continue;
        };
        cases.push((problem, plan, answer));
    }
    cases
}

#[test]
fn a_losing_offer_wins_at_its_price_and_loses_one_tick_above() {
    let (mut winning, mut hopeless) = (0, 0);
    for (problem, plan, answer) in cases(51, 150) {
        for offer in &answer.offers {
            assert_eq!(taken(&plan, &offer.offer), 0);
            let won = |price: i64| {
                let mut changed = problem.clone();
                let own = changed.offers.iter_mut().find(|own| own.id == offer.offer).unwrap();
                let shift = price - own.price;
                own.price = price;
                own.tiers.iter_mut().for_each(|tier| tier.price += shift);
                solved(&changed).map(|plan| taken(&plan, &offer.offer))
            };
            if let Some(price) = offer.wins_at {
                assert_eq!(won(price), Some(offer.quantity), "{offer:?}");
                assert!(offer.quantity > 0 && price < offer.price, "{offer:?}");
                assert_eq!(won(price + 1), Some(0), "{offer:?}");
                winning += 1;
            } else {
                let own = problem.offers.iter().find(|own| own.id == offer.offer).unwrap();
                let cut = own.tiers.iter().map(|tier| tier.price).fold(own.price, i64::min);
                // Below that a discount can make the price negative, which is no problem any more.
                let lowest = (own.price - cut..=own.price).find_map(won);
                assert_eq!(lowest, Some(0), "{offer:?}");
                hopeless += 1;
            }
        }
    }
    assert!(winning > 20 && hopeless > 10, "{winning} could win, {hopeless} could not");
}

#[test]
fn a_fix_ends_the_shortage_at_the_stated_price() {
    let (mut fixed, mut unfixed) = (0, 0);
    for (problem, plan, answer) in cases(52, 150) {
        for shortage in &answer.shortages {
            assert_eq!(shortage.missing, missing(&plan, &shortage.demand));
            // What nobody offers no change of a record can bring.
            let nobody = shortage.reasons.iter().any(|(reason, _)| *reason == Reason::NoOfferForItem);
            unfixed += usize::from(shortage.fix.is_none() && !nobody);
            for fix in shortage.fix.iter().chain(&shortage.alternatives) {
                let mut changed = problem.clone();
                fix.changes.iter().for_each(|change| change.apply(&mut changed));
                let then = solved(&changed).unwrap();
                assert_eq!(missing(&then, &shortage.demand), fix.still_missing, "{fix:?}");
                assert_eq!(counted(&then) - counted(&plan), fix.counted_more, "{fix:?}");
                let paid = |plan: &Plan| plan.totals.goods + plan.totals.freight + plan.totals.fees;
                assert_eq!(paid(&then) - paid(&plan), fix.paid_more, "{fix:?}");
            }
            if let Some(fix) = &shortage.fix {
                assert_eq!(fix.still_missing, 0);
                let others = shortage.alternatives.iter().filter(|other| other.still_missing == 0);
                assert!(others.map(|other| other.paid_more).all(|price| price >= fix.paid_more));
                fixed += 1;
            }
        }
    }
    assert!(fixed > 60, "{fixed} shortages fixed, {unfixed} not");
    assert!(fixed > 15 * unfixed, "{fixed} shortages fixed, {unfixed} not");
}

#[test]
fn rules_and_stocks_cost_what_solving_without_them_shows() {
    let (mut costly, mut worthy) = (0, 0);
    for (problem, plan, answer) in cases(53, 150) {
        let classes = problem.demands.iter().any(|demand| demand.priority != problem.demands[0].priority);
        for rule in &answer.rules {
            // A discount is the one rule that pays.
            let pays = problem.bundles.iter().any(|bundle| matches!(bundle, Bundle::Discount { .. }));
            assert!(classes || rule.cost >= 0 || (rule.rule == "bundle" && pays), "{rule:?}");
            costly += usize::from(rule.cost > 0);
        }
        for stock in &answer.stocks {
            let mut more = problem.clone();
            more.offers.iter_mut().filter(|own| own.id == stock.offer).for_each(|own| own.stock += stock.pack);
            assert_eq!(counted(&plan) - counted(&solved(&more).unwrap()), stock.worth);
            assert!(classes || stock.worth >= 0, "{stock:?}");
            worthy += usize::from(stock.worth > 0);
        }
    }
    assert!(costly > 20 && worthy > 20, "{costly} rules cost something, {worthy} stocks are worth something");
}

#[test]
fn a_runner_up_is_never_cheaper_where_nothing_but_cost_decides() {
    let mut compared = 0;
    let only_cost = |problem: &mut Problem| {
        problem.substitutes.clear();
        problem.bundles.clear();
        problem.class_shares.clear();
        problem.incumbent = None;
        problem.buyers.iter_mut().for_each(|b| {
            (b.budget, b.min_suppliers, b.max_suppliers, b.max_supplier_share_permille) = (None, None, None, None);
        });
        problem.suppliers.iter_mut().for_each(|s| {
            (s.min_order_value, s.drop_fee, s.trip_fee) = (0, 0, 0);
            (s.capacity_g_per_day, s.capacity_g) = (None, None);
        });
        problem.offers.iter_mut().for_each(|o| {
            (o.pack, o.min_line, o.min_total, o.stock_per_day) = (1, 0, 0, None);
            o.tiers.clear();
            o.commodity = "c1".into();
        });
        problem.demands.iter_mut().for_each(|d| d.commodity = "c1".into());
    };
    for (_, plan, answer) in cases_of(54, 200, only_cost) {
        assert_eq!(answer.lines.len(), plan.lines.len());
        for line in answer.lines.iter().filter_map(|line| line.runner_up.as_ref()) {
            assert!(line.margin_per_thousand >= 0, "{line:?}");
            compared += 1;
        }
    }
    assert!(compared > 50, "only {compared}");
}

#[test]
fn a_line_to_keep_between_unrelated_goods_stands_in_nobodys_way() {
    let options = ExplainOptions { solve: SolveOptions { threads: 1, ..Default::default() }, ..Default::default() };
    let mut rng = Rng(56);
    let mut explained = 0;
    while explained < 20 {
        let mut problem = random::problem(&mut rng, false);
        problem.substitutes.clear();
        problem.pins.clear();
        let other = |offer: &&Offer| offer.commodity != problem.demands[0].commodity;
        let Some(offer) = problem.offers.iter().find(other).map(|offer| offer.id.clone()) else { continue };
        let line = Pin { demand: problem.demands[0].id.clone(), offer, day: Some(0), quantity: 1 };
        problem.incumbent = Some(Incumbent { lines: vec![line], change_penalty: 7 });
        let Some(plan) = solved(&problem) else { continue };
        explain(&problem, &plan, &options).unwrap();
        explained += usize::from(!plan.shortages.is_empty());
    }
}
