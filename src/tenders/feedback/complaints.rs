//! A bidder's objection to what the opening or the plan made of a bid, and its answer. While one is open, and until the call's
//! time for complaints is over, no order goes out for the lines concerned (`holds`); the rest of the round is published as it is.

use super::answers;
use super::errors::FeedbackError;
use super::store;
use crate::audit::{Change, Work};
use crate::db::{DbConnection, DbError};
use crate::error::{AppError, CommonError};
use crate::parties::{Actor, Role};
use crate::rounds;
use crate::scope::Scope;
use crate::tenders::bids;
use crate::tenders::calls::{self, Call};
use crate::tenders::state::Status;
use crate::values::Timestamp;
use crate::word_enum;

/// Longest complaint or answer, in characters.
pub const LONGEST_WORDS: usize = 4_000;

word_enum! {
    /// Where a complaint stands.
    Verdict {
        /// Nobody has answered; orders for the lines concerned wait.
        Open = "open",
        /// The bidder was right: before publishing the plan is turned down or mended; after it the orders that wait are void and
        /// their stock is free.
        Upheld = "upheld",
        /// The plan stands, for the reason given.
        Dismissed = "dismissed",
    }
}

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The round.
    pub round_id: i64,
    /// The call.
    pub call_id: i64,
    /// The lot it is about; `None` for the whole call.
    pub lot: Option<i64>,
    /// Who complains.
    pub bidder_id: i64,
    /// Where it stands.
    pub status: Verdict,
    /// What is said.
    pub words: String,
    /// What is answered; empty while it is open.
    pub answer: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

/// Complains about one lot of one's own bid, or about the whole call.
pub fn complain(
    work: &mut Work<'_>,
    actor: &Actor,
    bid_id: i64,
    (lot, words): (Option<i64>, &str),
) -> Result<Complaint, AppError> {
    actor.require_role(&[Role::Seller, Role::Usaha, Role::Ketua])?;
    let bid = bids::service::get(work.connection, work.scope, bid_id)?;
    if bid.bidder_id != actor.organisation_id {
        return Err(CommonError::Forbidden.into());
    }
    // Held: publishing waits until this complaint is there for it to see.
    let call = calls::store::hold(work.connection, work.scope, bid.call_id)?.ok_or(CommonError::NotFound)?;
    if !takes_complaints(&call, work.now) {
        return Err(AppError::refused_with(FeedbackError::NothingToContest, call.status.word()));
    }
    if let Some(lot) = lot {
        let answers = answers::of_bid(work.connection, work.scope, bid.id)?;
        if !answers.is_empty() && !answers.iter().any(|answer| answer.lot == lot) {
            return Err(FeedbackError::LotUnknown.into());
        }
    }
    let before = store::list_complaints(work.connection, work.scope, call.id)?;
    let is_same = |one: &Complaint| one.bidder_id == bid.bidder_id && one.lot == lot && one.status == Verdict::Open;
    if before.iter().any(is_same) {
        return Err(FeedbackError::ComplaintExists.into());
    }
    let new = Complaint {
        id: work.new_id(),
        market_id: call.market_id,
        round_id: call.round_id,
        call_id: call.id,
        lot,
        bidder_id: bid.bidder_id,
        status: Verdict::Open,
        words: words.to_owned(),
        answer: String::new(),
        created_at: work.now,
        version: 1,
    };
    store::insert_complaint(work.connection, &new, actor.member_id)?;
    record(work, &new, "complained", words)?;
    Ok(new)
}

/// Whether complaints about a call are taken at this instant: from the opening until the round is published, and after that until
/// its time for complaints is over.
pub fn takes_complaints(call: &Call, now: Timestamp) -> bool {
    match call.status {
        Status::Opened | Status::Evaluated => true,
        Status::Awarded => call.complaints_until.is_some_and(|until| now < until),
        _ => false,
    }
}

/// Answers a complaint, as an approver of the market who takes no part in the round.
pub fn answer(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    (verdict, words): (Verdict, &str),
) -> Result<Complaint, AppError> {
    let complaint = store::find_complaint(work.connection, work.scope, id)?.ok_or(CommonError::NotFound)?;
    if !work.scope.runs(complaint.market_id) {
        return Err(CommonError::Forbidden.into());
    }
    actor.require_duty(&[Role::Approver])?;
    let round = rounds::service::get(work.connection, work.scope, complaint.round_id)?;
    rounds::duties::require_outsider(work, actor, &round)?;
    if complaint.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    if complaint.status != Verdict::Open {
        return Err(FeedbackError::ComplaintAnswered.into());
    }
    let by = (actor.member_id, work.now);
    if !store::update_complaint(work.connection, work.scope, &complaint, (verdict, words), by)? {
        return Err(DbError::Raced.into());
    }
    record(work, &complaint, verdict.word(), words)?;
    store::find_complaint(work.connection, work.scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Complaints about a call in sight: a bidder sees their own.
pub fn list(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Vec<Complaint>, AppError> {
    calls::service::get(connection, scope, call_id)?;
    store::list_complaints(connection, scope, call_id)
}

fn record(work: &mut Work<'_>, complaint: &Complaint, event: &str, words: &str) -> Result<(), AppError> {
    work.record(Change {
        market_id: Some(complaint.market_id),
        subject: "complaints",
        subject_id: complaint.id,
        event,
        new: words,
        ..Change::default()
    })
}
