//! Opening, closing, solving, approving and giving up rounds. One function per verb, one transaction each.
//!
//! Publishing is `orders::service::publish`, because purchase orders belong to it; it calls [`publish`] for its awards.

use super::errors::RoundError;
use super::state::{self, Event, Status};
use super::store::{self, Changes, NewRun, RoundIdentity};
use super::types::{Award, NewRound, Round, Shortage, Snapshot, SolveRun, StoredPlan, View};
use super::{publish, snapshot};
use crate::audit::{Change, Work};
use crate::catalog;
use crate::db::{DbConnection, series};
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Capability, Role};
use crate::values::Day;
use std::collections::{BTreeMap, BTreeSet};

/// Most delivery days of one round.
pub const LONGEST_WINDOW_DAYS: i64 = 60;
/// Most commodities that a round names; a round of all commodities names none.
pub const MOST_COMMODITIES: usize = 500;

/// Opens a round; its number is the market's next.
pub fn create(work: &mut Work<'_>, actor: &Actor, market_id: i64, new: &NewRound) -> Result<Round, AppError> {
    let market = operated_market(work.connection, actor, market_id)?;
    actor.require_role(&[Role::Operator])?;
    market.require_active()?;
    let commodity_ids = check_new(work, &market, new)?;
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
    found(work.connection, identity.id)
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
    let (market, round) = operated(work.connection, actor, id, &[Role::Operator])?;
    let next = step(&round, Event::Close, expected_version)?;
    // The round leaves `collecting` first: whoever is posting into it holds it until then, so the snapshot misses nothing.
    let closed = advance(work, &round, (Event::Close, next), &Changes::default(), "")?;
    let snapshot = snapshot::take(work.connection, &market, &closed)?;
    store::insert_snapshot(work.connection, &closed, &snapshot, work.now)?;
    store::set_snapshot(work.connection, id, &snapshot.sha256)?;
    found(work.connection, id)
}

/// Begins an attempt at a plan; `solve::spawn` or `solve::solve_now` carries it out after the transaction.
pub fn start_solve(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
) -> Result<(Round, SolveRun), AppError> {
    let (_, round) = operated(work.connection, actor, id, &[Role::Operator])?;
    let next = step(&round, Event::StartSolve, expected_version)?;
    let run = new_run(work, &round, actor.member_id)?;
    let changes = Changes { failure: Some(""), proposed_by: Some(None), ..Changes::default() };
    let round = advance(work, &round, (Event::StartSolve, next), &changes, "")?;
    Ok((round, run))
}

