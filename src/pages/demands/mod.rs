//! What a buyer needs in the round that is collecting: one page to write, repeat, change and take back.
//!
//! A cooperative writes once for the whole round, a kitchen for each delivery day. Sending the page makes what stands in
//! it true: new lines are posted, other numbers changed, emptied lines taken back. All or none, once per key.

mod apply;
mod menu;
mod sheet;
mod together;
mod undo;

use super::form::Form;
use super::view::View;
use super::visit::{Signed, Submitted};
use super::{render, with_status, words};
use crate::app::App;
use crate::error::AppError;
use crate::parties::Actor;
use crate::web::Reply;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use sheet::Sheet;

pub(super) use sheet::posted_of;

pub(super) fn router() -> Router<App> {
    Router::new().route("/demands", get(show).post(send)).route("/demands/undo", post(undo::send))
}

#[derive(Template)]
#[template(path = "demands/sheet.html")]
struct Page {
    view: View,
    form: Form,
    sheet: Option<Sheet>,
    repeated: bool,
    /// What was sent just now and can be taken back, and how many lines that is.
    undo: (String, usize),
}

impl Page {
    fn of(view: View, form: Form, sheet: Option<Sheet>) -> Self {
        Self { view, form, sheet, repeated: false, undo: (String::new(), 0) }
    }

    /// Menus to fill the sheet from, for kitchens.
    fn menus(&self) -> Vec<(String, String)> {
        let sheet = self.sheet.as_ref().filter(|sheet| !sheet.choices.is_empty());
        sheet.map_or_else(Vec::new, |sheet| menu::choices(&sheet.stand.market.code, self.view.language))
    }

    /// The budget in the form, in rupiah; 0 where there is none.
    fn budget(&self, sheet: &Sheet) -> i64 {
        sheet.budget_in(&self.form).unwrap_or(0)
    }

    /// What is left of the budget, or how far it is exceeded, in a sentence.
    fn against_budget(&self, sheet: &Sheet) -> String {
        self.against(self.budget(sheet), sheet.elsewhere.get() + sheet.total.get())
    }

    /// What the menu says that the day's ingredients may cost, in rupiah; 0 where no menu was chosen.
    fn menu_budget(&self) -> i64 {
        self.form.value(menu::BUDGET).parse().unwrap_or(0)
    }

    /// The day against what its menu allows, in a sentence.
    fn against_menu(&self, sheet: &Sheet) -> String {
        self.against(self.menu_budget(), sheet.total.get())
    }

    fn against(&self, whole: i64, spent: i64) -> String {
        let left = whole - spent;
        let key = if left < 0 { "demands-budget-over" } else { "demands-budget-left" };
        self.view.say1(key, "amount", words::rupiah(self.view.language, left.abs()))
    }
}

/// How the page is opened.
#[derive(Debug, Clone, Default, Deserialize)]
struct Opening {
    /// Fills in what was needed last time.
    #[serde(default)]
    repeat: String,
    /// For kitchens: the delivery day.
    #[serde(default)]
    day: String,
}

async fn show(
    State(app): State<App>,
    signed: Signed,
    opening: Result<Query<Opening>, QueryRejection>,
) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let opening = opening.map(|Query(opening)| opening).unwrap_or_default();
    render(&open(&app, &actor, view, (opening, Form::default())).await?)
}

/// The page with what is posted, or with what was needed last time.
async fn open(app: &App, actor: &Actor, view: View, (opening, mut form): (Opening, Form)) -> Result<Page, AppError> {
    let (now, language, repeated) = (app.clock.now(), view.language, !opening.repeat.is_empty());
    let reader = actor.clone();
    let is_sent = view.done.as_deref() == Some("done-demands-sent");
    let (mut sheet, undo) = app
        .read_async(actor.scope(), move |connection, scope| {
            let sheet = Sheet::load(connection, scope, &reader, now, (&opening.day, language))?;
            let undo = match &sheet {
                Some(sheet) if is_sent => undo::fresh(connection, scope, (&reader, now), sheet)?,
                _ => (String::new(), 0),
            };
            Ok((sheet, undo))
        })
        .await?;
    if let Some(sheet) = &mut sheet {
        sheet.fill(&mut form, repeated);
        sheet.count(&form);
        together::add(app, actor, &view, sheet).await?;
    }
    Ok(Page { view, form, sheet, repeated, undo })
}

async fn send(State(app): State<App>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let (now, language, day) = (app.clock.now(), view.language, form.value("day").to_owned());
    let (scope, reader) = (actor.scope(), actor.clone());
    let sheet = app
        .read_async(scope, move |connection, scope| Sheet::load(connection, scope, &reader, now, (&day, language)))
        .await?;
    let Some(mut sheet) = sheet else { return render(&Page::of(view, form, None)) };
    together::add(&app, &actor, &view, &mut sheet).await?;
    if menu::fill(&view, &sheet, &mut form) || sheet.step(&mut form) {
        sheet.count(&form);
        return render(&Page::of(view, form, Some(sheet)));
    }
    sheet.check(&view, &mut form);
    if !form.is_wrong() {
        match apply::send(&app, &actor, &sheet, &form).await {
            Ok(reply) => return Ok(Reply::into_response(reply)),
            Err(error) => {
                let codes = apply::new_codes(&sheet, &form);
                form.refuse(&view, error, |pointer| apply::field(pointer, &codes))?;
            }
        }
    }
    sheet.count(&form);
    render(&Page::of(view, form, Some(sheet))).map(|page| with_status(page, 422))
}
