//! The contracted basis: a spanning tree on supplies, the root and *split* demands only.
//!
//! A basis of the transport problem is a spanning tree on supplies, demands and a root (which serves shortages and
//! takes unused stock). Nearly all demands are leaves: one supply serves them whole. Those are not kept in the tree;
//! each knows its *home* and derives its price from it. A pivot then touches some dozen nodes instead of hundreds, and
//! most pivots only move a leaf from one home to another.
//!
//! Arcs point from supplies (or the root, for shortage) to demands, and from supplies to the root (unused stock). They
//! have no capacity. Invariant (*strongly feasible*, Cunningham 1976): a tree arc without flow points to the root, so
//! the method cannot cycle.

/// No node, no demand.
pub(super) const NONE: u32 = u32::MAX;
const ENDLESS: i64 = i64::MAX;

/// Widens an index. Exact: `usize` has at least 32 bits wherever this runs.
pub(super) const fn at(index: u32) -> usize {
    index as usize
}

/// Place of a node in the tree. Children are a doubly linked list, so that re-hanging one is constant work.
#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    depth: u32,
    first_child: u32,
    next: u32,
    previous: u32,
    /// Whether the arc to the parent points to the parent.
    up: bool,
    cost: i64,
    flow: i64,
}

const NOWHERE: Node =
    Node { parent: NONE, depth: 0, first_child: NONE, next: NONE, previous: NONE, up: true, cost: 0, flow: 0 };

/// A tree arc seen from its lower end: whether it points up to the parent, cost, flow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub(super) up: bool,
    pub(super) cost: i64,
    pub(super) flow: i64,
}

/// An arc that is to enter the basis: from a supply (or the root: shortage) to a demand, or, with `demand` = [`NONE`],
/// from a supply to the root (unused stock).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entering {
    pub(super) demand: u32,
    pub(super) tail: u32,
    pub(super) cost: i64,
}

/// What leaves the basis.
#[derive(Debug, Clone, Copy)]
enum Leaving {
    /// The demand's arc from its home.
    Leaf,
    /// The arc above this node, on the side of the entering arc's tail or head.
    Above { node: u32, tail_side: bool },
}

#[derive(Debug)]
pub(super) struct Basis {
    /// Supplies, then the root, then slots for split demands.
    nodes: Vec<Node>,
    /// Price of each node: ρ of supplies, 0 at the root, π of split demands.
    pub(super) price: Vec<i64>,
    /// Demand in each slot (offset by the supplies and the root).
    slots: Vec<u32>,
    free: Vec<u32>,
    /// The node each demand hangs on as a leaf (a supply or the root), or its own node when it is split.
    home: Vec<u32>,
    /// Cost of the arc from the home; 0 for a split demand.
    base: Vec<i64>,
    quantity: Vec<i64>,
    pub(super) root: u32,
    pub(super) pivots: u64,
}

impl Basis {
    /// All demands short, no supply in the tree yet: [`Basis::attach`] every supply before use.
    pub(super) fn bare(quantity: &[i64], penalty: &[i64], supplies: usize) -> Self {
        let root = u32::try_from(supplies).unwrap_or(NONE);
        Self {
            nodes: vec![NOWHERE; supplies + 1],
            price: vec![0; supplies + 1],
            slots: Vec::new(),
            free: Vec::new(),
            home: vec![root; quantity.len()],
            base: penalty.to_vec(),
            quantity: quantity.to_vec(),
            root,
            pivots: 0,
        }
    }

    /// Hangs a node that is not yet in the tree on one that is.
    pub(super) fn attach(&mut self, node: u32, parent: u32, arc: Arc) {
        let depth = self.nodes[at(parent)].depth + 1;
        self.nodes[at(node)] = Node { up: arc.up, cost: arc.cost, flow: arc.flow, depth, ..NOWHERE };
        let rise = if arc.up { -arc.cost } else { arc.cost };
        self.price[at(node)] = self.price[at(parent)] + rise;
        self.link(node, parent);
    }

