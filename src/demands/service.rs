//! Posting, changing, withdrawing and reading demands. One function per verb, one transaction each.

use super::entry::{DemandEntry, Draft, QuantityEntry, check_accept};
use super::errors::DemandError;
use super::facts::{BUYING, Setting};
use super::rules;
use super::state::{DemandEvent, next};
use super::store::{self, natural_key};
use super::types::{Demand, NewDemand};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Traders};
use crate::parties::{Actor, Role};
use crate::scope::Scope;
use crate::values::Quantity;
use std::collections::{BTreeSet, HashSet};

/// Most demands in one request.
pub const LARGEST_BATCH: usize = 500;
/// Who enters demands for a buyer.
const ENTERING_ROLES: [Role; 2] = [Role::Usaha, Role::Ketua];

/// Posts one demand of the actor's organisation.
pub fn post(work: &mut Work<'_>, actor: &Actor, round_id: i64, entry: &DemandEntry) -> Result<Demand, AppError> {
    let posted = post_entries(work, actor, round_id, std::slice::from_ref(entry), |_| String::new())?;
    posted.into_iter().next().ok_or_else(|| AppError::internal("nothing was posted"))
}

/// Posts many demands of the actor's organisation, all or none; notes point into `/demands`.
pub fn post_batch(
    work: &mut Work<'_>,
    actor: &Actor,
    round_id: i64,
    entries: &[DemandEntry],
) -> Result<Vec<Demand>, AppError> {
    if entries.is_empty() || entries.len() > LARGEST_BATCH {
        return Err(AppError::refused_with(DemandError::TooManyRows, format!("1..{LARGEST_BATCH}")));
    }
    post_entries(work, actor, round_id, entries, |index| format!("/demands/{index}"))
}

/// Posts demands of many buyers, all or none, on behalf of them: only for the market's operator, as a member of it.
///
/// `reason` says where they come from and goes to the audit log with every one of them.
pub fn post_many(work: &mut Work<'_>, round_id: i64, new: &[NewDemand], reason: &str) -> Result<Vec<Demand>, AppError> {
    let setting = Setting::hold(work.connection, work.scope, round_id)?;
    if !work.scope.runs(setting.market.id) {
        return Err(CommonError::NotFound.into());
    }
    require_open(work, &setting)?;
    let drafts = new.iter().map(Draft::from).collect();
    let reason = format!("on behalf of the buyer: {reason}");
    place(work, &setting, drafts, Checks::default(), &reason, |index| format!("/demands/{index}"))
}

fn post_entries(
    work: &mut Work<'_>,
    actor: &Actor,
    round_id: i64,
    entries: &[DemandEntry],
    pointer: impl Fn(usize) -> String,
) -> Result<Vec<Demand>, AppError> {
    let setting = enter(work, actor, round_id)?;
    let mut checks = Checks::default();
    let mut drafts = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        checks.within(pointer(index));
        drafts.push(entry.read(actor.organisation_id, &setting, &mut checks));
    }
    place(work, &setting, drafts, checks, "", pointer)
}

/// The round, held open, for a person who may enter demands in it.
pub(super) fn enter(work: &mut Work<'_>, actor: &Actor, round_id: i64) -> Result<Setting, AppError> {
    actor.require_role(&ENTERING_ROLES)?;
    // A round of a market that the organisation does not belong to looks like no round.
    let setting = Setting::hold(work.connection, work.scope, round_id)?;
    markets::duties::require_trader(work.connection, actor, &setting.market)?;
    let buyer = BTreeSet::from([actor.organisation_id]);
    let buyers = Traders::load(work.connection, work.scope, setting.market.id, &buyer, &BTreeSet::new())?;
    buyers.standing(actor.organisation_id, &BUYING).map_err(AppError::refused)?;
    require_open(work, &setting)?;
    Ok(setting)
}

fn require_open(work: &Work<'_>, setting: &Setting) -> Result<(), AppError> {
    if !setting.round.is_collecting {
        return Err(DemandError::RoundNotCollecting.into());
    }
    if work.now >= setting.round.closes_at {
        let hint = setting.round.closes_at.to_string();
        return Err(AppError::refused_with(DemandError::RoundClosedToEntries, hint));
    }
    Ok(())
}

