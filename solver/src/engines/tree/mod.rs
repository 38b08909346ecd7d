//! Tenders of packages, solved and proved: branch and bound of our own whose tree is the certificate.
//!
//! Packages make a small program (`items`), which a dual simplex solves in milliseconds (`simplex`); its multipliers,
//! rounded, prove a bound in whole numbers (`relaxation`). Nothing cheaper than a *target* may exist: that takes most
//! packages out by their reduced cost alone, and what is left is searched (`search`). Targets begin a little above the
//! bound and rise, so the search is never wide for want of a good plan; each that is reached is a bound, also where limits
//! end the work.

mod items;
mod relaxation;
mod search;
mod simplex;

use crate::model::Model;
use crate::pipeline::{Component, KeyPart, NodeAnswer, TreeAnswer};
use items::Items;
use relaxation::{Case, Prices, Relaxation};
use search::{Progress, Search};
use simplex::{End, State};
use std::collections::BTreeSet;
use std::time::Instant;

/// Packages up to which a part is tried.
const MOST_PACKAGES: usize = 200_000;
/// Pivots of the first relaxation.
const FIRST_PIVOTS: usize = 100_000;
/// Pivots of all searches together.
const ALL_PIVOTS: usize = 1_500_000;
/// The first target is this part of the cost above the first bound.
const FIRST_STEP: i128 = 400;

/// What was found out.
#[derive(Debug)]
pub struct Outcome {
    /// Offers of the best plan that was found, with their packs.
    pub plan: Option<Vec<(usize, i64)>>,
    /// Ticks below which there is no plan.
    pub bound: i128,
    /// The proof; its gap is still to be filled in.
    pub tree: TreeAnswer,
    /// What a step of each slot costs at the first bound, ticks.
    pub prices: Vec<i64>,
}

/// Solves a part; `None` where it is not one of packages.
pub fn solve(model: &Model<'_>, component: &Component, end: Option<Instant>) -> Option<Outcome> {
    let items = Items::of(model, component)?;
    if items.all.is_empty() || items.all.len() > MOST_PACKAGES {
        return None;
    }
    Some(Work::start(&items, end)?.run())
}

/// Steps that every proof begins with: packages that cost too much.
struct Root {
    nodes: Vec<NodeAnswer>,
    case: Case,
}

struct Work<'a> {
    items: &'a Items<'a>,
    relaxation: Relaxation<'a>,
    state: State,
    best: Option<Vec<usize>>,
    bound: i128,
    nodes: Vec<NodeAnswer>,
    prices: Vec<i64>,
    pivots: usize,
    end: Option<Instant>,
}

impl<'a> Work<'a> {
    /// Solves the first relaxation, whose prices are a proof of their own.
    fn start(items: &'a Items<'a>, end: Option<Instant>) -> Option<Self> {
        let (relaxation, mut state) = Relaxation::new(items, (0..items.all.len()).collect(), &BTreeSet::new());
        if state.solve(&relaxation.matrix, f64::INFINITY, FIRST_PIVOTS) != End::Optimal {
            return None;
        }
        let case = Case { open: relaxation.open.clone(), with: Vec::new() };
        let prices = relaxation.prices(&state, None, &case);
        let bound = relaxation.least_cost(relaxation.verdict(&case, &prices).value);
        let slots = prices.slots.clone();
        let nodes = vec![NodeAnswer::Leaf(relaxation.stated(prices))];
        let (best, pivots) = (None, ALL_PIVOTS);
        Some(Self { items, relaxation, state, best, bound, nodes, prices: slots, pivots, end })
    }

    fn run(mut self) -> Outcome {
        let mut step = (self.bound / FIRST_STEP).max(1);
        let mut shares = BTreeSet::new();
        // Nothing depends on the plan at the start, so that the order of records in the document does not either.
        while self.best.is_none() {
            let grain = self.items.grain;
            let target = (self.bound + step).div_euclid(grain).saturating_add(1).saturating_mul(grain);
            let (pivots, end) = (self.pivots, self.end);
            let mut progress = Progress { target, best: None, pivots, shares: shares.clone(), is_stale: true, end };
            let mut nodes = None;
            while progress.is_stale {
                progress.is_stale = false;
                (progress.target, progress.best) = (target, None);
                nodes = self.attempt(&mut progress);
            }
            shares = progress.shares;
            self.best = progress.best;
            let Some(nodes) = nodes else { break };
            (self.nodes, self.bound, self.pivots) = (nodes, progress.target, progress.pivots);
            step = step.saturating_mul(7) / 5 + 1;
        }
        let pack = |piece: &items::Piece| (piece.offer, piece.packs);
        let plan = self.best.map(|best| best.iter().flat_map(|&at| &self.items.all[at].pieces).map(pack).collect());
        let rows = self.items.rows.iter().map(|row| row.key.clone()).collect();
        let tree = TreeAnswer { gap: 0, scale: self.relaxation.scale, rows, nodes: self.nodes };
        Outcome { plan, bound: self.bound, tree, prices: self.prices }
    }

    /// The proof that nothing costs less than the target, which falls when a plan below it is found.
    fn attempt(&self, progress: &mut Progress) -> Option<Vec<NodeAnswer>> {
        let all = Case { open: self.relaxation.open.clone(), with: Vec::new() };
        let mut root = Root { nodes: Vec::new(), case: all };
        root.fix_shares(&self.relaxation, progress.target);
        root.fix(&self.relaxation, self.relaxation.prices(&self.state, None, &root.case), progress.target);
        loop {
            let before = root.case.open.len();
            let (relaxation, mut state) = Relaxation::new(self.items, root.case.open.clone(), &progress.shares);
            let end = state.solve(&relaxation.matrix, f64::INFINITY, FIRST_PIVOTS);
            progress.pivots = progress.pivots.saturating_sub(state.pivots);
            if end == End::Optimal {
                root.fix(&relaxation, relaxation.prices(&state, None, &root.case), progress.target);
            }
            if 10 * root.case.open.len() >= 9 * before || progress.pivots == 0 {
                break;
            }
        }
        let (relaxation, state) = Relaxation::new(self.items, root.case.open.clone(), &progress.shares);
        let nodes = Search { relaxation: &relaxation, progress }.explore(state, &root.case)?;
        root.nodes.extend(nodes);
        Some(root.nodes)
    }
}

impl Root {
    /// Leaves out what these prices show to be too dear.
    fn fix(&mut self, relaxation: &Relaxation<'_>, prices: Prices, target: i128) {
        let verdict = relaxation.verdict(&self.case, &prices);
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
