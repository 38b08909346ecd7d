//! Rounds against what they froze: snapshot and plan are read once and held whole, one round at a time.
//!
//! One pass finds what breaks I5, I6, I8 (awards, in `awards`), I23 (the referee) and I24 (hashes and lines).

use super::store::{self, FrozenRow};
use super::{Session, awards};
use crate::error::AppError;
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use std::collections::BTreeSet;

/// Violations of the referee that are repeated here, a round.
const MOST_NAMED: usize = 20;

const PLAN: &str = "I23";
pub(super) const DOCUMENTS: &str = "I24";

/// One round with what it froze, read.
pub(super) struct Frozen {
    pub(super) row: FrozenRow,
    pub(super) problem: Problem,
}

impl Frozen {
    /// The number of a delivery day in the problem.
    pub(super) fn day_number(&self, day: &str) -> Option<i64> {
        let position = self.row.days.as_deref()?.split(',').position(|date| date == day)?;
        i64::try_from(position).ok()
    }
}

pub(super) fn check(session: &mut Session<'_>) -> Result<(), AppError> {
    for round_id in store::round_ids(session.connection)? {
        apart(session, |session| round(session, round_id))?;
    }
    Ok(())
}

/// Works on a thread of its own, whose memory goes back to the system when it ends: what one round left in the heap would
/// otherwise lie beside the documents of the next.
fn apart(
    session: &mut Session<'_>,
    work: impl FnOnce(&mut Session<'_>) -> Result<(), AppError> + Send,
) -> Result<(), AppError> {
    let mut own = Session { connection: &mut *session.connection, report: &mut *session.report, id: session.id };
    std::thread::scope(|threads| threads.spawn(move || work(&mut own)).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn round(session: &mut Session<'_>, round_id: i64) -> Result<(), AppError> {
    let row = store::frozen(session.connection, round_id)?;
    // The plan first: the room that its text leaves is filled by the problem.
    let plan = plan(session, &row)?;
    let problem = snapshot(session, &row)?;
    let Some(problem) = problem else { return Ok(()) };
    let frozen = Frozen { row, problem };
    if let Some(plan) = &plan {
        referee(session, &frozen, plan);
    }
    let published = plan.as_ref().filter(|_| frozen.row.status == "published");
    awards::check(session, &frozen, published)?;
    if let Some(plan) = published {
        same_shortages(session, &frozen, plan)?;
    }
    Ok(())
}

/// The problem; its text is never held beside it.
fn snapshot(session: &mut Session<'_>, row: &FrozenRow) -> Result<Option<Problem>, AppError> {
    let Some(stated) = &row.sha256 else {
        if !matches!(row.status.as_str(), "collecting" | "cancelled") {
            session.found_as(DOCUMENTS, "rounds", row.id, format!("is {} without a snapshot", row.status));
        }
        return Ok(None);
    };
    let read = store::snapshot(session.connection, row.id, stated)?;
    if read.sha256 != *stated || row.snapshot_sha256 != *stated {
        let what = format!("snapshot {}, stated {stated}, round says {}", read.sha256, row.snapshot_sha256);
        session.found_as(DOCUMENTS, "rounds", row.id, what);
    }
    if read.value.is_none() {
        session.found_as(DOCUMENTS, "rounds", row.id, "snapshot cannot be read");
    }
    Ok(read.value)
}

/// The plan that the round was or would be published by.
fn plan(session: &mut Session<'_>, row: &FrozenRow) -> Result<Option<Plan>, AppError> {
    let (Some(run_id), Some(stated)) = (row.run_id, &row.plan_sha256) else {
        if matches!(row.status.as_str(), "proposed" | "approved" | "published") {
            session.found_as(DOCUMENTS, "rounds", row.id, format!("is {} without a plan", row.status));
        }
        return Ok(None);
    };
    let read = store::plan(session.connection, run_id)?;
    if read.sha256 != *stated {
        session.found_as(DOCUMENTS, "rounds", row.id, format!("plan {}, stated {stated}", read.sha256));
    }
    if read.value.is_none() {
        session.found_as(DOCUMENTS, "rounds", row.id, "plan cannot be read");
    }
    Ok(read.value)
}

fn referee(session: &mut Session<'_>, frozen: &Frozen, plan: &Plan) {
    let sha256 = frozen.row.sha256.as_deref().unwrap_or_default();
    let report = pasok_solver::check::check(&frozen.problem, sha256, plan);
    for violation in report.violations.iter().take(MOST_NAMED) {
        let what = format!("plan {} {}", violation.pointer, violation.text);
        session.found_as(PLAN, "rounds", frozen.row.id, what);
    }
}

fn same_shortages(session: &mut Session<'_>, frozen: &Frozen, plan: &Plan) -> Result<(), AppError> {
    let reason = |shortage: &pasok_solver::plan::Shortage| {
        let word = serde_json::to_value(shortage.reason).unwrap_or_default();
        word.as_str().unwrap_or_default().to_owned()
    };
    let mut wanted: BTreeSet<(String, String, i64, String)> = plan
        .shortages
        .iter()
        .map(|s| (s.demand.clone(), reason(s), s.quantity, s.limited_by.clone().unwrap_or_default()))
        .collect();
    for row in store::shortages(session.connection, frozen.row.id)? {
        if !wanted.remove(&(row.demand_id.to_string(), row.reason, row.quantity, row.limited_by)) {
            session.found_as(DOCUMENTS, "shortages", row.id, "is not in the plan");
        }
    }
    for (demand, reason, quantity, _) in wanted {
        let what = format!("shortage of demand {demand}, {reason}, {quantity} was not written");
        session.found_as(DOCUMENTS, "rounds", frozen.row.id, what);
    }
    Ok(())
}
