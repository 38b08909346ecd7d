//! What a seller offers: the list, one screen to offer something, one to change or take back an offer.

mod choose;
mod entry;
mod undo;

use super::form::Form;
use super::lately;
use super::stand::{Stand, name_of, unit_name};
use super::view::View;
use super::visit::{Signed, Submitted};
use super::{render, with_status};
use crate::app::App;
use crate::catalog::{Commodity, Unit};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::offers::{Offer, OfferError, OfferStatus, service};
use crate::parties::Actor;
use crate::places::{self, Place};
use crate::scope::Scope;
use crate::values::{BaseUnit, Certificate, Day, UnitPrice};
use crate::web::Reply;
use crate::web::params::id_of;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

/// Most offers on the page; the API lists them all.
const LIMIT: i64 = 500;
const MOST_PLACES: i64 = 50;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/offers", get(list))
        .route("/offers/new", get(new).post(create))
        .route("/offers/{id}", get(show).post(change))
        .route("/offers/{id}/withdraw", post(withdraw))
        .route("/offers/{id}/restore", post(undo::restore))
}

/// An offer with names.
struct Row {
    offer: Offer,
    name: String,
    unit: BaseUnit,
}

impl Row {
    fn is_open(&self) -> bool {
        self.offer.status == OfferStatus::Open
    }

    fn available(&self, view: &View) -> String {
        super::words::quantity(view.language, self.offer.available(), self.unit)
    }

    fn reserved(&self, view: &View) -> String {
        super::words::quantity(view.language, self.offer.reserved, self.unit)
    }
}

#[derive(Template)]
#[template(path = "offers/list.html")]
struct List {
    view: View,
    rows: Vec<Row>,
    today: Day,
    /// The offer that was sent or withdrawn just now: how it is put back.
    undo: Option<undo::Undo>,
}

#[derive(Template)]
#[template(path = "offers/new.html")]
struct New {
    view: View,
    form: Form,
    commodity: Commodity,
    units: Vec<Unit>,
    places: Vec<Place>,
    ceiling: Option<UnitPrice>,
    /// The offer that is there already for the same goods, place and days.
    existing: Option<i64>,
    certificates: &'static [Certificate],
}

#[derive(Template)]
#[template(path = "offers/change.html")]
struct Change {
    view: View,
    form: Form,
    row: Row,
    unit_name: String,
    /// Whether it came from an opened bid, which binds.
    is_bound: bool,
}

async fn list(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let (scope, now) = (actor.scope(), app.clock.now());
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let stand = Stand::load(connection, scope, &actor, now)?;
        let today = stand.as_ref().map_or_else(|| Day::of(now, "Asia/Jakarta"), Stand::today);
        let goods = crate::catalog::service::load_all(connection)?;
        let mut offers = service::list_own(connection, scope, 0, LIMIT)?;
        offers.reverse();
        let row = |offer: Offer| {
            let commodity = goods.get(&offer.commodity_id)?;
            Some(Row { name: name_of(commodity, view.language), unit: commodity.base_unit, offer })
        };
        let mut rows: Vec<Row> = offers.into_iter().filter_map(row).collect();
        rows.sort_by_key(|row| (!row.is_open(), row.offer.days.last() < today));
        let undo = match &stand {
            Some(stand) => undo::of(connection, scope, (&actor, now, stand.market.id), (&view, &rows))?,
            None => None,
        };
        Ok(List { view, rows, today, undo })
    };
    render(&app.read_async(scope, load).await?)
}

#[derive(Debug, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    commodity: String,
}

async fn new(
    State(app): State<App>,
    signed: Signed,
    chosen: Result<Query<Chosen>, QueryRejection>,
) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let code = chosen.map(|Query(chosen)| chosen.commodity).unwrap_or_default();
    if code.is_empty() {
        return choose::page(&app, actor, view).await;
    }
    let mut page = load_new(&app, &actor, view, (code, Form::default())).await?;
    page.begin();
    render(&page)
}

