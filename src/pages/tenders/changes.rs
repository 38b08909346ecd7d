//! What a scenario changes against the cheapest plan, line by line, with names.

use super::super::stand::name_of;
use super::super::view::View;
use super::super::visit::Signed;
use super::super::{render, words};
use super::manage::names;
use crate::app::App;
use crate::catalog::{self, Commodity};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::scenarios::compare::{self, LineChange};
use crate::tenders::scenarios::{Scenario, service};
use crate::values::Day;
use crate::values::ids::parse_id;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use pasok_solver::problem::Problem;
use std::collections::BTreeMap;

/// Most lines on the page; the API lists them all.
const LIMIT: usize = 300;

/// A changed line with names.
struct Row {
    day: Option<Day>,
    goods: String,
    buyer: String,
    seller: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "tenders/changes.html")]
struct Page {
    view: View,
    round: Round,
    scenario: Scenario,
    rows: Vec<Row>,
    more: usize,
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let id = id_of(&id)?;
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let scenario = service::get(connection, scope, id)?;
        let round = rounds::service::get(connection, scope, scenario.round_id)?;
        let mut changes = compare::changes(connection, scope, id)?;
        let more = changes.len().saturating_sub(LIMIT);
        changes.truncate(LIMIT);
        let rows = rows(connection, scope, (&scenario, &view), &changes)?;
        Ok(Page { view, round, scenario, rows, more })
    };
    render(&app.read_async(actor.scope(), load).await?)
}

fn rows(
    connection: &mut DbConnection,
    scope: &Scope,
    (scenario, view): (&Scenario, &View),
    changes: &[LineChange],
) -> Result<Vec<Row>, AppError> {
    let frozen = rounds::sealed::snapshot(connection, scope, scenario.round_id, &scenario.base_sha256)?;
    let problem: Problem = serde_json::from_str(&frozen.text).map_err(AppError::unknown_stored)?;
    let demands: BTreeMap<&str, _> = problem.demands.iter().map(|one| (one.id.as_str(), one)).collect();
    let offers: BTreeMap<&str, _> = problem.offers.iter().map(|one| (one.id.as_str(), one)).collect();
    let goods: BTreeMap<String, Commodity> =
        catalog::service::load_all(connection)?.into_values().map(|one| (one.code.clone(), one)).collect();
    let by_id: BTreeMap<String, &Commodity> = goods.values().map(|one| (one.id.to_string(), one)).collect();
    let parties = changes.iter().flat_map(|change| {
        let buyer = demands.get(change.demand_id.as_str()).map(|one| one.buyer.as_str());
        let seller = offers.get(change.offer_id.as_str()).map(|one| one.supplier.as_str());
        buyer.into_iter().chain(seller)
    });
    let ids: Vec<i64> = parties.filter_map(|id| parse_id(id).ok()).collect();
    let names = names(connection, scope, &ids)?;
    let name = |id: Option<&str>| id.and_then(|id| names.get(&parse_id(id).ok()?).cloned()).unwrap_or_default();
    let row = |change: &LineChange| {
        let demand = demands.get(change.demand_id.as_str());
        let word = demand.map_or("", |one| one.commodity.as_str());
        let commodity = goods.get(word).or_else(|| by_id.get(word).copied());
        let amount = |base: i64| match commodity {
            Some(commodity) => words::quantity(view.language, base, commodity.base_unit),
            None => words::number(view.language, base),
        };
        Row {
            day: usize::try_from(change.day).ok().and_then(|day| frozen.days.get(day).copied()),
            goods: commodity.map_or_else(|| word.to_owned(), |one| name_of(one, view.language)),
            buyer: name(demand.map(|one| one.buyer.as_str())),
            seller: name(offers.get(change.offer_id.as_str()).map(|one| one.supplier.as_str())),
            before: amount(change.before),
            after: amount(change.after),
        }
    };
    Ok(changes.iter().map(row).collect())
}
