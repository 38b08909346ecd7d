//! The spanning tree, its pivots and the search for entering arcs.
//!
//! Not here: checking the input and reading the outcome, see [`super`].

mod start;
mod tree;

use super::Network;

/// No node, no arc.
const NONE: u32 = u32::MAX;
/// Capacity of an arc without limit.
const ENDLESS: i64 = i64::MAX;

/// Candidates kept of a block for the next pivots.
const KEEP: usize = 4;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// No arc can improve the flow.
    Optimal,
    /// A cycle of negative cost has no limit.
    Unbounded,
}

/// Place of a node in the tree. The nodes form a ring in depth-first order, so that a subtree is a run of it.
#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    /// Tree arc to the parent.
    arc: u32,
    /// Number of nodes in the subtree, itself included.
    size: u32,
    /// Last node of the subtree in the ring.
    last: u32,
    /// The node before it in the ring.
    before: u32,
    /// Whether the arc points to the parent.
    up: bool,
}

/// Flow above the lower bound, and how much may flow at most.
#[derive(Debug, Clone, Copy)]
struct Pipe {
    flow: i64,
    capacity: i64,
}

/// Where a non-basic arc stands: 1 at its lower bound, -1 at its capacity, 0 in the tree.
type State = i8;

pub(super) struct Simplex {
    nodes: Vec<Node>,
    /// The node after each one in the ring; by itself, because walking a subtree needs nothing else.
    after: Vec<u32>,
    /// Potential of each node and, last, of the root (always 0).
    potential: Vec<i64>,
    tail: Vec<u32>,
    head: Vec<u32>,
    cost: Vec<i64>,
    /// Side by side, because a walk round a cycle needs both.
    pipes: Vec<Pipe>,
    state: Vec<State>,
    /// Position of each of the network's arcs, `None` for self-loops.
    place: Vec<Option<u32>>,
    /// Number of arcs that may enter (artificial arcs follow them).
    real: usize,
    block: usize,
    next_arc: usize,
    /// Arcs that helped when last looked at, with their reduced cost.
    candidates: Vec<(i64, u32)>,
    /// Arcs to try before any search.
    first: Vec<u32>,
    pub(super) pivots: u64,
}

/// The cycle closed by an entering arc.
struct Cycle {
    /// End of the entering arc from which the flow comes.
    first: u32,
    /// End of the entering arc to which it goes.
    second: u32,
    join: u32,
    /// How much fits.
    delta: i64,
    /// Root of the subtree that is cut off, and whether it lies on the side of `first`; `None`: the entering arc itself.
    leaving: Option<(u32, bool)>,
}

fn index(value: usize) -> u32 {
    // Sizes are checked to be below 2^31 before anything is built.
    u32::try_from(value).unwrap_or(NONE)
}

impl Simplex {
    /// Builds the star of artificial arcs around the root.
    pub(super) fn new(network: &Network) -> Self {
        let count = network.supplies.len();
        let total = network.arcs.len() + count;
        let mut built = Self {
            nodes: Vec::with_capacity(count + 1),
            after: Vec::with_capacity(count + 1),
            potential: vec![0; count + 1],
            tail: Vec::with_capacity(total),
            head: Vec::with_capacity(total),
            cost: Vec::with_capacity(total),
            pipes: Vec::with_capacity(total),
            state: Vec::with_capacity(total),
            place: Vec::new(),
            real: 0,
            block: 0,
            next_arc: 0,
            candidates: Vec::new(),
            first: Vec::new(),
            pivots: 0,
        };
        let mut excess = network.supplies.clone();
        built.add_arcs(network, &mut excess);
        built.add_star(network, &excess);
        built.first = built.first_arcs(&excess);
        built
    }

    /// Adds the network's arcs at their lower bounds, which move supply from tail to head.
    fn add_arcs(&mut self, network: &Network, excess: &mut [i64]) {
        self.place = vec![None; network.arcs.len()];
        // Neighbouring arcs often share a node; taking them with a stride makes blocks more varied.
        let stride = network.arcs.len().isqrt().max(1);
        for start in 0..stride {
            for at in (start..network.arcs.len()).step_by(stride) {
                let arc = &network.arcs[at];
                excess[arc.from] -= arc.lower;
                excess[arc.to] += arc.lower;
                if arc.from != arc.to {
                    self.place[at] = Some(index(self.cost.len()));
                    let capacity = arc.upper.map_or(ENDLESS, |upper| upper - arc.lower);
                    self.push_arc((index(arc.from), index(arc.to)), arc.cost, capacity, 0, 1);
                }
            }
        }
        self.real = self.cost.len();
        // Longer than the usual square root: a pivot costs far more than looking at some more arcs.
        self.block = (6 * self.real.isqrt()).max(20);
    }

