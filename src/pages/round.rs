//! One round: what was asked for, what was found, at what cost, why not more, and the orders.

use super::view::View;
use super::visit::Visit;
use super::{PUBLIC, render, words};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::reports::{OrderSummary, RoundReport, service};
use crate::scope::Scope;
use crate::values::BaseUnit;
use crate::values::ids::parse_id;
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
    orders: Vec<OrderSummary>,
    next: Option<i64>,
}

impl Round {
    fn days(&self) -> String {
        self.view.days_of(&self.report.round.delivery_from, &self.report.round.delivery_to)
    }

    fn money(&self, amount: i64) -> String {
        words::rupiah(self.view.language, amount)
    }

    fn weight(&self, base_units: i64, unit: BaseUnit) -> String {
        words::quantity(self.view.language, base_units, unit)
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
    let id = parse_id(&id).map_err(|_| CommonError::NotFound)?;
    let after = query.map(|Query(query)| query).unwrap_or_default().after.unwrap_or(0);
    let load = move |connection: &mut _, scope: &Scope| {
        let report = service::round(connection, scope, id)?;
        let mut orders = service::orders(connection, scope, id, after, LIMIT + 1)?;
        let more = orders.len() > usize::try_from(LIMIT).unwrap_or(usize::MAX);
        if more {
            orders.pop();
        }
        let next = orders.last().filter(|_| more).map(|order| order.id);
        Ok(Round { view, report, orders, next })
    };
    render(&app.read_async(PUBLIC, load).await?)
}
