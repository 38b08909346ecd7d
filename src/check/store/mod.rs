//! The checker's own queries, in SQL that both back ends read alike: sums are cast back to BIGINT.

mod answers;
mod documents;
mod engine;
mod log;
mod record;
mod scope;
mod sealed;

pub(super) use answers::{ShortRow, odd_parts, shortfalls};
pub(super) use documents::{AwardRow, FrozenRow, awards, frozen, plan, round_ids, shortages, snapshot};
pub(super) use engine::{broken_foreign_keys, guarded_tables, integrity, odd_numbers};
pub(super) use log::{HistoryRow, Standing, approvals, history, unanswered_keys};
pub(super) use record::{acts_without_grant, late_demands, unsealed_tables};
pub(super) use scope::out_of_scope;
pub(super) use sealed::{
    VersionRow, bid_versions, closed_bids, doubtful_openings, late_versions, lost_bids, open_too_early, unopened_bids,
};

use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Rows held at once where a table is read from end to end.
const PAGE: i64 = 5_000;

/// A record and two figures that clash.
#[derive(QueryableByName)]
pub(super) struct Finding {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub found: i64,
    #[diesel(sql_type = BigInt)]
    pub wanted: i64,
}

fn findings(connection: &mut DbConnection, sql: &str) -> QueryResult<Vec<Finding>> {
    diesel::sql_query(sql).load(connection)
}

pub(super) fn oversold_offers(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT f.id, CAST(SUM(a.quantity - COALESCE(s.quantity, 0)) AS BIGINT) AS found, f.stock AS wanted \
         FROM offers f JOIN awards a ON a.offer_id = f.id \
         LEFT JOIN order_lines l ON l.award_id = a.id LEFT JOIN orders o ON o.id = l.order_id \
         LEFT JOIN order_shortfalls s ON s.line_id = l.id \
         WHERE o.status IS NULL OR o.status NOT IN ('rejected', 'withdrawn') \
         GROUP BY f.id, f.stock HAVING SUM(a.quantity - COALESCE(s.quantity, 0)) > f.stock ORDER BY f.id",
    )
}

pub(super) fn misreserved_offers(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT x.id, x.reserved AS found, x.held AS wanted FROM ( \
           SELECT f.id, f.reserved, \
                  CAST(COALESCE(SUM(CASE WHEN o.status NOT IN ('rejected', 'withdrawn') THEN l.quantity - COALESCE(s.quantity, 0) ELSE 0 END), 0) AS BIGINT) AS held \
           FROM offers f LEFT JOIN awards a ON a.offer_id = f.id \
           LEFT JOIN order_lines l ON l.award_id = a.id LEFT JOIN orders o ON o.id = l.order_id \
           LEFT JOIN order_shortfalls s ON s.line_id = l.id \
           GROUP BY f.id, f.reserved) x \
         WHERE x.reserved <> x.held ORDER BY x.id",
    )
}

/// Offers whose reserved quantity is not the sum of the movements of their stock.
pub(super) fn unmoved_offers(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT f.id, f.reserved AS found, CAST(COALESCE(m.moved, 0) AS BIGINT) AS wanted FROM offers f \
         LEFT JOIN (SELECT offer_id, SUM(quantity) AS moved FROM stock_movements GROUP BY offer_id) m ON m.offer_id = f.id \
         WHERE f.reserved <> COALESCE(m.moved, 0) ORDER BY f.id",
    )
}

pub(super) fn overfilled_demands(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT d.id, CAST(SUM(a.quantity) AS BIGINT) AS found, d.accept_up_to AS wanted \
         FROM demands d JOIN awards a ON a.demand_id = d.id \
         GROUP BY d.id, d.accept_up_to HAVING SUM(a.quantity) > d.accept_up_to ORDER BY d.id",
    )
}

