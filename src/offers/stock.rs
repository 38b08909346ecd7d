//! What rounds take from the stock of offers, and give back. Guarded in SQL: never more than there is, whatever else
//! happens at the same time.

use super::errors::OfferError;
use super::service::{change, state_json};
use super::state::OfferEvent;
use super::store::{self, Movement};
use super::types::Offer;
use crate::audit::Work;
use crate::error::AppError;
use std::collections::{BTreeMap, HashMap};

/// Why stock moves. Each cause moves an offer's stock once: the store has a unique key on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A round that is published takes.
    Round(i64),
    /// An order that falls away gives back.
    Order(i64),
}

/// Takes these base units (> 0) of the stock of open offers for a round, all or nothing; `STOCK_GONE` names the first offer
/// that no longer has so much.
///
/// Offers are taken in the order of their ids, so that two rounds never wait for one another.
pub fn reserve(work: &mut Work<'_>, round_id: i64, quantities: &BTreeMap<i64, i64>) -> Result<(), AppError> {
    require_positive(quantities)?;
    for (offer_id, quantity) in quantities {
        if !store::reserve(work.connection, work.scope, *offer_id, *quantity)? {
            return Err(AppError::refused_with(OfferError::StockGone, offer_id.to_string()));
        }
    }
    record(work, Cause::Round(round_id), quantities)
}

/// Gives back these base units (> 0) that were reserved before, because an order fell away.
pub fn release(work: &mut Work<'_>, order_id: i64, quantities: &BTreeMap<i64, i64>) -> Result<(), AppError> {
    require_positive(quantities)?;
    for (offer_id, quantity) in quantities {
        if !store::release(work.connection, work.scope, *offer_id, *quantity)? {
            // Only what was reserved is ever released, so this is our fault, not the caller's.
            let text = format!("offer {offer_id} has less than {quantity} reserved");
            return Err(AppError::internal(text));
        }
    }
    record(work, Cause::Order(order_id), quantities)
}

/// A quantity below one would turn taking into giving and slip past the guard.
fn require_positive(quantities: &BTreeMap<i64, i64>) -> Result<(), AppError> {
    match quantities.iter().find(|(_, quantity)| **quantity <= 0) {
        Some((offer_id, quantity)) => Err(AppError::internal(format!("offer {offer_id}: {quantity} is no quantity"))),
        None => Ok(()),
    }
}

/// Writes down what was taken or given back, as movements and in the record. The state before follows from the state after and the quantity, so it is
/// exact even if another transaction changed an offer just before.
fn record(work: &mut Work<'_>, cause: Cause, quantities: &BTreeMap<i64, i64>) -> Result<(), AppError> {
    let event = match cause {
        Cause::Round(_) => OfferEvent::Reserve,
        Cause::Order(_) => OfferEvent::Release,
    };
    let ids: Vec<i64> = quantities.keys().copied().collect();
    let after: HashMap<i64, Offer> =
        store::list_by_ids(work.connection, work.scope, &ids)?.into_iter().map(|offer| (offer.id, offer)).collect();
    let states: Vec<(&Offer, String, String)> = quantities
        .iter()
        .filter_map(|(id, quantity)| {
            let after = after.get(id)?;
            let moved = if event == OfferEvent::Reserve { *quantity } else { -quantity };
            let before = Offer { reserved: after.reserved - moved, ..after.clone() };
            Some((after, state_json(&before), state_json(after)))
        })
        .collect();
    let movements: Vec<Movement<'_>> = states
        .iter()
        .filter_map(|(offer, _, _)| {
            let quantity = *quantities.get(&offer.id)?;
            Some(Movement { id: work.new_id(), offer, cause, quantity })
        })
        .collect();
    store::insert_movements(work.connection, &movements, work.now)?;
    let changes: Vec<_> = states.iter().map(|(offer, old, new)| change(offer, event.word(), old, new, "")).collect();
    work.record_all(&changes)
}
