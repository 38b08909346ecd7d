//! The published tie rule, on the face of all cheapest flows.
//!
//! A flow engine returns one of the cheapest plans. All others differ from it only along *tight* edges (reduced cost
//! zero). On those this module minimises, one after the other: base units short, gram-metres, and the sum of a seeded
//! content hash. Edges that lie on no cycle of tight edges cannot change at all, so usually nothing is left to do.

use crate::flow::mcf;
use crate::model::Model;

/// A tight edge of the optimal face. Endpoints are node numbers of the caller's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Tail.
    pub from: usize,
    /// Head.
    pub to: usize,
    /// Flow, ≥ 0; changed by [`Faces::refine`].
    pub flow: i64,
    /// Most flow; `None` is unlimited.
    pub upper: Option<i64>,
    /// Cost per unit at each level of the tie rule.
    pub costs: [i64; 3],
}

/// The costs of one pack at each level of the tie rule.
pub fn tie_costs(model: &Model<'_>, demand: usize, offer: usize) -> [i64; 3] {
    let distance = model.distance_m(demand, offer);
    let grams = model.offers[offer].grams;
    [0, grams.saturating_mul(distance).min(1 << 45), pair_hash(model.demands[demand].tie, model.offers[offer].tie)]
}

/// 24 bits of a mix of two content hashes (the finaliser of SplitMix64, Steele and others 2014).
pub fn pair_hash(demand: u64, offer: u64) -> i64 {
    let mut mixed = demand ^ offer.rotate_left(32);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    i64::try_from((mixed ^ (mixed >> 31)) >> 40).unwrap_or_default()
}

/// Minimises each level in turn over the flows that keep all balances.
#[derive(Debug)]
pub struct Faces {
    nodes: usize,
    edges: Vec<Edge>,
    /// Edges whose flow may still change.
    open: Vec<usize>,
}

impl Faces {
    /// Returns the edges with the preferred flow. `nodes` bounds the node numbers.
    pub fn refine(nodes: usize, edges: Vec<Edge>) -> Vec<Edge> {
        let open = (0..edges.len()).collect();
        let mut faces = Self { nodes, edges, open };
        for level in 0..3 {
            faces.open = faces.on_cycles();
            if faces.open.is_empty() {
                break;
            }
            faces.minimise(level);
        }
        faces.edges
    }

    /// Drops open edges that end at a node with no other open edge, again and again.
    fn on_cycles(&self) -> Vec<usize> {
        let mut degree = vec![0_u32; self.nodes];
        let mut at: Vec<Vec<usize>> = vec![Vec::new(); self.nodes];
        for &index in &self.open {
            let edge = self.edges[index];
            for node in [edge.from, edge.to] {
                degree[node] += 1;
                at[node].push(index);
            }
        }
        let mut dead = vec![false; self.edges.len()];
        let mut leaves: Vec<usize> = (0..self.nodes).filter(|&node| degree[node] == 1).collect();
        while let Some(node) = leaves.pop() {
            for &index in at[node].iter().filter(|&&index| !dead[index]).collect::<Vec<_>>() {
                dead[index] = true;
                let edge = self.edges[index];
                for end in [edge.from, edge.to] {
                    degree[end] -= 1;
                    if degree[end] == 1 {
                        leaves.push(end);
                    }
                }
            }
        }
        self.open.iter().copied().filter(|&index| !dead[index]).collect()
    }

    /// Solves one level on the open edges and keeps only the edges that stay tight.
    fn minimise(&mut self, level: usize) {
        if self.open.iter().all(|&index| self.edges[index].costs[level] == 0) {
            return;
        }
        let mut numbers = vec![usize::MAX; self.nodes];
        let mut network = mcf::Network::default();
        for &index in &self.open {
            let edge = self.edges[index];
            for node in [edge.from, edge.to] {
                if numbers[node] == usize::MAX {
                    numbers[node] = network.supplies.len();
                    network.supplies.push(0);
                }
            }
            let (from, to) = (numbers[edge.from], numbers[edge.to]);
            network.supplies[from] += edge.flow;
            network.supplies[to] -= edge.flow;
            network.arcs.push(mcf::Arc { from, to, lower: 0, upper: edge.upper, cost: edge.costs[level] });
        }
        // Costs are bounded far below the engine's limits and a flow exists, so nothing else can come back; if it
        // did, the flow at hand is as cheap and stays.
        let Ok(mcf::Outcome::Optimal(solution)) = mcf::solve(&network) else {
            return;
        };
        let mut open = Vec::new();
        for (position, &index) in self.open.iter().enumerate() {
            self.edges[index].flow = solution.flow[position];
            let arc = network.arcs[position];
            if arc.cost + solution.potential[arc.from] - solution.potential[arc.to] == 0 {
                open.push(index);
            }
        }
        self.open = open;
    }
}
