//! One's own bid: its receipts, what can still be done with it, what the opening found, what became of each lot, and complaints.
//!
//! Those who run or observe the market see a bid here after the opening, without its receipts.

use super::super::form::Form;
use super::super::view::View;
use super::super::visit::{About, Signed};
use super::super::{render, with_status};
use super::lots::{self, LotRow};
use crate::app::App;
use crate::audit::note::Signer;
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::Actor;
use crate::scope::Scope;
use crate::tenders::bids::document::{BidLine, Delivery};
use crate::tenders::bids::service::{self as service, Opening};
use crate::tenders::bids::{Bid, BidDocument};
use crate::tenders::calls::{self, Call};
use crate::tenders::feedback::answers::{self, Answer};
use crate::tenders::feedback::complaints::{self, Complaint, LONGEST_WORDS};
use crate::tenders::seal::receipt::Receipt;
use crate::tenders::seal::{placing, qr};
use crate::tenders::state::{BidStatus, Status};
use crate::values::UnitPrice;
use crate::web::params::id_of;
use crate::web::text::name_text;
use crate::web::{Reply, problem};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

/// A receipt to show and print.
struct Paper {
    receipt: Receipt,
    signed: String,
    /// A square code as SVG of our own making.
    qr: String,
}

impl Paper {
    fn new(receipt: Receipt, signer: &Signer) -> Self {
        Self { signed: receipt.signed(signer), qr: qr::markup(&receipt.code()), receipt }
    }
}

#[derive(Template)]
#[template(path = "tenders/own.html")]
struct Page {
    view: View,
    form: Form,
    call: Call,
    market: Market,
    bid: Bid,
    lots: Vec<LotRow>,
    /// The receipt of the version that counts; absent for those who only look.
    paper: Option<Paper>,
    /// Receipts of versions that were replaced.
    older: Vec<Receipt>,
    opening: Option<Opening>,
    document: Option<BidDocument>,
    answers: Vec<Answer>,
    complaints: Vec<Complaint>,
    is_own: bool,
    takes_bids: bool,
    takes_complaints: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
impl Page {
    fn status(&self) -> String {
        self.view.say(format!("tenders-bid-{}", self.bid.status.word()))
    }

    fn at(&self, instant: &crate::values::Timestamp) -> String {
        self.view.moment(*instant, self.market.time_zone)
    }

    fn sealed_where(&self, receipt: &Receipt) -> String {
        self.view.say(format!("tenders-sealed-{}", receipt.sealed_where))
    }

    fn is_placed(&self) -> bool {
        self.bid.status == BidStatus::Placed
    }

    fn is_stale(&self) -> bool {
        self.is_placed() && self.bid.terms_version < self.call.terms_version
    }

    fn may_complain(&self) -> bool {
        self.is_own && self.takes_complaints
    }

    /// Until when complaints are taken, once that is known.
    fn complaints_until(&self) -> Option<String> {
        self.call.complaints_until.map(|at| self.at(&at))
    }

    fn lot(&self, number: &i64) -> Option<&LotRow> {
        self.lots.iter().find(|lot| lot.lot.number == *number)
    }

    fn lot_name(&self, number: &i64) -> String {
        let name = self.lot(number).map(|lot| lot.name.clone()).unwrap_or_default();
        self.view.say2("tenders-lot", "number", *number, "name", name)
    }

    fn amount(&self, number: &i64, base_units: &i64) -> String {
        self.lot(number).map(|lot| lot.amount(&self.view, *base_units)).unwrap_or_default()
    }

    /// A price as the document writes it, as people write it.
    fn price(&self, number: &i64, text: &str) -> String {
        let per = self.lot(number).map_or("", LotRow::per);
        let price = UnitPrice::parse(text).map_or_else(|_| text.to_owned(), |price| self.view.price(price));
        format!("{price} / {per}")
    }

    fn wins_at(&self, answer: &Answer) -> Option<String> {
        let price = UnitPrice::from_e4(answer.wins_at_e4?).ok()?;
        Some(self.price(&answer.lot, &price.to_string()))
    }

    fn delivery(&self, line: &BidLine) -> String {
        match &line.delivery {
            Delivery::Franco => self.view.say("tenders-franco-short"),
            Delivery::ExWarehouse { per_km, base } => {
                self.view.say2("tenders-ex-short", "km", per_km.clone(), "base", base.clone())
            }
        }
    }

    /// What the opening found wrong, in words.
    fn faults(&self) -> Vec<String> {
        let Some(opening) = &self.opening else { return Vec::new() };
        opening.problems.lines().map(|line| self.fault(line)).collect()
    }

