//! Publishing a round's orders, reading them, answering them. One function per verb, one transaction each.

use super::errors::OrderError;
use super::part::{self, PartLine};
use super::state::{self, Event, Status};
use super::store::{self, AnswerRow};
use super::types::{Answer, Order, OrderFilter, OrderLine, Shortfall};
use crate::audit::{Change, Work};
use crate::catalog;
use crate::db::{DbConnection, series};
use crate::error::{AppError, CommonError};
use crate::markets;
use crate::offers::{self, OfferError};
use crate::parties::{Actor, Role};
use crate::rounds::types::Award;
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders;
use crate::values::Rupiah;
use std::collections::BTreeMap;

/// The kind of number series that purchase orders count in.
pub const SERIES: &str = "purchase_order";

/// Publishes an approved round: awards, shortages, reserved stock and purchase orders, all in this transaction.
///
/// Lines that an open complaint is about, or can still be made about, go into orders of their own, which are held until it is
/// answered and the time for complaints is over (`holds`).
///
/// Repeating it creates nothing and answers the published round. Where stock that the plan counts on went elsewhere since
/// the round was closed, nothing is published: the round is closed again with what there is now, and says why.
pub fn publish(work: &mut Work<'_>, actor: &Actor, round_id: i64, expected_version: i64) -> Result<Round, AppError> {
    let published = work.attempt(|work| {
        let (round, awards) = rounds::service::publish(work, actor, round_id, expected_version)?;
        if let Some(awards) = awards {
            // First, because whoever complains holds the call until then: no complaint slips in between.
            tenders::calls::service::award(work, round.id)?;
            let holds =
                tenders::feedback::holds::of_awards(work.connection, work.scope, (round.id, work.now), &awards)?;
            issue(work, &round, awards, &holds)?;
        }
        Ok(round)
    });
    match published {
        Err(AppError::Refused(refusal)) if refusal.def.code == OfferError::StockGone.code() => {
            let reason = format!("{}: {} ({})", refusal.def.code, refusal.def.detail_id, refusal.hint);
            rounds::service::refreeze(work, actor, round_id, &reason)
        }
        other => other,
    }
}

/// Lots for whose sake a line is held; none for most.
type Lots = Vec<i64>;

/// One order per buyer and seller, one line per award; what is held for the same lots has an order of its own.
fn issue(work: &mut Work<'_>, round: &Round, awards: Vec<Award>, holds: &BTreeMap<i64, Lots>) -> Result<(), AppError> {
    let market = markets::service::get(work.connection, work.scope, round.market_id)?;
    let year = work.now.year_in(market.time_zone.iana());
    let mut by_buyer: BTreeMap<i64, BTreeMap<(i64, Lots), Vec<Award>>> = BTreeMap::new();
    for award in awards {
        let sellers = by_buyer.entry(award.buyer_id).or_default();
        let lots = holds.get(&award.id).cloned().unwrap_or_default();
        sellers.entry((award.seller_id, lots)).or_default().push(award);
    }
    let (mut orders, mut lines, mut held) = (Vec::new(), Vec::new(), Vec::new());
    // Buyers by id: number series are locked in the same order by everybody.
    for (buyer_id, sellers) in by_buyer {
        let count = i64::try_from(sellers.len()).map_err(AppError::internal)?;
        let first = series::take(work.connection, buyer_id, SERIES, year, count)?;
        for (((seller_id, lots), awards), serial) in sellers.into_iter().zip(first..) {
            let status = if lots.is_empty() { Status::Issued } else { Status::Held };
            let head = OrderHead { round, buyer_id, seller_id, year, serial, status };
            let (order, own) = head.order(work, awards)?;
            held.extend(lots.into_iter().map(|lot_id| (order.id, lot_id)));
            orders.push(order);
            lines.extend(own);
        }
    }
    store::insert_orders(work.connection, &orders)?;
    store::insert_lines(work.connection, round.market_id, &lines)?;
    store::insert_holds(work.connection, round.market_id, &held)?;
    let changes: Vec<_> =
        orders.iter().map(|order| change(order, order.status.word(), "", order.status.word(), "")).collect();
    work.record_all(&changes)
}

