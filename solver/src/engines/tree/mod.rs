//! Tenders of packages, solved and proved: branch and bound of our own whose tree is the certificate.
//!
//! Packages make a small program (`items`), which a dual simplex solves in milliseconds (`simplex`); its multipliers,
//! rounded, prove a bound in whole numbers (`relaxation`). Nothing cheaper than a *target* may exist: that takes most
//! packages out by their reduced cost alone (`root`), rows that follow from whole packages lift the bound (`cuts`), and all
//! plans below the target are looked through without a proof (`cover`). Targets begin a little above the bound and rise until
//! there is a plan below one; only then are cases split to prove that nothing is cheaper (`search`). Where there are too many
//! plans to look through, the split cases find the plan, and each target that they reach is a bound.

mod cover;
mod cuts;
mod items;
mod relaxation;
mod root;
mod search;
mod simplex;

use crate::model::Model;
use crate::pipeline::{Component, NodeAnswer, NodePrices, TreeAnswer};
use cover::Cover;
use cuts::Cut;
use items::Items;
use relaxation::{Case, Prices, Relaxation};
use root::Root;
use search::{Progress, Search};
use simplex::End;
use std::collections::BTreeSet;
use std::time::Instant;

/// Packages up to which a part is tried.
const MOST_PACKAGES: usize = 200_000;
/// Pivots of the first relaxation.
const FIRST_PIVOTS: usize = 100_000;
/// Pivots of a program with cuts before the search.
const ROUND_PIVOTS: usize = 10_000;
/// Pivots of all searches together.
const ALL_PIVOTS: usize = 4_000_000;
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
    Some(Work::start(items, end)?.run())
}

struct Work<'a> {
    items: Items<'a>,
    /// Prices of the first relaxation, and what they prove.
    first: Prices,
    floor: i128,
    /// Rows that follow from others, in the order of the last rows of `items`.
    cuts: Vec<Cut>,
    /// Rows of cuts and shares that are in the programs.
    named: BTreeSet<usize>,
    /// The cheapest plan, with its cost.
    best: Option<(i128, Vec<usize>)>,
    /// Whether looking for a cheaper one is left to split cases.
    is_settled: bool,
    bound: i128,
    nodes: Vec<NodeAnswer>,
    pivots: usize,
    end: Option<Instant>,
}

/// What a target has come to.
enum Outlook {
    /// Nothing costs less: the bound has risen to it, or to the cost of the plan found on the way.
    Proved,
    /// Nothing costs less, but that is not proved.
    Empty,
    /// There is a cheaper plan now, or another row to keep: again.
    Again,
    /// Limits are reached.
    Stopped,
}

impl<'a> Work<'a> {
    /// Solves the first relaxation, whose prices are a proof of their own.
    fn start(items: Items<'a>, end: Option<Instant>) -> Option<Self> {
        let (relaxation, mut state) = Relaxation::new(&items, (0..items.all.len()).collect(), &BTreeSet::new());
        if state.solve(&relaxation.matrix, f64::INFINITY, FIRST_PIVOTS) != End::Optimal {
            return None;
        }
        let case = Case { open: relaxation.open.clone(), with: Vec::new() };
        let first = relaxation.prices(&state, None, &case);
        let floor = relaxation.least_cost(relaxation.verdict(&case, &first).value);
        let nodes = vec![NodeAnswer::Leaf(relaxation.stated(first.clone()))];
        let (cuts, named, best, is_settled) = (Vec::new(), BTreeSet::new(), None, false);
        let (bound, pivots) = (floor, ALL_PIVOTS);
        Some(Self { items, first, floor, cuts, named, best, is_settled, bound, nodes, pivots, end })
    }

    fn run(mut self) -> Outcome {
        let mut rung = Rung { base: self.floor, step: (self.floor / FIRST_STEP).max(1) };
        // Nothing depends on the plan at the start, so that the order of records in the document does not either.
        while self.pivots > 0 && self.end.is_none_or(|end| Instant::now() < end) {
            let target = self.best.as_ref().map_or_else(|| rung.target(self.items.grain), |(cost, _)| *cost);
            let root = Root::below(&mut self, target);
            let bound = root.bound;
            match self.attempt(root, target) {
                Outlook::Proved if self.best.is_some() => break,
                Outlook::Proved => rung.raise(target, bound, 7),
                Outlook::Empty => rung.raise(target, bound, 8),
                Outlook::Again => {}
                Outlook::Stopped => break,
            }
        }
        self.finish()
    }

