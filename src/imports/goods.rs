//! Rows of demands and offers as the entries that their services take. Places, commodities and units may be written by
//! name.

use super::columns::folded;
use super::table::{Row, Table};
use crate::catalog;
use crate::db::DbConnection;
use crate::demands::DemandEntry;
use crate::error::{AppError, Checks, CommonError};
use crate::offers::volume::MOST_TIERS;
use crate::offers::{FreightEntry, OfferEntry, UnusualPrice, VolumeEntry};
use crate::places;
use crate::scope::Scope;
use std::collections::HashMap;

/// Most places of one organisation that a row may name.
const MOST_PLACES: i64 = 10_000;

/// Names of the organisation's places, and of commodities and their units, read once for all rows.
pub(super) struct Names {
    places: HashMap<String, i64>,
    only_place: Option<i64>,
    commodities: HashMap<String, (i64, String)>,
    units: HashMap<(i64, String), String>,
}

impl Names {
    pub fn load(connection: &mut DbConnection, scope: &Scope, organisation_id: i64) -> Result<Self, AppError> {
        let places = places::service::list_of_organisation(connection, scope, organisation_id, 0, MOST_PLACES)?;
        let only_place = Some(&places).filter(|places| places.len() == 1).and_then(|places| places.first());
        let only_place = only_place.map(|place| place.id);
        let mut commodities = HashMap::new();
        for (id, commodity) in catalog::service::load_all(connection)? {
            for name in [&commodity.name_en, &commodity.name_id, &commodity.code] {
                commodities.insert(folded(name), (id, commodity.code.clone()));
            }
        }
        let mut units = HashMap::new();
        for (id, all) in catalog::service::load_units(connection)? {
            for unit in all {
                for name in [&unit.name_en, &unit.name_id, &unit.code] {
                    units.insert((id, folded(name)), unit.code.clone());
                }
            }
        }
        let places = places.into_iter().map(|place| (folded(&place.name), place.id)).collect();
        Ok(Self { places, only_place, commodities, units })
    }

    /// The id of a place that is named, or is an id, or is the only one; otherwise what was written, which names none.
    fn place(&self, row: &Row) -> String {
        match row.get("place") {
            Some(text) => self.places.get(&folded(&text)).map_or(text, ToString::to_string),
            None => self.only_place.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    fn commodity(&self, text: &str) -> (Option<i64>, String) {
        match self.commodities.get(&folded(text)) {
            Some((id, code)) => (Some(*id), code.clone()),
            None => (None, text.to_owned()),
        }
    }

    fn unit(&self, commodity_id: Option<i64>, text: String) -> String {
        let found = commodity_id.and_then(|id| self.units.get(&(id, folded(&text))));
        found.cloned().unwrap_or(text)
    }
}

/// Notes required cells that are empty.
fn require(row: &Row, keys: &[&str], checks: &mut Checks) {
    for key in keys.iter().filter(|key| row.get(key).is_none()) {
        checks.add(&format!("/{key}"), CommonError::Required);
    }
}

pub(super) fn demands(table: &Table, names: &Names, checks: &mut Checks) -> Vec<(String, DemandEntry)> {
    let entry = |row: &Row| {
        checks.within(row.pointer());
        require(row, &["commodity", "quantity", "unit"], checks);
        let (commodity_id, commodity) = names.commodity(&row.text("commodity"));
        let priority = row.get("priority").and_then(|text| {
            let priority = text.parse().ok();
            if priority.is_none() {
                checks.add("/priority", CommonError::NotANumber);
            }
            priority
        });
        let entry = DemandEntry {
            place: names.place(row),
            commodity,
            quantity: row.text("quantity"),
            unit: names.unit(commodity_id, row.text("unit")),
            accept_up_to: row.get("accept_up_to"),
            day_from: row.get("day_from"),
            day_to: row.get("day_to"),
            requirements: row.words("requirements"),
            priority,
            price_ceiling: row.get("price_ceiling"),
        };
        (row.pointer(), entry)
    };
    table.rows.iter().map(entry).collect()
}

/// Columns of tiers: where one begins, and its price.
pub const TIERS: [(&str, &str); MOST_TIERS] = [
    ("tier1_from", "tier1_price"),
    ("tier2_from", "tier2_price"),
    ("tier3_from", "tier3_price"),
    ("tier4_from", "tier4_price"),
];

fn volume(row: &Row, checks: &mut Checks) -> VolumeEntry {
    let mut tiers = Vec::new();
    for (from, price) in TIERS {
        if row.get(from).is_some() || row.get(price).is_some() {
            require(row, &[from, price], checks);
            tiers.push((row.text(from), row.text(price)));
        }
    }
    VolumeEntry { tiers, incremental: row.is_yes("incremental"), min_order_idr: row.get("min_order_idr") }
}

pub(super) fn offers(table: &Table, names: &Names, checks: &mut Checks) -> Vec<(String, OfferEntry)> {
    let entry = |row: &Row| {
        checks.within(row.pointer());
        require(row, &["commodity", "price", "stock", "unit", "day_from", "day_to"], checks);
        let (commodity_id, commodity) = names.commodity(&row.text("commodity"));
        let is_confirmed = row.is_yes("confirm_unusual_price");
        let entry = OfferEntry {
            place: names.place(row),
            commodity,
            lot: row.get("lot"),
            price: row.text("price"),
            unusual_price: if is_confirmed { UnusualPrice::Confirmed } else { UnusualPrice::Refused },
            stock: row.text("stock"),
            unit: names.unit(commodity_id, row.text("unit")),
            stock_per_day: row.get("stock_per_day"),
            pack: row.get("pack").map(|text| names.unit(commodity_id, text)),
            min_line: row.get("min_line"),
            radius_km: row.get("radius_km"),
            day_from: row.text("day_from"),
            day_to: row.text("day_to"),
            certificates: row.words("certificates"),
            freight: FreightEntry {
                included: row.is_yes("delivered"),
                per_km: row.get("freight_per_km"),
                base: row.get("freight_base"),
            },
            volume: volume(row, checks),
        };
        (row.pointer(), entry)
    };
    table.rows.iter().map(entry).collect()
}
