//! Making, cloning, publishing, changing, closing and giving up calls. One function per verb, one transaction each.
//!
//! Opening is `tenders::opening`. What becomes of bids when terms change needs no write: a bid counts only under the terms it
//! was placed for, so a change outdates every bid at once, whether or not there is one.

use super::super::state::{self, Event, Status};
use super::super::{bids, feedback, seal};
use super::entry::{CallEntry, LotEntry, SECONDS_AN_HOUR};
use super::lots;
use super::store::{self, CallIdentity, Changes};
use super::types::{Call, Lot, LotTerms, Terms};
use crate::audit::{Change, Work};
use crate::db::{DbConnection, DbError, series};
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Role};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::TenderError;
use crate::values::{DayRange, Timestamp};

/// Makes a draft for a round that still collects.
pub fn create(
    work: &mut Work<'_>,
    actor: &Actor,
    round_id: i64,
    entry: &CallEntry,
    lots: &[LotEntry],
) -> Result<Call, AppError> {
    let (market, round) = collecting(work, actor, round_id)?;
    let mut checks = Checks::default();
    let terms = entry.read((&round, market.time_zone.iana()), work.now, &mut checks);
    let lots = lots::read(work, &market, &round, lots, &mut checks)?;
    let terms = checks.finish_with(terms)?;
    insert(work, actor, (&market, &round), &terms, lots, None)
}

/// Makes a draft like the market's newest call, for this round's delivery days.
pub fn clone_last(work: &mut Work<'_>, actor: &Actor, round_id: i64, closes_at: &str) -> Result<Call, AppError> {
    let (market, round) = collecting(work, actor, round_id)?;
    let last = store::find_last(work.connection, work.scope, market.id)?.ok_or(CommonError::NotFound)?;
    let lots = store::list_lots(work.connection, work.scope, last.id)?;
    let days = DayRange::new(round.delivery_from, round.delivery_to).map_err(AppError::unknown_stored)?;
    let mut checks = Checks::default();
    let entry = CallEntry {
        title: last.terms.title.clone(),
        closes_at: closes_at.to_owned(),
        min_bids: last.terms.min_bids,
        partial_awards: last.terms.partial_awards,
        who_may_bid: Vec::new(),
        certificates: Vec::new(),
        documents: last.terms.documents.clone(),
        notes: last.terms.notes.clone(),
        complaint_hours: last.terms.complaint_hours,
    };
    let read = entry.read((&round, market.time_zone.iana()), work.now, &mut checks);
    let terms = Terms {
        who_may_bid: last.terms.who_may_bid.clone(),
        certificates: last.terms.certificates.clone(),
        ..checks.finish_with(read)?
    };
    let lots = lots.into_iter().map(|lot| LotTerms { days, ..lot.terms }).collect();
    insert(work, actor, (&market, &round), &terms, lots, Some(last.id))
}

fn insert(
    work: &mut Work<'_>,
    actor: &Actor,
    (market, round): (&Market, &Round),
    terms: &Terms,
    lots: Vec<LotTerms>,
    cloned_from: Option<i64>,
) -> Result<Call, AppError> {
    if store::has_same(work.connection, work.scope, round.id, &terms.title)? {
        return Err(TenderError::Exists.into());
    }
    let serial = series::take(work.connection, market.operator_id, &format!("call/{}", market.id), 0, 1)?;
    let identity = CallIdentity {
        id: work.new_id(),
        market_id: market.id,
        round_id: round.id,
        number: format!("L-{}-{serial:04}", work.now.year_in(market.time_zone.iana())),
        serial,
        cloned_from,
        created_by: actor.member_id,
    };
    store::insert(work.connection, &identity, terms, work.now)?;
    lots::insert(work, (market.id, identity.id), lots)?;
    work.record(Change {
        market_id: Some(market.id),
        subject: "calls",
        subject_id: identity.id,
        event: "created",
        new: Status::Draft.word(),
        ..Change::default()
    })?;
    found(work.connection, work.scope, identity.id)
}

