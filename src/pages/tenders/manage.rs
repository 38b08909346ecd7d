//! One call on the operator's desk: its way, the next step, its terms, the opened bids, complaints to answer.
//!
//! How many bids there are is told once the call has closed, and what they say once they are open.

use super::super::form::Form;
use super::super::view::View;
use super::super::visit::{About, Signed};
use super::super::{render, with_status};
use super::make::{terms, terms_field};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::{self, Actor, Class, Role};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::bids::{self, Bid};
use crate::tenders::calls::{self, Call};
use crate::tenders::feedback::complaints::{self, Complaint, LONGEST_WORDS, Verdict};
use crate::tenders::seal::service as seal;
use crate::tenders::seal::types::Committee;
use crate::tenders::state::{BidStatus, Status};
use crate::values::{Certificate, Day};
use crate::web::Reply;
use crate::web::params::id_of;
use crate::web::text::name_text;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::BTreeMap;

const LONGEST_REASON: usize = 500;
/// The way of a call, as people see it.
const WAY: [Status; 6] =
    [Status::Draft, Status::Published, Status::Closed, Status::Opened, Status::Evaluated, Status::Awarded];

#[derive(Template)]
#[template(path = "tenders/manage.html")]
struct Page {
    view: View,
    form: Form,
    call: Call,
    market: Market,
    round: Round,
    committee: Committee,
    /// Opened bids with their bidders' names.
    bids: Vec<(Bid, String)>,
    complaints: Vec<(Complaint, String)>,
    classes: &'static [Class],
    certificates: &'static [Certificate],
    is_operator: bool,
    is_approver: bool,
}

impl Page {
    fn is(&self, word: &str) -> bool {
        self.call.status.word() == word
    }

    fn status(&self) -> String {
        self.view.say(format!("tenders-status-{}", self.call.status.word()))
    }

    /// Each station of the way, and whether the call is `done` with it, is there `now`, or comes to it `later`.
    fn way(&self) -> Vec<(String, &'static str)> {
        let at = WAY.iter().position(|status| *status == self.call.status);
        let place = |index: usize| match at {
            Some(at) if index < at => "done",
            Some(at) if index == at => "now",
            _ => "later",
        };
        let name = |status: &Status| self.view.say(format!("calls-way-{}", status.word()));
        WAY.iter().enumerate().map(|(index, status)| (name(status), place(index))).collect()
    }

    fn is_over(&self) -> bool {
        matches!(self.call.status, Status::Cancelled | Status::Unsuccessful)
    }

