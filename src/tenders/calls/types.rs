//! What a call for bids is, and what a lot of it is.

use super::super::state::Status;
use crate::parties::Class;
use crate::values::{CertificateSet, DayRange, Quantity, Timestamp, UnitPrice};

/// A call for bids on the pooled need of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The round whose need it puts out.
    pub round_id: i64,
    /// The number people know it by, `L-2026-0001`.
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// What is asked for, and how.
    pub terms: Terms,
    /// Rises with every change of terms.
    pub terms_version: i64,
    /// When terms changed last after it was published.
    pub terms_changed_at: Option<Timestamp>,
    /// Why they changed, as the operator told bidders; empty otherwise.
    pub terms_change: String,
    /// The call it was cloned from.
    pub cloned_from: Option<i64>,
    /// Bids that counted at the close; nobody knows before.
    pub bids_received: Option<i64>,
    /// Why it was given up or did not succeed; empty otherwise.
    pub reason: String,
    /// The member who made it.
    pub created_by: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its bids were opened.
    pub opened_at: Option<Timestamp>,
    /// Until when complaints are taken at least; known once bidders were answered or the round was published.
    pub complaints_until: Option<Timestamp>,
    /// Rises with every change.
    pub version: i64,
}

/// What an operator may write and change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What people call it.
    pub title: String,
    /// Until when bids are taken; at this instant they are not any more.
    pub closes_at: Timestamp,
    /// With fewer bids the call does not succeed.
    pub min_bids: i64,
    /// Whether a part of a lot may be awarded.
    pub partial_awards: bool,
    /// Classes that may bid; empty means all.
    pub who_may_bid: Vec<Class>,
    /// Certificates every bidder must hold.
    pub certificates: CertificateSet,
    /// Papers to hand in, in words.
    pub documents: Vec<String>,
    /// Anything else.
    pub notes: String,
    /// Hours for complaints after the answers; until they are over, orders for the lots wait.
    pub complaint_hours: i64,
}

/// A part of the pooled need, bid on as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: i64,
    /// The call.
    pub call_id: i64,
    /// 1 for the first.
    pub number: i64,
    /// The terms of the lot.
    pub terms: LotTerms,
}

/// What a lot asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotTerms {
    /// What is needed.
    pub commodity_id: i64,
    /// Codes of regions whose delivery points belong to it; empty means the whole market.
    pub area: Vec<String>,
    /// What people call the area.
    pub area_name: String,
    /// Days on which it can be delivered.
    pub days: DayRange,
    /// How much, in base units.
    pub quantity: Quantity,
    /// Usual pack, in base units.
    pub pack: Quantity,
    /// Delivery points.
    pub points: i64,
    /// Quantities in base units at which another price is asked for, rising.
    pub steps: Vec<i64>,
    /// Certificates that some of the need requires.
    pub requirements: CertificateSet,
    /// Highest price.
    pub price_ceiling: Option<UnitPrice>,
}
