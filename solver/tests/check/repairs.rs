//! Repairs: clashes with as few pins as any, and offers for what nobody offers.

use super::random::{self, Rng};
use pasok_solver::explain::{Change, ExplainOptions, clashes, explain};
use pasok_solver::plan::Reason;
use pasok_solver::problem::{Demand, Pin, Problem};
use pasok_solver::{SolveOptions, solve, validate};

fn options() -> ExplainOptions {
    ExplainOptions { solve: SolveOptions { threads: 1, ..Default::default() }, ..Default::default() }
}

fn clashing(problem: &Problem, pins: &[usize]) -> bool {
    let mut part = problem.clone();
    part.pins = pins.iter().map(|&pin| problem.pins[pin].clone()).collect();
    solve(&part, "sha", &options().solve, &mut |_| ()).is_err()
}

/// The least number of pins that clash, by trying every set.
fn least(problem: &Problem) -> Option<usize> {
    let count = problem.pins.len();
    let members = |set: u32| (0..count).filter(|pin| set >> pin & 1 == 1).collect::<Vec<_>>();
    (1..1_u32 << count).map(members).filter(|set| clashing(problem, set)).map(|set| set.len()).min()
}

/// Leaves only sums to clash over, which takes several pins at once.
fn no_pair_is_barred(problem: &mut Problem) {
    problem.exclusions.clear();
    problem.suppliers.iter_mut().for_each(|supplier| supplier.active = true);
    problem.offers.iter_mut().for_each(|offer| offer.radius_m = None);
    for demand in &mut problem.demands {
        demand.requirements.clear();
        (demand.price_ceiling, demand.quantity) = (None, demand.quantity.max(8));
        demand.accept_up_to = demand.accept_up_to.map(|most| most.max(demand.quantity));
    }
}

#[test]
fn the_first_clash_has_as_few_pins_as_any() {
    let mut rng = Rng(81);
    let (mut compared, mut larger) = (0, 0);
    for round in 0..160 {
        let mut problem = random::problem(&mut rng, true);
        let (least_stock, most_pinned) = if round % 2 == 0 { (0, 8) } else { (10, 5) };
        problem.demands.retain(|demand| demand.quantity > 0);
        problem.pins.clear();
        for offer in &mut problem.offers {
            (offer.commodity, offer.day_from, offer.pack, offer.stock) =
                ("c1".into(), 0, 1, offer.stock.clamp(least_stock, 12));
            offer.stock_per_day = None;
        }
        if round % 2 == 1 {
            no_pair_is_barred(&mut problem);
        }
        problem.demands.iter_mut().for_each(|demand| (demand.commodity, demand.day_from) = ("c1".into(), 0));
        for demand in &problem.demands {
            for offer in &problem.offers {
                if rng.chance(40) {
                    continue;
                }
                let quantity = rng.within(1, most_pinned);
                let (demand, offer) = (demand.id.clone(), offer.id.clone());
                problem.pins.push(Pin { demand, offer, quantity, day: None });
            }
        }
        problem.pins.truncate(7);
        if problem.demands.is_empty() || clashing(&problem, &[]) {
            continue;
        }
        let found = clashes(&problem, &options()).unwrap();
        assert_eq!(found.first().map(|clash| clash.pins.len()), least(&problem));
        compared += usize::from(!found.is_empty());
        larger += usize::from(found.first().is_some_and(|clash| clash.pins.len() > 2));
    }
    assert!(compared > 25 && larger > 3, "{compared} clashes, {larger} of more than two pins");
}

#[test]
fn what_nobody_offers_can_be_offered_a_tick_below_the_penalty() {
    let mut rng = Rng(82);
    let (mut asked, mut helped) = (0, 0);
    for _ in 0..200 {
        let mut problem = random::problem(&mut rng, true);
        problem.demands.retain(|demand| demand.quantity > 0);
        problem.pins.clear();
        problem.offers.iter_mut().for_each(|offer| offer.commodity = "c1".into());
        if !validate(&problem).is_empty() {
            continue;
        }
        let Ok(plan) = solve(&problem, "sha", &options().solve, &mut |_| ()) else { continue };
        let answer = explain(&problem, &plan, &options()).unwrap();
        for shortage in &answer.shortages {
            if !shortage.reasons.iter().any(|(reason, _)| *reason == Reason::NoOfferForItem) {
                continue;
            }
            asked += 1;
            let Some(fix) = &shortage.fix else {
                panic!("{shortage:?}\n{}", String::from_utf8_lossy(&problem.to_json()))
            };
            let demand = problem.demands.iter().find(|demand| demand.id == shortage.demand).unwrap();
            let below = demand.shortage_penalty - 1;
            let most = demand.price_ceiling.map_or(below, |most| most.min(below));
            let [Change::AddOffer { price, quantity, .. }] = &fix.changes[..] else { panic!("{fix:?}") };
            assert_eq!((*price, fix.still_missing), (most, 0));
            assert!(*quantity >= demand.quantity, "{fix:?}");
            assert!(fix.counted_more <= 0, "{fix:?}");
            helped += 1;
        }
    }
    assert!(asked > 20 && helped == asked, "{helped} of {asked}");
}

#[test]
fn a_penalty_is_raised_one_step_past_the_tie() {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/plain.json")).unwrap();
    let mut asked = 0;
    for at in 0..Problem::from_json(&text).unwrap().demands.len() {
        let mut problem = Problem::from_json(&text).unwrap();
        problem.demands = vec![Demand { shortage_penalty: 1, ..problem.demands[at].clone() }];
        let plan = solve(&problem, "sha", &options().solve, &mut |_| ()).unwrap();
        let answer = explain(&problem, &plan, &options()).unwrap();
        let [shortage] = &answer.shortages[..] else { panic!("{answer:?}") };
        let whole = shortage.fix.iter().chain(&shortage.alternatives).filter(|fix| fix.still_missing == 0);
        let raised = whole.filter_map(|fix| match &fix.changes[..] {
            [Change::RaisePenalty { to, .. }] => Some(*to),
            _ => None,
        });
        let Some(to) = raised.min() else { continue };
        problem.demands[0].shortage_penalty = to;
        let then = solve(&problem, "sha", &options().solve, &mut |_| ()).unwrap();
        assert!(then.shortages.is_empty());
        let landed = then.lines.iter().map(|line| line.unit_price + line.unit_freight);
        // At the cost itself, serving and leaving short would cost the same.
        assert_eq!(landed.max(), Some(to - 1));
        asked += 1;
    }
    assert!(asked > 0);
}
