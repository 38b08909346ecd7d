//! What prices close below a target before the first split, with the cuts that lift the bound.

use super::relaxation::{Case, Prices, Relaxation};
use super::simplex::End;
use super::{ROUND_PIVOTS, Work, cuts};
use crate::pipeline::{KeyPart, NodeAnswer, NodePrices};
use std::collections::BTreeSet;

/// Programs solved for cuts below one target.
const ROUNDS: usize = 25;
/// How far a row may be from its limit and count as reached.
const LOOSE: f64 = 1e-6;

/// Steps that a proof begins with: packages that cost too much.
pub struct Root {
    /// What is closed, and by which prices.
    pub nodes: Vec<NodeAnswer>,
    /// What is left.
    pub case: Case,
    /// The best bound: at least the target where nothing is left to show, and then by these prices.
    pub bound: i128,
    /// See `bound`.
    pub last: NodePrices,
}

impl Root {
    /// Closes what is too dear for a plan below a target, with ever more cuts as long as they help.
    pub fn below(work: &mut Work<'_>, target: i128) -> Self {
        let (relaxation, _) = Relaxation::new(&work.items, Vec::new(), &BTreeSet::new());
        let mut first = work.first.clone();
        first.rows.resize(work.items.rows.len(), 0);
        let all = Case { open: (0..work.items.all.len()).collect(), with: Vec::new() };
        let last = relaxation.stated(first.clone());
        let mut root = Self { nodes: Vec::new(), case: all, bound: work.floor, last };
        root.fix_shares(&relaxation, target);
        root.fix(&relaxation, first, target);
        for round in 0..ROUNDS {
            let before = (root.case.open.len(), root.bound);
            let Some((loose, more)) = root.solve(work, target) else { break };
            let is_slow =
                40 * (root.bound - before.1) < target - root.bound && 20 * root.case.open.len() >= 19 * before.0;
            if more.is_empty() || (round > 1 && is_slow) {
                break;
            }
            loose.iter().for_each(|row| _ = work.named.remove(row));
            work.add(more);
        }
        root
    }

    /// Solves the program over what is open and closes what its prices can; the cuts that are not reached, and those that
    /// are broken. `None` where there is nothing more to gain.
    fn solve(&mut self, work: &mut Work<'_>, target: i128) -> Option<(Vec<usize>, Vec<cuts::Cut>)> {
        if self.bound >= target {
            return None;
        }
        let (relaxation, mut state) = Relaxation::new(&work.items, self.case.open.clone(), &work.named);
        let end = state.solve(&relaxation.matrix, f64::INFINITY, ROUND_PIVOTS);
        work.pivots = work.pivots.saturating_sub(state.pivots);
        if end != End::Optimal || work.pivots == 0 {
            return None;
        }
        self.fix(&relaxation, relaxation.prices(&state, None, &self.case), target);
        let point = state.point();
        let is_loose = |row: &usize| relaxation.slack_of(*row).is_some_and(|column| point[column] > LOOSE);
        let is_cut = |row: &usize| !work.items.is_share(*row);
        let loose: Vec<usize> = work.named.iter().copied().filter(is_cut).filter(is_loose).collect();
        let values = relaxation.open.iter().copied().zip(point.iter().copied());
        let taken: Vec<(usize, f64)> = values.filter(|(_, value)| *value > LOOSE).collect();
        let more = cuts::broken(&work.items, &taken);
        (self.bound < target).then_some((loose, more))
    }

    /// Leaves out what these prices show to be too dear.
    fn fix(&mut self, relaxation: &Relaxation<'_>, prices: Prices, target: i128) {
        let verdict = relaxation.verdict(&self.case, &prices);
        let bound = relaxation.least_cost(verdict.value);
        if bound >= target && self.bound < target {
            (self.bound, self.last) = (bound, relaxation.stated(prices));
            return;
        }
        self.bound = self.bound.max(bound);
        let is_open = |own: i128| relaxation.least_cost(verdict.value.saturating_add(own.max(0))) < target;
        let before = self.case.open.len();
        let mut own = verdict.reduced.iter();
        self.case.open.retain(|_| own.next().is_none_or(|own| is_open(*own)));
        if self.case.open.len() < before {
            self.nodes.push(NodeAnswer::Fix(relaxation.stated(prices)));
        }
    }

    /// Leaves out packages that are more than a supplier's share of all that can be spent below the target: at the price of
    /// 1 / share in the row of its share, everybody else's goods cost nothing.
    fn fix_shares(&mut self, relaxation: &Relaxation<'_>, target: i128) {
        let items = relaxation.items;
        for (row, rule) in items.rows.iter().enumerate().filter(|(_, rule)| rule.key.family == "max_share") {
            let [KeyPart::Supplier(_), KeyPart::Buyer(buyer)] = rule.key.key[..] else { continue };
            let share = items.model.buyers[buyer].max_share.unwrap_or(1000).max(1);
            let mut prices = relaxation.no_prices();
            prices.rows[row] = relaxation.scale / share;
            self.fix(relaxation, prices, target);
        }
    }
}
