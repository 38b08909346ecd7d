//! Lines of a result and why each is as it is: the price at the door and what it is made of, the next best offer, what is
//! missing and why. Members see their own lines; those who run or observe the market see all.
//!
//! A rival's name or price is never told, only by how much the next best would be dearer for this buyer.

use super::view::View;
use super::visit::Signed;
use super::{PUBLIC, render, words};
use crate::app::App;
use crate::catalog::{self, Commodity};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties;
use crate::places;
use crate::rounds::types::{Award, Shortage};
use crate::rounds::{Round, RoundError, service};
use crate::scope::Scope;
use crate::values::decimal::div_half_even;
use crate::values::ids::parse_id;
use crate::web::params::id_of;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use pasok_solver::explain::{ExplainOptions, LineAnswer, explain};
use pasok_solver::problem::TICKS_PER_RUPIAH;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Lines on one page.
const LIMIT: i64 = 50;

pub(super) fn router() -> Router<App> {
    Router::new().route("/rounds/{id}/lines", get(list)).route("/rounds/{id}/lines/{line}", get(show))
}

/// Names of the records that lines speak of.
#[derive(Debug, Clone, Default)]
struct Names {
    parties: BTreeMap<i64, String>,
    places: BTreeMap<i64, String>,
    commodities: BTreeMap<i64, Commodity>,
}

impl Names {
    fn load(connection: &mut DbConnection, scope: &Scope, awards: &[Award]) -> Result<Self, AppError> {
        let ids = |pick: fn(&Award) -> i64| awards.iter().map(pick);
        let parties: Vec<i64> = ids(|award| award.buyer_id).chain(ids(|award| award.seller_id)).collect();
        let points: Vec<i64> = ids(|award| award.place_id).collect();
        let parties = parties::service::list_by_ids(connection, scope, &unique(parties))?;
        let places = places::service::list_by_ids(connection, scope, &unique(points))?;
        Ok(Self {
            parties: parties.into_iter().map(|one| (one.id, one.name)).collect(),
            places: places.into_iter().map(|place| (place.id, place.name)).collect(),
            commodities: catalog::service::load_all(connection)?,
        })
    }
}