    /// Tries to show that nothing costs less than a target.
    fn attempt(&mut self, mut root: Root, target: i128) -> Outlook {
        if root.bound >= target {
            root.nodes.push(NodeAnswer::Leaf(root.last));
            (self.nodes, self.bound) = (root.nodes, target);
            return Outlook::Proved;
        }
        if let Some(outlook) = self.look_through(&root, target) {
            return outlook;
        }
        let (relaxation, state) = Relaxation::new(&self.items, root.case.open.clone(), &self.named);
        let mut progress = Progress {
            target,
            best: self.best.take().map(|(_, best)| best),
            pivots: self.pivots,
            shares: self.named.clone(),
            is_stale: false,
            end: self.end,
        };
        let nodes = Search { relaxation: &relaxation, progress: &mut progress }.explore(state, &root.case);
        self.pivots = progress.pivots;
        self.best = progress.best.map(|best| (progress.target, best));
        if progress.is_stale {
            self.named = progress.shares;
            return Outlook::Again;
        }
        let Some(nodes) = nodes else { return Outlook::Stopped };
        root.nodes.extend(nodes);
        (self.nodes, self.bound) = (root.nodes, progress.target);
        Outlook::Proved
    }

    /// Looks for a plan below a target among all that the prices leave open; `None` where cases must be split.
    fn look_through(&mut self, root: &Root, target: i128) -> Option<Outlook> {
        if self.is_settled {
            return None;
        }
        let (relaxation, mut state) = Relaxation::new(&self.items, root.case.open.clone(), &self.named);
        if state.solve(&relaxation.matrix, f64::INFINITY, ROUND_PIVOTS) != End::Optimal {
            return None;
        }
        let prices = relaxation.prices(&state, None, &root.case);
        let cover = Cover::search(&relaxation, &root.case, &prices, target)?;
        if cover.best.is_some() {
            self.is_settled = cover.is_complete;
            self.best = cover.best;
            return Some(Outlook::Again);
        }
        // A plan that no cheaper one was found for is what cases are split against.
        self.is_settled = self.best.is_some();
        (cover.is_complete && !self.is_settled).then_some(Outlook::Empty)
    }

    fn finish(mut self) -> Outcome {
        let pack = |piece: &items::Piece| (piece.offer, piece.packs);
        let offers = |best: &Vec<usize>| best.iter().flat_map(|&at| &self.items.all[at].pieces).map(pack).collect();
        let plan = self.best.as_ref().map(|(_, best)| offers(best));
        // Rows that no node has a price for need not be stated.
        let all = |node: &NodeAnswer| prices_of(node).map(|prices| prices.rows.clone()).unwrap_or_default();
        let mut is_priced = vec![false; self.items.rows.len()];
        for rows in self.nodes.iter().map(all) {
            is_priced.iter_mut().zip(rows).for_each(|(is_priced, price)| *is_priced |= price != 0);
        }
        let priced: Vec<usize> = (0..is_priced.len()).filter(|row| is_priced[*row]).collect();
        let price = |rows: &[i64], row: usize| rows.get(row).copied().unwrap_or(0);
        for node in &mut self.nodes {
            if let NodeAnswer::Fix(prices) | NodeAnswer::Leaf(prices) | NodeAnswer::Empty(prices) = node {
                prices.rows = priced.iter().map(|&row| price(&prices.rows, row)).collect();
            }
        }
        let rows = priced.iter().map(|&row| self.items.rows[row].key.clone()).collect();
        let scale = Relaxation::new(&self.items, Vec::new(), &BTreeSet::new()).0.scale;
        let tree = TreeAnswer { gap: 0, scale, rows, nodes: self.nodes };
        Outcome { plan, bound: self.bound, tree, prices: self.first.slots }
    }

    /// Puts cuts into the programs.
    fn add(&mut self, cuts: Vec<Cut>) {
        let first = self.items.rows.len() - self.cuts.len();
        let (known, new): (Vec<Cut>, Vec<Cut>) = cuts.into_iter().partition(|cut| self.cuts.contains(cut));
        let place = |cut: &Cut| self.cuts.iter().position(|own| own == cut);
        self.named.extend(known.iter().filter_map(place).map(|place| first + place));
        self.named.extend(self.items.rows.len()..self.items.rows.len() + new.len());
        self.items = cuts::with_cuts(&self.items, &new);
        self.cuts.extend(new);
    }
}

/// Where the next target lies while there is no plan.
struct Rung {
    base: i128,
    step: i128,
}

impl Rung {
    fn target(&self, grain: i128) -> i128 {
        (self.base + self.step).div_euclid(grain).saturating_add(1).saturating_mul(grain)
    }

    /// Nothing costs less than a target; `root` is known without splits. The distance grows by fifths.
    fn raise(&mut self, target: i128, root: i128, fifths: i128) {
        if root >= target {
            self.base = target;
            return;
        }
        self.base = root;
        self.step = (target - root).saturating_mul(fifths) / 5 + 1;
    }
}

/// Prices of a node that has some.
fn prices_of(node: &NodeAnswer) -> Option<&NodePrices> {
    match node {
        NodeAnswer::Split(_) => None,
        NodeAnswer::Fix(prices) | NodeAnswer::Leaf(prices) | NodeAnswer::Empty(prices) => Some(prices),
    }
}