struct OrderHead<'a> {
    round: &'a Round,
    buyer_id: i64,
    seller_id: i64,
    year: i64,
    serial: i64,
    status: Status,
}

impl OrderHead<'_> {
    fn order(self, work: &Work<'_>, mut awards: Vec<Award>) -> Result<(Order, Vec<OrderLine>), AppError> {
        awards.sort_by_key(|award| (award.day, award.place_id, award.commodity_id, award.demand_id, award.offer_id));
        let id = work.new_id();
        let sum = |amounts: Vec<Rupiah>| Rupiah::sum(amounts).map_err(|_| AppError::from(OrderError::TotalTooLarge));
        let goods = sum(awards.iter().map(|award| award.goods).collect())?;
        let freight = sum(awards.iter().map(|award| award.freight).collect())?;
        let order = Order {
            id,
            market_id: self.round.market_id,
            round_id: self.round.id,
            buyer_id: self.buyer_id,
            seller_id: self.seller_id,
            number: format!("PO-{}-{:06}", self.year, self.serial),
            year: self.year,
            serial: self.serial,
            status: self.status,
            delivery_status: "none".to_owned(),
            billing_status: "none".to_owned(),
            goods,
            freight,
            total: sum(vec![goods, freight])?,
            reason: None,
            reason_note: String::new(),
            issued_at: work.now,
            answered_at: None,
            version: 1,
        };
        let lines = awards.into_iter().zip(1..).map(|(award, line_number)| OrderLine {
            id: work.new_id(),
            order_id: id,
            line_number,
            award_id: award.id,
            commodity_id: award.commodity_id,
            place_id: award.place_id,
            day: award.day,
            quantity: award.quantity,
            price: award.price,
            goods: award.goods,
            freight: award.freight,
        });
        Ok((order, lines.collect()))
    }
}

pub(super) fn change<'a>(order: &Order, event: &'a str, old: &'a str, new: &'a str, reason: &'a str) -> Change<'a> {
    Change { market_id: Some(order.market_id), subject: "orders", subject_id: order.id, event, old, new, reason }
}

/// The seller's one final answer. The same answer again changes nothing; another one is refused.
///
/// An order that is turned down frees the stock it held, in the same transaction; one that is accepted in part frees what is
/// missing (see [`accept_part`]).
pub fn answer(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    answer: &Answer,
) -> Result<Order, AppError> {
    let order = answerable(work, actor, id)?;
    give(work, actor, order, expected_version, answer)
}

/// Accepts an order but for what is said to be missing: the seller's one final answer too. Stock of what is missing is free
/// again, in the same transaction.
pub fn accept_part(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    said: &[PartLine],
) -> Result<Order, AppError> {
    let order = answerable(work, actor, id)?;
    let goods = catalog::service::load_all(work.connection)?;
    let bases = store::shortfalls::list_bases(work.connection, work.scope, id, &goods)?;
    let answer = Answer::Part(part::read(&bases, said)?);
    give(work, actor, order, expected_version, &answer)
}

fn give(
    work: &mut Work<'_>,
    actor: &Actor,
    order: Order,
    expected_version: i64,
    answer: &Answer,
) -> Result<Order, AppError> {
    if given(work, &order)?.as_ref() == Some(answer) {
        return Ok(order);
    }
    let (event, code, note) = match answer {
        Answer::Accept => (Event::Accept, "", ""),
        // Each line has a reason of its own.
        Answer::Part(_) => (Event::AcceptPart, "", ""),
        Answer::Reject { reason, note } => (Event::Reject, reason.word(), note.as_str()),
    };
    let status = state::next(order.status, event)?;
    let row = AnswerRow { status, reason_code: code, reason_note: note, answered_by: actor.member_id };
    if order.version != expected_version || !store::update_answer(work.connection, work.scope, &order, &row, work.now)?
    {
        return Err(CommonError::VersionStale.into());
    }
    match answer {
        Answer::Accept => {}
        Answer::Part(missing) => leave_out(work, &order, missing)?,
        Answer::Reject { .. } => release(work, &order)?,
    }
    let reason = format!("{code} {note}");
    work.record(change(&order, event.word(), order.status.word(), status.word(), reason.trim()))?;
    get(work.connection, work.scope, order.id)
}

