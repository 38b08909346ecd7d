//! The plan document: who gets what from whom, what it costs, why not more, and the proof.
//!
//! This is the wire format `pasok-plan/1`, described in `solver/README.md`. Amounts of money are in ticks (see
//! [`crate::problem`]); totals are decimal strings because they can exceed 2^53.

use serde::{Deserialize, Serialize};

/// The only value of [`Plan::format`] that this version reads.
pub const PLAN_FORMAT: &str = "pasok-plan/1";

/// A whole answer to a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Always [`PLAN_FORMAT`].
    pub format: String,
    /// SHA-256 of the problem's bytes, lower-case hex.
    pub problem_sha256: String,
    /// Name and version of the solver.
    pub solver: String,
    /// Whether the certificate closes the gap.
    pub status: PlanStatus,
    /// Lines, ordered by (demand, offer, day) as they stand in the problem.
    pub lines: Vec<Line>,
    /// Unmet quantity, one entry per demand and reason, in the order of the problem's demands.
    pub shortages: Vec<Shortage>,
    /// What incremental tiers save, per offer, ordered as the offers stand in the problem.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<OfferDiscount>,
    /// Sums over the lines and shortages.
    pub totals: Totals,
    /// The proof of how good the plan is.
    pub certificate: Certificate,
    /// Fair shares, their proof and their cost, when the problem asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fairness: Option<FairShares>,
}

impl Plan {
    /// Reads a plan document.
    ///
    /// # Errors
    /// As [`crate::problem::Problem::from_json`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, crate::problem::ParseError> {
        serde_json::from_slice(bytes).map_err(|error| crate::problem::ParseError {
            line: error.line(),
            column: error.column(),
            cause: error.to_string(),
        })
    }

    /// The plan's canonical bytes: fields in the order of this module, no insignificant space, a newline at the end.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// Whether the certificate closes the gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// The bound equals the objective: no cheaper allowed plan exists.
    Optimal,
    /// The plan is allowed; it costs at most `gap` more than the best one.
    Feasible,
}

/// One allocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The demand that is served.
    pub demand: String,
    /// The offer that serves it.
    pub offer: String,
    /// The delivery day.
    pub day: i64,
    /// Base units of the offer's commodity.
    pub quantity: i64,
    /// Price of goods paid, ticks per base unit (after tiers and discounts; see `solver/README.md` for incremental tiers).
    pub unit_price: i64,
    /// Freight, ticks per base unit.
    pub unit_freight: i64,
    /// Road distance of the pair in metres.
    pub distance_m: i64,
}

/// What the incremental tiers of one offer take off the list value of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferDiscount {
    /// The offer.
    pub offer: String,
    /// Ticks taken off, over all lines of the offer.
    #[serde(with = "decimal_string")]
    pub amount: i128,
}

/// Unmet quantity of one demand, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortage {
    /// The demand.
    pub demand: String,
    /// Base units that are missing.
    pub quantity: i64,
    /// Why.
    pub reason: Reason,
    /// The record that limits it (an offer, supplier, buyer or rule), where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited_by: Option<String>,
}

/// Why a quantity is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// Nobody offers the commodity or a substitute.
    NoOfferForItem,
    /// Offers exist, none delivers this far.
    OutOfDeliveryArea,
    /// All allowed offers are used up by demands that cost less to serve.
    StockExhausted,
    /// What is left is less than a supplier's minimum.
    BelowSupplierMinimum,
    /// What is left does not fill a whole pack.
    PackNotFilled,
    /// Offers exist, all are dearer than the ceiling.
    PriceAboveCeiling,
    /// Offers exist, all arrive after the last day.
    DeliversTooLate,
    /// Offers exist, none carries the certificates asked for.
    CertificateMissing,
    /// Offers exist, all end before the first day.
    OfferExpired,
    /// Offers exist, all of suspended or dormant suppliers.
    SupplierSuspended,
    /// The buyer's budget is spent.
    BudgetLimit,
    /// Demands of a higher priority class come first.
    LowerPriority,
    /// A person excluded every offer that could serve it.
    Excluded,
    /// Pins give the stock to others.
    PinnedElsewhere,
    /// A rule on supplier counts, shares, bundles or capacity stands in the way.
    RuleLimit,
    /// Every allowed offer costs more than the shortage counts.
    CostAbovePenalty,
}

