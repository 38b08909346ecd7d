//! Posting, changing, withdrawing and reading offers. One function per verb, one transaction each. What rounds take
//! from the stock is in `stock`.

use super::entry::{ChangeEntry, Draft, OfferEntry};
use super::errors::OfferError;
use super::facts::{SELLING, Setting};
use super::rules;
use super::state::{OfferEvent, next};
use super::store::{self, natural_key};
use super::types::{NewOffer, Offer};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Traders};
use crate::parties::{Actor, Role};
use crate::scope::Scope;
use crate::values::{Day, DayRange, UnitPrice};
use std::collections::{BTreeSet, HashSet};

pub use super::stock::{release, reserve};

/// Most offers in one request.
pub const LARGEST_BATCH: usize = 500;
/// Who enters offers for a seller.
const ENTERING_ROLES: [Role; 3] = [Role::Seller, Role::Usaha, Role::Ketua];

/// Posts one offer of the actor's organisation.
pub fn post(work: &mut Work<'_>, actor: &Actor, market_id: i64, entry: &OfferEntry) -> Result<Offer, AppError> {
    let posted = post_entries(work, actor, market_id, std::slice::from_ref(entry), |_| String::new())?;
    posted.into_iter().next().ok_or_else(|| AppError::internal("nothing was posted"))
}

/// Posts many offers of the actor's organisation, all or none; notes point into `/offers`.
pub fn post_batch(
    work: &mut Work<'_>,
    actor: &Actor,
    market_id: i64,
    entries: &[OfferEntry],
) -> Result<Vec<Offer>, AppError> {
    if entries.is_empty() || entries.len() > LARGEST_BATCH {
        let hint = format!("1..{LARGEST_BATCH}");
        return Err(AppError::refused_with(OfferError::TooManyRows, hint));
    }
    post_entries(work, actor, market_id, entries, |index| format!("/offers/{index}"))
}

/// Posts offers of many sellers, all or none, on behalf of them: only for the market's operator, as a member of it.
///
/// `reason` says where they come from and goes to the audit log with every one of them.
pub fn post_many(work: &mut Work<'_>, market_id: i64, new: &[NewOffer], reason: &str) -> Result<Vec<Offer>, AppError> {
    let market = markets::service::get_run(work.connection, work.scope, market_id)?;
    market.require_active()?;
    let setting = Setting::load(work.connection, market, work.now)?;
    let drafts = new.iter().map(Draft::from).collect();
    let reason = format!("on behalf of the seller: {reason}");
    place(work, &setting, drafts, Checks::default(), &reason, |index| format!("/offers/{index}"))
}

fn post_entries(
    work: &mut Work<'_>,
    actor: &Actor,
    market_id: i64,
    entries: &[OfferEntry],
    pointer: impl Fn(usize) -> String,
) -> Result<Vec<Offer>, AppError> {
    let setting = enter(work, actor, market_id)?;
    let mut checks = Checks::default();
    let mut drafts = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        checks.within(pointer(index));
        drafts.push(entry.read(actor.organisation_id, &setting, &mut checks));
    }
    place(work, &setting, drafts, checks, "", pointer)
}

/// The market, for a person who may enter offers in it.
pub(super) fn enter(work: &mut Work<'_>, actor: &Actor, market_id: i64) -> Result<Setting, AppError> {
    actor.require_role(&ENTERING_ROLES)?;
    let market = markets::service::get(work.connection, work.scope, market_id)?;
    markets::duties::require_trader(work.connection, actor, &market)?;
    let seller = BTreeSet::from([actor.organisation_id]);
    let sellers = Traders::load(work.connection, work.scope, market_id, &seller, &BTreeSet::new())?;
    sellers.standing(actor.organisation_id, &SELLING).map_err(AppError::refused)?;
    market.require_active()?;
    Setting::load(work.connection, market, work.now)
}

