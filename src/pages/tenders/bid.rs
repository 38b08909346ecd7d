//! One screen to bid on a call.
//!
//! With scripts the bid is checked, sealed and tried out in the browser, and only the sealed file is sent. Without, the same form
//! is checked by the server and sealed there at once ("the counter"), which then sees the price for that moment.

use super::super::form::Form;
use super::super::view::View;
use super::super::visit::{About, Signed};
use super::super::{render, with_status};
use super::bundles::{self, GROUPS};
use super::entry::{self, COSTS, Entry, TIERS};
use super::facts;
use super::lots::{self, LotRow};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::Actor;
use crate::places::{self, Place};
use crate::scope::Scope;
use crate::tenders::bids::check::{self, Awards, Setting};
use crate::tenders::bids::{self, Bid, BidDocument, SealedBid, SealedWhere};
use crate::tenders::calls::{self, Call};
use crate::tenders::seal::{placing, service as seal};
use crate::tenders::state::Status;
use crate::values::{BaseUnit, Certificate};
use crate::web::Reply;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

const MOST_PLACES: i64 = 200;
const MOST_BIDS: i64 = 1_000;

#[derive(Template)]
#[template(path = "tenders/bid.html")]
struct Page {
    view: View,
    form: Form,
    call: Call,
    market: Market,
    lots: Vec<LotRow>,
    places: Vec<Place>,
    bid: Option<Bid>,
    setting: Setting,
    facts: String,
    certificates: &'static [Certificate],
    /// Whether the server found nothing wrong with what was typed.
    is_checked: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
impl Page {
    fn closes(&self) -> String {
        self.view.moment(self.call.terms.closes_at, self.market.time_zone)
    }

    fn closes_ms(&self) -> i64 {
        self.call.terms.closes_at.as_micros() / 1_000
    }

    fn is_whole(&self) -> bool {
        self.setting.awards == Awards::Whole
    }

    fn rows(&self) -> std::ops::RangeInclusive<usize> {
        let _ = self;
        1..=TIERS
    }

    /// Whether a lot is ticked in a row of lots, or chosen in a row of discounts.
    fn is_in(&self, field: &str, lot: &LotRow) -> bool {
        self.form.has(field, &lot.lot.number.to_string())
    }

    fn groups(&self) -> std::ops::RangeInclusive<usize> {
        let _ = self;
        1..=GROUPS
    }

    /// Rows of bundles or discounts of a kind that are shown.
    fn shown_groups(&self, kind: &str) -> usize {
        bundles::shown(&self.form, kind)
    }

    /// Name of a field of a row of bundles or discounts.
    fn nth(&self, name: &str, row: &usize) -> String {
        let _ = self;
        bundles::nth(name, *row)
    }

    fn most_steps(&self) -> usize {
        let _ = self;
        TIERS
    }

    /// Name of a field of one price step.
    fn step_field(&self, name: &str, lot: &LotRow, row: &usize) -> String {
        let _ = self;
        format!("{name}-{}-{row}", lot.lot.number)
    }

    /// Price steps that are shown: those with something in them, and as many as were asked for.
    fn shown(&self, lot: &LotRow) -> usize {
        let asked = self.form.value(lot.field("steps")).parse().unwrap_or(0);
        let filled = self.rows().rev().find(|row| entry::has_step(&self.form, lot.lot.number, *row));
        filled.unwrap_or(0).max(asked).min(TIERS)
    }

    fn costs(&self) -> impl Iterator<Item = &'static str> {
        let _ = self;
        COSTS.iter().map(|(word, _)| *word)
    }

    fn cost_field(&self, lot: &LotRow, cost: &&str) -> String {
        let _ = self;
        format!("low-{}-{cost}", lot.lot.number)
    }

    fn has_more(&self, lot: &LotRow) -> bool {
        let has = |name: String| !self.form.value(&name).is_empty() || !self.form.problems(&name).is_empty();
        self.costs().any(|cost| has(self.cost_field(lot, &cost))) || has(lot.field("multiple"))
    }