/// Sums in ticks and base units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Goods, ticks: Σ quantity × `unit_price` over the lines, less `discounts`.
    #[serde(with = "decimal_string")]
    pub goods: i128,
    /// Freight per unit and distance, ticks.
    #[serde(with = "decimal_string")]
    pub freight: i128,
    /// Drop and trip fees, ticks.
    #[serde(with = "decimal_string")]
    pub fees: i128,
    /// Substitution and change penalties, ticks.
    #[serde(with = "decimal_string")]
    pub penalties: i128,
    /// Shortage penalties, ticks.
    #[serde(with = "decimal_string")]
    pub shortage: i128,
    /// What the priority classes add to the shortage penalties, ticks; nothing when all demands are of one class.
    #[serde(with = "decimal_string", default, skip_serializing_if = "is_zero")]
    pub priority: i128,
    /// What quantities below their fair share count, ticks; nothing when all shares are met.
    #[serde(with = "decimal_string", default, skip_serializing_if = "is_zero")]
    pub fairness: i128,
    /// The sum of all of them: what is minimised.
    #[serde(with = "decimal_string")]
    pub objective: i128,
}

/// The proof: multipliers for the rows of the published formulation.
///
/// Any multipliers of the right sign give a valid lower bound (weak duality over a box); the checker recomputes it
/// in integers. When it equals the objective, the plan is optimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// What the multipliers prove: no plan costs less, in ticks.
    #[serde(with = "decimal_string")]
    pub bound: i128,
    /// Objective minus bound, in ticks.
    #[serde(with = "decimal_string")]
    pub gap: i128,
    /// All multipliers are whole numbers of 1/scale ticks.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub scale: i64,
    /// What serving one more step (`README.md`: `g_d`) of each demand costs, in the problem's order, ticks / scale.
    pub demand_prices: Vec<i64>,
    /// Value of one more pack of each offer's stock (≥ 0), in the problem's order, ticks / scale.
    pub offer_prices: Vec<i64>,
    /// Multipliers of all other rows that are not zero, ordered by row and key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowPrice>,
    /// Two sums over all multipliers, so that an altered one can be named even where the bound does not move.
    pub control: ControlSums,
    /// A proof by cases, for tenders of packages; `bound` is what it proves then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<Tree>,
}

/// A proof by cases that no plan costs less than the certificate's `bound`; see `solver/README.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// Prices of rows in money are whole numbers of 1/scale ticks; a power of ten.
    pub scale: i64,
    /// Rows that prices are given for, ordered by row and key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowName>,
    /// Nodes, each before its subtrees; of a split first the case without, then the case with.
    pub nodes: Vec<TreeNode>,
    /// Two sums over all prices of all nodes.
    pub control: ControlSums,
}

/// A row of the published formulation, without a price.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowName {
    /// Row family.
    pub row: String,
    /// What the row is about.
    pub key: Vec<String>,
}

/// A node of a proof by cases. Prices: one for each demand, each row of the tree, each split that was answered "with".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TreeNode {
    /// Two cases: without any of some packages, and with at least one of them.
    Split(Split),
    /// Packages that these prices show to be too dear are left out from here on.
    Fix(Vec<i64>),
    /// These prices show that no plan of this case costs less than the bound.
    Leaf(Vec<i64>),
    /// These prices show that this case has no plan at all.
    Empty(Vec<i64>),
}

/// Names packages: those that touch every record named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Of this supplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// For this demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<String>,
    /// With this offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
}

