//! HTML pages. For now read-only: markets, rounds, and what a published round came to.
//!
//! A page is a struct with a template; nothing here decides anything. No page loads anything from elsewhere.

mod home;
mod round;

use crate::app::App;
use crate::error::AppError;
use crate::scope::Scope;
use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

/// What anybody may see: the pages read whole rounds and show figures.
const PUBLIC: Scope = Scope::system("public pages");

/// Routes of the pages.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/rounds/{id}", get(round::show))
        .route("/static/pasok.css", get(stylesheet))
        .route("/favicon.svg", get(icon))
}

fn render(page: &impl Template) -> Result<Response, AppError> {
    Ok(Html(page.render().map_err(AppError::internal)?).into_response())
}

async fn stylesheet() -> Response {
    asset("text/css; charset=utf-8", include_str!("../../static/pasok.css"))
}

async fn icon() -> Response {
    asset("image/svg+xml", include_str!("../../static/favicon.svg"))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600")], text).into_response()
}
