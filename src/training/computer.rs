//! What the computer plays: whoever is missing in a class. One press, one step of the round, so that people see each.

use super::class::Class;
use super::{SYSTEM, scenario, seats};
use crate::app::App;
use crate::db::DbConnection;
use crate::demo::Scenario;
use crate::demo::load::{self, Set, Target};
use crate::error::{AppError, CommonError};
use crate::orders::{self, Answer, Order, OrderFilter, RejectReason};
use crate::parties::{self, Actor, Member, Role, people};
use crate::places;
use crate::rounds::{self, Round, RoundError, Status};
use crate::scope::Scope;
use crate::values::{Day, Timestamp};
use crate::{demands, offers, word_enum};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The names that the computer plays under.
pub const COMPUTERS: [&str; 4] = load::NAMES;
/// A training round takes entries for two days, unless somebody closes it earlier.
const OPEN_S: i64 = 2 * 24 * 3_600;
/// Days from today to the earliest delivery, so that a round closes before.
const AHEAD_DAYS: i64 = 3;
const MOST: i64 = 10_000;
/// With at least so many orders to answer, the computer turns the last one down: people should see that once.
const ENOUGH_ORDERS: usize = 4;
const WAIT: Duration = Duration::from_millis(200);
/// Most steps and waits until the first week is over.
const MOST_STEPS: usize = 150;

word_enum! {
    /// What comes next in a class.
    Stage {
        /// The next week's round is opened, with offers.
        Open = "open",
        /// Buyers whose seat is empty say what they need; the round is closed.
        Close = "close",
        /// The plan is computed.
        Solve = "solve",
        /// It is being computed.
        Wait = "wait",
        /// The other person approves.
        Approve = "approve",
        /// Orders go out.
        Publish = "publish",
        /// Sellers whose seat is empty answer.
        Answer = "answer",
    }
}

/// What comes next, and the round it is about.
pub fn stage(connection: &mut DbConnection, system: &Scope, class: &Class) -> Result<(Stage, Option<Round>), AppError> {
    let Some(round) = rounds::service::list(connection, system, class.market.id, 0, MOST)?.pop() else {
        return Ok((Stage::Open, None));
    };
    let stage = match round.status {
        Status::Collecting => Stage::Close,
        Status::Closed | Status::Failed => Stage::Solve,
        Status::Solving => Stage::Wait,
        Status::Proposed => Stage::Approve,
        Status::Approved => Stage::Publish,
        Status::Cancelled => Stage::Open,
        Status::Published if unanswered(connection, system, class, round.id)?.is_empty() => Stage::Open,
        Status::Published => Stage::Answer,
    };
    Ok((stage, Some(round)))
}

/// Takes the next step if it is still the one expected, solving included; answers what comes afterwards. Asked twice, it is
/// taken once.
pub fn step(app: &App, class: &Class, expected: Stage) -> Result<Stage, AppError> {
    if let Some(round_id) = begin_step(app, class, expected)? {
        mended(rounds::solve::solve_now(app, round_id, &mut |_| {}).map(|_| ()))?;
    }
    app.read(SYSTEM, |connection, system| stage(connection, system, class)).map(|(stage, _)| stage)
}

/// The same without waiting for a solve: answers the round that is to be solved, if one is.
pub fn begin_step(app: &App, class: &Class, expected: Stage) -> Result<Option<i64>, AppError> {
    let (now, round) = app.read(SYSTEM, |connection, system| stage(connection, system, class))?;
    if now != expected {
        return Ok(None);
    }
    let solves = round.as_ref().filter(|_| now == Stage::Solve).map(|round| round.id);
    mended(act(app, class, now, round)).map(|()| solves)
}

/// Nothing is wrong where somebody else was quicker with the same step.
fn mended(done: Result<(), AppError>) -> Result<(), AppError> {
    let quicker = [RoundError::WrongState.code(), RoundError::Exists.code(), CommonError::VersionStale.code()];
    match done {
        Err(error) if quicker.contains(&error.code()) => Ok(()),
        done => done,
    }
}

