//! Calls, pooled need and scenarios as JSON. Bids, seats and openings are `seal::api`.

mod aggregate;
mod bid_sheet;
mod calls;
mod calls_json;
mod scenarios;
mod scenarios_json;

use crate::app::App;
use crate::error::{AppError, Checks};
use crate::web::text::name_text;
use utoipa_axum::router::OpenApiRouter;

/// Routes of this domain, those of `seal` apart.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(aggregate::router())
        .merge(calls::router())
        .merge(bid_sheet::router())
        .merge(scenarios::router())
}

fn reason_text(text: &str) -> Result<String, AppError> {
    let mut checks = Checks::default();
    let reason = name_text(&mut checks, "/reason", text, 500);
    checks.finish_with(reason)
}