/// Checks all drafts, then writes all that they became; or refuses with everything that is wrong and writes nothing.
fn place(
    work: &mut Work<'_>,
    setting: &Setting,
    drafts: Vec<Draft>,
    mut checks: Checks,
    reason: &str,
    pointer: impl Fn(usize) -> String,
) -> Result<Vec<Demand>, AppError> {
    let created_by = work.principal.member_id.ok_or(CommonError::Forbidden)?;
    let buyer_ids: BTreeSet<i64> = drafts.iter().map(|draft| draft.buyer_id).collect();
    let place_ids: BTreeSet<i64> = drafts.iter().map(|draft| draft.place_id).collect();
    let buyers = Traders::load(work.connection, work.scope, setting.market.id, &buyer_ids, &place_ids)?;
    let existing = store::list_existing(work.connection, work.scope, setting.round.id, &buyer_ids)?;
    let mut keys = HashSet::with_capacity(drafts.len());
    let mut posted = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        checks.within(pointer(index));
        let Some(mut demand) = rules::check(draft, setting, &buyers, created_by, &mut checks) else {
            continue;
        };
        let key = natural_key(&demand);
        demand.id = work.new_id();
        if let Some(before) = existing.get(&key) {
            if let Err(error) = next(before.status, DemandEvent::Revive) {
                checks.add_with("", error, before.id.to_string());
            }
            (demand.id, demand.version) = (before.id, before.version + 1);
        }
        if !keys.insert(key) {
            checks.add("", DemandError::DemandRepeated);
        }
        posted.push(demand);
    }
    checks.finish()?;
    write(work, &posted, reason)?;
    Ok(posted)
}

/// Stores new demands and revives those that have a version before, with one audit entry each.
pub(super) fn write(work: &mut Work<'_>, posted: &[Demand], reason: &str) -> Result<(), AppError> {
    let new: Vec<&Demand> = posted.iter().filter(|demand| demand.version == 1).collect();
    store::insert_demands(work.connection, &new, work.now)?;
    for demand in posted.iter().filter(|demand| demand.version > 1) {
        if !store::revive(work.connection, work.scope, demand)? {
            return Err(CommonError::VersionStale.into());
        }
    }
    let states: Vec<String> = posted.iter().map(state_json).collect();
    let changes: Vec<Change<'_>> = posted
        .iter()
        .zip(&states)
        .map(|(demand, state)| {
            let event = if demand.version == 1 { "posted" } else { DemandEvent::Revive.word() };
            change(demand, event, "", state, reason)
        })
        .collect();
    work.record_all(&changes)
}

fn change<'a>(demand: &Demand, event: &'a str, old: &'a str, new: &'a str, reason: &'a str) -> Change<'a> {
    Change { market_id: Some(demand.market_id), subject: "demands", subject_id: demand.id, event, old, new, reason }
}

/// What can change about a demand, for the audit log.
fn state_json(demand: &Demand) -> String {
    format!(
        r#"{{"status":"{}","quantity":"{}","accept_up_to":"{}"}}"#,
        demand.status, demand.quantity, demand.accept_up_to
    )
}

/// Changes how much is needed.
pub fn change_quantity(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    entry: &QuantityEntry,
) -> Result<Demand, AppError> {
    let (before, setting) = own(work, actor, id, expected_version)?;
    let status = next(before.status, DemandEvent::Change)?;
    let mut checks = Checks::default();
    let read = entry.read(before.commodity_id, &before.entered_unit, &setting, &mut checks);
    if let Some((quantity, accept_up_to, _)) = &read {
        check_accept(*quantity, accept_up_to.unwrap_or(*quantity), &mut checks);
    }
    let (quantity, accept_up_to, entered_unit) = checks.finish_with(read)?;
    let after = Demand {
        quantity,
        accept_up_to: accept_up_to.unwrap_or(quantity),
        entered_unit,
        status,
        version: before.version + 1,
        ..before.clone()
    };
    update(work, &before, after, DemandEvent::Change, "")
}

