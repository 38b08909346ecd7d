//! A bid from a spreadsheet: the file is read and judged cell by cell, the bid that it makes is shown, and then sealed on the
//! device, at the counter, or saved to be sealed offline.
//!
//! Whoever sends a table shows its prices to the server for that moment; the page says so. Nothing of it is kept.

use super::super::form::Form;
use super::super::upload::Upload;
use super::super::view::View;
use super::super::visit::{About, Signed};
use super::super::{render, with_status};
use super::bid::{at_counter, call_for};
use super::facts;
use super::lots::{self, LotRow};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::imports::api::read_table;
use crate::imports::service::CellProblem;
use crate::markets::Market;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::tenders::bids::document::{BidLine, LARGEST_DOCUMENT};
use crate::tenders::bids::sheet::{self, SheetBid};
use crate::tenders::bids::{self, BidDocument};
use crate::tenders::calls::Call;
use crate::tenders::seal::service as seal;
use crate::values::UnitPrice;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

#[derive(Template)]
#[template(path = "tenders/sheet.html")]
struct Page {
    view: View,
    form: Form,
    call: Call,
    market: Market,
    lots: Vec<LotRow>,
    facts: String,
    /// What the table came to; `None` before one was sent.
    read: Option<SheetBid>,
    /// The document, as it is to be sealed; empty while there is none.
    document: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
impl Page {
    fn closes(&self) -> String {
        self.view.moment(self.call.terms.closes_at, self.market.time_zone)
    }

    /// Where in the table, as the spreadsheet program names it.
    fn cell(&self, problem: &CellProblem) -> String {
        let row = problem.row.to_string();
        match problem.header {
            "" => self.view.say1("sheet-row", "row", row),
            header => self.view.say2("sheet-cell", "row", format!("{row} ({})", problem.column), "column", header),
        }
    }

    fn said(&self, problem: &CellProblem) -> String {
        let (detail, action) = self.view.refusal(problem.issue.def);
        let hint = if problem.issue.hint.is_empty() { String::new() } else { format!(" ({})", problem.issue.hint) };
        format!("{detail}{hint} {action}")
    }

    fn lines(&self) -> &[BidLine] {
        let document = self.read.as_ref().and_then(|read| read.document.as_ref());
        document.map_or(&[], |document| document.lines.as_slice())
    }

    fn bundles(&self) -> usize {
        self.read.as_ref().and_then(|read| read.document.as_ref()).map_or(0, |document| document.bundles.len())
    }

    fn lot(&self, number: &i64) -> String {
        let name = self.row(*number).map(|lot| lot.name.clone()).unwrap_or_default();
        self.view.say2("tenders-lot", "number", *number, "name", name)
    }

    fn row(&self, number: i64) -> Option<&LotRow> {
        self.lots.iter().find(|lot| lot.lot.number == number)
    }

    fn amount(&self, number: &i64, base_units: &i64) -> String {
        self.row(*number).map(|lot| lot.amount(&self.view, *base_units)).unwrap_or_default()
    }

    fn price(&self, number: &i64, text: &str) -> String {
        let per = self.row(*number).map_or("", LotRow::per);
        let price = UnitPrice::parse(text).map_or_else(|_| text.to_owned(), |price| self.view.price(price));
        format!("{price} / {per}")
    }

    /// The document as a file to save: its text, in the address.
    fn file_address(&self) -> String {
        let bytes: String = form_urlencoded::byte_serialize(self.document.as_bytes()).collect();
        // In an address a plus is a plus.
        format!("data:application/json,{}", bytes.replace('+', "%20"))
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    render(&load(&app, &actor, id_of(&id)?, (view, Form::default())).await?)
}

async fn load(app: &App, actor: &Actor, id: i64, (view, form): (View, Form)) -> Result<Page, AppError> {
    let (scope, me) = (actor.scope(), actor.organisation_id);
    let belongs = actor.standing.belongs.clone();
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let (call, market) = call_for(connection, scope, &belongs, id)?;
        let setting = bids::service::setting(connection, scope, &call, me)?;
        let recipient = seal::recipient(connection, scope, call.id)?;
        let facts = facts::of(&view, &setting, &recipient);
        let lots = lots::load(connection, scope, (&call, &market), (view.language, &[]))?;
        Ok(Page { view, form, call, market, lots, facts, read: None, document: String::new() })
    };
    app.read_async(scope, load).await
}

/// Reads the file and shows what it comes to.
pub(super) async fn read(State(app): State<App>, sent: Upload) -> Result<Response, AppError> {
    let Upload { about: About { id, view, actor, form }, file } = sent;
    let mut page = load(&app, &actor, id, (view, form)).await?;
    if file.is_empty() {
        page.form.add_problem("file", page.view.say("sheet-no-file"));
        return render(&page).map(|page| with_status(page, 422));
    }
    let of = (id, actor.organisation_id);
    let read = match read_table(&app, file).await {
        Ok(table) => app.read_async(&actor, move |connection, scope| sheet::read(connection, scope, of, &table)).await,
        Err(error) => Err(error),
    };
    let read = match read {
        Ok(read) => read,
        Err(error) => {
            page.form.refuse(&page.view, error, |_| Some("file".to_owned()))?;
            return render(&page).map(|page| with_status(page, 422));
        }
    };
    let is_good = read.document.is_some();
    let text = read.document.as_ref().map(BidDocument::to_json).unwrap_or_default();
    page.document = String::from_utf8(text).map_err(AppError::internal)?;
    page.read = Some(read);
    render(&page).map(|page| if is_good { page } else { with_status(page, 422) })
}

/// Seals the document at the counter.
pub(super) async fn counter(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, mut form } = sent;
    let text = form.value("document").to_owned();
    let done = match BidDocument::from_json(text.as_bytes()) {
        Ok(document) if text.len() <= LARGEST_DOCUMENT => at_counter(&app, &actor, id, (&form, document)).await,
        _ => Err(CommonError::WrongShape.into()),
    };
    if let Some(done) = form.settle(&view, done, |_| None)? {
        return Ok(done);
    }
    render(&load(&app, &actor, id, (view, form)).await?).map(|page| with_status(page, 422))
}
