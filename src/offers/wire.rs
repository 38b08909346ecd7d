//! Offers as JSON bodies, in and out.

use super::entry::{ChangeEntry, FreightEntry, OfferEntry};
use super::terms::TierTerms;
use super::types::{FreightTerms, Offer, UnusualPrice};
use super::volume::VolumeEntry;
use crate::catalog::Commodity;
use crate::error::AppError;
use crate::values::decimal::format_scaled;
use crate::values::{BaseUnit, Quantity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferJson {
    /// Identifier.
    pub id: String,
    /// The market.
    pub market_id: String,
    /// Who offers it.
    pub seller_id: String,
    /// Where it leaves from.
    pub place_id: String,
    /// Code of the commodity.
    pub commodity: String,
    /// Tells lots of the same goods apart.
    pub lot: String,
    /// Rupiah per `unit`.
    pub price: String,
    /// The pricing unit, in which all quantities here are given: `kg`, `liter` or `buah`.
    pub unit: &'static str,
    /// Code of the unit the stock was entered in.
    pub entered_unit: String,
    /// Most that can be taken in all, what is reserved included.
    pub stock: String,
    /// Awarded already.
    pub reserved: String,
    /// Most that can be taken on one day.
    pub stock_per_day: Option<String>,
    /// Every line is a multiple of this.
    pub pack: String,
    /// Least quantity of a line; `0` where one pack is enough.
    pub min_line: String,
    /// Farthest delivery by road, in kilometres.
    pub radius_km: Option<String>,
    /// First day on which it can be delivered.
    pub day_from: String,
    /// Last day, included.
    pub day_to: String,
    /// Certificates it carries.
    pub certificates: Vec<&'static str>,
    /// Whether the price includes delivery (franco). If not, freight comes on top: the seller's own rates below, or the
    /// market's tariff where there are none.
    pub delivered: bool,
    /// Own freight: rupiah per `unit` and kilometre of road.
    pub freight_per_km: Option<String>,
    /// Own freight: rupiah per `unit`, whatever the distance.
    pub freight_base: Option<String>,
    /// Lower prices from larger totals on, that a round takes of this offer.
    pub tiers: Vec<OfferTier>,
    /// Whether a tier's price is for what lies beyond its start only.
    pub tiers_incremental: bool,
    /// Least value of goods for one buyer, in rupiah; of several offers of a seller the highest holds. `0` for none.
    pub min_order_idr: i64,
    /// `open` or `withdrawn`.
    pub status: &'static str,
    /// Rises with every change, reservations included; also the `ETag`.
    pub version: i64,
}

pub(super) type Commodities = BTreeMap<i64, Commodity>;

impl OfferJson {
    pub(super) fn new(offer: Offer, commodities: &Commodities) -> Result<Self, AppError> {
        let commodity =
            commodities.get(&offer.commodity_id).ok_or_else(|| AppError::unknown_stored(offer.commodity_id))?;
        let unit = commodity.base_unit;
        let rates = match offer.freight {
            FreightTerms::Stated { per_km_e4, base_e4 } => Some((per_km_e4, base_e4)),
            FreightTerms::Added | FreightTerms::Included => None,
        };
        Ok(Self {
            id: offer.id.to_string(),
            market_id: offer.market_id.to_string(),
            seller_id: offer.seller_id.to_string(),
            place_id: offer.place_id.to_string(),
            commodity: commodity.code.clone(),
            lot: offer.lot,
            price: offer.price.to_string(),
            unit: unit.pricing_name(),
            entered_unit: offer.entered_unit,
            stock: offer.stock.in_pricing_units(unit),
            reserved: amount(offer.reserved, unit),
            stock_per_day: offer.stock_per_day.map(|stock| stock.in_pricing_units(unit)),
            pack: offer.pack.in_pricing_units(unit),
            min_line: amount(offer.min_line, unit),
            radius_km: offer.radius.map(|radius| format_scaled(radius.0, 3)),
            day_from: offer.days.first().to_string(),
            day_to: offer.days.last().to_string(),
            certificates: offer.certificates.words(),
            delivered: offer.freight == FreightTerms::Included,
            freight_per_km: rates.map(|(per_km, _)| format_scaled(per_km, 4)),
            freight_base: rates.map(|(_, base)| format_scaled(base, 4)),
            tiers: offer.volume.tiers.iter().map(|tier| OfferTier::new(*tier, unit)).collect(),
            tiers_incremental: offer.volume.incremental,
            min_order_idr: offer.volume.min_order_idr,
            status: offer.status.word(),
            version: offer.version,
        })
    }

    pub(super) fn list(offers: Vec<Offer>, commodities: &Commodities) -> Result<Vec<Self>, AppError> {
        offers.into_iter().map(|offer| Self::new(offer, commodities)).collect()
    }
}

/// A lower price from a total on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferTier {
    /// Total from which it holds: in `unit` of the offer.
    pub from: String,
    /// Rupiah per kilogram, litre or piece.
    pub price: String,
}

