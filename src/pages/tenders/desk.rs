//! The operator's calls: those of each market's recent rounds, and where a new one begins.

use super::super::form::Form;
use super::super::operate::instant;
use super::super::stand::MEMORY_S;
use super::super::view::View;
use super::super::visit::{Signed, Submitted};
use super::super::{render, with_status};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::Role;
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::calls::{self, Call};
use crate::tenders::scenarios;
use crate::values::Day;
use crate::values::ids::first_of;
use crate::web::Reply;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

const LIMIT: i64 = 100;

/// A round with its calls.
struct Group {
    round: Round,
    calls: Vec<Call>,
    has_scenarios: bool,
}

#[derive(Template)]
#[template(path = "tenders/desk.html")]
struct Desk {
    view: View,
    form: Form,
    markets: Vec<(Market, Vec<Group>)>,
    may_make: bool,
}

impl Desk {
    fn is_collecting(&self, group: &Group) -> bool {
        let _ = self;
        group.round.status == rounds::Status::Collecting
    }

    fn is_frozen(&self, group: &Group) -> bool {
        let _ = self;
        group.has_scenarios || (!group.calls.is_empty() && !group.round.snapshot_sha256.is_empty())
    }

    fn status(&self, call: &Call) -> String {
        self.view.say(format!("tenders-status-{}", call.status.word()))
    }

    fn closes(&self, call: &Call, market: &Market) -> String {
        self.view.moment(call.terms.closes_at, market.time_zone)
    }

    /// Whether the market has a call that a new one can be made like.
    fn has_before(&self, groups: &[Group]) -> bool {
        let _ = self;
        groups.iter().any(|group| !group.calls.is_empty())
    }

    fn closes_on(&self, group: &Group, market: &Market) -> String {
        let _ = self;
        Day::of(group.round.closes_at, market.time_zone.iana()).to_string()
    }
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    desk(&app, signed, Form::default(), 200).await
}

async fn desk(app: &App, signed: Signed, form: Form, status: u16) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let may_make = actor.require_role(&[Role::Operator]).is_ok();
    let now = app.clock.now();
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let mut found = Vec::new();
        for market in markets::service::list(connection, scope, 0, LIMIT)? {
            if scope.runs(market.id) {
                let groups = groups(connection, scope, &market, first_of(now.plus_seconds(-MEMORY_S)))?;
                found.push((market, groups));
            }
        }
        if found.is_empty() {
            return Err(CommonError::Forbidden.into());
        }
        Ok(Desk { view, form, markets: found, may_make })
    };
    render(&app.read_async(actor.scope(), load).await?).map(|page| with_status(page, status))
}

fn groups(connection: &mut DbConnection, scope: &Scope, market: &Market, since: i64) -> Result<Vec<Group>, AppError> {
    let mut found = Vec::new();
    for round in rounds::service::list(connection, scope, market.id, since, LIMIT)? {
        let calls = calls::service::list_of_round(connection, scope, round.id, 0, LIMIT)?;
        let has_scenarios = !scenarios::service::list(connection, scope, round.id)?.is_empty();
        if !calls.is_empty() || has_scenarios || round.status == rounds::Status::Collecting {
            found.push(Group { round, calls, has_scenarios });
        }
    }
    found.reverse();
    Ok(found)
}

/// Makes a draft like the market's newest call.
pub(super) async fn again(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Submitted,
) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let round_id = id_of(&id)?;
    let market = app
        .read_async(&actor, move |connection, scope| {
            let round = rounds::service::get(connection, scope, round_id)?;
            markets::service::get(connection, scope, round.market_id)
        })
        .await?;
    let closes = Day::parse(form.value("closes_on")).ok();
    let closes = closes.and_then(|day| instant(day, form.value("closes_at"), &market));
    let closes = closes.map_or_else(String::new, |at| at.to_string());
    let (by, request) = (actor.clone(), form.request(format!("pages.calls.clone/{round_id}"))?);
    let done = app.once(&actor, request, move |work| {
        let call = calls::service::clone_last(work, &by, round_id, &closes)?;
        Ok(Reply::see_other(format!("/operate/calls/{}?done=call-made", call.id)))
    });
    if let Some(made) = form.settle(&view, done.await, |_| None)? {
        return Ok(made);
    }
    desk(&app, Signed { view, actor }, form, 422).await
}