impl TreeNode {
    /// Its prices; none of a split.
    pub fn prices(&self) -> &[i64] {
        match self {
            Self::Split(_) => &[],
            Self::Fix(prices) | Self::Leaf(prices) | Self::Empty(prices) => prices,
        }
    }
}

/// Fair shares of scarce goods, what proves them, and what they cost.
///
/// See `solver/README.md`, "Fair shares".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FairShares {
    /// Share of each demand, in the problem's order, base units.
    pub shares: Vec<i64>,
    /// For each demand the position of the best-filled demand whose goods could reach it; −1 where nothing can, −2
    /// where stock is left that can.
    pub rivals: Vec<i64>,
    /// Two sums over `shares`, then `rivals`.
    pub control: ControlSums,
    /// A flow that delivers all shares beside the pins, ordered by demand and offer as they stand in the problem.
    pub flow: Vec<ShareFlow>,
    /// Least totals, one for each commodity that anybody asks for, as the commodities stand in the problem.
    pub floors: Vec<Floor>,
    /// What the rule costs, ticks: objective without `fairness`, less the objective of `without`.
    #[serde(with = "decimal_string")]
    pub cost: i128,
    /// The plan without the rule.
    pub without: Box<Plan>,
}

/// A part of a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareFlow {
    /// Whose share.
    pub demand: String,
    /// The offer that it could come from.
    pub offer: String,
    /// Base units.
    pub quantity: i64,
}

/// The least total of one commodity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// The commodity.
    pub commodity: String,
    /// Base units that the plan without the rule delivers.
    #[serde(with = "decimal_string")]
    pub without: i128,
    /// Base units that this plan must deliver at least.
    #[serde(with = "decimal_string")]
    pub least: i128,
    /// Base units that it delivers.
    #[serde(with = "decimal_string")]
    pub shipped: i128,
}

/// Control sums over the multipliers m₁, m₂, … of `demand_prices`, then `offer_prices`, then the prices of `rows`.
///
/// Where several prices prove the same bound, the bound alone cannot tell that one was altered. These sums can, and
/// they also say where: one multiplier off by δ at place i moves `sum` by δ and `weighted` by i·δ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlSums {
    /// Σ mᵢ.
    #[serde(with = "decimal_string")]
    pub sum: i128,
    /// Σ i·mᵢ, counting from 1.
    #[serde(with = "decimal_string")]
    pub weighted: i128,
}

impl ControlSums {
    /// The sums of a certificate's multipliers. Writers call this last; the checker adds up for itself.
    pub fn of(demand_prices: &[i64], offer_prices: &[i64], rows: &[RowPrice]) -> Self {
        let all = demand_prices.iter().chain(offer_prices).copied().chain(rows.iter().map(|row| row.price));
        Self::over(all)
    }

    /// The sums of any numbers.
    pub fn over(all: impl IntoIterator<Item = i64>) -> Self {
        let mut sums = Self { sum: 0, weighted: 0 };
        for (place, price) in (1_i128..).zip(all) {
            sums.sum = sums.sum.saturating_add(i128::from(price));
            sums.weighted = sums.weighted.saturating_add(place.saturating_mul(i128::from(price)));
        }
        sums
    }
}

/// The multiplier of one further row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowPrice {
    /// Row family, as named in `solver/README.md` (`stock_day`, `capacity`, `line_link`, …).
    pub row: String,
    /// What the row is about: ids and days, in the order the family states.
    pub key: Vec<String>,
    /// The multiplier (≥ 0), ticks / scale per unit of the row.
    pub price: i64,
}

fn one() -> i64 {
    1
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(value: &i64) -> bool {
    *value == 1
}
fn is_zero(value: &i128) -> bool {
    *value == 0
}

/// `i128` as a decimal string.
mod decimal_string {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(value: &i128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i128, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(format!("'{text}' is not a whole number")))
    }
}
