//! Sparse minimum-cost flow by the primal network simplex method.
//!
//! The basis is a spanning tree over the nodes and an artificial root. It is kept *strongly feasible* (Cunningham
//! 1976: every tree arc without flow points to the root), which rules out cycling. Entering arcs are found by block
//! search. Magnitudes are checked on input so that no sum can overflow afterwards.

mod simplex;
#[cfg(test)]
mod tests;

use simplex::{Ended, Simplex};

/// A directed arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// Index of the tail.
    pub from: usize,
    /// Index of the head.
    pub to: usize,
    /// Least flow.
    pub lower: i64,
    /// Most flow; `None` is unlimited.
    pub upper: Option<i64>,
    /// Cost per unit; may be negative.
    pub cost: i64,
}

/// Nodes with supplies (negative: demand) and the arcs between them. Self-loops and parallel arcs are fine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Supply of each node.
    pub supplies: Vec<i64>,
    /// Arcs between the nodes.
    pub arcs: Vec<Arc>,
}

/// A cheapest flow and its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Flow on each arc.
    pub flow: Vec<i64>,
    /// Potential of each node: an arc below its capacity has `cost + potential[from] - potential[to] >= 0`, and one
    /// above its lower bound has `<= 0`.
    pub potential: Vec<i64>,
    /// Sum of cost × flow.
    pub objective: i128,
    /// Pivots made.
    pub pivots: u64,
}

/// What a network turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A cheapest flow exists.
    Optimal(Solution),
    /// No flow meets all supplies and bounds.
    Infeasible,
    /// Flows exist, but a cycle of negative cost has no limit.
    Unbounded,
}

/// A network that cannot be handled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// An arc names a node that does not exist.
    #[error("arc {arc} names node {node}, but there are only {nodes} nodes")]
    NoSuchNode {
        /// Index of the arc.
        arc: usize,
        /// The missing node.
        node: usize,
        /// Number of nodes.
        nodes: usize,
    },
    /// More than 2^31 nodes or arcs.
    #[error("the network has more than 2^31 nodes or arcs")]
    TooLarge,
    /// Supplies, bounds and finite capacities add up to more than 2^61.
    #[error("supplies, lower bounds and capacities add up to more than 2^61")]
    QuantityOverflow,
    /// Costs times nodes exceed 2^60.
    #[error("largest cost {cost} times the number of nodes exceeds 2^60")]
    CostOverflow {
        /// Largest absolute cost.
        cost: u64,
    },
}

/// Finds a cheapest flow.
///
/// # Errors
/// [`InputError`] when an arc dangles or magnitudes could overflow.
pub fn solve(network: &Network) -> Result<Outcome, InputError> {
    check(network)?;
    if network.supplies.iter().map(|&s| i128::from(s)).sum::<i128>() != 0 {
        return Ok(Outcome::Infeasible);
    }
    if network.arcs.iter().any(|arc| arc.upper.is_some_and(|upper| upper < arc.lower)) {
        return Ok(Outcome::Infeasible);
    }
    let mut simplex = Simplex::new(network);
    let endless_loop = network.arcs.iter().any(|a| a.from == a.to && a.cost < 0 && a.upper.is_none());
    if endless_loop || simplex.run() == Ended::Unbounded {
        // A cycle without limit only matters when there is a flow at all; with costs of zero nothing can be endless.
        let mut free = network.clone();
        free.arcs.iter_mut().for_each(|arc| arc.cost = 0);
        let mut simplex = Simplex::new(&free);
        simplex.run();
        return Ok(if simplex.is_feasible() { Outcome::Unbounded } else { Outcome::Infeasible });
    }
    if !simplex.is_feasible() {
        return Ok(Outcome::Infeasible);
    }
    let flow = simplex.flows(network);
    let objective = network.arcs.iter().zip(&flow).map(|(arc, &x)| i128::from(arc.cost) * i128::from(x)).sum();
    Ok(Outcome::Optimal(Solution { flow, potential: simplex.potentials(), objective, pivots: simplex.pivots }))
}

/// Checks indices and magnitudes.
fn check(network: &Network) -> Result<(), InputError> {
    const MOST: usize = 1 << 31;
    let nodes = network.supplies.len();
    if nodes >= MOST || network.arcs.len() + nodes >= MOST {
        return Err(InputError::TooLarge);
    }
    let mut quantity: i128 = network.supplies.iter().map(|&s| i128::from(s).abs()).sum();
    let mut cost = 0;
    for (index, arc) in network.arcs.iter().enumerate() {
        if let Some(node) = [arc.from, arc.to].into_iter().find(|&node| node >= nodes) {
            return Err(InputError::NoSuchNode { arc: index, node, nodes });
        }
        // The lower bound counts twice: it is taken off one node's supply and added to another's.
        quantity += 2 * i128::from(arc.lower).abs();
        quantity += arc.upper.map_or(0, |upper| i128::from(upper) - i128::from(arc.lower)).abs();
        cost = cost.max(arc.cost.unsigned_abs());
    }
    if quantity > 1 << 61 {
        return Err(InputError::QuantityOverflow);
    }
    if (u128::from(cost) + 1) * (nodes as u128 + 2) > 1 << 60 {
        return Err(InputError::CostOverflow { cost });
    }
    Ok(())
}
