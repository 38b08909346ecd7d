//! Bringing the catalogue up to newer facts: prices and names follow, and every change is told and written down.
//!
//! What quantities are counted in never changes: a stored quantity would silently mean something else. Such a difference
//! is only told.

use super::service::{NewCommodity, load_all};
use super::store;
use super::types::{Commodity, ReferencePrice};
use crate::audit::{Change, Work};
use crate::error::AppError;

/// What newer facts changed, as plain lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renewed {
    /// What was changed: record, old and new.
    pub changed: Vec<String>,
    /// What differs and stays as it is.
    pub kept: Vec<String>,
}

/// Changes the commodities and official prices that differ from `facts`: safe to repeat. What `facts` do not name stays.
pub fn renew(work: &mut Work<'_>, facts: &[NewCommodity]) -> Result<Renewed, AppError> {
    let known = load_all(work.connection)?;
    let units = store::list_units(work.connection, None)?;
    let prices = store::list_reference_prices(work.connection, None)?;
    let mut renewed = Renewed::default();
    for fact in facts {
        let Some(before) = known.values().find(|commodity| commodity.code == fact.code) else { continue };
        renew_commodity(work, before, fact, &mut renewed)?;
        for unit in units.get(&before.id).into_iter().flatten() {
            let newer = fact.units.iter().find(|newer| newer.code == unit.code);
            if let Some(newer) = newer.filter(|newer| newer.base_units != unit.base_units) {
                let (old, new) = (unit.base_units, newer.base_units);
                renewed.kept.push(format!("{} {}: stays {old} base units (facts: {new})", before.code, unit.code));
            }
        }
        for price in prices.get(&before.id).into_iter().flatten() {
            let is_newer = |newer: &&ReferencePrice| newer.zone == price.zone && newer.kind == price.kind;
            if let Some(newer) = fact.reference_prices.iter().find(is_newer).filter(|newer| *newer != price) {
                store::update_reference_price(work.connection, before.id, newer)?;
                let name = |price: &ReferencePrice| format!("{} ({})", price.price, price.regulation);
                let what = format!("{} {} zone {}", before.code, price.kind, price.zone.get());
                record(work, before.id, "reference_price_changed", &what, &name(price), &name(newer), &mut renewed)?;
            }
        }
    }
    Ok(renewed)
}

fn renew_commodity(
    work: &mut Work<'_>,
    before: &Commodity,
    fact: &NewCommodity,
    renewed: &mut Renewed,
) -> Result<(), AppError> {
    let after = Commodity {
        name_id: fact.name_id.clone(),
        name_en: fact.name_en.clone(),
        category: fact.category,
        grams_per_thousand: fact.grams_per_thousand,
        storage: fact.storage,
        price_floor: fact.price_floor,
        price_typical: fact.price_typical,
        price_ceiling: fact.price_ceiling,
        ..before.clone()
    };
    if before.base_unit != fact.base_unit {
        let (old, new) = (before.base_unit.pricing_name(), fact.base_unit.pricing_name());
        renewed.kept.push(format!("{}: stays counted by {old} (facts: {new})", before.code));
        return Ok(());
    }
    if after == *before {
        return Ok(());
    }
    store::update_commodity(work.connection, &after)?;
    record(work, before.id, "changed", &before.code, &words(before), &words(&after), renewed)
}

fn words(of: &Commodity) -> String {
    let (floor, typical, ceiling) = (of.price_floor, of.price_typical, of.price_ceiling);
    let (category, storage, grams) = (of.category, of.storage, of.grams_per_thousand);
    format!("{} / {}, {category}, {storage}, {grams} g, {floor}..{typical}..{ceiling}", of.name_id, of.name_en)
}

fn record(
    work: &mut Work<'_>,
    commodity_id: i64,
    event: &str,
    what: &str,
    old: &str,
    new: &str,
    renewed: &mut Renewed,
) -> Result<(), AppError> {
    renewed.changed.push(format!("{what}: {old} -> {new}"));
    work.record(Change { subject: "commodities", subject_id: commodity_id, event, old, new, ..Change::default() })
}