/// Checks all drafts, then writes all that they became; or refuses with everything that is wrong and writes nothing.
fn place(
    work: &mut Work<'_>,
    setting: &Setting,
    drafts: Vec<Draft>,
    mut checks: Checks,
    reason: &str,
    pointer: impl Fn(usize) -> String,
) -> Result<Vec<Offer>, AppError> {
    let created_by = work.principal.member_id.ok_or(CommonError::Forbidden)?;
    let seller_ids: BTreeSet<i64> = drafts.iter().map(|draft| draft.seller_id).collect();
    let place_ids: BTreeSet<i64> = drafts.iter().map(|draft| draft.place_id).collect();
    let sellers = Traders::load(work.connection, work.scope, setting.market.id, &seller_ids, &place_ids)?;
    let existing = store::list_existing(work.connection, work.scope, setting.market.id, &seller_ids)?;
    let mut keys = HashSet::with_capacity(drafts.len());
    let mut posted = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        checks.within(pointer(index));
        let Some(mut offer) = rules::check(draft, setting, &sellers, created_by, &mut checks) else {
            continue;
        };
        let key = natural_key(&offer);
        offer.id = work.new_id();
        if let Some(before) = existing.get(&key) {
            revive_from(before, &mut offer, &mut checks);
        }
        if !keys.insert(key) {
            checks.add("", OfferError::OfferRepeated);
        }
        posted.push(offer);
    }
    checks.finish()?;
    write(work, &posted, reason)?;
    Ok(posted)
}

/// Continues the life of an offer under the same natural key, which must have been withdrawn.
pub(super) fn revive_from(before: &store::Existing, offer: &mut Offer, checks: &mut Checks) {
    if let Err(error) = next(before.status, OfferEvent::Revive) {
        checks.add_with("", error, before.id.to_string());
    } else if offer.stock.get() < before.reserved {
        checks.add_with("/stock", OfferError::StockBelowReserved, before.reserved.to_string());
    }
    offer.id = before.id;
    offer.reserved = before.reserved;
    offer.version = before.version + 1;
}

/// Stores new offers and revives those that have a version before, with one audit entry each.
pub(super) fn write(work: &mut Work<'_>, posted: &[Offer], reason: &str) -> Result<(), AppError> {
    let new: Vec<&Offer> = posted.iter().filter(|offer| offer.version == 1).collect();
    store::insert_offers(work.connection, &new, work.now)?;
    for offer in posted.iter().filter(|offer| offer.version > 1) {
        if !store::revive(work.connection, work.scope, offer)? {
            return Err(CommonError::VersionStale.into());
        }
    }
    let states: Vec<String> = posted.iter().map(state_json).collect();
    let changes: Vec<Change<'_>> = posted
        .iter()
        .zip(&states)
        .map(|(offer, state)| {
            let event = match offer.version {
                1 => "posted",
                _ => OfferEvent::Revive.word(),
            };
            change(offer, event, "", state, reason)
        })
        .collect();
    work.record_all(&changes)
}

pub(super) fn change<'a>(offer: &Offer, event: &'a str, old: &'a str, new: &'a str, reason: &'a str) -> Change<'a> {
    Change { market_id: Some(offer.market_id), subject: "offers", subject_id: offer.id, event, old, new, reason }
}

/// What can change about an offer, for the audit log.
pub(super) fn state_json(offer: &Offer) -> String {
    format!(
        r#"{{"status":"{}","stock":"{}","reserved":"{}","price":"{}"}}"#,
        offer.status, offer.stock, offer.reserved, offer.price
    )
}

/// Changes stock, price or both.
pub fn change_terms(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    entry: &ChangeEntry,
) -> Result<Offer, AppError> {
    let (before, setting) = own(work, actor, id, expected_version)?;
    let status = next(before.status, OfferEvent::Change)?;
    let mut checks = Checks::default();
    if entry.stock.is_none() && entry.price.is_none() {
        checks.add("", CommonError::Required);
    }
    let (stock, entered_unit) = entry.read_stock(before.commodity_id, &before.entered_unit, &setting, &mut checks);
    if let Some(stock) = stock {
        rules::check_stock(stock, None, before.pack, before.min_line, &mut checks);
        if stock.get() < before.reserved {
            checks.add_with("/stock", OfferError::StockBelowReserved, before.reserved.to_string());
        }
    }
    let price = entry.price.as_deref();
    let price = price.and_then(|text| checks.ok("/price", UnitPrice::parse(text)));
    if let Some((price, commodity)) = price.zip(setting.catalogue.find(before.commodity_id)) {
        rules::check_price(price, entry.unusual_price, commodity, &setting, &mut checks);
    }
    before.volume.check_change(price, stock, &mut checks);
    checks.finish()?;
    let after = Offer {
        stock: stock.unwrap_or(before.stock),
        price: price.unwrap_or(before.price),
        entered_unit,
        status,
        version: before.version + 1,
        ..before.clone()
    };
    update(work, &before, after, OfferEvent::Change, "")
}

