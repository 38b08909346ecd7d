//! What an offer is.

use super::state::OfferStatus;
use super::volume::VolumeTerms;
use crate::values::{CertificateSet, DayRange, Distance, Quantity, UnitPrice};

/// One line of supply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// Who offers it.
    pub seller_id: i64,
    /// Where it leaves from: a place of the seller.
    pub place_id: i64,
    /// What is offered.
    pub commodity_id: i64,
    /// Tells lots of the same goods apart; may be empty.
    pub lot: String,
    /// Price of a pricing unit of goods.
    pub price: UnitPrice,
    /// Most that can be taken in all, in base units, what is reserved included.
    pub stock: Quantity,
    /// Part of the stock that is awarded already, in base units.
    pub reserved: i64,
    /// Most that can be taken on one day, in base units.
    pub stock_per_day: Option<Quantity>,
    /// Every line is a multiple of this many base units.
    pub pack: Quantity,
    /// Code of the unit the stock was entered in.
    pub entered_unit: String,
    /// Least quantity of a line, in base units; 0 where one pack is enough.
    pub min_line: i64,
    /// Farthest delivery by road.
    pub radius: Option<Distance>,
    /// Days on which it can be delivered.
    pub days: DayRange,
    /// Certificates it carries.
    pub certificates: CertificateSet,
    /// Who pays for the way.
    pub freight: FreightTerms,
    /// Lower prices for larger totals, least value of an order.
    pub volume: VolumeTerms,
    /// Whether it can win anything new.
    pub status: OfferStatus,
    /// The member who posted it.
    pub created_by: i64,
    /// Rises with every change, reservations included.
    pub version: i64,
}

impl Offer {
    /// Base units that can still be taken.
    pub fn available(&self) -> i64 {
        self.stock.get() - self.reserved
    }
}

/// Who pays for the way to the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreightTerms {
    /// The price is at the seller's place; freight by the market's tariff comes on top (loco).
    Added,
    /// The price includes delivery (franco).
    Included,
    /// The price is at the seller's place; freight by the seller's own tariff comes on top. In ten-thousandths of a rupiah
    /// per pricing unit, bounded by [`FreightTerms::LARGEST_E4`].
    Stated {
        /// Per kilometre of road.
        per_km_e4: i64,
        /// Whatever the distance.
        base_e4: i64,
    },
}

impl FreightTerms {
    /// Most that either part of a stated tariff may be: 1,000,000 rupiah per pricing unit.
    pub const LARGEST_E4: i64 = 10_000_000_000;
}

/// An offer to post, its words already read; the service still checks it against market and catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffer {
    /// Who offers it.
    pub seller_id: i64,
    /// Where it leaves from: a place of the seller.
    pub place_id: i64,
    /// What.
    pub commodity_id: i64,
    /// Tells lots of the same goods apart; may be empty.
    pub lot: String,
    /// Price of a pricing unit.
    pub price: UnitPrice,
    /// Whether the seller confirmed a price outside the plausible range.
    pub unusual_price: UnusualPrice,
    /// Most that can be taken in all, in base units.
    pub stock: Quantity,
    /// Most that can be taken on one day, in base units.
    pub stock_per_day: Option<Quantity>,
    /// Every line is a multiple of this many base units.
    pub pack: Quantity,
    /// Code of the unit it was entered in; the pricing unit (kg, liter, buah) unless said otherwise.
    pub entered_unit: Option<String>,
    /// Least quantity of a line; one pack unless said otherwise.
    pub min_line: Option<Quantity>,
    /// Farthest delivery by road; anywhere unless said otherwise.
    pub radius: Option<Distance>,
    /// Days on which it can be delivered.
    pub days: DayRange,
    /// Certificates it carries.
    pub certificates: CertificateSet,
    /// Who pays for the way.
    pub freight: FreightTerms,
    /// Lower prices for larger totals, least value of an order.
    pub volume: VolumeTerms,
}

/// Whether a price outside the plausible range is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnusualPrice {
    /// The seller looked at it again and means it.
    Confirmed,
    /// Probably a slip of the finger: refuse and ask.
    Refused,
}