fn new_run(work: &mut Work<'_>, round: &Round, started_by: i64) -> Result<SolveRun, AppError> {
    let new = NewRun {
        id: work.new_id(),
        round_id: round.id,
        market_id: round.market_id,
        attempt: store::last_attempt(work.connection, round.id)? + 1,
        started_by,
    };
    store::insert_run(work.connection, &new, work.now)?;
    store::find_running(work.connection, round.id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Ends an attempt: a checked plan is proposed, anything else fails the round with its reason.
///
/// Refused when the round no longer waits for this run: another process took it over.
pub(super) fn finish_solve(
    work: &mut Work<'_>,
    run: &SolveRun,
    outcome: Result<&StoredPlan, &str>,
) -> Result<Round, AppError> {
    let round = found(work.connection, run.round_id)?;
    if !store::finish_run(work.connection, run.id, outcome, work.now)? {
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

/// Replaces a run that a stopped server left behind by a new attempt at the same snapshot.
pub(super) fn restart_solve(work: &mut Work<'_>, run: &SolveRun) -> Result<SolveRun, AppError> {
    let round = found(work.connection, run.round_id)?;
    let failure = RoundError::SolverInterrupted.def().detail_id;
    if round.status != Status::Solving || !store::finish_run(work.connection, run.id, Err(failure), work.now)? {
        return Err(RoundError::WrongState.into());
    }
    new_run(work, &round, run.started_by)
}

/// Agrees to the proposed plan, as another person than the one who had it computed.
pub fn approve(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<Round, AppError> {
    let (_, round) = operated(work.connection, actor, id, &[Role::Approver])?;
    let next = step(&round, Event::Approve, expected_version)?;
    require_another_person(work.connection, actor, &round)?;
    let changes = Changes { approved_by: Some(Some(actor.member_id)), ..Changes::default() };
    advance(work, &round, (Event::Approve, next), &changes, "")
}

/// One person may hold two roles as two members, so names count too, not only members.
fn require_another_person(connection: &mut DbConnection, actor: &Actor, round: &Round) -> Result<(), AppError> {
    let Some(proposed_by) = round.proposed_by else {
        return Err(RoundError::NoPlan.into());
    };
    let proposer = store::member_name(connection, proposed_by)?.unwrap_or_default();
    let same_name = proposer.trim().to_lowercase() == actor.member_name.trim().to_lowercase();
    if proposed_by == actor.member_id || same_name {
        return Err(RoundError::SamePerson.into());
    }
    Ok(())
}

/// Turns the proposed plan down; the round can be solved again or cancelled.
pub fn reopen(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Round, AppError> {
    let (_, round) = operated(work.connection, actor, id, &[Role::Approver, Role::Operator])?;
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
    let (_, round) = operated(work.connection, actor, id, &[Role::Operator, Role::Approver])?;
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
    let (_, round) = operated(work.connection, actor, id, &[Role::Operator, Role::Approver])?;
    if round.status == Status::Published {
        return Ok((round, None));
    }
    let next = step(&round, Event::Publish, expected_version)?;
    let round = advance(work, &round, (Event::Publish, next), &Changes::default(), "")?;
    let awards = publish::award(work, &round)?;
    Ok((round, Some(awards)))
}

/// The status after `event`; refused if the caller saw another version or the table does not allow it.
fn step(round: &Round, event: Event, expected_version: i64) -> Result<Status, AppError> {
    if round.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    state::next(round.status, event).map_err(|error| AppError::refused_with(error, round.status.word()))
}

fn advance(
    work: &mut Work<'_>,
    round: &Round,
    (event, next): (Event, Status),
    changes: &Changes<'_>,
    reason: &str,
) -> Result<Round, AppError> {
    if !store::update(work.connection, round, next, changes)? {
        return Err(CommonError::VersionStale.into());
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
    found(work.connection, round.id)
}

fn found(connection: &mut DbConnection, id: i64) -> Result<Round, AppError> {
    store::find(connection, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// A market and what the actor may see of it; a foreign market looks like a missing one.
fn visible_market(connection: &mut DbConnection, actor: &Actor, market_id: i64) -> Result<(Market, View), AppError> {
    let market = markets::service::get_visible(connection, actor.organisation_id, market_id)?;
    let observes = actor.role == Role::Observer && actor.capabilities.contains(&Capability::Observer);
    let view = if observes || market.operator_id == actor.organisation_id {
        View::All
    } else {
        View::Own(actor.organisation_id)
    };
    Ok((market, view))
}

fn operated_market(connection: &mut DbConnection, actor: &Actor, market_id: i64) -> Result<Market, AppError> {
    let (market, _) = visible_market(connection, actor, market_id)?;
    if market.operator_id != actor.organisation_id {
        return Err(CommonError::Forbidden.into());
    }
    Ok(market)
}

fn operated(
    connection: &mut DbConnection,
    actor: &Actor,
    id: i64,
    roles: &[Role],
) -> Result<(Market, Round), AppError> {
    let round = found(connection, id)?;
    let market = operated_market(connection, actor, round.market_id)?;
    actor.require_role(roles)?;
    Ok((market, round))
}

/// A round the actor may see, and how much of its results.
pub fn get(connection: &mut DbConnection, actor: &Actor, id: i64) -> Result<(Round, View), AppError> {
    let round = found(connection, id)?;
    let (_, view) = visible_market(connection, actor, round.market_id)?;
    Ok((round, view))
}

/// Codes of the commodities that a round covers; empty means all.
pub fn commodities(connection: &mut DbConnection, round_id: i64) -> Result<Vec<String>, AppError> {
    let ids = store::list_commodity_ids(connection, round_id)?;
    let mut known = catalog::service::load_all(connection)?;
    Ok(ids.iter().filter_map(|id| known.remove(id)).map(|commodity| commodity.code).collect())
}

/// Rounds of a market after an id, by id.
pub fn list(
    connection: &mut DbConnection,
    actor: &Actor,
    market_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Round>, AppError> {
    visible_market(connection, actor, market_id)?;
    store::list(connection, market_id, after, limit)
}

/// The frozen problem (operator and observers: it holds everybody's prices).
pub fn get_snapshot(connection: &mut DbConnection, actor: &Actor, id: i64) -> Result<Snapshot, AppError> {
    let (round, view) = get(connection, actor, id)?;
    require_all(view)?;
    store::find_snapshot(connection, round.id)?.ok_or_else(|| RoundError::NoSnapshot.into())
}

/// The latest plan that passed the check (operator and observers).
pub fn get_plan(connection: &mut DbConnection, actor: &Actor, id: i64) -> Result<StoredPlan, AppError> {
    let (round, view) = get(connection, actor, id)?;
    require_all(view)?;
    store::find_plan(connection, round.id)?.ok_or_else(|| RoundError::NoPlan.into())
}

fn require_all(view: View) -> Result<(), AppError> {
    match view {
        View::All => Ok(()),
        View::Own(_) => Err(CommonError::Forbidden.into()),
    }
}

/// Awards of a round after an id: members see what they buy and sell.
pub fn list_awards(
    connection: &mut DbConnection,
    actor: &Actor,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Award>, AppError> {
    let (round, view) = get(connection, actor, id)?;
    let filter = store::ResultFilter { round_id: round.id, view, after, limit };
    store::list_awards(connection, filter)
}

/// Shortages of a round after an id: buyers see their own.
pub fn list_shortages(
    connection: &mut DbConnection,
    actor: &Actor,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Shortage>, AppError> {
    let (round, view) = get(connection, actor, id)?;
    let filter = store::ResultFilter { round_id: round.id, view, after, limit };
    store::list_shortages(connection, filter)
}
