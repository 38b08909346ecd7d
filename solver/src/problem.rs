//! The problem document: everything an allocation depends on, in integers.
//!
//! This is the wire format `pasok-problem/1`, described field by field in `solver/README.md`. It is *not* the
//! engines' internal model: `model` turns a validated problem into dense, canonically ordered arrays.
//!
//! Units, everywhere:
//! * quantity: base units of the commodity (gram, millilitre, piece);
//! * money: **ticks**, 1 rupiah = 10,000,000 ticks. A unit price is ticks per base unit, which for goods priced by
//!   the kilogram or litre is the same number as ten-thousandths of a rupiah per kilogram or litre;
//! * distance: metres; day: whole days counted from the first delivery day of the round (day 0);
//! * share: permille (‰), 0 to 1000.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

mod terms;

pub use terms::{Bundle, ClassShare, Exclusion, Fairness, FairnessMode, Incumbent, Pin, ShareBy, Substitute};

/// The only value of [`Problem::format`] that this version reads.
pub const PROBLEM_FORMAT: &str = "pasok-problem/1";

/// Ticks in one rupiah.
pub const TICKS_PER_RUPIAH: i64 = 10_000_000;

/// A whole allocation problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Always [`PROBLEM_FORMAT`].
    pub format: String,
    /// A title for people; has no effect on the answer.
    #[serde(default)]
    pub name: String,
    /// Text that seeds the last tie-breaker. A published value nobody could choose after seeing the offers.
    #[serde(default)]
    pub seed: String,
    /// Road distance per great-circle distance in the area, in permille (1450 = 1.45).
    #[serde(default = "one_thousand")]
    pub circuity_permille: i64,
    /// Points that goods leave from or go to.
    pub places: Vec<Place>,
    /// Known road distances; they replace the computed distance for that pair, in both directions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distances: Vec<Distance>,
    /// What is traded.
    pub commodities: Vec<Commodity>,
    /// Organisations that demand.
    pub buyers: Vec<Buyer>,
    /// Organisations that offer.
    pub suppliers: Vec<Supplier>,
    /// What buyers need.
    pub demands: Vec<Demand>,
    /// What suppliers can deliver.
    pub offers: Vec<Offer>,
    /// Commodities that may stand in for another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
    /// Lines a person fixed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// Pairs a person ruled out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// Offers tied to one another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<Bundle>,
    /// Minimum shares for classes of suppliers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub class_shares: Vec<ClassShare>,
    /// How scarcity is shared; absent means by cost and priority alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fairness: Option<Fairness>,
    /// An earlier plan to stay close to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incumbent: Option<Incumbent>,
}

/// The document is not a problem at all.
#[derive(Debug, thiserror::Error)]
#[error("line {line}, column {column}: {cause}")]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1.
    pub column: usize,
    /// What the reader expected or found.
    pub cause: String,
}

impl Problem {
    /// Reads a problem document. Says nothing about whether it makes sense: that is [`crate::validate()`]'s.
    ///
    /// # Errors
    /// [`ParseError`] for anything that is not JSON of this shape: unknown or missing fields, fractions, numbers beyond
    /// 64 bits.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ParseError> {
        serde_json::from_slice(bytes).map_err(|error| ParseError {
            line: error.line(),
            column: error.column(),
            cause: error.to_string(),
        })
    }

    /// The document as JSON, fields in the order of this module, without insignificant space.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// SHA-256 of a document's bytes, as lower-case hex.
pub fn problem_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A point on the sphere of radius 6,371,009 m around the centre of the Earth, in whole metres.
///
/// Three integers instead of latitude and longitude, so that anyone can recompute every distance without floats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Unique among places.
    pub id: String,
    /// Towards latitude 0, longitude 0.
    pub x_m: i64,
    /// Towards latitude 0, longitude 90° east.
    pub y_m: i64,
    /// Towards the north pole.
    pub z_m: i64,
}

/// A known road distance between two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distance {
    /// A place.
    pub from: String,
    /// Another place.
    pub to: String,
    /// Metres by road; circuity is not applied again.
    #[expect(clippy::struct_field_names, reason = "the unit belongs in the name")]
    pub distance_m: i64,
}

