//! Purchase orders: those one buys and those one sells, one in full, and the seller's answer to it (`answer`).

mod answer;

use super::form::Form;
use super::stand::{MEMORY_S, name_of};
use super::view::View;
use super::visit::Signed;
use super::{render, words};
use crate::app::App;
use crate::catalog;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::{self, Market};
use crate::orders::{Order, OrderFilter, OrderLine, RejectReason, Shortfall, Status, service};
use crate::parties::{self, Actor};
use crate::places;
use crate::rounds;
use crate::scope::Scope;
use crate::values::decimal::div_half_even;
use crate::values::ids::first_of;
use crate::values::{BaseUnit, Rupiah};
use crate::web::params::id_of;
use crate::web::problem::Language;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use std::collections::BTreeMap;

/// Most orders on the page; the API lists them all.
const LIMIT: i64 = 200;
/// Most awards of the round that are looked through for an order's fees.
const MOST_AWARDS: i64 = 5_000;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/orders", get(list))
        .route("/orders/{id}", get(show))
        .route("/orders/{id}/answer", post(answer::send))
}

/// An order in one line, from where one stands.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub order: Order,
    /// The name of the other side.
    pub other: String,
    pub is_selling: bool,
    /// What the seller will deliver of it, in rupiah, where that is less than was ordered.
    pub agreed: Option<Rupiah>,
}

impl Row {
    /// Whether an answer of one's own is awaited.
    pub fn is_to_answer(&self) -> bool {
        self.is_selling && self.order.status == Status::Issued
    }
}

#[derive(Template)]
#[template(path = "orders/list.html")]
struct List {
    view: View,
    selling: Vec<Row>,
    buying: Vec<Row>,
}

/// A line of an order with names.
struct Item {
    line: OrderLine,
    name: String,
    unit: BaseUnit,
    place: String,
    /// Goods, freight and fees of one pricing unit, in rupiah.
    landed: i64,
    /// Of the freight, the seller's fees for the drop and the truck, in rupiah.
    fee: i64,
    /// What the seller does not deliver of it.
    missing: Option<Shortfall>,
}

impl Item {
    /// What will be delivered, in words.
    fn delivered(&self, view: &View) -> String {
        let missing = self.missing.as_ref().map_or(0, |missing| missing.quantity.get());
        words::quantity(view.language, self.line.quantity.get() - missing, self.unit)
    }

    /// Whether nothing of it will be delivered.
    fn is_gone(&self) -> bool {
        self.missing.as_ref().is_some_and(|missing| missing.quantity == self.line.quantity)
    }

    /// The form's field for how much will be delivered.
    fn field(&self) -> String {
        answer::field_of(self.line.line_number)
    }
}

#[derive(Template)]
#[template(path = "orders/order.html")]
struct Page {
    view: View,
    form: Form,
    order: Order,
    market: Market,
    buyer: String,
    seller: String,
    items: Vec<Item>,
    /// What the seller will deliver, in rupiah, where that is less than was ordered.
    agreed: Option<Rupiah>,
    can_answer: bool,
    reasons: &'static [RejectReason],
}

impl Page {
    /// Fees over all lines, in rupiah.
    fn fees(&self) -> i64 {
        self.items.iter().map(|item| item.fee).sum()
    }

    /// What is to be paid for what will be delivered.
    fn due(&self) -> Rupiah {
        self.agreed.unwrap_or(self.order.total)
    }
}

/// Recent orders of the organisation, the newest first.
pub(super) fn rows(
    connection: &mut DbConnection,
    scope: &Scope,
    actor: &Actor,
    now: crate::values::Timestamp,
) -> Result<Vec<Row>, AppError> {
    let after = first_of(now.plus_seconds(-MEMORY_S));
    let filter = OrderFilter { after, limit: LIMIT, ..OrderFilter::default() };
    let me = actor.organisation_id;
    let mut orders = service::list(connection, scope, filter)?;
    orders.retain(|order| order.seller_id == me || order.buyer_id == me);
    orders.reverse();
    let others = orders.iter().flat_map(|order| [order.seller_id, order.buyer_id]).filter(|id| *id != me);
    let names = names(connection, scope, &others.collect::<Vec<_>>())?;
    let missing = service::shortfalls(connection, scope, &orders)?;
    let row = |order: Order| {
        let is_selling = order.seller_id == me;
        let other = if is_selling { order.buyer_id } else { order.seller_id };
        let other = names.get(&other).cloned().unwrap_or_default();
        Row { other, is_selling, agreed: agreed(&order, &missing), order }
    };
    Ok(orders.into_iter().map(row).collect())
}

