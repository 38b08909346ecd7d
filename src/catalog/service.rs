//! Filling and reading the catalogue. One function per verb, one transaction each.

use super::errors::CatalogError;
use super::store;
use super::types::{Category, Commodity, ReferenceKind, ReferencePrice, Storage, Unit};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::values::{BaseUnit, RiceZone, UnitPrice};
use std::collections::{BTreeMap, BTreeSet};

/// Most commodities the catalogue holds; a bound for reads of the whole of it.
const MOST_COMMODITIES: i64 = 100_000;

/// A commodity to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommodity {
    /// A short unique code.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// Family.
    pub category: Category,
    /// What quantities are counted in.
    pub base_unit: BaseUnit,
    /// Mass of 1,000 base units in grams.
    pub grams_per_thousand: i64,
    /// How it must travel.
    pub storage: Storage,
    /// Below this a price is implausible.
    pub price_floor: UnitPrice,
    /// The usual price.
    pub price_typical: UnitPrice,
    /// Above this a price is implausible.
    pub price_ceiling: UnitPrice,
    /// What it may be entered in.
    pub units: Vec<Unit>,
    /// Its official prices.
    pub reference_prices: Vec<ReferencePrice>,
}

/// What adding commodities changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Added {
    /// Commodities that were not there.
    pub commodities: usize,
    /// Units that were not there.
    pub units: usize,
    /// Official prices that were not there.
    pub reference_prices: usize,
}

/// Adds the commodities, units and official prices that are missing: safe to repeat. What exists stays as it is.
pub fn add_many(work: &mut Work<'_>, new: &[NewCommodity]) -> Result<Added, AppError> {
    check(new)?;
    let mut ids: BTreeMap<String, i64> =
        load_all(work.connection)?.into_values().map(|commodity| (commodity.code, commodity.id)).collect();
    let mut added = Added::default();
    for commodity in new {
        if !ids.contains_key(&commodity.code) {
            ids.insert(commodity.code.clone(), add_commodity(work, commodity)?);
            added.commodities += 1;
        }
    }
    added.units = add_units(work, &ids, new)?;
    added.reference_prices = add_reference_prices(work, &ids, new)?;
    Ok(added)
}

fn check(new: &[NewCommodity]) -> Result<(), AppError> {
    let mut checks = Checks::default();
    for commodity in new {
        let at = |field: &str| format!("/{}/{field}", commodity.code);
        if !(commodity.price_floor <= commodity.price_typical && commodity.price_typical <= commodity.price_ceiling) {
            checks.add(&at("price_typical"), CatalogError::PricesReversed);
        }
        if commodity.grams_per_thousand <= 0 {
            checks.add(&at("grams_per_thousand"), CommonError::NotPositive);
        }
        if commodity.grams_per_thousand > Commodity::HEAVIEST_GRAMS_PER_THOUSAND {
            checks.add(&at("grams_per_thousand"), CommonError::TooLarge);
        }
        for unit in commodity.units.iter().filter(|unit| unit.base_units <= 0) {
            checks.add(&at(&format!("units/{}", unit.code)), CommonError::NotPositive);
        }
    }
    checks.finish()
}

fn add_commodity(work: &mut Work<'_>, new: &NewCommodity) -> Result<i64, AppError> {
    let commodity = Commodity {
        id: work.new_id(),
        code: new.code.clone(),
        name_id: new.name_id.clone(),
        name_en: new.name_en.clone(),
        category: new.category,
        base_unit: new.base_unit,
        grams_per_thousand: new.grams_per_thousand,
        storage: new.storage,
        price_floor: new.price_floor,
        price_typical: new.price_typical,
        price_ceiling: new.price_ceiling,
    };
    store::insert_commodity(work.connection, &commodity)?;
    work.record(Change {
        subject: "commodities",
        subject_id: commodity.id,
        event: "added",
        new: &commodity.code,
        ..Change::default()
    })?;
    Ok(commodity.id)
}

fn add_units(work: &mut Work<'_>, ids: &BTreeMap<String, i64>, new: &[NewCommodity]) -> Result<usize, AppError> {
    let known = store::list_units(work.connection, None)?;
    let mut seen: BTreeSet<(i64, &str)> = BTreeSet::new();
    for (id, units) in &known {
        seen.extend(units.iter().map(|unit| (*id, unit.code.as_str())));
    }
    let mut missing = Vec::new();
    for commodity in new {
        let Some(id) = ids.get(&commodity.code) else { continue };
        missing.extend(commodity.units.iter().filter(|unit| seen.insert((*id, &unit.code))).map(|unit| (*id, unit)));
    }
    store::insert_units(work.connection, &missing)?;
    let words: Vec<_> = missing.iter().map(|(_, unit)| format!("{} = {}", unit.code, unit.base_units)).collect();
    let changes: Vec<_> = missing.iter().zip(&words).map(|((id, _), word)| change(*id, "unit_added", word)).collect();
    work.record_all(&changes)?;
    Ok(missing.len())
}

