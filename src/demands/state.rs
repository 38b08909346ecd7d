//! The life of a demand: open until it is withdrawn, open again when it is posted again.

use super::errors::DemandError;
use crate::word_enum;

word_enum! {
    /// Whether a demand takes part in its round.
    DemandStatus {
        /// Takes part.
        Open = "open",
        /// Taken back by the buyer.
        Withdrawn = "withdrawn",
    }
}

word_enum! {
    /// What can happen to a demand.
    DemandEvent {
        /// The buyer changes how much is needed.
        Change = "changed",
        /// The buyer takes it back.
        Withdraw = "withdrawn",
        /// The buyer posts the same need again.
        Revive = "revived",
    }
}

/// The status after an event, or why the event cannot happen.
pub fn next(status: DemandStatus, event: DemandEvent) -> Result<DemandStatus, DemandError> {
    use DemandEvent as E;
    use DemandStatus as S;
    match (status, event) {
        (S::Open, E::Change) | (S::Withdrawn, E::Revive) => Ok(S::Open),
        (S::Open, E::Withdraw) => Ok(S::Withdrawn),
        (S::Open, E::Revive) => Err(DemandError::DemandExists),
        (S::Withdrawn, E::Change | E::Withdraw) => Err(DemandError::DemandWithdrawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_an_answer_and_only_a_withdrawn_demand_revives() {
        let mut moves = Vec::new();
        for status in DemandStatus::ALL {
            for event in DemandEvent::ALL {
                if let Ok(to) = next(*status, *event) {
                    moves.push(format!("{status} --{event}--> {to}"));
                }
            }
        }
        let expected = ["open --changed--> open", "open --withdrawn--> withdrawn", "withdrawn --revived--> open"];
        assert_eq!(moves, expected);
    }
}