    /// What is to be done now.
    fn next(&self) -> &'static str {
        match self.call.status {
            Status::Draft if self.committee.key.is_none() => "calls-now-seats",
            Status::Draft if !self.is_rehearsed() => "calls-now-rehearse",
            Status::Draft => "calls-now-publish",
            Status::Published => "calls-now-published",
            Status::Closed if self.round.status == rounds::Status::Collecting => "calls-now-close-round",
            Status::Closed => "calls-now-open",
            Status::Opened => "calls-now-scenarios",
            Status::Evaluated => "calls-now-approve",
            Status::Awarded => "calls-now-awarded",
            Status::Unsuccessful => "tenders-unsuccessful-because",
            Status::Cancelled => "tenders-cancelled-because",
        }
    }

    fn is_rehearsed(&self) -> bool {
        self.committee.key.as_ref().is_some_and(|key| key.rehearsed_at.is_some())
    }

    fn may_publish(&self) -> bool {
        self.is_operator && self.call.status == Status::Draft && self.is_rehearsed()
    }

    fn may_change(&self) -> bool {
        self.is_operator && matches!(self.call.status, Status::Draft | Status::Published)
    }

    fn may_cancel(&self) -> bool {
        self.is_operator && matches!(self.call.status, Status::Draft | Status::Published | Status::Closed)
    }

    fn closes(&self) -> String {
        self.view.moment(self.call.terms.closes_at, self.market.time_zone)
    }

    fn closes_ms(&self) -> i64 {
        self.call.terms.closes_at.as_micros() / 1_000
    }

    /// Until when complaints are taken, once that is known.
    fn complaints_until(&self) -> String {
        self.call.complaints_until.map_or_else(String::new, |at| self.view.moment(at, self.market.time_zone))
    }

    fn is_draft(&self) -> bool {
        self.is_operator && self.call.status == Status::Draft
    }

    fn seats(&self) -> usize {
        self.committee.seats.len()
    }

    fn bid_status(&self, bid: &Bid) -> String {
        self.view.say(format!("tenders-bid-{}", bid.status.word()))
    }

    fn is_valid(&self, bid: &Bid) -> bool {
        let _ = self;
        bid.status == BidStatus::Opened
    }

    fn complaint_status(&self, complaint: &Complaint) -> String {
        self.view.say(format!("tenders-complaint-{}", complaint.status.word()))
    }

    fn may_answer(&self, complaint: &Complaint) -> bool {
        self.is_approver && complaint.status == Verdict::Open
    }

    fn about(&self, complaint: &Complaint) -> String {
        match complaint.lot {
            Some(lot) => self.view.say1("calls-complaint-lot", "number", lot),
            None => self.view.say("tenders-whole-call"),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn class(&self, class: &Class) -> String {
        self.view.say(format!("class-{}", class.word()))
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    render(&load(&app, id_of(&id)?, signed, None).await?)
}

async fn load(app: &App, id: i64, signed: Signed, form: Option<Form>) -> Result<Page, AppError> {
    let Signed { view, actor } = signed;
    let (is_operator, is_approver) =
        (actor.require_role(&[Role::Operator]).is_ok(), actor.require_role(&[Role::Approver]).is_ok());
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let call = calls::service::get(connection, scope, id)?;
        if !scope.runs(call.market_id) {
            return Err(CommonError::Forbidden.into());
        }
        let market = markets::service::get(connection, scope, call.market_id)?;
        let bids =
            if call.opened_at.is_some() { bids::service::list_of_call(connection, scope, id)? } else { Vec::new() };
        let complaints = complaints::list(connection, scope, id)?;
        let named = bids.iter().map(|bid| bid.bidder_id).chain(complaints.iter().map(|one| one.bidder_id));
        let names = names(connection, scope, &named.collect::<Vec<_>>())?;
        let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
        Ok(Page {
            form: form.unwrap_or_else(|| present(&call, &market)),
            round: rounds::service::get(connection, scope, call.round_id)?,
            committee: seal::committee(connection, scope, id)?,
            bids: bids.into_iter().map(|bid| (bid.clone(), name(bid.bidder_id))).collect(),
            complaints: complaints.into_iter().map(|one| (one.clone(), name(one.bidder_id))).collect(),
            classes: Class::ALL,
            certificates: Certificate::ALL,
            is_operator,
            is_approver,
            view,
            call,
            market,
        })
    };
    app.read_async(actor.scope(), load).await
}

pub(super) fn names(
    connection: &mut DbConnection,
    scope: &Scope,
    ids: &[i64],
) -> Result<BTreeMap<i64, String>, AppError> {
    let found = parties::service::list_by_ids(connection, scope, ids)?;
    Ok(found.into_iter().map(|organisation| (organisation.id, organisation.name)).collect())
}

/// The terms as fields.
fn present(call: &Call, market: &Market) -> Form {
    let terms = &call.terms;
    let zone = market.time_zone.iana();
    let closes = terms.closes_at.to_string().parse::<jiff::Timestamp>().ok();
    let clock =
        closes.and_then(|at| at.in_tz(zone).ok()).map_or_else(String::new, |at| at.strftime("%H:%M").to_string());
    let mut values = vec![
        ("title", terms.title.clone()),
        ("closes_on", Day::of(terms.closes_at, zone).to_string()),
        ("closes_at", clock),
        ("min_bids", terms.min_bids.to_string()),
        ("documents", terms.documents.join("\n")),
        ("notes", terms.notes.clone()),
        ("complaint_hours", terms.complaint_hours.to_string()),
    ];
    if terms.partial_awards {
        values.push(("partial", "1".to_owned()));
    }
    values.extend(terms.who_may_bid.iter().map(|class| ("who", class.word().to_owned())));
    values.extend(terms.certificates.words().into_iter().map(|word| ("certificate", word.to_owned())));
    Form::blank(values)
}

/// Publishes, changes the terms or gives the call up.
pub(super) async fn take(
    State(app): State<App>,
    Path((_, step)): Path<(String, String)>,
    sent: About,
) -> Result<Response, AppError> {
    let About { id, view, actor, mut form } = sent;
    let done = match step.as_str() {
        "publish" => publish(&app, &actor, id, &form).await,
        "cancel" => cancel(&app, &actor, id, &form).await,
        "terms" => change(&app, &actor, id, (&view, &form)).await,
        _ => return Err(CommonError::NotFound.into()),
    };
    let is_cancel = step == "cancel";
    let done = form.settle(&view, done, |pointer| match pointer {
        "/reason" if is_cancel => Some("cancel_reason".to_owned()),
        other => terms_field(other),
    })?;
    let kept = (step == "terms").then(|| form.clone());
    match done {
        Some(done) => Ok(done),
        None => again(&app, id, Signed { view, actor }, (kept, form)).await,
    }
}

/// The page again, with what is wrong; `kept` is what was typed into the terms.
async fn again(app: &App, id: i64, signed: Signed, (kept, wrong): (Option<Form>, Form)) -> Result<Response, AppError> {
    let mut page = load(app, id, signed, kept).await?;
    page.form.take_problems(wrong);
    render(&page).map(|page| with_status(page, 422))
}

fn reason_of(form: &Form, name: &str) -> Result<String, AppError> {
    let mut checks = Checks::default();
    let reason = name_text(&mut checks, "/reason", form.value(name), LONGEST_REASON);
    checks.finish_with(reason)
}

async fn publish(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let (version, by) = (form.version()?, actor.clone());
    app.once(actor, form.request(format!("pages.calls.publish/{id}"))?, move |work| {
        calls::service::publish(work, &by, id, version)?;
        Ok(Reply::see_other(format!("/operate/calls/{id}?done=call-published")))
    })
    .await
}

async fn cancel(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let (version, by, reason) = (form.version()?, actor.clone(), reason_of(form, "cancel_reason")?);
    app.once(actor, form.request(format!("pages.calls.cancel/{id}"))?, move |work| {
        calls::service::cancel(work, &by, id, version, &reason)?;
        Ok(Reply::see_other(format!("/operate/calls/{id}?done=call-cancelled")))
    })
    .await
}

async fn change(app: &App, actor: &Actor, id: i64, (view, form): (&View, &Form)) -> Result<Reply, AppError> {
    let (version, by, reason) = (form.version()?, actor.clone(), reason_of(form, "reason")?);
    let market = app
        .read_async(actor, move |connection, scope| {
            let call = calls::service::get(connection, scope, id)?;
            markets::service::get(connection, scope, call.market_id)
        })
        .await?;
    let entry = terms(form, view.language, &market);
    app.once(actor, form.request(format!("pages.calls.terms/{id}"))?, move |work| {
        calls::service::change_terms(work, &by, id, version, (&entry, &reason))?;
        Ok(Reply::see_other(format!("/operate/calls/{id}?done=call-changed")))
    })
    .await
}

/// An approver answers a complaint.
pub(super) async fn answer(
    State(app): State<App>,
    Path((_, complaint)): Path<(String, String)>,
    sent: About,
) -> Result<Response, AppError> {
    let About { id, view, actor, mut form } = sent;
    let complaint = id_of(&complaint)?;
    let done = try_answer(&app, &actor, (id, complaint), &form).await;
    let field = |pointer: &str| (pointer == "/answer").then(|| format!("answer-{complaint}"));
    match form.settle(&view, done, field)? {
        Some(done) => Ok(done),
        None => again(&app, id, Signed { view, actor }, (None, form)).await,
    }
}

async fn try_answer(app: &App, actor: &Actor, (id, complaint): (i64, i64), form: &Form) -> Result<Reply, AppError> {
    let version = form.version()?;
    let verdict = if form.value("verdict") == "upheld" { Verdict::Upheld } else { Verdict::Dismissed };
    let mut checks = Checks::default();
    let words = name_text(&mut checks, "/answer", &form.value("answer").replace(['\r', '\n'], " "), LONGEST_WORDS);
    let words = checks.finish_with(words)?;
    let by = actor.clone();
    app.once(actor, form.request(format!("pages.complaints.answer/{complaint}"))?, move |work| {
        complaints::answer(work, &by, complaint, version, (verdict, &words))?;
        Ok(Reply::see_other(format!("/operate/calls/{id}?done=complaint-answered")))
    })
    .await
}
