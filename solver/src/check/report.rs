//! What a check finds: violations with a code, a place in the plan and the numbers that clash.

use serde::Serialize;

use crate::plan::Totals;

/// Most violations that one report lists; the rest are only counted.
pub const MAX_LISTED: usize = 1_000;

/// What is wrong. The names are part of the interface: the second checker uses the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// The document is of another format.
    Format,
    /// The problem itself cannot be judged (dangling reference, number out of range).
    ProblemInvalid,
    /// The plan was made for other bytes than these.
    ProblemHash,
    /// A number is beyond what any problem can need.
    NumberTooLarge,
    /// Lines are not in order, or one stands twice.
    LineOrder,
    /// No such demand.
    UnknownDemand,
    /// No such offer.
    UnknownOffer,
    /// A line without quantity.
    QuantityNotPositive,
    /// The quantity is not a multiple of the pack.
    PackNotWhole,
    /// Not even one pack fits.
    PackDoesNotFit,
    /// The pair costs more than the shortage counts.
    CostAbovePenalty,
    /// The line is smaller than the offer's least line.
    BelowMinLine,
    /// The offer's commodity is neither the one wanted nor a named substitute.
    CommodityMismatch,
    /// The day lies outside one of the two windows.
    Window,
    /// A required certificate is missing.
    CertificateMissing,
    /// Beyond the delivery radius.
    TooFar,
    /// Dearer than the demand's ceiling.
    PriceAboveCeiling,
    /// The supplier is suspended or dormant.
    SupplierSuspended,
    /// A person excluded this pair.
    Excluded,
    /// The price of goods is not the one that the offer's terms give.
    UnitPrice,
    /// The freight is not the one that the offer's terms give.
    UnitFreight,
    /// The distance is not the one between the two places.
    Distance,
    /// More taken than there is.
    Stock,
    /// More taken on one day than there is.
    StockDay,
    /// Something is taken, but less than the offer's least total.
    MinTotal,
    /// More delivered than would be accepted.
    DemandExceeded,
    /// A pack lies wholly in the tolerance: it was opened by tolerance alone.
    PackByTolerance,
    /// A pinned line is missing or has another quantity.
    PinBroken,
    /// The order of one buyer from one supplier is worth too little.
    MinOrderValue,
    /// More on one day than the supplier can deliver.
    Capacity,
    /// The buyer's budget is exceeded.
    Budget,
    /// Too few suppliers.
    MinSuppliers,
    /// Too many suppliers.
    MaxSuppliers,
    /// One supplier has too large a share.
    SupplierShare,
    /// A bundle is broken.
    Bundle,
    /// A class of suppliers has too small a share.
    ClassShare,
    /// Scarcity is not shared as the rule says, or the proof of it fails.
    Fairness,
    /// Less is delivered in all than fair sharing leaves, or the totals beside it are wrong.
    FairTotal,
    /// The stated shortage is not what is missing.
    ShortageQuantity,
    /// Shortages are not in order, or one stands twice.
    ShortageOrder,
    /// The stated reason cannot be the cause.
    Reason,
    /// The record named as limiting does not exist.
    LimitedBy,
    /// The stated saving of an offer's incremental tiers is not the one its terms give.
    Discount,
    /// A total is not the sum of its parts.
    Total,
    /// The certificate has the wrong number of multipliers, or no known keys.
    CertificateShape,
    /// A multiplier has the wrong sign.
    PriceSign,
    /// A row family that this checker does not know.
    UnknownRow,
    /// Rows are not in order, one stands twice, or one is zero.
    RowOrder,
    /// The control sums do not match: a multiplier was altered.
    ControlSum,
    /// The stated bound is not the one that the multipliers prove.
    Bound,
    /// The gap is not objective minus bound.
    Gap,
    /// The status does not fit the gap.
    Status,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// What is wrong.
    pub code: Code,
    /// JSON pointer to the place in the plan (`/lines/3/quantity`), or in the problem for a broken term.
    pub pointer: String,
    /// Ids of the records concerned (demand, offer, supplier, …), the most specific first.
    pub subject: Vec<String>,
    /// The number that the plan states or amounts to, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub stated: Option<i128>,
    /// The number it should be, or the limit it breaks.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub expected: Option<i128>,
    /// One sentence for people.
    pub text: String,
}

#[expect(clippy::ref_option, reason = "serde passes a reference")]
fn as_text<S: serde::Serializer>(value: &Option<i128>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(number) => serializer.collect_str(number),
        None => serializer.serialize_none(),
    }
}

impl Violation {
    /// A violation without numbers.
    pub fn new(code: Code, pointer: String, subject: &[&str], text: String) -> Self {
        let subject = subject.iter().map(|&id| id.to_owned()).collect();
        Self { code, pointer, subject, stated: None, expected: None, text }
    }

    /// Adds the two numbers that clash.
    #[must_use]
    pub fn amounts(mut self, stated: impl Into<i128>, expected: impl Into<i128>) -> Self {
        self.stated = Some(stated.into());
        self.expected = Some(expected.into());
        self
    }
}

/// All that a check found, with the numbers it computed for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// At most [`MAX_LISTED`] violations, in the order of the checks; empty when the plan is as it says.
    pub violations: Vec<Violation>,
    /// How many more were found than are listed.
    pub unlisted: usize,
    /// Totals, recomputed from the lines.
    pub totals: Totals,
    /// The bound that the certificate proves, recomputed; `None` when it could not be computed.
    #[serde(serialize_with = "as_text")]
    pub bound: Option<i128>,
    /// Objective minus bound, both recomputed.
    #[serde(serialize_with = "as_text")]
    pub gap: Option<i128>,
}

impl Report {
    pub(super) fn empty() -> Self {
        let totals =
            Totals { goods: 0, freight: 0, fees: 0, penalties: 0, shortage: 0, priority: 0, fairness: 0, objective: 0 };
        Self { violations: Vec::new(), unlisted: 0, totals, bound: None, gap: None }
    }

    pub(super) fn add(&mut self, violation: Violation) {
        if self.violations.len() < MAX_LISTED {
            self.violations.push(violation);
        } else {
            self.unlisted += 1;
        }
    }

    pub(super) fn count(&self) -> usize {
        self.violations.len() + self.unlisted
    }

    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// Whether some violation has this code.
    pub fn has(&self, code: Code) -> bool {
        self.violations.iter().any(|violation| violation.code == code)
    }
}