    /// A node of its own for a demand that has more than one arc.
    pub(super) fn open_slot(&mut self, demand: u32) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.nodes.push(NOWHERE);
            self.price.push(0);
            self.slots.push(NONE);
            self.root + u32::try_from(self.slots.len()).unwrap_or(NONE)
        });
        self.slots[at(slot - self.root - 1)] = demand;
        self.home[at(demand)] = slot;
        self.base[at(demand)] = 0;
        slot
    }

    /// Lets one supply (or the root) serve a whole demand.
    pub(super) fn set_leaf(&mut self, demand: u32, home: u32, cost: i64) {
        self.home[at(demand)] = home;
        self.base[at(demand)] = cost;
    }

    pub(super) fn demand_price(&self, demand: u32) -> i64 {
        self.price[at(self.home[at(demand)])] + self.base[at(demand)]
    }

    /// Negative where the arc can lower the cost.
    pub(super) fn reduced_cost(&self, arc: Entering) -> i64 {
        let head = if arc.demand == NONE { 0 } else { self.demand_price(arc.demand) };
        self.price[at(arc.tail)] + arc.cost - head
    }

    /// Brings an arc into the basis and drops the one that blocks.
    pub(super) fn pivot(&mut self, entering: Entering) {
        self.pivots += 1;
        let head = if entering.demand == NONE { self.root } else { self.home[at(entering.demand)] };
        let is_leaf = entering.demand != NONE && head <= self.root;
        let most = if is_leaf { self.quantity[at(entering.demand)] } else { ENDLESS };
        let (join, delta, leaving) = self.find_leaving(entering.tail, head, most);
        self.push_flow(entering.tail, head, join, delta);
        match leaving {
            Leaving::Leaf => {
                self.home[at(entering.demand)] = entering.tail;
                self.base[at(entering.demand)] = entering.cost;
            }
            Leaving::Above { node, tail_side } => self.exchange(entering, head, is_leaf, delta, node, tail_side),
        }
    }

    /// Walks the cycle. Of several arcs that block, the last one leaves, seen from the join along the flow: down to the
    /// tail, over the entering arc, over the leaf, up from the head.
    fn find_leaving(&self, tail: u32, head: u32, most: i64) -> (u32, i64, Leaving) {
        let (mut left, mut right) = (tail, head);
        let mut delta = most;
        let mut leaving = Leaving::Leaf;
        let (mut late_delta, mut late) = (ENDLESS, NONE);
        while left != right {
            if self.nodes[at(left)].depth >= self.nodes[at(right)].depth {
                let node = &self.nodes[at(left)];
                if node.up && node.flow < delta {
                    delta = node.flow;
                    leaving = Leaving::Above { node: left, tail_side: true };
                }
                left = node.parent;
            } else {
                let node = &self.nodes[at(right)];
                if !node.up && node.flow <= late_delta {
                    late_delta = node.flow;
                    late = right;
                }
                right = node.parent;
            }
        }
        if late != NONE && late_delta <= delta {
            (left, late_delta, Leaving::Above { node: late, tail_side: false })
        } else {
            (left, delta, leaving)
        }
    }

    fn push_flow(&mut self, tail: u32, head: u32, join: u32, delta: i64) {
        if delta == 0 {
            return;
        }
        for (start, upwards) in [(tail, false), (head, true)] {
            let mut node = start;
            while node != join {
                let place = &mut self.nodes[at(node)];
                place.flow += if place.up == upwards { delta } else { -delta };
                node = place.parent;
            }
        }
    }

    /// Swaps the entering arc for the one above `cut`.
    fn exchange(&mut self, entering: Entering, head: u32, is_leaf: bool, delta: i64, cut: u32, tail_side: bool) {
        let reduced = self.reduced_cost(entering);
        let above = self.nodes[at(cut)].parent;
        let (inside, outside) = if tail_side { (entering.tail, head) } else { (head, entering.tail) };
        let shift = if tail_side { -reduced } else { reduced };
        if is_leaf {
            let demand = at(entering.demand);
            let kept = (self.base[demand], self.quantity[demand] - delta);
            let new = (entering.cost, delta);
            let (below, over) = if tail_side { (new, kept) } else { (kept, new) };
            let slot = self.open_slot(entering.demand);
            self.attach(slot, outside, Arc { up: false, cost: over.0, flow: over.1 });
            self.hang(inside, slot, cut, Arc { up: true, cost: below.0, flow: below.1 });
        } else {
            // The arc points from the tail to the head: upwards when the tail's side is re-hung.
            self.hang(inside, outside, cut, Arc { up: tail_side, cost: entering.cost, flow: delta });
        }
        self.shift_prices(inside, shift);
        for end in [cut, above] {
            self.unsplit(end);
        }
    }

    /// Makes a split demand that has only one arc left a leaf again.
    fn unsplit(&mut self, node: u32) {
        if node <= self.root || self.nodes[at(node)].first_child != NONE {
            return;
        }
        let demand = std::mem::replace(&mut self.slots[at(node - self.root - 1)], NONE);
        if demand == NONE {
            return;
        }
        let place = self.nodes[at(node)];
        self.unlink(node);
        self.home[at(demand)] = place.parent;
        self.base[at(demand)] = place.cost;
        self.free.push(node);
    }

    /// Turns the path from `inside` to `cut` upside down and hangs it on `outside` by `arc`.
    fn hang(&mut self, inside: u32, outside: u32, cut: u32, arc: Arc) {
        let (mut node, mut parent, mut arc) = (inside, outside, arc);
        loop {
            let old = self.nodes[at(node)];
            self.unlink(node);
            let place = &mut self.nodes[at(node)];
            (place.up, place.cost, place.flow) = (arc.up, arc.cost, arc.flow);
            self.link(node, parent);
            if node == cut {
                return;
            }
            (node, parent, arc) = (old.parent, node, Arc { up: !old.up, cost: old.cost, flow: old.flow });
        }
    }

    fn link(&mut self, node: u32, parent: u32) {
        let sibling = std::mem::replace(&mut self.nodes[at(parent)].first_child, node);
        if sibling != NONE {
            self.nodes[at(sibling)].previous = node;
        }
        let place = &mut self.nodes[at(node)];
        place.parent = parent;
        place.next = sibling;
        place.previous = NONE;
    }

    fn unlink(&mut self, node: u32) {
        let Node { parent, next, previous, .. } = self.nodes[at(node)];
        if previous == NONE {
            self.nodes[at(parent)].first_child = next;
        } else {
            self.nodes[at(previous)].next = next;
        }
        if next != NONE {
            self.nodes[at(next)].previous = previous;
        }
    }

    /// Moves all prices of the subtree under `top` and gives it its depths.
    fn shift_prices(&mut self, top: u32, shift: i64) {
        let mut node = top;
        let mut depth = self.nodes[at(self.nodes[at(top)].parent)].depth + 1;
        loop {
            self.price[at(node)] += shift;
            let place = &mut self.nodes[at(node)];
            place.depth = depth;
            if place.first_child != NONE {
                node = place.first_child;
                depth += 1;
                continue;
            }
            loop {
                if node == top {
                    return;
                }
                let place = &self.nodes[at(node)];
                if place.next != NONE {
                    node = place.next;
                    break;
                }
                node = place.parent;
                depth -= 1;
            }
        }
    }

    /// Calls `visit(demand, supply, quantity, cost)` for every flow from a supply to a demand, in no particular order.
    pub(super) fn for_each_flow(&self, mut visit: impl FnMut(u32, u32, i64, i64)) {
        for ((demand, (&home, &quantity)), &base) in (0..NONE).zip(self.home.iter().zip(&self.quantity)).zip(&self.base)
        {
            if home < self.root {
                visit(demand, home, quantity, base);
            }
        }
        for (node, place) in (0..NONE).zip(&self.nodes) {
            let (supply, slot) = if place.up { (node, place.parent) } else { (place.parent, node) };
            if supply < self.root && slot > self.root && slot != NONE && place.parent != NONE {
                let demand = self.slots[at(slot - self.root - 1)];
                if demand != NONE {
                    visit(demand, supply, place.flow, place.cost);
                }
            }
        }
    }
}
