//! Orders accepted in part: what is missing belongs to a line, leaves something over, and is priced as the line was.

use super::store::{self, ShortRow};
use super::{Session, money};
use crate::error::AppError;
use crate::values::decimal::div_half_even;

pub(super) fn parts(session: &mut Session<'_>) -> Result<(), AppError> {
    let mut after = 0;
    loop {
        let page = store::shortfalls(session.connection, after)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page {
            if let Some(what) = wrong(&row) {
                session.found("order_shortfalls", row.id, what);
            }
        }
    }
    for row in store::odd_parts(session.connection)? {
        let what = format!("is accepted in part, but {} of {} base units are missing", row.found, row.wanted);
        session.found("orders", row.id, what);
    }
    Ok(())
}

fn wrong(row: &ShortRow) -> Option<String> {
    if row.status != "partly_accepted" {
        return Some(format!("its order is {}", row.status));
    }
    let kept = i128::from(row.quantity) - i128::from(row.missing);
    if kept < 0 {
        return Some(format!("{} missing of {}", row.missing, row.quantity));
    }
    let (goods, freight) = (i128::from(row.goods_idr), i128::from(row.freight_idr));
    let share = |amount: i64| div_half_even(i128::from(amount) * kept, i128::from(row.quantity.max(1)));
    let per_unit = money::per_pricing_unit(&row.pricing_unit);
    let whole = div_half_even(i128::from(row.price_e4) * kept, 10_000 * per_unit) - share(row.rebate_idr);
    let carried = div_half_even(i128::from(row.freight_ticks) * kept, money::TICKS) + share(row.fee_idr);
    let (goods, freight) = (goods - whole.min(goods).max(0), freight - carried.min(freight).max(0));
    let stated = (i128::from(row.goods_off), i128::from(row.freight_off));
    (stated != (goods, freight)).then(|| format!("takes off {stated:?} rupiah, computed {:?}", (goods, freight)))
}
