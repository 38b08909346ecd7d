//! Fair shares: equal to brute force where stock alone is scarce, never without proof anywhere else.

use crate::brute;
use crate::build::{approved, demand, offer, supplier, with};
use crate::random::{self, Rng};
use pasok_solver::check::{Multipliers, check};
use pasok_solver::plan::{Plan, PlanStatus};
use pasok_solver::problem::*;
use pasok_solver::{Engine, solve, validate};
use std::collections::HashMap;

const RULE: Option<Fairness> = Some(Fairness { mode: FairnessMode::MaxMin, min_total_permille: 1000 });

/// One commodity in packs of one size, some pairs ruled out, classes, tolerance.
fn market(rng: &mut Rng) -> Problem {
    let pack = rng.within(1, 4);
    let mut made = crate::build::base();
    made.suppliers = (0..4).map(|at| supplier(&format!("s{at}"))).collect();
    made.demands = (0..rng.within(1, 5)).map(|at| demand(&format!("d{at}"), rng.within(1, 5 * pack + 2))).collect();
    made.offers = (0..rng.within(1, 4)).map(|at| offer(&format!("o{at}"), rng.within(0, 7 * pack), 0)).collect();
    for (at, offer) in made.offers.iter_mut().enumerate() {
        (offer.supplier, offer.pack, offer.price) = (format!("s{at}"), pack, rng.within(5, 45));
    }
    for demand in &mut made.demands {
        demand.accept_up_to = rng.chance(50).then(|| demand.quantity + rng.within(0, pack));
        demand.priority = if rng.chance(30) { rng.within(0, 2) } else { 0 };
        demand.shortage_penalty = rng.within(46, 60);
    }
    for demand in &made.demands {
        for offer in made.offers.iter().filter(|_| rng.chance(35)) {
            let (demand, offer) = (Some(demand.id.clone()), Some(offer.id.clone()));
            made.exclusions.push(Exclusion { buyer: None, demand, supplier: None, offer });
        }
    }
    made.fairness = RULE;
    made
}

/// Whether a pair may trade, by the few terms that [`market`] sets.
fn may_trade(made: &Problem, demand: &Demand, offer: &Offer) -> bool {
    let is_ruled_out =
        |rule: &Exclusion| rule.demand.as_ref() == Some(&demand.id) && rule.offer.as_ref() == Some(&offer.id);
    offer.pack <= demand.accept_up_to.unwrap_or(demand.quantity)
        && offer.stock >= offer.pack
        && !made.exclusions.iter().any(is_ruled_out)
}

/// Most packs of a demand: whole ones, and a last one that is partly needed where it is accepted and worth its price.
fn most(made: &Problem, demand: &Demand) -> i64 {
    let open: Vec<&Offer> = made.offers.iter().filter(|offer| may_trade(made, demand, offer)).collect();
    let Some(pack) = open.first().map(|offer| offer.pack) else { return 0 };
    let (whole, rest) = (demand.quantity / pack, demand.quantity % pack);
    let accepted = (whole + 1) * pack <= demand.accept_up_to.unwrap_or(demand.quantity);
    let last = made.demands.iter().map(|demand| demand.priority).max().unwrap();
    let largest = made.demands.iter().map(|demand| demand.shortage_penalty).max().unwrap();
    let penalty = demand.shortage_penalty + (last - demand.priority) * 64 * (1 + largest);
    let worth = open.iter().any(|offer| offer.price * pack <= penalty * rest);
    whole + i64::from(rest > 0 && accepted && worth)
}

/// Hall's condition: no group of demands takes more than the stock that it can draw on.
fn is_possible(made: &Problem, packs: &[i64]) -> bool {
    (1..1_usize << packs.len()).all(|group| {
        let inside = |at: usize| group >> at & 1 == 1;
        let taken: i64 = packs.iter().enumerate().filter(|(at, _)| inside(*at)).map(|(_, packs)| packs).sum();
        let draws = |offer: &&Offer| {
            made.demands.iter().enumerate().any(|(at, demand)| inside(at) && may_trade(made, demand, offer))
        };
        taken <= made.offers.iter().filter(draws).map(|offer| offer.stock / offer.pack).sum()
    })
}

