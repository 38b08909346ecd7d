//! The open record of a published round: its calls, the file for machines, and how anybody checks it. Nobody need sign in.

use super::super::view::View;
use super::super::visit::Visit;
use super::super::{PUBLIC, render};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::calls::{self, Call};
use crate::tenders::state::Status;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

const LIMIT: i64 = 500;

#[derive(Template)]
#[template(path = "tenders/record.html")]
struct Page {
    view: View,
    round: Round,
    market: Market,
    /// Each with how many lots it had.
    calls: Vec<(Call, usize)>,
    plan_sha256: String,
}

impl Page {
    fn status(&self, call: &Call) -> String {
        self.view.say(format!("tenders-status-{}", call.status.word()))
    }

    fn opened_at(&self, call: &Call) -> String {
        call.opened_at.map_or_else(|| "–".to_owned(), |at| self.view.moment(at, self.market.time_zone))
    }

    fn bids(&self, call: &Call) -> String {
        call.bids_received.map_or_else(|| "–".to_owned(), |count| self.view.number(count))
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Visit(view): Visit,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let round = rounds::service::get(connection, scope, id)?;
        // What is not published yet is nobody's to see here, like a round that there is not.
        if round.status != rounds::Status::Published {
            return Err(CommonError::NotFound.into());
        }
        let mut found = Vec::new();
        for call in calls::service::list_of_round(connection, scope, id, 0, LIMIT)? {
            if call.status != Status::Draft {
                let lots = calls::service::lots(connection, scope, call.id)?.len();
                found.push((call, lots));
            }
        }
        let market = markets::service::get(connection, scope, round.market_id)?;
        let plan_sha256 = rounds::service::get_plan(connection, scope, id)?.sha256;
        Ok(Page { view, round, market, calls: found, plan_sha256 })
    };
    render(&app.read_async(PUBLIC, load).await?)
}