/// Takes a demand back.
pub fn withdraw(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Demand, AppError> {
    let (before, after) = stepped(work, actor, (id, expected_version), DemandEvent::Withdraw)?;
    update(work, &before, after, DemandEvent::Withdraw, reason)
}

/// How much is needed, as it was before a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// Base units that must come.
    pub quantity: Quantity,
    /// Base units that are taken at most.
    pub accept_up_to: Quantity,
}

/// Sets a demand back to the amounts it had before, which were checked when they were entered.
pub fn restore(
    work: &mut Work<'_>,
    actor: &Actor,
    (id, expected_version): (i64, i64),
    amounts: Amounts,
    reason: &str,
) -> Result<Demand, AppError> {
    let (before, after) = stepped(work, actor, (id, expected_version), DemandEvent::Change)?;
    let Amounts { quantity, accept_up_to } = amounts;
    let mut checks = Checks::default();
    check_accept(quantity, accept_up_to, &mut checks);
    checks.finish()?;
    update(work, &before, Demand { quantity, accept_up_to, ..after }, DemandEvent::Change, reason)
}

/// Makes a withdrawn demand stand again as it was.
pub fn revive(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Demand, AppError> {
    let (_, after) = stepped(work, actor, (id, expected_version), DemandEvent::Revive)?;
    write(work, std::slice::from_ref(&after), reason)?;
    Ok(after)
}

/// One of the actor's own demands as it is, and a version on in the status that an event leads to.
fn stepped(
    work: &mut Work<'_>,
    actor: &Actor,
    (id, expected_version): (i64, i64),
    event: DemandEvent,
) -> Result<(Demand, Demand), AppError> {
    let (before, _) = own(work, actor, id, expected_version)?;
    let after = Demand { status: next(before.status, event)?, version: before.version + 1, ..before.clone() };
    Ok((before, after))
}

/// One of the actor's own demands in the version it saw, in a round that is open for entries.
fn own(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<(Demand, Setting), AppError> {
    actor.require_role(&ENTERING_ROLES)?;
    let is_own = |demand: &Demand| demand.buyer_id == actor.organisation_id;
    let round_id =
        store::find_demand(work.connection, work.scope, id)?.filter(is_own).ok_or(CommonError::NotFound)?.round_id;
    let setting = enter(work, actor, round_id)?;
    let demand = get(work.connection, work.scope, id)?;
    if demand.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    Ok((demand, setting))
}

fn update(
    work: &mut Work<'_>,
    before: &Demand,
    after: Demand,
    event: DemandEvent,
    reason: &str,
) -> Result<Demand, AppError> {
    if !store::update_open(work.connection, work.scope, &after)? {
        return Err(CommonError::VersionStale.into());
    }
    let (old, new) = (state_json(before), state_json(&after));
    work.record(change(&after, event.word(), &old, &new, reason))?;
    Ok(after)
}

/// A demand of one's own, or of a market one runs; any other is answered as if it did not exist.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Demand, AppError> {
    store::find_demand(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Demands of a round after an id, by id: all for those who run its market, otherwise one's own.
pub fn list_of_round(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Demand>, AppError> {
    store::find_round(connection, scope, round_id)?.ok_or(CommonError::NotFound)?;
    store::list_of_round(connection, scope, round_id, after, limit)
}

/// Demands of the organisation acted for after an id, by id.
pub fn list_own(connection: &mut DbConnection, scope: &Scope, after: i64, limit: i64) -> Result<Vec<Demand>, AppError> {
    store::list_own(connection, scope, after, limit)
}

/// Every open demand of a round, by id: what a snapshot is made of.
pub fn list_open_of_round(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
) -> Result<Vec<Demand>, AppError> {
    store::list_open_of_round(connection, scope, round_id)
}

/// The demands with these ids that can be seen, in no particular order.
pub fn list_by_ids(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<Vec<Demand>, AppError> {
    store::list_by_ids(connection, scope, ids)
}

/// Whether one of these organisations needs something in the round, or one of these members entered something there.
pub fn takes_part(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    organisations: &[i64],
    members: &[i64],
) -> Result<bool, AppError> {
    Ok(store::takes_part(connection, scope, round_id, (organisations, members))?)
}
