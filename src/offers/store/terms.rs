//! Rows of `offer_terms` and `seller_terms`.

use super::super::terms::Bound;
use crate::db::DbConnection;
use crate::db::schema::{offer_terms, seller_terms};
use crate::scope::Scope;
use crate::within;
use diesel::prelude::*;

/// Ids per query, below the 32,766 values that SQLite binds.
const BATCH: usize = 10_000;

pub fn insert_terms(connection: &mut DbConnection, bound: &Bound, terms: &str) -> QueryResult<()> {
    use offer_terms as t;
    let values = (
        t::offer_id.eq(bound.offer_id),
        t::market_id.eq(bound.market_id),
        t::round_id.eq(bound.round_id),
        t::seller_id.eq(bound.seller_id),
        t::lot_id.eq(bound.lot_id),
        t::terms.eq(terms),
    );
    diesel::insert_into(t::table).values(values).execute(connection).map(|_| ())
}

pub fn insert_seller_terms(
    connection: &mut DbConnection,
    (bid_id, market_id, round_id, seller_id): (i64, i64, i64, i64),
    terms: &str,
) -> QueryResult<()> {
    use seller_terms as t;
    let values = (
        t::bid_id.eq(bid_id),
        t::market_id.eq(market_id),
        t::round_id.eq(round_id),
        t::seller_id.eq(seller_id),
        t::terms.eq(terms),
    );
    diesel::insert_into(t::table).values(values).execute(connection).map(|_| ())
}

/// Offer, round and terms of those among these offers that have some.
pub fn list_terms(
    connection: &mut DbConnection,
    scope: &Scope,
    offer_ids: &[i64],
) -> QueryResult<Vec<(i64, i64, String)>> {
    use offer_terms as t;
    let mut all = Vec::new();
    for chunk in offer_ids.chunks(BATCH) {
        let found: Vec<(i64, i64, String)> = t::table
            .filter(t::offer_id.eq_any(chunk.to_vec()))
            .filter(within!(scope, own: [t::seller_id], markets: [t::market_id => scope.reads_whole()]))
            .order(t::offer_id)
            .select((t::offer_id, t::round_id, t::terms))
            .load(connection)?;
        all.extend(found);
    }
    Ok(all)
}

/// Seller and terms of every bid in a round, by seller and bid.
pub fn list_seller_terms(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
) -> QueryResult<Vec<(i64, String)>> {
    use seller_terms as t;
    t::table
        .filter(t::round_id.eq(round_id))
        .filter(within!(scope, own: [t::seller_id], markets: [t::market_id => scope.reads_whole()]))
        .order((t::seller_id, t::bid_id))
        .select((t::seller_id, t::terms))
        .load(connection)
}
