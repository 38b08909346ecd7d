//! Rupiah: line amounts recomputed, totals added up.

use super::{Session, store};
use crate::error::AppError;
use crate::values::decimal::div_half_even;

/// Ticks in one rupiah.
pub(super) const TICKS: i128 = 10_000_000;

/// Base units in a pricing unit, by its UN/ECE code.
pub(super) fn per_pricing_unit(code: &str) -> i128 {
    if code == "H87" { 1 } else { 1_000 }
}

pub(super) fn amounts(session: &mut Session<'_>) -> Result<(), AppError> {
    let mut after = 0;
    loop {
        let page = store::amounts(session.connection, after)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        for row in page {
            let quantity = i128::from(row.quantity);
            let per_unit = per_pricing_unit(&row.pricing_unit);
            let goods = div_half_even(i128::from(row.price_e4) * quantity, 10_000 * per_unit);
            let freight = div_half_even(i128::from(row.freight_ticks) * quantity, TICKS);
            // What tiers took off and fees put on stand beside the amounts that hold them.
            let (goods, freight) = (goods - i128::from(row.rebate_idr), freight + i128::from(row.fee_idr));
            if i128::from(row.goods_idr) != goods {
                session.found("awards", row.id, format!("goods {}, computed {goods}", row.goods_idr));
            }
            if i128::from(row.freight_idr) != freight {
                session.found("awards", row.id, format!("freight {}, computed {freight}", row.freight_idr));
            }
        }
    }
}

pub(super) fn totals(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::orders_unlike_lines(session.connection)? {
        session.found("orders", row.id, format!("total {}, lines sum to {}", row.found, row.wanted));
    }
    Ok(())
}

pub(super) fn whole(session: &mut Session<'_>) -> Result<(), AppError> {
    for (table, id, column) in store::odd_numbers(session.connection)? {
        session.found(table, id, format!("{column} is negative or not a whole number"));
    }
    Ok(())
}
