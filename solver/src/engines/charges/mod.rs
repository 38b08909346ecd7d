//! Components with fixed charges on top of flow: fees per drop and trip, least lines, orders and totals, volume tiers.
//!
//! Everything is steered by flows over all pairs. `slopes` charges every line its part of the fees that the last flow
//! caused, bars what stays below a minimum, and solves again, until a flow is nearly a plan; `search` makes whole packs
//! of it and betters it buyer by buyer. `ascent` moves the parts of each fee to where flow wants to escape them, which
//! raises the bound close to that of the linear relaxation. Neither needs a formulation, so size is no obstacle.

mod ascent;
mod days;
mod search;
mod slopes;
mod visits;

use super::proof;
use super::sheets::Sheets;
use crate::model::Model;
use crate::pipeline::{Component, PartAnswer, SolveError, Trade};
use std::time::{Duration, Instant};

/// Whether the charges above are all that keeps the component from being a transport problem, so that the answer of
/// [`solve`] keeps all rows and its bound holds.
pub fn fits(model: &Model<'_>, component: &Component) -> bool {
    let problem = model.problem;
    let plain_offer = |&o: &usize| {
        let offer = &model.offers[o];
        !offer.has_day_limit && !model.suppliers[offer.supplier].has_capacity()
    };
    let plain_demand = |(&d, arcs): (&usize, &Vec<crate::candidates::Arc>)| {
        !model.buyer_couples(model.demands[d].buyer) && arcs.iter().all(|arc| arc.units == model.offers[arc.offer].pack)
    };
    model.pins.is_empty()
        && problem.bundles.is_empty()
        && problem.class_shares.is_empty()
        && problem.incumbent.is_none()
        && !component.has_floor(model)
        && component.offers.iter().all(plain_offer)
        && component.demands.iter().zip(&component.arcs).all(plain_demand)
}

/// A plan and a bound for a component that [`fits`]; for any other a proposal and prices that leave its other terms
/// out. `None` where a pack does not count the same everywhere.
///
/// # Errors
/// [`SolveError::Engine`] when magnitudes exceed what the flow engine takes.
pub fn solve(
    model: &Model<'_>,
    component: &Component,
    time: Option<Duration>,
) -> Result<Option<PartAnswer>, SolveError> {
    let Some(sheets) = Sheets::of(model, component) else {
        return Ok(None);
    };
    let start = Instant::now();
    let until = |tenths: u32| time.map(|time| start + time * tenths / 10);
    let mut best = slopes::descend(model, component, &sheets, until(4))?;
    let prices = ascent::climb(model, component, &sheets, &best.reserved, until(7))?;
    let mut answer = proof::prove(model, component, &prices);
    best.prices = prices.offers;
    answer.trades = search::improve(&best, until(10));
    Ok(Some(answer))
}

/// Proposes trades for a component without pins in which a pack may count for more or less than its content.
pub fn search_alone(model: &Model<'_>, component: &Component, time: Option<Duration>) -> Vec<Trade> {
    search::from_nothing(model, component, time.map(|time| Instant::now() + time))
}
