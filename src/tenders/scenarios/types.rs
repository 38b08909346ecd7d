//! What a scenario is.

use super::rules::Rules;
use crate::values::Timestamp;
use crate::word_enum;

word_enum! {
    /// How far a scenario is.
    ScenarioStatus {
        /// To be solved, or being solved.
        Waiting = "waiting",
        /// It has a plan that passed the check.
        Solved = "solved",
        /// It has none, with the reason.
        Failed = "failed",
    }
}

/// The round's problem under one set of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The round.
    pub round_id: i64,
    /// What people call it; unique for its round and base.
    pub name: String,
    /// What it asks for beside the round's own problem.
    pub rules: Rules,
    /// How far it is.
    pub status: ScenarioStatus,
    /// Why it has no plan; empty otherwise.
    pub failure: String,
    /// The snapshot that it varies.
    pub base_sha256: String,
    /// The problem that it solves; empty until it is solved.
    pub snapshot_sha256: String,
    /// SHA-256 of its plan; empty until it is solved.
    pub plan_sha256: String,
    /// How long the solver took.
    pub solve_ms: i64,
    /// Why it was proposed, where it was.
    pub reason: String,
    /// The member who asked for it.
    pub created_by: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

/// A scenario to solve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScenario {
    /// What people call it.
    pub name: String,
    /// What it asks for.
    pub rules: Rules,
}
