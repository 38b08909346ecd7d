//! Making a call: its terms, and lots proposed from the pooled need of its round.

use super::super::form::Form;
use super::super::operate::instant;
use super::super::stand::name_of;
use super::super::view::View;
use super::super::visit::{Signed, Submitted};
use super::super::{PUBLIC, render, with_status, words};
use crate::app::App;
use crate::catalog::{Catalogue, Unit};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Class};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::aggregate::service::{Progress, pooled};
use crate::tenders::calls::{CallEntry, LotEntry, service};
use crate::values::{BaseUnit, Certificate, Day};
use crate::web::Reply;
use crate::web::params::id_of;
use crate::web::problem::Language;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, BTreeSet};

/// A call usually closes so many hours before its round at the latest; the form proposes this.
const BEFORE_ROUND_S: i64 = 3_600;

/// A lot that the round's need proposes.
pub(super) struct Proposed {
    /// Names the fields of this row.
    pub key: String,
    pub code: String,
    pub name: String,
    pub unit: BaseUnit,
    pub units: Vec<Unit>,
    /// Codes of the districts; empty for the whole market.
    pub areas: Vec<String>,
    pub quantity: i64,
    pub points: usize,
    pub requirements: Vec<&'static str>,
}

impl Proposed {
    fn field(&self, name: &str) -> String {
        format!("{name}-{}", self.key)
    }
}

#[derive(Template)]
#[template(path = "tenders/make.html")]
struct Page {
    view: View,
    form: Form,
    market: Market,
    round: Round,
    rows: Vec<Proposed>,
    classes: &'static [Class],
    certificates: &'static [Certificate],
}

impl Page {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn class(&self, class: &Class) -> String {
        self.view.say(format!("class-{}", class.word()))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn certificate(&self, certificate: &Certificate) -> String {
        self.view.say(format!("certificate-{}", certificate.word().replace('_', "-")))
    }

    fn unit_name(&self, unit: &Unit) -> String {
        if self.view.language == Language::Indonesian { unit.name_id.clone() } else { unit.name_en.clone() }
    }

    fn need(&self, row: &Proposed) -> String {
        let amount = words::quantity(self.view.language, row.quantity, row.unit);
        self.view.say2("calls-need", "amount", amount, "count", row.points)
    }

    fn is_chosen(&self, row: &Proposed) -> bool {
        self.form.has("lot", &row.key)
    }

    fn is_unit(&self, row: &Proposed, unit: &Unit) -> bool {
        self.form.value(row.field("unit")) == unit.code
    }

    /// What a fresh form proposes: quantities in whole packs; which of them become lots is ticked.
    fn begin(&mut self) {
        let closes = self.round.closes_at.plus_seconds(-BEFORE_ROUND_S);
        let day = Day::of(closes, self.market.time_zone.iana());
        let mut values = vec![
            ("title".to_owned(), self.view.say1("calls-title-of", "round", &self.round.name)),
            ("closes_on".to_owned(), day.to_string()),
            ("closes_at".to_owned(), "15:00".to_owned()),
            ("min_bids".to_owned(), "1".to_owned()),
            ("partial".to_owned(), "1".to_owned()),
        ];
        for row in &self.rows {
            let Some(pack) = usual_pack(&row.units, row.unit) else { continue };
            let packs = (row.quantity + pack.base_units - 1) / pack.base_units;
            values.push((row.field("unit"), pack.code.clone()));
            values.push((row.field("quantity"), packs.to_string()));
        }
        for (name, value) in values {
            self.form.set(&name, value);
        }
    }
}

/// The largest pack of up to 25 pricing units, which most goods are sold in; else the smallest there is.
fn usual_pack(units: &[Unit], unit: BaseUnit) -> Option<&Unit> {
    let most = 25 * unit.per_pricing_unit();
    let fitting = units.iter().filter(|one| one.base_units <= most).max_by_key(|one| one.base_units);
    fitting.or_else(|| units.iter().min_by_key(|one| one.base_units))
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let mut page = load(&app, &actor, id_of(&id)?, (view, Form::default())).await?;
    page.begin();
    render(&page)
}

async fn load(app: &App, actor: &Actor, id: i64, (view, form): (View, Form)) -> Result<Page, AppError> {
    let (round, market) = app
        .read_async(actor, move |connection, scope| {
            let round = rounds::service::get(connection, scope, id)?;
            let market = markets::service::get(connection, scope, round.market_id)?;
            if scope.runs(market.id) { Ok((round, market)) } else { Err(CommonError::Forbidden.into()) }
        })
        .await?;
    // Pooled need is made from everybody's demands; whoever runs the market may know every figure.
    let viewer = actor.scope();
    app.read_async(PUBLIC, move |connection: &mut DbConnection, system: &Scope| {
        let need = pooled(connection, (&viewer, system), id)?;
        let catalogue = Catalogue::load(connection, market.rice_zone)?;
        let rows = propose(&need, &catalogue, view.language);
        Ok(Page { view, form, market, round, rows, classes: Class::ALL, certificates: Certificate::ALL })
    })
    .await
}

/// One lot for each commodity over the whole market, the most needed goods first.
fn propose(need: &[Progress], catalogue: &Catalogue, language: Language) -> Vec<Proposed> {
    let mut sums: BTreeMap<i64, (i64, usize, BTreeSet<&'static str>)> = BTreeMap::new();
    for one in need {
        let Some(figures) = &one.pooled.figures else { continue };
        let sum = sums.entry(one.pooled.commodity_id).or_default();
        sum.0 += figures.quantity;
        sum.1 += figures.points;
        sum.2.extend(figures.requirements.keys().copied());
    }
    let row = |(id, (quantity, points, requirements)): (i64, (i64, usize, BTreeSet<&'static str>))| {
        let commodity = catalogue.find(id)?;
        Some(Proposed {
            key: id.to_string(),
            code: commodity.code.clone(),
            name: name_of(commodity, language),
            unit: commodity.base_unit,
            units: catalogue.units_of(id).to_vec(),
            areas: Vec::new(),
            quantity,
            points,
            requirements: requirements.into_iter().collect(),
        })
    };
    let mut rows: Vec<Proposed> = sums.into_iter().filter_map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.quantity / row.unit.per_pricing_unit()));
    rows
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
    }
}

