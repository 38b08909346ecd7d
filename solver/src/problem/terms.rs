//! Terms that tie records together: substitutes, pins, exclusions, bundles, shares, fairness, an earlier plan.

use super::{is_zero, one_thousand};
use serde::{Deserialize, Serialize};

/// One commodity may stand in for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitute {
    /// The commodity that was asked for.
    pub wanted: String,
    /// The commodity that may be delivered instead.
    pub delivered: String,
    /// Base units of `delivered` …
    pub delivered_units: i64,
    /// … that count as so many base units of `wanted`.
    pub wanted_units: i64,
    /// Extra cost in ticks per base unit of `delivered`, for not being what was asked for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub penalty: i64,
}

/// A line that must be in the plan with exactly this quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The demand.
    pub demand: String,
    /// The offer.
    pub offer: String,
    /// Base units of the offer, over all days unless `day` is given.
    pub quantity: i64,
    /// The delivery day, when that is fixed too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i64>,
}

/// A buyer (or one of its demands) that must not be served by a supplier (or one of its offers).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// A buyer; exactly one of `buyer` and `demand`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// A demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<String>,
    /// A supplier; exactly one of `supplier` and `offer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// An offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
}

/// Offers that depend on one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub enum Bundle {
    /// Either the whole stock of every offer is taken, or nothing of any.
    AllOrNothing {
        /// Unique among bundles.
        id: String,
        /// Two or more offers.
        offers: Vec<String>,
    },
    /// Something may be taken from at most one of the offers.
    Xor {
        /// Unique among bundles.
        id: String,
        /// Two or more offers.
        offers: Vec<String>,
    },
    /// When enough of some offers is taken, others become cheaper.
    Discount {
        /// Unique among bundles.
        id: String,
        /// Offers whose total is counted.
        when: Vec<String>,
        /// Total in base units from which the discount holds.
        at_least: i64,
        /// Offers that become cheaper.
        then: Vec<String>,
        /// Ticks per base unit off each of them.
        off: i64,
    },
}

/// At least this share must come from suppliers of these classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassShare {
    /// Unique among class shares.
    pub id: String,
    /// Classes that count.
    pub classes: Vec<String>,
    /// Least share of what is bought.
    pub min_permille: i64,
    /// What the share is measured in.
    pub by: ShareBy,
    /// One buyer; absent means the whole market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
}

/// What a share is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareBy {
    /// Value of goods, in ticks.
    Value,
    /// Mass, in grams.
    Quantity,
}

/// How scarcity is shared among demands of the same commodity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fairness {
    /// The rule.
    pub mode: FairnessMode,
    /// Never ship less in total than this share of what could be shipped without the rule.
    #[serde(default = "one_thousand")]
    pub min_total_permille: i64,
}

/// The rule that shares scarcity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FairnessMode {
    /// Lexicographic max-min of the filled share of each demand (need-proportional).
    MaxMin,
}

/// An earlier plan: lines to keep where that is worth it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incumbent {
    /// Lines issued earlier.
    pub lines: Vec<Pin>,
    /// What it costs, in ticks, to drop or change one of these lines.
    pub change_penalty: i64,
}
