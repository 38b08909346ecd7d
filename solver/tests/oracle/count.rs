//! Every plan of a small market, one after the other, and the cheapest allowed one.

use crate::rules::Judge;
use crate::table::{Arc, Pinned, arcs, limit, stock_packs};
use pasok_solver::problem::Problem;
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
    /// (demand, offer, day, packs) of one cheapest plan, for the message of a failure.
    pub best: Vec<(String, String, i64, i128)>,
}

/// Counts; `None` when the number of decisions is not among the wanted ones, or there are more than `most_plans`.
pub fn count(problem: &Problem, wanted: &RangeInclusive<usize>, most_plans: u64) -> Option<Counted> {
    let arcs = arcs(problem);
    let decisions: Vec<Decision> = arcs
        .iter()
        .enumerate()
        .flat_map(|(arc, record)| record.days.iter().map(move |&day| Decision { arc, day }))
        .collect();
    if !wanted.contains(&decisions.len()) {
        return None;
    }
    let mut search = Search::new(problem, &arcs, &decisions, most_plans);
    search.go(0)?;
    let (least, packs) = search.best.map_or((None, Vec::new()), |(least, packs)| (Some(least), packs));
    let line = |(decision, &packs): (&Decision, &i128)| {
        let arc = &arcs[decision.arc];
        (problem.demands[arc.demand].id.clone(), problem.offers[arc.offer].id.clone(), decision.day, packs)
    };
    let best = decisions.iter().zip(&packs).filter(|(_, packs)| **packs > 0).map(line).collect();
    Some(Counted { decisions: decisions.len(), least, best })
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
    plans_left: u64,
    best: Option<(i128, Vec<i128>)>,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem, arcs: &'a [Arc], decisions: &'a [Decision], most_plans: u64) -> Self {
        let room = |(d, demand)| {
            let own: Vec<&Arc> = arcs.iter().filter(|arc| arc.demand == d).collect();
            limit(demand, &own, &problem.offers)
        };
        Self {
            problem,
            arcs,
            decisions,
            judge: Judge::new(problem, arcs, decisions),
            packs: vec![0; decisions.len()],
            stock: problem.offers.iter().map(|offer| stock_packs(offer).0).collect(),
            room: problem.demands.iter().enumerate().map(room).collect(),
            plans_left: most_plans,
            best: None,
        }
    }

    /// Tries every value of the decisions from `at` on; `None` when there are too many plans.
    fn go(&mut self, at: usize) -> Option<()> {
        let Some(&Decision { arc, day }) = self.decisions.get(at) else {
            self.plans_left = self.plans_left.checked_sub(1)?;
            if self.keeps_pins() {
                let cost = self.judge.cost(&self.packs);
                if let Some(cost) = cost.filter(|&cost| self.best.as_ref().is_none_or(|(least, _)| cost < *least)) {
                    self.best = Some((cost, self.packs.clone()));
                }
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