/// Something that is traded in one base unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commodity {
    /// Unique among commodities.
    pub id: String,
    /// Mass of 1,000 base units in grams (1,000 g of rice: 1000; 1,000 pieces of 62 g: 62000).
    #[serde(default = "one_thousand")]
    pub grams_per_thousand: i64,
}

/// An organisation that demands, with the rules that hold for all it buys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buyer {
    /// Unique among buyers.
    pub id: String,
    /// Most that goods, freight and fees may cost this buyer in all, in ticks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<i64>,
    /// At least so many different suppliers, when anything is bought at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_suppliers: Option<i64>,
    /// At most so many different suppliers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_suppliers: Option<i64>,
    /// No supplier may have more than this share of what the buyer pays for goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_supplier_share_permille: Option<i64>,
}

/// An organisation that offers, with the terms that hold for all it sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    /// Unique among suppliers.
    pub id: String,
    /// Class for share rules (`koperasi`, `mikro`, `bumn`, …).
    #[serde(default)]
    pub class: String,
    /// False: suspended or dormant; none of its offers can win.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub active: bool,
    /// Least value of goods per buyer, in ticks, when anything is sold to that buyer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_order_value: i64,
    /// Fee for each drop (one delivery place on one day), in ticks.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub drop_fee: i64,
    /// Fee for each day on which this supplier delivers at all, in ticks.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub trip_fee: i64,
    /// Grams it can deliver on one day, over all its offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_g_per_day: Option<i64>,
    /// Grams it can deliver in all, over all its offers and days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_g: Option<i64>,
}

/// One line of need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Unique among demands.
    pub id: String,
    /// Who needs it.
    pub buyer: String,
    /// Where it is needed.
    pub place: String,
    /// What is needed.
    pub commodity: String,
    /// Must have, in base units.
    pub quantity: i64,
    /// Would accept up to this much so that packs come out whole; absent means exactly `quantity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_up_to: Option<i64>,
    /// First day on which it can be received.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub day_from: i64,
    /// Last day on which it can be received, inclusive.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub day_to: i64,
    /// Certificates an offer must carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<String>,
    /// Priority class: 0 is served first, then 1, …
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: i64,
    /// What one base unit of shortage counts in the objective, in ticks.
    pub shortage_penalty: i64,
    /// Most that one base unit of goods may cost (before freight), in ticks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_ceiling: Option<i64>,
}

/// One line of supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Unique among offers.
    pub id: String,
    /// Who offers it.
    pub supplier: String,
    /// Where it leaves from.
    pub place: String,
    /// What is offered.
    pub commodity: String,
    /// Most that can be taken in all, in base units.
    pub stock: i64,
    /// Most that can be taken on one day, in base units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock_per_day: Option<i64>,
    /// Price of goods in ticks per base unit.
    pub price: i64,
    /// Other prices from a total awarded quantity on; empty means `price` throughout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
    /// What a tier's price applies to.
    #[serde(default, skip_serializing_if = "TierKind::is_default")]
    pub tier_kind: TierKind,
    /// Every line is a multiple of this many base units.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub pack: i64,
    /// Least quantity of a line, in base units, when there is a line at all.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_line: i64,
    /// Least total of the offer, in base units, when anything of it is taken at all.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_total: i64,
    /// Farthest delivery by road, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius_m: Option<i64>,
    /// First day on which it can be delivered.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub day_from: i64,
    /// Last day on which it can be delivered, inclusive.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub day_to: i64,
    /// Certificates this offer carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// Freight in ticks per base unit and kilometre.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub freight_per_km: i64,
    /// Freight in ticks per base unit, whatever the distance.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub freight_base: i64,
}

/// A price that holds from a total awarded quantity on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Total awarded to the offer from which this price holds, in base units.
    pub from_quantity: i64,
    /// Ticks per base unit; must fall from tier to tier.
    pub price: i64,
}

/// What a tier's price applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierKind {
    /// The whole quantity once the tier is reached.
    #[default]
    AllUnit,
    /// Only the quantity beyond the tier's start.
    Incremental,
}

impl TierKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

fn one() -> i64 {
    1
}
fn one_thousand() -> i64 {
    1000
}
fn yes() -> bool {
    true
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(value: &i64) -> bool {
    *value == 0
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(value: &i64) -> bool {
    *value == 1
}
