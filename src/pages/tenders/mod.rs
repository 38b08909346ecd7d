//! Calls for bids as pages: what a seller may bid on, bidding under seal, the receipt, what became of the bid; and the office's
//! side: making and publishing calls, the committee's seats and sittings, scenarios side by side.
//!
//! A price that is sealed in the browser never reaches the server in the clear. Without scripts the server seals at once, and the
//! form and the receipt say so. Nothing here shows one bidder anything of another's bid, nor how many bids there are.

mod areas;
mod bid;
mod bundles;
mod changes;
mod committee;
mod desk;
mod entry;
mod facts;
mod list;
mod lots;
mod make;
mod manage;
mod offline;
mod own;
mod patterns;
mod pick;
mod record;
mod rules;
mod scenarios;
mod sheet;
mod show;

pub(super) use list::{OpenCall, open_to};

use super::upload::LARGEST_FORM;
use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/calls/{id}/bid/sheet", get(sheet::show).post(sheet::read))
        .route("/calls/{id}/bid/sheet/counter", post(sheet::counter))
        .route("/calls/{id}/bid/file", get(offline::show).post(offline::send))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .route("/calls", get(list::show))
        .route("/calls/{id}/patterns", get(patterns::show))
        .route("/calls/{id}", get(show::show))
        .route("/calls/{id}/bid", get(bid::show).post(bid::send))
        .route("/calls/{id}/bid/sealed", post(bid::sealed))
        .route("/bids/{id}", get(own::show))
        .route("/bids/{id}/{step}", post(own::take))
        .route("/rounds/{id}/record", get(record::show))
        .route("/operate/calls", get(desk::show))
        .route("/operate/rounds/{id}/calls/new", get(make::show).post(make::create))
        .route("/operate/rounds/{id}/calls/again", post(desk::again))
        .route("/operate/calls/{id}", get(manage::show))
        .route("/operate/calls/{id}/lots", get(make::show_lots).post(make::change_lots))
        .route("/operate/calls/{id}/{step}", post(manage::take))
        .route("/operate/calls/{id}/complaints/{complaint}", post(manage::answer))
        .route("/operate/calls/{id}/committee", get(committee::show))
        .route("/operate/calls/{id}/seat", post(committee::seat))
        .route("/operate/calls/{id}/begin", post(committee::begin))
        .route("/operate/calls/{id}/finish", post(committee::finish))
        .route("/operate/rounds/{id}/scenarios", get(scenarios::show).post(scenarios::ask))
        .route("/operate/scenarios/{id}", get(changes::show))
        .route("/operate/scenarios/{id}/propose", post(scenarios::propose))
}
