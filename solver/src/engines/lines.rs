//! From a flow to lines of whole packs.
//!
//! A flow in the greatest common divisor of the packs reserves stock and prices it. A demand then chooses whole packs by
//! dynamic programming over what it could receive, at landed cost plus the price of stock, from what is free plus what
//! was reserved for it.

mod choose;

pub use choose::{Choice, choose};

use super::formulation::Formulation;
use super::sheets::offer_slot;
use crate::model::Model;
use crate::pipeline::{Component, Trade};
use std::collections::HashMap;

/// A component with a flow that reserves stock, and prices to choose packs by.
pub struct Relaxed<'a> {
    /// The model.
    pub model: &'a Model<'a>,
    /// The component.
    pub component: &'a Component,
    /// Price of stock in ticks per pack, by offer slot.
    pub prices: Vec<i64>,
    /// Ticks per pack that volume tiers are expected to take off, by offer slot.
    pub relief: Vec<i64>,
    /// Reserved base units: (offer slot, units) by demand slot.
    pub reserved: Vec<Vec<(usize, i64)>>,
}

/// The plan of an answer as trade columns of a formulation of the same component.
pub fn columns(formulation: &Formulation<'_>, trades: &[Trade]) -> Vec<i64> {
    let mut values = vec![0; formulation.columns.len()];
    let packs: HashMap<_, i64> = trades.iter().map(|t| ((t.demand, t.offer, t.day), t.packs)).collect();
    for pair in &formulation.pairs {
        let demand = formulation.component.demands[pair.slot];
        for (position, &day) in pair.days.iter().enumerate() {
            values[pair.first + position] = packs.get(&(demand, pair.arc.offer, day)).copied().unwrap_or(0);
        }
    }
    values
}

impl Relaxed<'_> {
    /// Slot of an offer.
    pub fn slot_of(&self, offer: usize) -> usize {
        offer_slot(self.component, offer)
    }

    /// Puts the packs of a choice back (`sign` 1) or takes them (`sign` −1).
    pub fn take(&self, slot: usize, choice: &Choice, free: &mut [i64], sign: i64) {
        for &(position, packs) in choice {
            let arc = &self.component.arcs[slot][position];
            free[self.slot_of(arc.offer)] += sign * packs * self.model.offers[arc.offer].pack;
        }
    }
}
