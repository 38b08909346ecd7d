//! What calls for bids do to their round: it waits for them, and takes opened bids into its frozen problem.

use super::errors::RoundError;
use super::service::{advance, found, freeze_with, step};
use super::solve::verify;
use super::state::{Event, Status};
use super::store::{self, Changes};
use super::types::{Round, Snapshot, StoredPlan};
use super::{service, snapshot};
use crate::audit::Work;
use crate::db::{DbConnection, DbError};
use crate::error::AppError;
use crate::markets;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::values::Day;

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

/// A problem as a snapshot of the same days.
pub fn snapshot_of(text: String, days: &[Day]) -> Snapshot {
    Snapshot { sha256: snapshot::sha256(&text), text, days: days.to_vec() }
}

/// A snapshot of a round by its hash.
pub fn snapshot(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    sha256: &str,
) -> Result<Snapshot, AppError> {
    store::find_snapshot_by(connection, scope, round_id, sha256)?.ok_or_else(|| RoundError::NoSnapshot.into())
}

/// Keeps a problem that was made from the round's own; the round goes on naming the one that counts.
pub fn keep_snapshot(work: &mut Work<'_>, round_id: i64, snapshot: &Snapshot) -> Result<(), AppError> {
    let round = found(work.connection, work.scope, round_id)?;
    Ok(store::insert_snapshot(work.connection, &round, snapshot, work.now)?)
}

/// Proposes a plan that was solved beside the round: its problem becomes the one that counts. The plan is checked here once
/// more, as every plan is before it is proposed.
pub fn propose(
    work: &mut Work<'_>,
    actor: &Actor,
    (round, sha256): (&Round, &str),
    plan: &StoredPlan,
    reason: &str,
) -> Result<Round, AppError> {
    require_none(work, round.id)?;
    let snapshot = snapshot(work.connection, work.scope, round.id, sha256)?;
    verify(&snapshot, &plan.text)?;
    let next = step(round, Event::StartSolve, round.version)?;
    store::set_snapshot(work.connection, work.scope, round.id, sha256)?;
    let changes = Changes { failure: Some(""), proposed_by: Some(None), ..Changes::default() };
    let solving = advance(work, round, (Event::StartSolve, next), &changes, reason)?;
    let run = service::new_run(work, &solving, actor.member_id)?;
    let claim = service::claim(work, &run)?.ok_or(RoundError::WrongState)?;
    service::finish_solve(work, &run, claim, Ok(plan))
}
