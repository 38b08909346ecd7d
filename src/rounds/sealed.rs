//! What calls for bids do to their round: it waits for them, and takes opened bids into its frozen problem.

use super::errors::RoundError;
use super::service::{advance, found, freeze_with, step};
use super::state::{Event, Status};
use super::store;
use super::store::Changes;
use super::types::Round;
use crate::audit::Work;
use crate::db::DbError;
use crate::error::AppError;
use crate::markets;

/// One more call of this round is sealed: no plan is computed before it is opened, cancelled or unsuccessful.
pub fn add_call(work: &mut Work<'_>, round: &Round) -> Result<(), AppError> {
    count(work, round.id, 1)
}

/// One call fewer is sealed.
pub fn drop_call(work: &mut Work<'_>, round_id: i64) -> Result<(), AppError> {
    count(work, round_id, -1)
}

fn count(work: &mut Work<'_>, round_id: i64, by: i64) -> Result<(), AppError> {
    if store::update_sealed(work.connection, work.scope, round_id, by)? { Ok(()) } else { Err(DbError::Raced.into()) }
}

/// Refused while a call of the round is sealed.
pub(super) fn require_none(work: &mut Work<'_>, round_id: i64) -> Result<(), AppError> {
    match store::find_sealed(work.connection, work.scope, round_id)? {
        Some(0) => Ok(()),
        _ => Err(RoundError::Sealed.into()),
    }
}

/// Freezes the round anew with the bids that were opened just now. What was frozen before stays as it was: nobody's plain
/// offer can change, come or grow once prices of bids are known.
pub fn admit_bids(work: &mut Work<'_>, round_id: i64, reason: &str) -> Result<Round, AppError> {
    let round = found(work.connection, work.scope, round_id)?;
    let market = markets::service::get(work.connection, work.scope, round.market_id)?;
    let before = store::find_snapshot(work.connection, work.scope, round.id)?.ok_or(RoundError::NoSnapshot)?;
    let next = step(&round, Event::Refreeze, round.version)?;
    let round = advance(work, &round, (Event::Refreeze, next), &Changes::default(), reason)?;
    freeze_with(work, &market, &round, Some(&before))
}

/// Whether bids may be opened into this round now: it is frozen, and no plan of it is proposed yet.
pub fn takes_bids(round: &Round) -> bool {
    matches!(round.status, Status::Closed | Status::Failed)
}
