//! The life of a call for bids: one table of status × event. What becomes of a bid follows from its call.

use super::errors::TenderError;
use crate::word_enum;

word_enum! {
    /// Where a call stands.
    Status {
        /// Being written; only its operator sees it.
        Draft = "draft",
        /// Bids are taken until the closing time.
        Published = "published",
        /// No bid is taken any more; all are still sealed.
        Closed = "closed",
        /// The bids were opened by two officers.
        Opened = "opened",
        /// A plan with these bids was proposed.
        Evaluated = "evaluated",
        /// The round was published; the bids that won are orders.
        Awarded = "awarded",
        /// Too few bids.
        Unsuccessful = "unsuccessful",
        /// Given up, with a reason.
        Cancelled = "cancelled",
    }
}

word_enum! {
    /// What can happen to a call; the words stand in the audit log.
    Event {
        /// Terms change before anybody sees them, or are changed for everybody: bids must then be confirmed.
        Change = "changed",
        /// The market sees it and may bid.
        Publish = "published",
        /// The closing time has come.
        Close = "closed",
        /// It closed with too few bids.
        Fail = "failed",
        /// Two officers opened the bids.
        Open = "opened",
        /// Bidders were answered: the time for complaints begins.
        Tell = "told",
        /// A plan with the bids was proposed.
        Evaluate = "evaluated",
        /// The round was published.
        Award = "awarded",
        /// Given up, with a reason.
        Cancel = "cancelled",
    }
}

word_enum! {
    /// What became of a bid.
    BidStatus {
        /// It counts, under the terms it was placed or confirmed for.
        Placed = "placed",
        /// Taken back by its bidder; may be placed again until the close.
        Withdrawn = "withdrawn",
        /// Opened and valid: its lines are offers.
        Opened = "opened",
        /// Opened, and refused for what it says.
        Invalid = "invalid",
        /// Not confirmed after the terms changed; never opened.
        Lapsed = "lapsed",
    }
}

/// The status after `event`, or a refusal.
pub fn next(status: Status, event: Event) -> Result<Status, TenderError> {
    use {Event as E, Status as S};
    match (status, event) {
        (S::Draft, E::Change) => Ok(S::Draft),
        (S::Draft, E::Publish) | (S::Published, E::Change) => Ok(S::Published),
        (S::Published, E::Close) => Ok(S::Closed),
        // In the transaction that closes it, once the bids can be counted.
        (S::Closed, E::Fail) => Ok(S::Unsuccessful),
        (S::Closed, E::Open) => Ok(S::Opened),
        // Proposed again after the approver turned a plan down.
        (S::Opened | S::Evaluated, E::Evaluate) => Ok(S::Evaluated),
        // Also without a proposal by scenario: the round's own plan holds the bids too.
        (S::Opened | S::Evaluated, E::Award) => Ok(S::Awarded),
        // Under each plan, and also where it was published before bidders could be answered.
        (S::Opened | S::Evaluated | S::Awarded, E::Tell) => Ok(status),
        // Not once opened: what was read out cannot be taken back; the round itself can be cancelled.
        (S::Draft | S::Published | S::Closed, E::Cancel) => Ok(S::Cancelled),
        _ => Err(TenderError::WrongState),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_either_in_the_table_or_refused() {
        let allowed = [
            ("draft", "changed", "draft"),
            ("draft", "published", "published"),
            ("draft", "cancelled", "cancelled"),
            ("published", "changed", "published"),
            ("published", "closed", "closed"),
            ("closed", "failed", "unsuccessful"),
            ("published", "cancelled", "cancelled"),
            ("closed", "opened", "opened"),
            ("closed", "cancelled", "cancelled"),
            ("opened", "told", "opened"),
            ("evaluated", "told", "evaluated"),
            ("awarded", "told", "awarded"),
            ("opened", "evaluated", "evaluated"),
            ("opened", "awarded", "awarded"),
            ("evaluated", "evaluated", "evaluated"),
            ("evaluated", "awarded", "awarded"),
        ];
        for status in Status::ALL {
            for event in Event::ALL {
                let row = allowed.iter().find(|(from, by, _)| (*from, *by) == (status.word(), event.word()));
                match (next(*status, *event), row) {
                    (Ok(to), Some((_, _, want))) => assert_eq!(to.word(), *want, "{status} {event}"),
                    (Err(TenderError::WrongState), None) => {}
                    (got, want) => panic!("{status} {event}: {got:?}, want {want:?}"),
                }
            }
        }
    }
}
