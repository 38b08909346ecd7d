//! Records that belong together belong to the same organisation and market.

use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// What must not be found: table, what is wrong, and the query that finds it.
const RULES: [(&str, &str, &str); 22] = [
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
    (
        "order_shortfalls",
        "its line is another order's, or its order another market's",
        "SELECT s.id FROM order_shortfalls s JOIN order_lines l ON l.id = s.line_id \
         WHERE l.order_id <> s.order_id OR l.market_id <> s.market_id",
    ),
    (
        "buyer_budgets",
        "its round is another market's",
        "SELECT b.id FROM buyer_budgets b JOIN rounds r ON r.id = b.round_id WHERE r.market_id <> b.market_id",
    ),
    (
        "calls",
        "its round is another market's",
        "SELECT c.id FROM calls c JOIN rounds r ON r.id = c.round_id WHERE r.market_id <> c.market_id",
    ),
    (
        "lots",
        "its call is another market's",
        "SELECT l.id FROM lots l JOIN calls c ON c.id = l.call_id WHERE c.market_id <> l.market_id",
    ),
    (
        "bids",
        "its call is another market's, or its bidder no member of the market",
        "SELECT b.id FROM bids b JOIN calls c ON c.id = b.call_id LEFT JOIN market_members m \
         ON m.market_id = b.market_id AND m.organisation_id = b.bidder_id \
         WHERE c.market_id <> b.market_id OR m.market_id IS NULL",
    ),
    (
        "bid_versions",
        "its bid is somebody else's",
        "SELECT v.id FROM bid_versions v JOIN bids b ON b.id = v.bid_id \
         WHERE b.bidder_id <> v.bidder_id OR b.call_id <> v.call_id OR b.market_id <> v.market_id",
    ),
    (
        "bid_openings",
        "its bid is somebody else's",
        "SELECT o.id FROM bid_openings o JOIN bids b ON b.id = o.bid_id JOIN bid_versions v ON v.id = o.bid_version_id \
         WHERE b.bidder_id <> o.bidder_id OR b.call_id <> o.call_id OR b.market_id <> o.market_id OR v.bid_id <> o.bid_id",
    ),
    (
        "offer_terms",
        "its offer, lot or round is not that of the bid",
        "SELECT t.offer_id AS id FROM offer_terms t JOIN offers f ON f.id = t.offer_id JOIN lots l ON l.id = t.lot_id \
         JOIN calls c ON c.id = l.call_id \
         WHERE f.seller_id <> t.seller_id OR f.market_id <> t.market_id OR c.round_id <> t.round_id",
    ),
    (
        "seller_terms",
        "its bid is somebody else's or on another round",
        "SELECT t.bid_id AS id FROM seller_terms t JOIN bids b ON b.id = t.bid_id JOIN calls c ON c.id = b.call_id \
         WHERE b.bidder_id <> t.seller_id OR b.market_id <> t.market_id OR c.round_id <> t.round_id",
    ),
    (
        "call_seats",
        "it is held by somebody outside the operator's committee",
        "SELECT s.call_id AS id FROM call_seats s JOIN members m ON m.id = s.member_id \
         JOIN markets k ON k.id = s.market_id JOIN calls c ON c.id = s.call_id \
         WHERE m.organisation_id <> k.operator_id OR m.account_id <> s.account_id OR c.market_id <> s.market_id",
    ),
    (
        "complaints",
        "its bidder did not bid on the call",
        "SELECT x.id FROM complaints x LEFT JOIN bids b ON b.call_id = x.call_id AND b.bidder_id = x.bidder_id \
         WHERE b.id IS NULL OR b.market_id <> x.market_id",
    ),
    (
        "scenarios",
        "its round is another market's",
        "SELECT s.id FROM scenarios s JOIN rounds r ON r.id = s.round_id WHERE r.market_id <> s.market_id",
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
