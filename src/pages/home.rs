//! The front page: which markets there are and where their rounds stand.

use super::{PUBLIC, render};
use crate::app::App;
use crate::error::AppError;
use crate::reports::{MarketSummary, RoundSummary, service, words};
use crate::scope::Scope;
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
    let load = |connection: &mut _, scope: &Scope| {
        Ok(Home {
            markets: service::markets(connection, scope, LIMIT)?,
            rounds: service::rounds(connection, scope, LIMIT)?,
        })
    };
    render(&app.read_async(PUBLIC, load).await?)
}
