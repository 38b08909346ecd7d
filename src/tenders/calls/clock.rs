//! What the clock does to calls for bids: it closes those whose time has come, and has bidders answered once there is a plan.
//!
//! Runs in every `pasok serve`; a call is closed by a guarded update, by one process. A bid that comes between the closing time
//! and the tick that writes it down is refused by the time itself.

use super::super::feedback;
use super::service;
use crate::app::App;
use crate::error::AppError;
use crate::scope::Scope;
use std::time::Duration;

/// How often the clock looks.
const TICK: Duration = Duration::from_secs(5);

/// Looks once: answers how many calls it closed.
pub async fn tick(app: &App) -> Result<usize, AppError> {
    let closed = app.write_async(Scope::system("closing calls by the clock"), service::close_due).await?;
    for call in &closed {
        tracing::info!(call.id = call.id, call.status = call.status.word(), "closed by the clock");
    }
    Ok(closed.len())
}

/// Looks once, for programs without a runtime; answers how many calls it closed.
pub fn tick_now(app: &App) -> Result<usize, AppError> {
    app.write(Scope::system("closing calls by the clock"), service::close_due).map(|closed| closed.len())
}

/// Looks for ever.
pub async fn run(app: App) {
    let mut answering: Option<tokio::task::JoinHandle<()>> = None;
    loop {
        if let Err(error) = tick(&app).await {
            tracing::error!(error = %error, "the clock could not close calls");
        }
        // Thresholds take solves: beside, so that no call closes late because of them.
        if answering.as_ref().is_none_or(tokio::task::JoinHandle::is_finished) {
            let app = app.clone();
            answering = Some(tokio::task::spawn_blocking(move || {
                if let Err(error) = feedback::answers::answer_due(&app) {
                    tracing::error!(error = error.code(), "bidders could not be answered");
                }
            }));
        }
        tokio::time::sleep(TICK).await;
    }
}
