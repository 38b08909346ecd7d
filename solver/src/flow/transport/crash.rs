//! Turns a flow and prices that nearly prove it into a basis that keeps both.
//!
//! 1. The flow is trimmed to what fits, and cycles in it are cancelled, the cheaper way round: what carries flow is then
//!    a forest.
//! 2. Trees of that forest that do not reach the root are linked to it by arcs without flow. As in Dijkstra's method
//!    the arc with the least reduced cost goes first, and lowers the prices of its tree until it is tight. So prices
//!    stay as near to the given ones as a basis allows. (Linking trees by their unused stock instead would set some
//!    price of each to 0, and throw the start away.)

use super::{
    Cost, Problem, Rows,
    basis::{Arc, Basis, NONE, at},
};

/// A flow with prices that nearly prove it.
#[derive(Debug, Default)]
pub(super) struct Start {
    /// (demand, supply, quantity); pairs may repeat.
    pub(super) pieces: Vec<(u32, u32, i64)>,
    /// Price of each supply; missing ones are 0.
    pub(super) prices: Vec<i64>,
}

/// An arc of the forest, from a supply (or the root) to a slot, or from a supply to the root.
#[derive(Debug, Clone, Copy)]
struct Branch {
    tail: u32,
    head: u32,
    cost: i64,
    flow: i64,
}

/// Forest over supplies, the root and slots of split demands, which follow it.
struct Forest {
    root: u32,
    branches: Vec<Branch>,
    /// Positions of the branches at each node.
    around: Vec<Vec<u32>>,
    /// Demand of each slot.
    slots: Vec<u32>,
    /// Supply (or root) and cost of each whole demand; [`NONE`] for split ones.
    leaves: Vec<(u32, i64)>,
}

/// Builds a strongly feasible basis from a start.
pub(super) fn run<R: Rows>(problem: &Problem<'_, R>, start: Start) -> Basis {
    let forest = Forest::plant(problem, start.pieces);
    let linked = link(problem, forest, start.prices);
    linked.into_basis(problem)
}

impl Forest {
    fn plant<R: Rows>(problem: &Problem<'_, R>, pieces: Vec<(u32, u32, i64)>) -> Self {
        let root = u32::try_from(problem.stock.len()).unwrap_or(NONE);
        let mut left = problem.stock.to_vec();
        let leaves = problem.penalty.iter().map(|&penalty| (root, penalty)).collect();
        let around = vec![Vec::new(); problem.stock.len() + 1];
        let mut forest = Self { root, branches: Vec::new(), around, slots: Vec::new(), leaves };
        let pieces = trim(problem, pieces, &mut left);
        for (supply, &flow) in (0..root).zip(&left) {
            if flow > 0 {
                forest.add(Branch { tail: supply, head: root, cost: 0, flow });
            }
        }
        for mine in pieces.chunk_by(|a, b| a.0 == b.0) {
            let demand = mine[0].0;
            let short = problem.quantity[at(demand)] - mine.iter().map(|piece| piece.2).sum::<i64>();
            if let (&[(_, supply, _, cost)], 0) = (mine, short) {
                forest.leaves[at(demand)] = (supply, cost);
                continue;
            }
            let slot = forest.open(demand);
            for &(_, tail, flow, cost) in mine {
                forest.insert(Branch { tail, head: slot, cost, flow });
            }
            if short > 0 {
                forest.insert(Branch { tail: root, head: slot, cost: problem.penalty[at(demand)], flow: short });
            }
        }
        forest
    }

    fn open(&mut self, demand: u32) -> u32 {
        self.slots.push(demand);
        self.around.push(Vec::new());
        self.leaves[at(demand)] = (NONE, 0);
        self.root + u32::try_from(self.slots.len()).unwrap_or(NONE)
    }

    fn add(&mut self, branch: Branch) {
        let place = u32::try_from(self.branches.len()).unwrap_or(NONE);
        self.branches.push(branch);
        self.around[at(branch.tail)].push(place);
        self.around[at(branch.head)].push(place);
    }

    fn remove(&mut self, place: u32) {
        let Branch { tail, head, .. } = self.branches[at(place)];
        for node in [tail, head] {
            self.around[at(node)].retain(|&other| other != place);
        }
    }