/// Takes an offer back: it wins nothing new. What is reserved stays reserved.
pub fn withdraw(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Offer, AppError> {
    let (before, after) = stepped(work, actor, (id, expected_version), OfferEvent::Withdraw)?;
    update(work, &before, after, OfferEvent::Withdraw, reason)
}

/// Makes a withdrawn offer stand again as it was.
pub fn revive(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    reason: &str,
) -> Result<Offer, AppError> {
    let (_, after) = stepped(work, actor, (id, expected_version), OfferEvent::Revive)?;
    write(work, std::slice::from_ref(&after), reason)?;
    Ok(after)
}

/// One of the actor's own offers as it is, and a version on in the status that an event leads to.
fn stepped(
    work: &mut Work<'_>,
    actor: &Actor,
    (id, expected_version): (i64, i64),
    event: OfferEvent,
) -> Result<(Offer, Offer), AppError> {
    let (before, _) = own(work, actor, id, expected_version)?;
    let after = Offer { status: next(before.status, event)?, version: before.version + 1, ..before.clone() };
    Ok((before, after))
}

/// One of the actor's own offers in the version it saw, in a market where it may still sell.
fn own(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<(Offer, Setting), AppError> {
    actor.require_role(&ENTERING_ROLES)?;
    let is_own = |offer: &Offer| offer.seller_id == actor.organisation_id;
    let offer = store::find_offer(work.connection, work.scope, id)?.filter(is_own).ok_or(CommonError::NotFound)?;
    let setting = enter(work, actor, offer.market_id)?;
    // A bid that was opened binds its bidder as it was read out.
    if is_bound(work.connection, work.scope, offer.id)? {
        return Err(OfferError::BoundByBid.into());
    }
    if offer.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    Ok((offer, setting))
}

fn update(
    work: &mut Work<'_>,
    before: &Offer,
    after: Offer,
    event: OfferEvent,
    reason: &str,
) -> Result<Offer, AppError> {
    if !store::update_open(work.connection, work.scope, &after)? {
        return Err(CommonError::VersionStale.into());
    }
    let (old, new) = (state_json(before), state_json(&after));
    work.record(change(&after, event.word(), &old, &new, reason))?;
    Ok(after)
}

/// Whether an offer came from a bid that was opened, and stays as it was read out.
pub fn is_bound(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<bool, AppError> {
    Ok(!store::list_terms(connection, scope, &[id])?.is_empty())
}

/// An offer of one's own, or of a market one runs; any other is answered as if it did not exist.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Offer, AppError> {
    store::find_offer(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Offers in a market after an id, by id: all for those who run it, otherwise one's own.
pub fn list_of_market(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Offer>, AppError> {
    markets::service::get(connection, scope, market_id)?;
    store::list_of_market(connection, scope, market_id, after, limit)
}

/// Offers of the organisation acted for after an id, by id.
pub fn list_own(connection: &mut DbConnection, scope: &Scope, after: i64, limit: i64) -> Result<Vec<Offer>, AppError> {
    store::list_own(connection, scope, after, limit)
}

/// Every open offer of a market with stock left that can deliver on some of the days, by id: what a snapshot is made of.
pub fn list_available(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    days: DayRange,
) -> Result<Vec<Offer>, AppError> {
    store::list_available(connection, scope, market_id, days)
}

/// The offers with these ids that can be seen, in no particular order.
pub fn list_by_ids(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<Vec<Offer>, AppError> {
    store::list_by_ids(connection, scope, ids)
}

/// Whether one of these organisations offers something in the market for these days, or one of these members entered it.
pub fn takes_part(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    window: (Day, Day),
    who: (&[i64], &[i64]),
) -> Result<bool, AppError> {
    Ok(store::takes_part(connection, scope, market_id, window, who)?)
}
