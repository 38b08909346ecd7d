//! Rows of `commodities`, `commodity_units` and `reference_prices`.

use super::types::{Category, Commodity, ReferenceKind, ReferencePrice, Storage, Unit};
use crate::db::DbConnection;
use crate::db::schema::{commodities, commodity_units, reference_prices};
use crate::error::AppError;
use crate::on_backend;
use crate::values::{BaseUnit, RiceZone, UnitPrice};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Rows in one insert.
const ROWS_AT_ONCE: usize = 1_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = commodities)]
struct CommodityRow {
    id: i64,
    code: String,
    name_id: String,
    name_en: String,
    category: String,
    pricing_unit: String,
    grams_per_thousand: i64,
    cold_chain: i32,
    price_floor_e4: i64,
    price_typical_e4: i64,
    price_ceiling_e4: i64,
}

impl TryFrom<CommodityRow> for Commodity {
    type Error = AppError;

    fn try_from(row: CommodityRow) -> Result<Self, AppError> {
        let price = |e4| UnitPrice::from_e4(e4).map_err(AppError::unknown_stored);
        Ok(Self {
            category: Category::parse(&row.category).ok_or_else(|| AppError::unknown_stored(&row.category))?,
            base_unit: BaseUnit::from_pricing_code(&row.pricing_unit)
                .ok_or_else(|| AppError::unknown_stored(&row.pricing_unit))?,
            storage: if row.cold_chain == 0 { Storage::Ambient } else { Storage::Cold },
            price_floor: price(row.price_floor_e4)?,
            price_typical: price(row.price_typical_e4)?,
            price_ceiling: price(row.price_ceiling_e4)?,
            id: row.id,
            code: row.code,
            name_id: row.name_id,
            name_en: row.name_en,
            grams_per_thousand: row.grams_per_thousand,
        })
    }
}

pub(super) fn insert_commodity(connection: &mut DbConnection, commodity: &Commodity) -> QueryResult<()> {
    use commodities as c;
    let values = (
        (
            c::id.eq(commodity.id),
            c::code.eq(&commodity.code),
            c::name_id.eq(&commodity.name_id),
            c::name_en.eq(&commodity.name_en),
            c::category.eq(commodity.category.word()),
            c::pricing_unit.eq(commodity.base_unit.pricing_code()),
        ),
        (
            c::grams_per_thousand.eq(commodity.grams_per_thousand),
            c::cold_chain.eq(i32::from(commodity.storage == Storage::Cold)),
            c::price_floor_e4.eq(commodity.price_floor.e4()),
            c::price_typical_e4.eq(commodity.price_typical.e4()),
            c::price_ceiling_e4.eq(commodity.price_ceiling.e4()),
        ),
    );
    diesel::insert_into(c::table).values(values).execute(connection).map(|_| ())
}

/// Writes what may change about a commodity; its code and base unit stay.
pub(super) fn update_commodity(connection: &mut DbConnection, commodity: &Commodity) -> QueryResult<()> {
    use commodities as c;
    let values = (
        c::name_id.eq(&commodity.name_id),
        c::name_en.eq(&commodity.name_en),
        c::category.eq(commodity.category.word()),
        c::grams_per_thousand.eq(commodity.grams_per_thousand),
        c::cold_chain.eq(i32::from(commodity.storage == Storage::Cold)),
        c::price_floor_e4.eq(commodity.price_floor.e4()),
        c::price_typical_e4.eq(commodity.price_typical.e4()),
        c::price_ceiling_e4.eq(commodity.price_ceiling.e4()),
    );
    diesel::update(c::table.find(commodity.id)).set(values).execute(connection).map(|_| ())
}

pub(super) fn find_commodity(connection: &mut DbConnection, id: i64) -> Result<Option<Commodity>, AppError> {
    let row: Option<CommodityRow> =
        commodities::table.find(id).select(CommodityRow::as_select()).first(connection).optional()?;
    row.map(Commodity::try_from).transpose()
}

pub(super) fn find_commodity_by_code(connection: &mut DbConnection, code: &str) -> Result<Option<Commodity>, AppError> {
    let row: Option<CommodityRow> = commodities::table
        .filter(commodities::code.eq(code))
        .select(CommodityRow::as_select())
        .first(connection)
        .optional()?;
    row.map(Commodity::try_from).transpose()
}

pub(super) fn list_commodities(
    connection: &mut DbConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<Commodity>, AppError> {
    let rows: Vec<CommodityRow> = commodities::table
        .filter(commodities::id.gt(after))
        .order(commodities::id)
        .limit(limit)
        .select(CommodityRow::as_select())
        .load(connection)?;
    rows.into_iter().map(Commodity::try_from).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = commodity_units)]
