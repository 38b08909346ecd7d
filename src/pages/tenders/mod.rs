//! Calls for bids as pages: what a seller may bid on, bidding under seal, the receipt, and what became of the bid.
//!
//! A price that is sealed in the browser never reaches the server in the clear. Without scripts the server seals at once, and the
//! form and the receipt say so. Nothing here shows one bidder anything of another's bid, nor how many bids there are.

mod bid;
mod entry;
mod facts;
mod list;
mod lots;
mod own;
mod show;

pub(super) use list::{OpenCall, open_to};

use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/calls", get(list::show))
        .route("/calls/{id}", get(show::show))
        .route("/calls/{id}/bid", get(bid::show).post(bid::send))
        .route("/calls/{id}/bid/sealed", post(bid::sealed))
        .route("/bids/{id}", get(own::show))
        .route("/bids/{id}/{step}", post(own::take))
}
