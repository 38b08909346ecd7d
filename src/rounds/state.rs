//! The life of a round: one table of status × event.

use super::errors::RoundError;
use crate::word_enum;

word_enum! {
    /// Where a round stands.
    Status {
        /// Demands and offers come in.
        Collecting = "collecting",
        /// Frozen: the snapshot is taken.
        Closed = "closed",
        /// The plan is being computed.
        Solving = "solving",
        /// A checked plan awaits another person's approval.
        Proposed = "proposed",
        /// Approved, not yet binding.
        Approved = "approved",
        /// Awards and orders are out.
        Published = "published",
        /// Given up, with a reason.
        Cancelled = "cancelled",
        /// The solve failed, with a reason; it can be run again.
        Failed = "failed",
    }
}

word_enum! {
    /// What can happen to a round; the words stand in the audit log.
    Event {
        /// An operator ends collecting.
        Close = "closed",
        /// An operator has the plan computed.
        StartSolve = "solve_started",
        /// A plan passed the check.
        Propose = "proposed",
        /// No plan came out, or one that did not pass the check.
        Fail = "failed",
        /// Another person agrees to the plan.
        Approve = "approved",
        /// The plan is turned down, with a reason.
        Reopen = "reopened",
        /// The plan becomes awards and orders.
        Publish = "published",
        /// Bids were opened, or stock that the plan counts on went elsewhere: the data are frozen anew.
        Refreeze = "refrozen",
        /// The round is given up, with a reason.
        Cancel = "cancelled",
    }
}

/// The status after `event`, or a refusal.
pub fn next(status: Status, event: Event) -> Result<Status, RoundError> {
    use {Event as E, Status as S};
    match (status, event) {
        // Turned down: the frozen data stay; only the plan is given up. Frozen anew: bids were opened; or the approval was for a
        // plan that cannot be kept, and another plan needs another approval.
        (S::Collecting, E::Close) | (S::Proposed, E::Reopen) | (S::Closed | S::Failed | S::Approved, E::Refreeze) => {
            Ok(S::Closed)
        }
        // A failed solve left the snapshot as it was, so the same problem is tried again.
        (S::Closed | S::Failed, E::StartSolve) => Ok(S::Solving),
        (S::Solving, E::Propose) => Ok(S::Proposed),
        (S::Solving, E::Fail) => Ok(S::Failed),
        (S::Proposed, E::Approve) => Ok(S::Approved),
        (S::Approved, E::Publish) => Ok(S::Published),
        // Not while solving: the solve ends by itself within its limits, and then there is something to decide on.
        (S::Collecting | S::Closed | S::Failed | S::Proposed | S::Approved, E::Cancel) => Ok(S::Cancelled),
        _ => Err(RoundError::WrongState),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_either_in_the_table_or_refused() {
        let allowed = [
            ("collecting", "closed", "closed"),
            ("closed", "solve_started", "solving"),
            ("failed", "solve_started", "solving"),
            ("solving", "proposed", "proposed"),
            ("solving", "failed", "failed"),
            ("proposed", "approved", "approved"),
            ("proposed", "reopened", "closed"),
            ("approved", "published", "published"),
            ("approved", "refrozen", "closed"),
            ("closed", "refrozen", "closed"),
            ("failed", "refrozen", "closed"),
            ("collecting", "cancelled", "cancelled"),
            ("closed", "cancelled", "cancelled"),
            ("failed", "cancelled", "cancelled"),
            ("proposed", "cancelled", "cancelled"),
            ("approved", "cancelled", "cancelled"),
        ];
        for status in Status::ALL {
            for event in Event::ALL {
                let row = allowed.iter().find(|(from, by, _)| (*from, *by) == (status.word(), event.word()));
                match (next(*status, *event), row) {
                    (Ok(to), Some((_, _, want))) => assert_eq!(to.word(), *want, "{status} {event}"),
                    (Err(RoundError::WrongState), None) => {}
                    (got, want) => panic!("{status} {event}: {got:?}, want {want:?}"),
                }
            }
        }
    }

    #[test]
    fn nothing_follows_published_and_cancelled() {
        for event in Event::ALL {
            assert!(next(Status::Published, *event).is_err());
            assert!(next(Status::Cancelled, *event).is_err());
        }
    }
}
