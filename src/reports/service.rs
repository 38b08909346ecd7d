//! Figures put together from the store's rows.

use super::store;
use super::types::{CommodityFigures, MarketSummary, OrderSummary, RoundReport, RoundSummary, ShortageFigures};
use crate::db::{DbConnection, DbError};
use crate::error::{AppError, CommonError};
use crate::scope::Scope;
use crate::values::{BaseUnit, Rupiah, ValueError};

/// Markets by name, at most `limit`; for the system, real ones only.
pub fn markets(connection: &mut DbConnection, scope: &Scope, limit: i64) -> Result<Vec<MarketSummary>, AppError> {
    let rows = store::list_markets(connection, scope, limit)?;
    let summary = |row: store::MarketRow| MarketSummary {
        id: row.id,
        name: row.name,
        operator: row.operator,
        time_zone: row.time_zone,
        members: row.members,
    };
    Ok(rows.into_iter().map(summary).collect())
}

/// Rounds of all markets, newest first, at most `limit`; for the system, of real markets only.
pub fn rounds(connection: &mut DbConnection, scope: &Scope, limit: i64) -> Result<Vec<RoundSummary>, AppError> {
    Ok(store::list_rounds(connection, scope, limit)?.into_iter().map(round_summary).collect())
}

/// Purchase orders of a round after an id, by id: what everybody may see of them, which is not who trades with whom.
pub fn orders(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<OrderSummary>, AppError> {
    let rows = store::list_orders(connection, scope, round_id, after, limit)?;
    rows.into_iter()
        .map(|row| {
            Ok(OrderSummary {
                id: row.id,
                number: row.number,
                status: row.status,
                lines: row.lines,
                total: rupiah(row.total)?,
            })
        })
        .collect()
}

/// What a round came to.
pub fn round(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<RoundReport, AppError> {
    let round = store::find_round(connection, scope, round_id)?.ok_or(CommonError::NotFound)?;
    let counts = store::counts(connection, round_id)?;
    let commodities = store::commodities(connection, round_id)?.into_iter().map(figures).collect::<Result<_, _>>()?;
    let shortages = store::shortages(connection, round_id)?.into_iter().map(lacking).collect::<Result<_, _>>()?;
    Ok(RoundReport {
        round: round_summary(round),
        cooperatives: counts.buyers - counts.kitchens,
        kitchens: counts.kitchens,
        suppliers: counts.suppliers,
        demand_lines: counts.demand_lines,
        orders: counts.orders,
        order_lines: counts.order_lines,
        commodities,
        shortages,
    })
}

fn round_summary(row: store::RoundRow) -> RoundSummary {
    RoundSummary {
        id: row.id,
        market_id: row.market_id,
        number: row.number,
        name: row.name,
        status: row.status,
        delivery_from: row.delivery_from,
        delivery_to: row.delivery_to,
        snapshot_sha256: row.snapshot_sha256,
        failure: row.failure,
    }
}

fn figures(row: store::CommodityRow) -> Result<CommodityFigures, AppError> {
    Ok(CommodityFigures {
        commodity_id: row.commodity_id,
        name: row.name,
        unit: unit(&row.pricing_unit)?,
        demanded: row.demanded,
        short: row.short,
        awarded: row.awarded,
        goods: rupiah(row.goods)?,
        freight: rupiah(row.freight)?,
        ceiling_e4: row.ceiling_e4,
    })
}

fn lacking(row: store::ShortageRow) -> Result<ShortageFigures, AppError> {
    Ok(ShortageFigures {
        commodity_id: row.commodity_id,
        name: row.name,
        unit: unit(&row.pricing_unit)?,
        reason: row.reason,
        quantity: row.quantity,
        lines: row.lines,
    })
}

fn unit(code: &str) -> Result<BaseUnit, AppError> {
    BaseUnit::from_pricing_code(code)
        .ok_or_else(|| AppError::internal(DbError::Unusable(format!("unknown unit '{code}' in the database"))))
}

fn rupiah(amount: i64) -> Result<Rupiah, AppError> {
    Rupiah::new(amount).map_err(|error: ValueError| AppError::internal(error))
}
