//! Weak duality, tried out: no multipliers whatever may prove a bound above the cost of an allowed plan.

use super::random::{self, Rng};
use pasok_solver::check::{Multipliers, complete};
use pasok_solver::problem::Problem;

/// Climbs: changes one multiplier at a time and keeps what does not lower the bound, so that a wrong sign in any row
/// drives the bound above the plans instead of hiding in slack.
fn climb(rng: &mut Rng, problem: &Problem, sha: &str, steps: usize) -> (i128, Multipliers) {
    let rows = random::all_rows(problem, sha);
    let mut prices = Multipliers {
        demand_prices: vec![0; problem.demands.len()],
        offer_prices: vec![0; problem.offers.len()],
        rows: Vec::new(),
        scale: *rng.pick(&[1, 1, 10]),
        fairness: None,
    };
    let bound =
        |prices: &Multipliers| complete(problem, sha, &[], prices.clone()).ok().map(|plan| plan.certificate.bound);
    let mut best = bound(&prices).unwrap();
    for _ in 0..steps {
        let mut tried = prices.clone();
        let step = rng.within(-40, 60) * tried.scale * if rng.chance(30) { 10 } else { 1 };
        match rng.within(0, 2) {
            0 => *pick_mut(rng, &mut tried.demand_prices) += step,
            1 => {
                let price = pick_mut(rng, &mut tried.offer_prices);
                *price = (*price + step).max(0);
            }
            _ if rows.is_empty() => {}
            _ => {
                let row = rng.pick(&rows);
                match tried.rows.iter_mut().find(|own| (&own.row, &own.key) == (&row.row, &row.key)) {
                    Some(own) => own.price = (own.price + step).max(0),
                    None => tried.rows.push(pasok_solver::plan::RowPrice { price: step.max(0), ..row.clone() }),
                }
                tried.rows.retain(|row| row.price > 0);
                tried.rows.sort();
            }
        }
        if let Some(reached) = bound(&tried).filter(|&reached| reached >= best) {
            (best, prices) = (reached, tried);
        }
    }
    (best, prices)
}

fn pick_mut<'a>(rng: &mut Rng, list: &'a mut [i64]) -> &'a mut i64 {
    let at = usize::try_from(rng.within(0, i64::try_from(list.len()).unwrap() - 1)).unwrap();
    &mut list[at]
}

/// (problems with a plan, those where the climb closed the gap)
fn try_out(seed: u64, problems: usize, plain: bool) -> (usize, usize) {
    let mut rng = Rng(seed);
    let (mut judged, mut tight) = (0, 0);
    for round in 0..problems {
        let problem = random::problem(&mut rng, plain);
        let plans: Vec<_> = (0..4).filter_map(|_| random::plan(&mut rng, &problem, "sha")).collect();
        let Some(best) = plans.iter().map(|plan| plan.totals.objective).min() else {
            continue;
        };
        let (bound, prices) = climb(&mut rng, &problem, "sha", 600);
        assert!(
            bound <= best,
            "round {round}: bound {bound} above an allowed plan of {best}\n{}\n{prices:?}\n{plans:#?}",
            serde_json::to_string_pretty(&problem).unwrap()
        );
        judged += 1;
        tight += usize::from(bound == best);
    }
    (judged, tight)
}

#[test]
fn no_multipliers_prove_more_than_an_allowed_plan_costs() {
    let (judged, tight) = try_out(1, 400, false);
    assert!(judged > 200, "only {judged} problems had a plan");
    assert!(
        tight > judged / 10,
        "the climb closed only {tight} of {judged} gaps: the bound is too weak to test anything"
    );
}

#[test]
fn plain_problems_reach_their_optimum() {
    let (judged, tight) = try_out(2, 150, true);
    assert!(judged > 100, "only {judged} problems had a plan");
    assert!(tight > judged / 3, "the climb closed only {tight} of {judged} gaps");
}