/// What an order that was accepted in part still comes to.
fn agreed(order: &Order, missing: &[Shortfall]) -> Option<Rupiah> {
    let is_partly = order.status == Status::PartlyAccepted;
    order.agreed(missing).filter(|_| is_partly).and_then(|amount| Rupiah::new(amount).ok())
}

fn names(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<BTreeMap<i64, String>, AppError> {
    let found = parties::service::list_by_ids(connection, scope, ids)?;
    Ok(found.into_iter().map(|organisation| (organisation.id, organisation.name)).collect())
}

async fn list(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let (scope, now) = (actor.scope(), app.clock.now());
    let rows = app.read_async(scope, move |connection, scope| rows(connection, scope, &actor, now)).await?;
    let (selling, buying) = rows.into_iter().partition(|row| row.is_selling);
    render(&List { view, selling, buying })
}

async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    page(&app, &actor, &id, view, Form::default()).await
}

async fn page(app: &App, actor: &Actor, id: &str, view: View, form: Form) -> Result<Response, AppError> {
    let id = id_of(id)?;
    let (scope, actor) = (actor.scope(), actor.clone());
    let load = move |connection: &mut DbConnection, scope: &Scope| load(connection, scope, (id, &actor), view, form);
    render(&app.read_async(scope, load).await?)
}

fn load(
    connection: &mut DbConnection,
    scope: &Scope,
    (id, actor): (i64, &Actor),
    view: View,
    form: Form,
) -> Result<Page, AppError> {
    let order = service::get(connection, scope, id)?;
    let lines = service::lines(connection, scope, id)?;
    let market = markets::service::get(connection, scope, order.market_id)?;
    let names = names(connection, scope, &[order.buyer_id, order.seller_id])?;
    let place_ids: Vec<i64> = lines.iter().map(|line| line.place_id).collect();
    let places = places::service::list_by_ids(connection, scope, &place_ids)?;
    let goods = catalog::service::load_all(connection)?;
    let fees = fees(connection, scope, &order, &lines)?;
    let missing = service::shortfalls(connection, scope, std::slice::from_ref(&order))?;
    let item = |line: OrderLine| {
        let commodity = goods.get(&line.commodity_id).ok_or_else(|| AppError::unknown_stored(line.commodity_id))?;
        let place = places.iter().find(|place| place.id == line.place_id).map(|place| place.name.clone());
        let (name, unit) = (name_of(commodity, view.language), commodity.base_unit);
        let paid = i128::from(line.goods.get()) + i128::from(line.freight.get());
        let each = div_half_even(paid * i128::from(unit.per_pricing_unit()), i128::from(line.quantity.get()).max(1));
        let landed = i64::try_from(each).map_err(AppError::internal)?;
        let fee = fees.get(&line.award_id).copied().unwrap_or(0);
        let missing = missing.iter().find(|one| one.line_id == line.id).cloned();
        Ok(Item { line, name, unit, place: place.unwrap_or_default(), landed, fee, missing })
    };
    let items = lines.into_iter().map(item).collect::<Result<Vec<_>, AppError>>()?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let can_answer = order.seller_id == actor.organisation_id && order.status == Status::Issued;
    let (buyer, seller) = (name(order.buyer_id), name(order.seller_id));
    let (agreed, mut form) = (agreed(&order, &missing), form);
    answer::fill(&view, &mut form, &items);
    Ok(Page { view, form, order, market, buyer, seller, items, agreed, can_answer, reasons: RejectReason::ALL })
}

/// The fees in each line's freight, by award.
fn fees(
    connection: &mut DbConnection,
    scope: &Scope,
    order: &Order,
    lines: &[OrderLine],
) -> Result<BTreeMap<i64, i64>, AppError> {
    let first = lines.iter().map(|line| line.award_id).min().unwrap_or(0);
    let awards = rounds::service::list_awards(connection, scope, order.round_id, first - 1, MOST_AWARDS)?;
    Ok(awards.into_iter().map(|award| (award.id, award.fee.get())).collect())
}

/// The key under which a reason is said.
fn reason_key(reason: RejectReason) -> String {
    format!("orders-reason-{}", reason.word().to_lowercase().replace('_', "-"))
}

impl Page {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn reason(&self, reason: &RejectReason) -> String {
        self.view.say(reason_key(*reason))
    }

    /// Which of the two folded forms is open: the one that was sent and came back.
    fn is_open(&self, answer: &str) -> bool {
        self.form.is_wrong() && self.form.value("answer") == answer
    }

    fn is_indonesian(&self) -> bool {
        self.view.language == Language::Indonesian
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::words;

    #[test]
    fn every_reason_has_words() {
        for reason in RejectReason::ALL {
            assert!(words::exists(&reason_key(*reason)), "{reason}");
        }
        for status in Status::ALL {
            assert!(words::exists(&format!("order-status-{}", status.word().replace('_', "-"))), "{status}");
        }
    }
}