    fn has_bundle(&self) -> bool {
        let has = |name: &str| !self.form.value(name).is_empty() || !self.form.problems(name).is_empty();
        let names = ["off", "at_least", "together", "only"];
        names.into_iter().any(|name| self.groups().any(|row| has(&bundles::nth(name, row))))
            || bundles::KINDS.iter().any(|kind| bundles::shown(&self.form, kind) > 1)
    }

    fn price_hint(&self, lot: &LotRow) -> String {
        lot.ceiling
            .map_or_else(String::new, |ceiling| self.view.say1("tenders-ceiling", "price", self.view.price(ceiling)))
    }

    fn price_unit(&self, lot: &LotRow) -> String {
        self.view.say1("offers-per", "unit", lot.per())
    }

    fn is_required(&self, certificate: &Certificate) -> bool {
        self.setting.certificates.words().contains(&certificate.word())
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let mut page = load(&app, &actor, id_of(&id)?, (view, Form::default())).await?;
    page.begin();
    render(&page)
}

impl Page {
    /// What a fresh form proposes.
    fn begin(&mut self) {
        self.form.set("delivery", "franco");
        self.form.set("valid_until", self.setting.last_day.to_string());
        if let Some(place) = self.places.first() {
            self.form.set("place", place.id.to_string());
        }
    }
}

/// A call that members of its market may bid on, or could; a draft is nobody's business yet.
pub(super) fn call_for(
    connection: &mut DbConnection,
    scope: &Scope,
    belongs: &[i64],
    id: i64,
) -> Result<(Call, Market), AppError> {
    let call = calls::service::get(connection, scope, id)?;
    if !belongs.contains(&call.market_id) || call.status == Status::Draft {
        return Err(CommonError::NotFound.into());
    }
    let market = markets::service::get(connection, scope, call.market_id)?;
    Ok((call, market))
}

async fn load(app: &App, actor: &Actor, id: i64, (view, form): (View, Form)) -> Result<Page, AppError> {
    let (scope, me) = (actor.scope(), actor.organisation_id);
    let belongs = actor.standing.belongs.clone();
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let (call, market) = call_for(connection, scope, &belongs, id)?;
        let setting = bids::service::setting(connection, scope, &call, me)?;
        let recipient = seal::recipient(connection, scope, call.id)?;
        let own = bids::service::list_own(connection, scope, 0, MOST_BIDS)?;
        Ok(Page {
            facts: facts::of(&view, &setting, &recipient),
            lots: lots::load(connection, scope, (&call, &market), (view.language, &[]))?,
            places: places::service::list_of_organisation(connection, scope, me, 0, MOST_PLACES)?,
            bid: own.into_iter().find(|bid| bid.call_id == call.id),
            certificates: Certificate::ALL,
            is_checked: false,
            view,
            form,
            call,
            market,
            setting,
        })
    };
    app.read_async(scope, load).await
}

/// The form as it was sent without sealing: another price step, a check, or sealing at the counter.
pub(super) async fn send(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, form } = sent;
    let mut page = load(&app, &actor, id, (view, form)).await?;
    let wish = page.form.value("do").to_owned();
    if let Some(lot) = wish.strip_prefix("add-") {
        page.add_step(lot);
        return render(&page);
    }
    if let Some(kind) = wish.strip_prefix("more-") {
        bundles::add(&mut page.form, kind);
        return render(&page);
    }
    let entry = entry::read(&page.form, page.view.language, &page.setting);
    page.judge(&entry)?;
    if page.form.is_wrong() {
        return render(&page).map(|page| with_status(page, 422));
    }
    if wish != "counter" {
        page.is_checked = true;
        return render(&page);
    }
    let done = at_counter(&app, &actor, id, (&page.form, entry.document.clone())).await;
    if let Some(done) = page.form.settle(&page.view, done, |pointer| entry.field(pointer))? {
        return Ok(done);
    }
    render(&page).map(|page| with_status(page, 422))
}

impl Page {
    /// Shows one more price step of a lot.
    fn add_step(&mut self, number: &str) {
        let Some(lot) = self.lots.iter().find(|lot| lot.lot.number.to_string() == number) else { return };
        let (name, more) = (lot.field("steps"), (self.shown(lot) + 1).min(TIERS));
        self.form.set(&name, more.to_string());
    }

