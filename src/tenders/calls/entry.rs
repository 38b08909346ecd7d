//! From words that people type to the terms of a call and its lots. Everything wrong is noted, nothing guessed.

use super::types::{LotTerms, Terms};
use crate::catalog::{Catalogue, read_quantity};
use crate::error::{Checks, CommonError};
use crate::parties::Class;
use crate::rounds::Round;
use crate::tenders::TenderError;
use crate::values::{Day, DayRange, Quantity, Timestamp, UnitPrice};
use crate::web::text::{certificates, choice, name_text};
use std::collections::BTreeSet;

/// Most lots of one call.
pub const MOST_LOTS: usize = 500;
/// Most papers to hand in, steps of a lot, regions of a lot.
const MOST_DOCUMENTS: usize = 30;
const MOST_STEPS: usize = 20;
const MOST_REGIONS: usize = 200;
const MOST_BIDS_NEEDED: i64 = 100;
const LARGEST_QUANTITY: i64 = 100_000_000_000;
const MOST_POINTS: i64 = 1_000_000;
const LONGEST_NOTES: usize = 4_000;
/// Most hours for complaints: thirty days.
const MOST_COMPLAINT_HOURS: i64 = 720;
/// Hours for complaints unless said otherwise.
pub const USUAL_COMPLAINT_HOURS: i64 = 24;
pub(super) const SECONDS_AN_HOUR: i64 = 3_600;

/// Most hours for complaints after a call closes, so that they are over before the round's first delivery day begins.
fn longest_complaints(closes_at: Timestamp, round: &Round, zone: &str) -> i64 {
    let is_over = |hours: &i64| Day::of(closes_at.plus_seconds(hours * SECONDS_AN_HOUR), zone) < round.delivery_from;
    (0..=MOST_COMPLAINT_HOURS).rev().find(is_over).unwrap_or(0)
}

/// Hours for complaints that a new call proposes.
pub fn proposed_complaint_hours(closes_at: Timestamp, round: &Round, zone: &str) -> i64 {
    USUAL_COMPLAINT_HOURS.min(longest_complaints(closes_at, round, zone))
}

/// The terms of a call as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEntry {
    /// What people call it.
    pub title: String,
    /// RFC 3339.
    pub closes_at: String,
    /// With fewer bids it does not succeed.
    pub min_bids: i64,
    /// Whether a part of a lot may be awarded.
    pub partial_awards: bool,
    /// Words of classes that may bid; empty means all.
    pub who_may_bid: Vec<String>,
    /// Words of certificates every bidder must hold.
    pub certificates: Vec<String>,
    /// Papers to hand in.
    pub documents: Vec<String>,
    /// Anything else.
    pub notes: String,
    /// Hours for complaints after the answers; 0 lets orders go out at once.
    pub complaint_hours: i64,
}

/// A lot as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotEntry {
    /// Code of the commodity.
    pub commodity: String,
    /// Codes of regions; empty means the whole market.
    pub area: Vec<String>,
    /// What people call the area.
    pub area_name: String,
    /// First day.
    pub day_from: String,
    /// Last day.
    pub day_to: String,
    /// How much, as a decimal number of `unit`.
    pub quantity: String,
    /// Code of a unit of the commodity; its size is the lot's pack.
    pub unit: String,
    /// Delivery points.
    pub points: i64,
    /// Quantities in `unit` at which another price is asked for.
    pub steps: Vec<String>,
    /// Words of certificates that some of the need requires.
    pub requirements: Vec<String>,
    /// Rupiah per pricing unit.
    pub price_ceiling: Option<String>,
}

impl CallEntry {
    /// Reads every word, noting all that is wrong.
    pub(super) fn read(&self, (round, zone): (&Round, &str), now: Timestamp, checks: &mut Checks) -> Option<Terms> {
        let title = name_text(checks, "/title", &self.title, 200);
        let closes_at = checks.ok("/closes_at", Timestamp::parse(&self.closes_at));
        if closes_at.is_some_and(|at| at <= now || at > round.closes_at) {
            checks.add_with("/closes_at", TenderError::ClosesBadly, format!("> {now}, ≤ {}", round.closes_at));
        }
        if !(1..=MOST_BIDS_NEEDED).contains(&self.min_bids) {
            checks.add_with("/min_bids", CommonError::TooLarge, format!("1..{MOST_BIDS_NEEDED}"));
        }
        if !(0..=MOST_COMPLAINT_HOURS).contains(&self.complaint_hours) {
            checks.add_with("/complaint_hours", CommonError::TooLarge, format!("0..{MOST_COMPLAINT_HOURS}"));
        } else if let Some(longest) = closes_at.map(|at| longest_complaints(at, round, zone))
            && self.complaint_hours > longest
        {
            checks.add_with("/complaint_hours", TenderError::ComplaintsTooLate, format!("≤ {longest}"));
        }
        let certificates = certificates(checks, "/certificates", &self.certificates);
        let who_may_bid = self.read_classes(checks);
        let documents = self.read_documents(checks);
        let notes = match self.notes.trim() {
            "" => Some(String::new()),
            _ => name_text(checks, "/notes", &self.notes.replace('\n', " "), LONGEST_NOTES),
        };
        Some(Terms {
            title: title?,
            closes_at: closes_at?,
            min_bids: self.min_bids,
            partial_awards: self.partial_awards,
            who_may_bid,
            certificates,
            documents,
            notes: notes?,
            complaint_hours: self.complaint_hours,
        })
    }

