//! What is wrong with a bid: everything at once, each with a JSON pointer. Pure: a document and the facts of its call in, a bid
//! that can be solved or notes of every problem out.

mod bundles;
mod lines;
#[cfg(test)]
mod tests;

use super::document::{BID_FORMAT, BidDocument, BidTierKind};
use crate::error::{Checks, CommonError};
use crate::offers::FreightTerms;
use crate::tenders::TenderError;
use crate::values::ids::parse_id;
use crate::values::{BaseUnit, CertificateSet, Day};
use crate::web::text::certificates;
use std::collections::{BTreeMap, BTreeSet};

/// Most lines of one bid.
pub const MOST_LINES: usize = 500;
/// Most tiers of one line.
pub const MOST_TIERS: usize = 20;
/// Most bundles of one bid.
pub const MOST_BUNDLES: usize = 100;
/// Highest fee per drop or truck: 1,000,000,000 rupiah.
pub const LARGEST_FEE_IDR: i64 = 1_000_000_000;
/// Most base units of any quantity in a bid, and most grams of a capacity: 100,000 tonnes.
pub const LARGEST_QUANTITY: i64 = 100_000_000_000;

/// What a bid is checked against.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The call.
    pub call_id: i64,
    /// Its terms now.
    pub terms_version: i64,
    /// Who bids.
    pub bidder_id: i64,
    /// The bidder's places.
    pub places: BTreeSet<i64>,
    /// Certificates that every bidder must hold.
    pub certificates: CertificateSet,
    /// Whether a part of a lot may be awarded.
    pub awards: Awards,
    /// Last delivery day of any lot.
    pub last_day: Day,
    /// The lots by number.
    pub lots: BTreeMap<i64, LotFacts>,
}

/// Whether a part of a lot may be awarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awards {
    /// Any part that a bid allows.
    Partial,
    /// What a line offers is taken whole or not at all.
    Whole,
}

/// What a line must know of its lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotFacts {
    /// What quantities count.
    pub unit: BaseUnit,
    /// What is needed.
    pub quantity: i64,
    /// Usual pack.
    pub pack: i64,
    /// Highest price, ten-thousandths of a rupiah per pricing unit.
    pub ceiling_e4: Option<i64>,
    /// Below this a price is abnormally low and must be justified.
    pub low_e4: i64,
}

/// A bid without fault, its words read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedBid {
    /// Where goods leave from.
    pub place_id: i64,
    /// Certificates the goods carry.
    pub certificates: CertificateSet,
    /// One per lot bid on.
    pub lines: Vec<CheckedLine>,
    /// Rupiah for each drop.
    pub per_drop_idr: i64,
    /// Rupiah for each day on which a truck goes out.
    pub per_truck_day_idr: i64,
    /// Grams a day over all lots.
    pub capacity_per_day_g: Option<i64>,
    /// Grams over all lots and days.
    pub capacity_in_all_g: Option<i64>,
    /// What ties lots together.
    pub bundles: Vec<CheckedBundle>,
}

/// What is offered for one lot. Quantities in base units, prices in ten-thousandths of a rupiah per pricing unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLine {
    /// Number of the lot.
    pub lot: i64,
    /// First price.
    pub price_e4: i64,
    /// Quantities from which a lower price holds, rising, with that price.
    pub tiers: Vec<(i64, i64)>,
    /// What a tier's price applies to.
    pub tier_kind: BidTierKind,
    /// Least total when anything is awarded.
    pub min_quantity: i64,
    /// Most that can be awarded.
    pub max_quantity: i64,
    /// Deliveries are multiples of this.
    pub multiple: i64,
    /// Who pays for the way.
    pub freight: FreightTerms,
}

/// What ties lots together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedBundle {
    /// Whole or nothing.
    AllOrNothing(Vec<i64>),
    /// At most one.
    Xor(Vec<i64>),
    /// One lot becomes cheaper.
    Discount {
        /// Lots that are counted.
        when: Vec<i64>,
        /// From this total on.
        at_least: i64,
        /// The lot that becomes cheaper.
        then: i64,
        /// By so much.
        off_e4: i64,
    },
}

