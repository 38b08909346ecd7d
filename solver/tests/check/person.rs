//! Plan mode and the difference of plans.

use super::random::{self, Rng};
use pasok_solver::check::{Choice, Code, check_person};
use pasok_solver::compare::{Change, compare};
use pasok_solver::problem::Problem;

fn found(rng: &mut Rng) -> (Problem, pasok_solver::plan::Plan) {
    loop {
        let problem = random::problem(rng, true);
        match random::plan(rng, &problem, "sha") {
            Some(plan) if !plan.lines.is_empty() => return (problem, plan),
            _ => {}
        }
    }
}

#[test]
fn a_person_may_leave_demands_short_and_sees_the_cost() {
    let mut rng = Rng(41);
    for _ in 0..50 {
        let (problem, plan) = found(&mut rng);
        let mut choices = random::choices(&plan);
        let dropped = choices.pop().unwrap();
        let report = check_person(&problem, "sha", &choices, Some(&plan));
        let pinned = problem.pins.iter().any(|pin| (&pin.demand, &pin.offer) == (&dropped.demand, &dropped.offer));
        assert_eq!(report.violations.is_empty(), !pinned, "{:#?}", report.violations);
        let extra = report.extra.unwrap();
        assert_eq!(extra.objective, report.totals.objective - plan.totals.objective);
        assert!(extra.shortage >= 0 && extra.goods <= 0, "{extra:?}");
    }
}

#[test]
fn every_broken_term_is_listed_with_its_amounts_at_the_persons_own_line() {
    let mut rng = Rng(42);
    for _ in 0..50 {
        let (problem, plan) = found(&mut rng);
        let mut choices = random::choices(&plan);
        choices.reverse();
        let offer = problem.offers.iter().find(|offer| offer.id == choices[0].offer).unwrap();
        choices[0].quantity += offer.stock / offer.pack * offer.pack + offer.pack;
        let (_, taken) = (&choices[0], choices.iter().filter(|c| c.offer == offer.id).map(|c| c.quantity).sum::<i64>());
        let unknown = Choice { demand: "nobody".into(), ..choices[0].clone() };
        choices.push(unknown);
        let report = check_person(&problem, "sha", &choices, None);
        let stock = report.violations.iter().find(|violation| violation.code == Code::Stock).unwrap();
        assert_eq!((stock.stated, stock.expected), (Some(taken.into()), Some(offer.stock.into())));
        let nobody = report.violations.iter().find(|violation| violation.code == Code::UnknownDemand).unwrap();
        assert_eq!(nobody.pointer, format!("/lines/{}/demand", choices.len() - 1));
        if let Some(fault) = report.violations.iter().find(|violation| violation.code == Code::DemandExceeded) {
            let at: usize = fault.pointer.split('/').nth(2).unwrap().parse().unwrap();
            assert_eq!(choices[at].demand, fault.subject[0]);
        }
    }
}

#[test]
fn a_difference_adds_up_and_turns_round() {
    let mut rng = Rng(43);
    let mut differing = 0;
    for _ in 0..80 {
        let (problem, left) = found(&mut rng);
        let Some(right) = random::plan(&mut rng, &problem, "sha") else {
            continue;
        };
        let (there, back) = (compare(&problem, &left, &right), compare(&problem, &right, &left));
        let lines: i128 = there.lines.iter().map(|line| line.cost).sum();
        assert_eq!(lines, there.cost.goods + there.cost.freight);
        assert_eq!(there.cost.objective, -back.cost.objective);
        assert_eq!(there.unchanged, back.unchanged);
        let count = |found: &pasok_solver::compare::Difference, change| {
            found.lines.iter().filter(|line| line.change == change).count()
        };
        assert_eq!(count(&there, Change::Added), count(&back, Change::Removed));
        assert!(compare(&problem, &left, &left).lines.is_empty());
        differing += usize::from(!there.lines.is_empty());
    }
    assert!(differing > 20, "only {differing} pairs differ");
}
