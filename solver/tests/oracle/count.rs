//! Every plan of a small market, one after the other, and the cheapest allowed one.

use crate::fair::Fair;
use crate::rules::Judge;
use crate::table::{Arc, Pinned, arcs, limit, stock_packs};
use pasok_solver::plan::{Line, Plan};
use pasok_solver::problem::Problem;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Packs of an arc on a day: one integer decision.
#[derive(Debug, Clone, Copy)]
pub struct Decision {
    /// Position of the arc.
    pub arc: usize,
    pub day: i64,
}

/// What the count found.
#[derive(Debug)]
pub struct Counted {
    pub decisions: usize,
    /// The least objective; `None` when no plan is allowed (pins that no rule lets stand).
    pub least: Option<i128>,
    /// Wanted base units served to each demand by every cheapest plan.
    pub served: BTreeSet<Vec<i128>>,
    /// (demand, offer, day, packs) of one cheapest plan, for the message of a failure.
    pub best: Vec<(String, String, i64, i128)>,
}

/// Counts; `None` when the number of decisions is not among the wanted ones, or there are more than `most_plans`. Fair
/// shares count as `fair` says, and for nothing without it.
pub fn count(
    problem: &Problem,
    wanted: &RangeInclusive<usize>,
    most_plans: u64,
    fair: Option<&Fair>,
) -> Option<Counted> {
    let arcs = arcs(problem);
    let decisions = decisions(&arcs);
    if !wanted.contains(&decisions.len()) {
        return None;
    }
    let mut search = Search::new(problem, &arcs, &decisions, most_plans, fair);
    search.go(0)?;
    let served = search.served;
    let (least, packs) = search.best.map_or((None, Vec::new()), |(least, packs)| (Some(least), packs));
    let line = |(decision, &packs): (&Decision, &i128)| {
        let arc = &arcs[decision.arc];
        (problem.demands[arc.demand].id.clone(), problem.offers[arc.offer].id.clone(), decision.day, packs)
    };
    let best = decisions.iter().zip(&packs).filter(|(_, packs)| **packs > 0).map(line).collect();
    Some(Counted { decisions: decisions.len(), least, served, best })
}

/// A line of a plan that one change would better: (offer, demand, day, packs more), with what the plan then costs.
pub fn bettered_by_one_line(problem: &Problem, plan: &Plan) -> Option<(String, String, i64, i128, i128)> {
    let arcs = arcs(problem);
    let decisions = decisions(&arcs);
    let mut search = Search::new(problem, &arcs, &decisions, 0, None);
    for (at, Decision { arc, day }) in decisions.iter().enumerate() {
        let Arc { demand, offer, units, .. } = &arcs[*arc];
        let (demand_id, offer_id) = (&problem.demands[*demand].id, &problem.offers[*offer].id);
        let is_this = |line: &&Line| line.demand == *demand_id && line.offer == *offer_id && line.day == *day;
        let packs = |line: &Line| i128::from(line.quantity / problem.offers[*offer].pack);
        search.packs[at] = plan.lines.iter().find(is_this).map_or(0, packs);
        search.stock[*offer] -= search.packs[at];
        search.room[*demand] -= search.packs[at] * units;
    }
    for (at, Decision { arc, day }) in decisions.iter().enumerate() {
        let Arc { demand, offer, units, pin, .. } = &arcs[*arc];
        let most = if *pin == Pinned::Free { search.stock[*offer].min(search.room[*demand] / units) } else { 0 };
        let before = search.packs[at];
        for more in 1..=most {
            search.packs[at] = before + more;
            if let Some(cost) = search.judge.cost(&search.packs).filter(|cost| *cost < plan.totals.objective) {
                let ids = (problem.offers[*offer].id.clone(), problem.demands[*demand].id.clone());
                return Some((ids.0, ids.1, *day, more, cost));
            }
        }
        search.packs[at] = before;
    }
    None
}