/// An order that one may answer, in any status.
fn answerable(work: &mut Work<'_>, actor: &Actor, id: i64) -> Result<Order, AppError> {
    let order = get(work.connection, work.scope, id)?;
    if order.seller_id != actor.organisation_id {
        return Err(CommonError::Forbidden.into());
    }
    actor.require_role(&[Role::Seller, Role::Usaha, Role::Ketua])?;
    let market = markets::service::get(work.connection, work.scope, order.market_id)?;
    markets::duties::require_trader(work.connection, actor, &market)?;
    Ok(order)
}

/// Writes down what is missing of an order and frees its stock.
fn leave_out(work: &mut Work<'_>, order: &Order, missing: &[Shortfall]) -> Result<(), AppError> {
    let rows: Vec<(i64, &Shortfall)> = missing.iter().map(|one| (work.new_id(), one)).collect();
    store::shortfalls::insert(work.connection, order, &rows)?;
    let quantities: BTreeMap<i64, i64> = missing.iter().map(|one| (one.line_id, one.quantity.get())).collect();
    release_of(work, order, |line_id, _| quantities.get(&line_id).copied().unwrap_or_default())
}

/// The answer an order has, if it has one.
fn given(work: &mut Work<'_>, order: &Order) -> Result<Option<Answer>, AppError> {
    Ok(match (order.status, order.reason) {
        (Status::Accepted, _) => Some(Answer::Accept),
        (Status::PartlyAccepted, _) => {
            Some(Answer::Part(store::shortfalls::list(work.connection, work.scope, &[order.id])?))
        }
        (Status::Rejected, Some(reason)) => Some(Answer::Reject { reason, note: order.reason_note.clone() }),
        (Status::Held | Status::Issued | Status::Rejected | Status::Withdrawn, _) => None,
    })
}

/// Frees the stock that an order held.
pub(super) fn release(work: &mut Work<'_>, order: &Order) -> Result<(), AppError> {
    release_of(work, order, |_, quantity| quantity)
}

/// Frees of each line, by its id and quantity, as many base units as are told.
fn release_of(work: &mut Work<'_>, order: &Order, told: impl Fn(i64, i64) -> i64) -> Result<(), AppError> {
    let mut free: BTreeMap<i64, i64> = BTreeMap::new();
    for (line_id, offer_id, quantity) in store::list_taken(work.connection, work.scope, order.id)? {
        let freed = told(line_id, quantity);
        if freed > 0 {
            *free.entry(offer_id).or_default() += freed;
        }
    }
    offers::service::release(work, order.id, &free)
}

/// An order one buys or sells, or of a market one runs; any other looks like a missing one.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Order, AppError> {
    store::find(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// The lines of an order that can be seen, by number.
pub fn lines(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Vec<OrderLine>, AppError> {
    get(connection, scope, id)?;
    store::list_lines(connection, scope, id)
}

/// What is missing of those of some orders that were accepted in part, by line.
pub fn shortfalls(connection: &mut DbConnection, scope: &Scope, orders: &[Order]) -> Result<Vec<Shortfall>, AppError> {
    let partly = orders.iter().filter(|order| order.status == Status::PartlyAccepted);
    store::shortfalls::list(connection, scope, &partly.map(|order| order.id).collect::<Vec<_>>())
}

/// Orders one buys or sells, and those of markets one runs, by id.
pub fn list(connection: &mut DbConnection, scope: &Scope, filter: OrderFilter) -> Result<Vec<Order>, AppError> {
    store::list(connection, scope, filter)
}
