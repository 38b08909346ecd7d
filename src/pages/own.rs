//! The home of whoever trades: what must be done today, what is arriving or to be delivered, what is late.

use super::demands::posted_of;
use super::orders::{self, Row};
use super::stand::{Stand, name_of};
use super::tenders::{self, OpenCall};
use super::view::View;
use crate::catalog;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::offers;
use crate::orders::{Order, Status, service};
use crate::parties::{Actor, Capability};
use crate::rounds::Round;
use crate::scope::Scope;
use crate::values::{BaseUnit, Day, Quantity, Timestamp};
use askama::Template;

/// How many days ahead deliveries are shown.
const AHEAD_DAYS: i64 = 10;
/// An order waits so long before it counts as late.
const ANSWER_S: i64 = 24 * 3600;
/// So long after its answer an order that was accepted in part is brought before its buyer.
const SHORT_S: i64 = 7 * 24 * 3600;
/// Most orders whose lines are read for the home.
const MOST_ORDERS: usize = 60;
/// Most offers looked at.
const MOST_OFFERS: i64 = 500;

/// Goods on their way to or from the organisation.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub day: Day,
    pub name: String,
    pub quantity: Quantity,
    pub unit: BaseUnit,
    pub other: String,
    pub order_id: i64,
    pub is_selling: bool,
}

/// Everything a trader's home shows.
#[derive(Template)]
#[template(path = "home/own.html")]
pub(super) struct Own {
    pub view: View,
    pub stand: Option<Stand>,
    pub buys: bool,
    pub sells: bool,
    pub cooks: bool,
    pub posted: usize,
    pub open_offers: usize,
    pub calls: Vec<OpenCall>,
    pub to_answer: Vec<Row>,
    pub unanswered: Vec<Row>,
    /// Orders of one's own that a seller accepted in part not long ago.
    pub short: Vec<Row>,
    pub coming: Vec<Delivery>,
    pub overdue: Vec<Delivery>,
}

impl Own {
    pub(super) fn load(
        connection: &mut DbConnection,
        scope: &Scope,
        (actor, view): (&Actor, View),
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let has = |capability| actor.capabilities.contains(&capability);
        let (cooks, sells) = (has(Capability::Kitchen), has(Capability::Seller));
        let buys = cooks || has(Capability::Buyer);
        let stand = Stand::load(connection, scope, actor, now)?;
        let collecting = stand.as_ref().and_then(Stand::collecting).map(|round| round.id);
        let posted = match collecting.filter(|_| buys) {
            Some(round_id) => posted_of(connection, scope, round_id, actor.organisation_id)?,
            None => 0,
        };
        let class = view.person.as_ref().map(|person| person.organisation.class);
        let calls = match stand.as_ref().zip(class).filter(|_| sells) {
            Some((stand, class)) => tenders::open_to(connection, scope, (actor, class), stand)?,
            None => Vec::new(),
        };
        let rows = orders::rows(connection, scope, actor, now)?;
        let deliveries = deliveries(connection, scope, &rows, &view)?;
        let today = stand.as_ref().map_or_else(|| Day::of(now, "Asia/Jakarta"), Stand::today);
        let (overdue, coming) = deliveries
            .into_iter()
            .filter(|delivery| (-14..=AHEAD_DAYS).contains(&delivery.day.days_since(today)))
            .partition(|delivery| delivery.day < today);
        let is_old = |row: &&Row| row.order.issued_at.plus_seconds(ANSWER_S) < now;
        Ok(Self {
            posted,
            calls: calls.into_iter().filter(|call| call.takes).collect(),
            open_offers: if sells { open_offers(connection, scope, today)? } else { 0 },
            to_answer: rows.iter().filter(|row| row.is_to_answer()).cloned().collect(),
            unanswered: rows
                .iter()
                .filter(|row| !row.is_selling && row.order.status == Status::Issued)
                .filter(is_old)
                .cloned()
                .collect(),
            short: rows.iter().filter(|row| !row.is_selling && is_short(&row.order, now)).cloned().collect(),
            view,
            stand,
            buys,
            sells,
            cooks,
            coming,
            overdue,
        })
    }

    fn round(&self) -> Option<&Round> {
        self.stand.as_ref().and_then(Stand::collecting)
    }

    fn closes(&self, round: &Round) -> String {
        let zone = self.stand.as_ref().map(|stand| stand.market.time_zone);
        zone.map_or_else(String::new, |zone| self.view.moment(round.closes_at, zone))
    }

    fn closes_ms(&self, round: &Round) -> i64 {
        let _ = self;
        round.closes_at.as_micros() / 1_000
    }

    fn has_nothing_to_do(&self) -> bool {
        self.to_answer.is_empty() && self.short.is_empty() && self.calls.is_empty() && self.round().is_none()
    }

    fn has_nothing_late(&self) -> bool {
        self.overdue.is_empty() && self.unanswered.is_empty()
    }
}

/// Whether an order was accepted in part so lately that its buyer should look.
fn is_short(order: &Order, now: Timestamp) -> bool {
    let is_new = |at: Timestamp| at.plus_seconds(SHORT_S) > now;
    order.status == Status::PartlyAccepted && order.answered_at.is_some_and(is_new)
}

fn open_offers(connection: &mut DbConnection, scope: &Scope, today: Day) -> Result<usize, AppError> {
    let own = offers::service::list_own(connection, scope, 0, MOST_OFFERS)?;
    let is_open = |offer: &&offers::Offer| {
        offer.status == offers::OfferStatus::Open && offer.available() > 0 && offer.days.last() >= today
    };
    Ok(own.iter().filter(is_open).count())
}

/// Lines of orders that are agreed and not received in full, by day.
fn deliveries(
    connection: &mut DbConnection,
    scope: &Scope,
    rows: &[Row],
    view: &View,
) -> Result<Vec<Delivery>, AppError> {
    let goods = catalog::service::load_all(connection)?;
    let is_open = |row: &&Row| {
        let is_agreed = matches!(row.order.status, Status::Accepted | Status::PartlyAccepted);
        is_agreed && row.order.delivery_status != "complete"
    };
    let mut found = Vec::new();
    for row in rows.iter().filter(is_open).take(MOST_ORDERS) {
        let missing = service::shortfalls(connection, scope, std::slice::from_ref(&row.order))?;
        for line in service::lines(connection, scope, row.order.id)? {
            let Some(commodity) = goods.get(&line.commodity_id) else { continue };
            let missing = missing.iter().find(|one| one.line_id == line.id).map_or(0, |one| one.quantity.get());
            // A line of which nothing comes is no delivery.
            let Ok(quantity) = Quantity::new(line.quantity.get() - missing) else { continue };
            found.push(Delivery {
                day: line.day,
                name: name_of(commodity, view.language),
                quantity,
                unit: commodity.base_unit,
                other: row.other.clone(),
                order_id: row.order.id,
                is_selling: row.is_selling,
            });
        }
    }
    found.sort_by_key(|delivery| delivery.day);
    Ok(found)
}
