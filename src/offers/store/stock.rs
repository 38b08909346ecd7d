//! Guarded movements of stock: `offers.reserved` and the rows of `stock_movements`.

use super::super::stock::Cause;
use super::super::types::Offer;
use super::{OfferStatus, ROWS_AT_ONCE, visible};
use crate::db::DbConnection;
use crate::db::schema::{offers, stock_movements};
use crate::on_backend;
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::within;
use diesel::prelude::*;

/// Takes part of the stock of an open offer if so much is left; false otherwise.
pub fn reserve(connection: &mut DbConnection, scope: &Scope, id: i64, quantity: i64) -> QueryResult<bool> {
    use offers as o;
    let enough = o::table
        .filter(o::id.eq(id))
        .filter(visible!(scope))
        .filter(o::status.eq(OfferStatus::Open.word()))
        .filter((o::stock - o::reserved).ge(quantity));
    diesel::update(enough)
        .set((o::reserved.eq(o::reserved + quantity), o::version.eq(o::version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Gives part of what is reserved back to the stock; false if not so much was reserved.
pub fn release(connection: &mut DbConnection, scope: &Scope, id: i64, quantity: i64) -> QueryResult<bool> {
    use offers as o;
    let enough = o::table.filter(o::id.eq(id)).filter(visible!(scope)).filter(o::reserved.ge(quantity));
    diesel::update(enough)
        .set((o::reserved.eq(o::reserved - quantity), o::version.eq(o::version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// One taking or giving back of stock.
pub struct Movement<'a> {
    pub id: i64,
    pub offer: &'a Offer,
    pub cause: Cause,
    /// Base units, > 0 whichever way.
    pub quantity: i64,
}

pub fn insert_movements(connection: &mut DbConnection, all: &[Movement<'_>], now: Timestamp) -> QueryResult<()> {
    use stock_movements as m;
    for chunk in all.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|movement| {
                let (cause, cause_id, quantity) = match movement.cause {
                    Cause::Round(id) => ("round", id, movement.quantity),
                    Cause::Order(id) => ("order", id, -movement.quantity),
                };
                (
                    m::id.eq(movement.id),
                    m::market_id.eq(movement.offer.market_id),
                    m::offer_id.eq(movement.offer.id),
                    m::seller_id.eq(movement.offer.seller_id),
                    m::cause.eq(cause),
                    m::cause_id.eq(cause_id),
                    m::quantity.eq(quantity),
                    m::at.eq(now.as_micros()),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(m::table).values(&rows).execute(inner))?;
    }
    Ok(())
}
