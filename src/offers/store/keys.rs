//! What makes two offers the same: their natural key, and what stands under it.

use super::super::state::OfferStatus;
use super::super::types::Offer;
use super::visible;
use crate::db::DbConnection;
use crate::db::schema::offers;
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::Day;
use crate::within;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Beyond so many sellers all keys of the market are read instead of theirs: one statement instead of many.
const SELLERS_BY_NAME: usize = 500;

/// What makes two offers of one market the same goods: seller, place, commodity, lot, first day.
pub(in crate::offers) type NaturalKey = (i64, i64, i64, String, Day);

pub(in crate::offers) fn natural_key(offer: &Offer) -> NaturalKey {
    (offer.seller_id, offer.place_id, offer.commodity_id, offer.lot.clone(), offer.days.first())
}

/// An offer that exists under a natural key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::offers) struct Existing {
    pub id: i64,
    pub status: OfferStatus,
    pub reserved: i64,
    pub version: i64,
}

/// The offers of these sellers in a market, by natural key.
pub(in crate::offers) fn list_existing(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    seller_ids: &BTreeSet<i64>,
) -> Result<HashMap<NaturalKey, Existing>, AppError> {
    type Row = ((i64, i64, i64, String, String), (i64, String, i64, i64));
    let query = offers::table.filter(offers::market_id.eq(market_id)).filter(visible!(scope)).select((
        (offers::seller_id, offers::place_id, offers::commodity_id, offers::lot, offers::day_from),
        (offers::id, offers::status, offers::reserved, offers::version),
    ));
    let rows: Vec<Row> = if seller_ids.len() > SELLERS_BY_NAME {
        query.load(connection)?
    } else {
        query.filter(offers::seller_id.eq_any(seller_ids)).load(connection)?
    };
    rows.into_iter()
        .map(|((seller, place, commodity, lot, first), (id, status, reserved, version))| {
            let status = OfferStatus::parse(&status).ok_or_else(|| AppError::unknown_stored(&status))?;
            let first = Day::parse(&first).map_err(AppError::unknown_stored)?;
            let existing = Existing { id, status, reserved, version };
            Ok(((seller, place, commodity, lot, first), existing))
        })
        .collect()
}