/// Checks a document; notes all that is wrong with it.
pub fn check(document: &BidDocument, setting: &Setting, checks: &mut Checks) -> Option<CheckedBid> {
    let place_id = check_head(document, setting, checks);
    let held = certificates(checks, "/certificates", &document.certificates);
    if !held.covers(&setting.certificates) {
        checks.add_with("/certificates", TenderError::CertificateMissing, setting.certificates.to_string());
    }
    check_fees(document, checks);
    let lines = check_lines(document, setting, checks);
    let bundles = bundles::check(document, setting, &lines, checks);
    if !checks.is_clean() {
        return None;
    }
    Some(CheckedBid {
        place_id: place_id?,
        certificates: held,
        lines: lines.into_values().collect(),
        per_drop_idr: document.fees.per_drop_idr,
        per_truck_day_idr: document.fees.per_truck_day_idr,
        capacity_per_day_g: document.capacity_per_day_g,
        capacity_in_all_g: document.capacity_in_all_g,
        bundles,
    })
}

/// Format, call, bidder, terms, place, validity.
fn check_head(document: &BidDocument, setting: &Setting, checks: &mut Checks) -> Option<i64> {
    if document.format != BID_FORMAT {
        checks.add_with("/format", TenderError::DocumentFormat, BID_FORMAT);
    }
    for (pointer, text, id) in
        [("/call_id", &document.call_id, setting.call_id), ("/bidder_id", &document.bidder_id, setting.bidder_id)]
    {
        if parse_id(text) != Ok(id) {
            checks.add(pointer, TenderError::WrongCall);
        }
    }
    if document.terms_version != setting.terms_version {
        checks.add_with("/terms_version", TenderError::TermsChanged, setting.terms_version.to_string());
    }
    if let Some(valid_until) = checks.ok("/valid_until", Day::parse(&document.valid_until))
        && valid_until < setting.last_day
    {
        checks.add_with("/valid_until", TenderError::ValidTooShort, format!("≥ {}", setting.last_day));
    }
    let place_id = parse_id(&document.place_id).ok().filter(|id| setting.places.contains(id));
    if place_id.is_none() {
        checks.add("/place_id", TenderError::PlaceUnknown);
    }
    place_id
}

fn check_fees(document: &BidDocument, checks: &mut Checks) {
    let fees = [
        ("/fees/per_drop_idr", document.fees.per_drop_idr),
        ("/fees/per_truck_day_idr", document.fees.per_truck_day_idr),
    ];
    for (pointer, fee) in fees {
        if fee < 0 {
            checks.add_with(pointer, CommonError::NotPositive, "≥ 0");
        } else if fee > LARGEST_FEE_IDR {
            checks.add_with(pointer, CommonError::TooLarge, format!("≤ {LARGEST_FEE_IDR}"));
        }
    }
    let capacities =
        [("/capacity_per_day_g", document.capacity_per_day_g), ("/capacity_in_all_g", document.capacity_in_all_g)];
    for (pointer, capacity) in capacities {
        capacity.and_then(|grams| bounded(checks, pointer, grams));
    }
}

/// A quantity of at least one base unit and within bounds.
fn bounded(checks: &mut Checks, pointer: &str, quantity: i64) -> Option<i64> {
    match quantity {
        ..=0 => checks.add(pointer, CommonError::NotPositive),
        1..=LARGEST_QUANTITY => return Some(quantity),
        _ => checks.add_with(pointer, CommonError::TooLarge, format!("≤ {LARGEST_QUANTITY}")),
    }
    None
}

/// The lines that could be read, by lot.
fn check_lines(document: &BidDocument, setting: &Setting, checks: &mut Checks) -> BTreeMap<i64, CheckedLine> {
    if document.lines.is_empty() {
        checks.add("/lines", TenderError::NoLines);
    }
    if document.lines.len() > MOST_LINES {
        checks.add_with("/lines", TenderError::TooManyLines, format!("≤ {MOST_LINES}"));
        return BTreeMap::new();
    }
    let (mut seen, mut read) = (BTreeSet::new(), BTreeMap::new());
    for (index, line) in document.lines.iter().enumerate() {
        let at = format!("/lines/{index}");
        if !seen.insert(line.lot) {
            checks.add(&format!("{at}/lot"), TenderError::LineRepeated);
            continue;
        }
        let Some(lot) = setting.lots.get(&line.lot) else {
            checks.add(&format!("{at}/lot"), TenderError::LotUnknown);
            continue;
        };
        if let Some(line) = lines::check(line, lot, setting.awards, &at, checks) {
            read.insert(line.lot, line);
        }
    }
    read
}