    /// Adds a branch; if that closes a cycle, sends flow round it until a branch falls off.
    fn insert(&mut self, mut branch: Branch) {
        let path = self.path(branch.head, branch.tail);
        let signed = |&(place, along): &(u32, bool)| {
            let cost = self.branches[at(place)].cost;
            if along { cost } else { -cost }
        };
        let forward = !path.is_empty() && branch.cost + path.iter().map(signed).sum::<i64>() < 0;
        let falling =
            path.iter().filter(|(_, along)| *along != forward).map(|&(place, _)| self.branches[at(place)].flow);
        let most = if path.is_empty() { 0 } else { falling.min().unwrap_or(i64::MAX) };
        // Going round forwards nothing limits the new branch itself; backwards its own flow does.
        let delta = if forward { most } else { most.min(branch.flow) };
        branch.flow += if forward { delta } else { -delta };
        for (place, along) in path {
            let flow = &mut self.branches[at(place)].flow;
            *flow += if along == forward { delta } else { -delta };
            if *flow == 0 {
                self.remove(place);
            }
        }
        if branch.flow > 0 {
            self.add(branch);
        }
    }

    /// Branches on the way between two nodes, and whether each is passed along its direction; empty when none.
    fn path(&self, from: u32, to: u32) -> Vec<(u32, bool)> {
        let mut stack = vec![(from, NONE, 0)];
        let mut path: Vec<(u32, bool)> = Vec::new();
        while let Some((node, by, depth)) = stack.pop() {
            path.truncate(depth);
            if by != NONE {
                path.truncate(depth - 1);
                path.push((by, self.branches[at(by)].head == node));
            }
            if node == to {
                return path;
            }
            for &place in self.around[at(node)].iter().filter(|&&place| place != by) {
                let Branch { tail, head, .. } = self.branches[at(place)];
                stack.push((if tail == node { head } else { tail }, place, depth + 1));
            }
        }
        Vec::new()
    }

    /// Nodes reachable from `start`, each with the branch that leads there and its near end, near ones first.
    fn walk(&self, start: u32) -> Vec<(u32, u32, u32)> {
        let mut order = vec![(start, NONE, NONE)];
        let mut next = 0;
        while let Some(&(node, by, _)) = order.get(next) {
            next += 1;
            for &place in self.around[at(node)].iter().filter(|&&place| place != by) {
                let Branch { tail, head, .. } = self.branches[at(place)];
                order.push((if tail == node { head } else { tail }, place, node));
            }
        }
        order
    }

    fn into_basis<R: Rows>(self, problem: &Problem<'_, R>) -> Basis {
        let mut basis = Basis::bare(problem.quantity, problem.penalty, problem.stock.len());
        for (demand, &(home, cost)) in (0..NONE).zip(&self.leaves) {
            if home != NONE {
                basis.set_leaf(demand, home, cost);
            }
        }
        let single = |node: u32| node > self.root && self.around[at(node)].len() == 1;
        let mut names: Vec<u32> = (0..=self.root).collect();
        for (node, &demand) in (self.root + 1..).zip(&self.slots) {
            names.push(if single(node) { NONE } else { basis.open_slot(demand) });
        }
        for (node, by, parent) in self.walk(self.root).into_iter().skip(1) {
            let Branch { tail, cost, flow, .. } = self.branches[at(by)];
            if single(node) {
                basis.set_leaf(self.slots[at(node - self.root - 1)], names[at(parent)], cost);
            } else {
                basis.attach(names[at(node)], names[at(parent)], Arc { up: tail == node, cost, flow });
            }
        }
        basis
    }
}

/// Merges, sorts and cuts pieces to what demands want and supplies have; adds their costs.
fn trim<R: Rows>(
    problem: &Problem<'_, R>,
    mut pieces: Vec<(u32, u32, i64)>,
    left: &mut [i64],
) -> Vec<(u32, u32, i64, i64)> {
    pieces.sort_unstable();
    let mut scratch = Vec::new();
    let mut trimmed: Vec<(u32, u32, i64, i64)> = Vec::with_capacity(pieces.len());
    for mine in pieces.chunk_by(|a, b| a.0 == b.0) {
        let demand = mine[0].0;
        let mut wanted = problem.quantity[at(demand)];
        let row = problem.costs.row(at(demand), &mut scratch);
        for &(_, supply, quantity) in mine {
            let fits = quantity.min(wanted).min(left[at(supply)]);
            let cost = row[at(supply)];
            if fits <= 0 || !cost.is_allowed() {
                continue;
            }
            wanted -= fits;
            left[at(supply)] -= fits;
            match trimmed.last_mut() {
                Some(last) if (last.0, last.1) == (demand, supply) => last.2 += fits,
                _ => trimmed.push((demand, supply, fits, cost.wide())),
            }
        }
    }
    trimmed
}

