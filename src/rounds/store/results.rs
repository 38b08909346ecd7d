//! Rows of `awards` and `shortages`: written once, when a round is published.

use super::super::types::{Award, Shortage};
use crate::db::DbConnection;
use crate::db::schema::{awards, shortages};
use crate::error::AppError;
use crate::on_backend;
use crate::scope::Scope;
use crate::values::{Day, Distance, Quantity, Rupiah, UnitPrice};
use crate::within;
use diesel::prelude::*;

/// Rows per statement: at most 18 columns each, below the 32,766 values that SQLite binds.
const BATCH: usize = 1_500;

pub fn insert_awards(connection: &mut DbConnection, market_id: i64, round_id: i64, all: &[Award]) -> QueryResult<()> {
    use awards as a;
    for chunk in all.chunks(BATCH) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|award| {
                (
                    a::id.eq(award.id),
                    a::market_id.eq(market_id),
                    a::round_id.eq(round_id),
                    a::demand_id.eq(award.demand_id),
                    a::offer_id.eq(award.offer_id),
                    a::buyer_id.eq(award.buyer_id),
                    a::seller_id.eq(award.seller_id),
                    a::place_id.eq(award.place_id),
                    a::commodity_id.eq(award.commodity_id),
                    a::day.eq(award.day.to_string()),
                    a::quantity.eq(award.quantity.get()),
                    a::price_e4.eq(award.price.e4()),
                    a::freight_ticks.eq(award.freight_ticks),
                    a::distance_m.eq(award.distance.0),
                    a::goods_idr.eq(award.goods.get()),
                    a::freight_idr.eq(award.freight.get()),
                    a::rebate_idr.eq(award.rebate.get()),
                    a::fee_idr.eq(award.fee.get()),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(a::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

pub fn insert_shortages(
    connection: &mut DbConnection,
    market_id: i64,
    round_id: i64,
    all: &[Shortage],
) -> QueryResult<()> {
    use shortages as s;
    for chunk in all.chunks(BATCH) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|shortage| {
                (
                    s::id.eq(shortage.id),
                    s::market_id.eq(market_id),
                    s::round_id.eq(round_id),
                    s::demand_id.eq(shortage.demand_id),
                    s::buyer_id.eq(shortage.buyer_id),
                    s::commodity_id.eq(shortage.commodity_id),
                    s::reason.eq(&shortage.reason),
                    s::quantity.eq(shortage.quantity.get()),
                    s::limited_by.eq(&shortage.limited_by),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(s::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// Which results of a round to list.
#[derive(Debug, Clone, Copy)]
pub struct ResultFilter {
    pub round_id: i64,
    pub after: i64,
    pub limit: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = awards)]
struct AwardRow {
    id: i64,
    demand_id: i64,
    offer_id: i64,
    buyer_id: i64,
    seller_id: i64,
    place_id: i64,
    commodity_id: i64,
    day: String,
    quantity: i64,
    price_e4: i64,
    freight_ticks: i64,
    distance_m: i64,
    goods_idr: i64,
    freight_idr: i64,
    rebate_idr: i64,
    fee_idr: i64,
}

impl AwardRow {
    fn into_domain(self) -> Result<Award, AppError> {
        Ok(Award {
            day: Day::parse(&self.day).map_err(AppError::unknown_stored)?,
            quantity: Quantity::new(self.quantity).map_err(AppError::unknown_stored)?,
            price: UnitPrice::from_e4(self.price_e4).map_err(AppError::unknown_stored)?,
            goods: Rupiah::new(self.goods_idr).map_err(AppError::unknown_stored)?,
            freight: Rupiah::new(self.freight_idr).map_err(AppError::unknown_stored)?,
            rebate: Rupiah::new(self.rebate_idr).map_err(AppError::unknown_stored)?,
            fee: Rupiah::new(self.fee_idr).map_err(AppError::unknown_stored)?,
            distance: Distance(self.distance_m),
            id: self.id,
            demand_id: self.demand_id,
            offer_id: self.offer_id,
            buyer_id: self.buyer_id,
            seller_id: self.seller_id,
            place_id: self.place_id,
            commodity_id: self.commodity_id,
            freight_ticks: self.freight_ticks,
        })
    }
}

/// Awards of a round that can be seen, by id: what one buys and sells; all for those who run or observe the market.
pub fn list_awards(connection: &mut DbConnection, scope: &Scope, filter: ResultFilter) -> Result<Vec<Award>, AppError> {
    use awards as a;
    let rows: Vec<AwardRow> = a::table
        .filter(a::round_id.eq(filter.round_id))
        .filter(within!(scope, own: [a::buyer_id, a::seller_id], markets: [a::market_id => scope.reads_whole()]))
        .filter(a::id.gt(filter.after))
        .order(a::id)
        .limit(filter.limit)
        .select(AwardRow::as_select())
        .load(connection)?;
    rows.into_iter().map(AwardRow::into_domain).collect()
}

/// Shortages of a round that can be seen, by id: a shortage is its buyer's own affair.
pub fn list_shortages(
    connection: &mut DbConnection,
    scope: &Scope,
    filter: ResultFilter,
) -> Result<Vec<Shortage>, AppError> {
    use shortages as s;
    let rows: Vec<(i64, i64, i64, i64, String, i64, String)> = s::table
        .filter(s::round_id.eq(filter.round_id))
        .filter(within!(scope, own: [s::buyer_id], markets: [s::market_id => scope.reads_whole()]))
        .filter(s::id.gt(filter.after))
        .order(s::id)
        .limit(filter.limit)
        .select((s::id, s::demand_id, s::buyer_id, s::commodity_id, s::reason, s::quantity, s::limited_by))
        .load(connection)?;
    rows.into_iter()
        .map(|(id, demand_id, buyer_id, commodity_id, reason, quantity, limited_by)| {
            Ok(Shortage {
                quantity: Quantity::new(quantity).map_err(AppError::unknown_stored)?,
                id,
                demand_id,
                buyer_id,
                commodity_id,
                reason,
                limited_by,
            })
        })
        .collect()
}
