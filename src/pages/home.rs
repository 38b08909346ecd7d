//! The front page: which markets there are and where their rounds stand. Whoever is signed in has a home of their own.

use super::office::Office;
use super::own::Own;
use super::view::View;
use super::visit::{Signed, Visit};
use super::{PUBLIC, render};
use crate::app::App;
use crate::error::AppError;
use crate::parties::{Authority, Capability, Role};
use crate::reports::{MarketSummary, RoundSummary, service};
use crate::scope::Scope;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

/// Most markets and rounds on the page; the API lists them all.
const LIMIT: i64 = 50;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    view: View,
    markets: Vec<MarketSummary>,
    rounds: Vec<RoundSummary>,
}

impl Home {
    fn status(&self, round: &RoundSummary) -> String {
        self.view.round_status(&round.status)
    }

    fn days(&self, round: &RoundSummary) -> String {
        self.view.days_of(&round.delivery_from, &round.delivery_to)
    }
}

pub(super) async fn show(State(app): State<App>, Visit(view): Visit) -> Result<Response, AppError> {
    public(&app, PUBLIC, view).await
}

async fn public(app: &App, scope: Scope, view: View) -> Result<Response, AppError> {
    let load = |connection: &mut _, scope: &Scope| {
        Ok(Home {
            view,
            markets: service::markets(connection, scope, LIMIT)?,
            rounds: service::rounds(connection, scope, LIMIT)?,
        })
    };
    render(&app.read_async(scope, load).await?)
}

/// The home of whoever is signed in, after what their organisation does.
pub(super) async fn own(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    if actor.authority == Authority::Own && actor.role == Role::Assistant {
        return Ok(Redirect::to("/assist").into_response());
    }
    let trades = [Capability::Buyer, Capability::Kitchen, Capability::Seller];
    let is_trader = trades.iter().any(|capability| actor.capabilities.contains(capability));
    let is_office = actor.capabilities.contains(&Capability::Operator) || actor.role == Role::Observer;
    let (scope, now) = (actor.scope(), app.clock.now());
    if !is_trader && is_office {
        let load = move |connection: &mut _, scope: &Scope| Office::load(connection, scope, (&actor, view), now);
        return render(&app.read_async(scope, load).await?);
    }
    if !is_trader {
        // Training stands by itself: its people see their class, everybody else the real markets.
        let scope = if view.training { scope } else { PUBLIC };
        return public(&app, scope, view).await;
    }
    let load = move |connection: &mut _, scope: &Scope| Own::load(connection, scope, (&actor, view), now);
    render(&app.read_async(scope, load).await?)
}