/// Trees on the way to the root.
struct Linker<'a, R: Rows> {
    problem: &'a Problem<'a, R>,
    forest: Forest,
    /// Price of each node.
    prices: Vec<i64>,
    rooted: Vec<bool>,
    /// Whole demands by home.
    leaves_of: Vec<Vec<u32>>,
    /// Least reduced cost of an arc from each supply to a rooted demand (or the root), and that demand.
    best: Vec<(i64, u32)>,
    scratch: Vec<R::Cost>,
}

fn link<R: Rows>(problem: &Problem<'_, R>, forest: Forest, mut prices: Vec<i64>) -> Forest {
    prices.resize(forest.around.len(), 0);
    let mut leaves_of = vec![Vec::new(); problem.stock.len() + 1];
    for (demand, &(home, _)) in (0..NONE).zip(&forest.leaves) {
        if home != NONE && problem.quantity[at(demand)] > 0 {
            leaves_of[at(home)].push(demand);
        }
    }
    let rooted = vec![false; forest.around.len()];
    let mut linker = Linker { problem, forest, prices, rooted, leaves_of, best: Vec::new(), scratch: Vec::new() };
    linker.settle_prices();
    linker.best = linker.prices[..problem.stock.len()].iter().map(|&price| (price, NONE)).collect();
    let root = linker.forest.root;
    linker.reach(root);
    while let Some(supply) = linker.nearest() {
        linker.link(supply);
    }
    linker.forest
}

impl<R: Rows> Linker<'_, R> {
    /// Makes all branches tight: the root keeps 0, every other tree the given price of one of its supplies.
    fn settle_prices(&mut self) {
        let mut seen = vec![false; self.rooted.len()];
        let root = self.forest.root;
        self.prices[at(root)] = 0;
        for start in std::iter::once(root).chain(0..root) {
            if seen[at(start)] {
                continue;
            }
            for (node, by, parent) in self.forest.walk(start) {
                seen[at(node)] = true;
                if by != NONE {
                    let Branch { tail, cost, .. } = self.forest.branches[at(by)];
                    let rise = if tail == node { -cost } else { cost };
                    self.prices[at(node)] = self.prices[at(parent)] + rise;
                }
            }
        }
    }

    /// Marks a tree as rooted and offers its demands to the supplies that are not.
    fn reach(&mut self, start: u32) {
        let tree = self.forest.walk(start);
        for &(node, ..) in &tree {
            self.rooted[at(node)] = true;
        }
        for (node, ..) in tree {
            if node > self.forest.root {
                self.offer(self.forest.slots[at(node - self.forest.root - 1)], self.prices[at(node)]);
            } else {
                for demand in std::mem::take(&mut self.leaves_of[at(node)]) {
                    self.offer(demand, self.prices[at(node)] + self.forest.leaves[at(demand)].1);
                }
            }
        }
    }

    fn offer(&mut self, demand: u32, demand_price: i64) {
        let row = self.problem.costs.row(at(demand), &mut self.scratch);
        for ((cost, &price), best) in row.iter().zip(&self.prices).zip(&mut self.best) {
            let reduced = cost.wide().saturating_add(price - demand_price);
            if reduced < best.0 && cost.is_allowed() {
                *best = (reduced, demand);
            }
        }
    }

    fn nearest(&self) -> Option<u32> {
        let waiting = (0..self.forest.root).filter(|&supply| !self.rooted[at(supply)]);
        waiting.min_by_key(|&supply| self.best[at(supply)].0)
    }

    /// Links the tree of a supply by the supply's best arc.
    fn link(&mut self, supply: u32) {
        let (reduced, demand) = self.best[at(supply)];
        for (node, ..) in self.forest.walk(supply) {
            self.prices[at(node)] -= reduced;
        }
        if demand == NONE {
            self.reach(supply);
            self.forest.add(Branch { tail: supply, head: self.forest.root, cost: 0, flow: 0 });
            return;
        }
        let (home, base) = self.forest.leaves[at(demand)];
        let slot = if home == NONE {
            let place = self.forest.slots.iter().position(|&other| other == demand).unwrap_or(0);
            self.forest.root + 1 + u32::try_from(place).unwrap_or(NONE)
        } else {
            let slot = self.forest.open(demand);
            let flow = self.problem.quantity[at(demand)];
            self.forest.add(Branch { tail: home, head: slot, cost: base, flow });
            self.prices.push(self.prices[at(home)] + base);
            self.rooted.push(true);
            slot
        };
        let row = self.problem.costs.row(at(demand), &mut self.scratch);
        let cost = row[at(supply)].wide();
        // Not yet added while the new tree is walked, so that the walk stays inside it.
        self.reach(supply);
        self.forest.add(Branch { tail: supply, head: slot, cost, flow: 0 });
    }
}
