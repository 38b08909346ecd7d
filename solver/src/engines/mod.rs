//! One engine per kind of part.
//!
//! * [`dense`]: a whole group as one transport problem over all pairs;
//! * [`network`]: a component that is pure flow but sparse, or has stock by day or pins;
//! * [`tree`]: a tender of packages, solved and proved by cases;
//! * [`integer`]: everything else.

pub mod charges;
pub mod dense;
pub mod fill;
pub mod formulation;
pub mod heuristic;
pub mod highs;
pub mod integer;
pub mod lines;
pub mod need;
pub mod neighbourhoods;
pub mod network;
pub mod packages;
pub mod proof;
pub mod repair;
pub mod rounds;
pub mod sheets;
pub mod tree;
pub mod whole;

use crate::model::Model;
use crate::pipeline::{Clock, Component, Engine, PartAnswer, SolveError, SolveOptions};

/// Solves one component.
///
/// # Errors
/// [`SolveError::Engine`] when an engine refuses or fails.
pub fn solve(
    model: &Model<'_>,
    component: &Component,
    options: &SolveOptions,
    clock: &Clock,
) -> Result<PartAnswer, SolveError> {
    // What is too large for the network's numbers is left to the engine that takes any.
    if options.engine != Engine::Highs
        && network::fits(model, component)
        && let Ok(answer) = network::solve(model, component)
    {
        return Ok(answer);
    }
    let arcs: usize = component.arcs.iter().map(Vec::len).sum();
    integer::solve(model, component, options, clock.allot(arcs as u64))
}
