//! Queries across domains. Plain SQL that both back ends read alike: sums are cast back to BIGINT, and parameters
//! are numbered in the order in which they appear.

use crate::db::DbConnection;
use crate::scope::Scope;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

#[derive(QueryableByName)]
pub(super) struct MarketRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub operator: String,
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    #[diesel(sql_type = BigInt)]
    pub members: i64,
}

/// The condition that a market's results can be read whole, as SQL; ids are digits, so nothing needs quoting.
fn whole(scope: &Scope, column: &str) -> String {
    if scope.everything() == 1 {
        return "1 = 1".to_owned();
    }
    let ids: Vec<String> = scope.reads_whole().iter().map(ToString::to_string).collect();
    if ids.is_empty() { "1 = 0".to_owned() } else { format!("{column} IN ({})", ids.join(",")) }
}

/// The same for lists over several markets: whoever reads them all sees real ones only, so that training never stands among them.
fn whole_and_real(scope: &Scope, column: &str) -> String {
    if scope.everything() == 1 {
        return format!("EXISTS (SELECT 1 FROM markets k WHERE k.id = {column} AND k.kind = 'real')");
    }
    whole(scope, column)
}

pub(super) fn list_markets(connection: &mut DbConnection, scope: &Scope, limit: i64) -> QueryResult<Vec<MarketRow>> {
    diesel::sql_query(format!(
        "SELECT m.id, m.name, o.name AS operator, m.time_zone, \
                (SELECT CAST(COUNT(*) AS BIGINT) FROM market_members mm WHERE mm.market_id = m.id) AS members \
         FROM markets m JOIN organisations o ON o.id = m.operator_id WHERE {} ORDER BY m.name LIMIT $1",
        whole_and_real(scope, "m.id")
    ))
    .bind::<BigInt, _>(limit)
    .load(connection)
}

#[derive(QueryableByName)]
pub(super) struct RoundRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub market_id: i64,
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub delivery_from: String,
    #[diesel(sql_type = Text)]
    pub delivery_to: String,
    #[diesel(sql_type = Text)]
    pub snapshot_sha256: String,
    #[diesel(sql_type = Text)]
    pub failure: String,
}

const ROUND_COLUMNS: &str =
    "SELECT id, market_id, number, name, status, delivery_from, delivery_to, snapshot_sha256, failure FROM rounds";

pub(super) fn list_rounds(connection: &mut DbConnection, scope: &Scope, limit: i64) -> QueryResult<Vec<RoundRow>> {
    let seen = whole_and_real(scope, "rounds.market_id");
    diesel::sql_query(format!("{ROUND_COLUMNS} WHERE {seen} ORDER BY id DESC LIMIT $1"))
        .bind::<BigInt, _>(limit)
        .load(connection)
}

pub(super) fn find_round(connection: &mut DbConnection, scope: &Scope, id: i64) -> QueryResult<Option<RoundRow>> {
    let whole = whole(scope, "market_id");
    diesel::sql_query(format!("{ROUND_COLUMNS} WHERE {whole} AND id = $1"))
        .bind::<BigInt, _>(id)
        .get_result(connection)
        .optional()
}

#[derive(QueryableByName)]
pub(super) struct Counts {
    #[diesel(sql_type = BigInt)]
    pub demand_lines: i64,
    #[diesel(sql_type = BigInt)]
    pub kitchens: i64,
    #[diesel(sql_type = BigInt)]
    pub buyers: i64,
    #[diesel(sql_type = BigInt)]
    pub suppliers: i64,
    #[diesel(sql_type = BigInt)]
    pub orders: i64,
    #[diesel(sql_type = BigInt)]
    pub order_lines: i64,
}

pub(super) fn counts(connection: &mut DbConnection, round_id: i64) -> QueryResult<Counts> {
    diesel::sql_query(
        "WITH r AS (SELECT CAST($1 AS BIGINT) AS id), \
              b AS (SELECT DISTINCT buyer_id FROM demands, r WHERE round_id = r.id AND status = 'open') \
         SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM demands, r WHERE round_id = r.id AND status = 'open') AS demand_lines, \
                (SELECT CAST(COUNT(*) AS BIGINT) FROM b) AS buyers, \
                (SELECT CAST(COUNT(*) AS BIGINT) FROM b JOIN organisation_capabilities c \
                    ON c.organisation_id = b.buyer_id AND c.capability = 'kitchen') AS kitchens, \
                (SELECT CAST(COUNT(DISTINCT seller_id) AS BIGINT) FROM orders, r WHERE round_id = r.id) AS suppliers, \
                (SELECT CAST(COUNT(*) AS BIGINT) FROM orders, r WHERE round_id = r.id) AS orders, \
                (SELECT CAST(COUNT(*) AS BIGINT) FROM order_lines l JOIN orders o ON o.id = l.order_id, r \
                    WHERE o.round_id = r.id) AS order_lines",
    )
    .bind::<BigInt, _>(round_id)
    .get_result(connection)
}