fn act(app: &App, class: &Class, stage: Stage, round: Option<Round>) -> Result<(), AppError> {
    let set = set_of(app, class)?;
    let (operator, approver) = (&set.operator, &set.approver);
    match (stage, round) {
        (Stage::Open, last) => open(app, class, &set, last.as_ref()),
        (Stage::Close, Some(round)) => {
            fill(app, class, &set, &round)?;
            app.write(operator, |work| rounds::service::close(work, operator, round.id, round.version)).map(|_| ())
        }
        (Stage::Solve, Some(round)) => app
            .write(operator, |work| rounds::service::start_solve(work, operator, round.id, round.version))
            .map(|_| ()),
        (Stage::Approve, Some(round)) => {
            app.write(approver, |work| rounds::service::approve(work, approver, round.id, round.version)).map(|_| ())
        }
        (Stage::Publish, Some(round)) => {
            app.write(approver, |work| orders::service::publish(work, approver, round.id, round.version)).map(|_| ())
        }
        (Stage::Answer, Some(round)) => answer(app, class, round.id),
        _ => Ok(()),
    }
}

/// Plays until the second round collects, so that people find a finished week behind them and an open one before them. Blocks;
/// safe to repeat, and only one at a time in a process.
pub fn prepare(app: &App, class: &Class) -> Result<(), AppError> {
    let Some(_running) = app.progress.begin(class.market.id) else { return Ok(()) };
    for _ in 0..MOST_STEPS {
        let now = app.read(SYSTEM, |connection, system| {
            let (now, _) = stage(connection, system, class)?;
            Ok(if is_ready(connection, system, class)? { None } else { Some(now) })
        })?;
        match now {
            None => return Ok(()),
            Some(Stage::Wait) => std::thread::sleep(WAIT),
            Some(now) => step(app, class, now).map(|_| ())?,
        }
    }
    Err(RoundError::SolverTimeout.into())
}

/// Whether the first week is over and the second is open.
pub fn is_ready(connection: &mut DbConnection, system: &Scope, class: &Class) -> Result<bool, AppError> {
    Ok(rounds::service::list(connection, system, class.market.id, 0, 2)?.len() > 1)
}

/// The records of a class, found again from its scenario.
pub(super) fn set_of(app: &App, class: &Class) -> Result<Set, AppError> {
    let scenario = scenario::of(&class.code, class.run)?;
    app.read(SYSTEM, |connection, system| find_set(connection, system, class, &scenario))
}

fn find_set(
    connection: &mut DbConnection,
    system: &Scope,
    class: &Class,
    scenario: &Scenario,
) -> Result<Set, AppError> {
    let mut found = Vec::with_capacity(scenario.organisations.len());
    for planned in &scenario.organisations {
        let organisation = parties::service::find_by_code(connection, system, &planned.code)?;
        let organisation = organisation.ok_or_else(|| AppError::unknown_stored(&planned.code))?;
        let place = places::service::list_of_organisation(connection, system, organisation.id, 0, 1)?.pop();
        found.push(place.ok_or_else(|| AppError::unknown_stored(&planned.code))?);
    }
    let office = people::list_members(connection, class.market.operator_id, 0, MOST)?;
    Ok(Set {
        market: class.market.clone(),
        places: found,
        commodities: load::commodity_ids(connection, scenario)?,
        operator: computer(connection, system, &office, Role::Operator)?,
        approver: computer(connection, system, &office, Role::Approver)?,
    })
}

/// The computer in a role of an organisation.
fn computer(connection: &mut DbConnection, system: &Scope, members: &[Member], role: Role) -> Result<Actor, AppError> {
    let own = members.iter().find(|member| member.role == role && COMPUTERS.contains(&member.name.as_str()));
    let own = own.ok_or_else(|| AppError::unknown_stored(format!("no computer as {role}")))?;
    people::actor_of(connection, system, own.id)
}

