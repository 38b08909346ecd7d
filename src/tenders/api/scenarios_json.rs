//! The shapes of scenarios on the wire.

use crate::tenders::scenarios::compare::{Figures, LineChange};
use crate::tenders::scenarios::{NewScenario, Rules, Scenario};
use crate::values::decimal::format_scaled;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The round's problem under one set of rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScenarioJson {
    /// Identifier.
    pub id: String,
    /// The round.
    pub round_id: String,
    /// What people call it.
    pub name: String,
    /// What it asks for beside the round's own problem.
    pub rules: Rules,
    /// `waiting`, `solved` or `failed`.
    pub status: &'static str,
    /// Why it has no plan; empty otherwise.
    pub failure: String,
    /// SHA-256 of the snapshot that it varies.
    pub base_sha256: String,
    /// SHA-256 of the problem that it solves; empty until it is solved.
    pub snapshot_sha256: String,
    /// SHA-256 of its plan; empty until it is solved.
    pub plan_sha256: String,
    /// How long the solver took, in milliseconds.
    pub solve_ms: i64,
    /// Why it was proposed, where it was.
    pub reason: String,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Scenario> for ScenarioJson {
    fn from(scenario: Scenario) -> Self {
        Self {
            id: scenario.id.to_string(),
            round_id: scenario.round_id.to_string(),
            name: scenario.name,
            rules: scenario.rules,
            status: scenario.status.word(),
            failure: scenario.failure,
            base_sha256: scenario.base_sha256,
            snapshot_sha256: scenario.snapshot_sha256,
            plan_sha256: scenario.plan_sha256,
            solve_ms: scenario.solve_ms,
            reason: scenario.reason,
            version: scenario.version,
        }
    }
}

/// Scenarios of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScenarioList {
    /// By id.
    pub items: Vec<ScenarioJson>,
}

/// Scenarios to solve.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenariosBody {
    /// Up to 20.
    pub scenarios: Vec<ScenarioBody>,
}

/// A scenario to solve.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioBody {
    /// What people call it.
    pub name: String,
    /// What it asks for; nothing at all is the cheapest plan.
    #[serde(default)]
    pub rules: Rules,
}

impl ScenarioBody {
    pub(super) fn named(self, name: String) -> NewScenario {
        NewScenario { name, rules: self.rules }
    }
}

/// Why a scenario is chosen.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeBody {
    /// Why; needed for any but the cheapest.
    #[serde(default)]
    pub reason: String,
}

/// Scenarios side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// By scenario.
    pub items: Vec<FiguresJson>,
}

/// One scenario's figures. Money in whole rupiah, shares in permille unless said otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresJson {
    /// The scenario.
    pub scenario: ScenarioJson,
    /// Goods after tiers and discounts.
    pub goods_idr: i64,
    /// Freight and fees.
    pub freight_idr: i64,
    /// What is paid.
    pub total_idr: i64,
    /// What is paid, and shortages at what they count.
    pub objective_idr: i64,
    /// Share of all need that is filled, as a decimal.
    pub filled_share: String,
    /// Suppliers that deliver anything.
    pub suppliers: usize,
    /// The largest supplier's share of the goods.
    pub largest_permille: i64,
    /// Share of the goods by class.
    pub classes: BTreeMap<String, i64>,
    /// Lines of the plan.
    pub lines: usize,
    /// Lines that differ from the cheapest plan.
    pub lines_changed: usize,
    /// What its rules cost.
    pub rules_idr: i64,
    /// Whether it is proved to be the best under its rules.
    pub optimal: bool,
    /// For every scenario in the same order: what this plan costs there more than that one's own; null where it is not allowed.
    pub regret_idr: Vec<Option<i64>>,
}

impl From<Figures> for FiguresJson {
    fn from(figures: Figures) -> Self {
        Self {
            goods_idr: figures.goods_idr,
            freight_idr: figures.freight_idr,
            total_idr: figures.total_idr,
            objective_idr: figures.objective_idr,
            filled_share: format_scaled(figures.filled_millionths, 6),
            suppliers: figures.suppliers,
            largest_permille: figures.largest_permille,
            classes: figures.classes,
            lines: figures.lines,
            lines_changed: figures.changed,
            rules_idr: figures.rules_idr,
            optimal: figures.is_optimal,
            regret_idr: figures.regrets,
            scenario: ScenarioJson::from(figures.scenario),
        }
    }
}

/// Lines that a scenario changes against the cheapest plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineChanges {
    /// By demand, offer and day.
    pub items: Vec<LineChangeJson>,
}

/// A line that differs from the cheapest plan's, in base units.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineChangeJson {
    /// The demand.
    pub demand_id: String,
    /// The offer.
    pub offer_id: String,
    /// The day's number, from 0.
    pub day: i64,
    /// In the cheapest plan.
    pub before: i64,
    /// In this one.
    pub after: i64,
}

impl From<LineChange> for LineChangeJson {
    fn from(change: LineChange) -> Self {
        let LineChange { demand_id, offer_id, day, before, after } = change;
        Self { demand_id, offer_id, day, before, after }
    }
}
