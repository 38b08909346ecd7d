//! Rows of `orders`, `order_lines` and `order_holds`.

/// Orders that can be seen: those one buys or sells, and those of markets one runs.
macro_rules! visible {
    ($scope:expr) => {
        within!($scope, own: [orders::buyer_id, orders::seller_id], markets: [orders::market_id => $scope.operates()])
    };
}

pub(super) mod shortfalls;

use super::state::Status;
use super::types::{Order, OrderFilter, OrderLine, RejectReason};
use crate::db::DbConnection;
use crate::db::schema::{awards, order_holds, order_lines, orders};
use crate::error::AppError;
use crate::on_backend;
use crate::scope::Scope;
use crate::values::{Day, Quantity, Rupiah, Timestamp, UnitPrice};
use crate::within;
use diesel::prelude::*;

/// Rows per statement: at most 18 columns each, below the 32,766 values that SQLite binds.
const BATCH: usize = 1_500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders)]
struct OrderRow {
    id: i64,
    market_id: i64,
    round_id: i64,
    buyer_id: i64,
    seller_id: i64,
    number: String,
    year: i64,
    serial: i64,
    status: String,
    delivery_status: String,
    billing_status: String,
    goods_idr: i64,
    freight_idr: i64,
    total_idr: i64,
    reason_code: String,
    reason_note: String,
    issued_at: i64,
    answered_at: Option<i64>,
    version: i64,
}

impl OrderRow {
    fn into_domain(self) -> Result<Order, AppError> {
        let reason = match self.reason_code.as_str() {
            "" => None,
            word => Some(RejectReason::parse(word).ok_or_else(|| AppError::unknown_stored(word))?),
        };
        Ok(Order {
            status: Status::parse(&self.status).ok_or_else(|| AppError::unknown_stored(&self.status))?,
            goods: Rupiah::new(self.goods_idr).map_err(AppError::unknown_stored)?,
            freight: Rupiah::new(self.freight_idr).map_err(AppError::unknown_stored)?,
            total: Rupiah::new(self.total_idr).map_err(AppError::unknown_stored)?,
            issued_at: Timestamp::from_micros(self.issued_at),
            answered_at: self.answered_at.map(Timestamp::from_micros),
            reason,
            id: self.id,
            market_id: self.market_id,
            round_id: self.round_id,
            buyer_id: self.buyer_id,
            seller_id: self.seller_id,
            number: self.number,
            year: self.year,
            serial: self.serial,
            delivery_status: self.delivery_status,
            billing_status: self.billing_status,
            reason_note: self.reason_note,
            version: self.version,
        })
    }
}

