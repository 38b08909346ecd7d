//! What rounds take from the stock of offers, and give back. Guarded in SQL: never more than there is, whatever else
//! happens at the same time.

use super::errors::OfferError;
use super::service::{change, state_json};
use super::state::OfferEvent;
use super::store;
use super::types::Offer;
use crate::audit::Work;
use crate::error::AppError;
use std::collections::{BTreeMap, HashMap};

/// Takes these base units (> 0) of the stock of open offers, all or nothing; `STOCK_GONE` names the first offer that no
/// longer has so much.
///
/// Offers are taken in the order of their ids, so that two rounds never wait for one another.
pub fn reserve(work: &mut Work<'_>, quantities: &BTreeMap<i64, i64>) -> Result<(), AppError> {
    require_positive(quantities)?;
    for (offer_id, quantity) in quantities {
        if !store::reserve(work.connection, *offer_id, *quantity)? {
            return Err(AppError::refused_with(OfferError::StockGone, offer_id.to_string()));
        }
    }
    record(work, quantities, OfferEvent::Reserve)
}

/// Gives back these base units (> 0) that were reserved before, because orders fell away.
pub fn release(work: &mut Work<'_>, quantities: &BTreeMap<i64, i64>) -> Result<(), AppError> {
    require_positive(quantities)?;
    for (offer_id, quantity) in quantities {
        if !store::release(work.connection, *offer_id, *quantity)? {
            // Only what was reserved is ever released, so this is our fault, not the caller's.
            let text = format!("offer {offer_id} has less than {quantity} reserved");
            return Err(AppError::internal(text));
        }
    }
    record(work, quantities, OfferEvent::Release)
}

/// A quantity below one would turn taking into giving and slip past the guard.
fn require_positive(quantities: &BTreeMap<i64, i64>) -> Result<(), AppError> {
    match quantities.iter().find(|(_, quantity)| **quantity <= 0) {
        Some((offer_id, quantity)) => Err(AppError::internal(format!("offer {offer_id}: {quantity} is no quantity"))),
        None => Ok(()),
    }
}

/// Writes down what was taken or given back. The state before follows from the state after and the quantity, so it is
/// exact even if another transaction changed an offer just before.
fn record(work: &mut Work<'_>, quantities: &BTreeMap<i64, i64>, event: OfferEvent) -> Result<(), AppError> {
    let ids: Vec<i64> = quantities.keys().copied().collect();
    let after: HashMap<i64, Offer> =
        store::list_by_ids(work.connection, &ids)?.into_iter().map(|offer| (offer.id, offer)).collect();
    let states: Vec<(&Offer, String, String)> = quantities
        .iter()
        .filter_map(|(id, quantity)| {
            let after = after.get(id)?;
            let moved = if event == OfferEvent::Reserve { *quantity } else { -quantity };
            let before = Offer { reserved: after.reserved - moved, ..after.clone() };
            Some((after, state_json(&before), state_json(after)))
        })
        .collect();
    let changes: Vec<_> = states.iter().map(|(offer, old, new)| change(offer, event.word(), old, new, "")).collect();
    work.record_all(&changes)
}