impl OfferTier {
    fn new(tier: TierTerms, unit: BaseUnit) -> Self {
        Self { from: amount(tier.from, unit), price: format_scaled(tier.price_e4, 4) }
    }
}

/// Base units that may be none, in pricing units.
fn amount(base_units: i64, unit: BaseUnit) -> String {
    Quantity::new(base_units).map_or_else(|_| "0".to_owned(), |quantity| quantity.in_pricing_units(unit))
}

/// Offers that were posted together.
#[derive(Debug, Serialize, ToSchema)]
pub struct OffersJson {
    /// In the order they were sent.
    pub items: Vec<OfferJson>,
}

/// An offer to post.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferBody {
    /// One of your organisation's places.
    place: String,
    /// Code of the commodity (`beras_medium`).
    commodity: String,
    /// Tells lots of the same goods apart; empty unless said otherwise.
    lot: Option<String>,
    /// Rupiah per kilogram, litre or piece, as a decimal.
    price: String,
    /// True after looking again at a price that was refused as implausible.
    #[serde(default)]
    confirm_unusual_price: bool,
    /// Most that can be taken in all, as a decimal number of `unit` (`"200"`).
    stock: String,
    /// Code of a unit of the commodity (`karung50`).
    unit: String,
    /// Most that can be taken on one day, in `unit`; the whole stock unless said otherwise.
    stock_per_day: Option<String>,
    /// Code of the unit that every line is a multiple of; `unit` unless said otherwise.
    pack: Option<String>,
    /// Least quantity of a line, in `unit`; one pack unless said otherwise.
    min_line: Option<String>,
    /// Farthest delivery by road, in kilometres; anywhere unless said otherwise.
    radius_km: Option<String>,
    /// First day on which it can be delivered.
    day_from: String,
    /// Last day, included.
    day_to: String,
    /// Certificates it carries (`halal`, `nkv`).
    #[serde(default)]
    certificates: Vec<String>,
    /// True if the price includes delivery (franco); otherwise freight comes on top, by the market's tariff unless you
    /// state rates of your own.
    #[serde(default)]
    delivered: bool,
    /// Own freight: rupiah per kilogram, litre or piece and kilometre of road.
    freight_per_km: Option<String>,
    /// Own freight: rupiah per kilogram, litre or piece, whatever the distance.
    freight_base: Option<String>,
    /// Lower prices from larger totals on, up to 4, rising in quantity and falling in price; `from` in `unit`.
    #[serde(default)]
    tiers: Vec<OfferTier>,
    /// Whether a tier's price is for what lies beyond its start only; for the whole quantity unless said otherwise.
    #[serde(default)]
    tiers_incremental: bool,
    /// Least value of goods for one buyer, in whole rupiah; none unless said otherwise.
    min_order_idr: Option<i64>,
}

impl From<OfferBody> for OfferEntry {
    fn from(body: OfferBody) -> Self {
        Self {
            place: body.place,
            commodity: body.commodity,
            lot: body.lot,
            price: body.price,
            unusual_price: confirmed(body.confirm_unusual_price),
            stock: body.stock,
            unit: body.unit,
            stock_per_day: body.stock_per_day,
            pack: body.pack,
            min_line: body.min_line,
            radius_km: body.radius_km,
            day_from: body.day_from,
            day_to: body.day_to,
            certificates: body.certificates,
            freight: FreightEntry { included: body.delivered, per_km: body.freight_per_km, base: body.freight_base },
            volume: VolumeEntry {
                tiers: body.tiers.into_iter().map(|tier| (tier.from, tier.price)).collect(),
                incremental: body.tiers_incremental,
                min_order_idr: body.min_order_idr.map(|idr| idr.to_string()),
            },
        }
    }
}

fn confirmed(flag: bool) -> UnusualPrice {
    if flag { UnusualPrice::Confirmed } else { UnusualPrice::Refused }
}

/// Offers to post together, all or none.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OffersBody {
    /// Up to 500.
    pub(super) offers: Vec<OfferBody>,
}

/// New stock, new price, or both.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferChangeBody {
    /// Most that can be taken in all, what is reserved included, as a decimal number of `unit`.
    stock: Option<String>,
    /// Code of a unit; the one the stock was entered in unless said otherwise.
    unit: Option<String>,
    /// Rupiah per kilogram, litre or piece, as a decimal.
    price: Option<String>,
    /// True after looking again at a price that was refused as implausible.
    #[serde(default)]
    confirm_unusual_price: bool,
}

impl From<OfferChangeBody> for ChangeEntry {
    fn from(body: OfferChangeBody) -> Self {
        Self {
            stock: body.stock,
            unit: body.unit,
            price: body.price,
            unusual_price: confirmed(body.confirm_unusual_price),
        }
    }
}

/// Why an offer is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawOfferBody {
    /// Why, for the record.
    pub(super) reason: Option<String>,
}
