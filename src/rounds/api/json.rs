//! The shapes of rounds and their results on the wire.

use super::super::types::{Award, NewRound, Round, Shortage};
use crate::catalog::Commodity;
use crate::error::{AppError, Checks};
use crate::values::{Day, Timestamp};
use crate::web::text::name_text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A round.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundJson {
    /// Identifier.
    pub id: String,
    /// The market.
    pub market_id: String,
    /// The number people know it by.
    pub number: String,
    /// What people call it.
    pub name: String,
    /// `collecting`, `closed`, `solving`, `proposed`, `approved`, `published`, `cancelled` or `failed`.
    pub status: &'static str,
    /// First delivery day.
    pub delivery_from: String,
    /// Last delivery day, inclusive.
    pub delivery_to: String,
    /// Until when demands and offers are taken.
    pub closes_at: String,
    /// Codes of the commodities it covers; absent in lists, empty when it covers all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commodities: Option<Vec<String>>,
    /// SHA-256 of the frozen snapshot; empty until it is closed.
    pub snapshot_sha256: String,
    /// Why the last solve failed, or why the round was cancelled or its plan turned down; empty otherwise.
    pub failure: String,
    /// The member who had the plan computed.
    pub proposed_by: Option<String>,
    /// The member who approved it.
    pub approved_by: Option<String>,
    /// When it was opened.
    pub created_at: String,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Round> for RoundJson {
    fn from(round: Round) -> Self {
        Self {
            id: round.id.to_string(),
            market_id: round.market_id.to_string(),
            number: round.number,
            name: round.name,
            status: round.status.word(),
            delivery_from: round.delivery_from.to_string(),
            delivery_to: round.delivery_to.to_string(),
            closes_at: round.closes_at.to_string(),
            commodities: None,
            snapshot_sha256: round.snapshot_sha256,
            failure: round.failure,
            proposed_by: round.proposed_by.map(|id| id.to_string()),
            approved_by: round.approved_by.map(|id| id.to_string()),
            created_at: round.created_at.to_string(),
            version: round.version,
        }
    }
}

impl RoundJson {
    /// The same, naming the commodities it covers.
    #[must_use]
    pub fn covering(mut self, commodities: Vec<String>) -> Self {
        self.commodities = Some(commodities);
        self
    }
}

/// A round to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateBody {
    /// What people call it.
    name: String,
    /// First delivery day, `YYYY-MM-DD`.
    delivery_from: String,
    /// Last delivery day, inclusive.
    delivery_to: String,
    /// Until when demands and offers are taken, RFC 3339.
    closes_at: String,
    /// Codes of the commodities it covers; empty or absent for all.
    #[serde(default)]
    commodities: Vec<String>,
}

impl CreateBody {
    pub(super) fn parse(self) -> Result<NewRound, AppError> {
        let mut checks = Checks::default();
        let name = name_text(&mut checks, "/name", &self.name, 200);
        let delivery_from = checks.ok("/delivery_from", Day::parse(&self.delivery_from));
        let delivery_to = checks.ok("/delivery_to", Day::parse(&self.delivery_to));
        let closes_at = checks.ok("/closes_at", Timestamp::parse(&self.closes_at));
        let new = (|| {
            Some(NewRound {
                name: name?,
                delivery_from: delivery_from?,
                delivery_to: delivery_to?,
                closes_at: closes_at?,
                commodities: self.commodities,
            })
        })();
        checks.finish_with(new)
    }
}

/// A step that needs nothing said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepBody {}

/// A step that needs a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// Why.
    pub reason: String,
}

/// What a seller must deliver to a buyer.
#[derive(Debug, Serialize, ToSchema)]
pub struct AwardJson {
    /// Identifier.
    pub id: String,
    /// The demand it serves.
    pub demand_id: String,
    /// The offer it takes from.
    pub offer_id: String,
    /// The buyer.
    pub buyer_id: String,
    /// The seller.
    pub seller_id: String,
    /// Where the goods go.
    pub place_id: String,
    /// Code of the commodity.
    pub commodity: String,
    /// The delivery day.
    pub day: String,
    /// How much, in `unit`.
    pub quantity: String,
    /// The pricing unit: `kg`, `liter` or `buah`.
    pub unit: &'static str,
    /// Rupiah per `unit`.
    pub price: String,
    /// Price × quantity less `rebate_idr`, in whole rupiah.
    pub goods_idr: i64,
    /// Freight and `fee_idr`, in whole rupiah.
    pub freight_idr: i64,
    /// Of the goods: its part of what incremental tiers took off.
    pub rebate_idr: i64,
    /// Of the freight: its part of the seller's fees per drop and truck.
    pub fee_idr: i64,
    /// Road distance in metres.
    pub distance_m: i64,
}

impl AwardJson {
    /// An award of this commodity.
    pub fn new(award: &Award, commodity: &Commodity) -> Self {
        Self {
            id: award.id.to_string(),
            demand_id: award.demand_id.to_string(),
            offer_id: award.offer_id.to_string(),
            buyer_id: award.buyer_id.to_string(),
            seller_id: award.seller_id.to_string(),
            place_id: award.place_id.to_string(),
            commodity: commodity.code.clone(),
            day: award.day.to_string(),
            quantity: award.quantity.in_pricing_units(commodity.base_unit),
            unit: commodity.base_unit.pricing_name(),
            price: award.price.to_string(),
            goods_idr: award.goods.get(),
            freight_idr: award.freight.get(),
            rebate_idr: award.rebate.get(),
            fee_idr: award.fee.get(),
            distance_m: award.distance.0,
        }
    }
}

/// Need that a round leaves open, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortageJson {
    /// Identifier.
    pub id: String,
    /// The demand.
    pub demand_id: String,
    /// Why: `NO_OFFER_FOR_ITEM`, `STOCK_EXHAUSTED`, `OUT_OF_DELIVERY_AREA`, …
    pub reason: String,
    /// Code of the commodity.
    pub commodity: String,
    /// How much, in `unit`.
    pub quantity: String,
    /// The pricing unit: `kg`, `liter` or `buah`.
    pub unit: &'static str,
    /// The record that limits it; empty where there is none.
    pub limited_by: String,
}

impl ShortageJson {
    /// A shortage of this commodity.
    pub fn new(shortage: &Shortage, commodity: &Commodity) -> Self {
        Self {
            id: shortage.id.to_string(),
            demand_id: shortage.demand_id.to_string(),
            reason: shortage.reason.clone(),
            commodity: commodity.code.clone(),
            quantity: shortage.quantity.in_pricing_units(commodity.base_unit),
            unit: commodity.base_unit.pricing_name(),
            limited_by: shortage.limited_by.clone(),
        }
    }
}