/// Fill of all demands, class by class, the poorest first. Fill is in parts of a number that all needs divide.
fn standing(made: &Problem, served: &[i64]) -> Vec<i64> {
    let common: i64 =
        made.demands.iter().map(|demand| demand.quantity).fold(1, |all, need| all * need / gcd(all, need));
    let fill =
        |(demand, served): (&Demand, &i64)| (demand.priority, served.min(&demand.quantity) * common / demand.quantity);
    let mut fills: Vec<(i64, i64)> = made.demands.iter().zip(served).map(fill).collect();
    fills.sort_unstable();
    fills.into_iter().map(|(_, fill)| fill).collect()
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The best standing of all ways to hand out packs.
fn best(made: &Problem) -> Vec<i64> {
    let most: Vec<i64> = made.demands.iter().map(|demand| most(made, demand)).collect();
    let pack = made.offers[0].pack;
    let mut packs = vec![0; most.len()];
    let mut best = Vec::new();
    loop {
        if is_possible(made, &packs) {
            let served: Vec<i64> = packs.iter().map(|packs| packs * pack).collect();
            best = best.max(standing(made, &served));
        }
        let Some(place) = (0..packs.len()).find(|&place| packs[place] < most[place]) else { return best };
        packs[place] += 1;
        packs[..place].fill(0);
    }
}

/// Base units that a plan of plain packs delivers to each demand.
fn served(made: &Problem, plan: &Plan) -> Vec<i64> {
    let mut served: HashMap<&str, i64> = HashMap::new();
    plan.lines.iter().for_each(|line| *served.entry(line.demand.as_str()).or_default() += line.quantity);
    made.demands.iter().map(|demand| served.get(demand.id.as_str()).copied().unwrap_or(0)).collect()
}

#[test]
fn shares_are_the_lexicographically_largest_of_all() {
    let mut rng = Rng(61);
    let mut scarce = 0;
    for round in 0..1_500 {
        let made = market(&mut rng);
        assert_eq!(validate(&made), []);
        let plan = approved(&made, &with(Engine::Auto));
        let own = standing(&made, &served(&made, &plan));
        assert_eq!(own, best(&made), "round {round}: {plan:?}\n{}", String::from_utf8(made.to_json()).unwrap());
        assert_eq!((plan.totals.fairness, plan.status), (0, PlanStatus::Optimal));
        let fair = plan.fairness.unwrap();
        assert_eq!(fair.shares, served(&made, &Plan { fairness: None, ..plan }));
        scarce += usize::from(served(&made, &fair.without) != fair.shares);
    }
    assert!(scarce > 200, "the rule made a difference in {scarce} cases only");
}

#[test]
fn shares_need_no_order_and_no_names() {
    let mut rng = Rng(62);
    for _ in 0..200 {
        let made = market(&mut rng);
        let mut turned = made.clone();
        turned.demands.reverse();
        turned.offers.reverse();
        let one = approved(&made, &with(Engine::Auto)).fairness.unwrap();
        let mut other = approved(&turned, &with(Engine::Auto)).fairness.unwrap();
        other.shares.reverse();
        assert_eq!((one.shares, one.cost), (other.shares, other.cost));
    }
}

#[test]
fn plans_over_all_terms_keep_shares_and_totals() {
    let mut rng = Rng(63);
    let (mut solved, mut met, mut forced, mut optimal) = (0, 0, 0, 0);
    for round in 0..500 {
        let mut made = random::problem(&mut rng, round % 3 == 0);
        made.demands.retain(|demand| demand.quantity > 0);
        made.fairness = Some(Fairness { mode: FairnessMode::MaxMin, min_total_permille: *rng.pick(&[1000, 900, 0]) });
        if !validate(&made).is_empty() {
            continue;
        }
        let sha = problem_sha256(&made.to_json());
        // Pins that break a rule leave no plan at all.
        let Ok(plan) = solve(&made, &sha, &with(Engine::Auto), &mut |_| ()) else { continue };
        let report = check(&made, &sha, &plan);
        assert!(report.is_clean(), "{:?}\n{plan:?}\n{}", report.violations, String::from_utf8(made.to_json()).unwrap());
        solved += 1;
        met += usize::from(plan.totals.fairness == 0);
        optimal += usize::from(plan.status == PlanStatus::Optimal);
        forced += usize::from(plan.certificate.rows.iter().any(|row| row.row == "fair_total"));
    }
    println!("{solved} solved, {met} met all shares, {optimal} optimal, {forced} with a forced total");
    assert!(solved > 150 && met > solved / 2, "{met} of {solved} met all shares");
}

#[test]
fn plans_with_shares_over_all_terms_equal_brute_force() {
    let mut rng = Rng(64);
    let (mut compared, mut missed) = (0, 0);
    while compared < 150 {
        let mut made = brute::small(&mut rng);
        made.fairness = Some(Fairness { mode: FairnessMode::MaxMin, min_total_permille: *rng.pick(&[1000, 800]) });
        let sha = problem_sha256(&made.to_json());
        let Ok(plan) = solve(&made, &sha, &with(Engine::Auto), &mut |_| ()) else { continue };
        let given = Multipliers { fairness: plan.fairness.clone(), ..Multipliers::default() };
        let Some(least) = brute::best_beside(&made, &sha, &given, 1_000) else { continue };
        assert_eq!(plan.totals.objective, least, "{plan:?}\n{}", String::from_utf8(made.to_json()).unwrap());
        compared += 1;
        missed += usize::from(plan.totals.fairness > 0);
    }
    println!("{compared} compared, in {missed} of them some share cannot be met");
}
