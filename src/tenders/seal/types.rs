//! What is known of a call's committee, its sittings and its opening.

use super::committee::Part;
use crate::values::Timestamp;
use crate::word_enum;

/// A seat of a call's committee.
#[expect(clippy::struct_field_names, reason = "a seat has a number that everybody calls its seat")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// From 1.
    pub seat: u8,
    /// The officer's role at work.
    pub member_id: i64,
    /// The person.
    pub account_id: i64,
    /// The person's name.
    pub name: String,
    /// The public key of the officer's share.
    pub recipient: String,
    /// This seat's part of the call's key, encrypted; empty until the third seat is taken.
    pub part: Vec<u8>,
    /// The same of the rehearsal key.
    pub rehearsal_part: Vec<u8>,
    /// When it was taken.
    pub taken_at: Timestamp,
}

impl Seat {
    /// The part of one of the two keys.
    pub fn part_for(&self, purpose: Purpose) -> Part {
        let sealed = match purpose {
            Purpose::Rehearsal => self.rehearsal_part.clone(),
            Purpose::Opening => self.part.clone(),
        };
        Part { seat: self.seat, sealed }
    }
}

/// A call's key, as far as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallKey {
    /// To which bids are sealed.
    pub recipient: String,
    /// To which the dummy bid is sealed.
    pub rehearsal_recipient: String,
    /// The dummy bid, base64.
    pub dummy: String,
    /// Its commitment.
    pub dummy_commitment: String,
    /// When it was made.
    pub founded_at: Timestamp,
    /// When two officers first opened the dummy bid.
    pub rehearsed_at: Option<Timestamp>,
}

/// A committee as the market sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committee {
    /// Seats taken, in order.
    pub seats: Vec<Seat>,
    /// The key, once there is one.
    pub key: Option<CallKey>,
}

word_enum! {
    /// What two officers sit for.
    Purpose {
        /// To open the dummy bid with the rehearsal key.
        Rehearsal = "rehearsal",
        /// To open the bids.
        Opening = "opening",
    }
}

/// A sitting that waits for the second officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    /// Its id.
    pub id: i64,
    /// What for.
    pub purpose: Purpose,
    /// The first officer's role.
    pub member_id: i64,
    /// The first officer.
    pub account_id: i64,
    /// The first officer's share, locked.
    pub locked: String,
    /// Until when the second officer may join.
    pub ends_at: Timestamp,
}

/// The minutes of an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// The first officer.
    pub first_member: i64,
    /// The second.
    pub second_member: i64,
    /// When.
    pub opened_at: Timestamp,
    /// What was found, a line per bid.
    pub text: String,
}
