//! A checkpoint every day, so that whoever keeps them can date any later change to within a day.

use super::service;
use crate::app::App;
use crate::error::AppError;
use crate::scope::Scope;
use std::time::Duration;

const LOG: Scope = Scope::system("daily checkpoint");
/// How often it is looked whether a day has passed.
const LOOK: Duration = Duration::from_mins(10);
/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Signs a checkpoint if the newest one is a day old or more; whether it did.
pub async fn sign_if_due(app: &App) -> Result<bool, AppError> {
    let now = app.clock.now().as_micros();
    let last = app.read_async(LOG, |connection, _| service::list_checkpoints(connection, i64::MAX, 1)).await?;
    if last.first().is_some_and(|row| now - row.made_at < DAY) {
        return Ok(false);
    }
    app.write_async(LOG, |work| {
        work.checkpoint("daily");
        Ok(())
    })
    .await?;
    Ok(true)
}

/// Signs a checkpoint each day for as long as the program runs.
pub async fn keep_signing(app: App) {
    loop {
        if let Err(error) = sign_if_due(&app).await {
            tracing::error!(%error, "the daily checkpoint could not be signed");
        }
        tokio::time::sleep(LOOK).await;
    }
}
