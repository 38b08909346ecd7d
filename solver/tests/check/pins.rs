//! Clashing pins: the set found clashes, every part of it matters, and each repair costs what it says.

use super::random::{self, Rng};
use pasok_solver::explain::{ExplainOptions, clashes};
use pasok_solver::problem::{Pin, Problem};
use pasok_solver::{SolveOptions, solve};

fn price(problem: &Problem, pins: &[usize]) -> Option<i128> {
    let mut part = problem.clone();
    part.pins = pins.iter().map(|&pin| problem.pins[pin].clone()).collect();
    let options = SolveOptions { threads: 1, ..Default::default() };
    let plan = solve(&part, "sha", &options, &mut |_| ()).ok()?;
    Some(plan.totals.objective - plan.totals.priority)
}

#[test]
fn a_clash_is_a_clash_and_every_pin_of_it_matters() {
    let mut rng = Rng(61);
    let options = ExplainOptions { solve: SolveOptions { threads: 1, ..Default::default() }, ..Default::default() };
    let (mut found, mut larger) = (0, 0);
    for _ in 0..150 {
        let mut problem = random::problem(&mut rng, true);
        problem.demands.retain(|demand| demand.quantity > 0);
        problem.pins.clear();
        problem.offers.iter_mut().for_each(|offer| (offer.commodity, offer.day_from) = ("c1".into(), 0));
        problem.demands.iter_mut().for_each(|demand| (demand.commodity, demand.day_from) = ("c1".into(), 0));
        if problem.demands.is_empty() || price(&problem, &[]).is_none() {
            continue;
        }
        for _ in 0..rng.within(2, 8) {
            let offer = rng.pick(&problem.offers).clone();
            let demand = rng.pick(&problem.demands).clone();
            let pin = Pin { demand: demand.id, offer: offer.id, quantity: offer.pack * rng.within(1, 10), day: None };
            if problem.pins.iter().all(|other| (&other.demand, &other.offer) != (&pin.demand, &pin.offer)) {
                problem.pins.push(pin);
            }
        }
        let all: Vec<usize> = (0..problem.pins.len()).collect();
        let answer = clashes(&problem, &options).unwrap();
        assert_eq!(answer.is_empty(), price(&problem, &all).is_some());
        let mut left = all;
        for clash in &answer {
            assert!(price(&problem, &clash.pins).is_none(), "{clash:?}");
            for pin in &clash.pins {
                let without: Vec<_> = clash.pins.iter().copied().filter(|other| other != pin).collect();
                assert!(price(&problem, &without).is_some(), "{clash:?}");
            }
            for repair in &clash.repairs {
                let rest: Vec<_> = left.iter().copied().filter(|other| *other != repair.drop_pin).collect();
                assert_eq!(price(&problem, &rest).map(|ticks| ticks.to_string()), repair.counted);
            }
            left.retain(|pin| *pin != clash.repairs[0].drop_pin);
            found += 1;
            larger += usize::from(clash.pins.len() > 1);
        }
        assert!(price(&problem, &left).is_some());
    }
    assert!(found > 40 && larger > 5, "{found} clashes, {larger} of more than one pin");
}
