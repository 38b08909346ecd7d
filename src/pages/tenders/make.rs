//! Making a call: its terms, and lots proposed from the need of its round; and choosing other lots while it is a draft.

use super::super::form::Form;
use super::super::operate::instant;
use super::super::view::View;
use super::super::visit::{About, Signed};
use super::super::{PUBLIC, render, with_status, words};
use super::areas::{Asked, Division};
use super::pick::{self, Pick, Proposed};
use crate::app::App;
use crate::catalog::Catalogue;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Class};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::aggregate::service::by_area;
use crate::tenders::calls::entry::proposed_complaint_hours;
use crate::tenders::calls::{self, Call, CallEntry, Lot, service};
use crate::tenders::state::Status;
use crate::values::{Certificate, Day};
use crate::web::Reply;
use crate::web::params::id_of;
use crate::web::problem::Language;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// A call usually closes so many hours before its round at the latest; the form proposes this.
const BEFORE_ROUND_S: i64 = 3_600;

#[derive(Template)]
#[template(path = "tenders/make.html")]
struct Page {
    view: View,
    form: Form,
    market: Market,
    round: Round,
    pick: Pick,
    classes: &'static [Class],
    certificates: &'static [Certificate],
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
impl Page {
    fn class(&self, class: &Class) -> String {
        self.view.say(format!("class-{}", class.word()))
    }

    /// What a fresh form proposes: quantities in whole packs; which of them become lots is ticked.
    fn begin(&mut self) {
        let closes = self.round.closes_at.plus_seconds(-BEFORE_ROUND_S);
        let zone = self.market.time_zone.iana();
        let day = Day::of(closes, zone);
        let values = [
            ("title", self.view.say1("calls-title-of", "round", &self.round.name)),
            ("closes_on", day.to_string()),
            ("closes_at", "15:00".to_owned()),
            ("min_bids", "1".to_owned()),
            ("complaint_hours", proposed_complaint_hours(closes, &self.round, zone).to_string()),
            ("partial", "1".to_owned()),
        ];
        for (name, value) in values {
            self.form.set(name, value);
        }
        self.pick.begin(&mut self.form, &self.round);
    }
}

/// Other lots for a draft.
#[derive(Template)]
#[template(path = "tenders/relot.html")]
struct Relot {
    view: View,
    form: Form,
    call: Call,
    round: Round,
    pick: Pick,
}

/// Where the rows of a form come from.
enum Rows {
    /// From the need, divided so.
    Need(Division),
    /// From the form itself.
    Sent,
}

fn asked(query: Result<Query<Asked>, QueryRejection>) -> Rows {
    Rows::Need(query.map(|Query(asked)| asked).unwrap_or_default().division())
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let mut page = load(&app, &actor, id_of(&id)?, (view, Form::default()), asked(query)).await?;
    page.begin();
    render(&page)
}

async fn load(app: &App, actor: &Actor, id: i64, (view, form): (View, Form), rows: Rows) -> Result<Page, AppError> {
    let (round, market) = app.read_async(actor, move |connection, scope| run(connection, scope, id)).await?;
    let language = view.language;
    let (pick, form) = picked(app, actor, (&round, &market), (form, language), (rows, Vec::new())).await?;
    Ok(Page { view, form, market, round, pick, classes: Class::ALL, certificates: Certificate::ALL })
}

/// A round of a market that one runs.
fn run(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<(Round, Market), AppError> {
    let round = rounds::service::get(connection, scope, id)?;
    let market = markets::service::get(connection, scope, round.market_id)?;
    if scope.runs(market.id) { Ok((round, market)) } else { Err(CommonError::Forbidden.into()) }
}

/// The rows of a form, those of the lots that there are first.
async fn picked(
    app: &App,
    actor: &Actor,
    (round, market): (&Round, &Market),
    (mut form, language): (Form, Language),
    (rows, lots): (Rows, Vec<Lot>),
) -> Result<(Pick, Form), AppError> {
    let (viewer, round_id, zone, name) = (actor.scope(), round.id, market.rice_zone, market.name.clone());
    // Need is pooled from everybody's demands; whoever runs the market may know every figure.
    app.read_async(PUBLIC, move |connection: &mut DbConnection, system: &Scope| {
        let catalogue = Catalogue::load(connection, zone)?;
        let Rows::Need(division) = rows else {
            let rows = pick::sent(&form, &catalogue, language);
            return Ok((Pick { rows, division: Division::Market, market: name }, form));
        };
        let mut rows = pick::standing(&lots, &mut form, (&catalogue, language));
        let needs = by_area(connection, (&viewer, system), round_id)?;
        let proposed = pick::propose(connection, &needs, (&catalogue, language), division)?;
        let is_there = |one: &Proposed| rows.iter().any(|row| row.code == one.code && row.areas == one.areas);
        let new: Vec<Proposed> = proposed.into_iter().filter(|one| !is_there(one)).collect();
        rows.extend(new);
        Ok((Pick { rows, division, market: name }, form))
    })
    .await
}

/// Terms as they were typed, for a new call and for a change.
pub(super) fn terms(form: &Form, language: Language, market: &Market) -> CallEntry {
    let closes = Day::parse(form.value("closes_on")).ok().and_then(|day| instant(day, form.value("closes_at"), market));
    let ticked = |name: &str, words: Vec<&'static str>| -> Vec<String> {
        words.into_iter().filter(|word| form.has(name, word)).map(str::to_owned).collect()
    };
    let documents = form.value("documents").lines().map(str::trim).filter(|line| !line.is_empty());
    CallEntry {
        title: form.value("title").to_owned(),
        closes_at: closes.map_or_else(String::new, |at| at.to_string()),
        min_bids: words::read_decimal(language, form.value("min_bids")).parse().unwrap_or(0),
        partial_awards: form.has("partial", "1"),
        who_may_bid: ticked("who", Class::ALL.iter().map(|class| class.word()).collect()),
        certificates: ticked("certificate", Certificate::ALL.iter().map(|one| one.word()).collect()),
        documents: documents.map(str::to_owned).collect(),
        notes: form.value("notes").replace('\r', ""),
        complaint_hours: words::read_decimal(language, form.value("complaint_hours")).parse().unwrap_or(-1),
    }
}

/// The field of the terms that a JSON pointer is about.
pub(super) fn terms_field(pointer: &str) -> Option<String> {
    let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    Some(match name {
        "closes_at" => "closes_on".to_owned(),
        "certificates" => "certificate".to_owned(),
        "who_may_bid" => "who".to_owned(),
        "title" | "min_bids" | "documents" | "notes" | "reason" | "complaint_hours" => name.to_owned(),
        _ => return None,
    })
}

fn field(pointer: &str, keys: &[String]) -> Option<String> {
    pick::field(pointer, keys).or_else(|| terms_field(pointer))
}

pub(super) async fn create(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, form } = sent;
    let mut page = load(&app, &actor, id, (view, form), Rows::Sent).await?;
    let entry = terms(&page.form, page.view.language, &page.market);
    let (lots, keys) = page.pick.lots(&page.form, page.view.language);
    let (by, request) = (actor.clone(), page.form.request(format!("pages.calls.create/{id}"))?);
    let done = app.once(&actor, request, move |work| {
        let call = service::create(work, &by, id, &entry, &lots)?;
        Ok(Reply::see_other(format!("/operate/calls/{}?done=call-made", call.id)))
    });
    if let Some(made) = page.form.settle(&page.view, done.await, |pointer| field(pointer, &keys))? {
        return Ok(made);
    }
    render(&page).map(|page| with_status(page, 422))
}

