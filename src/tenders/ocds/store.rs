//! What only the open record asks of the database.

use crate::db::DbConnection;
use crate::db::schema::{calls, lots, offer_terms, orders};
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::within;
use diesel::prelude::*;

/// The lot behind each offer of a round that came from a bid: (offer, call number, lot number).
pub fn list_lots_of_offers(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
) -> QueryResult<Vec<(i64, String, i64)>> {
    offer_terms::table
        .inner_join(lots::table.on(lots::id.eq(offer_terms::lot_id)))
        .inner_join(calls::table.on(calls::id.eq(lots::call_id)))
        .filter(offer_terms::round_id.eq(round_id))
        .filter(within!(scope, own: [], markets: [offer_terms::market_id => scope.reads_whole()]))
        .order(offer_terms::offer_id)
        .select((offer_terms::offer_id, calls::number, lots::number))
        .load(connection)
}

/// When the first order of a round was made: the moment it was published.
pub fn find_published_at(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
) -> QueryResult<Option<Timestamp>> {
    let at: Option<i64> = orders::table
        .filter(orders::round_id.eq(round_id))
        .filter(within!(scope, own: [], markets: [orders::market_id => scope.reads_whole()]))
        .select(diesel::dsl::min(orders::issued_at))
        .first(connection)?;
    Ok(at.map(Timestamp::from_micros))
}
