//! The front page: which markets there are and where their rounds stand.

use super::render;
use crate::app::App;
use crate::error::AppError;
use crate::reports::{MarketSummary, RoundSummary, service, words};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

/// Most markets and rounds on the page; the API lists them all.
const LIMIT: i64 = 50;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    markets: Vec<MarketSummary>,
    rounds: Vec<RoundSummary>,
}

pub(super) async fn show(State(app): State<App>) -> Result<Response, AppError> {
    let load = |connection: &mut _| {
        Ok(Home { markets: service::markets(connection, LIMIT)?, rounds: service::rounds(connection, LIMIT)? })
    };
    render(&app.read_async(load).await?)
}
