//! Carrying out scenarios: each in a child process of its own, so many side by side as there are places for solves.
//!
//! The cheapest comes first, because some rules are stated against it. Two processes at the same scenario do no harm: the same
//! problem gives the same plan, and the first to write it down wins.

use super::rules::Rules;
use super::types::{Scenario, ScenarioStatus};
use super::{choices, service};
use crate::app::App;
use crate::audit::Principal;
use crate::error::AppError;
use crate::rounds;
use crate::rounds::types::{Snapshot, StoredPlan};
use crate::scope::Scope;
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const JOB: Scope = Scope::system("scenarios");

/// A round's frozen problem, as read for its scenarios.
struct Base {
    snapshot: Snapshot,
    problem: Problem,
}

/// Solves every scenario of a round that waits, and blocks until that is done. `news` hears the name of each that ends.
pub fn solve_now(app: &App, round_id: i64, news: &(dyn Fn(&str) + Sync)) -> Result<(), AppError> {
    let waiting: Vec<Scenario> = app
        .read(JOB, |connection, system| service::list(connection, system, round_id))?
        .into_iter()
        .filter(|scenario| scenario.status == ScenarioStatus::Waiting)
        .collect();
    let Some(first) = waiting.first() else { return Ok(()) };
    let sha256 = first.base_sha256.clone();
    let snapshot =
        app.read(JOB, |connection, system| rounds::sealed::snapshot(connection, system, round_id, &sha256))?;
    let problem = serde_json::from_str(&snapshot.text).map_err(AppError::unknown_stored)?;
    let base = Base { snapshot, problem };
    let (cheapest, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|one| one.rules.is_cheapest());
    side_by_side(app, &base, None, &cheapest, news)?;
    let reference = reference(app, round_id, &base, &others)?;
    side_by_side(app, &base, reference.as_ref(), &others, news)
}

/// The cheapest plan of the round: of the scenario that asks for it, or solved here if none does and a rule needs it.
fn reference(app: &App, round_id: i64, base: &Base, others: &[Scenario]) -> Result<Option<Plan>, AppError> {
    if !others.iter().any(|scenario| scenario.rules.needs_cheapest()) {
        return Ok(None);
    }
    let found = app.read(JOB, |connection, system| {
        let all = service::list(connection, system, round_id)?;
        let solved = all.into_iter().find(|one| {
            one.rules.is_cheapest() && one.status == ScenarioStatus::Solved && one.base_sha256 == base.snapshot.sha256
        });
        solved.map(|one| service::plan(connection, system, one.id)).transpose()
    })?;
    if found.is_some() {
        return Ok(found);
    }
    let plan = rounds::solve::solve_snapshot(app, &base.snapshot)?;
    Ok(Some(serde_json::from_str(&plan.text).map_err(AppError::internal)?))
}

/// Solves some scenarios, a bounded number at once; the first fault of ours is answered when all have ended.
fn side_by_side(
    app: &App,
    base: &Base,
    cheapest: Option<&Plan>,
    scenarios: &[Scenario],
    news: &(dyn Fn(&str) + Sync),
) -> Result<(), AppError> {
    let (next, fault) = (AtomicUsize::new(0), Mutex::new(None));
    std::thread::scope(|threads| {
        for _ in 0..app.config.limits.solves.min(scenarios.len()) {
            threads.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match one(app, base, cheapest, scenario) {
                        Ok(()) => news(&scenario.name),
                        Err(error) => {
                            *fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
                        }
                    }
                }
            });
        }
    });
    fault.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
}

fn one(app: &App, base: &Base, cheapest: Option<&Plan>, scenario: &Scenario) -> Result<(), AppError> {
    let outcome = attempt(app, base, cheapest, &scenario.rules);
    let clash = if outcome.is_err() { clash(app, base, cheapest, &scenario.rules) } else { None };
    let failure = match &outcome {
        _ if clash.is_some() => clash.unwrap_or_default(),
        Ok(_) => String::new(),
        Err(AppError::Refused(refusal)) => {
            format!("{}: {} ({})", refusal.def.code, refusal.def.detail_id, refusal.hint)
        }
        Err(error) => error.to_string(),
    };
    let by = Principal { member_id: Some(scenario.created_by), organisation_id: None };
    app.write(Scope::system_for("scenarios", by), |work| {
        let outcome = outcome.as_ref().map(|(snapshot, plan)| (snapshot, plan)).map_err(|_| failure.as_str());
        service::finish(work, scenario, outcome)
    })
}

/// What to say where fixed lines cannot hold together; `None` where that is not why there is no plan.
fn clash(app: &App, base: &Base, cheapest: Option<&Plan>, rules: &Rules) -> Option<String> {
    if rules.pins.is_empty() {
        return None;
    }
    let text = serde_json::to_string(&rules.apply(&base.problem, cheapest)).ok()?;
    let clashes = rounds::solve::explain::clashes(&app.config, &text).ok()?;
    clashes.first().map(|pins| choices::clash_text(pins))
}

fn attempt(app: &App, base: &Base, cheapest: Option<&Plan>, rules: &Rules) -> Result<(Snapshot, StoredPlan), AppError> {
    let problem = rules.apply(&base.problem, cheapest);
    let text = serde_json::to_string(&problem).map_err(AppError::internal)?;
    let snapshot = rounds::sealed::snapshot_of(text, &base.snapshot.days);
    let plan = rounds::solve::solve_snapshot(app, &snapshot)?;
    Ok((snapshot, plan))
}

/// [`solve_now`] in the background, when a place for solves is free; asked twice for a round, it is done once.
pub fn spawn(app: &App, round_id: i64) {
    // Negative: scenarios of a round are not its own solve.
    let Some(running) = app.progress.begin(-round_id) else { return };
    let app = app.clone();
    tokio::spawn(async move {
        let place = app.progress.place().await;
        tokio::task::spawn_blocking(move || {
            if let Err(error) = solve_now(&app, round_id, &|name| running.tell(name.to_owned())) {
                tracing::error!(round.id = round_id, error = error.code(), "scenarios could not be solved");
            }
            drop(place);
        });
    });
}