    fn push_arc(&mut self, (tail, head): (u32, u32), cost: i64, capacity: i64, flow: i64, state: State) {
        self.tail.push(tail);
        self.head.push(head);
        self.cost.push(cost);
        self.pipes.push(Pipe { flow, capacity });
        self.state.push(state);
    }

    /// Hangs every node on the root. An arc into a node costs more than any path, so it empties if that is possible.
    fn add_star(&mut self, network: &Network, excess: &[i64]) {
        let root = index(excess.len());
        let dearest = network.arcs.iter().map(|arc| arc.cost.abs()).max().unwrap_or(0);
        let artificial = (dearest + 1) * (i64::from(root) + 1);
        for (at, &supply) in excess.iter().enumerate() {
            let node = index(at);
            let before = if node == 0 { root } else { node - 1 };
            self.nodes.push(Node {
                parent: root,
                arc: index(self.cost.len()),
                size: 1,
                last: node,
                before,
                up: supply >= 0,
            });
            self.after.push(node + 1);
            if supply >= 0 {
                self.push_arc((node, root), 0, ENDLESS, supply, 0);
            } else {
                self.potential[at] = artificial;
                self.push_arc((root, node), artificial, ENDLESS, -supply, 0);
            }
        }
        let last = root.saturating_sub(1);
        self.nodes.push(Node { parent: NONE, arc: NONE, size: root + 1, last, before: last, up: false });
        self.after.push(0);
    }

    /// Pivots until no arc can improve the flow.
    pub(super) fn run(&mut self) -> Ended {
        for entering in std::mem::take(&mut self.first) {
            if self.gain(entering) < 0 && !self.pivot(entering) {
                return Ended::Unbounded;
            }
        }
        while let Some(entering) = self.find_entering() {
            if !self.pivot(entering) {
                return Ended::Unbounded;
            }
        }
        Ended::Optimal
    }

    /// Brings an arc into the tree (or from one bound to the other); false when nothing limits its cycle.
    fn pivot(&mut self, entering: u32) -> bool {
        self.pivots += 1;
        let cycle = self.find_cycle(entering);
        if cycle.delta == ENDLESS {
            return false;
        }
        self.push_flow(entering, &cycle);
        self.exchange(entering, &cycle);
        true
    }

    /// Reduced cost in the direction that the arc can move; negative where that helps.
    fn gain(&self, arc: u32) -> i64 {
        let at = arc as usize;
        let ends = self.potential[self.tail[at] as usize] - self.potential[self.head[at] as usize];
        i64::from(self.state[at]) * (self.cost[at] + ends)
    }

    /// The most promising arc among the candidates, or else of the next block that has any.
    fn find_entering(&mut self) -> Option<u32> {
        if let Some(arc) = self.best_candidate() {
            return Some(arc);
        }
        let mut looked = 0;
        while looked < self.real && self.candidates.is_empty() {
            let end = (self.next_arc + self.block).min(self.real);
            let range = self.next_arc..end;
            let ends = self.tail[range.clone()].iter().zip(&self.head[range.clone()]);
            let terms = self.cost[range.clone()].iter().zip(&self.state[range]);
            for (arc, ((&tail, &head), (&cost, &state))) in (self.next_arc..).zip(ends.zip(terms)) {
                let reduced = cost + self.potential[tail as usize] - self.potential[head as usize];
                let gain = i64::from(state) * reduced;
                if gain < 0 {
                    self.candidates.push((gain, index(arc)));
                }
            }
            looked += end - self.next_arc;
            self.next_arc = if end == self.real { 0 } else { end };
        }
        if self.candidates.len() > KEEP {
            self.candidates.select_nth_unstable(KEEP);
            self.candidates.truncate(KEEP);
        }
        self.best_candidate()
    }

    /// Measures the candidates anew, drops those that no longer help and takes the best.
    fn best_candidate(&mut self) -> Option<u32> {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.retain_mut(|(gain, arc)| {
            *gain = self.gain(*arc);
            *gain < 0
        });
        let best = candidates.iter().enumerate().min_by_key(|(_, candidate)| **candidate);
        let chosen = best.map(|(at, _)| at).map(|at| candidates.swap_remove(at).1);
        self.candidates = candidates;
        chosen
    }

