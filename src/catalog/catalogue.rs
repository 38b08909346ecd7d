//! The whole catalogue as one value, read once, for work on many rows: no query per row.

use super::errors::CatalogError;
use super::service;
use super::types::{Commodity, ReferenceKind, ReferencePrice, Unit};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::values::{Quantity, RiceZone};
use std::collections::{BTreeMap, HashMap};

/// Every commodity with its units, and the ceilings that bind in one zone.
#[derive(Debug, Clone)]
pub struct Catalogue {
    commodities: BTreeMap<i64, Commodity>,
    ids: HashMap<String, i64>,
    units: BTreeMap<i64, Vec<Unit>>,
    ceilings: BTreeMap<i64, ReferencePrice>,
}

impl Catalogue {
    /// Reads it all.
    pub fn load(connection: &mut DbConnection, zone: RiceZone) -> Result<Self, AppError> {
        let commodities = service::load_all(connection)?;
        let all: Vec<i64> = commodities.keys().copied().collect();
        let prices = service::reference_prices_of_many(connection, &all)?;
        let binding = |price: &ReferencePrice| price.kind == ReferenceKind::Het && price.zone == zone;
        Ok(Self {
            ids: commodities.values().map(|commodity| (commodity.code.clone(), commodity.id)).collect(),
            units: service::load_units(connection)?,
            ceilings: prices
                .into_iter()
                .filter_map(|(id, prices)| Some((id, prices.into_iter().find(binding)?)))
                .collect(),
            commodities,
        })
    }

    /// Every commodity, by id.
    pub fn all(&self) -> impl Iterator<Item = &Commodity> {
        self.commodities.values()
    }

    /// The commodity with this id.
    pub fn find(&self, id: i64) -> Option<&Commodity> {
        self.commodities.get(&id)
    }

    /// The commodity under this code.
    pub fn find_by_code(&self, code: &str) -> Option<&Commodity> {
        self.ids.get(code).and_then(|id| self.find(*id))
    }

    /// The unit of this code in which the commodity may be entered.
    pub fn find_unit(&self, commodity_id: i64, code: &str) -> Option<&Unit> {
        self.units_of(commodity_id).iter().find(|unit| unit.code == code)
    }

    /// What the commodity may be entered in.
    pub fn units_of(&self, commodity_id: i64) -> &[Unit] {
        self.units.get(&commodity_id).map_or(&[], Vec::as_slice)
    }

    /// The highest price the law allows for the commodity, where there is one; with the rule it comes from.
    pub fn binding_ceiling(&self, commodity_id: i64) -> Option<&ReferencePrice> {
        self.ceilings.get(&commodity_id)
    }

    /// The commodity under the code at `pointer`, or a note that there is none.
    pub fn read_commodity(&self, checks: &mut Checks, pointer: &str, code: &str) -> Option<&Commodity> {
        let found = self.find_by_code(code);
        if found.is_none() {
            checks.add(pointer, CatalogError::CommodityUnknown);
        }
        found
    }

    /// The unit of the commodity under the code at `pointer`, or a note that names the ones there are.
    pub fn read_unit(&self, checks: &mut Checks, pointer: &str, commodity_id: i64, code: &str) -> Option<&Unit> {
        let found = self.find_unit(commodity_id, code);
        if found.is_none() {
            let codes: Vec<&str> = self.units_of(commodity_id).iter().map(|unit| unit.code.as_str()).collect();
            checks.add_with(pointer, CatalogError::UnitUnknown, codes.join(", "));
        }
        found
    }
}

/// `text` of the unit in base units, at most `largest`; or a note of what is wrong with it at `pointer`.
pub fn read_quantity(checks: &mut Checks, pointer: &str, text: &str, unit: &Unit, largest: i64) -> Option<Quantity> {
    let quantity = checks.ok(pointer, Quantity::parse(text, unit.base_units))?;
    if quantity.get() > largest {
        let most = largest / unit.base_units;
        checks.add_with(pointer, CommonError::TooLarge, format!("≤ {most} {}", unit.code));
        return None;
    }
    Some(quantity)
}
