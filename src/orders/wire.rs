//! Orders as JSON bodies.

use super::service;
use super::types::{Order, OrderLine, RejectReason, Shortfall};
use crate::catalog::Commodity;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties;
use crate::scope::Scope;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An organisation in an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyJson {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A purchase order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderJson {
    /// Identifier.
    pub id: String,
    /// The buyer's number for it.
    pub number: String,
    /// The market.
    pub market_id: String,
    /// The round it came from.
    pub round_id: String,
    /// Who buys.
    pub buyer: PartyJson,
    /// Who sells.
    pub seller: PartyJson,
    /// `issued`, `accepted`, `partly_accepted` or `rejected`; `held` while a complaint about its lots is open, `withdrawn` where one was upheld.
    pub status: &'static str,
    /// How delivery stands.
    pub delivery_status: String,
    /// How billing stands.
    pub billing_status: String,
    /// Goods, whole rupiah.
    pub goods_idr: i64,
    /// Freight, whole rupiah.
    pub freight_idr: i64,
    /// Both, whole rupiah.
    pub total_idr: i64,
    /// What the seller will deliver of it, goods and freight, whole rupiah; absent until it is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed_idr: Option<i64>,
    /// Why it was turned down; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Why, in the seller's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When it was sent.
    pub issued_at: String,
    /// When it was answered.
    pub answered_at: Option<String>,
    /// The lines; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<LineJson>>,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

/// One line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineJson {
    /// 1 for the first.
    pub line_number: i64,
    /// The award it traces to.
    pub award_id: String,
    /// Code of the commodity.
    pub commodity: String,
    /// Its name.
    pub commodity_name: String,
    /// Where to.
    pub place_id: String,
    /// When.
    pub day: String,
    /// How much, in `unit`.
    pub quantity: String,
    /// The pricing unit: `kg`, `liter` or `buah`.
    pub unit: &'static str,
    /// Rupiah per `unit`.
    pub price: String,
    /// Goods, whole rupiah.
    pub goods_idr: i64,
    /// Freight, whole rupiah.
    pub freight_idr: i64,
    /// What the seller does not deliver of it; absent where it delivers all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<ShortfallJson>,
}

/// What a seller does not deliver of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortfallJson {
    /// How much is missing, in the line's `unit`.
    pub quantity: String,
    /// What that takes off the line's goods, whole rupiah.
    pub goods_idr: i64,
    /// What that takes off the line's freight, whole rupiah.
    pub freight_idr: i64,
    /// Why.
    pub reason: &'static str,
    /// Why, in the seller's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl ShortfallJson {
    fn new(shortfall: &Shortfall, commodity: &Commodity) -> Self {
        Self {
            quantity: shortfall.quantity.in_pricing_units(commodity.base_unit),
            goods_idr: shortfall.goods.get(),
            freight_idr: shortfall.freight.get(),
            reason: shortfall.reason.word(),
            note: shortfall.note.clone(),
        }
    }
}

impl LineJson {
    pub(super) fn new(line: &OrderLine, shortfall: Option<&Shortfall>, commodity: &Commodity) -> Self {
        Self {
            line_number: line.line_number,
            award_id: line.award_id.to_string(),
            commodity: commodity.code.clone(),
            commodity_name: commodity.name_id.clone(),
            place_id: line.place_id.to_string(),
            day: line.day.to_string(),
            quantity: line.quantity.in_pricing_units(commodity.base_unit),
            unit: commodity.base_unit.pricing_name(),
            price: line.price.to_string(),
            goods_idr: line.goods.get(),
            freight_idr: line.freight.get(),
            shortfall: shortfall.map(|shortfall| ShortfallJson::new(shortfall, commodity)),
        }
    }
}

/// Names of the organisations in some orders, and what is missing of those.
pub(super) struct Names {
    parties: BTreeMap<i64, String>,
    /// By line.
    missing: Vec<Shortfall>,
}

impl Names {
    pub(super) fn of(connection: &mut DbConnection, scope: &Scope, orders: &[Order]) -> Result<Self, AppError> {
        let mut ids: Vec<i64> = orders.iter().flat_map(|order| [order.buyer_id, order.seller_id]).collect();
        ids.sort_unstable();
        ids.dedup();
        let organisations = parties::service::list_by_ids(connection, scope, &ids)?;
        let parties = organisations.into_iter().map(|organisation| (organisation.id, organisation.name)).collect();
        Ok(Self { parties, missing: service::shortfalls(connection, scope, orders)? })
    }

    /// What is missing of a line.
    pub(super) fn shortfall(&self, line_id: i64) -> Option<&Shortfall> {
        self.missing.iter().find(|one| one.line_id == line_id)
    }

    fn party(&self, id: i64) -> PartyJson {
        let name = self.parties.get(&id).cloned().unwrap_or_default();
        PartyJson { id: id.to_string(), name }
    }

    pub(super) fn order(&self, order: Order) -> OrderJson {
        let agreed_idr = order.agreed(&self.missing);
        OrderJson {
            agreed_idr,
            id: order.id.to_string(),
            number: order.number,
            market_id: order.market_id.to_string(),
            round_id: order.round_id.to_string(),
            buyer: self.party(order.buyer_id),
            seller: self.party(order.seller_id),
            status: order.status.word(),
            delivery_status: order.delivery_status,
            billing_status: order.billing_status,
            goods_idr: order.goods.get(),
            freight_idr: order.freight.get(),
            total_idr: order.total.get(),
            reason: order.reason.map(RejectReason::word),
            note: order.reason_note,
            issued_at: order.issued_at.to_string(),
            answered_at: order.answered_at.map(|at| at.to_string()),
            lines: None,
            version: order.version,
        }
    }
}
