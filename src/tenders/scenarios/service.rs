//! Asking for scenarios, reading them, proposing one. One function per verb, one transaction each; solving is `solve`.

use super::store::{self, Outcome};
use super::types::{NewScenario, Scenario, ScenarioStatus};
use crate::audit::{Change, Work};
use crate::db::{DbConnection, DbError};
use crate::error::{AppError, Checks, CommonError};
use crate::parties::{Actor, Role};
use crate::rounds::types::{Snapshot, StoredPlan};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::{TenderError, calls};
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;

/// Most scenarios asked for at once.
pub const MOST_AT_ONCE: usize = 20;
/// Most scenarios of one round and base.
pub const MOST_OF_ROUND: usize = 200;

/// Asks for scenarios of a frozen round; those that are there already, by name and rules, are not made twice.
pub fn create(
    work: &mut Work<'_>,
    actor: &Actor,
    round_id: i64,
    new: &[NewScenario],
) -> Result<Vec<Scenario>, AppError> {
    actor.require_role(&[Role::Operator])?;
    let round = decided(work, actor, round_id)?;
    check(new)?;
    let base_sha256 = base(work.connection, work.scope, &round)?;
    check_choices(work, &round, (new, &base_sha256))?;
    let existing = store::list(work.connection, work.scope, round_id)?;
    if existing.len() + new.len() > MOST_OF_ROUND {
        return Err(AppError::refused_with(TenderError::TooManyScenarios, format!("≤ {MOST_OF_ROUND}")));
    }
    let mut made = Vec::with_capacity(new.len());
    for one in new {
        let same = existing.iter().find(|had| had.name == one.name && had.base_sha256 == base_sha256);
        match same {
            Some(had) if had.rules == one.rules => made.push(had.clone()),
            Some(_) => return Err(AppError::refused_with(TenderError::ScenarioRules, one.name.clone())),
            None => made.push(insert(work, actor, &round, (one, &base_sha256))?),
        }
    }
    Ok(made)
}

fn check(new: &[NewScenario]) -> Result<(), AppError> {
    if new.is_empty() || new.len() > MOST_AT_ONCE {
        return Err(AppError::refused_with(TenderError::TooManyScenarios, format!("1..{MOST_AT_ONCE}")));
    }
    let mut checks = Checks::default();
    for (index, one) in new.iter().enumerate() {
        one.rules.check(&format!("/scenarios/{index}/rules"), &mut checks);
    }
    checks.finish()
}

/// Fixed lines and pairs kept apart must be of the problem that the scenarios vary.
fn check_choices(
    work: &mut Work<'_>,
    round: &Round,
    (new, base_sha256): (&[NewScenario], &str),
) -> Result<(), AppError> {
    if !new.iter().any(|one| one.rules.has_choices()) {
        return Ok(());
    }
    let base = rounds::sealed::snapshot(work.connection, work.scope, round.id, base_sha256)?;
    let problem: Problem = serde_json::from_str(&base.text).map_err(AppError::unknown_stored)?;
    let mut checks = Checks::default();
    for (index, one) in new.iter().enumerate() {
        one.rules.check_in(&format!("/scenarios/{index}/rules"), &problem, &mut checks);
    }
    checks.finish()
}

fn insert(
    work: &mut Work<'_>,
    actor: &Actor,
    round: &Round,
    (new, base_sha256): (&NewScenario, &str),
) -> Result<Scenario, AppError> {
    let scenario = Scenario {
        id: work.new_id(),
        market_id: round.market_id,
        round_id: round.id,
        name: new.name.clone(),
        rules: new.rules.clone(),
        status: ScenarioStatus::Waiting,
        failure: String::new(),
        base_sha256: base_sha256.to_owned(),
        snapshot_sha256: String::new(),
        plan_sha256: String::new(),
        solve_ms: 0,
        reason: String::new(),
        created_by: actor.member_id,
        created_at: work.now,
        version: 1,
    };
    let rules = serde_json::to_string(&new.rules).map_err(AppError::internal)?;
    store::insert(work.connection, &scenario, &rules)?;
    record(work, &scenario, "created", &rules, "")?;
    Ok(scenario)
}

/// The snapshot that scenarios of a round vary: what was frozen, not what a proposed scenario made of it.
fn base(connection: &mut DbConnection, scope: &Scope, round: &Round) -> Result<String, AppError> {
    if round.snapshot_sha256.is_empty() {
        return Err(rounds::RoundError::NoSnapshot.into());
    }
    let proposed = store::list(connection, scope, round.id)?;
    let proposed = proposed.into_iter().find(|scenario| scenario.snapshot_sha256 == round.snapshot_sha256);
    Ok(proposed.map_or_else(|| round.snapshot_sha256.clone(), |scenario| scenario.base_sha256))
}

