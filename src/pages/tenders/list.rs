//! The calls of one's market, those that can be bid on first.

use super::super::render;
use super::super::stand::Stand;
use super::super::view::View;
use super::super::visit::Signed;
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::TimeZone;
use crate::parties::{Actor, Capability, Class};
use crate::scope::Scope;
use crate::tenders::bids::{self, Bid};
use crate::tenders::calls::{self, Call};
use crate::tenders::state::{BidStatus, Status};
use crate::values::Timestamp;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;

/// Rounds, the newest, whose calls are shown.
const MOST_ROUNDS: usize = 16;
const MOST_CALLS: i64 = 100;
const MOST_BIDS: i64 = 1_000;

/// A call as one organisation sees it.
#[derive(Debug, Clone)]
pub(in crate::pages) struct OpenCall {
    pub call: Call,
    pub lots: usize,
    pub zone: TimeZone,
    /// One's own bid.
    pub bid: Option<Bid>,
    /// Whether bids are taken now, and from this organisation.
    pub takes: bool,
}

impl OpenCall {
    pub fn closes(&self, view: &View) -> String {
        view.moment(self.call.terms.closes_at, self.zone)
    }

    pub fn closes_ms(&self) -> i64 {
        self.call.terms.closes_at.as_micros() / 1_000
    }

    /// What one's own bid needs, in the catalogue's words.
    pub fn standing(&self) -> &'static str {
        match &self.bid {
            None if self.takes => "tenders-mine-none",
            None => "tenders-mine-absent",
            Some(bid) if bid.status == BidStatus::Placed && bid.terms_version < self.call.terms_version => {
                "tenders-mine-stale"
            }
            Some(bid) => match bid.status {
                BidStatus::Placed => "tenders-mine-placed",
                BidStatus::Withdrawn => "tenders-mine-withdrawn",
                BidStatus::Opened => "tenders-mine-opened",
                BidStatus::Invalid => "tenders-mine-invalid",
                BidStatus::Lapsed => "tenders-mine-lapsed",
            },
        }
    }

    /// Whether there is something to do about it now.
    pub fn is_urgent(&self) -> bool {
        self.takes && matches!(self.standing(), "tenders-mine-none" | "tenders-mine-stale")
    }
}

/// Whether a call takes bids of a class at this instant.
pub(super) fn takes(call: &Call, class: Class, now: Timestamp) -> bool {
    let invited = call.terms.who_may_bid.is_empty() || call.terms.who_may_bid.contains(&class);
    call.status == Status::Published && now < call.terms.closes_at && invited
}

/// The calls of a market, the open ones first and of those the one that closes first.
pub(in crate::pages) fn open_to(
    connection: &mut DbConnection,
    scope: &Scope,
    (actor, class): (&Actor, Class),
    stand: &Stand,
) -> Result<Vec<OpenCall>, AppError> {
    let own = bids::service::list_own(connection, scope, 0, MOST_BIDS)?;
    let mut own: BTreeMap<i64, Bid> = own.into_iter().map(|bid| (bid.call_id, bid)).collect();
    let sells = actor.capabilities.contains(&Capability::Seller);
    let mut found = Vec::new();
    for round in stand.rounds.iter().take(MOST_ROUNDS) {
        for call in calls::service::list_of_round(connection, scope, round.id, 0, MOST_CALLS)? {
            if call.status == Status::Draft {
                continue;
            }
            found.push(OpenCall {
                lots: calls::service::lots(connection, scope, call.id)?.len(),
                zone: stand.market.time_zone,
                bid: own.remove(&call.id),
                takes: sells && takes(&call, class, stand.now),
                call,
            });
        }
    }
    found.sort_by_key(|one| {
        let closes = one.call.terms.closes_at;
        let is_over = one.call.status != Status::Published;
        (is_over, if is_over { -closes.as_micros() } else { closes.as_micros() })
    });
    Ok(found)
}

#[derive(Template)]
#[template(path = "tenders/list.html")]
struct List {
    view: View,
    calls: Vec<OpenCall>,
    has_market: bool,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let (scope, now) = (actor.scope(), app.clock.now());
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let stand = Stand::load(connection, scope, &actor, now)?;
        let class = view.person.as_ref().map(|person| person.organisation.class);
        let calls = match stand.as_ref().zip(class) {
            Some((stand, class)) => open_to(connection, scope, (&actor, class), stand)?,
            None => Vec::new(),
        };
        Ok(List { view, calls, has_market: stand.is_some() })
    };
    render(&app.read_async(scope, load).await?)
}
