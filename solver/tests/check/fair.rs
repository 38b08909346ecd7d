//! Fair plans before both checkers: every number moved by one is refused, and both give the same reasons.

use super::mutation::refuse_all;
use super::random::{self, Rng};
use super::second::{codes, engines_plan, second_opinions};
use pasok_solver::SolveOptions;
use pasok_solver::check::{Code, check, check_person};
use pasok_solver::explain::{ExplainOptions, explain};
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Fairness, FairnessMode, Problem};
use serde_json::{Value, json};

/// Problems with the rule and the engines' plans for them.
fn fair_plans(rng: &mut Rng, count: usize) -> Vec<(Problem, Plan)> {
    let mut found = Vec::new();
    for round in 0.. {
        if found.len() == count {
            break;
        }
        let mut problem = random::problem(rng, round % 2 == 0);
        problem.offers.iter_mut().for_each(|offer| offer.stock /= 2);
        let min_total_permille = *rng.pick(&[1000, 950, 0]);
        problem.fairness = Some(Fairness { mode: FairnessMode::MaxMin, min_total_permille });
        if let Some(plan) = engines_plan(&problem) {
            found.push((problem, plan));
        }
    }
    found
}

#[test]
fn every_number_of_a_fair_plan_moved_by_one_is_refused() {
    let mutants: usize = fair_plans(&mut Rng(71), 60).iter().map(|(problem, plan)| refuse_all(problem, plan)).sum();
    assert!(mutants > 3_000, "only {mutants} mutants");
}

#[test]
fn a_unit_moved_to_a_better_served_demand_is_refused() {
    let mut tried = 0;
    for (problem, plan) in fair_plans(&mut Rng(72), 900) {
        for from in 0..plan.fairness.as_ref().map_or(0, |fair| fair.flow.len()) {
            for to in 0..problem.demands.len() {
                let mut mutant = plan.clone();
                if let Some(fair) = passed_on(&problem, &mut mutant, from, to) {
                    assert!(check(&problem, "sha", &mutant).has(Code::Fairness), "{fair}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 60, "only {tried}");
}

/// Moves one unit of the shares to another demand, with all sums redone; `None` when that is no robbery.
fn passed_on(problem: &Problem, mutant: &mut Plan, from: usize, to: usize) -> Option<String> {
    let text = serde_json::to_string(&mutant).unwrap();
    let fair = mutant.fairness.as_mut()?;
    let part = fair.flow[from].clone();
    let giver = problem.demands.iter().position(|demand| demand.id == part.demand)?;
    let (poor, rich) = (&problem.demands[giver], &problem.demands[to]);
    let pack = problem.offers.iter().find(|offer| offer.id == part.offer)?.pack;
    let taker = fair.flow.iter_mut().find(|own| own.demand == rich.id && own.offer == part.offer)?;
    let is_robbery = poor.priority <= rich.priority
        && fair.shares[giver] * rich.quantity < fair.shares[to] * poor.quantity
        && giver != to;
    if !is_robbery || part.quantity <= pack {
        return None;
    }
    taker.quantity += pack;
    fair.flow[from].quantity -= pack;
    fair.shares[giver] -= pack;
    fair.shares[to] += pack;
    fair.control = pasok_solver::plan::ControlSums::over(fair.shares.iter().chain(&fair.rivals).copied());
    Some(text)
}

#[test]
fn both_checkers_agree_on_fair_plans() {
    let mut rng = Rng(73);
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for (problem, plan) in fair_plans(&mut rng, 250) {
        let stated = serde_json::to_value(&plan).unwrap();
        let mut pointers = Vec::new();
        super::mutation::numbers(&stated, "", &mut pointers);
        let mut plans: Vec<Value> = vec![stated.clone()];
        for _ in 0..4 {
            let by = *rng.pick(&[-1, 1, 30, -30]);
            plans.push(super::mutation::moved(&stated, rng.pick::<String>(&pointers), by));
        }
        for plan in plans {
            let Ok(read) = serde_json::from_value::<Plan>(plan) else { continue };
            expected.push(codes(&problem, &read));
            cases.push(json!({"problem": problem, "sha256": "sha", "plan": read}));
        }
    }
    let found = second_opinions(&cases);
    for ((case, expected), found) in cases.iter().zip(&expected).zip(&found) {
        assert_eq!(found, expected, "{}", serde_json::to_string_pretty(case).unwrap());
    }
    assert!(expected.iter().filter(|codes| codes.is_empty()).count() >= 250);
}

#[test]
fn the_rule_costs_what_the_plan_states() {
    let options = ExplainOptions {
        rules: true,
        offer: None,
        demand: None,
        solve: SolveOptions { threads: 1, ..Default::default() },
        ..Default::default()
    };
    let mut costly = 0;
    for (problem, plan) in fair_plans(&mut Rng(74), 160) {
        let fairness = plan.fairness.as_ref().unwrap();
        // Weights between classes are in the plan's figure, but are no money.
        let weights = plan.totals.priority - fairness.without.totals.priority;
        let stated = fairness.cost - weights;
        let answer = explain(&problem, &plan, &options).unwrap();
        let rule = answer.rules.iter().find(|rule| rule.rule == "fairness").unwrap();
        assert_eq!(rule.cost, stated);
        costly += usize::from(stated != 0);
    }
    assert!(costly > 8, "the rule costs something in {costly} cases only");
}

#[test]
fn a_person_is_judged_by_the_shares_of_the_reference() {
    let mut worse = 0;
    for (problem, plan) in fair_plans(&mut Rng(75), 200) {
        let free = plan.fairness.as_ref().unwrap().without.as_ref();
        let choices = random::choices(free);
        let alone = check_person(&problem, "sha", &choices, None);
        assert!(alone.violations.is_empty(), "{:?}", alone.violations);
        let beside = check_person(&problem, "sha", &choices, Some(&plan));
        assert!(beside.violations.iter().all(|found| found.code == Code::FairTotal), "{:?}", beside.violations);
        worse += usize::from(beside.totals.fairness > plan.totals.fairness);
    }
    assert!(worse > 20, "without the rule shares are missed in {worse} cases only");
}
