//! One call: what is asked for, until when, from whom, and where one's own bid stands.

use super::super::view::View;
use super::super::visit::Signed;
use super::super::{PUBLIC, render};
use super::list::takes;
use super::lots::{self, LotRow};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::{self, Market};
use crate::parties::{Actor, Capability};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::aggregate::service::{Progress, pooled};
use crate::tenders::bids::{self, Bid};
use crate::tenders::calls::{self, Call};
use crate::tenders::seal::service as seal;
use crate::tenders::seal::types::{Committee, Minutes};
use crate::tenders::state::{BidStatus, Status};
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

const MOST_BIDS: i64 = 1_000;

/// What the reader can do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Bids of this organisation are taken.
    MayBid,
    /// It sells, and its class is not invited.
    NotInvited,
    /// It does not sell, or bids are not taken now.
    Looks,
}

#[derive(Template)]
#[template(path = "tenders/call.html")]
struct Show {
    view: View,
    call: Call,
    market: Market,
    round: Round,
    lots: Vec<LotRow>,
    bid: Option<Bid>,
    standing: Standing,
    committee: Committee,
    minutes: Option<Minutes>,
    runs: bool,
    /// Whether the reader may look at patterns of prices now.
    watches: bool,
}

impl Show {
    fn is(&self, word: &str) -> bool {
        self.call.status.word() == word
    }

    fn status(&self) -> String {
        self.view.say(format!("tenders-status-{}", self.call.status.word()))
    }

    fn may_bid(&self) -> bool {
        self.standing == Standing::MayBid
    }

    fn not_invited(&self) -> bool {
        self.standing == Standing::NotInvited
    }

    fn closes(&self) -> String {
        self.view.moment(self.call.terms.closes_at, self.market.time_zone)
    }

    fn closes_ms(&self) -> i64 {
        self.call.terms.closes_at.as_micros() / 1_000
    }

    fn classes(&self) -> String {
        let named = self.call.terms.who_may_bid.iter().map(|class| self.view.say(format!("class-{}", class.word())));
        named.collect::<Vec<_>>().join(", ")
    }

    fn certificates(&self) -> String {
        lots::certificates(&self.view, &self.call.terms.certificates)
    }

    fn is_stale(&self, bid: &Bid) -> bool {
        bid.status == BidStatus::Placed && bid.terms_version < self.call.terms_version
    }

    fn is_placed(&self, bid: &Bid) -> bool {
        let _ = self;
        bid.status == BidStatus::Placed
    }

    fn changed_at(&self) -> String {
        self.call.terms_changed_at.map_or_else(String::new, |at| self.view.moment(at, self.market.time_zone))
    }

    fn opened_at(&self) -> String {
        self.call.opened_at.map_or_else(String::new, |at| self.view.moment(at, self.market.time_zone))
    }

    fn bids(&self) -> i64 {
        self.call.bids_received.unwrap_or(0)
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let id = id_of(&id)?;
    let call = app.read_async(&actor, move |connection, scope| calls::service::get(connection, scope, id)).await?;
    let need = need(&app, &actor, &call).await?;
    let now = app.clock.now();
    let scope = actor.scope();
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let market = markets::service::get(connection, scope, call.market_id)?;
        let own = bids::service::list_own(connection, scope, 0, MOST_BIDS)?;
        let class = view.person.as_ref().map(|person| person.organisation.class);
        let sells = actor.capabilities.contains(&Capability::Seller) && actor.standing.belongs.contains(&market.id);
        let is_open = call.status == Status::Published && now < call.terms.closes_at;
        let standing = match class {
            Some(class) if sells && takes(&call, class, now) => Standing::MayBid,
            Some(_) if sells && is_open => Standing::NotInvited,
            _ => Standing::Looks,
        };
        let minutes = match call.opened_at {
            Some(_) => Some(seal::minutes(connection, scope, call.id)?),
            None => None,
        };
        Ok(Show {
            round: rounds::service::get(connection, scope, call.round_id)?,
            lots: lots::load(connection, scope, (&call, &market), (view.language, &need))?,
            bid: own.into_iter().find(|bid| bid.call_id == call.id),
            committee: seal::committee(connection, scope, call.id)?,
            runs: scope.runs(market.id),
            watches: scope.sees_whole(market.id) && call.opened_at.is_some(),
            standing,
            minutes,
            market,
            call,
            view,
        })
    };
    render(&app.read_async(scope, load).await?)
}

/// The posted need of the call's round while it grows, told as far as the reader may know it.
async fn need(app: &App, actor: &Actor, call: &Call) -> Result<Vec<Progress>, AppError> {
    if call.status != Status::Published {
        return Ok(Vec::new());
    }
    let (viewer, round_id) = (actor.scope(), call.round_id);
    // The call was in the reader's sight, and with it its round.
    app.read_async(PUBLIC, move |connection, system| pooled(connection, (&viewer, system), round_id)).await
}
