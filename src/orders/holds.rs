//! Orders that wait for the answer to a complaint, or for the end of the time in which one can be made: sent when that is over and
//! all complaints about their lots were dismissed, void when one was upheld.
//!
//! An order is held from the moment its round is published. A line that no complaint is about is never in it, so the rest of
//! the round is delivered as if nobody had complained.

use super::service::{change, release};
use super::state::{self, Event};
use super::store;
use super::types::Order;
use crate::app::App;
use crate::audit::{Principal, Work};
use crate::db::{DbConnection, DbError};
use crate::error::AppError;
use crate::scope::Scope;
use crate::tenders::feedback::holds::{Standing, standing};
use crate::values::Timestamp;
use std::time::Duration;

const JOB: Scope = Scope::system("held orders");
const TASK: &str = "held orders";
/// How often the clock looks.
const TICK: Duration = Duration::from_secs(5);

/// What becomes of a held order, and who decided it; nobody where the time ran out without a complaint.
type Decided = (Event, Option<i64>);

/// Sends or gives up every held order whose complaints were answered; how many. Safe to repeat, and for several processes.
pub fn settle_due(app: &App) -> Result<usize, AppError> {
    let (held, now) = (app.read(JOB, store::list_held)?, app.clock.now());
    let mut settled = 0;
    for order in held {
        let decided = app.read(JOB, |connection, system| decided(connection, system, &order, now))?;
        let Some((event, by)) = decided else { continue };
        let by = Principal { member_id: by, organisation_id: None };
        match app.write(Scope::system_for(TASK, by), |work| settle(work, &order, event)) {
            Ok(()) => settled += 1,
            // Another process was quicker.
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(settled)
}

fn decided(
    connection: &mut DbConnection,
    system: &Scope,
    order: &Order,
    now: Timestamp,
) -> Result<Option<Decided>, AppError> {
    let lots = store::list_holds(connection, system, order.id)?;
    Ok(match standing(connection, system, &lots, (order.issued_at, now))? {
        Standing::Open => None,
        Standing::Upheld(by) => Some((Event::Withdraw, Some(by))),
        Standing::Dismissed(by) => Some((Event::Release, Some(by))),
        Standing::Undisputed => Some((Event::Release, None)),
    })
}

fn settle(work: &mut Work<'_>, order: &Order, event: Event) -> Result<(), AppError> {
    let status = state::next(order.status, event)?;
    if !store::update_status(work.connection, work.scope, order, status, work.now)? {
        return Err(DbError::Raced.into());
    }
    if event == Event::Withdraw {
        release(work, order)?;
    }
    work.record(change(order, event.word(), order.status.word(), status.word(), ""))
}

/// Looks for ever; runs in every `pasok serve`.
pub async fn run(app: App) {
    loop {
        let one = app.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || settle_due(&one)).await {
            tracing::error!(error = error.code(), "held orders could not be settled");
        }
        tokio::time::sleep(TICK).await;
    }
}