/// The lots of a draft, and what else could be one.
pub(super) async fn show_lots(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let mut page = load_lots(&app, &actor, id_of(&id)?, (view, Form::default()), asked(query)).await?;
    page.pick.begin(&mut page.form, &page.round);
    render(&page)
}

async fn load_lots(
    app: &App,
    actor: &Actor,
    id: i64,
    (view, form): (View, Form),
    rows: Rows,
) -> Result<Relot, AppError> {
    let (call, lots, (round, market)) = app
        .read_async(actor, move |connection, scope| {
            let call = calls::service::get(connection, scope, id)?;
            let lots = calls::service::lots(connection, scope, id)?;
            let found = run(connection, scope, call.round_id)?;
            Ok((call, lots, found))
        })
        .await?;
    // Once published, lots stay as they are: there is nothing to choose.
    if call.status != Status::Draft {
        return Err(CommonError::NotFound.into());
    }
    let language = view.language;
    let (pick, form) = picked(app, actor, (&round, &market), (form, language), (rows, lots)).await?;
    Ok(Relot { view, form, call, round, pick })
}

/// Replaces the lots of a draft by those ticked.
pub(super) async fn change_lots(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, form } = sent;
    let mut page = load_lots(&app, &actor, id, (view, form), Rows::Sent).await?;
    let version: i64 = page.form.value("version").parse().unwrap_or_default();
    let (lots, keys) = page.pick.lots(&page.form, page.view.language);
    let (by, request) = (actor.clone(), page.form.request(format!("pages.calls.lots/{id}"))?);
    let done = app.once(&actor, request, move |work| {
        calls::lots::change(work, &by, id, version, &lots)?;
        Ok(Reply::see_other(format!("/operate/calls/{id}?done=call-lots")))
    });
    if let Some(changed) = page.form.settle(&page.view, done.await, |pointer| pick::field(pointer, &keys))? {
        return Ok(changed);
    }
    render(&page).map(|page| with_status(page, 422))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_with_terms_and_with_lots_find_their_fields() {
        let keys = ["7".to_owned()];
        for (pointer, want) in [
            ("/lots/0/steps/1", Some("steps-7")),
            ("/closes_at", Some("closes_on")),
            ("/documents/3", Some("documents")),
            ("/complaint_hours", Some("complaint_hours")),
            ("/lots", None),
        ] {
            assert_eq!(field(pointer, &keys).as_deref(), want, "{pointer}");
        }
    }
}
