//! From words that people type to a draft that can be checked. Everything wrong is noted, nothing guessed.

use super::facts::Setting;
use super::types::NewDemand;
use crate::catalog::{Commodity, read_quantity};
use crate::error::{Checks, CommonError};
use crate::values::ids::parse_id;
use crate::values::{CertificateSet, Day, DayRange, Quantity, UnitPrice};
use crate::web::text::certificates;

/// Most of anything in one line: 10,000 tonnes. A village needs some tonnes; more is a slip of the unit.
pub(super) const LARGEST_LINE: i64 = 10_000_000_000;

/// A demand as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandEntry {
    /// Id of one of the buyer's places.
    pub place: String,
    /// Code of the commodity.
    pub commodity: String,
    /// Must have, as a decimal number of `unit`.
    pub quantity: String,
    /// Code of a unit of the commodity.
    pub unit: String,
    /// Would take up to so many of `unit`.
    pub accept_up_to: Option<String>,
    /// First day; the round's first delivery day unless said otherwise.
    pub day_from: Option<String>,
    /// Last day; the round's last delivery day unless said otherwise.
    pub day_to: Option<String>,
    /// Words of certificates.
    pub requirements: Vec<String>,
    /// 0 to 9.
    pub priority: Option<i32>,
    /// Rupiah per pricing unit.
    pub price_ceiling: Option<String>,
}

/// A quantity as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityEntry {
    /// Must have, as a decimal number of `unit`.
    pub quantity: String,
    /// Code of a unit; the one it was entered in before unless said otherwise.
    pub unit: Option<String>,
    /// Would take up to so many of `unit`; just the quantity unless said otherwise.
    pub accept_up_to: Option<String>,
}

/// A demand on its way in. What could not be read is missing, and was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub buyer_id: i64,
    pub place_id: i64,
    pub commodity_id: Option<i64>,
    pub quantity: Option<Quantity>,
    pub accept_up_to: Option<Quantity>,
    pub entered_unit: Option<String>,
    pub days: Option<DayRange>,
    pub requirements: CertificateSet,
    pub priority: Option<i32>,
    pub price_ceiling: Option<UnitPrice>,
}

impl From<&NewDemand> for Draft {
    fn from(new: &NewDemand) -> Self {
        Self {
            buyer_id: new.buyer_id,
            place_id: new.place_id,
            commodity_id: Some(new.commodity_id),
            quantity: Some(new.quantity),
            accept_up_to: new.accept_up_to,
            entered_unit: new.entered_unit.clone(),
            days: Some(new.days),
            requirements: new.requirements.clone(),
            priority: new.priority,
            price_ceiling: new.price_ceiling,
        }
    }
}

impl DemandEntry {
    /// Reads every word, noting all that is wrong.
    pub(super) fn read(&self, buyer_id: i64, setting: &Setting, checks: &mut Checks) -> Draft {
        let commodity = setting.catalogue.read_commodity(checks, "/commodity", &self.commodity);
        let unit =
            commodity.and_then(|commodity| setting.catalogue.read_unit(checks, "/unit", commodity.id, &self.unit));
        let mut amount = |pointer, text: &str| read_quantity(checks, pointer, text, unit?, LARGEST_LINE);
        let quantity = amount("/quantity", &self.quantity);
        let accept_up_to = self.accept_up_to.as_deref().and_then(|text| amount("/accept_up_to", text));
        let ceiling = self.price_ceiling.as_deref();
        Draft {
            buyer_id,
            // A word that is no id names no place of the buyer, just like an id that is somebody else's.
            place_id: parse_id(&self.place).unwrap_or_default(),
            commodity_id: commodity.map(|commodity: &Commodity| commodity.id),
            quantity,
            accept_up_to,
            entered_unit: Some(self.unit.clone()),
            days: self.read_days(setting.round.days, checks),
            requirements: certificates(checks, "/requirements", &self.requirements),
            priority: self.priority,
            price_ceiling: ceiling.and_then(|text| checks.ok("/price_ceiling", UnitPrice::parse(text))),
        }
    }

    fn read_days(&self, round: DayRange, checks: &mut Checks) -> Option<DayRange> {
        let mut day = |pointer, text: Option<&str>, default| match text {
            Some(text) => checks.ok(pointer, Day::parse(text)),
            None => Some(default),
        };
        let first = day("/day_from", self.day_from.as_deref(), round.first());
        let last = day("/day_to", self.day_to.as_deref(), round.last());
        let (first, last) = first.zip(last)?;
        checks.ok("/day_to", DayRange::new(first, last))
    }
}

impl QuantityEntry {
    /// Must have, would take, and the unit both were entered in.
    pub(super) fn read(
        &self,
        commodity_id: i64,
        unit_before: &str,
        setting: &Setting,
        checks: &mut Checks,
    ) -> Option<(Quantity, Option<Quantity>, String)> {
        let code = self.unit.as_deref().unwrap_or(unit_before);
        let unit = setting.catalogue.read_unit(checks, "/unit", commodity_id, code)?;
        let mut amount = |pointer, text: &str| read_quantity(checks, pointer, text, unit, LARGEST_LINE);
        let quantity = amount("/quantity", &self.quantity);
        let accept_up_to = self.accept_up_to.as_deref().and_then(|text| amount("/accept_up_to", text));
        Some((quantity?, accept_up_to, code.to_owned()))
    }
}

/// Notes if what would be taken is less than what must be had.
pub(super) fn check_accept(quantity: Quantity, accept_up_to: Quantity, checks: &mut Checks) {
    if accept_up_to < quantity {
        checks.add("/accept_up_to", super::DemandError::AcceptBelowQuantity);
    } else if accept_up_to.get() > LARGEST_LINE {
        checks.add("/accept_up_to", CommonError::TooLarge);
    }
}