/// Opens the next week's round. Sellers whose seat is empty offer what they have.
fn open(app: &App, class: &Class, set: &Set, last: Option<&Round>) -> Result<(), AppError> {
    let scenario = scenario::of(&class.code, class.run)?;
    let taken = taken(app, class)?;
    app.write(&set.operator, |work| {
        let week = next_week(&scenario, class, work.now, last)?;
        let target = Target { scenario: &scenario, set, week };
        load::open_round(work, &target, OPEN_S)?;
        let mut supply = target.offers()?;
        supply.retain(|offer| !taken.contains(&offer.seller_id));
        offers::service::post_many(work, class.market.id, &supply, load::REASON).map(|_| ())
    })
}

fn next_week(scenario: &Scenario, class: &Class, now: Timestamp, last: Option<&Round>) -> Result<i64, AppError> {
    let first = load::day(scenario.market.first_delivery_day)?;
    let soon = Day::of(now, class.market.time_zone.iana()).plus(AHEAD_DAYS);
    let earliest = last.map_or(soon, |round| round.delivery_from.plus(7).max(soon));
    Ok((earliest.days_since(first) + 6).div_euclid(7).max(0))
}

/// Buyers whose seat is empty say what they need, unless they have said so.
fn fill(app: &App, class: &Class, set: &Set, round: &Round) -> Result<(), AppError> {
    let scenario = scenario::of(&class.code, class.run)?;
    let taken = taken(app, class)?;
    let first = load::day(scenario.market.first_delivery_day)?;
    let week = round.delivery_from.days_since(first).div_euclid(7);
    app.write(&set.operator, |work| {
        let posted = demands::service::list_open_of_round(work.connection, work.scope, round.id)?;
        let done: BTreeSet<i64> = posted.into_iter().map(|demand| demand.buyer_id).collect();
        let mut needs = Target { scenario: &scenario, set, week }.demands()?;
        needs.retain(|need| !taken.contains(&need.buyer_id) && !done.contains(&need.buyer_id));
        if needs.is_empty() {
            return Ok(());
        }
        demands::service::post_many(work, round.id, &needs, load::REASON).map(|_| ())
    })
}

/// Organisations that a person plays.
fn taken(app: &App, class: &Class) -> Result<BTreeSet<i64>, AppError> {
    let seats = app.read(SYSTEM, |connection, system| seats::list(connection, system, class))?;
    Ok(seats.iter().filter(|seat| seat.persons().next().is_some()).map(|seat| seat.organisation.id).collect())
}

/// Orders that wait for an answer of the computer.
fn unanswered(
    connection: &mut DbConnection,
    system: &Scope,
    class: &Class,
    round_id: i64,
) -> Result<Vec<(Order, Member)>, AppError> {
    let filter = OrderFilter {
        round_id: Some(round_id),
        status: Some(orders::Status::Issued),
        limit: MOST,
        ..OrderFilter::default()
    };
    let waiting = orders::service::list(connection, system, filter)?;
    let seats = seats::list(connection, system, class)?;
    let sellers = seats.iter().filter(|seat| seat.persons().next().is_none());
    let computers: BTreeMap<i64, &Member> =
        sellers.filter_map(|seat| Some((seat.organisation.id, seat.people.first()?))).collect();
    let mine = waiting.into_iter();
    Ok(mine.filter_map(|order| computers.get(&order.seller_id).map(|member| (order, (*member).clone()))).collect())
}

fn answer(app: &App, class: &Class, round_id: i64) -> Result<(), AppError> {
    let waiting = app.read(SYSTEM, |connection, system| unanswered(connection, system, class, round_id))?;
    let turned_down = waiting.len().checked_sub(1).filter(|_| waiting.len() >= ENOUGH_ORDERS);
    for (index, (order, member)) in waiting.into_iter().enumerate() {
        let seller = app.read(SYSTEM, |connection, system| people::actor_of(connection, system, member.id))?;
        let answer = if Some(index) == turned_down {
            Answer::Reject { reason: RejectReason::OutOfStock, note: "latihan".to_owned() }
        } else {
            Answer::Accept
        };
        app.write(&seller, |work| orders::service::answer(work, &seller, order.id, order.version, &answer))?;
    }
    Ok(())
}
