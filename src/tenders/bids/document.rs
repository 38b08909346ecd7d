//! What a bid says, as it is sealed: `pasok-bid/1`.
//!
//! The document is canonical JSON of this shape. Quantities are base units (gram, millilitre, piece); prices are decimals as
//! text, in rupiah per pricing unit (kilogram, litre, piece). It names its call, its bidder and the terms it was made for, so
//! that no bid can pass for another one's. Nothing here is checked beyond its shape: [`super::check`] does that.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The only value of [`BidDocument::format`] that this version reads.
pub const BID_FORMAT: &str = "pasok-bid/1";
/// Largest document in bytes, before sealing.
pub const LARGEST_DOCUMENT: usize = 512 * 1024;

/// A whole bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BidDocument {
    /// Always `pasok-bid/1`.
    pub format: String,
    /// The call.
    pub call_id: String,
    /// The organisation that bids.
    pub bidder_id: String,
    /// Terms of the call that it was made for.
    pub terms_version: i64,
    /// Where goods leave from: a place of the bidder.
    pub place_id: String,
    /// Last day on which the bid binds, `YYYY-MM-DD`.
    pub valid_until: String,
    /// Words of certificates that the goods carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// One line per lot bid on.
    pub lines: Vec<BidLine>,
    /// Fees beside the prices.
    #[serde(default, skip_serializing_if = "Fees::is_none")]
    pub fees: Fees,
    /// Grams that can be delivered on one day, over all lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_per_day_g: Option<i64>,
    /// Grams that can be delivered on all days together, over all lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_in_all_g: Option<i64>,
    /// What ties lots together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<BidBundle>,
}

/// What is offered for one lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BidLine {
    /// Number of the lot in its call.
    pub lot: i64,
    /// Rupiah per pricing unit.
    pub price: String,
    /// Lower prices from larger awarded quantities on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<BidTier>,
    /// What a tier's price applies to.
    #[serde(default)]
    pub tier_kind: BidTierKind,
    /// Least total of the line when anything is awarded; 0 or absent means none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_quantity: i64,
    /// Most that can be awarded.
    pub max_quantity: i64,
    /// Deliveries are multiples of this; absent means the lot's pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple: Option<i64>,
    /// Who pays for the way.
    pub delivery: Delivery,
    /// What an abnormally low price is made of; the amounts add up to the price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub low_price: Vec<CostLine>,
}

/// A price from an awarded quantity on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BidTier {
    /// Awarded quantity of the line from which it holds.
    pub from: i64,
    /// Rupiah per pricing unit.
    pub price: String,
}

/// What a tier's price applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BidTierKind {
    /// The whole quantity once the tier is reached.
    #[default]
    AllUnit,
    /// Only what lies beyond the tier's start.
    Incremental,
}

/// Who pays for the way to the delivery point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "terms", rename_all = "snake_case", deny_unknown_fields)]
pub enum Delivery {
    /// The price is delivered to the ward (franco).
    Franco,
    /// The price is at the bidder's warehouse; the way comes on top.
    ExWarehouse {
        /// Rupiah per pricing unit and kilometre of road.
        per_km: String,
        /// Rupiah per pricing unit, whatever the distance.
        base: String,
    },
}

/// Fees in whole rupiah; they count for everything that the bidder delivers in the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fees {
    /// For each drop: one delivery point on one day.
    #[serde(default)]
    pub per_drop_idr: i64,
    /// For each day on which a truck goes out.
    #[serde(default)]
    pub per_truck_day_idr: i64,
}

impl Fees {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What ties lots of one bid together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BidBundle {
    /// The whole maximum of each of these lots, or nothing of any.
    AllOrNothing {
        /// Lot numbers, two or more.
        lots: Vec<i64>,
    },
    /// At most one of these lots.
    Xor {
        /// Lot numbers, two or more.
        lots: Vec<i64>,
    },
    /// Some lots become cheaper when enough of others is awarded.
    Discount {
        /// Lots whose awarded total is counted.
        when: Vec<i64>,
        /// Total in base units from which the discount holds.
        at_least: i64,
        /// Lots that become cheaper.
        then: Vec<i64>,
        /// Rupiah per pricing unit off each; exactly one of this and `off_percent`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        off: Option<String>,
        /// Per cent off the line's first price, with at most two decimals.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        off_percent: Option<String>,
    },
}

/// A part of an abnormally low price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    /// What it pays for.
    pub cost: Cost,
    /// Rupiah per pricing unit.
    pub amount: String,
}

/// What a part of a price pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// Buying or growing the goods.
    Goods,
    /// Milling, sorting, packing.
    Processing,
    /// Storing.
    Storage,
    /// Carrying.
    Transport,
    /// People and premises.
    Overhead,
    /// Profit.
    Margin,
}

impl BidDocument {
    /// Reads a document; says nothing about whether it makes sense.
    ///
    /// # Errors
    /// The JSON pointer and the reason, for anything that is not JSON of this shape.
    pub fn from_json(bytes: &[u8]) -> Result<Self, (String, String)> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let document: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string().replace(['.', '['], "/").replace(']', "");
            let pointer = if path.starts_with('/') || path.is_empty() { path } else { format!("/{path}") };
            (pointer, error.inner().to_string())
        })?;
        reader.end().map_err(|error| (String::new(), error.to_string()))?;
        Ok(document)
    }

    /// The canonical bytes: fields in the order of this module, no insignificant space.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(value: &i64) -> bool {
    *value == 0
}
