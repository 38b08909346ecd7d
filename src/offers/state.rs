//! The life of an offer: open until it is withdrawn, open again when it is posted again.

use super::errors::OfferError;
use crate::word_enum;

word_enum! {
    /// Whether an offer can win anything new.
    OfferStatus {
        /// Can win.
        Open = "open",
        /// Taken back by the seller; what is reserved stays reserved.
        Withdrawn = "withdrawn",
    }
}

word_enum! {
    /// What can happen to an offer.
    OfferEvent {
        /// The seller changes stock or price.
        Change = "changed",
        /// A round awards part of the stock.
        Reserve = "reserved",
        /// An award falls away, and its stock is free again.
        Release = "released",
        /// The seller takes it back.
        Withdraw = "withdrawn",
        /// The seller posts the same goods again.
        Revive = "revived",
    }
}

/// The status after an event, or why the event cannot happen.
pub fn next(status: OfferStatus, event: OfferEvent) -> Result<OfferStatus, OfferError> {
    use OfferEvent as E;
    use OfferStatus as S;
    match (status, event) {
        (S::Open, E::Change | E::Reserve | E::Release) | (S::Withdrawn, E::Revive) => Ok(S::Open),
        // Goods of an order that falls away go back to the seller even when the rest is no longer for sale.
        (S::Open, E::Withdraw) | (S::Withdrawn, E::Release) => Ok(S::Withdrawn),
        (S::Open, E::Revive) => Err(OfferError::OfferExists),
        (S::Withdrawn, E::Reserve) => Err(OfferError::StockGone),
        (S::Withdrawn, E::Change | E::Withdraw) => Err(OfferError::OfferWithdrawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_an_answer_and_nothing_is_reserved_once_withdrawn() {
        let mut moves = Vec::new();
        for status in OfferStatus::ALL {
            for event in OfferEvent::ALL {
                if let Ok(to) = next(*status, *event) {
                    moves.push(format!("{status} --{event}--> {to}"));
                }
            }
        }
        let expected = [
            "open --changed--> open",
            "open --reserved--> open",
            "open --released--> open",
            "open --withdrawn--> withdrawn",
            "withdrawn --released--> withdrawn",
            "withdrawn --revived--> open",
        ];
        assert_eq!(moves, expected);
    }
}
