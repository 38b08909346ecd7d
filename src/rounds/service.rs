//! Opening, closing, solving, approving and giving up rounds. One function per verb, one transaction each.
//!
//! Publishing is `orders::service::publish`, because purchase orders belong to it; it calls [`publish`] for its awards.

use super::errors::RoundError;
use super::state::{self, Event, Status};
use super::store::{self, Changes, NewRun, RoundIdentity};
use super::types::{Award, NewRound, Round, Shortage, Snapshot, SolveRun, StoredPlan};
use super::{duties, publish, sealed, snapshot};
use crate::audit::{Change, Work};
use crate::catalog;
use crate::db::{DbConnection, DbError, series};
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Role};
use crate::scope::Scope;
use crate::values::Day;
use std::collections::{BTreeMap, BTreeSet};

/// Most delivery days of one round.
pub const LONGEST_WINDOW_DAYS: i64 = 60;
/// How long a process that is at a solve may be silent before another takes over, in seconds.
pub(super) const LEASE_S: i64 = 30;
/// Most commodities that a round names; a round of all commodities names none.
pub const MOST_COMMODITIES: usize = 500;

/// Opens a round; its number is the market's next.
pub fn create(work: &mut Work<'_>, actor: &Actor, market_id: i64, new: &NewRound) -> Result<Round, AppError> {
    let market = operated_market(work.connection, work.scope, market_id)?;
    actor.require_role(&[Role::Operator])?;
    market.require_active()?;
    let commodity_ids = check_new(work, &market, new)?;
    if store::has_same(work.connection, work.scope, market_id, new)? {
        return Err(RoundError::Exists.into());
    }
    // Serials never restart, so the year in the number is only there for people.
    let serial = series::take(work.connection, market.operator_id, &format!("round/{market_id}"), 0, 1)?;
    let identity = RoundIdentity {
        id: work.new_id(),
        market_id,
        number: format!("R-{}-{serial:04}", work.now.year_in(market.time_zone.iana())),
        serial,
        created_by: actor.member_id,
    };
    store::insert(work.connection, &identity, new, &commodity_ids, work.now)?;
    work.record(Change {
        market_id: Some(market_id),
        subject: "rounds",
        subject_id: identity.id,
        event: "created",
        new: Status::Collecting.word(),
        ..Change::default()
    })?;
    work.checkpoint("round opened");
    found(work.connection, work.scope, identity.id)
}

/// Everything wrong with a new round at once; the ids of the commodities it covers.
fn check_new(work: &mut Work<'_>, market: &Market, new: &NewRound) -> Result<Vec<i64>, AppError> {
    let mut checks = Checks::default();
    if new.delivery_to < new.delivery_from {
        checks.add("/delivery_to", CommonError::DaysReversed);
    } else if new.delivery_to.days_since(new.delivery_from) >= LONGEST_WINDOW_DAYS {
        let hint = format!("≤ {LONGEST_WINDOW_DAYS}");
        checks.add_with("/delivery_to", RoundError::WindowTooLong, hint);
    }
    if new.closes_at <= work.now {
        checks.add("/closes_at", RoundError::ClosesInPast);
    } else if Day::of(new.closes_at, market.time_zone.iana()) > new.delivery_from {
        checks.add("/closes_at", RoundError::ClosesAfterDelivery);
    }
    let commodity_ids = covered(work, &mut checks, &new.commodities)?;
    checks.finish()?;
    Ok(commodity_ids)
}

/// The ids of commodities named by code.
fn covered(work: &mut Work<'_>, checks: &mut Checks, codes: &[String]) -> Result<Vec<i64>, AppError> {
    if codes.len() > MOST_COMMODITIES {
        let hint = format!("≤ {MOST_COMMODITIES}");
        checks.add_with("/commodities", RoundError::TooManyCommodities, hint);
        return Ok(Vec::new());
    }
    let known = catalog::service::load_all(work.connection)?;
    let by_code: BTreeMap<&str, i64> =
        known.values().map(|commodity| (commodity.code.as_str(), commodity.id)).collect();
    let mut ids = BTreeSet::new();
    for (index, code) in codes.iter().enumerate() {
        let new = by_code.get(code.as_str()).is_some_and(|id| ids.insert(*id));
        if !new {
            checks.add(&format!("/commodities/{index}"), CommonError::UnknownChoice);
        }
    }
    Ok(ids.into_iter().collect())
}