struct UnitRow {
    commodity_id: i64,
    code: String,
    name_id: String,
    name_en: String,
    unece_code: String,
    base_units: i64,
}

impl From<UnitRow> for Unit {
    fn from(row: UnitRow) -> Self {
        Self {
            code: row.code,
            name_id: row.name_id,
            name_en: row.name_en,
            unece_code: row.unece_code,
            base_units: row.base_units,
        }
    }
}

pub(super) fn insert_units(connection: &mut DbConnection, units: &[(i64, &Unit)]) -> QueryResult<()> {
    use commodity_units as u;
    for chunk in units.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(commodity_id, unit)| {
                (
                    u::commodity_id.eq(commodity_id),
                    u::code.eq(&unit.code),
                    u::name_id.eq(&unit.name_id),
                    u::name_en.eq(&unit.name_en),
                    u::unece_code.eq(&unit.unece_code),
                    u::base_units.eq(unit.base_units),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(u::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

pub(super) fn find_unit(connection: &mut DbConnection, commodity_id: i64, code: &str) -> QueryResult<Option<Unit>> {
    let row: Option<UnitRow> =
        commodity_units::table.find((commodity_id, code)).select(UnitRow::as_select()).first(connection).optional()?;
    Ok(row.map(Unit::from))
}

/// Units of these commodities, smallest first; of all commodities when no ids are given.
pub(super) fn list_units(
    connection: &mut DbConnection,
    commodity_ids: Option<&[i64]>,
) -> QueryResult<BTreeMap<i64, Vec<Unit>>> {
    use commodity_units as u;
    let query = u::table.order((u::base_units, u::code)).select(UnitRow::as_select());
    let rows: Vec<UnitRow> = match commodity_ids {
        Some(ids) => query.filter(u::commodity_id.eq_any(ids)).load(connection)?,
        None => query.load(connection)?,
    };
    let mut by_commodity: BTreeMap<i64, Vec<Unit>> = BTreeMap::new();
    for row in rows {
        by_commodity.entry(row.commodity_id).or_default().push(row.into());
    }
    Ok(by_commodity)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reference_prices)]
struct ReferencePriceRow {
    commodity_id: i64,
    zone: i32,
    kind: String,
    price_e4: i64,
    regulation: String,
}

impl TryFrom<ReferencePriceRow> for ReferencePrice {
    type Error = AppError;

    fn try_from(row: ReferencePriceRow) -> Result<Self, AppError> {
        Ok(Self {
            zone: RiceZone::new(row.zone).map_err(AppError::unknown_stored)?,
            kind: ReferenceKind::parse(&row.kind).ok_or_else(|| AppError::unknown_stored(&row.kind))?,
            price: UnitPrice::from_e4(row.price_e4).map_err(AppError::unknown_stored)?,
            regulation: row.regulation,
        })
    }
}

pub(super) fn insert_reference_prices(
    connection: &mut DbConnection,
    prices: &[(i64, &ReferencePrice)],
) -> QueryResult<()> {
    use reference_prices as r;
    for chunk in prices.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(commodity_id, price)| {
                (
                    r::commodity_id.eq(commodity_id),
                    r::zone.eq(price.zone.get()),
                    r::kind.eq(price.kind.word()),
                    r::price_e4.eq(price.price.e4()),
                    r::regulation.eq(&price.regulation),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(r::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// Official prices of these commodities, by zone and kind; of all commodities when no ids are given.
pub(super) fn list_reference_prices(
    connection: &mut DbConnection,
    commodity_ids: Option<&[i64]>,
) -> Result<BTreeMap<i64, Vec<ReferencePrice>>, AppError> {
    use reference_prices as r;
    let query = r::table.order((r::zone, r::kind)).select(ReferencePriceRow::as_select());
    let rows: Vec<ReferencePriceRow> = match commodity_ids {
        Some(ids) => query.filter(r::commodity_id.eq_any(ids)).load(connection)?,
        None => query.load(connection)?,
    };
    let mut by_commodity: BTreeMap<i64, Vec<ReferencePrice>> = BTreeMap::new();
    for row in rows {
        by_commodity.entry(row.commodity_id).or_default().push(row.try_into()?);
    }
    Ok(by_commodity)
}

/// Writes the price and regulation of an official price that is there.
pub(super) fn update_reference_price(
    connection: &mut DbConnection,
    commodity_id: i64,
    price: &ReferencePrice,
) -> QueryResult<()> {
    use reference_prices as r;
    diesel::update(r::table.find((commodity_id, price.zone.get(), price.kind.word())))
        .set((r::price_e4.eq(price.price.e4()), r::regulation.eq(&price.regulation)))
        .execute(connection)
        .map(|_| ())
}
