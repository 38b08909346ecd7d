//! What a demand is.

use super::state::DemandStatus;
use crate::values::{CertificateSet, DayRange, Quantity, UnitPrice};

/// Served before all others; for kitchens, whose children eat on that day.
pub const FIRST_PRIORITY: i32 = 0;
/// Priority of a demand that says nothing about it.
pub const USUAL_PRIORITY: i32 = 1;
/// Served after all others.
pub const LAST_PRIORITY: i32 = 9;

/// One line of need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The round it takes part in.
    pub round_id: i64,
    /// Who needs it.
    pub buyer_id: i64,
    /// Where it is to be delivered: a place of the buyer.
    pub place_id: i64,
    /// What is needed.
    pub commodity_id: i64,
    /// Must have, in base units.
    pub quantity: Quantity,
    /// Would take up to this much so that packs come out whole; at least `quantity`.
    pub accept_up_to: Quantity,
    /// Code of the unit the quantity was entered in.
    pub entered_unit: String,
    /// Days on which it can be received.
    pub days: DayRange,
    /// Certificates an offer must carry.
    pub requirements: CertificateSet,
    /// 0 is served first, then 1, … to 9.
    pub priority: i32,
    /// Most that a pricing unit of goods may cost before freight.
    pub price_ceiling: Option<UnitPrice>,
    /// Whether it takes part.
    pub status: DemandStatus,
    /// The member who posted it.
    pub created_by: i64,
    /// Rises with every change.
    pub version: i64,
}

/// A demand to post, its words already read; the service still checks it against round, market and catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDemand {
    /// Who needs it.
    pub buyer_id: i64,
    /// Where: a place of the buyer.
    pub place_id: i64,
    /// What.
    pub commodity_id: i64,
    /// Must have, in base units.
    pub quantity: Quantity,
    /// Would take up to this much; `quantity` unless said otherwise.
    pub accept_up_to: Option<Quantity>,
    /// Code of the unit it was entered in; the pricing unit (kg, liter, buah) unless said otherwise.
    pub entered_unit: Option<String>,
    /// Days on which it can be received.
    pub days: DayRange,
    /// Certificates an offer must carry.
    pub requirements: CertificateSet,
    /// 0 to 9; 1 unless said otherwise.
    pub priority: Option<i32>,
    /// Most that a pricing unit may cost before freight; the binding ceiling, where there is one, unless said otherwise.
    pub price_ceiling: Option<UnitPrice>,
}
