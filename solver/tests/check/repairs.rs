//! Repairs: clashes with as few pins as any, and offers for what nobody offers.

use super::random::{self, Rng};
use pasok_solver::explain::{Change, ExplainOptions, clashes, explain};
use pasok_solver::plan::Reason;
use pasok_solver::problem::{Pin, Problem};
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

#[test]
fn the_first_clash_has_as_few_pins_as_any() {
    let mut rng = Rng(81);
    let (mut compared, mut larger) = (0, 0);
    for _ in 0..120 {
        let mut problem = random::problem(&mut rng, true);
        problem.demands.retain(|demand| demand.quantity > 0);
        problem.pins.clear();
        for offer in &mut problem.offers {
            (offer.commodity, offer.day_from, offer.pack, offer.stock) = ("c1".into(), 0, 1, offer.stock.min(12));
        }
        problem.demands.iter_mut().for_each(|demand| (demand.commodity, demand.day_from) = ("c1".into(), 0));
        for demand in &problem.demands {
            for offer in &problem.offers {
                if rng.chance(40) {
                    continue;
                }
                let quantity = rng.within(1, 8);
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
fn what_nobody_offers_can_be_offered_at_the_penalty() {
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
            let fix = shortage.fix.as_ref().unwrap();
            let demand = problem.demands.iter().find(|demand| demand.id == shortage.demand).unwrap();
            let most = demand.price_ceiling.map_or(demand.shortage_penalty, |most| most.min(demand.shortage_penalty));
            let [Change::AddOffer { price, quantity, .. }] = &fix.changes[..] else { panic!("{fix:?}") };
            assert_eq!((*price, fix.still_missing), (most, 0));
            assert!(*quantity >= demand.quantity, "{fix:?}");
            assert!(fix.counted_more <= 0, "{fix:?}");
            helped += 1;
        }
    }
    assert!(asked > 20 && helped == asked, "{helped} of {asked}");
}
