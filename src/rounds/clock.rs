//! What the clock does to rounds: it closes those whose time has come, and takes up solves that nobody is at.
//!
//! Runs in every `pasok serve`. Several processes over one database do no harm to one another: a round is closed by a
//! guarded update and a solve is claimed, each by one of them.

use super::{service, solve};
use crate::app::App;
use crate::error::AppError;
use crate::scope::Scope;
use std::time::Duration;

/// How often the clock looks.
const TICK: Duration = Duration::from_secs(5);

/// Looks once: answers how many rounds it closed and how many solves it took up.
pub async fn tick(app: &App) -> Result<(usize, usize), AppError> {
    let closed = app.write_async(Scope::system("closing rounds by the clock"), service::close_due).await?;
    for round in &closed {
        tracing::info!(round.id = round.id, "closed by the clock");
    }
    Ok((closed.len(), solve::resume(app).await?))
}

/// Looks for ever.
pub async fn run(app: App) {
    loop {
        if let Err(error) = tick(&app).await {
            tracing::error!(error = %error, "the clock could not do its work");
        }
        tokio::time::sleep(TICK).await;
    }
}