pub(super) fn insert_orders(connection: &mut DbConnection, all: &[Order]) -> QueryResult<()> {
    use orders as o;
    for chunk in all.chunks(BATCH) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|order| {
                (
                    o::id.eq(order.id),
                    o::market_id.eq(order.market_id),
                    o::round_id.eq(order.round_id),
                    o::buyer_id.eq(order.buyer_id),
                    o::seller_id.eq(order.seller_id),
                    o::number.eq(&order.number),
                    o::year.eq(order.year),
                    o::serial.eq(order.serial),
                    o::status.eq(order.status.word()),
                    o::goods_idr.eq(order.goods.get()),
                    o::freight_idr.eq(order.freight.get()),
                    o::total_idr.eq(order.total.get()),
                    o::issued_at.eq(order.issued_at.as_micros()),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(o::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

pub(super) fn insert_lines(connection: &mut DbConnection, market_id: i64, all: &[OrderLine]) -> QueryResult<()> {
    use order_lines as l;
    for chunk in all.chunks(BATCH) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|line| {
                (
                    l::id.eq(line.id),
                    l::market_id.eq(market_id),
                    l::order_id.eq(line.order_id),
                    l::line_number.eq(line.line_number),
                    l::award_id.eq(line.award_id),
                    l::commodity_id.eq(line.commodity_id),
                    l::place_id.eq(line.place_id),
                    l::day.eq(line.day.to_string()),
                    l::quantity.eq(line.quantity.get()),
                    l::price_e4.eq(line.price.e4()),
                    l::goods_idr.eq(line.goods.get()),
                    l::freight_idr.eq(line.freight.get()),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(l::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// Writes down for whose lots' sake orders are held: (order, lot).
pub(super) fn insert_holds(connection: &mut DbConnection, market_id: i64, all: &[(i64, i64)]) -> QueryResult<()> {
    use order_holds as h;
    for chunk in all.chunks(BATCH) {
        let row = |(order_id, lot_id): &(i64, i64)| {
            (h::order_id.eq(*order_id), h::lot_id.eq(*lot_id), h::market_id.eq(market_id))
        };
        let rows: Vec<_> = chunk.iter().map(row).collect();
        on_backend!(connection, inner => diesel::insert_into(h::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

pub(super) fn find(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Order>, AppError> {
    let row: Option<OrderRow> = orders::table
        .filter(orders::id.eq(id))
        .filter(visible!(scope))
        .select(OrderRow::as_select())
        .first(connection)
        .optional()?;
    row.map(OrderRow::into_domain).transpose()
}

/// Orders that can be seen, by id.
pub(super) fn list(connection: &mut DbConnection, scope: &Scope, filter: OrderFilter) -> Result<Vec<Order>, AppError> {
    use orders as o;
    let mut query = o::table
        .filter(visible!(scope))
        .filter(o::id.gt(filter.after))
        .order(o::id)
        .limit(filter.limit)
        .select(OrderRow::as_select())
        .into_boxed();
    if let Some(market_id) = filter.market_id {
        query = query.filter(o::market_id.eq(market_id));
    }
    if let Some(round_id) = filter.round_id {
        query = query.filter(o::round_id.eq(round_id));
    }
    if let Some(status) = filter.status {
        query = query.filter(o::status.eq(status.word()));
    }
    let rows: Vec<OrderRow> = query.load(connection)?;
    rows.into_iter().map(OrderRow::into_domain).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_lines)]
struct LineRow {
    id: i64,
    order_id: i64,
    line_number: i64,
    award_id: i64,
    commodity_id: i64,
    place_id: i64,
    day: String,
    quantity: i64,
    price_e4: i64,
    goods_idr: i64,
    freight_idr: i64,
}

impl LineRow {
    fn into_domain(self) -> Result<OrderLine, AppError> {
        Ok(OrderLine {
            day: Day::parse(&self.day).map_err(AppError::unknown_stored)?,
            quantity: Quantity::new(self.quantity).map_err(AppError::unknown_stored)?,
            price: UnitPrice::from_e4(self.price_e4).map_err(AppError::unknown_stored)?,
            goods: Rupiah::new(self.goods_idr).map_err(AppError::unknown_stored)?,
            freight: Rupiah::new(self.freight_idr).map_err(AppError::unknown_stored)?,
            id: self.id,
            order_id: self.order_id,
            line_number: self.line_number,
            award_id: self.award_id,
            commodity_id: self.commodity_id,
            place_id: self.place_id,
        })
    }
}

/// The lines of an order, by number.
pub(super) fn list_lines(
    connection: &mut DbConnection,
    scope: &Scope,
    order_id: i64,
) -> Result<Vec<OrderLine>, AppError> {
    let seen = orders::table.filter(orders::id.eq(order_id)).filter(visible!(scope)).select(orders::id);
    let rows: Vec<LineRow> = order_lines::table
        .filter(order_lines::order_id.eq_any(seen))
        .order(order_lines::line_number)
        .select(LineRow::as_select())
        .load(connection)?;
    rows.into_iter().map(LineRow::into_domain).collect()
}

/// What an order takes from offers: (line, offer, base units), by number.
pub(super) fn list_taken(
    connection: &mut DbConnection,
    scope: &Scope,
    order_id: i64,
) -> QueryResult<Vec<(i64, i64, i64)>> {
    let seen = orders::table.filter(orders::id.eq(order_id)).filter(visible!(scope)).select(orders::id);
    order_lines::table
        .inner_join(awards::table)
        .filter(order_lines::order_id.eq_any(seen))
        .order(order_lines::line_number)
        .select((order_lines::id, awards::offer_id, order_lines::quantity))
        .load(connection)
}

/// Held orders of markets that one runs, by id.
pub(super) fn list_held(connection: &mut DbConnection, scope: &Scope) -> Result<Vec<Order>, AppError> {
    let rows: Vec<OrderRow> = orders::table
        .filter(orders::status.eq(Status::Held.word()))
        .filter(within!(scope, own: [], markets: [orders::market_id => scope.operates()]))
        .order(orders::id)
        .select(OrderRow::as_select())
        .load(connection)?;
    rows.into_iter().map(OrderRow::into_domain).collect()
}

/// The lots for whose sake an order is held.
pub(super) fn list_holds(connection: &mut DbConnection, scope: &Scope, order_id: i64) -> QueryResult<Vec<i64>> {
    let seen = orders::table.filter(orders::id.eq(order_id)).filter(visible!(scope)).select(orders::id);
    order_holds::table
        .filter(order_holds::order_id.eq_any(seen))
        .order(order_holds::lot_id)
        .select(order_holds::lot_id)
        .load(connection)
}

/// Moves a held order on if it is still as it was read; false otherwise. It counts as sent from now on.
pub(super) fn update_status(
    connection: &mut DbConnection,
    scope: &Scope,
    order: &Order,
    status: Status,
    now: Timestamp,
) -> QueryResult<bool> {
    use orders as o;
    let row = o::table
        .filter(o::id.eq(order.id))
        .filter(within!(scope, own: [], markets: [o::market_id => scope.operates()]))
        .filter(o::status.eq(order.status.word()))
        .filter(o::version.eq(order.version));
    diesel::update(row)
        .set((o::status.eq(status.word()), o::issued_at.eq(now.as_micros()), o::version.eq(order.version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// An answer as it is stored.
pub(super) struct AnswerRow<'a> {
    pub status: Status,
    pub reason_code: &'a str,
    pub reason_note: &'a str,
    pub answered_by: i64,
}

/// Answers an order if it is still as it was read; false otherwise.
pub(super) fn update_answer(
    connection: &mut DbConnection,
    scope: &Scope,
    order: &Order,
    answer: &AnswerRow<'_>,
    now: Timestamp,
) -> QueryResult<bool> {
    use orders as o;
    let row = o::table
        .filter(o::id.eq(order.id))
        .filter(within!(scope, own: [o::seller_id], markets: []))
        .filter(o::status.eq(order.status.word()))
        .filter(o::version.eq(order.version));
    diesel::update(row)
        .set((
            o::status.eq(answer.status.word()),
            o::reason_code.eq(answer.reason_code),
            o::reason_note.eq(answer.reason_note),
            o::answered_at.eq(now.as_micros()),
            o::answered_by.eq(answer.answered_by),
            o::version.eq(order.version + 1),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}
