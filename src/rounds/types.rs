//! What a round is, and what comes out of it.

use super::state::Status;
use crate::values::{Day, Distance, Quantity, Rupiah, Timestamp, UnitPrice};
use crate::word_enum;

/// One round of one market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The number people know it by, `R-2026-0001`.
    pub number: String,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// First delivery day.
    pub delivery_from: Day,
    /// Last delivery day, inclusive.
    pub delivery_to: Day,
    /// Until when demands and offers are taken.
    pub closes_at: Timestamp,
    /// Lower-case hex; empty until it is closed.
    pub snapshot_sha256: String,
    /// Why the last solve failed or why the round was cancelled or turned down; empty otherwise.
    pub failure: String,
    /// The member who had the plan computed.
    pub proposed_by: Option<i64>,
    /// The member who approved it.
    pub approved_by: Option<i64>,
    /// The member who opened it.
    pub created_by: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

/// A round to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRound {
    /// What people call it.
    pub name: String,
    /// First delivery day.
    pub delivery_from: Day,
    /// Last delivery day, inclusive.
    pub delivery_to: Day,
    /// Until when demands and offers are taken.
    pub closes_at: Timestamp,
    /// Codes of the commodities it covers; none named means all.
    pub commodities: Vec<String>,
}

word_enum! {
    /// How a solve stands.
    RunStatus {
        /// A child process is at it (or was, when the server stopped).
        Running = "running",
        /// It gave a plan that passed the check.
        Succeeded = "succeeded",
        /// It gave none.
        Failed = "failed",
    }
}

/// One attempt at a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolveRun {
    /// Its id.
    pub id: i64,
    /// The round.
    pub round_id: i64,
    /// The market.
    pub market_id: i64,
    /// 1 for the first.
    pub attempt: i64,
    /// How it stands.
    pub status: RunStatus,
    /// SHA-256 of the snapshot it solves.
    pub snapshot_sha256: String,
    /// The member who started it.
    pub started_by: i64,
}

/// A frozen problem: exact text and its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// `pasok-problem/1` as canonical JSON.
    pub text: String,
    /// SHA-256 of the text, lower-case hex.
    pub sha256: String,
    /// The dates of its day numbers 0, 1, …
    pub days: Vec<Day>,
}

/// A plan that passed the check, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlan {
    /// Exact text.
    pub text: String,
    /// SHA-256 of the text, lower-case hex.
    pub sha256: String,
    /// How long the solver took, in milliseconds.
    pub solve_ms: i64,
}

/// What a seller must deliver to a buyer: one line of the plan, made binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    /// Its id.
    pub id: i64,
    /// The demand it serves.
    pub demand_id: i64,
    /// The offer it takes from.
    pub offer_id: i64,
    /// The buyer of the demand.
    pub buyer_id: i64,
    /// The seller of the offer.
    pub seller_id: i64,
    /// Where the goods go.
    pub place_id: i64,
    /// What is delivered.
    pub commodity_id: i64,
    /// The delivery day.
    pub day: Day,
    /// How much, in base units.
    pub quantity: Quantity,
    /// Price per pricing unit.
    pub price: UnitPrice,
    /// Freight in ticks per base unit.
    pub freight_ticks: i64,
    /// Road distance.
    pub distance: Distance,
    /// Price × quantity, rounded once, less `rebate`.
    pub goods: Rupiah,
    /// Freight × quantity, rounded once, and `fee`.
    pub freight: Rupiah,
    /// Its part of what incremental tiers took off the offer.
    pub rebate: Rupiah,
    /// Its part of the seller's fees per drop and truck.
    pub fee: Rupiah,
}

/// Need that the plan leaves open, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// Its id.
    pub id: i64,
    /// The demand.
    pub demand_id: i64,
    /// Who lacks it.
    pub buyer_id: i64,
    /// What is missing.
    pub commodity_id: i64,
    /// Why, as the solver's reason code (`STOCK_EXHAUSTED`, …).
    pub reason: String,
    /// How much, in base units.
    pub quantity: Quantity,
    /// The record that limits it, where there is one.
    pub limited_by: String,
}
