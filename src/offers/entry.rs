//! From words that people type to a draft that can be checked. Everything wrong is noted, nothing guessed.

use super::errors::OfferError;
use super::facts::Setting;
use super::types::{FreightTerms, NewOffer, UnusualPrice};
use super::volume::{VolumeEntry, VolumeTerms};
use crate::catalog::{Unit, read_quantity};
use crate::error::{Checks, CommonError};
use crate::values::decimal::parse_scaled;
use crate::values::ids::parse_id;
use crate::values::{CertificateSet, Day, DayRange, Distance, Quantity, UnitPrice, ValueError};
use crate::web::text::{certificates, name_text};

/// Most stock of one offer: 100,000 tonnes, more than any warehouse of the country holds.
pub(super) const LARGEST_STOCK: i64 = 100_000_000_000;
/// Farthest radius: half the way around the Earth.
const LARGEST_RADIUS_M: i64 = 20_000_000;
const LONGEST_LOT: usize = 64;
const FREIGHT_DIGITS: u32 = 4;

/// An offer as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferEntry {
    /// Id of one of the seller's places.
    pub place: String,
    /// Code of the commodity.
    pub commodity: String,
    /// Tells lots of the same goods apart.
    pub lot: Option<String>,
    /// Rupiah per pricing unit.
    pub price: String,
    /// Whether a price outside the plausible range is meant.
    pub unusual_price: UnusualPrice,
    /// Most that can be taken in all, as a decimal number of `unit`.
    pub stock: String,
    /// Code of a unit of the commodity.
    pub unit: String,
    /// Most that can be taken on one day, in `unit`.
    pub stock_per_day: Option<String>,
    /// Code of the unit that lines are multiples of; `unit` unless said otherwise.
    pub pack: Option<String>,
    /// Least quantity of a line, in `unit`.
    pub min_line: Option<String>,
    /// Farthest delivery by road, in kilometres.
    pub radius_km: Option<String>,
    /// First day.
    pub day_from: String,
    /// Last day.
    pub day_to: String,
    /// Words of certificates.
    pub certificates: Vec<String>,
    /// Who pays for the way.
    pub freight: FreightEntry,
    /// Lower prices for larger totals, least value of an order.
    pub volume: VolumeEntry,
}

/// Who pays for the way, as it was typed: nothing at all means the market's tariff.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FreightEntry {
    /// Whether the price includes delivery.
    pub included: bool,
    /// Own tariff: rupiah per pricing unit and kilometre of road.
    pub per_km: Option<String>,
    /// Own tariff: rupiah per pricing unit, whatever the distance.
    pub base: Option<String>,
}

/// A change of stock or price as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEntry {
    /// Most that can be taken in all, what is reserved included, as a decimal number of `unit`.
    pub stock: Option<String>,
    /// Code of a unit; the one it was entered in before unless said otherwise.
    pub unit: Option<String>,
    /// Rupiah per pricing unit.
    pub price: Option<String>,
    /// Whether a price outside the plausible range is meant.
    pub unusual_price: UnusualPrice,
}

/// An offer on its way in. What could not be read is missing, and was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub seller_id: i64,
    pub place_id: i64,
    pub commodity_id: Option<i64>,
    pub lot: Option<String>,
    pub price: Option<UnitPrice>,
    pub unusual_price: UnusualPrice,
    pub stock: Option<Quantity>,
    pub stock_per_day: Option<Quantity>,
    pub pack: Option<Quantity>,
    pub entered_unit: Option<String>,
    pub min_line: Option<Quantity>,
    pub radius: Option<Distance>,
    pub days: Option<DayRange>,
    pub certificates: CertificateSet,
    pub freight: FreightTerms,
    pub volume: VolumeTerms,
}

impl From<&NewOffer> for Draft {
    fn from(new: &NewOffer) -> Self {
        Self {
            seller_id: new.seller_id,
            place_id: new.place_id,
            commodity_id: Some(new.commodity_id),
            lot: Some(new.lot.clone()),
            price: Some(new.price),
            unusual_price: new.unusual_price,
            stock: Some(new.stock),
            stock_per_day: new.stock_per_day,
            pack: Some(new.pack),
            entered_unit: new.entered_unit.clone(),
            min_line: new.min_line,
            radius: new.radius,
            days: Some(new.days),
            certificates: new.certificates.clone(),
            freight: new.freight,
            volume: new.volume.clone(),
        }
    }
}