#[derive(QueryableByName)]
pub(super) struct CommodityRow {
    #[diesel(sql_type = BigInt)]
    pub commodity_id: i64,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub pricing_unit: String,
    #[diesel(sql_type = BigInt)]
    pub demanded: i64,
    #[diesel(sql_type = BigInt)]
    pub short: i64,
    #[diesel(sql_type = BigInt)]
    pub awarded: i64,
    #[diesel(sql_type = BigInt)]
    pub goods: i64,
    #[diesel(sql_type = BigInt)]
    pub freight: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub ceiling_e4: Option<i64>,
}

pub(super) fn commodities(connection: &mut DbConnection, round_id: i64) -> QueryResult<Vec<CommodityRow>> {
    diesel::sql_query(
        "WITH r AS (SELECT id, market_id FROM rounds WHERE id = $1), \
              need AS (SELECT commodity_id, CAST(SUM(quantity) AS BIGINT) AS demanded FROM demands, r \
                       WHERE round_id = r.id AND status = 'open' GROUP BY commodity_id), \
              got AS (SELECT d.commodity_id, CAST(SUM(a.quantity) AS BIGINT) AS awarded, \
                             CAST(SUM(a.goods_idr) AS BIGINT) AS goods, CAST(SUM(a.freight_idr) AS BIGINT) AS freight \
                      FROM awards a JOIN demands d ON d.id = a.demand_id, r WHERE a.round_id = r.id GROUP BY d.commodity_id), \
              lack AS (SELECT d.commodity_id, CAST(SUM(s.quantity) AS BIGINT) AS short \
                       FROM shortages s JOIN demands d ON d.id = s.demand_id, r WHERE s.round_id = r.id GROUP BY d.commodity_id) \
         SELECT c.id AS commodity_id, c.name_id AS name, c.pricing_unit, need.demanded, \
                COALESCE(lack.short, 0) AS short, COALESCE(got.awarded, 0) AS awarded, \
                COALESCE(got.goods, 0) AS goods, COALESCE(got.freight, 0) AS freight, p.price_e4 AS ceiling_e4 \
         FROM need JOIN commodities c ON c.id = need.commodity_id JOIN r ON 1 = 1 JOIN markets m ON m.id = r.market_id \
         LEFT JOIN got ON got.commodity_id = c.id LEFT JOIN lack ON lack.commodity_id = c.id \
         LEFT JOIN reference_prices p ON p.commodity_id = c.id AND p.kind = 'HET' AND p.zone = m.rice_zone \
         ORDER BY c.code",
    )
    .bind::<BigInt, _>(round_id)
    .load(connection)
}

#[derive(QueryableByName)]
pub(super) struct ShortageRow {
    #[diesel(sql_type = BigInt)]
    pub commodity_id: i64,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub pricing_unit: String,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
}

pub(super) fn shortages(connection: &mut DbConnection, round_id: i64) -> QueryResult<Vec<ShortageRow>> {
    diesel::sql_query(
        "SELECT c.id AS commodity_id, c.name_id AS name, c.pricing_unit, s.reason, \
                CAST(SUM(s.quantity) AS BIGINT) AS quantity, CAST(COUNT(DISTINCT s.demand_id) AS BIGINT) AS lines \
         FROM shortages s JOIN demands d ON d.id = s.demand_id JOIN commodities c ON c.id = d.commodity_id \
         WHERE s.round_id = $1 GROUP BY c.id, c.code, c.name_id, c.pricing_unit, s.reason ORDER BY c.code, s.reason",
    )
    .bind::<BigInt, _>(round_id)
    .load(connection)
}

#[derive(QueryableByName)]
pub(super) struct OrderRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

pub(super) fn list_orders(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<OrderRow>> {
    diesel::sql_query(format!(
        "SELECT o.id, o.number, o.status, o.total_idr AS total, \
                (SELECT CAST(COUNT(*) AS BIGINT) FROM order_lines l WHERE l.order_id = o.id) AS lines \
         FROM orders o WHERE {} AND o.round_id = $1 AND o.id > $2 ORDER BY o.id LIMIT $3",
        whole(scope, "o.market_id")
    ))
    .bind::<BigInt, _>(round_id)
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(limit)
    .load(connection)
}