    /// Walks the cycle and finds the leaving arc that keeps the tree strongly feasible: the last one that blocks,
    /// seen from the join in the direction of the flow.
    fn find_cycle(&self, entering: u32) -> Cycle {
        let arc = entering as usize;
        let (first, second) = match self.state[arc] {
            1 => (self.tail[arc], self.head[arc]),
            _ => (self.head[arc], self.tail[arc]),
        };
        let (mut up, mut down) = (first, second);
        let mut delta = self.pipes[arc].capacity;
        let mut from_first = None;
        let (mut second_delta, mut from_second) = (ENDLESS, None);
        while up != down {
            if self.nodes[up as usize].size <= self.nodes[down as usize].size {
                // On this side the flow comes down from the parent.
                let room = self.room(up, false);
                if room < delta {
                    delta = room;
                    from_first = Some(up);
                }
                up = self.nodes[up as usize].parent;
            } else {
                let room = self.room(down, true);
                if room <= second_delta {
                    second_delta = room;
                    from_second = Some(down);
                }
                down = self.nodes[down as usize].parent;
            }
        }
        let leaving = match from_second {
            Some(node) if second_delta <= delta => Some((node, false)),
            _ => from_first.map(|node| (node, true)),
        };
        Cycle { first, second, join: up, delta: delta.min(second_delta), leaving }
    }

    /// How much more flow fits between a node and its parent, up or down.
    fn room(&self, node: u32, upwards: bool) -> i64 {
        let Node { arc, up, .. } = self.nodes[node as usize];
        let Pipe { flow, capacity } = self.pipes[arc as usize];
        match up == upwards {
            true if capacity == ENDLESS => ENDLESS,
            true => capacity - flow,
            false => flow,
        }
    }

    fn push_flow(&mut self, entering: u32, cycle: &Cycle) {
        if cycle.delta == 0 {
            return;
        }
        let arc = entering as usize;
        self.pipes[arc].flow += i64::from(self.state[arc]) * cycle.delta;
        for (start, upwards) in [(cycle.first, false), (cycle.second, true)] {
            let mut node = start;
            while node != cycle.join {
                let Node { parent, arc, up, .. } = self.nodes[node as usize];
                self.pipes[arc as usize].flow += if up == upwards { cycle.delta } else { -cycle.delta };
                node = parent;
            }
        }
    }

    /// Swaps the entering arc for the leaving one.
    fn exchange(&mut self, entering: u32, cycle: &Cycle) {
        let Some((cut, on_first_side)) = cycle.leaving else {
            self.state[entering as usize] = -self.state[entering as usize];
            return;
        };
        let leaving = self.nodes[cut as usize].arc as usize;
        self.state[leaving] = if self.pipes[leaving].flow == 0 { 1 } else { -1 };
        self.state[entering as usize] = 0;
        let (inside, outside) = if on_first_side { (cycle.first, cycle.second) } else { (cycle.second, cycle.first) };
        let shift = self.shift(inside, entering);
        self.detach(cut, cycle.join);
        let last = self.turn(inside, cut);
        self.attach(inside, outside, entering, last, cycle.join);
        let mut node = inside;
        self.potential[node as usize] += shift;
        while node != last {
            node = self.after[node as usize];
            self.potential[node as usize] += shift;
        }
    }

    /// What to add to the potentials on the inner side so that the entering arc becomes tight.
    fn shift(&self, inside: u32, entering: u32) -> i64 {
        let arc = entering as usize;
        let (tail, head) = (self.tail[arc], self.head[arc]);
        let reduced = self.cost[arc] + self.potential[tail as usize] - self.potential[head as usize];
        if tail == inside { -reduced } else { reduced }
    }

    /// Whether no flow is left on artificial arcs.
    pub(super) fn is_feasible(&self) -> bool {
        self.pipes[self.real..].iter().all(|pipe| pipe.flow == 0)
    }

    /// Flow of each of the network's arcs, lower bounds added back.
    pub(super) fn flows(&self, network: &Network) -> Vec<i64> {
        let flow = |(arc, place): (&super::Arc, &Option<u32>)| match place {
            Some(at) => arc.lower + self.pipes[*at as usize].flow,
            None if arc.cost < 0 => arc.upper.unwrap_or(arc.lower),
            None => arc.lower,
        };
        network.arcs.iter().zip(&self.place).map(flow).collect()
    }

    /// Potentials of the network's nodes.
    pub(super) fn potentials(&self) -> Vec<i64> {
        self.potential[..self.nodes.len() - 1].to_vec()
    }
}
