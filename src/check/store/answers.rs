//! Rows of orders that were accepted in part, with what they are checked against.

use super::{Finding, PAGE, findings};
use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// What is missing of a line, and what its amounts are computed from.
#[derive(QueryableByName)]
pub struct ShortRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub missing: i64,
    #[diesel(sql_type = BigInt)]
    pub goods_off: i64,
    #[diesel(sql_type = BigInt)]
    pub freight_off: i64,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = BigInt)]
    pub goods_idr: i64,
    #[diesel(sql_type = BigInt)]
    pub freight_idr: i64,
    #[diesel(sql_type = BigInt)]
    pub price_e4: i64,
    #[diesel(sql_type = BigInt)]
    pub freight_ticks: i64,
    #[diesel(sql_type = BigInt)]
    pub rebate_idr: i64,
    #[diesel(sql_type = BigInt)]
    pub fee_idr: i64,
    #[diesel(sql_type = Text)]
    pub pricing_unit: String,
    #[diesel(sql_type = Text)]
    pub status: String,
}

/// A page of what is missing, after an id.
pub fn shortfalls(connection: &mut DbConnection, after: i64) -> QueryResult<Vec<ShortRow>> {
    diesel::sql_query(
        "SELECT s.id, s.quantity AS missing, s.goods_idr AS goods_off, s.freight_idr AS freight_off, l.quantity, l.goods_idr, \
                l.freight_idr, a.price_e4, a.freight_ticks, a.rebate_idr, a.fee_idr, c.pricing_unit, o.status \
         FROM order_shortfalls s JOIN order_lines l ON l.id = s.line_id JOIN orders o ON o.id = s.order_id \
         JOIN awards a ON a.id = l.award_id JOIN commodities c ON c.id = l.commodity_id \
         WHERE s.id > $1 ORDER BY s.id LIMIT $2",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}

/// Orders accepted in part of which nothing is missing, or everything.
pub fn odd_parts(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT o.id, CAST(COALESCE(SUM(s.quantity), 0) AS BIGINT) AS found, CAST(SUM(l.quantity) AS BIGINT) AS wanted \
         FROM orders o JOIN order_lines l ON l.order_id = o.id LEFT JOIN order_shortfalls s ON s.line_id = l.id \
         WHERE o.status = 'partly_accepted' GROUP BY o.id \
         HAVING COALESCE(SUM(s.quantity), 0) = 0 OR COALESCE(SUM(s.quantity), 0) >= SUM(l.quantity) ORDER BY o.id",
    )
}
