//! One round: what was asked for, what was found, at what cost, why not more, its pictures, and the orders.
//!
//! Anybody sees sums; names of buyers and sellers are for those who run or observe the market. Members find their own
//! orders among theirs.

use super::drawn::{self, Sight};
use super::view::View;
use super::visit::Visit;
use super::{PUBLIC, render, words};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::{self, MarketKind};
use crate::pictures::Picture;
use crate::reports::plan::{self, PlanFigures};
use crate::reports::{OrderSummary, RoundReport, service};
use crate::rounds::Status;
use crate::scope::Scope;
use crate::values::BaseUnit;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

/// Orders on one page.
const LIMIT: i64 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct After {
    after: Option<i64>,
}

#[derive(Template)]
#[template(path = "pages/round.html")]
struct Round {
    view: View,
    report: RoundReport,
    plan: Option<PlanFigures>,
    pictures: Vec<Picture>,
    sight: Sight,
    orders: Vec<OrderSummary>,
    next: Option<i64>,
}

impl Round {
    fn days(&self) -> String {
        self.view.days_of(&self.report.round.delivery_from, &self.report.round.delivery_to)
    }

    fn weight(&self, base_units: i64, unit: BaseUnit) -> String {
        words::quantity(self.view.language, base_units, unit)
    }

    fn sees_names(&self) -> bool {
        self.sight == Sight::Names
    }

    fn or_dash(&self, number: Option<i64>) -> String {
        number.map_or_else(|| "–".to_owned(), |number| self.view.number(number))
    }
}

pub(super) async fn show(
    Visit(view): Visit,
    State(app): State<App>,
    Path(id): Path<String>,
    query: Result<Query<After>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let after = query.map(|Query(query)| query).unwrap_or_default().after.unwrap_or(0);
    let page = app.read_async(PUBLIC, move |connection, scope| load(connection, scope, view, id, after)).await?;
    render(&page)
}

fn load(connection: &mut DbConnection, scope: &Scope, mut view: View, id: i64, after: i64) -> Result<Round, AppError> {
    let report = service::round(connection, scope, id)?;
    let market_id = report.round.market_id;
    let sees_names = view.person.as_ref().is_some_and(|person| person.actor.scope().sees_whole(market_id));
    let sight = if sees_names { Sight::Names } else { Sight::Sums };
    let market = markets::service::get(connection, scope, market_id)?;
    view.training |= market.kind == MarketKind::Training;
    // What is only proposed is the office's affair.
    let plan = if report.round.status == Status::Published.word() {
        plan::of_round(connection, scope, id, market.rice_zone)?
    } else {
        None
    };
    let pictures = plan.as_ref().map(|plan| drawn::all(&view, plan, sight)).unwrap_or_default();
    let mut orders = if sees_names { service::orders(connection, scope, id, after, LIMIT + 1)? } else { Vec::new() };
    let more = orders.len() > usize::try_from(LIMIT).unwrap_or(usize::MAX);
    if more {
        orders.pop();
    }
    let next = orders.last().filter(|_| more).map(|order| order.id);
    Ok(Round { view, report, plan, pictures, sight, orders, next })
}
