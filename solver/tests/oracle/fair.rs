//! Fair shares as `solver/README.md` has them, by handing out unit after unit and asking Hall's condition each time.

use crate::table::{Arc, Pinned, divisor, served_step, shortage_cost, stock_packs};
use pasok_solver::plan::FairShares;
use pasok_solver::problem::{Offer, Problem};
use std::cmp::Ordering;

/// What fair shares add to the cost of a plan and to its rules.
#[derive(Debug)]
pub struct Fair {
    /// Target in wanted base units and ticks per unit below it, by demand.
    targets: Vec<(i128, i128)>,
    /// Demands of each commodity, and the least that they get together.
    floors: Vec<(Vec<usize>, i128)>,
}

impl Fair {
    /// Verifies the shares and totals that an answer states, and takes its targets and floors from them.
    pub fn of(problem: &Problem, arcs: &[Arc], stated: &FairShares) -> Result<Self, String> {
        for commodity in &problem.commodities {
            Pool::of(problem, arcs, &commodity.id).judge(problem, &stated.shares)?;
        }
        let target = |(d, share): (usize, &i64)| {
            let step = served_step(arcs, d).max(1);
            let enough = (i128::from(problem.demands[d].quantity) + step - 1) / step * step;
            ((i128::from(*share) / step * step).min(enough), missed_cost(problem, d))
        };
        let permille = i128::from(problem.fairness.as_ref().unwrap().min_total_permille);
        let floor = |(demands, shipped): (Vec<usize>, i128)| (demands, -(-shipped * permille).div_euclid(1000));
        let shipped = shipped(problem, arcs, stated);
        Ok(Self {
            targets: stated.shares.iter().enumerate().map(target).collect(),
            floors: shipped.into_iter().map(floor).collect(),
        })
    }

    /// Ticks for what is missing below targets; `None` when a total is missed.
    pub fn cost(&self, served: &[i128]) -> Option<i128> {
        let keeps = |(demands, least): &(Vec<usize>, i128)| demands.iter().map(|&d| served[d]).sum::<i128>() >= *least;
        let missing = |(&(target, cost), served): (&(i128, i128), &i128)| cost * (target - served).max(0);
        self.floors.iter().all(keeps).then(|| self.targets.iter().zip(served).map(missing).sum())
    }
}

/// `H_d`: ticks per base unit below the target.
fn missed_cost(problem: &Problem, d: usize) -> i128 {
    let demand = &problem.demands[d];
    let lowest = problem.demands.iter().map(|other| other.priority).max().unwrap();
    let alike = problem.demands.iter().filter(|other| other.commodity == demand.commodity);
    let largest = alike.map(|other| other.shortage_penalty).max().unwrap();
    i128::from(lowest + 1) * 64 * (1 + i128::from(largest))
}

/// Demands of each commodity, and what the plan without the rule ships to them.
pub fn shipped(problem: &Problem, arcs: &[Arc], stated: &FairShares) -> Vec<(Vec<usize>, i128)> {
    let units = |line: &pasok_solver::plan::Line| {
        let is_this =
            |arc: &&Arc| problem.demands[arc.demand].id == line.demand && problem.offers[arc.offer].id == line.offer;
        let arc = arcs.iter().find(is_this).unwrap();
        (arc.demand, arc.units * i128::from(line.quantity / problem.offers[arc.offer].pack))
    };
    let lines: Vec<(usize, i128)> = stated.without.lines.iter().map(units).collect();
    let of = |id: &str| {
        let demands: Vec<usize> = (0..problem.demands.len()).filter(|&d| problem.demands[d].commodity == id).collect();
        let shipped = lines.iter().filter(|(d, _)| demands.contains(d)).map(|(_, units)| units).sum();
        (demands, shipped)
    };
    problem.commodities.iter().map(|commodity| of(&commodity.id)).collect()
}

/// A demand that takes part in what is shared of one commodity.
struct Taker {
    demand: usize,
    class: i64,
    need: i128,
    /// Wanted base units that pins deliver.
    base: i128,
    /// Most units beyond the pins.
    most: i128,
    /// Offers that it may draw on.
    offers: Vec<usize>,
}

/// What is shared of one commodity.
struct Pool {
    unit: i128,
    takers: Vec<Taker>,
    /// Units by offer of the market.
    supply: Vec<i128>,
}

impl Pool {
    fn of(problem: &Problem, arcs: &[Arc], commodity: &str) -> Self {
        let demands: Vec<usize> =
            (0..problem.demands.len()).filter(|&d| problem.demands[d].commodity == commodity).collect();
        let is_shared = |arc: &&Arc| {
            demands.contains(&arc.demand) && problem.offers[arc.offer].commodity == commodity && arc.pin == Pinned::Free
        };
        let shared: Vec<&Arc> = arcs.iter().filter(is_shared).collect();
        let unit = shared.iter().fold(0, |unit, arc| divisor(unit, problem.offers[arc.offer].pack.into())).max(1);
        let supply = |(o, offer): (usize, &Offer)| {
            let (all, daily) = stock_packs(offer);
            let left =
                all.min(daily * i128::from(offer.day_to - offer.day_from + 1)) - pinned_packs(arcs, |a| a.offer == o);
            left.max(0) * i128::from(offer.pack) / unit
        };
        Self {
            unit,
            takers: demands.iter().map(|&d| taker(problem, arcs, &shared, unit, d)).collect(),
            supply: problem.offers.iter().enumerate().map(supply).collect(),
        }
    }

