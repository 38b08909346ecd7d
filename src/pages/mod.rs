//! HTML pages: what people see and fill in, by role.
//!
//! A page is a struct with a template; it calls services and decides nothing itself. Pages cut across domains (a home
//! shows orders, demands and rounds at once), so they stand here and not in the domains' folders. Everything they say
//! comes from `words`; every form works without JavaScript, carries its own key (so that sending it twice has one
//! effect), answers a mistake with everything typed kept, and leads on with 303. No page loads anything from elsewhere.

mod account;
mod assets;
mod assist;
mod checker;
mod demands;
mod design;
mod drawn;
mod form;
mod help;
mod home;
mod lately;
mod menu;
mod observe;
mod offers;
mod office;
mod operate;
mod orders;
mod own;
pub mod refused;
mod round;
mod sign_in;
mod stand;
mod tenders;
mod training;
mod upload;
mod view;
mod visit;
mod why;
mod words;

use crate::app::App;
use crate::error::AppError;
use crate::scope::Scope;
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

/// What anybody may see: the pages read whole rounds and show figures.
const PUBLIC: Scope = Scope::system("public pages");

/// Routes of the pages.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/home", get(home::own))
        .route("/rounds/{id}", get(round::show))
        .route("/design", get(design::show))
        .route("/help", get(help::show))
        .merge(demands::router())
        .merge(offers::router())
        .merge(orders::router())
        .merge(assist::router())
        .merge(account::router())
        .merge(sign_in::router())
        .merge(assets::router())
        .merge(checker::router())
        .merge(observe::router())
        .merge(operate::router())
        .merge(tenders::router())
        .merge(why::router())
        .merge(training::router())
}

fn render(page: &impl Template) -> Result<Response, AppError> {
    Ok(Html(page.render().map_err(AppError::internal)?).into_response())
}

/// A form that comes back with its mistakes is no success.
fn with_status(mut page: Response, status: u16) -> Response {
    *page.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    page
}