/// Writes what came of a solve; nothing where another process was quicker.
pub(super) fn finish(
    work: &mut Work<'_>,
    scenario: &Scenario,
    outcome: Result<(&Snapshot, &StoredPlan), &str>,
) -> Result<(), AppError> {
    let row = match outcome {
        Ok((snapshot, plan)) => {
            rounds::sealed::keep_snapshot(work, scenario.round_id, snapshot)?;
            Outcome {
                status: ScenarioStatus::Solved.word(),
                failure: "",
                snapshot_sha256: &snapshot.sha256,
                plan: &plan.text,
                plan_sha256: &plan.sha256,
                solve_ms: plan.solve_ms,
            }
        }
        Err(failure) => Outcome { status: ScenarioStatus::Failed.word(), failure, ..Outcome::default() },
    };
    if store::update_outcome(work.connection, work.scope, scenario, &row)? {
        record(work, scenario, row.status, row.plan_sha256, row.failure)?;
    }
    Ok(())
}

/// Proposes a scenario's plan for the round; an approver decides. Any but the cheapest needs a reason.
pub fn propose(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    (expected_version, reason): (i64, &str),
) -> Result<Round, AppError> {
    let scenario = get(work.connection, work.scope, id)?;
    actor.require_role(&[Role::Operator])?;
    let round = decided(work, actor, scenario.round_id)?;
    if scenario.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    if base(work.connection, work.scope, &round)? != scenario.base_sha256 {
        return Err(TenderError::ScenarioOutdated.into());
    }
    if !scenario.rules.is_buyable() {
        return Err(TenderError::ScenarioNotBuyable.into());
    }
    if !scenario.rules.is_cheapest() && reason.trim().is_empty() {
        return Err(TenderError::ReasonNeeded.into());
    }
    let plan = stored_plan(work.connection, work.scope, &scenario)?;
    let said = format!("{}: {reason}", scenario.name);
    let round = rounds::sealed::propose(work, actor, (&round, &scenario.snapshot_sha256), &plan, said.trim())?;
    if !store::update_reason(work.connection, work.scope, &scenario, reason.trim())? {
        return Err(DbError::Raced.into());
    }
    record(work, &scenario, "proposed", &scenario.name, reason)?;
    calls::service::evaluate(work, round.id, &scenario.name)?;
    Ok(round)
}

fn record(work: &mut Work<'_>, scenario: &Scenario, event: &str, new: &str, reason: &str) -> Result<(), AppError> {
    work.record(Change {
        market_id: Some(scenario.market_id),
        subject: "scenarios",
        subject_id: scenario.id,
        event,
        old: "",
        new,
        reason,
    })
}

/// A round of a market that the actor runs and takes no part in.
fn decided(work: &mut Work<'_>, actor: &Actor, round_id: i64) -> Result<Round, AppError> {
    let round = rounds::service::get(work.connection, work.scope, round_id)?;
    if !work.scope.runs(round.market_id) {
        return Err(CommonError::Forbidden.into());
    }
    rounds::duties::require_outsider(work, actor, &round)?;
    Ok(round)
}

/// A scenario of a market that one runs or observes.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Scenario, AppError> {
    store::find(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Scenarios of a round, by id (those who run or observe the market).
pub fn list(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<Scenario>, AppError> {
    let round = rounds::service::get(connection, scope, round_id)?;
    if !scope.sees_whole(round.market_id) {
        return Err(CommonError::Forbidden.into());
    }
    store::list(connection, scope, round_id)
}

fn stored_plan(connection: &mut DbConnection, scope: &Scope, scenario: &Scenario) -> Result<StoredPlan, AppError> {
    let text = store::find_plan(connection, scope, scenario.id)?.ok_or(TenderError::ScenarioUnsolved)?;
    Ok(StoredPlan { text, sha256: scenario.plan_sha256.clone(), solve_ms: scenario.solve_ms })
}

/// The plan of a solved scenario.
pub fn plan(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Plan, AppError> {
    let scenario = get(connection, scope, id)?;
    let text = stored_plan(connection, scope, &scenario)?.text;
    serde_json::from_str(&text).map_err(AppError::unknown_stored)
}