async fn load_new(app: &App, actor: &Actor, view: View, (code, form): (String, Form)) -> Result<New, AppError> {
    let (scope, now, actor) = (actor.scope(), app.clock.now(), actor.clone());
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let stand = Stand::load(connection, scope, &actor, now)?.ok_or(CommonError::NotFound)?;
        let commodity = stand.catalogue.find_by_code(&code).cloned().ok_or(CommonError::NotFound)?;
        let units = stand.catalogue.units_of(commodity.id).to_vec();
        let owner = actor.organisation_id;
        let places = places::service::list_of_organisation(connection, scope, owner, 0, MOST_PLACES)?;
        let ceiling = stand.catalogue.binding_ceiling(commodity.id).map(|ceiling| ceiling.price);
        let mut form = form;
        entry::set_days(&mut form, &stand);
        let existing = None;
        Ok(New { view, form, commodity, units, places, ceiling, existing, certificates: Certificate::ALL })
    };
    app.read_async(scope, load).await
}

impl New {
    fn steps(&self) -> std::ops::RangeInclusive<usize> {
        let _ = self;
        1..=crate::offers::volume::MOST_TIERS
    }

    fn begin(&mut self) {
        let per = self.commodity.base_unit.per_pricing_unit();
        if let Some(unit) = self.units.iter().find(|unit| unit.base_units == per) {
            self.form.set("unit", unit.code.clone());
        }
    }

    fn name(&self) -> String {
        name_of(&self.commodity, self.view.language)
    }

    fn price_hint(&self) -> String {
        let typical = self.view.price(self.commodity.price_typical);
        match self.ceiling {
            Some(ceiling) => {
                self.view.say2("offers-price-ceiling", "ceiling", self.view.price(ceiling), "typical", typical)
            }
            None => self.view.say1("offers-price-typical", "typical", typical),
        }
    }

    fn price_unit(&self) -> String {
        self.view.say1("offers-per", "unit", self.commodity.base_unit.pricing_name())
    }
}

async fn create(State(app): State<App>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let entry = entry::read(&form, view.language);
    let market_id = market_of(&app, &actor).await?;
    let request = form.request(format!("pages.offer/{market_id}"))?;
    let by = actor.clone();
    let done = app.once(&actor, request, move |work| {
        service::post(work, &by, market_id, &entry)?;
        Ok(Reply::see_other("/offers?done=offer-sent&taken=offer"))
    });
    match done.await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => {
            let typed = form.clone();
            let existing = existing(&error);
            note_doubt(&mut form, &error);
            form.refuse(&view, error, |pointer| entry::field_of(&typed, pointer))?;
            let code = form.value("commodity").to_owned();
            let page = New { existing, ..load_new(&app, &actor, view, (code, form)).await? };
            render(&page).map(|page| with_status(page, 422))
        }
    }
}

/// The offer that a refusal says is there already.
fn existing(error: &AppError) -> Option<i64> {
    let AppError::Refused(refusal) = error else { return None };
    let is_there = |code: &str| code == OfferError::OfferExists.code();
    let issue = refusal.issues.iter().find(|issue| is_there(issue.def.code)).map(|issue| issue.hint.as_str());
    issue.or(is_there(refusal.def.code).then_some(refusal.hint.as_str()))?.parse().ok()
}

/// Notes where a price only looks like a slip, which the seller may confirm; a legal ceiling nobody confirms away.
fn note_doubt(form: &mut Form, error: &AppError) {
    let AppError::Refused(refusal) = error else { return };
    let code = OfferError::PriceImplausible.code();
    if refusal.def.code == code || refusal.issues.iter().any(|issue| issue.def.code == code) {
        form.set("doubt", "1");
    }
}

async fn market_of(app: &App, actor: &Actor) -> Result<i64, AppError> {
    let (scope, now, actor) = (actor.scope(), app.clock.now(), actor.clone());
    let load = move |connection: &mut DbConnection, scope: &Scope| Stand::load(connection, scope, &actor, now);
    let stand = app.read_async(scope, load).await?.ok_or(CommonError::NotFound)?;
    Ok(stand.market.id)
}

async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    render(&load_change(&app, &actor, &id, view, None).await?)
}

