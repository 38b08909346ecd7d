//! An earlier plan as the start of a solve: only the time depends on it, never the plan.
//!
//! Flow parts over all pairs take it up (`engines::dense`); other parts start afresh. Where several sets of prices
//! prove the same plan, the certificate may state others than a fresh solve would.

use crate::model::Model;
use crate::plan::Plan;
use crate::problem::Problem;
use std::collections::HashMap;

/// A plan for a similar problem. Records are known again by their ids.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    plan: &'a Plan,
    /// Ids of the offers whose prices the plan states.
    offers: Vec<&'a str>,
}

impl<'a> Start<'a> {
    /// A start from the plan of `problem`.
    pub fn of(problem: &'a Problem, plan: &'a Plan) -> Self {
        Self { plan, offers: problem.offers.iter().map(|offer| offer.id.as_str()).collect() }
    }

    /// A start from a plan alone, by position of the offers in `problem`; `None` when their number has changed.
    pub fn by_position(problem: &'a Problem, plan: &'a Plan) -> Option<Self> {
        (plan.certificate.offer_prices.len() == problem.offers.len()).then(|| Self::of(problem, plan))
    }
}

/// The same in the model's terms.
#[derive(Debug)]
pub(crate) struct Seed {
    /// (demand, offer, packs), ascending; records that are gone are left out.
    pub(crate) flows: Vec<(usize, usize, i64)>,
    /// Ticks per pack of each offer, rounded down; 0 where unknown.
    pub(crate) prices: Vec<i64>,
}

impl Seed {
    pub(crate) fn of(model: &Model<'_>, start: &Start<'_>) -> Self {
        let problem = model.problem;
        let demands: HashMap<&str, usize> =
            model.demands.iter().enumerate().map(|(at, d)| (problem.demands[d.source].id.as_str(), at)).collect();
        let offers: HashMap<&str, usize> =
            model.offers.iter().enumerate().map(|(at, o)| (problem.offers[o.source].id.as_str(), at)).collect();
        let flow = |line: &crate::plan::Line| {
            let (&demand, &offer) = (demands.get(line.demand.as_str())?, offers.get(line.offer.as_str())?);
            Some((demand, offer, line.quantity / model.offers[offer].pack))
        };
        let mut flows: Vec<_> = start.plan.lines.iter().filter_map(flow).collect();
        flows.sort_unstable();
        let mut prices = vec![0; model.offers.len()];
        for (id, price) in start.offers.iter().zip(&start.plan.certificate.offer_prices) {
            if let Some(&offer) = offers.get(id) {
                prices[offer] = price / start.plan.certificate.scale.max(1);
            }
        }
        Self { flows, prices }
    }

    /// What each of some demands (ascending) gets, in their order.
    pub(crate) fn of_demand(&self, demand: usize) -> &[(usize, usize, i64)] {
        let from = self.flows.partition_point(|flow| flow.0 < demand);
        let to = self.flows.partition_point(|flow| flow.0 <= demand);
        &self.flows[from..to]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::generate::{Size, Terms, problem};
    use crate::instances::Random;
    use crate::{SolveOptions, solve, solve_from};

    fn week(seed: u64) -> Problem {
        let terms = Terms::default();
        let mut week = problem(Size {
            buyers: 120,
            suppliers: 12,
            commodities: 2,
            offers_each: 0,
            stock_permille: 950,
            seed,
            terms,
        });
        let mut random = Random::new(seed);
        for demand in &mut week.demands {
            // Quantities that end in part of a pack, so that demands have two rows.
            demand.quantity += 1_000 * random.between(0, 24);
            demand.accept_up_to = Some(demand.quantity + 25_000);
        }
        week
    }

    /// One change of the kinds that happen: a supplier withdraws, a price moves, a need grows, an offer is new or gone.
    fn changed(before: &Problem, kind: u64, random: &mut Random) -> Problem {
        let mut after = before.clone();
        let last = i64::try_from(after.offers.len()).unwrap() - 1;
        let at = usize::try_from(random.between(0, last)).unwrap();
        match kind % 5 {
            0 => after.suppliers[at / 2].active = false,
            1 => after.offers[at].price += random.between(-9_000_000, 9_000_000),
            2 => after.demands[at].quantity = 25_000,
            3 => after.offers.push(crate::problem::Offer { id: "new".into(), ..after.offers[at].clone() }),
            _ => drop(after.offers.remove(at)),
        }
        after
    }

    #[test]
    fn a_start_changes_the_time_and_not_the_plan() {
        let options = SolveOptions { threads: 1, ..SolveOptions::default() };
        for seed in 0..15 {
            let mut random = Random::new(seed + 100);
            let before = week(seed);
            let earlier = solve(&before, "", &options, &mut |_| ()).unwrap();
            let after = changed(&before, seed, &mut random);
            let fresh = solve(&after, "sha", &options, &mut |_| ()).unwrap();
            let again = solve_from(&after, "sha", &options, &Start::of(&before, &earlier), &mut |_| ()).unwrap();
            assert_eq!(
                (&again.lines, &again.shortages, &again.totals),
                (&fresh.lines, &fresh.shortages, &fresh.totals)
            );
            assert_eq!(again.certificate.gap, 0);
            let report = check(&after, "sha", &again);
            assert!(report.violations.is_empty(), "seed {seed}: {:?}", report.violations);
            assert_eq!(Start::by_position(&after, &earlier).is_some(), after.offers.len() == before.offers.len());
        }
    }
}