/// The field of the terms that a JSON pointer is about.
pub(super) fn terms_field(pointer: &str) -> Option<String> {
    let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    Some(match name {
        "closes_at" => "closes_on".to_owned(),
        "certificates" => "certificate".to_owned(),
        "who_may_bid" => "who".to_owned(),
        "title" | "min_bids" | "documents" | "notes" | "reason" => name.to_owned(),
        _ => return None,
    })
}

impl Page {
    /// The lots that were ticked, with the row each came from.
    fn lots(&self) -> (Vec<LotEntry>, Vec<String>) {
        let days = (self.round.delivery_from.to_string(), self.round.delivery_to.to_string());
        let language = self.view.language;
        let chosen: Vec<&Proposed> = self.rows.iter().filter(|row| self.is_chosen(row)).collect();
        let lot = |row: &&Proposed| LotEntry {
            commodity: row.code.clone(),
            area: row.areas.clone(),
            area_name: market_or(self.form.value(row.field("area")), &self.market),
            day_from: days.0.clone(),
            day_to: days.1.clone(),
            quantity: words::read_decimal(language, self.form.value(row.field("quantity"))),
            unit: self.form.value(row.field("unit")).to_owned(),
            points: i64::try_from(row.points).unwrap_or(i64::MAX),
            steps: steps(self.form.value(row.field("steps")), language),
            requirements: row.requirements.iter().map(|word| (*word).to_owned()).collect(),
            price_ceiling: self.form.optional(&row.field("ceiling")).map(|text| words::read_decimal(language, &text)),
        };
        (chosen.iter().map(lot).collect(), chosen.iter().map(|row| row.key.clone()).collect())
    }
}

fn market_or(name: &str, market: &Market) -> String {
    if name.is_empty() { market.name.clone() } else { name.to_owned() }
}

/// `40; 60` as two steps.
fn steps(text: &str, language: Language) -> Vec<String> {
    let parts = text.split([';', '/']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| words::read_decimal(language, part)).collect()
}

fn field(pointer: &str, keys: &[String]) -> Option<String> {
    let Some(rest) = pointer.strip_prefix("/lots/") else { return terms_field(pointer) };
    let (index, name) = rest.split_once('/').unwrap_or((rest, "quantity"));
    let key = index.parse::<usize>().ok().and_then(|index| keys.get(index))?;
    let name = match name.split('/').next().unwrap_or_default() {
        "steps" => "steps",
        "unit" => "unit",
        "price_ceiling" => "ceiling",
        _ => "quantity",
    };
    Some(format!("{name}-{key}"))
}

pub(super) async fn create(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Submitted,
) -> Result<Response, AppError> {
    let Submitted { view, actor, form } = sent;
    let id = id_of(&id)?;
    let mut page = load(&app, &actor, id, (view, form)).await?;
    let entry = terms(&page.form, page.view.language, &page.market);
    let (lots, keys) = page.lots();
    let (by, request) = (actor.clone(), page.form.request(format!("pages.calls.create/{id}"))?);
    let done = app.once(&actor, request, move |work| {
        let call = service::create(work, &by, id, &entry, &lots)?;
        Ok(Reply::see_other(format!("/operate/calls/{}?done=call-made", call.id)))
    });
    match done.await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => {
            page.form.refuse(&page.view, error, |pointer| field(pointer, &keys))?;
            render(&page).map(|page| with_status(page, 422))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_one_by_one_and_problems_find_their_rows() {
        assert_eq!(steps("40; 1.060 ;", Language::Indonesian), ["40", "1060"]);
        assert!(steps(" ", Language::Indonesian).is_empty());
        let keys = ["7".to_owned(), "9".to_owned()];
        for (pointer, want) in [
            ("/lots/1/quantity", Some("quantity-9")),
            ("/lots/0/steps/1", Some("steps-7")),
            ("/lots/0", Some("quantity-7")),
            ("/lots", None),
            ("/closes_at", Some("closes_on")),
            ("/documents/3", Some("documents")),
            ("/lots/5/unit", None),
        ] {
            assert_eq!(field(pointer, &keys).as_deref(), want, "{pointer}");
        }
    }
}