    /// Whether so many units of each taker can be delivered together.
    fn is_possible(&self, units: &[i128]) -> bool {
        (1..1_usize << units.len()).all(|group| {
            let inside = || (0..units.len()).filter(move |at| group >> at & 1 == 1);
            let draws = |offer: &usize| inside().any(|at| self.takers[at].offers.contains(offer));
            let taken: i128 = inside().map(|at| units[at]).sum();
            taken <= (0..self.supply.len()).filter(draws).map(|offer| self.supply[offer]).sum()
        })
    }

    /// Orders units of takers: which one is handed out first; `Equal` where only canonical order decides.
    fn before(&self, (a, unit_a): (usize, i128), (b, unit_b): (usize, i128)) -> Ordering {
        let (one, other) = (&self.takers[a], &self.takers[b]);
        let fill = |taker: &Taker, unit: i128| taker.base + (unit - 1) * self.unit;
        let filled = (fill(one, unit_a) * other.need).cmp(&(fill(other, unit_b) * one.need));
        one.class.cmp(&other.class).then(filled).then(one.need.cmp(&other.need))
    }

    /// Units by taker, the least standing first.
    fn hand_out(&self) -> Vec<i128> {
        let mut wanted: Vec<(usize, i128)> = self
            .takers
            .iter()
            .enumerate()
            .flat_map(|(at, taker)| (1..=taker.most).map(move |unit| (at, unit)))
            .collect();
        wanted.sort_by(|&a, &b| self.before(a, b));
        let mut units = vec![0; self.takers.len()];
        for (at, unit) in wanted {
            units[at] += 1;
            if units[at] != unit || !self.is_possible(&units) {
                units[at] -= 1;
            }
        }
        units
    }

    /// Shares are those handed out, but for units that stand alike.
    fn judge(&self, problem: &Problem, shares: &[i64]) -> Result<(), String> {
        let mut stated = Vec::new();
        for taker in &self.takers {
            let (share, id) = (i128::from(shares[taker.demand]), &problem.demands[taker.demand].id);
            if share < taker.base || (share - taker.base) % self.unit != 0 {
                return Err(format!("the share {share} of {id} is not {} and whole units", taker.base));
            }
            stated.push((share - taker.base) / self.unit);
        }
        let standings = |units: &[i128]| {
            let mut all: Vec<(usize, i128)> =
                units.iter().enumerate().flat_map(|(at, &units)| (1..=units).map(move |unit| (at, unit))).collect();
            all.sort_by(|&a, &b| self.before(a, b));
            all
        };
        let best = self.hand_out();
        let (own, wanted) = (standings(&stated), standings(&best));
        let alike =
            own.len() == wanted.len() && own.iter().zip(&wanted).all(|(&a, &b)| self.before(a, b) == Ordering::Equal);
        let fits = stated.iter().zip(&self.takers).all(|(units, taker)| *units <= taker.most);
        if alike && fits && self.is_possible(&stated) {
            return Ok(());
        }
        Err(format!("shares {stated:?} instead of {best:?} units of {}", self.unit))
    }
}

fn taker(problem: &Problem, arcs: &[Arc], shared: &[&Arc], unit: i128, d: usize) -> Taker {
    let demand = &problem.demands[d];
    let own: Vec<&&Arc> = shared.iter().filter(|arc| arc.demand == d).collect();
    let pins = arcs.iter().filter(|arc| arc.demand == d);
    let base: i128 = pins.map(|arc| arc.units * arc.pin.packs()).sum();
    let need = i128::from(demand.quantity);
    let open = (need - base).max(0);
    let (whole, rest) = (open / unit, open % unit);
    let accepted = base + (whole + 1) * unit <= demand.accept_up_to.unwrap_or(demand.quantity).into();
    let worth = |arc: &&&Arc| {
        let pack = i128::from(problem.offers[arc.offer].pack);
        arc.cost * unit <= shortage_cost(problem, demand) * rest * pack
    };
    let last = rest > 0 && accepted && own.iter().any(worth);
    let most = if own.is_empty() { 0 } else { whole + i128::from(last) };
    let offers = own.iter().map(|arc| arc.offer).collect();
    Taker { demand: d, class: demand.priority, need, base, most, offers }
}

fn pinned_packs(arcs: &[Arc], of: impl Fn(&Arc) -> bool) -> i128 {
    arcs.iter().filter(|arc| of(arc)).map(|arc| arc.pin.packs()).sum()
}
