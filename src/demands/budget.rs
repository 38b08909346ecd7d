//! What a buyer may spend in a round, goods, freight and fees together: its own figure, which no plan exceeds.
//!
//! Set, changed and taken back like a demand: while the round collects and before it closes. A buyer without one may be served
//! whatever it costs, under the ceilings of its demands. Amounts of single lines are rounded to whole rupiah after the plan is
//! made, so the sum of the orders may differ from it by half a rupiah a line.

use super::service::enter;
use super::store::budgets as store;
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::parties::Actor;
use crate::scope::Scope;
use crate::values::Rupiah;

/// Largest budget, in rupiah: the solver counts up to 10^18 ticks.
pub const LARGEST_IDR: i64 = 100_000_000_000;

/// A buyer's budget in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The round.
    pub round_id: i64,
    /// Whose.
    pub buyer_id: i64,
    /// The most it may spend; 0 where it has none.
    pub amount: Rupiah,
    /// Rises with every change; 0 where none was ever set.
    pub version: i64,
}

/// The budget of an organisation in a round that can be seen.
pub fn get(connection: &mut DbConnection, scope: &Scope, (round_id, buyer_id): (i64, i64)) -> Result<Budget, AppError> {
    let round = super::store::find_round(connection, scope, round_id)?.ok_or(CommonError::NotFound)?;
    let none = Budget { id: 0, market_id: round.market_id, round_id, buyer_id, amount: Rupiah::ZERO, version: 0 };
    Ok(store::find(connection, scope, (round_id, buyer_id))?.unwrap_or(none))
}

/// Sets what the actor's organisation may spend in a round, in whole rupiah; 0 takes the budget back. The same amount again
/// changes nothing.
pub fn set(
    work: &mut Work<'_>,
    actor: &Actor,
    round_id: i64,
    expected_version: i64,
    amount_idr: i64,
) -> Result<Budget, AppError> {
    let amount = read(amount_idr)?;
    enter(work, actor, round_id)?;
    let before = get(work.connection, work.scope, (round_id, actor.organisation_id))?;
    if before.amount == amount {
        return Ok(before);
    }
    let mut after = Budget { amount, version: before.version + 1, ..before.clone() };
    let is_written = if before.version == 0 {
        after.id = work.new_id();
        expected_version == 0 && store::insert(work.connection, &after, actor.member_id, work.now)?
    } else {
        expected_version == before.version
            && store::update(work.connection, work.scope, &after, actor.member_id, work.now)?
    };
    if !is_written {
        return Err(CommonError::VersionStale.into());
    }
    let state = |budget: &Budget| format!(r#"{{"amount_idr":"{}"}}"#, budget.amount.get());
    let old = if before.version == 0 { String::new() } else { state(&before) };
    work.record(Change {
        market_id: Some(after.market_id),
        subject: "buyer_budgets",
        subject_id: after.id,
        event: "set",
        old: &old,
        new: &state(&after),
        ..Change::default()
    })?;
    Ok(after)
}

fn read(amount_idr: i64) -> Result<Rupiah, AppError> {
    let mut checks = Checks::default();
    if amount_idr < 0 {
        checks.add("/amount_idr", CommonError::NotPositive);
    } else if amount_idr > LARGEST_IDR {
        checks.add_with("/amount_idr", CommonError::TooLarge, format!("≤ {LARGEST_IDR}"));
    }
    checks.finish()?;
    Rupiah::new(amount_idr).map_err(AppError::internal)
}

/// Every budget of a round, by buyer: what a snapshot is made of.
pub fn list_of_round(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<Budget>, AppError> {
    store::list_of_round(connection, scope, round_id)
}
