//! The agreement on an order: one table of status × event.

use super::errors::OrderError;
use crate::word_enum;

word_enum! {
    /// How the agreement stands.
    Status {
        /// Sent to the seller.
        Issued = "issued",
        /// The seller will deliver.
        Accepted = "accepted",
        /// The seller will not deliver, with a reason.
        Rejected = "rejected",
    }
}

word_enum! {
    /// What can happen to the agreement; the words stand in the audit log.
    Event {
        /// The seller says yes.
        Accept = "accepted",
        /// The seller says no.
        Reject = "rejected",
    }
}

/// The status after `event`, or a refusal.
pub fn next(status: Status, event: Event) -> Result<Status, OrderError> {
    match (status, event) {
        (Status::Issued, Event::Accept) => Ok(Status::Accepted),
        (Status::Issued, Event::Reject) => Ok(Status::Rejected),
        // One answer is final, so that neither side has to keep looking.
        (Status::Accepted | Status::Rejected, _) => Err(OrderError::AlreadyAnswered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_either_in_the_table_or_refused() {
        for status in Status::ALL {
            for event in Event::ALL {
                let want = match (status.word(), event.word()) {
                    ("issued", "accepted") => Ok(Status::Accepted),
                    ("issued", "rejected") => Ok(Status::Rejected),
                    _ => Err(OrderError::AlreadyAnswered),
                };
                assert_eq!(next(*status, *event), want, "{status} {event}");
            }
        }
    }
}
