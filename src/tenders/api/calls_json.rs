//! The shapes of calls and lots on the wire.

use crate::catalog::Commodity;
use crate::tenders::calls::entry::USUAL_COMPLAINT_HOURS;
use crate::tenders::calls::types::{Call, Lot};
use crate::tenders::calls::{CallEntry, LotEntry};
use crate::values::Quantity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A call for bids. How many bids there are is known at the close, to nobody before.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallJson {
    /// Identifier.
    pub id: String,
    /// The market.
    pub market_id: String,
    /// The round whose need it puts out.
    pub round_id: String,
    /// The number people know it by.
    pub number: String,
    /// `draft`, `published`, `closed`, `opened`, `evaluated`, `awarded`, `unsuccessful` or `cancelled`.
    pub status: &'static str,
    /// What people call it.
    pub title: String,
    /// At this instant of the server's clock no bid is taken any more.
    pub closes_at: String,
    /// With fewer bids it does not succeed.
    pub min_bids: i64,
    /// Whether a part of a lot may be awarded.
    pub partial_awards: bool,
    /// Classes that may bid; empty means all.
    pub who_may_bid: Vec<&'static str>,
    /// Certificates every bidder must hold.
    pub certificates: Vec<&'static str>,
    /// Papers to hand in.
    pub documents: Vec<String>,
    /// Anything else.
    pub notes: String,
    /// Rises with every change of terms; a bid counts only under the terms it was placed or confirmed for.
    pub terms_version: i64,
    /// When terms changed last after it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_changed_at: Option<String>,
    /// Why they changed.
    pub terms_change: String,
    /// The call it was cloned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloned_from: Option<String>,
    /// Bids that counted at the close.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bids_received: Option<i64>,
    /// Why it was cancelled or did not succeed.
    pub reason: String,
    /// When its bids were opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<String>,
    /// Hours for complaints after the answers; until they are over, orders for the lots wait.
    pub complaint_hours: i64,
    /// Until when complaints are taken at least; known once bidders were answered or the round was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaints_until: Option<String>,
    /// Its lots; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lots: Option<Vec<LotJson>>,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Call> for CallJson {
    fn from(call: Call) -> Self {
        Self {
            id: call.id.to_string(),
            market_id: call.market_id.to_string(),
            round_id: call.round_id.to_string(),
            number: call.number,
            status: call.status.word(),
            closes_at: call.terms.closes_at.to_string(),
            min_bids: call.terms.min_bids,
            partial_awards: call.terms.partial_awards,
            who_may_bid: call.terms.who_may_bid.iter().map(|class| class.word()).collect(),
            certificates: call.terms.certificates.words(),
            title: call.terms.title,
            documents: call.terms.documents,
            notes: call.terms.notes,
            terms_version: call.terms_version,
            terms_changed_at: call.terms_changed_at.map(|at| at.to_string()),
            terms_change: call.terms_change,
            cloned_from: call.cloned_from.map(|id| id.to_string()),
            bids_received: call.bids_received,
            reason: call.reason,
            opened_at: call.opened_at.map(|at| at.to_string()),
            complaint_hours: call.terms.complaint_hours,
            complaints_until: call.complaints_until.map(|at| at.to_string()),
            lots: None,
            version: call.version,
        }
    }
}

impl CallJson {
    /// The same with its lots.
    pub fn with_lots(mut self, lots: Vec<LotJson>) -> Self {
        self.lots = Some(lots);
        self
    }
}

/// A part of the pooled need, bid on as one.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotJson {
    /// Its number in the call; bids name it.
    pub number: i64,
    /// Code of the commodity.
    pub commodity: String,
    /// Codes of regions whose delivery points belong to it; empty means the whole market.
    pub area: Vec<String>,
    /// What people call the area.
    pub area_name: String,
    /// First delivery day.
    pub day_from: String,
    /// Last delivery day.
    pub day_to: String,
    /// The pricing unit: `kg`, `liter` or `buah`.
    pub unit: &'static str,
    /// How much, in `unit`.
    pub quantity: String,
    /// The same in base units, as bids count.
    pub quantity_base: i64,
    /// Usual pack in base units.
    pub pack_base: i64,
    /// Delivery points.
    pub points: i64,
    /// Quantities in base units at which another price is asked for.
    pub steps_base: Vec<i64>,
    /// Certificates that some of the need requires.
    pub requirements: Vec<&'static str>,
    /// Highest price, rupiah per `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_ceiling: Option<String>,
}

