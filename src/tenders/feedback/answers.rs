//! An answer for every lot of every opened bid: what it won; or at which price it would have, or what stood against it.
//!
//! Thresholds are found by the solver, which changes the one offer's price and solves again; they say nothing about rivals.

use super::store::{self, Of};
use crate::app::App;
use crate::audit::{Change, Work};
use crate::catalog::{self, Commodity};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::rounds::solve::explain::{OfferChance, chances};
use crate::rounds::types::{Snapshot, StoredPlan};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::{bids, calls};
use pasok_solver::plan::Plan;
use std::collections::BTreeMap;

/// Most reasons that one answer names.
const MOST_RULES: usize = 5;
const JOB: Scope = Scope::system("answering bidders");

/// A line of a bid that became an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BidLine {
    /// The bid.
    pub bid_id: i64,
    /// Its call.
    pub call_id: i64,
    /// Who bid.
    pub bidder_id: i64,
    /// Number of the lot in its call.
    pub lot: i64,
    /// The offer it became.
    pub offer_id: i64,
    /// What it offers.
    pub commodity_id: i64,
    /// Its price, ten-thousandths of a rupiah per pricing unit.
    pub price_e4: i64,
}

/// What a bidder is told about one lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Number of the lot.
    pub lot: i64,
    /// Base units that the plan awards.
    pub awarded: i64,
    /// For a lost lot the price at which it would have won something, ten-thousandths per pricing unit; `None` where no price
    /// would have helped, or for a lot that won.
    pub wins_at_e4: Option<i64>,
    /// What stood against it other than its price: the solver's reason codes, the most frequent first.
    pub rules: Vec<String>,
}

/// What a round's answers are made from.
struct Basis {
    round: Round,
    snapshot: Snapshot,
    plan: StoredPlan,
    lines: Vec<BidLine>,
    commodities: BTreeMap<i64, Commodity>,
}

/// Answers every round that has a plan and whose bidders were not answered under it; how many. Blocks: thresholds take solves.
pub fn answer_due(app: &App) -> Result<usize, AppError> {
    let mut answered = 0;
    for round_id in app.read(JOB, |connection, system| Ok(store::list_planned(connection, system)?))? {
        let Some(basis) = app.read(JOB, |connection, system| basis(connection, system, round_id))? else { continue };
        let answers = answers(app, &basis)?;
        app.write(JOB, |work| write(work, &basis, &answers))?;
        answered += 1;
    }
    Ok(answered)
}

/// What to answer from; `None` if that was done.
fn basis(connection: &mut DbConnection, system: &Scope, round_id: i64) -> Result<Option<Basis>, AppError> {
    let plan = rounds::service::get_plan(connection, system, round_id)?;
    let lines = store::list_lines(connection, system, round_id)?;
    if lines.is_empty() || store::has_answers(connection, system, round_id, &plan.sha256)? {
        return Ok(None);
    }
    Ok(Some(Basis {
        round: rounds::service::get(connection, system, round_id)?,
        snapshot: rounds::service::get_snapshot(connection, system, round_id)?,
        commodities: catalog::service::load_all(connection)?,
        plan,
        lines,
    }))
}

fn answers(app: &App, basis: &Basis) -> Result<Vec<(BidLine, Answer)>, AppError> {
    let plan = Plan::from_json(basis.plan.text.as_bytes()).map_err(|_| AppError::unknown_stored("a plan"))?;
    let mut awarded: BTreeMap<i64, i64> = BTreeMap::new();
    for line in &plan.lines {
        if let Ok(offer) = line.offer.parse() {
            *awarded.entry(offer).or_default() += line.quantity;
        }
    }
    let lost: Vec<i64> =
        basis.lines.iter().map(|line| line.offer_id).filter(|offer| !awarded.contains_key(offer)).collect();
    let found = chances(&app.config, &basis.snapshot, &basis.plan, &lost)?;
    let chances: BTreeMap<i64, Option<OfferChance>> = lost.into_iter().zip(found).collect();
    let answer = |line: &BidLine| {
        let won = awarded.get(&line.offer_id).copied().unwrap_or(0);
        let chance = chances.get(&line.offer_id).and_then(Option::as_ref);
        (line.clone(), one(line.lot, won, chance, basis.commodities.get(&line.commodity_id)))
    };
    Ok(basis.lines.iter().map(answer).collect())
}

fn one(lot: i64, awarded: i64, chance: Option<&OfferChance>, commodity: Option<&Commodity>) -> Answer {
    let ticks_per_e4 = commodity.map_or(1, |commodity| commodity.base_unit.ticks_per_e4());
    let mut barred: Vec<(String, usize)> = chance.map(|chance| chance.barred.clone()).unwrap_or_default();
    barred.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
    Answer {
        lot,
        awarded,
        // Rounded down: at the price that is told, the line does win.
        wins_at_e4: chance.and_then(|chance| chance.wins_at).map(|ticks| ticks.div_euclid(ticks_per_e4)),
        rules: barred.into_iter().take(MOST_RULES).map(|(reason, _)| reason).collect(),
    }
}

fn write(work: &mut Work<'_>, basis: &Basis, answers: &[(BidLine, Answer)]) -> Result<(), AppError> {
    // Another process may have been quicker; its answers are the same.
    if store::has_answers(work.connection, work.scope, basis.round.id, &basis.plan.sha256)? {
        return Ok(());
    }
    let of = Of { market_id: basis.round.market_id, round_id: basis.round.id, plan_sha256: &basis.plan.sha256 };
    for (line, answer) in answers {
        store::insert_answer(work.connection, &of, (line.bid_id, line.bidder_id), answer, work.now)?;
    }
    calls::service::tell(work, basis.round.id)?;
    work.record(Change {
        market_id: Some(basis.round.market_id),
        subject: "bid_answers",
        subject_id: basis.round.id,
        event: "answered",
        new: &basis.plan.sha256,
        ..Change::default()
    })
}

/// Whether a round's bidders were answered under its newest plan.
pub fn are_told(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<bool, AppError> {
    let plan = rounds::service::get_plan(connection, scope, round_id)?;
    Ok(store::has_answers(connection, scope, round_id, &plan.sha256)?)
}

/// The newest answers to a bid in sight, by lot.
pub fn of_bid(connection: &mut DbConnection, scope: &Scope, bid_id: i64) -> Result<Vec<Answer>, AppError> {
    let bid = bids::service::get(connection, scope, bid_id)?;
    Ok(store::list_answers(connection, scope, bid.id)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_rounded_down_and_reasons_come_by_weight() {
        let chance = OfferChance {
            offer: "7".to_owned(),
            wins_at: Some(1_999),
            barred: vec![("A".to_owned(), 1), ("B".to_owned(), 9)],
            open_demands: 1,
        };
        let answer = one(3, 0, Some(&chance), None);
        assert_eq!((answer.wins_at_e4, answer.rules), (Some(1_999), vec!["B".to_owned(), "A".to_owned()]));
        assert_eq!(one(3, 5, None, None), Answer { lot: 3, awarded: 5, wins_at_e4: None, rules: vec![] });
    }
}
