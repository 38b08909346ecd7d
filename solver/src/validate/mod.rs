//! Everything that is wrong with a problem, all at once, before anything is computed.
//!
//! One function per code, named after it; one file per theme. What passes here cannot make an engine overflow, panic
//! or meet a reference that leads nowhere. A demand that nobody can fill is *not* an error.

mod bounds;
mod ids;
mod pins;
mod rules;
mod windows;

use crate::problem::Problem;
use serde::Serialize;

pub use bounds::{
    MAX_COORDINATE_M, MAX_DAY, MAX_DISTANCE_M, MAX_FREIGHT, MAX_PACK, MAX_PACK_COST, MAX_PRICE, MAX_PRIORITY,
    MAX_QUANTITY, MAX_WINDOW_DAYS,
};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// `format` is not one this version reads.
    UnknownFormat,
    /// Two records of a kind share an id.
    DuplicateId,
    /// An id is empty.
    EmptyId,
    /// A reference names a record that does not exist.
    DanglingReference,
    /// A quantity, stock or pack lies outside its bounds.
    QuantityOutOfRange,
    /// A price, fee, freight or penalty lies outside its bounds.
    MoneyOutOfRange,
    /// A coordinate, distance, radius or circuity lies outside its bounds.
    DistanceOutOfRange,
    /// A number of days, suppliers or classes lies outside its bounds.
    CountOutOfRange,
    /// A share lies outside 0 to 1000 permille.
    ShareOutOfRange,
    /// Pack, price, freight and penalty together exceed what sums can hold.
    ProductOutOfRange,
    /// A window ends before it begins, or is too long.
    WindowInvalid,
    /// `accept_up_to` is below `quantity`.
    AcceptBelowQuantity,
    /// Tiers are unsorted, do not fall, or do not start at whole packs.
    TiersInvalid,
    /// A minimum is above the stock.
    MinimumAboveStock,
    /// The least number of suppliers is above the most.
    CountsContradict,
    /// An exclusion names none or both of two sides.
    ExclusionUnclear,
    /// A substitute rule is repeated or leads to itself.
    SubstituteInvalid,
    /// A bundle names an offer twice, too few offers, or takes off more than the price.
    BundleInvalid,
    /// A pinned pair may not trade at all.
    PinNotAllowed,
    /// A pin is not a whole number of packs or below the minimum line.
    PinNotWhole,
    /// Pins together take more than a stock, a demand or another pin allows.
    PinsContradict,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// What is wrong.
    pub code: Code,
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What was found.
    pub cause: String,
    /// What to do about it.
    pub action: String,
}

/// Collects findings.
#[derive(Debug, Default)]
struct Findings(Vec<Issue>);

impl Findings {
    fn add(&mut self, code: Code, pointer: String, cause: String, action: impl Into<String>) {
        self.0.push(Issue { code, pointer, cause, action: action.into() });
    }

    /// Reports `value` when it lies outside `low..=high`.
    fn bound(&mut self, code: Code, pointer: impl FnOnce() -> String, value: i64, low: i64, high: i64) {
        if !(low..=high).contains(&value) {
            let cause = format!("{value} is outside {low} to {high}.");
            self.add(code, pointer(), cause, format!("Use a whole number from {low} to {high}."));
        }
    }
}

/// Finds everything wrong with a problem; empty means it can be solved.
///
/// Cross-checks that need every reference to resolve (pins, products) run only when nothing simpler is wrong.
pub fn validate(problem: &Problem) -> Vec<Issue> {
    let mut found = Findings::default();
    ids::check(problem, &mut found);
    bounds::check(problem, &mut found);
    windows::check(problem, &mut found);
    rules::check(problem, &mut found);
    if found.0.is_empty() {
        bounds::check_product_out_of_range(problem, &mut found);
    }
    if found.0.is_empty() && !problem.pins.is_empty() {
        pins::check(problem, &mut found);
    }
    found.0
}
