//! The opening committee of a call: taking a seat, keeping the share, rehearsing, opening, the minutes.
//!
//! A share and a sitting's code are shown once, on the page that answers the form, and are in no address and no later page.

use super::super::form::Form;
use super::super::view::View;
use super::super::visit::{About, Signed};
use super::super::{render, with_status};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Role};
use crate::scope::Scope;
use crate::tenders::calls::{self, Call};
use crate::tenders::seal::committee::SEATS;
use crate::tenders::seal::qr;
use crate::tenders::seal::service::{self as service, Begun, Sat};
use crate::tenders::seal::share::Share;
use crate::tenders::seal::types::{Committee, Minutes, Purpose, Seat};
use crate::tenders::state::Status;
use crate::web::Reply;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

/// Longest share that is read, in characters; a whole one has about 130.
const LONGEST_SHARE: usize = 400;

/// What is shown once.
enum Once {
    Nothing,
    /// An officer's share, with its square code.
    Share {
        text: String,
        qr: String,
        file: String,
        seat: u8,
    },
    /// The code for the second officer, and until when it holds.
    Code {
        code: String,
        until: String,
    },
}

#[derive(Template)]
#[template(path = "tenders/committee.html")]
struct Page {
    view: View,
    form: Form,
    call: Call,
    market: Market,
    committee: Committee,
    minutes: Option<Minutes>,
    once: Once,
    /// Whether the reader may sit on committees here.
    is_officer: bool,
    account_id: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
impl Page {
    fn own_seat(&self) -> Option<u8> {
        self.committee.seats.iter().find(|seat| seat.account_id == self.account_id).map(|seat| seat.seat)
    }

    fn number(&self, seat: &u8) -> String {
        self.view.number(i64::from(*seat))
    }

    fn is_mine(&self, seat: &Seat) -> bool {
        seat.account_id == self.account_id
    }

    fn may_take(&self) -> bool {
        let is_free = self.committee.seats.len() < usize::from(SEATS);
        self.is_officer && self.call.status == Status::Draft && is_free && self.own_seat().is_none()
    }

    fn empty_seats(&self) -> std::ops::RangeInclusive<usize> {
        self.committee.seats.len() + 1..=usize::from(SEATS)
    }

    fn is_rehearsed(&self) -> bool {
        self.committee.key.as_ref().is_some_and(|key| key.rehearsed_at.is_some())
    }

    /// What a sitting would be for now.
    fn purpose(&self) -> Option<&'static str> {
        self.committee.key.as_ref()?;
        match self.call.status {
            Status::Draft | Status::Published => Some(Purpose::Rehearsal.word()),
            Status::Closed => Some(Purpose::Opening.word()),
            _ => None,
        }
    }

    fn may_sit(&self) -> bool {
        self.is_officer && self.own_seat().is_some() && self.purpose().is_some()
    }

    fn at(&self, instant: &crate::values::Timestamp) -> String {
        self.view.moment(*instant, self.market.time_zone)
    }

    /// The share as a file to save: its text, in the address.
    fn file_address(&self, text: &str) -> String {
        let _ = self;
        format!("data:text/plain,{}", text.replace(':', "%3A"))
    }

    fn sitting(&self, what: &str) -> String {
        self.view.say(format!("calls-{}-{what}", self.purpose().unwrap_or("rehearsal")))
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    render(&load(&app, id_of(&id)?, signed, (Form::default(), Once::Nothing)).await?)
}

async fn load(app: &App, id: i64, signed: Signed, (form, once): (Form, Once)) -> Result<Page, AppError> {
    let Signed { view, actor } = signed;
    let (is_officer, account_id) = (actor.require_role(&[Role::OpeningOfficer]).is_ok(), actor.account_id);
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let call = calls::service::get(connection, scope, id)?;
        if !scope.runs(call.market_id) {
            return Err(CommonError::Forbidden.into());
        }
        let minutes = match call.opened_at {
            Some(_) => Some(service::minutes(connection, scope, id)?),
            None => None,
        };
        let market = markets::service::get(connection, scope, call.market_id)?;
        let committee = service::committee(connection, scope, id)?;
        Ok(Page { view, form, call, market, committee, minutes, once, is_officer, account_id })
    };
    app.read_async(actor.scope(), load).await
}

/// Takes a seat; the answer shows the share, this once.
pub(super) async fn seat(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, form } = sent;
    let request = form.request(format!("pages.calls.seat/{id}"))?;
    let by = actor.clone();
    let taken = app.once_secret(actor.scope(), &actor, request, move |work| service::take_seat(work, &by, id)).await;
    match taken {
        Ok(share) => {
            let text = share.text();
            let qr = qr::markup(&text);
            let file = format!("pasok-bagian-kunci-{id}-{}.txt", share.seat());
            let once = Once::Share { text, qr, file, seat: share.seat() };
            render(&load(&app, id, Signed { view, actor }, (Form::default(), once)).await?)
        }
        Err(error) => again(&app, (view, actor), id, (form, error)).await,
    }
}

async fn again(
    app: &App,
    (view, actor): (View, Actor),
    id: i64,
    (mut form, error): (Form, AppError),
) -> Result<Response, AppError> {
    form.refuse(&view, error, super::super::form::plain)?;
    // A secret does not come back in a page.
    form.set("share", "");
    render(&load(app, id, Signed { view, actor }, (form, Once::Nothing)).await?).map(|page| with_status(page, 422))
}

fn share_of(form: &Form) -> Result<Share, AppError> {
    let text: String = form.value("share").chars().take(LONGEST_SHARE).collect();
    let mut checks = Checks::default();
    let share = checks.ok("/share", Share::parse(&text));
    checks.finish_with(share)
}

/// The first officer gives a share; the answer shows the code for the second one, this once.
pub(super) async fn begin(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, form } = sent;
    match try_begin(&app, &actor, id, &form).await {
        Ok(begun) => {
            let mut page = load(&app, id, Signed { view, actor }, (Form::default(), Once::Nothing)).await?;
            page.once = Once::Code { code: begun.code.to_string(), until: page.at(&begun.ends_at) };
            render(&page)
        }
        Err(error) => again(&app, (view, actor), id, (form, error)).await,
    }
}

async fn try_begin(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Begun, AppError> {
    let share = share_of(form)?;
    let purpose = Purpose::parse(form.value("purpose")).ok_or(CommonError::NotFound)?;
    let (by, request) = (actor.clone(), form.request(format!("pages.calls.sitting/{id}"))?);
    app.once_secret(actor.scope(), actor, request, move |work| service::begin(work, &by, id, purpose, &share)).await
}

/// The second officer gives a share and the code: the dummy bid or the bids are opened.
pub(super) async fn finish(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, form } = sent;
    match try_finish(&app, &actor, id, &form).await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => again(&app, (view, actor), id, (form, error)).await,
    }
}

async fn try_finish(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let share = share_of(form)?;
    let code: String = form.value("code").chars().take(64).collect();
    let (by, request) = (actor.clone(), form.request(format!("pages.calls.sitting.finish/{id}"))?);
    app.once(actor, request, move |work| {
        let done = match service::finish(work, &by, id, &code, &share)? {
            Sat::Rehearsed => "call-rehearsed",
            Sat::Opened(_) => "call-opened",
        };
        Ok(Reply::see_other(format!("/operate/calls/{id}/committee?done={done}")))
    })
    .await
}
