//! The agreement on an order: one table of status × event.

use super::errors::OrderError;
use crate::word_enum;

word_enum! {
    /// How the agreement stands.
    Status {
        /// Not sent yet: a complaint about a lot that its lines belong to is open.
        Held = "held",
        /// Sent to the seller.
        Issued = "issued",
        /// The seller will deliver.
        Accepted = "accepted",
        /// The seller will deliver part of it; the rest has a reason, line by line.
        PartlyAccepted = "partly_accepted",
        /// The seller will not deliver, with a reason.
        Rejected = "rejected",
        /// Never sent: the complaint was upheld.
        Withdrawn = "withdrawn",
    }
}

word_enum! {
    /// What can happen to the agreement; the words stand in the audit log.
    Event {
        /// No complaint stands against it any more: it is sent.
        Release = "released",
        /// A complaint about it was upheld.
        Withdraw = "withdrawn",
        /// The seller says yes.
        Accept = "accepted",
        /// The seller says yes to part of it.
        AcceptPart = "accepted_in_part",
        /// The seller says no.
        Reject = "rejected",
    }
}

/// The status after `event`, or a refusal.
pub fn next(status: Status, event: Event) -> Result<Status, OrderError> {
    match (status, event) {
        (Status::Held, Event::Release) => Ok(Status::Issued),
        (Status::Held, Event::Withdraw) => Ok(Status::Withdrawn),
        (Status::Held, Event::Accept | Event::AcceptPart | Event::Reject) => Err(OrderError::Held),
        (Status::Withdrawn, _) => Err(OrderError::Withdrawn),
        (Status::Issued, Event::Accept) => Ok(Status::Accepted),
        (Status::Issued, Event::AcceptPart) => Ok(Status::PartlyAccepted),
        (Status::Issued, Event::Reject) => Ok(Status::Rejected),
        // One answer is final, so that neither side has to keep looking.
        (Status::Issued | Status::Accepted | Status::PartlyAccepted | Status::Rejected, _) => {
            Err(OrderError::AlreadyAnswered)
        }
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
                    ("held", "released") => Ok(Status::Issued),
                    ("held", "withdrawn") => Ok(Status::Withdrawn),
                    ("held", _) => Err(OrderError::Held),
                    ("withdrawn", _) => Err(OrderError::Withdrawn),
                    ("issued", "accepted") => Ok(Status::Accepted),
                    ("issued", "accepted_in_part") => Ok(Status::PartlyAccepted),
                    ("issued", "rejected") => Ok(Status::Rejected),
                    _ => Err(OrderError::AlreadyAnswered),
                };
                assert_eq!(next(*status, *event), want, "{status} {event}");
            }
        }
    }
}