fn add_reference_prices(
    work: &mut Work<'_>,
    ids: &BTreeMap<String, i64>,
    new: &[NewCommodity],
) -> Result<usize, AppError> {
    let known = store::list_reference_prices(work.connection, None)?;
    let mut seen: BTreeSet<(i64, RiceZone, ReferenceKind)> = BTreeSet::new();
    for (id, prices) in &known {
        seen.extend(prices.iter().map(|price| (*id, price.zone, price.kind)));
    }
    let mut missing = Vec::new();
    for commodity in new {
        let Some(id) = ids.get(&commodity.code) else { continue };
        let prices = commodity.reference_prices.iter();
        missing.extend(prices.filter(|price| seen.insert((*id, price.zone, price.kind))).map(|price| (*id, price)));
    }
    store::insert_reference_prices(work.connection, &missing)?;
    let words: Vec<_> = missing
        .iter()
        .map(|(_, price)| format!("{} zone {} = {}", price.kind, price.zone.get(), price.price))
        .collect();
    let pairs = missing.iter().zip(&words);
    let changes: Vec<_> = pairs.map(|((id, _), word)| change(*id, "reference_price_added", word)).collect();
    work.record_all(&changes)?;
    Ok(missing.len())
}

fn change<'a>(commodity_id: i64, event: &'a str, new: &'a str) -> Change<'a> {
    Change { subject: "commodities", subject_id: commodity_id, event, new, ..Change::default() }
}

/// A commodity.
pub fn get(connection: &mut DbConnection, id: i64) -> Result<Commodity, AppError> {
    store::find_commodity(connection, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// A commodity, if there is one with this id.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Commodity>, AppError> {
    store::find_commodity(connection, id)
}

/// A commodity, if there is one under this code.
pub fn find_by_code(connection: &mut DbConnection, code: &str) -> Result<Option<Commodity>, AppError> {
    store::find_commodity_by_code(connection, code)
}

/// Commodities after an id, by id.
pub fn list(connection: &mut DbConnection, after: i64, limit: i64) -> Result<Vec<Commodity>, AppError> {
    store::list_commodities(connection, after, limit)
}

/// The whole catalogue by id, for work on a whole market.
pub fn load_all(connection: &mut DbConnection) -> Result<BTreeMap<i64, Commodity>, AppError> {
    let all = store::list_commodities(connection, 0, MOST_COMMODITIES)?;
    Ok(all.into_iter().map(|commodity| (commodity.id, commodity)).collect())
}

/// What a commodity may be entered in, smallest unit first.
pub fn units_of(connection: &mut DbConnection, commodity_id: i64) -> Result<Vec<Unit>, AppError> {
    let mut units = store::list_units(connection, Some(&[commodity_id]))?;
    Ok(units.remove(&commodity_id).unwrap_or_default())
}

/// The units of many commodities, by commodity.
pub fn units_of_many(
    connection: &mut DbConnection,
    commodity_ids: &[i64],
) -> Result<BTreeMap<i64, Vec<Unit>>, AppError> {
    Ok(store::list_units(connection, Some(commodity_ids))?)
}

/// The units of the whole catalogue, by commodity.
pub fn load_units(connection: &mut DbConnection) -> Result<BTreeMap<i64, Vec<Unit>>, AppError> {
    Ok(store::list_units(connection, None)?)
}

/// The unit of this code in which the commodity may be entered.
pub fn find_unit(connection: &mut DbConnection, commodity_id: i64, code: &str) -> Result<Option<Unit>, AppError> {
    Ok(store::find_unit(connection, commodity_id, code)?)
}

/// Official prices of a commodity, by zone.
pub fn reference_prices(connection: &mut DbConnection, commodity_id: i64) -> Result<Vec<ReferencePrice>, AppError> {
    let mut prices = store::list_reference_prices(connection, Some(&[commodity_id]))?;
    Ok(prices.remove(&commodity_id).unwrap_or_default())
}

/// Official prices of many commodities, by commodity.
pub fn reference_prices_of_many(
    connection: &mut DbConnection,
    commodity_ids: &[i64],
) -> Result<BTreeMap<i64, Vec<ReferencePrice>>, AppError> {
    store::list_reference_prices(connection, Some(commodity_ids))
}

/// The most a commodity may legally cost in a zone. Only a HET binds; a HAP is a reference that warns.
pub fn binding_ceiling(
    connection: &mut DbConnection,
    commodity_id: i64,
    zone: RiceZone,
) -> Result<Option<UnitPrice>, AppError> {
    Ok(binding(&reference_prices(connection, commodity_id)?, zone))
}

/// [`binding_ceiling`] of every commodity that has one in this zone.
pub fn load_binding_ceilings(
    connection: &mut DbConnection,
    zone: RiceZone,
) -> Result<BTreeMap<i64, UnitPrice>, AppError> {
    let prices = store::list_reference_prices(connection, None)?;
    Ok(prices.into_iter().filter_map(|(id, prices)| Some((id, binding(&prices, zone)?))).collect())
}

fn binding(prices: &[ReferencePrice], zone: RiceZone) -> Option<UnitPrice> {
    let mut binding = prices.iter().filter(|price| price.kind == ReferenceKind::Het && price.zone == zone);
    binding.next().map(|price| price.price)
}
