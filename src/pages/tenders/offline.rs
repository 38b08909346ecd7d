//! Handing in a bid that was sealed offline: the facts that the offline page asks for, and the file that it made.

use super::super::form::Form;
use super::super::upload::Upload;
use super::super::view::View;
use super::super::visit::{About, Signed};
use super::super::{render, with_status};
use super::bid::{call_for, hand_in};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::Market;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::tenders::bids::{SealedBid, SealedWhere};
use crate::tenders::calls::Call;
use crate::tenders::seal::service as seal;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

/// What the offline page saves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    recipient: String,
    sealed: String,
    commitment: String,
}

#[derive(Template)]
#[template(path = "tenders/offline.html")]
struct Page {
    view: View,
    form: Form,
    call: Call,
    market: Market,
    bidder_id: i64,
    recipient: String,
}

impl Page {
    fn closes(&self) -> String {
        self.view.moment(self.call.terms.closes_at, self.market.time_zone)
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let mut page = load(&app, &actor, id_of(&id)?, (view, Form::default())).await?;
    page.form.set("terms_version", page.call.terms_version.to_string());
    render(&page)
}

async fn load(app: &App, actor: &Actor, id: i64, (view, form): (View, Form)) -> Result<Page, AppError> {
    let (scope, bidder_id) = (actor.scope(), actor.organisation_id);
    let belongs = actor.standing.belongs.clone();
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let (call, market) = call_for(connection, scope, &belongs, id)?;
        let recipient = seal::recipient(connection, scope, call.id)?;
        Ok(Page { view, form, call, market, bidder_id, recipient })
    };
    app.read_async(scope, load).await
}

/// Takes the file; what is wrong with it is said before it counts as a bid.
pub(super) async fn send(State(app): State<App>, sent: Upload) -> Result<Response, AppError> {
    let Upload { about: About { id, view, actor, mut form }, file } = sent;
    let Ok(saved) = serde_json::from_slice::<Saved>(&file) else {
        let mut page = load(&app, &actor, id, (view, form)).await?;
        page.form.add_problem("file", page.view.say("file-not-sealed"));
        return render(&page).map(|page| with_status(page, 422));
    };
    let done = hand_in(&app, &actor, id, (&form, of(&form, saved))).await;
    let field = |pointer: &str| Some(if pointer == "/terms_version" { "terms_version" } else { "file" }.to_owned());
    if let Some(done) = form.settle(&view, done, field)? {
        return Ok(done);
    }
    render(&load(&app, &actor, id, (view, form)).await?).map(|page| with_status(page, 422))
}

fn of(form: &Form, saved: Saved) -> SealedBid {
    SealedBid {
        terms_version: form.value("terms_version").parse().unwrap_or_default(),
        sealed: saved.sealed,
        recipient: saved.recipient,
        commitment: saved.commitment,
        sealed_where: SealedWhere::Offline,
    }
}