impl OfferEntry {
    /// Reads every word, noting all that is wrong.
    pub(super) fn read(&self, seller_id: i64, setting: &Setting, checks: &mut Checks) -> Draft {
        let catalogue = &setting.catalogue;
        let commodity = catalogue.read_commodity(checks, "/commodity", &self.commodity);
        let mut find_unit =
            |pointer, code: &str| catalogue.read_unit(checks, pointer, commodity.map(|found| found.id)?, code);
        let unit = find_unit("/unit", &self.unit);
        let pack = self.pack.as_deref().map_or(unit, |code| find_unit("/pack", code));
        let mut optional = |pointer, text: Option<&str>| read_amount(checks, pointer, text?, unit);
        let stock_per_day = optional("/stock_per_day", self.stock_per_day.as_deref());
        let min_line = optional("/min_line", self.min_line.as_deref());
        Draft {
            seller_id,
            // A word that is no id names no place of the seller, just like an id that is somebody else's.
            place_id: parse_id(&self.place).unwrap_or_default(),
            commodity_id: commodity.map(|commodity| commodity.id),
            lot: read_lot(self.lot.as_deref().unwrap_or_default(), checks),
            price: checks.ok("/price", UnitPrice::parse(&self.price)),
            unusual_price: self.unusual_price,
            stock: read_amount(checks, "/stock", &self.stock, unit),
            stock_per_day,
            pack: pack.and_then(|unit| Quantity::new(unit.base_units).ok()),
            entered_unit: Some(self.unit.clone()),
            min_line,
            radius: self.radius_km.as_deref().and_then(|text| read_radius(text, checks)),
            days: self.read_days(checks),
            certificates: certificates(checks, "/certificates", &self.certificates),
            freight: self.freight.read(checks),
            volume: self.volume.read(unit, checks),
        }
    }

    fn read_days(&self, checks: &mut Checks) -> Option<DayRange> {
        let first = checks.ok("/day_from", Day::parse(&self.day_from));
        let last = checks.ok("/day_to", Day::parse(&self.day_to));
        let (first, last) = first.zip(last)?;
        checks.ok("/day_to", DayRange::new(first, last))
    }
}

impl FreightEntry {
    fn read(&self, checks: &mut Checks) -> FreightTerms {
        let is_stated = self.per_km.is_some() || self.base.is_some();
        if self.included && is_stated {
            checks.add("/delivered", OfferError::FreightContradicts);
        }
        let mut rate = |pointer, text: Option<&str>| match text {
            Some(text) => checks.ok(pointer, parse_scaled(text, FREIGHT_DIGITS)).unwrap_or_default(),
            None => 0,
        };
        let per_km_e4 = rate("/freight_per_km", self.per_km.as_deref());
        let base_e4 = rate("/freight_base", self.base.as_deref());
        match (self.included, is_stated) {
            (true, _) => FreightTerms::Included,
            (false, true) => FreightTerms::Stated { per_km_e4, base_e4 },
            (false, false) => FreightTerms::Added,
        }
    }
}

fn read_amount(checks: &mut Checks, pointer: &str, text: &str, unit: Option<&Unit>) -> Option<Quantity> {
    read_quantity(checks, pointer, text, unit?, LARGEST_STOCK)
}

fn read_lot(text: &str, checks: &mut Checks) -> Option<String> {
    if text.trim().is_empty() {
        return Some(String::new());
    }
    name_text(checks, "/lot", text, LONGEST_LOT)
}

fn read_radius(text: &str, checks: &mut Checks) -> Option<Distance> {
    let metres = checks.ok("/radius_km", parse_scaled(text, 3))?;
    match metres {
        ..=0 => checks.add("/radius_km", ValueError::NotPositive),
        1..=LARGEST_RADIUS_M => return Some(Distance(metres)),
        _ => checks.add_with("/radius_km", CommonError::TooLarge, format!("≤ {}", LARGEST_RADIUS_M / 1_000)),
    }
    None
}

impl ChangeEntry {
    /// The stock, where one was given and could be read, and the unit it was entered in.
    pub(super) fn read_stock(
        &self,
        commodity_id: i64,
        unit_before: &str,
        setting: &Setting,
        checks: &mut Checks,
    ) -> (Option<Quantity>, String) {
        let code = self.unit.as_deref().unwrap_or(unit_before);
        let unit = setting.catalogue.read_unit(checks, "/unit", commodity_id, code);
        let stock = self.stock.as_deref();
        let stock = stock.and_then(|text| read_amount(checks, "/stock", text, unit));
        (stock, code.to_owned())
    }
}