    /// Notes everything that is wrong with what was typed, each beside its field, in the reader's numbers.
    fn judge(&mut self, entry: &Entry) -> Result<(), AppError> {
        let mut checks = Checks::default();
        check::check(&entry.document, &self.setting, &mut checks);
        let mut found = checks.finish();
        if let Err(AppError::Refused(refusal)) = &mut found {
            let is_known = |pointer: &str| entry.field(pointer).is_some_and(|name| entry.unreadable.contains(&name));
            refusal.issues.retain(|issue| !is_known(&issue.pointer));
            for issue in &mut refusal.issues {
                issue.hint = self.local(&issue.pointer, &issue.hint, entry);
            }
        }
        for name in &entry.unreadable {
            self.form.add_problem(name, self.view.say("tenders-not-a-number"));
        }
        match found {
            Err(error) => self.form.refuse(&self.view, error, |pointer| entry.field(pointer)),
            Ok(()) => Ok(()),
        }
    }

    /// A bound in base units or plain decimals as people write it.
    fn local(&self, pointer: &str, hint: &str, entry: &Entry) -> String {
        let field = entry.field(pointer).unwrap_or_default();
        let name = field.split('-').next().unwrap_or_default();
        let unit = match name {
            "at_least" => self.unit_of(self.form.value(field.replace("at_least", "when"))),
            _ => field.split('-').nth(1).and_then(|number| self.unit_of(number)),
        };
        let is_amount = matches!(name, "max" | "min" | "multiple" | "from" | "at_least");
        let shown = hint.split(' ').map(|word| match (word.parse::<i64>(), unit) {
            (Ok(amount), Some(unit)) if is_amount => super::super::words::quantity(self.view.language, amount, unit),
            _ => crate::values::UnitPrice::parse(word).map_or_else(|_| word.to_owned(), |price| self.view.price(price)),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    fn unit_of(&self, number: &str) -> Option<BaseUnit> {
        self.lots.iter().find(|lot| lot.lot.number.to_string() == number).map(|lot| lot.unit)
    }
}

/// Seals a document at the counter and takes the bid.
pub(super) async fn at_counter(
    app: &App,
    actor: &Actor,
    id: i64,
    (form, document): (&Form, BidDocument),
) -> Result<Reply, AppError> {
    let mut request = form.request(format!("pages.bids.counter/{id}"))?;
    request.sha256 = placing::private_hash(app.record.keys().signer()?, &request.sha256);
    let by = actor.clone();
    app.once_quiet(actor, request, move |work| {
        let (bid, _) = placing::place_at_counter(work, &by, id, &document)?;
        Ok(Reply::see_other(format!("/bids/{}?done=bid-counter", bid.id)))
    })
    .await
}

/// The sealed file from the browser.
pub(super) async fn sealed(State(app): State<App>, sent: About) -> Result<Response, AppError> {
    let About { id, view, actor, mut form } = sent;
    let sealed = SealedBid {
        terms_version: form.value("terms_version").parse().unwrap_or_default(),
        sealed: form.value("sealed").to_owned(),
        recipient: form.value("recipient").to_owned(),
        commitment: form.value("commitment").to_owned(),
        sealed_where: SealedWhere::Browser,
    };
    let done = hand_in(&app, &actor, id, (&form, sealed)).await;
    if let Some(done) = form.settle(&view, done, |_| None)? {
        return Ok(done);
    }
    // What was typed is on the phone, not here: the page restores it.
    let mut page = load(&app, &actor, id, (view, Form::default())).await?;
    page.begin();
    page.form.take_problems(form);
    render(&page).map(|page| with_status(page, 422))
}

/// Takes a sealed file.
pub(super) async fn hand_in(
    app: &App,
    actor: &Actor,
    id: i64,
    (form, sealed): (&Form, SealedBid),
) -> Result<Reply, AppError> {
    let by = actor.clone();
    app.once_quiet(actor, form.request(format!("pages.bids.place/{id}"))?, move |work| {
        let (bid, _) = placing::place(work, &by, id, &sealed)?;
        Ok(Reply::see_other(format!("/bids/{}?done=bid-placed", bid.id)))
    })
    .await
}