pub(super) fn unique(ids: Vec<i64>) -> Vec<i64> {
    ids.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// What both pages say about a line.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass everything by reference")]
trait Says {
    fn view(&self) -> &View;
    fn names(&self) -> &Names;

    fn party(&self, id: &i64) -> String {
        self.names().parties.get(id).cloned().unwrap_or_default()
    }

    fn place(&self, id: &i64) -> String {
        self.names().places.get(id).cloned().unwrap_or_default()
    }

    fn goods_name(&self, id: &i64) -> String {
        self.names().commodities.get(id).map(|commodity| commodity.name_id.clone()).unwrap_or_default()
    }

    fn amount(&self, award: &Award) -> String {
        self.quantity(&award.commodity_id, award.quantity.get())
    }

    fn quantity(&self, commodity_id: &i64, base_units: i64) -> String {
        let unit = self.names().commodities.get(commodity_id).map(|commodity| commodity.base_unit);
        unit.map_or_else(|| base_units.to_string(), |unit| words::quantity(self.view().language, base_units, unit))
    }

    /// `Rp 13.500 / kg` of an amount over the whole line.
    fn per_unit(&self, award: &Award, amount: i64) -> String {
        let Some(commodity) = self.names().commodities.get(&award.commodity_id) else { return String::new() };
        let units = i128::from(commodity.base_unit.per_pricing_unit());
        let each = div_half_even(i128::from(amount) * units, i128::from(award.quantity.get()).max(1));
        let each = i64::try_from(each).unwrap_or(i64::MAX);
        words::per(&words::rupiah(self.view().language, each), commodity.base_unit.pricing_name())
    }
}

/// What a line costs at the buyer's door, in rupiah.
fn landed(award: &Award) -> i64 {
    award.goods.get() + award.freight.get()
}

#[derive(Template)]
#[template(path = "results/lines.html")]
struct Lines {
    view: View,
    round: Round,
    awards: Vec<Award>,
    names: Names,
    next: Option<i64>,
}

impl Says for Lines {
    fn view(&self) -> &View {
        &self.view
    }

    fn names(&self) -> &Names {
        &self.names
    }
}

impl Lines {
    fn landed(&self, award: &Award) -> String {
        self.per_unit(award, landed(award))
    }
}

#[derive(Debug, Default, Deserialize)]
struct After {
    after: Option<i64>,
}

async fn list(
    Signed { view, actor }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let after = query.map(|Query(query)| query).unwrap_or_default().after.unwrap_or(0);
    let (round, mut awards) = app
        .read_async(&actor, move |connection, scope| {
            let round = service::get(connection, scope, id)?;
            Ok((round, service::list_awards(connection, scope, id, after, LIMIT + 1)?))
        })
        .await?;
    let more = awards.len() > usize::try_from(LIMIT).unwrap_or(usize::MAX);
    if more {
        awards.pop();
    }
    let next = awards.last().filter(|_| more).map(|award| award.id);
    // Whose lines these are was decided above; now only the names in them are looked up.
    let page = app
        .read_async(PUBLIC, move |connection, scope| {
            let names = Names::load(connection, scope, &awards)?;
            Ok(Lines { view, round, awards, names, next })
        })
        .await?;
    render(&page)
}

#[derive(Template)]
#[template(path = "results/line.html")]
struct Line {
    view: View,
    round: Round,
    award: Award,
    /// What the same need lacks.
    shortages: Vec<Shortage>,
    answer: Option<LineAnswer>,
    names: Names,
}

impl Says for Line {
    fn view(&self) -> &View {
        &self.view
    }

    fn names(&self) -> &Names {
        &self.names
    }
}

impl Line {
    fn landed(&self) -> i64 {
        landed(&self.award)
    }

    /// Freight without the seller's fees, which stand by themselves.
    fn carriage(&self) -> i64 {
        self.award.freight.get() - self.award.fee.get()
    }

    fn each(&self, amount: i64) -> String {
        self.per_unit(&self.award, amount)
    }

    /// What would end such a shortage, in general words.
    fn remedy(&self, shortage: &Shortage) -> String {
        let key = format!("remedy-{}", shortage.reason.to_lowercase().replace('_', "-"));
        self.view.say(if words::exists(&key) { key } else { "remedy-other".to_owned() })
    }

    fn kilometres(&self) -> String {
        words::number(self.view.language, (self.award.distance.0 + 500) / 1_000)
    }

    /// By how much the next best offer is dearer at the door, in rupiah per pricing unit; below zero: cheaper, but a rule
    /// stands in the way.
    fn margin(&self) -> Option<i64> {
        let runner_up = self.answer.as_ref()?.runner_up.as_ref()?;
        let commodity = self.names.commodities.get(&self.award.commodity_id)?;
        let per_unit = runner_up.margin_per_thousand * i128::from(commodity.base_unit.per_pricing_unit()) / 1_000;
        i64::try_from(div_half_even(per_unit, i128::from(TICKS_PER_RUPIAH))).ok()
    }

    fn margin_text(&self) -> String {
        let unit = self.names.commodities.get(&self.award.commodity_id).map_or("", |one| one.base_unit.pricing_name());
        words::per(&self.view.money(self.margin().unwrap_or(0).abs()), unit)
    }

    fn used_up(&self) -> i64 {
        let count = self.answer.as_ref().map_or(0, |answer| answer.cheaper_but_used_up);
        i64::try_from(count).unwrap_or(i64::MAX)
    }
}

async fn show(
    Signed { view, actor }: Signed,
    State(app): State<App>,
    Path((id, line)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (id, line) = (parse_id(&id), parse_id(&line));
    let (Ok(id), Ok(line)) = (id, line) else { return Err(CommonError::NotFound.into()) };
    let (round, award, shortages) = app
        .read_async(&actor, move |connection, scope| {
            let round = service::get(connection, scope, id)?;
            // The one after the line before it, if that is within sight.
            let found = service::list_awards(connection, scope, id, line - 1, 1)?;
            let award = found.into_iter().find(|award| award.id == line).ok_or(CommonError::NotFound)?;
            let shortages = lacking(connection, scope, id, award.demand_id)?;
            Ok((round, award, shortages))
        })
        .await?;
    let page = app
        .read_async(PUBLIC, move |connection, scope| {
            let names = Names::load(connection, scope, std::slice::from_ref(&award))?;
            let answer = answer(connection, scope, &round, &award)?;
            Ok(Line { view, round, award, shortages, answer, names })
        })
        .await?;
    render(&page)
}

/// What a demand lacks, as far as it may be seen.
fn lacking(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    demand_id: i64,
) -> Result<Vec<Shortage>, AppError> {
    let mut found = service::list_shortages(connection, scope, round_id, 0, i64::from(u16::MAX))?;
    found.retain(|shortage| shortage.demand_id == demand_id);
    Ok(found)
}

/// The solver's own answer about a line, read from the frozen problem and its plan; nothing is solved for it.
fn answer(
    connection: &mut DbConnection,
    scope: &Scope,
    round: &Round,
    award: &Award,
) -> Result<Option<LineAnswer>, AppError> {
    let plan = match service::get_plan(connection, scope, round.id) {
        Err(error) if error.code() == RoundError::NoPlan.code() => return Ok(None),
        found => found?.text,
    };
    let snapshot = service::get_snapshot(connection, scope, round.id)?;
    let problem = serde_json::from_str(&snapshot.text).map_err(AppError::internal)?;
    let plan = serde_json::from_str(&plan).map_err(AppError::internal)?;
    let (demand, offer) = (award.demand_id.to_string(), award.offer_id.to_string());
    let options =
        ExplainOptions { demand: Some(demand), offer: Some(offer), max_solves: 0, ..ExplainOptions::default() };
    let Ok(explained) = explain(&problem, &plan, &options) else { return Ok(None) };
    Ok(explained.lines.into_iter().next())
}