/// Shows the call to the market: from now on bids are taken, and no plan of the round is computed before they are opened.
pub fn publish(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<Call, AppError> {
    let call = operated(work, actor, id)?;
    let next = step(&call, Event::Publish, expected_version)?;
    let (_, round) = collecting(work, actor, call.round_id)?;
    if call.terms.closes_at <= work.now || call.terms.closes_at > round.closes_at {
        return Err(AppError::refused_with(TenderError::ClosesBadly, format!("> {}, ≤ {}", work.now, round.closes_at)));
    }
    seal::service::require_rehearsed(work.connection, work.scope, call.id)?;
    rounds::sealed::add_call(work, &round)?;
    advance(work, &call, (Event::Publish, next), &Changes::default(), "")
}

/// Changes the terms. Once published, `reason` is what bidders are told, and every bid must be confirmed or placed again.
pub fn change_terms(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    (entry, reason): (&CallEntry, &str),
) -> Result<Call, AppError> {
    let call = operated(work, actor, id)?;
    let next = step(&call, Event::Change, expected_version)?;
    if call.status == Status::Published && work.now >= call.terms.closes_at {
        return Err(TenderError::Closed.into());
    }
    let round = rounds::service::get(work.connection, work.scope, call.round_id)?;
    let market = markets::service::get(work.connection, work.scope, call.market_id)?;
    let mut checks = Checks::default();
    let terms = entry.read((&round, market.time_zone.iana()), work.now, &mut checks);
    let terms = checks.finish_with(terms)?;
    if terms == call.terms {
        return Err(TenderError::NothingNew.into());
    }
    let changes = Changes {
        terms: Some(&terms),
        terms_version: Some(call.terms_version + 1),
        terms_changed: (call.status == Status::Published).then_some((work.now, reason)),
        ..Changes::default()
    };
    advance(work, &call, (Event::Change, next), &changes, reason)
}

/// Gives the call up; bids that were placed are never opened.
pub fn cancel(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Call, AppError> {
    let call = operated(work, actor, id)?;
    let next = step(&call, Event::Cancel, expected_version)?;
    if call.status != Status::Draft {
        rounds::sealed::drop_call(work, call.round_id)?;
    }
    advance(work, &call, (Event::Cancel, next), &Changes { reason: Some(reason), ..Changes::default() }, reason)
}

/// Closes published calls whose time has come, or ends those with too few bids; answers those this call closed. For the
/// system; safe to repeat, and for several processes at once: each call is closed by one of them.
pub fn close_due(work: &mut Work<'_>) -> Result<Vec<Call>, AppError> {
    let mut closed = Vec::new();
    for id in store::list_due(work.connection, work.scope, work.now)? {
        match work.attempt(|work| close_one(work, id)) {
            Ok(call) => closed.push(call),
            // Another process was quicker, or the call was cancelled meanwhile.
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(closed)
}

fn close_one(work: &mut Work<'_>, id: i64) -> Result<Call, AppError> {
    let call = found(work.connection, work.scope, id)?;
    let next = step(&call, Event::Close, call.version)?;
    // The call leaves `published` first: whoever is placing a bid holds it until then, so the count misses nothing.
    let none_yet = Changes { bids_received: Some(0), ..Changes::default() };
    let closed = advance(work, &call, (Event::Close, next), &none_yet, "closes_at")?;
    let received = bids::service::count(work.connection, work.scope, &closed)?;
    settle(work, &closed, received)
}

/// Writes the count down; too few bids end the call.
fn settle(work: &mut Work<'_>, call: &Call, received: i64) -> Result<Call, AppError> {
    let is_enough = received >= call.terms.min_bids;
    let reason = format!("{received} < {}", call.terms.min_bids);
    let (event, next) = if is_enough { (None, Status::Closed) } else { (Some(Event::Fail), Status::Unsuccessful) };
    let changes =
        Changes { bids_received: Some(received), reason: event.map(|_| reason.as_str()), ..Changes::default() };
    if !store::update(work.connection, work.scope, call, next, &changes)? {
        return Err(DbError::Raced.into());
    }
    if let Some(event) = event {
        rounds::sealed::drop_call(work, call.round_id)?;
        record(work, call, event, next, &reason)?;
    }
    bids::service::record_closed(work, call)?;
    work.checkpoint("bids closed");
    found(work.connection, work.scope, call.id)
}

/// Moves the opened calls of a round that is being published to `awarded`. Where its bidders were not answered yet, the time for
/// complaints begins now, and anew when they are.
pub fn award(work: &mut Work<'_>, round_id: i64) -> Result<(), AppError> {
    let calls = list_of_round(work.connection, work.scope, round_id, 0, i64::MAX)?;
    if calls.is_empty() {
        return Ok(());
    }
    let is_told = feedback::answers::are_told(work.connection, work.scope, round_id)?;
    for call in calls {
        if let Ok(next) = state::next(call.status, Event::Award) {
            let until = call.complaints_until.filter(|_| is_told).unwrap_or_else(|| complaints_until(&call, work.now));
            let changes = Changes { complaints_until: Some(until), ..Changes::default() };
            advance(work, &call, (Event::Award, next), &changes, "")?;
        }
    }
    Ok(())
}

/// Begins the time for complaints about the opened calls of a round, because their bidders were answered. For the system.
pub(in crate::tenders) fn tell(work: &mut Work<'_>, round_id: i64) -> Result<(), AppError> {
    for call in list_of_round(work.connection, work.scope, round_id, 0, i64::MAX)? {
        if let Ok(next) = state::next(call.status, Event::Tell) {
            let until = complaints_until(&call, work.now);
            let changes = Changes { complaints_until: Some(until), ..Changes::default() };
            advance(work, &call, (Event::Tell, next), &changes, &until.to_string())?;
        }
    }
    Ok(())
}

fn complaints_until(call: &Call, told: Timestamp) -> Timestamp {
    told.plus_seconds(call.terms.complaint_hours * SECONDS_AN_HOUR)
}

/// Moves the opened calls of a round to `evaluated`, because a plan with their bids was proposed.
pub fn evaluate(work: &mut Work<'_>, round_id: i64, reason: &str) -> Result<(), AppError> {
    for call in list_of_round(work.connection, work.scope, round_id, 0, i64::MAX)? {
        if let Ok(next) = state::next(call.status, Event::Evaluate) {
            advance(work, &call, (Event::Evaluate, next), &Changes::default(), reason)?;
        }
    }
    Ok(())
}

/// The status after `event`; refused if the caller saw another version or the table does not allow it.
pub(in crate::tenders) fn step(call: &Call, event: Event, expected_version: i64) -> Result<Status, AppError> {
    if call.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    state::next(call.status, event).map_err(|error| AppError::refused_with(error, call.status.word()))
}

pub(in crate::tenders) fn advance(
    work: &mut Work<'_>,
    call: &Call,
    (event, next): (Event, Status),
    changes: &Changes<'_>,
    reason: &str,
) -> Result<Call, AppError> {
    if !store::update(work.connection, work.scope, call, next, changes)? {
        return Err(DbError::Raced.into());
    }
    record(work, call, event, next, reason)?;
    found(work.connection, work.scope, call.id)
}

fn record(work: &mut Work<'_>, call: &Call, event: Event, next: Status, reason: &str) -> Result<(), AppError> {
    work.record(Change {
        market_id: Some(call.market_id),
        subject: "calls",
        subject_id: call.id,
        event: event.word(),
        old: call.status.word(),
        new: next.word(),
        reason,
    })
}

fn found(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Call, AppError> {
    store::find(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// A call about which the actor may decide.
pub(in crate::tenders) fn operated(work: &mut Work<'_>, actor: &Actor, id: i64) -> Result<Call, AppError> {
    let call = found(work.connection, work.scope, id)?;
    decides(work, actor, call.market_id, call.round_id)?;
    Ok(call)
}

fn decides(work: &mut Work<'_>, actor: &Actor, market_id: i64, round_id: i64) -> Result<(Market, Round), AppError> {
    let round = rounds::service::get(work.connection, work.scope, round_id)?;
    let market = markets::service::get(work.connection, work.scope, market_id)?;
    if !work.scope.runs(market.id) {
        return Err(CommonError::Forbidden.into());
    }
    actor.require_role(&[Role::Operator])?;
    rounds::duties::require_outsider(work, actor, &round)?;
    Ok((market, round))
}

/// A round that still collects, of a market that the actor runs.
fn collecting(work: &mut Work<'_>, actor: &Actor, round_id: i64) -> Result<(Market, Round), AppError> {
    let round = rounds::service::get(work.connection, work.scope, round_id)?;
    let (market, round) = decides(work, actor, round.market_id, round_id)?;
    market.require_active()?;
    if round.status != rounds::Status::Collecting {
        return Err(AppError::refused_with(TenderError::RoundNotCollecting, round.status.word()));
    }
    Ok((market, round))
}

/// A call in sight.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Call, AppError> {
    found(connection, scope, id)
}

/// Its lots by number.
pub fn lots(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Vec<Lot>, AppError> {
    found(connection, scope, id)?;
    store::list_lots(connection, scope, id)
}

/// Calls of a round after an id, by id.
pub fn list_of_round(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Call>, AppError> {
    rounds::service::get(connection, scope, round_id)?;
    store::list_of_round(connection, scope, round_id, after, limit)
}

/// This call and those opened before it in its market, newest first, at most `most`.
pub fn list_opened_until(
    connection: &mut DbConnection,
    scope: &Scope,
    call: &Call,
    most: i64,
) -> Result<Vec<Call>, AppError> {
    store::list_opened_until(connection, scope, call, most)
}