/// Demands of published rounds whose stated shortage is not what they were not awarded.
pub(super) fn unbalanced_demands(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT x.id, x.short AS found, x.missing AS wanted FROM ( \
           SELECT d.id, CAST(COALESCE(s.quantity, 0) AS BIGINT) AS short, \
                  CAST(CASE WHEN d.status = 'open' AND COALESCE(a.quantity, 0) < d.quantity \
                            THEN d.quantity - COALESCE(a.quantity, 0) \
                            WHEN d.status = 'withdrawn' THEN -COALESCE(a.quantity, 0) ELSE 0 END AS BIGINT) AS missing \
           FROM demands d JOIN rounds r ON r.id = d.round_id AND r.status = 'published' \
           LEFT JOIN (SELECT demand_id, SUM(quantity) AS quantity FROM awards GROUP BY demand_id) a ON a.demand_id = d.id \
           LEFT JOIN (SELECT demand_id, SUM(quantity) AS quantity FROM shortages GROUP BY demand_id) s ON s.demand_id = d.id) x \
         WHERE x.short <> x.missing ORDER BY x.id",
    )
}

pub(super) fn results_of_unpublished_rounds(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT r.id, CAST(COUNT(*) AS BIGINT) AS found, CAST(0 AS BIGINT) AS wanted \
         FROM rounds r JOIN (SELECT round_id FROM awards UNION ALL SELECT round_id FROM shortages \
                             UNION ALL SELECT round_id FROM orders) x ON x.round_id = r.id \
         WHERE r.status <> 'published' GROUP BY r.id ORDER BY r.id",
    )
}

pub(super) fn awards_by_lines(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT a.id, CAST(COUNT(l.id) AS BIGINT) AS found, CAST(1 AS BIGINT) AS wanted \
         FROM awards a LEFT JOIN order_lines l ON l.award_id = a.id GROUP BY a.id HAVING COUNT(l.id) <> 1 ORDER BY a.id",
    )
}

pub(super) fn lines_without_award(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT l.id, l.award_id AS found, CAST(0 AS BIGINT) AS wanted \
         FROM order_lines l LEFT JOIN awards a ON a.id = l.award_id WHERE a.id IS NULL ORDER BY l.id",
    )
}

pub(super) fn lines_unlike_award(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT l.id, a.id AS found, CAST(0 AS BIGINT) AS wanted \
         FROM order_lines l JOIN awards a ON a.id = l.award_id JOIN orders o ON o.id = l.order_id \
         JOIN demands d ON d.id = a.demand_id JOIN offers f ON f.id = a.offer_id \
         WHERE l.quantity <> a.quantity OR l.price_e4 <> a.price_e4 OR l.day <> a.day OR l.goods_idr <> a.goods_idr \
            OR l.freight_idr <> a.freight_idr OR l.commodity_id <> f.commodity_id OR l.place_id <> d.place_id \
            OR o.buyer_id <> d.buyer_id OR o.seller_id <> f.seller_id OR o.round_id <> a.round_id ORDER BY l.id",
    )
}

pub(super) fn orders_without_lines(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT o.id, CAST(0 AS BIGINT) AS found, CAST(1 AS BIGINT) AS wanted \
         FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id WHERE l.id IS NULL ORDER BY o.id",
    )
}

pub(super) fn orders_unlike_lines(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT o.id, o.total_idr AS found, CAST(SUM(l.goods_idr + l.freight_idr) AS BIGINT) AS wanted \
         FROM orders o JOIN order_lines l ON l.order_id = o.id \
         GROUP BY o.id, o.goods_idr, o.freight_idr, o.total_idr \
         HAVING o.goods_idr <> SUM(l.goods_idr) OR o.freight_idr <> SUM(l.freight_idr) \
             OR o.total_idr <> SUM(l.goods_idr + l.freight_idr) ORDER BY o.id",
    )
}