async fn load_change(app: &App, actor: &Actor, id: &str, view: View, sent: Option<Form>) -> Result<Change, AppError> {
    let id = id_of(id)?;
    let (scope, me) = (actor.scope(), actor.organisation_id);
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let offer = service::get(connection, scope, id)?;
        if offer.seller_id != me {
            return Err(CommonError::NotFound.into());
        }
        let goods = crate::catalog::service::load_all(connection)?;
        let commodity = goods.get(&offer.commodity_id).ok_or_else(|| AppError::unknown_stored(offer.commodity_id))?;
        let units = crate::catalog::service::load_units(connection)?;
        let unit = units.get(&commodity.id).and_then(|units| units.iter().find(|unit| unit.code == offer.entered_unit));
        let size = unit.map_or(commodity.base_unit.per_pricing_unit(), |unit| unit.base_units);
        let unit_name =
            unit.map_or(commodity.base_unit.pricing_name().to_owned(), |unit| unit_name(unit, view.language));
        let mut form = entry::present(&offer, size, view.language);
        match sent {
            Some(sent) if sent.optional("price").is_some() || sent.optional("stock").is_some() => form = sent,
            // Taking an offer back sends no terms: those of the offer stay on the page.
            Some(sent) => form.take_problems(sent),
            None => {}
        }
        let is_bound = service::is_bound(connection, scope, id)?;
        let row = Row { name: name_of(commodity, view.language), unit: commodity.base_unit, offer };
        Ok(Change { view, form, row, unit_name, is_bound })
    };
    app.read_async(scope, load).await
}

async fn change(State(app): State<App>, Path(id): Path<String>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, form } = sent;
    let (offer_id, version) = target(&id, &form)?;
    let entry = entry::read_change(&form, view.language);
    let request = form.request(format!("pages.offer_change/{offer_id}"))?;
    let by = actor.clone();
    let done = app.once(&actor, request, move |work| {
        service::change_terms(work, &by, offer_id, version, &entry)?;
        Ok(Reply::see_other("/offers?done=offer-changed"))
    });
    settle(&app, &actor, &id, view, (form, done.await)).await
}

async fn withdraw(State(app): State<App>, Path(id): Path<String>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, form } = sent;
    let (offer_id, version) = target(&id, &form)?;
    let request = form.request(format!("pages.offer_withdraw/{offer_id}"))?;
    // Taken back from the page that confirms it, or later from its own.
    let (done, reason) = if form.has("undo", "1") { ("offer-undone", lately::REASON) } else { ("offer-withdrawn", "") };
    let by = actor.clone();
    let done = app.once(&actor, request, move |work| {
        service::withdraw(work, &by, offer_id, version, reason)?;
        Ok(Reply::see_other(format!("/offers?done={done}")))
    });
    settle(&app, &actor, &id, view, (form, done.await)).await
}

/// Where a form of one offer led, or the form again with what is wrong.
async fn settle(
    app: &App,
    actor: &Actor,
    id: &str,
    view: View,
    (mut form, done): (Form, Result<Reply, AppError>),
) -> Result<Response, AppError> {
    if let Err(error) = &done {
        note_doubt(&mut form, error);
    }
    if let Some(settled) = form.settle(&view, done, entry::field)? {
        return Ok(settled);
    }
    render(&load_change(app, actor, id, view, Some(form)).await?).map(|page| with_status(page, 422))
}

fn target(id: &str, form: &Form) -> Result<(i64, i64), AppError> {
    let id = id_of(id)?;
    Ok((id, form.value("version").parse().unwrap_or_default()))
}

/// The last day before which an offer counts as gone.
fn is_past(offer: &Offer, today: Day) -> bool {
    offer.days.last() < today
}

impl List {
    fn state(&self, row: &Row) -> &'static str {
        if !row.is_open() {
            "offers-state-withdrawn"
        } else if is_past(&row.offer, self.today) {
            "offers-state-past"
        } else if row.offer.available() <= 0 {
            "offers-state-sold"
        } else {
            "offers-state-open"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_certificate_has_words() {
        for certificate in Certificate::ALL {
            let key = format!("certificate-{}", certificate.word().replace('_', "-"));
            assert!(super::super::words::exists(&key), "{key}");
        }
    }
}