impl LotJson {
    /// A lot of this commodity.
    pub fn new(lot: Lot, commodity: &Commodity) -> Self {
        let terms = lot.terms;
        Self {
            number: lot.number,
            commodity: commodity.code.clone(),
            area: terms.area,
            area_name: terms.area_name,
            day_from: terms.days.first().to_string(),
            day_to: terms.days.last().to_string(),
            unit: commodity.base_unit.pricing_name(),
            quantity: Quantity::in_pricing_units(terms.quantity, commodity.base_unit),
            quantity_base: terms.quantity.get(),
            pack_base: terms.pack.get(),
            points: terms.points,
            steps_base: terms.steps,
            requirements: terms.requirements.words(),
            price_ceiling: terms.price_ceiling.map(|price| price.to_string()),
        }
    }
}

/// The terms of a call.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsBody {
    /// What people call it.
    title: String,
    /// RFC 3339; after now, no later than the round's close.
    closes_at: String,
    /// With fewer bids it does not succeed; 1 unless said otherwise.
    #[serde(default = "one")]
    min_bids: i64,
    /// Whether a part of a lot may be awarded; true unless said otherwise.
    #[serde(default = "yes")]
    partial_awards: bool,
    /// Words of classes that may bid; empty means all.
    #[serde(default)]
    who_may_bid: Vec<String>,
    /// Words of certificates every bidder must hold.
    #[serde(default)]
    certificates: Vec<String>,
    /// Papers to hand in.
    #[serde(default)]
    documents: Vec<String>,
    /// Anything else.
    #[serde(default)]
    notes: String,
    /// Hours for complaints after the answers, up to 720; 24 unless said otherwise. Orders for the lots wait until they are over.
    #[serde(default = "usual_hours")]
    complaint_hours: i64,
}

fn one() -> i64 {
    1
}
fn yes() -> bool {
    true
}
fn usual_hours() -> i64 {
    USUAL_COMPLAINT_HOURS
}

impl From<TermsBody> for CallEntry {
    fn from(body: TermsBody) -> Self {
        Self {
            title: body.title,
            closes_at: body.closes_at,
            min_bids: body.min_bids,
            partial_awards: body.partial_awards,
            who_may_bid: body.who_may_bid,
            certificates: body.certificates,
            documents: body.documents,
            notes: body.notes,
            complaint_hours: body.complaint_hours,
        }
    }
}

/// A call to make: its terms and lots.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCallBody {
    /// Its terms.
    pub terms: TermsBody,
    /// Its lots, up to 500.
    pub lots: Vec<LotBody>,
}

/// The lots that a draft shall have instead of those it has.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeLotsBody {
    /// All of its lots, up to 500; numbered from 1 in this order.
    pub lots: Vec<LotBody>,
}

/// A lot to put out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotBody {
    /// Code of the commodity.
    commodity: String,
    /// Codes of regions; empty means the whole market.
    #[serde(default)]
    area: Vec<String>,
    /// What people call the area.
    area_name: String,
    /// First delivery day, `YYYY-MM-DD`.
    day_from: String,
    /// Last delivery day, inclusive.
    day_to: String,
    /// How much, as a decimal number of `unit`.
    quantity: String,
    /// Code of a unit of the commodity; its size is the lot's pack.
    unit: String,
    /// Delivery points.
    points: i64,
    /// Quantities in `unit` at which another price is asked for, rising.
    #[serde(default)]
    steps: Vec<String>,
    /// Words of certificates that some of the need requires.
    #[serde(default)]
    requirements: Vec<String>,
    /// Highest price, rupiah per kilogram, litre or piece.
    #[serde(default)]
    price_ceiling: Option<String>,
}

impl From<LotBody> for LotEntry {
    fn from(body: LotBody) -> Self {
        Self {
            commodity: body.commodity,
            area: body.area,
            area_name: body.area_name,
            day_from: body.day_from,
            day_to: body.day_to,
            quantity: body.quantity,
            unit: body.unit,
            points: body.points,
            steps: body.steps,
            requirements: body.requirements,
            price_ceiling: body.price_ceiling,
        }
    }
}

/// A call like the market's newest one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloneCallBody {
    /// RFC 3339.
    pub closes_at: String,
}

/// New terms of a call, and why: bidders are told.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTermsBody {
    /// All terms as they are to be.
    pub terms: TermsBody,
    /// Why.
    pub reason: String,
}

/// Nothing to say.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishCallBody {}

/// Why a call is given up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelCallBody {
    /// Why.
    pub reason: String,
}

/// What the opening found in a bid.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedBidJson {
    /// Identifier of the bid.
    pub id: String,
    /// Who bid.
    pub bidder_id: String,
    /// `placed` while sealed, `opened`, `invalid`, `lapsed` or `withdrawn`.
    pub status: &'static str,
    /// What was bid; absent while it is sealed and where the seal could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub document: Option<serde_json::Value>,
    /// What is wrong with it: pointer, code, hint.
    pub problems: Vec<String>,
}

/// Bids of a call whose bids are no longer hidden.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedBidList {
    /// By bid.
    pub items: Vec<OpenedBidJson>,
}

/// Whether a bid document is without fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedJson {
    /// Lines that were read.
    pub lines: usize,
}
