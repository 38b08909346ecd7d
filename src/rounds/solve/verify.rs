//! A plan is untrusted input: it is read and checked against its snapshot in exact integers.

use super::super::errors::RoundError;
use super::super::types::Snapshot;
use super::Failure;
use pasok_solver::check::check;
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;

/// Violations named in a failure; the rest are counted.
const NAMED: usize = 3;

/// A problem and a plan that fits it.
#[derive(Debug)]
pub struct Verified {
    /// The frozen problem.
    pub problem: Problem,
    /// A plan that is allowed, adds up, and is as good as it says.
    pub plan: Plan,
}

/// Reads and checks a plan.
pub fn verify(snapshot: &Snapshot, plan: &str) -> Result<Verified, Failure> {
    let problem: Problem = serde_json::from_str(&snapshot.text)
        .map_err(|error| Failure::new(RoundError::SnapshotAltered, error.to_string()))?;
    let plan: Plan =
        serde_json::from_str(plan).map_err(|error| Failure::new(RoundError::SolverUnreadable, error.to_string()))?;
    let report = check(&problem, &snapshot.sha256, &plan);
    if report.is_clean() {
        return Ok(Verified { problem, plan });
    }
    let named = report.violations.iter().take(NAMED);
    let named: Vec<String> = named.map(|violation| format!("{} {}", violation.pointer, violation.text)).collect();
    let more = (report.violations.len() + report.unlisted).saturating_sub(named.len());
    let more = if more == 0 { String::new() } else { format!(" (+{more})") };
    Err(Failure::new(RoundError::PlanRefused, format!("{}{more}", named.join(" "))))
}
