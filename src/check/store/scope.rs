//! Records that belong together belong to the same organisation and market.

use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// What must not be found: table, what is wrong, and the query that finds it.
const RULES: [(&str, &str, &str); 10] = [
    (
        "demands",
        "its place is another organisation's",
        "SELECT d.id FROM demands d JOIN places p ON p.id = d.place_id WHERE p.organisation_id <> d.buyer_id",
    ),
    (
        "offers",
        "its place is another organisation's",
        "SELECT f.id FROM offers f JOIN places p ON p.id = f.place_id WHERE p.organisation_id <> f.seller_id",
    ),
    (
        "demands",
        "its round is another market's",
        "SELECT d.id FROM demands d JOIN rounds r ON r.id = d.round_id WHERE r.market_id <> d.market_id",
    ),
    (
        "demands",
        "its buyer is no member of the market",
        "SELECT d.id FROM demands d LEFT JOIN market_members m \
         ON m.market_id = d.market_id AND m.organisation_id = d.buyer_id WHERE m.market_id IS NULL",
    ),
    (
        "offers",
        "its seller is no member of the market",
        "SELECT f.id FROM offers f LEFT JOIN market_members m \
         ON m.market_id = f.market_id AND m.organisation_id = f.seller_id WHERE m.market_id IS NULL",
    ),
    (
        "awards",
        "its demand is another round's",
        "SELECT a.id FROM awards a JOIN demands d ON d.id = a.demand_id \
         WHERE d.round_id <> a.round_id OR d.market_id <> a.market_id",
    ),
    (
        "awards",
        "its offer is another market's",
        "SELECT a.id FROM awards a JOIN offers f ON f.id = a.offer_id WHERE f.market_id <> a.market_id",
    ),
    (
        "shortages",
        "its demand is another round's",
        "SELECT s.id FROM shortages s JOIN demands d ON d.id = s.demand_id \
         WHERE d.round_id <> s.round_id OR d.market_id <> s.market_id",
    ),
    (
        "orders",
        "its round is another market's",
        "SELECT o.id FROM orders o JOIN rounds r ON r.id = o.round_id WHERE r.market_id <> o.market_id",
    ),
    (
        "order_lines",
        "its order is another market's",
        "SELECT l.id FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.market_id <> l.market_id",
    ),
];

/// Records out of their scope: (table, id, what is wrong).
pub fn out_of_scope(connection: &mut DbConnection) -> QueryResult<Vec<(&'static str, i64, &'static str)>> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let mut found = Vec::new();
    for (table, what, sql) in RULES {
        let ids: Vec<Id> = diesel::sql_query(sql).load(connection)?;
        found.extend(ids.into_iter().map(|row| (table, row.id, what)));
    }
    Ok(found)
}
