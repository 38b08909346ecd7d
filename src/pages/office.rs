//! The home of an office and of whoever watches a market: which rounds and calls wait for a step of this person, what is
//! under way, what is late.

use super::operate::next_step;
use super::stand::MEMORY_S;
use super::view::View;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::{self, Market};
use crate::orders::{self, OrderFilter};
use crate::parties::{self, Actor, Role};
use crate::rounds::{self, Round, Status};
use crate::scope::Scope;
use crate::tenders::calls;
use crate::tenders::state::Status as CallStatus;
use crate::values::ids::first_of;
use crate::values::{Day, Timestamp};
use askama::Template;

/// Most markets, rounds, calls and orders looked at.
const LIMIT: i64 = 200;
/// An order waits so long before it counts as late.
const ANSWER_S: i64 = 24 * 3600;

/// One line of the home.
struct Item {
    title: String,
    about: String,
    /// Where it is done or looked at; empty where a telephone is needed.
    href: String,
    /// What the button says.
    verb: &'static str,
}

/// Everything an office's home shows.
#[derive(Template)]
#[template(path = "home/office.html")]
pub(super) struct Office {
    view: View,
    /// What this person can do now, the most pressing first.
    tasks: Vec<Item>,
    coming: Vec<Item>,
    late: Vec<Item>,
}

impl Office {
    pub(super) fn load(
        connection: &mut DbConnection,
        scope: &Scope,
        (actor, view): (&Actor, View),
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let mut home = Self { view, tasks: Vec::new(), coming: Vec::new(), late: Vec::new() };
        for market in markets::service::list(connection, scope, 0, LIMIT)? {
            if !scope.sees_whole(market.id) {
                continue;
            }
            let since = first_of(now.plus_seconds(-MEMORY_S));
            let mut rounds = rounds::service::list(connection, scope, market.id, since, LIMIT)?;
            rounds.reverse();
            for round in &rounds {
                home.round(actor, (scope, now), &market, round);
                if scope.runs(market.id) {
                    home.calls(connection, scope, actor, round)?;
                }
            }
            home.opening((actor, scope), &market, &rounds);
            home.unanswered(connection, scope, &market, now)?;
        }
        Ok(home)
    }

    /// Where a round stands, for this person.
    fn round(&mut self, actor: &Actor, (scope, now): (&Scope, Timestamp), market: &Market, round: &Round) {
        let today = Day::of(now, market.time_zone.iana());
        let is_run = scope.runs(market.id);
        let mut about = format!("{} · {}", market.name, self.days(round));
        let step = next_step(round.status).filter(|(_, roles)| is_run && actor.require_role(roles).is_ok());
        match round.status {
            Status::Cancelled => {}
            Status::Collecting if now < round.closes_at => {
                let moment = self.view.moment(round.closes_at, market.time_zone);
                about = format!("{} · {about}", self.view.say1("office-closes", "moment", moment));
                self.coming.push(item(round.name.clone(), about, link(round, is_run), "office-look"));
            }
            Status::Published if round.delivery_to < today => {}
            Status::Published if is_run => {
                self.coming.push(item(round.name.clone(), about, link(round, false), "office-look"));
            }
            Status::Published => {
                let title = self.view.say1("office-look-published", "name", round.name.as_str());
                let about = format!("{} {about}", self.view.say("office-look-published-about"));
                self.tasks.push(item(title, about, link(round, false), "office-look"));
            }
            _ => {
                if let Some((step, _)) = step {
                    let title = self.view.say1(format!("office-step-{step}"), "name", round.name.as_str());
                    self.tasks.push(item(title, about, link(round, true), "office-do"));
                } else {
                    let status = self.view.round_status(round.status.word());
                    about = format!("{} · {about}", self.view.say1("office-waits", "status", status));
                    self.coming.push(item(round.name.clone(), about, link(round, is_run), "office-look"));
                }
            }
        }
        self.lateness((round, today, now), link(round, is_run));
    }

    /// Notes a round that should be further by now.
    fn lateness(&mut self, (round, today, now): (&Round, Day, Timestamp), href: String) {
        let key = match round.status {
            Status::Collecting if round.closes_at <= now => "office-late-closing",
            Status::Collecting | Status::Published | Status::Cancelled => return,
            _ if round.delivery_from <= today => "office-late-publishing",
            _ => return,
        };
        let title = self.view.say1(key, "name", round.name.as_str());
        self.late.push(item(title, self.days(round), href, "office-look"));
    }

    fn days(&self, round: &Round) -> String {
        self.view.say1("public-delivery", "days", self.view.days(round.delivery_from, round.delivery_to))
    }

    /// Calls that wait for the office: drafts to complete, closed ones to open.
    fn calls(
        &mut self,
        connection: &mut DbConnection,
        scope: &Scope,
        actor: &Actor,
        round: &Round,
    ) -> Result<(), AppError> {
        for call in calls::service::list_of_round(connection, scope, round.id, 0, LIMIT)? {
            let (key, path) = match call.status {
                CallStatus::Draft if actor.require_role(&[Role::Operator]).is_ok() => ("office-call-draft", ""),
                CallStatus::Closed => ("office-call-closed", "/committee"),
                _ => continue,
            };
            let title = self.view.say1(key, "title", call.terms.title.as_str());
            let href = format!("/operate/calls/{}{path}", call.id);
            self.tasks.push(item(title, round.name.clone(), href, "office-do"));
        }
        Ok(())
    }

    /// Invites to open a round where none takes needs.
    fn opening(&mut self, (actor, scope): (&Actor, &Scope), market: &Market, rounds: &[Round]) {
        let collects = rounds.iter().any(|round| round.status == Status::Collecting);
        if !collects && scope.runs(market.id) && actor.require_role(&[Role::Operator]).is_ok() {
            let about = self.view.say1("office-open-about", "market", market.name.as_str());
            self.tasks.push(item(self.view.say("office-open"), about, "/operate".to_owned(), "office-open-do"));
        }
    }

    /// Orders whose sellers have not answered for a day, with the sellers to telephone.
    fn unanswered(
        &mut self,
        connection: &mut DbConnection,
        scope: &Scope,
        market: &Market,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let after = first_of(now.plus_seconds(-MEMORY_S));
        let status = Some(orders::Status::Issued);
        let filter = OrderFilter { market_id: Some(market.id), status, after, limit: LIMIT, ..OrderFilter::default() };
        let mut waiting = orders::service::list(connection, scope, filter)?;
        waiting.retain(|order| order.issued_at.plus_seconds(ANSWER_S) < now);
        if waiting.is_empty() {
            return Ok(());
        }
        let ids = super::why::unique(waiting.iter().map(|order| order.seller_id).collect());
        let sellers = parties::service::list_by_ids(connection, scope, &ids)?;
        let names: Vec<String> = sellers.into_iter().map(|seller| seller.name).collect();
        let title = self.view.say1("office-late-orders", "count", waiting.len());
        self.late.push(item(title, names.join(", "), String::new(), ""));
        Ok(())
    }
}

fn item(title: String, about: String, href: String, verb: &'static str) -> Item {
    Item { title, about, href, verb }
}

/// The round's page: the cockpit for those who run it, the open one for everybody else.
fn link(round: &Round, is_run: bool) -> String {
    if is_run { format!("/operate/rounds/{}", round.id) } else { format!("/rounds/{}", round.id) }
}
