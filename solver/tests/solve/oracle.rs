//! Random small problems over all terms.

use crate::brute;
use crate::random::{Rng, problem};
use pasok_solver::check::check;
use pasok_solver::problem::{Problem, problem_sha256};
use pasok_solver::{Engine, SolveOptions, solve, validate};

/// A valid random problem whose plans can be counted.
pub fn small(rng: &mut Rng, plain: bool) -> Problem {
    loop {
        let mut made = problem(rng, plain);
        for demand in &mut made.demands {
            demand.quantity = demand.quantity % 6 + 1;
            demand.accept_up_to = demand.accept_up_to.map(|_| demand.quantity + rng.within(0, 4));
        }
        for offer in &mut made.offers {
            offer.stock %= 9;
            offer.min_line = offer.min_line.min(offer.stock);
            offer.min_total = offer.min_total.min(offer.stock);
        }
        for pin in &mut made.pins {
            let pack = made.offers.iter().find(|offer| offer.id == pin.offer).unwrap().pack;
            pin.quantity = pack;
        }
        for buyer in &mut made.buyers {
            buyer.budget = buyer.budget.map(|budget| budget / 8);
        }
        for supplier in &mut made.suppliers {
            supplier.min_order_value /= 6;
            supplier.drop_fee /= 4;
            supplier.trip_fee /= 4;
            supplier.capacity_g_per_day = supplier.capacity_g_per_day.map(|capacity| capacity / 6);
        }
        if let Some(incumbent) = &mut made.incumbent {
            incumbent.lines.iter_mut().for_each(|line| line.quantity = line.quantity / 30 * 2);
        }
        if validate(&made).is_empty() {
            return made;
        }
    }
}

fn run(problem: &Problem, engine: Engine) -> Result<pasok_solver::plan::Plan, pasok_solver::SolveError> {
    let bytes = problem.to_json();
    let options = SolveOptions { engine, threads: 1, ..SolveOptions::default() };
    solve(problem, &problem_sha256(&bytes), &options, &mut |_| ())
}

fn show(problem: &Problem) -> String {
    String::from_utf8(problem.to_json()).unwrap()
}

fn compare(seed: u64, count: usize, plain: bool, engines: &[Engine]) {
    let mut rng = Rng(seed);
    let (mut compared, mut refused) = (0, 0);
    while compared < count {
        let made = small(&mut rng, plain);
        let Some(least) = brute::best(&made, 3_000).or_else(|| brute::best(&made, 3_000)) else {
            continue;
        };
        let sha = problem_sha256(&made.to_json());
        for &engine in engines {
            let Ok(plan) = run(&made, engine) else {
                refused += 1;
                continue;
            };
            let report = check(&made, &sha, &plan);
            assert!(report.is_clean(), "{:?}\n{:?}\n{}", report.violations, plan, show(&made));
            assert_eq!(plan.totals.objective, least, "{engine:?}: {plan:?}\n{}", show(&made));
        }
        compared += 1;
    }
    assert_eq!(refused, 0);
}

#[test]
fn plain_problems_equal_brute_force_on_both_engines() {
    compare(1, 200, true, &[Engine::Auto, Engine::Highs]);
}

#[test]
fn problems_over_all_terms_equal_brute_force() {
    compare(2, 400, false, &[Engine::Auto]);
}