fn decisions(arcs: &[Arc]) -> Vec<Decision> {
    let of = |(arc, record): (usize, &Arc)| record.days.iter().map(|&day| Decision { arc, day }).collect::<Vec<_>>();
    arcs.iter().enumerate().flat_map(of).collect()
}

struct Search<'a> {
    problem: &'a Problem,
    arcs: &'a [Arc],
    decisions: &'a [Decision],
    judge: Judge<'a>,
    packs: Vec<i128>,
    /// Packs left of each offer; wanted units that each demand still takes.
    stock: Vec<i128>,
    room: Vec<i128>,
    /// The room of each demand in an empty plan.
    limits: Vec<i128>,
    plans_left: u64,
    best: Option<(i128, Vec<i128>)>,
    served: BTreeSet<Vec<i128>>,
    fair: Option<&'a Fair>,
}

impl<'a> Search<'a> {
    fn new(
        problem: &'a Problem,
        arcs: &'a [Arc],
        decisions: &'a [Decision],
        most_plans: u64,
        fair: Option<&'a Fair>,
    ) -> Self {
        let room = |(d, demand)| {
            let own: Vec<&Arc> = arcs.iter().filter(|arc| arc.demand == d).collect();
            limit(demand, &own, &problem.offers)
        };
        let limits: Vec<i128> = problem.demands.iter().enumerate().map(room).collect();
        Self {
            problem,
            arcs,
            decisions,
            judge: Judge::new(problem, arcs, decisions),
            packs: vec![0; decisions.len()],
            stock: problem.offers.iter().map(|offer| stock_packs(offer).0).collect(),
            room: limits.clone(),
            limits,
            plans_left: most_plans,
            best: None,
            served: BTreeSet::new(),
            fair,
        }
    }

    /// Tries every value of the decisions from `at` on; `None` when there are too many plans.
    fn go(&mut self, at: usize) -> Option<()> {
        let Some(&Decision { arc, day }) = self.decisions.get(at) else {
            self.plans_left = self.plans_left.checked_sub(1)?;
            if self.keeps_pins() {
                self.weigh();
            }
            return Some(());
        };
        let Arc { demand, offer, units, pin, days, .. } = &self.arcs[arc];
        let daily = stock_packs(&self.problem.offers[*offer]).1;
        let most = daily.min(self.stock[*offer]).min(self.room[*demand] / units);
        let fixed = match pin {
            Pinned::Daily(packs) => Some(packs[days.iter().position(|&own| own == day).unwrap()]),
            Pinned::Free | Pinned::Total(_) => None,
        };
        let range = fixed.map_or(0..=most, |packs| packs..=packs.min(most));
        for packs in range {
            self.packs[at] = packs;
            self.stock[*offer] -= packs;
            self.room[*demand] -= packs * units;
            let done = self.go(at + 1);
            self.stock[*offer] += packs;
            self.room[*demand] += packs * units;
            done?;
        }
        self.packs[at] = 0;
        Some(())
    }

    /// Keeps the plan if it is allowed and no dearer than the best.
    fn weigh(&mut self) {
        let served: Vec<i128> = self.limits.iter().zip(&self.room).map(|(limit, room)| limit - room).collect();
        let unfair = self.fair.map_or(Some(0), |fair| fair.cost(&served));
        let Some(cost) = self.judge.cost(&self.packs).zip(unfair).map(|(cost, unfair)| cost + unfair) else {
            return;
        };
        let least = self.best.as_ref().map(|(least, _)| *least);
        if least.is_none_or(|least| cost < least) {
            self.best = Some((cost, self.packs.clone()));
            self.served.clear();
        }
        if least.is_none_or(|least| cost <= least) {
            self.served.insert(served);
        }
    }

    fn keeps_pins(&self) -> bool {
        self.arcs.iter().enumerate().all(|(place, arc)| match arc.pin {
            Pinned::Total(total) => {
                let own = self.decisions.iter().zip(&self.packs).filter(|(decision, _)| decision.arc == place);
                own.map(|(_, packs)| packs).sum::<i128>() == total
            }
            Pinned::Free | Pinned::Daily(_) => true,
        })
    }
}