/// What a line amount is computed from, and what it is.
#[derive(QueryableByName)]
pub(super) struct AmountRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = BigInt)]
    pub price_e4: i64,
    #[diesel(sql_type = BigInt)]
    pub freight_ticks: i64,
    #[diesel(sql_type = BigInt)]
    pub goods_idr: i64,
    #[diesel(sql_type = BigInt)]
    pub freight_idr: i64,
    #[diesel(sql_type = BigInt)]
    pub rebate_idr: i64,
    #[diesel(sql_type = BigInt)]
    pub fee_idr: i64,
    #[diesel(sql_type = Text)]
    pub pricing_unit: String,
}

/// A page of awards after an id.
pub(super) fn amounts(connection: &mut DbConnection, after: i64) -> QueryResult<Vec<AmountRow>> {
    diesel::sql_query(
        "SELECT a.id, a.quantity, a.price_e4, a.freight_ticks, a.goods_idr, a.freight_idr, a.rebate_idr, a.fee_idr, c.pricing_unit \
         FROM awards a JOIN offers f ON f.id = a.offer_id JOIN commodities c ON c.id = f.commodity_id \
         WHERE a.id > $1 ORDER BY a.id LIMIT $2",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}

/// A series of numbers: those in use, and how many were given out.
#[derive(QueryableByName)]
pub(super) struct SeriesRow {
    #[diesel(sql_type = BigInt)]
    pub owner: i64,
    #[diesel(sql_type = BigInt)]
    pub year: i64,
    #[diesel(sql_type = BigInt)]
    pub first: i64,
    #[diesel(sql_type = BigInt)]
    pub last: i64,
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    #[diesel(sql_type = BigInt)]
    pub given: i64,
}

pub(super) fn order_series(connection: &mut DbConnection) -> QueryResult<Vec<SeriesRow>> {
    diesel::sql_query(
        "SELECT x.owner, x.year, x.first, x.last, x.count, CAST(COALESCE(n.last_serial, 0) AS BIGINT) AS given \
         FROM (SELECT buyer_id AS owner, year, MIN(serial) AS first, MAX(serial) AS last, COUNT(*) AS count \
               FROM orders GROUP BY buyer_id, year) x \
         LEFT JOIN number_series n ON n.organisation_id = x.owner AND n.kind = 'purchase_order' AND n.year = x.year \
         UNION ALL \
         SELECT n.organisation_id, n.year, 0, 0, 0, n.last_serial FROM number_series n \
         WHERE n.kind = 'purchase_order' \
           AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.buyer_id = n.organisation_id AND o.year = n.year)",
    )
    .load(connection)
}

pub(super) fn round_series(connection: &mut DbConnection) -> QueryResult<Vec<SeriesRow>> {
    diesel::sql_query(
        "SELECT x.owner, CAST(0 AS BIGINT) AS year, x.first, x.last, x.count, \
                CAST(COALESCE((SELECT MAX(n.last_serial) FROM number_series n \
                               WHERE n.kind = 'round/' || CAST(x.owner AS TEXT)), 0) AS BIGINT) AS given \
         FROM (SELECT market_id AS owner, MIN(serial) AS first, MAX(serial) AS last, COUNT(*) AS count \
               FROM rounds GROUP BY market_id) x",
    )
    .load(connection)
}

/// A number for people, and what it is made from.
#[derive(QueryableByName)]
pub(super) struct NumberRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = BigInt)]
    pub year: i64,
    #[diesel(sql_type = BigInt)]
    pub serial: i64,
}

/// A page of orders after an id.
pub(super) fn order_numbers(connection: &mut DbConnection, after: i64) -> QueryResult<Vec<NumberRow>> {
    diesel::sql_query("SELECT id, number, year, serial FROM orders WHERE id > $1 ORDER BY id LIMIT $2")
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(PAGE)
        .load(connection)
}

/// A page of rounds after an id; the year stands only in the number.
pub(super) fn round_numbers(connection: &mut DbConnection, after: i64) -> QueryResult<Vec<NumberRow>> {
    diesel::sql_query(
        "SELECT id, number, CAST(0 AS BIGINT) AS year, serial FROM rounds WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}