    /// `pointer CODE hint` or `CODE hint`.
    fn fault(&self, line: &str) -> String {
        let code = line.split(' ').find(|word| word.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
        let all = crate::tenders::TenderError::ALL.iter().map(|error| error.def());
        let all = all.chain(CommonError::ALL.iter().map(|error| error.def()));
        let def = all.into_iter().find(|def| Some(def.code) == code);
        def.map_or_else(|| line.to_owned(), |def| problem::words(def, self.view.language).0)
    }

    fn complaint_status(&self, complaint: &Complaint) -> String {
        self.view.say(format!("tenders-complaint-{}", complaint.status.word()))
    }

    fn about(&self, complaint: &Complaint) -> String {
        complaint.lot.map_or_else(|| self.view.say("tenders-whole-call"), |lot| self.lot_name(&lot))
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    render(&load(&app, id_of(&id)?, signed, Form::default()).await?)
}

async fn load(app: &App, id: i64, signed: Signed, form: Form) -> Result<Page, AppError> {
    let Signed { view, actor } = signed;
    let signing = app.clone();
    let (scope, now) = (actor.scope(), app.clock.now());
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let bid = service::get(connection, scope, id)?;
        let call = calls::service::get(connection, scope, bid.call_id)?;
        let market = markets::service::get(connection, scope, call.market_id)?;
        let is_own = bid.bidder_id == actor.organisation_id;
        let (paper, older) = papers(connection, scope, (&actor, &bid), signing.record.keys().signer()?)?;
        let opening = service::opening(connection, scope, id)?;
        let document = opening.as_ref().and_then(|found| BidDocument::from_json(found.document.as_bytes()).ok());
        let mut complaints = complaints::list(connection, scope, call.id)?;
        complaints.retain(|one| one.bidder_id == bid.bidder_id);
        Ok(Page {
            lots: lots::load(connection, scope, (&call, &market), (view.language, &[]))?,
            answers: answers::of_bid(connection, scope, id)?,
            takes_complaints: complaints::takes_complaints(&call, now),
            takes_bids: is_own && call.status == Status::Published && now < call.terms.closes_at,
            view,
            form,
            call,
            market,
            bid,
            paper,
            older,
            opening,
            document,
            complaints,
            is_own,
        })
    };
    app.read_async(scope, load).await
}

/// The receipt that counts and those before it, for the bidder alone.
fn papers(
    connection: &mut DbConnection,
    scope: &Scope,
    (actor, bid): (&Actor, &Bid),
    signer: &Signer,
) -> Result<(Option<Paper>, Vec<Receipt>), AppError> {
    if bid.bidder_id != actor.organisation_id {
        return Ok((None, Vec::new()));
    }
    let all = placing::receipts(connection, scope, actor, bid.id)?;
    let (current, older): (Vec<Receipt>, Vec<Receipt>) = all.into_iter().partition(|one| one.version == bid.current);
    Ok((current.into_iter().next().map(|receipt| Paper::new(receipt, signer)), older))
}

/// Confirms, withdraws or complains, and comes back to the bid.
pub(super) async fn take(
    State(app): State<App>,
    Path((_, step)): Path<(String, String)>,
    sent: About,
) -> Result<Response, AppError> {
    let About { id, view, actor, mut form } = sent;
    let done = match step.as_str() {
        "confirm" => confirm(&app, &actor, id, &form).await,
        "withdraw" => withdraw(&app, &actor, id, &form).await,
        "complain" => complain(&app, &actor, id, &form).await,
        _ => return Err(CommonError::NotFound.into()),
    };
    match form.settle(&view, done, super::super::form::plain)? {
        Some(done) => Ok(done),
        None => render(&load(&app, id, Signed { view, actor }, form).await?).map(|page| with_status(page, 422)),
    }
}

async fn confirm(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let (version, by) = (form.version()?, actor.clone());
    let terms = form.value("terms_version").parse().unwrap_or_default();
    app.once_quiet(actor, form.request(format!("pages.bids.confirm/{id}"))?, move |work| {
        service::confirm(work, &by, id, version, terms)?;
        Ok(Reply::see_other(format!("/bids/{id}?done=bid-confirmed")))
    })
    .await
}

async fn withdraw(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let (version, by) = (form.version()?, actor.clone());
    app.once_quiet(actor, form.request(format!("pages.bids.withdraw/{id}"))?, move |work| {
        service::withdraw(work, &by, id, version)?;
        Ok(Reply::see_other(format!("/bids/{id}?done=bid-withdrawn")))
    })
    .await
}

async fn complain(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let mut checks = Checks::default();
    // A page's text field has line breaks, which the record's texts have not.
    let text = form.value("words").replace(['\r', '\n'], " ");
    let words = name_text(&mut checks, "/words", &text, LONGEST_WORDS);
    let words = checks.finish_with(words)?;
    let (lot, by) = (form.value("lot").parse().ok(), actor.clone());
    app.once(actor, form.request(format!("pages.bids.complain/{id}"))?, move |work| {
        complaints::complain(work, &by, id, (lot, &words))?;
        Ok(Reply::see_other(format!("/bids/{id}?done=bid-complaint")))
    })
    .await
}
