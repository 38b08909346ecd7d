//! An assistant's cooperatives on one screen: who has written what they need, and acting for one of them.

use super::demands::posted_of;
use super::render;
use super::stand::Stand;
use super::view::View;
use super::visit::{ACTING_COOKIE, Open, Signed, set_cookie};
use crate::access::identify::{self, Shown};
use crate::access::{EVERYBODY, grants};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::parties::{self, Actor, GrantScope};
use crate::rounds::Round;
use crate::web::auth;
use crate::web::params::id_of;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

/// How long a choice lasts: a working day.
const CHOICE_LIFE_S: i64 = 10 * 3600;
/// Most cooperatives of one assistant: the law says 8 to 12.
const MOST_GRANTS: usize = 50;

pub(super) fn router() -> Router<App> {
    Router::new().route("/assist", get(show)).route("/assist/choose", post(choose)).route("/assist/leave", post(leave))
}

/// One cooperative.
struct Row {
    id: i64,
    name: String,
    scope: GrantScope,
    /// The round that collects there, and how many lines were written in it.
    round: Option<(Round, usize)>,
    orders_waiting: usize,
}

impl Row {
    fn has_written(&self) -> bool {
        self.round.as_ref().is_some_and(|(_, lines)| *lines > 0)
    }

    fn is_silent(&self) -> bool {
        self.round.as_ref().is_some_and(|(_, lines)| *lines == 0)
    }
}

#[derive(Template)]
#[template(path = "assist/list.html")]
struct List {
    view: View,
    rows: Vec<Row>,
}

impl List {
    fn verb(&self, row: &Row) -> &'static str {
        let _ = self;
        if row.scope == GrantScope::Enter { "assist-enter" } else { "assist-look" }
    }

    fn silent(&self) -> usize {
        self.rows.iter().filter(|row| row.is_silent()).count()
    }
}

async fn show(State(app): State<App>, headers: HeaderMap, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let secret = auth::secret(&headers).ok_or(CommonError::SignInNeeded)?.to_owned();
    let mut rows = Vec::new();
    for actor in granted(&app, secret, actor.account_id).await? {
        rows.push(row(&app, actor).await?);
    }
    rows.sort_by_key(|row| (!row.is_silent(), row.name.clone()));
    render(&List { view, rows })
}

/// The assistant in each cooperative that lets them, by the same rules as any request for it.
async fn granted(app: &App, secret: String, account_id: i64) -> Result<Vec<Actor>, AppError> {
    let (now, limits) = (app.clock.now(), app.config.limits);
    let grants = app.read_async(EVERYBODY, move |connection, _| grants::list_live(connection, account_id, now)).await?;
    let mut actors = Vec::new();
    for grant in grants.into_iter().take(MOST_GRANTS) {
        let shown = Shown { secret: secret.clone(), acting_for: Some(grant.organisation_id) };
        let found = app
            .read_async(EVERYBODY, move |connection, system| {
                identify::find_actor(connection, system, &shown, now, &limits)
            })
            .await;
        match found {
            Ok(found) => actors.extend(found.map(|(actor, _)| actor)),
            // A grant that does not hold now is none; anything else is a fault.
            Err(error) if error.status() < 500 => {}
            Err(error) => return Err(error),
        }
    }
    Ok(actors)
}

async fn row(app: &App, actor: Actor) -> Result<Row, AppError> {
    let (scope, now) = (actor.scope(), app.clock.now());
    let load = move |connection: &mut _, scope: &crate::scope::Scope| {
        let organisation = parties::service::get(connection, scope, actor.organisation_id)?;
        let stand = Stand::load(connection, scope, &actor, now)?;
        let round = stand.as_ref().and_then(Stand::collecting).cloned();
        let round = match round {
            Some(round) => {
                let lines = posted_of(connection, scope, round.id, actor.organisation_id)?;
                Some((round, lines))
            }
            None => None,
        };
        let rows = super::orders::rows(connection, scope, &actor, now)?;
        let orders_waiting = rows.iter().filter(|row| row.is_to_answer()).count();
        let scope = match actor.authority {
            parties::Authority::Granted { scope, .. } => scope,
            parties::Authority::Own => GrantScope::Read,
        };
        Ok(Row { id: organisation.id, name: organisation.name, scope, round, orders_waiting })
    };
    app.read_async(scope, load).await
}

/// Remembers for whom pages are shown. Whether it is allowed is asked again with every request.
async fn choose(State(app): State<App>, headers: HeaderMap, sent: Open) -> Result<Response, AppError> {
    let id = id_of(sent.form.value("organisation"))?;
    let secret = auth::secret(&headers).ok_or(CommonError::SignInNeeded)?.to_owned();
    auth::find_actor(&app, secret, Some(id)).await?.ok_or(CommonError::SignInNeeded)?;
    let cookie = [(header::SET_COOKIE, set_cookie(ACTING_COOKIE, &id.to_string(), CHOICE_LIFE_S))];
    Ok((AppendHeaders(cookie), Redirect::to("/home")).into_response())
}

async fn leave() -> Response {
    let cookie = [(header::SET_COOKIE, set_cookie(ACTING_COOKIE, "", 0))];
    (AppendHeaders(cookie), Redirect::to("/assist")).into_response()
}
