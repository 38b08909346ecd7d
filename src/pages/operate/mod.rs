//! The operator's desk: the markets that the office runs, their rounds, and opening one.

mod adjust;
mod choices;
mod cockpit;
mod lines;

pub(super) use cockpit::next_step;

use super::form::{self, Form};
use super::view::View;
use super::visit::{Signed, Submitted};
use super::{render, with_status};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::Role;
use crate::reports::{RoundSummary, service};
use crate::rounds::{self, NewRound};
use crate::values::{Day, Timestamp};
use crate::web::params::id_of;
use crate::web::{Reply, text};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

/// Most markets and rounds shown.
const LIMIT: i64 = 50;
/// Longest name of a round.
const NAME_CHARACTERS: usize = 200;
/// What is proposed for a new round: days from today until it closes, and until its first and last delivery.
const CLOSES_IN: i64 = 3;
const FIRST_IN: i64 = 5;
const LAST_IN: i64 = 10;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/operate", get(show))
        .route("/operate/rounds", post(open))
        .route("/operate/rounds/{id}", get(cockpit::show))
        .route("/operate/rounds/{id}/adjust", get(adjust::show).post(adjust::send))
        .route("/operate/rounds/{id}/{step}", post(cockpit::take))
}

#[derive(Template)]
#[template(path = "operate/desk.html")]
struct Desk {
    view: View,
    form: Form,
    markets: Vec<Market>,
    rounds: Vec<RoundSummary>,
    may_open: bool,
}

impl Desk {
    fn of<'a>(&'a self, market: &'a Market) -> impl Iterator<Item = &'a RoundSummary> + 'a {
        self.rounds.iter().filter(|round| round.market_id == market.id)
    }

    fn days(&self, round: &RoundSummary) -> String {
        self.view.days_of(&round.delivery_from, &round.delivery_to)
    }

    fn status(&self, round: &RoundSummary) -> String {
        self.view.round_status(&round.status)
    }
}

async fn show(signed: Signed, State(app): State<App>) -> Result<Response, AppError> {
    let form = blank(&app);
    desk(&app, signed, form, 200).await
}

/// A form with days that suit a weekly round.
fn blank(app: &App) -> Form {
    let today = Day::of(app.clock.now(), "Asia/Makassar");
    let ahead = |days: i64| today.plus(days).to_string();
    Form::blank([
        ("name", String::new()),
        ("delivery_from", ahead(FIRST_IN)),
        ("delivery_to", ahead(LAST_IN)),
        ("closes_on", ahead(CLOSES_IN)),
        ("closes_at", "16:00".to_owned()),
    ])
}

async fn desk(app: &App, signed: Signed, form: Form, status: u16) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let may_open = actor.require_role(&[Role::Operator]).is_ok();
    let page = app
        .read_async(&actor, move |connection, scope| {
            let mut markets = markets::service::list(connection, scope, 0, LIMIT)?;
            markets.retain(|market| scope.runs(market.id));
            Ok(Desk { view, form, markets, rounds: service::rounds(connection, scope, LIMIT)?, may_open })
        })
        .await?;
    if page.markets.is_empty() {
        return Err(CommonError::Forbidden.into());
    }
    render(&page).map(|page| with_status(page, status))
}

/// Opens a round and leads to it.
async fn open(State(app): State<App>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    match try_open(&app, &actor, &form).await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => {
            form.refuse(&view, error, |pointer| match pointer {
                "/closes_at" => Some("closes_on".to_owned()),
                other => form::plain(other),
            })?;
            desk(&app, Signed { view, actor }, form, 422).await
        }
    }
}

async fn try_open(app: &App, actor: &crate::parties::Actor, form: &Form) -> Result<Reply, AppError> {
    let market_id = id_of(form.value("market"))?;
    let market =
        app.read_async(actor, move |connection, scope| markets::service::get(connection, scope, market_id)).await?;
    let new = read(form, &market)?;
    let by = actor.clone();
    app.once(actor, form.request("pages.rounds.create")?, move |work| {
        let round = rounds::service::create(work, &by, market_id, &new)?;
        Ok(Reply::see_other(format!("/operate/rounds/{}?done=round-opened", round.id)))
    })
    .await
}

fn read(form: &Form, market: &Market) -> Result<NewRound, AppError> {
    let mut checks = crate::error::Checks::default();
    let name = text::name_text(&mut checks, "/name", form.value("name"), NAME_CHARACTERS);
    let mut day = |field: &str| {
        let day = Day::parse(form.value(field)).ok();
        if day.is_none() {
            checks.add(&format!("/{field}"), CommonError::Required);
        }
        day
    };
    let (from, to, closes_on) = (day("delivery_from"), day("delivery_to"), day("closes_on"));
    let closes_at = closes_on.and_then(|day| instant(day, form.value("closes_at"), market));
    if closes_on.is_some() && closes_at.is_none() {
        checks.add("/closes_on", CommonError::Required);
    }
    let (Some(delivery_from), Some(delivery_to), Some(closes_at)) = (from, to, closes_at) else {
        checks.finish()?;
        return Err(CommonError::Required.into());
    };
    let name = checks.finish_with(name)?;
    Ok(NewRound { name, delivery_from, delivery_to, closes_at, commodities: Vec::new() })
}

/// A day and `HH:MM` on the market's clock.
pub(in crate::pages) fn instant(day: Day, time: &str, market: &Market) -> Option<Timestamp> {
    let wall: jiff::civil::DateTime = format!("{day}T{time}").parse().ok()?;
    let zoned = wall.in_tz(market.time_zone.iana()).ok()?;
    Timestamp::parse(&zoned.timestamp().to_string()).ok()
}
