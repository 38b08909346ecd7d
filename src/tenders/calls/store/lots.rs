//! Rows of `lots`.

use super::super::types::{Call, Lot, LotTerms};
use super::{certificates, visible};
use crate::db::DbConnection;
use crate::db::schema::{calls, lots};
use crate::error::AppError;
use crate::scope::Scope;
use crate::tenders::state::Status;
use crate::values::{Day, DayRange, Quantity, Timestamp, UnitPrice};
use crate::{on_backend, within};
use diesel::prelude::*;

/// Rows per statement: at most 15 columns each, below the 32,766 values that SQLite binds.
const BATCH: usize = 1_500;

pub fn insert_lots(connection: &mut DbConnection, market_id: i64, all: &[Lot]) -> QueryResult<()> {
    use lots as l;
    for chunk in all.chunks(BATCH) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|lot| {
                let terms = &lot.terms;
                (
                    l::id.eq(lot.id),
                    l::market_id.eq(market_id),
                    l::call_id.eq(lot.call_id),
                    l::number.eq(lot.number),
                    l::commodity_id.eq(terms.commodity_id),
                    l::area.eq(terms.area.join(" ")),
                    l::area_name.eq(&terms.area_name),
                    l::day_from.eq(terms.days.first().to_string()),
                    l::day_to.eq(terms.days.last().to_string()),
                    l::quantity.eq(terms.quantity.get()),
                    l::pack.eq(terms.pack.get()),
                    l::points.eq(terms.points),
                    l::steps.eq(terms.steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
                    l::requirements.eq(terms.requirements.to_string()),
                    l::price_ceiling_e4.eq(terms.price_ceiling.map(UnitPrice::e4)),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(l::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// Takes away the lots of a draft in a market that one runs.
pub fn delete_lots(connection: &mut DbConnection, scope: &Scope, call: &Call) -> QueryResult<()> {
    let draft = calls::table
        .filter(calls::id.eq(call.id))
        .filter(calls::status.eq(Status::Draft.word()))
        .filter(within!(scope, own: [], markets: [calls::market_id => scope.operates()]))
        .select(calls::id);
    diesel::delete(lots::table.filter(lots::call_id.eq_any(draft))).execute(connection).map(|_| ())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = lots)]
struct LotRow {
    id: i64,
    call_id: i64,
    number: i64,
    commodity_id: i64,
    area: String,
    area_name: String,
    day_from: String,
    day_to: String,
    quantity: i64,
    pack: i64,
    points: i64,
    steps: String,
    requirements: String,
    price_ceiling_e4: Option<i64>,
}

impl LotRow {
    fn into_domain(self) -> Result<Lot, AppError> {
        let day = |text: &str| Day::parse(text).map_err(AppError::unknown_stored);
        let quantity = |value| Quantity::new(value).map_err(AppError::unknown_stored);
        let steps = self.steps.split_ascii_whitespace().map(|text| text.parse().map_err(AppError::unknown_stored));
        let price = self.price_ceiling_e4.map(|e4| UnitPrice::from_e4(e4).map_err(AppError::unknown_stored));
        Ok(Lot {
            id: self.id,
            call_id: self.call_id,
            number: self.number,
            terms: LotTerms {
                commodity_id: self.commodity_id,
                area: self.area.split_ascii_whitespace().map(str::to_owned).collect(),
                area_name: self.area_name,
                days: DayRange::new(day(&self.day_from)?, day(&self.day_to)?).map_err(AppError::unknown_stored)?,
                quantity: quantity(self.quantity)?,
                pack: quantity(self.pack)?,
                points: self.points,
                steps: steps.collect::<Result<_, _>>()?,
                requirements: certificates(&self.requirements)?,
                price_ceiling: price.transpose()?,
            },
        })
    }
}

/// Until when complaints about any of these lots can be made, the latest; `None` where none of their calls was answered.
pub fn find_last_complaint(
    connection: &mut DbConnection,
    scope: &Scope,
    lot_ids: &[i64],
) -> QueryResult<Option<Timestamp>> {
    let latest: Option<Option<i64>> = lots::table
        .inner_join(calls::table)
        .filter(lots::id.eq_any(lot_ids))
        .filter(visible!(scope))
        .order(calls::complaints_until.desc())
        .filter(calls::complaints_until.is_not_null())
        .select(calls::complaints_until)
        .first(connection)
        .optional()?;
    Ok(latest.flatten().map(Timestamp::from_micros))
}

/// Lots of a call by number; whoever sees the call sees its lots.
pub fn list_lots(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Vec<Lot>, AppError> {
    let rows: Vec<LotRow> = lots::table
        .inner_join(calls::table)
        .filter(lots::call_id.eq(call_id))
        .filter(visible!(scope))
        .order(lots::number)
        .select(LotRow::as_select())
        .load(connection)?;
    rows.into_iter().map(LotRow::into_domain).collect()
}
