//! The best plan of a tiny problem by trying every one. Costs and rules are the referee's, not the engines'.

use crate::random::{Rng, is_allowed, problem, seal};
use pasok_solver::check::{Choice, Multipliers};
use pasok_solver::problem::{Demand, Offer, Problem};
use pasok_solver::validate;

/// A valid random problem over all terms whose plans are few enough to be tried.
pub fn small(rng: &mut Rng) -> Problem {
    loop {
        let mut made = problem(rng, false);
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
            pin.quantity = made.offers.iter().find(|offer| offer.id == pin.offer).unwrap().pack;
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

/// One (demand, offer, day) with every quantity it could have.
struct Slot<'a> {
    demand: &'a Demand,
    offer: &'a Offer,
    day: i64,
    most_packs: i64,
}

/// The least objective over all allowed plans, fair shares given; `None` when there are more than `limit` to try.
pub fn best_beside(problem: &Problem, sha: &str, given: &Multipliers, limit: u64) -> Option<i128> {
    let slots = slots(problem);
    let mut count = 1_u64;
    for slot in &slots {
        count = count.checked_mul(u64::try_from(slot.most_packs + 1).unwrap())?;
        if count > limit {
            return None;
        }
    }
    let mut packs = vec![0; slots.len()];
    let mut best = None;
    loop {
        if let Some(cost) = cost(problem, sha, given, &slots, &packs) {
            best = Some(best.map_or(cost, |least: i128| least.min(cost)));
        }
        let Some(place) = (0..slots.len()).find(|&place| packs[place] < slots[place].most_packs) else {
            break;
        };
        packs[place] += 1;
        packs[..place].fill(0);
    }
    best
}

fn slots(problem: &Problem) -> Vec<Slot<'_>> {
    let mut slots = Vec::new();
    for demand in &problem.demands {
        for offer in &problem.offers {
            let Some(units) = units(problem, demand, offer) else {
                continue;
            };
            let accept = demand.accept_up_to.unwrap_or(demand.quantity);
            let most_packs = (offer.stock / offer.pack).min(accept / units);
            for day in demand.day_from.max(offer.day_from)..=demand.day_to.min(offer.day_to) {
                if most_packs > 0 && is_reachable(problem, demand, offer) {
                    slots.push(Slot { demand, offer, day, most_packs });
                }
            }
        }
    }
    slots
}

/// Wanted units per pack, floor-rounded: only used to bound the search, so one less never hides a plan.
fn units(problem: &Problem, demand: &Demand, offer: &Offer) -> Option<i64> {
    if demand.commodity == offer.commodity {
        return Some(offer.pack);
    }
    let is_rule =
        |s: &&pasok_solver::problem::Substitute| s.wanted == demand.commodity && s.delivered == offer.commodity;
    let rule = problem.substitutes.iter().find(is_rule)?;
    Some((offer.pack * rule.wanted_units / rule.delivered_units).max(1))
}

/// Leaves out pairs that the referee refuses whatever else is in the plan.
fn is_reachable(problem: &Problem, demand: &Demand, offer: &Offer) -> bool {
    let supplier = problem.suppliers.iter().find(|s| s.id == offer.supplier).unwrap();
    supplier.active && demand.requirements.iter().all(|need| offer.certificates.contains(need))
}

fn cost(problem: &Problem, sha: &str, given: &Multipliers, slots: &[Slot<'_>], packs: &[i64]) -> Option<i128> {
    let chosen = slots.iter().zip(packs).filter(|(_, packs)| **packs > 0);
    for offer in &problem.offers {
        let taken: i64 = chosen.clone().filter(|(slot, _)| slot.offer.id == offer.id).map(|(_, packs)| packs).sum();
        if taken * offer.pack > offer.stock {
            return None;
        }
    }
    let choice = |(slot, packs): (&Slot<'_>, &i64)| Choice {
        demand: slot.demand.id.clone(),
        offer: slot.offer.id.clone(),
        day: slot.day,
        quantity: packs * slot.offer.pack,
    };
    let choices: Vec<Choice> = chosen.map(choice).collect();
    let plan = seal(problem, sha, &choices, given.clone())?;
    is_allowed(problem, sha, &plan).then_some(plan.totals.objective)
}