/// Ends collecting and freezes the snapshot.
pub fn close(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<Round, AppError> {
    let (market, round) = operated(work, actor, id, &[Role::Operator])?;
    let next = step(&round, Event::Close, expected_version)?;
    // The round leaves `collecting` first: whoever is posting into it holds it until then, so the snapshot misses nothing.
    let closed = advance(work, &round, (Event::Close, next), &Changes::default(), "")?;
    freeze(work, &market, &closed)
}

/// Ends collecting in rounds whose time has come; answers those this call closed. For the system; safe to repeat, and
/// for several processes at once: each round is closed by one of them.
pub fn close_due(work: &mut Work<'_>) -> Result<Vec<Round>, AppError> {
    let mut closed = Vec::new();
    for id in store::list_due(work.connection, work.scope, work.now)? {
        let one = work.attempt(|work| {
            let round = found(work.connection, work.scope, id)?;
            let market = markets::service::get(work.connection, work.scope, round.market_id)?;
            let next = step(&round, Event::Close, round.version)?;
            let round = advance(work, &round, (Event::Close, next), &Changes::default(), "closes_at")?;
            freeze(work, &market, &round)
        });
        match one {
            Ok(round) => closed.push(round),
            // Another process or an operator was quicker.
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(closed)
}

/// Takes the snapshot of a closed round and names it.
fn freeze(work: &mut Work<'_>, market: &Market, round: &Round) -> Result<Round, AppError> {
    freeze_with(work, market, round, None)
}

/// The same; plain offers are those of an earlier snapshot, where one is given.
pub(super) fn freeze_with(
    work: &mut Work<'_>,
    market: &Market,
    round: &Round,
    before: Option<&Snapshot>,
) -> Result<Round, AppError> {
    let snapshot = snapshot::take(work.connection, work.scope, (market, round), before)?;
    store::insert_snapshot(work.connection, round, &snapshot, work.now)?;
    store::set_snapshot(work.connection, work.scope, round.id, &snapshot.sha256)?;
    work.checkpoint("closed");
    found(work.connection, work.scope, round.id)
}

/// Begins an attempt at a plan; `solve::spawn` or `solve::solve_now` carries it out after the transaction.
pub fn start_solve(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
) -> Result<(Round, SolveRun), AppError> {
    let (_, round) = operated(work, actor, id, &[Role::Operator])?;
    let next = step(&round, Event::StartSolve, expected_version)?;
    sealed::require_none(work, round.id)?;
    let run = new_run(work, &round, actor.member_id)?;
    let changes = Changes { failure: Some(""), proposed_by: Some(None), ..Changes::default() };
    let round = advance(work, &round, (Event::StartSolve, next), &changes, "")?;
    Ok((round, run))
}

pub(super) fn new_run(work: &mut Work<'_>, round: &Round, started_by: i64) -> Result<SolveRun, AppError> {
    let new = NewRun {
        id: work.new_id(),
        round_id: round.id,
        market_id: round.market_id,
        attempt: store::last_attempt(work.connection, work.scope, round.id)? + 1,
        snapshot_sha256: round.snapshot_sha256.clone(),
        started_by,
    };
    store::insert_run(work.connection, &new, work.now)?;
    store::find_running(work.connection, work.scope, round.id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Claims the run that a round waits for, so that one process alone is at it; `None` while another is.
pub(super) fn claim(work: &mut Work<'_>, run: &SolveRun) -> Result<Option<store::Claim>, AppError> {
    let until = work.now.plus_seconds(LEASE_S);
    Ok(store::claim_run(work.connection, work.scope, run.id, work.now, until)?)
}

/// Says that the process that claimed a run is still at it; false if it lost the claim.
pub(super) fn keep(work: &mut Work<'_>, claim: store::Claim) -> Result<bool, AppError> {
    let until = work.now.plus_seconds(LEASE_S);
    Ok(store::update_lease(work.connection, work.scope, claim, until)?)
}

/// Ends an attempt: a checked plan is proposed, anything else fails the round with its reason.
///
/// Refused when the claim was lost: another process took the run over, or ended it.
pub(super) fn finish_solve(
    work: &mut Work<'_>,
    run: &SolveRun,
    claim: store::Claim,
    outcome: Result<&StoredPlan, &str>,
) -> Result<Round, AppError> {
    let round = found(work.connection, work.scope, run.round_id)?;
    if !store::finish_run(work.connection, work.scope, claim, outcome, work.now)? {
        return Err(RoundError::WrongState.into());
    }
    let event = if outcome.is_ok() { Event::Propose } else { Event::Fail };
    let next = step(&round, event, round.version)?;
    let changes = Changes {
        failure: Some(outcome.err().unwrap_or_default()),
        proposed_by: outcome.is_ok().then_some(Some(run.started_by)),
        ..Changes::default()
    };
    let reason = outcome.map_or_else(|failure| failure, |plan| plan.sha256.as_str());
    advance(work, &round, (event, next), &changes, reason)
}

/// Agrees to the proposed plan, as another person than who opened the round or had the plan computed.
pub fn approve(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<Round, AppError> {
    let (_, round) = operated(work, actor, id, &[Role::Approver])?;
    actor.require_duty(&[Role::Approver])?;
    let next = step(&round, Event::Approve, expected_version)?;
    duties::require_another_person(work.connection, actor, &round)?;
    let changes = Changes { approved_by: Some(Some(actor.member_id)), ..Changes::default() };
    advance(work, &round, (Event::Approve, next), &changes, "")
}

/// Turns the proposed plan down; the round can be solved again or cancelled.
pub fn reopen(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Round, AppError> {
    let (_, round) = operated(work, actor, id, &[Role::Approver, Role::Operator])?;
    let next = step(&round, Event::Reopen, expected_version)?;
    let changes = Changes { failure: Some(reason), proposed_by: Some(None), ..Changes::default() };
    advance(work, &round, (Event::Reopen, next), &changes, reason)
}

/// Gives the round up.
pub fn cancel(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Round, AppError> {
    let (_, round) = operated(work, actor, id, &[Role::Operator, Role::Approver])?;
    let next = step(&round, Event::Cancel, expected_version)?;
    let changes = Changes { failure: Some(reason), ..Changes::default() };
    advance(work, &round, (Event::Cancel, next), &changes, reason)
}

/// Makes the approved plan binding: awards, shortages, reserved stock. `None` if that was done before.
///
/// Part of `orders::service::publish`, which adds the purchase orders in the same transaction.
pub fn publish(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
) -> Result<(Round, Option<Vec<Award>>), AppError> {
    let (_, round) = operated(work, actor, id, &[Role::Operator, Role::Approver])?;
    if round.status == Status::Published {
        return Ok((round, None));
    }
    let next = step(&round, Event::Publish, expected_version)?;
    let round = advance(work, &round, (Event::Publish, next), &Changes::default(), "")?;
    let awards = publish::award(work, &round)?;
    work.checkpoint("published");
    Ok((round, Some(awards)))
}

/// Freezes an approved round anew, because stock that its plan counts on went elsewhere: it is closed again, with the
/// reason, and can be solved with what there is now.
pub fn refreeze(work: &mut Work<'_>, actor: &Actor, id: i64, reason: &str) -> Result<Round, AppError> {
    let (market, round) = operated(work, actor, id, &[Role::Operator, Role::Approver])?;
    let next = step(&round, Event::Refreeze, round.version)?;
    let changes = Changes { failure: Some(reason), proposed_by: Some(None), approved_by: Some(None) };
    let closed = advance(work, &round, (Event::Refreeze, next), &changes, reason)?;
    freeze(work, &market, &closed)
}

/// The status after `event`; refused if the caller saw another version or the table does not allow it.
pub(super) fn step(round: &Round, event: Event, expected_version: i64) -> Result<Status, AppError> {
    if round.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    state::next(round.status, event).map_err(|error| AppError::refused_with(error, round.status.word()))
}

pub(super) fn advance(
    work: &mut Work<'_>,
    round: &Round,
    (event, next): (Event, Status),
    changes: &Changes<'_>,
    reason: &str,
) -> Result<Round, AppError> {
    if !store::update(work.connection, work.scope, round, next, changes)? {
        // It was read in this transaction, so another changed it since: looked at again, it may be as it is asked to be.
        return Err(DbError::Raced.into());
    }
    work.record(Change {
        market_id: Some(round.market_id),
        subject: "rounds",
        subject_id: round.id,
        event: event.word(),
        old: round.status.word(),
        new: next.word(),
        reason,
    })?;
    found(work.connection, work.scope, round.id)
}

pub(super) fn found(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Round, AppError> {
    store::find(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// A market that the organisation acted for runs; refused for other members, and a foreign market looks like a missing one.
fn operated_market(connection: &mut DbConnection, scope: &Scope, market_id: i64) -> Result<Market, AppError> {
    let market = markets::service::get(connection, scope, market_id)?;
    if scope.runs(market_id) { Ok(market) } else { Err(CommonError::Forbidden.into()) }
}

/// A round about which the actor may decide.
fn operated(work: &mut Work<'_>, actor: &Actor, id: i64, roles: &[Role]) -> Result<(Market, Round), AppError> {
    let round = found(work.connection, work.scope, id)?;
    let market = operated_market(work.connection, work.scope, round.market_id)?;
    actor.require_role(roles)?;
    duties::require_outsider(work, actor, &round)?;
    Ok((market, round))
}

/// A round of a market within sight.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Round, AppError> {
    found(connection, scope, id)
}

/// Codes of the commodities that a round covers; empty means all.
pub fn commodities(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<String>, AppError> {
    let ids = store::list_commodity_ids(connection, scope, round_id)?;
    let mut known = catalog::service::load_all(connection)?;
    Ok(ids.iter().filter_map(|id| known.remove(id)).map(|commodity| commodity.code).collect())
}

/// Rounds of a market after an id, by id.
pub fn list(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Round>, AppError> {
    markets::service::get(connection, scope, market_id)?;
    store::list(connection, scope, market_id, after, limit)
}

/// The frozen problem (operator and observers: it holds everybody's prices).
pub fn get_snapshot(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Snapshot, AppError> {
    let round = found(connection, scope, id)?;
    require_whole(scope, &round)?;
    store::find_snapshot(connection, scope, round.id)?.ok_or_else(|| RoundError::NoSnapshot.into())
}

/// The latest plan that passed the check (operator and observers).
pub fn get_plan(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<StoredPlan, AppError> {
    let round = found(connection, scope, id)?;
    require_whole(scope, &round)?;
    store::find_plan(connection, scope, round.id)?.ok_or_else(|| RoundError::NoPlan.into())
}

fn require_whole(scope: &Scope, round: &Round) -> Result<(), AppError> {
    if scope.sees_whole(round.market_id) { Ok(()) } else { Err(CommonError::Forbidden.into()) }
}

/// Awards of a round after an id: members see what they buy and sell.
pub fn list_awards(
    connection: &mut DbConnection,
    scope: &Scope,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Award>, AppError> {
    let round = found(connection, scope, id)?;
    store::list_awards(connection, scope, store::ResultFilter { round_id: round.id, after, limit })
}

/// Shortages of a round after an id: buyers see their own.
pub fn list_shortages(
    connection: &mut DbConnection,
    scope: &Scope,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Shortage>, AppError> {
    let round = found(connection, scope, id)?;
    store::list_shortages(connection, scope, store::ResultFilter { round_id: round.id, after, limit })
}
