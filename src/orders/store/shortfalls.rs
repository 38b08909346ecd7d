//! Rows of `order_shortfalls`, and what a line's amounts were made from.

use super::LineRow;
use crate::catalog::Commodity;
use crate::db::DbConnection;
use crate::db::schema::{awards, offers, order_lines, order_shortfalls, orders};
use crate::error::AppError;
use crate::on_backend;
use crate::orders::part::Basis;
use crate::orders::types::{Order, RejectReason, Shortfall};
use crate::scope::Scope;
use crate::values::{Quantity, Rupiah};
use crate::within;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Most ids in one statement.
const IDS_AT_ONCE: usize = 10_000;

/// A line; its offer's pack; ticks of freight, rebate and fee.
type BasisRow = (LineRow, i64, (i64, i64, i64));

/// The lines of an order with their awards and offers, by number.
pub fn list_bases(
    connection: &mut DbConnection,
    scope: &Scope,
    order_id: i64,
    goods: &BTreeMap<i64, Commodity>,
) -> Result<Vec<Basis>, AppError> {
    let seen = orders::table.filter(orders::id.eq(order_id)).filter(visible!(scope)).select(orders::id);
    let rows: Vec<BasisRow> = order_lines::table
        .inner_join(awards::table.inner_join(offers::table))
        .filter(order_lines::order_id.eq_any(seen))
        .order(order_lines::line_number)
        .select((LineRow::as_select(), offers::pack, (awards::freight_ticks, awards::rebate_idr, awards::fee_idr)))
        .load(connection)?;
    let basis = |(row, pack, (freight_ticks, rebate, fee)): BasisRow| {
        let line = row.into_domain()?;
        let commodity = goods.get(&line.commodity_id).ok_or_else(|| AppError::unknown_stored(line.commodity_id))?;
        let rupiah = |amount| Rupiah::new(amount).map_err(AppError::unknown_stored);
        let (unit, rebate, fee) = (commodity.base_unit, rupiah(rebate)?, rupiah(fee)?);
        Ok(Basis { line, unit, pack, freight_ticks, rebate, fee })
    };
    rows.into_iter().map(basis).collect()
}

/// Writes down what is missing of an order, each under an id of its own.
pub fn insert(connection: &mut DbConnection, order: &Order, all: &[(i64, &Shortfall)]) -> QueryResult<()> {
    use order_shortfalls as s;
    let row = |(id, one): &(i64, &Shortfall)| {
        (
            s::id.eq(*id),
            s::line_id.eq(one.line_id),
            s::order_id.eq(order.id),
            s::market_id.eq(order.market_id),
            s::quantity.eq(one.quantity.get()),
            s::goods_idr.eq(one.goods.get()),
            s::freight_idr.eq(one.freight.get()),
            s::reason_code.eq(one.reason.word()),
            s::reason_note.eq(one.note.clone()),
        )
    };
    for chunk in all.chunks(super::BATCH) {
        let rows: Vec<_> = chunk.iter().map(row).collect();
        on_backend!(connection, inner => diesel::insert_into(s::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_shortfalls)]
struct Row {
    line_id: i64,
    order_id: i64,
    quantity: i64,
    goods_idr: i64,
    freight_idr: i64,
    reason_code: String,
    reason_note: String,
}

impl Row {
    fn into_domain(self) -> Result<Shortfall, AppError> {
        Ok(Shortfall {
            order_id: self.order_id,
            line_id: self.line_id,
            quantity: Quantity::new(self.quantity).map_err(AppError::unknown_stored)?,
            goods: Rupiah::new(self.goods_idr).map_err(AppError::unknown_stored)?,
            freight: Rupiah::new(self.freight_idr).map_err(AppError::unknown_stored)?,
            reason: RejectReason::parse(&self.reason_code)
                .ok_or_else(|| AppError::unknown_stored(&self.reason_code))?,
            note: self.reason_note,
        })
    }
}

/// What is missing of some orders that can be seen, by line.
pub fn list(connection: &mut DbConnection, scope: &Scope, order_ids: &[i64]) -> Result<Vec<Shortfall>, AppError> {
    let mut found = Vec::new();
    for ids in order_ids.chunks(IDS_AT_ONCE) {
        let seen = orders::table.filter(orders::id.eq_any(ids)).filter(visible!(scope)).select(orders::id);
        let rows: Vec<Row> = order_shortfalls::table
            .filter(order_shortfalls::order_id.eq_any(seen))
            .order(order_shortfalls::line_id)
            .select(Row::as_select())
            .load(connection)?;
        for row in rows {
            found.push(row.into_domain()?);
        }
    }
    Ok(found)
}
