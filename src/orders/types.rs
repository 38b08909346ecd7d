//! What a purchase order is.

use super::state::Status;
use crate::values::{Day, Quantity, Rupiah, Timestamp, UnitPrice};
use crate::word_enum;

word_enum! {
    /// Why a seller turns an order down, or part of it.
    RejectReason {
        /// The goods are gone.
        OutOfStock = "OUT_OF_STOCK",
        /// The price no longer holds.
        PriceChanged = "PRICE_CHANGED",
        /// Not on that day.
        CannotDeliverDay = "CANNOT_DELIVER_DAY",
        /// Not to that place.
        CannotDeliverPlace = "CANNOT_DELIVER_PLACE",
        /// Not in the quality asked for.
        Quality = "QUALITY",
        /// Something else, said in a note.
        Other = "OTHER",
    }
}

/// A seller's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The seller will deliver.
    Accept,
    /// The seller will deliver all but this, which is some of it and not all.
    Part(Vec<Shortfall>),
    /// The seller will not deliver.
    Reject {
        /// Why.
        reason: RejectReason,
        /// Why, in words; may be empty unless the reason is [`RejectReason::Other`].
        note: String,
    },
}

/// What a seller does not deliver of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// The order.
    pub order_id: i64,
    /// The line.
    pub line_id: i64,
    /// How much is missing, in base units.
    pub quantity: Quantity,
    /// What that takes off the line's goods.
    pub goods: Rupiah,
    /// What that takes off the line's freight.
    pub freight: Rupiah,
    /// Why.
    pub reason: RejectReason,
    /// Why, in the seller's words; may be empty unless the reason is [`RejectReason::Other`].
    pub note: String,
}

/// What one buyer orders from one seller in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The round it came from.
    pub round_id: i64,
    /// Who buys.
    pub buyer_id: i64,
    /// Who sells.
    pub seller_id: i64,
    /// The number people know it by, `PO-2026-000123`; the buyer's own count.
    pub number: String,
    /// The year of the number.
    pub year: i64,
    /// The count in that year.
    pub serial: i64,
    /// How the agreement stands.
    pub status: Status,
    /// How delivery stands; moved by the domain of receipts.
    pub delivery_status: String,
    /// How billing stands; moved by the domain of billing.
    pub billing_status: String,
    /// Sum of the lines' goods.
    pub goods: Rupiah,
    /// Sum of the lines' freight.
    pub freight: Rupiah,
    /// Goods and freight.
    pub total: Rupiah,
    /// Why it was turned down.
    pub reason: Option<RejectReason>,
    /// Why, in the seller's words.
    pub reason_note: String,
    /// When it was sent.
    pub issued_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// Rises with every change.
    pub version: i64,
}

impl Order {
    /// What the seller will deliver, goods and freight in rupiah, given what is missing of this and other orders; `None`
    /// while that is not known.
    pub fn agreed(&self, missing: &[Shortfall]) -> Option<i64> {
        match self.status {
            Status::Held | Status::Issued => None,
            Status::Rejected | Status::Withdrawn => Some(0),
            Status::Accepted => Some(self.total.get()),
            Status::PartlyAccepted => {
                let own = missing.iter().filter(|one| one.order_id == self.id);
                Some(self.total.get() - own.map(|one| one.goods.get() + one.freight.get()).sum::<i64>())
            }
        }
    }
}

/// One line of an order: one award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Its id.
    pub id: i64,
    /// The order.
    pub order_id: i64,
    /// 1 for the first.
    pub line_number: i64,
    /// The award it traces to.
    pub award_id: i64,
    /// What.
    pub commodity_id: i64,
    /// Where to.
    pub place_id: i64,
    /// When.
    pub day: Day,
    /// How much, in base units.
    pub quantity: Quantity,
    /// Price per pricing unit.
    pub price: UnitPrice,
    /// Price × quantity, rounded once.
    pub goods: Rupiah,
    /// Freight, rounded once.
    pub freight: Rupiah,
}

/// Which orders to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderFilter {
    /// Of one market only.
    pub market_id: Option<i64>,
    /// Of one round only.
    pub round_id: Option<i64>,
    /// In one status only.
    pub status: Option<Status>,
    /// After this id.
    pub after: i64,
    /// So many.
    pub limit: i64,
}