    fn read_classes(&self, checks: &mut Checks) -> Vec<Class> {
        if self.who_may_bid.len() > Class::ALL.len() {
            checks.add_with("/who_may_bid", CommonError::TooLong, format!("≤ {}", Class::ALL.len()));
            return Vec::new();
        }
        let read = |(index, word): (usize, &String)| {
            choice(checks, &format!("/who_may_bid/{index}"), Class::parse(word), Class::words)
        };
        let classes: BTreeSet<Class> = self.who_may_bid.iter().enumerate().filter_map(read).collect();
        classes.into_iter().collect()
    }

    fn read_documents(&self, checks: &mut Checks) -> Vec<String> {
        if self.documents.len() > MOST_DOCUMENTS {
            checks.add_with("/documents", CommonError::TooLong, format!("≤ {MOST_DOCUMENTS}"));
            return Vec::new();
        }
        let read = |(index, text): (usize, &String)| name_text(checks, &format!("/documents/{index}"), text, 200);
        self.documents.iter().enumerate().filter_map(read).collect()
    }
}

impl LotEntry {
    /// Reads every word, noting all that is wrong.
    pub(super) fn read(&self, round: &Round, catalogue: &Catalogue, checks: &mut Checks) -> Option<LotTerms> {
        let commodity = catalogue.read_commodity(checks, "/commodity", &self.commodity);
        let unit = commodity.and_then(|found| catalogue.read_unit(checks, "/unit", found.id, &self.unit));
        let quantity = unit.and_then(|unit| read_quantity(checks, "/quantity", &self.quantity, unit, LARGEST_QUANTITY));
        let steps = unit.map(|unit| self.read_steps(unit, checks));
        let days = self.read_days(round, checks);
        if !(1..=MOST_POINTS).contains(&self.points) {
            checks.add_with("/points", CommonError::TooLarge, format!("1..{MOST_POINTS}"));
        }
        if self.area.len() > MOST_REGIONS {
            checks.add_with("/area", CommonError::TooLong, format!("≤ {MOST_REGIONS}"));
        }
        for (index, code) in self.area.iter().take(MOST_REGIONS).enumerate() {
            if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
                checks.add(&format!("/area/{index}"), CommonError::UnknownChoice);
            }
        }
        let price_ceiling = self.price_ceiling.as_deref();
        let price_ceiling = price_ceiling.and_then(|text| checks.ok("/price_ceiling", UnitPrice::parse(text)));
        Some(LotTerms {
            commodity_id: commodity?.id,
            area: self.area.clone(),
            area_name: name_text(checks, "/area_name", &self.area_name, 200)?,
            days: days?,
            quantity: quantity?,
            pack: Quantity::new(unit?.base_units).ok()?,
            points: self.points,
            steps: steps?,
            requirements: certificates(checks, "/requirements", &self.requirements),
            price_ceiling,
        })
    }

    fn read_steps(&self, unit: &crate::catalog::Unit, checks: &mut Checks) -> Vec<i64> {
        if self.steps.len() > MOST_STEPS {
            checks.add_with("/steps", CommonError::TooLong, format!("≤ {MOST_STEPS}"));
            return Vec::new();
        }
        let (mut before, mut read) = (0, Vec::with_capacity(self.steps.len()));
        for (index, text) in self.steps.iter().enumerate() {
            let pointer = format!("/steps/{index}");
            let Some(step) = read_quantity(checks, &pointer, text, unit, LARGEST_QUANTITY) else { continue };
            if step.get() <= before || step.get() % unit.base_units != 0 {
                checks.add(&pointer, TenderError::StepsNotRising);
            }
            before = before.max(step.get());
            read.push(step.get());
        }
        read
    }

    fn read_days(&self, round: &Round, checks: &mut Checks) -> Option<DayRange> {
        let first = checks.ok("/day_from", Day::parse(&self.day_from));
        let last = checks.ok("/day_to", Day::parse(&self.day_to));
        let (first, last) = first.zip(last)?;
        let days = checks.ok("/day_to", DayRange::new(first, last))?;
        if first < round.delivery_from || last > round.delivery_to {
            let hint = format!("{}..{}", round.delivery_from, round.delivery_to);
            checks.add_with("/day_from", TenderError::LotOutOfScope, hint);
        }
        Some(days)
    }
}
