//! Placing, amending, confirming, withdrawing and reading bids. One function per verb, one transaction each.
//!
//! Before the close a bid is nobody's but its bidder's, so what happens to it then leaves no entry in the log, whose size
//! everybody sees, and draws ids on no counter. Its signed receipt binds it; the close writes every commitment down.

use super::super::calls::{self, Call};
use super::super::seal::file::{self, SealedFile};
use super::super::seal::{self, SealError};
use super::super::state::{BidStatus, Status};
use super::check::{self, CheckedBid, Setting};
use super::document::BidDocument;
use super::store::{self, VersionIdentity};
pub use super::store::{NewState, Opening};
use super::terms;
use super::types::{Bid, BidVersion, SealedBid};
use crate::audit::{Change, Work};
use crate::db::{DbConnection, DbError};
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Traders};
use crate::parties::{Actor, Capability, Role};
use crate::scope::Scope;
use crate::tenders::TenderError;
use crate::values::ids::derived_id;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::BTreeSet;

/// Most versions of one bid.
const MOST_VERSIONS: usize = 200;
/// Who enters bids for a bidder.
const ENTERING_ROLES: [Role; 3] = [Role::Seller, Role::Usaha, Role::Ketua];

/// Takes a sealed bid: the first of its bidder, or a new version of it. The same bytes again change nothing.
///
/// Refused at the closing time and after it, whether or not the close was written down yet.
pub fn place(work: &mut Work<'_>, actor: &Actor, call_id: i64, sealed: &SealedBid) -> Result<Bid, AppError> {
    let call = taking(work, actor, call_id)?;
    check_sealed(work, sealed, &call)?;
    let bidder_id = actor.organisation_id;
    let Some(before) = store::find_of(work.connection, work.scope, call.id, bidder_id)? else {
        return first(work, actor, &call, sealed);
    };
    let versions = store::list_versions(work.connection, work.scope, before.id)?;
    let is_there = versions.iter().any(|version| version.number == before.current && version.sealed == sealed.sealed);
    if is_there && before.status == BidStatus::Placed && before.terms_version == sealed.terms_version {
        return Ok(before);
    }
    if versions.len() >= MOST_VERSIONS {
        return Err(SealError::TooManyVersions.into());
    }
    let number = versions.len().try_into().map_or(i64::MAX, |count: i64| count + 1);
    insert_version(work, actor, &before, number, sealed)?;
    let new = NewState {
        status: BidStatus::Placed,
        current: number,
        terms_version: sealed.terms_version,
        placed_at: work.now,
    };
    change(work, &before, new)
}

fn first(work: &mut Work<'_>, actor: &Actor, call: &Call, sealed: &SealedBid) -> Result<Bid, AppError> {
    let bid = Bid {
        id: derived_id(&format!("bid/{}/{}", call.id, actor.organisation_id)),
        market_id: call.market_id,
        call_id: call.id,
        bidder_id: actor.organisation_id,
        status: BidStatus::Placed,
        current: 1,
        terms_version: sealed.terms_version,
        placed_at: work.now,
        version: 1,
    };
    store::insert(work.connection, &bid, actor.member_id)?;
    insert_version(work, actor, &bid, 1, sealed)?;
    Ok(bid)
}

fn insert_version(
    work: &mut Work<'_>,
    actor: &Actor,
    bid: &Bid,
    number: i64,
    sealed: &SealedBid,
) -> Result<(), AppError> {
    let identity = VersionIdentity {
        id: derived_id(&format!("bid-version/{}/{number}", bid.id)),
        number,
        placed_by: actor.member_id,
    };
    Ok(store::insert_version(work.connection, bid, &identity, sealed, work.now)?)
}

/// The seal is whole as far as one can see from outside, for the key and the terms that hold now.
fn check_sealed(work: &mut Work<'_>, sealed: &SealedBid, call: &Call) -> Result<(), AppError> {
    let mut checks = Checks::default();
    let longest = file::LARGEST.div_ceil(3) * 4;
    let bytes = if sealed.sealed.len() <= longest { BASE64.decode(&sealed.sealed).ok() } else { None };
    match bytes.map(SealedFile::parse) {
        None => checks.add("/sealed", SealError::NotBase64),
        Some(Err(error)) => checks.add("/sealed", error),
        Some(Ok(_)) => {}
    }
    if seal::service::recipient(work.connection, work.scope, call.id)? != sealed.recipient {
        checks.add("/recipient", SealError::OtherKey);
    }
    let is_hex = sealed.commitment.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if sealed.commitment.len() != 64 || !is_hex {
        checks.add("/commitment", TenderError::SealMalformed);
    }
    if sealed.terms_version != call.terms_version {
        checks.add_with("/terms_version", TenderError::TermsChanged, call.terms_version.to_string());
    }
    checks.finish()
}

/// Says that the bid as it stands holds under the changed terms too.
///
/// The document names the terms it was made for, so only a bid whose terms differ in what its document does not repeat can be
/// confirmed; the opening accepts the confirmation in the document's place.
pub fn confirm(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    terms_version: i64,
) -> Result<Bid, AppError> {
    let bid = own(work, actor, id, expected_version)?;
    let call = taking(work, actor, bid.call_id)?;
    if bid.status != BidStatus::Placed {
        return Err(TenderError::BidWithdrawn.into());
    }
    if terms_version != call.terms_version {
        return Err(AppError::refused_with(TenderError::TermsChanged, call.terms_version.to_string()));
    }
    let new = NewState { status: BidStatus::Placed, current: bid.current, terms_version, placed_at: bid.placed_at };
    change(work, &bid, new)
}

/// Takes the bid back; its versions stay. It can be placed again until the close.
pub fn withdraw(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<Bid, AppError> {
    let bid = own(work, actor, id, expected_version)?;
    taking(work, actor, bid.call_id)?;
    if bid.status != BidStatus::Placed {
        return Err(TenderError::BidWithdrawn.into());
    }
    let new = NewState {
        status: BidStatus::Withdrawn,
        current: bid.current,
        terms_version: bid.terms_version,
        placed_at: bid.placed_at,
    };
    change(work, &bid, new)
}

fn own(work: &mut Work<'_>, actor: &Actor, id: i64, expected_version: i64) -> Result<Bid, AppError> {
    let bid = get(work.connection, work.scope, id)?;
    if bid.bidder_id != actor.organisation_id {
        return Err(CommonError::Forbidden.into());
    }
    if bid.version == expected_version { Ok(bid) } else { Err(CommonError::VersionStale.into()) }
}

/// A call that takes bids of this actor's organisation at this instant, held until the transaction ends.
fn taking(work: &mut Work<'_>, actor: &Actor, call_id: i64) -> Result<Call, AppError> {
    actor.require_role(&ENTERING_ROLES)?;
    let call = calls::store::hold(work.connection, work.scope, call_id)?.ok_or(CommonError::NotFound)?;
    let market = markets::service::get(work.connection, work.scope, call.market_id)?;
    markets::duties::require_trader(work.connection, actor, &market)?;
    let bidder = BTreeSet::from([actor.organisation_id]);
    let bidders = Traders::load(work.connection, work.scope, market.id, &bidder, &BTreeSet::new())?;
    let standing = bidders.standing(actor.organisation_id, &[Capability::Seller]).map_err(AppError::refused)?;
    if !call.terms.who_may_bid.is_empty() && !call.terms.who_may_bid.contains(&standing.class) {
        return Err(TenderError::BidderClass.into());
    }
    match call.status {
        Status::Published if work.now < call.terms.closes_at => Ok(call),
        Status::Draft | Status::Cancelled => Err(AppError::refused_with(TenderError::WrongState, call.status.word())),
        _ => Err(AppError::refused_with(TenderError::Closed, call.terms.closes_at.to_string())),
    }
}

/// Changes a bid before the close: without an entry in the log.
fn change(work: &mut Work<'_>, bid: &Bid, new: NewState) -> Result<Bid, AppError> {
    if !store::update(work.connection, work.scope, bid, new)? {
        return Err(DbError::Raced.into());
    }
    get(work.connection, work.scope, bid.id)
}

/// Writes down what every bid of a closing call came to: from here on the log binds each bid and each of its versions, as a hash
/// over every cell, beside the commitment.
pub(in crate::tenders) fn record_closed(work: &mut Work<'_>, call: &Call) -> Result<(), AppError> {
    for bid in store::list_of_call(work.connection, work.scope, call.id)? {
        let versions = store::list_versions(work.connection, work.scope, bid.id)?;
        for version in versions {
            let digest = store::version_digest(work.connection, version.id)?;
            work.record(Change {
                market_id: Some(call.market_id),
                subject: "bids",
                subject_id: bid.id,
                event: "sealed",
                old: &version.number.to_string(),
                new: &format!("{} {digest}", version.commitment),
                reason: if version.number == bid.current { bid.status.word() } else { "" },
            })?;
        }
        record(work, &bid, "closed")?;
    }
    Ok(())
}

/// Moves a bid of a closed call on; the log binds what it is now.
pub(in crate::tenders) fn advance(work: &mut Work<'_>, bid: &Bid, new: NewState) -> Result<Bid, AppError> {
    if !store::update(work.connection, work.scope, bid, new)? {
        return Err(DbError::Raced.into());
    }
    record(work, bid, new.status.word())?;
    get(work.connection, work.scope, bid.id)
}

fn record(work: &mut Work<'_>, bid: &Bid, event: &str) -> Result<(), AppError> {
    let digest = store::bid_digest(work.connection, bid.id)?;
    work.record(Change {
        market_id: Some(bid.market_id),
        subject: "bids",
        subject_id: bid.id,
        event,
        new: &digest,
        ..Change::default()
    })
}

/// Writes down what the opening found in a bid.
pub(in crate::tenders) fn insert_opening(work: &mut Work<'_>, bid: &Bid, opening: &Opening) -> Result<(), AppError> {
    Ok(store::insert_opening(work.connection, bid, opening, work.now)?)
}

/// A bid in sight.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Bid, AppError> {
    store::find(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// One's own bids after an id, by id.
pub fn list_own(connection: &mut DbConnection, scope: &Scope, after: i64, limit: i64) -> Result<Vec<Bid>, AppError> {
    store::list_own(connection, scope, after, limit)
}

/// All versions of a bid in sight, by number.
pub fn versions(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Vec<BidVersion>, AppError> {
    get(connection, scope, id)?;
    store::list_versions(connection, scope, id)
}

/// What the opening of a bid found; `None` while it is sealed, or where it was never opened.
pub fn opening(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Opening>, AppError> {
    get(connection, scope, id)?;
    Ok(store::find_opening(connection, scope, id)?)
}

/// The bids of a call whose bids are no longer hidden, by id (those who run or observe the market).
pub fn list_of_call(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Vec<Bid>, AppError> {
    let call = calls::service::get(connection, scope, call_id)?;
    if !scope.sees_whole(call.market_id) {
        return Err(CommonError::Forbidden.into());
    }
    if matches!(call.status, Status::Draft | Status::Published) {
        return Err(TenderError::NotOpened.into());
    }
    store::list_of_call(connection, scope, call_id)
}

/// What the opening needs of each bid that counts: the bid and its current version, by id.
pub fn list_for_opening(
    connection: &mut DbConnection,
    scope: &Scope,
    call: &Call,
) -> Result<Vec<(Bid, BidVersion)>, AppError> {
    let mut found = Vec::new();
    for bid in list_of_call(connection, scope, call.id)?.into_iter().filter(|bid| counts(bid, call)) {
        let versions = store::list_versions(connection, scope, bid.id)?;
        let current = versions.into_iter().find(|version| version.number == bid.current);
        let version = current.ok_or_else(|| AppError::unknown_stored(format!("version of bid {}", bid.id)))?;
        found.push((bid, version));
    }
    // Ids of bids say nothing; the order of bidders does, and is the same whoever opens.
    found.sort_by_key(|(bid, _)| bid.bidder_id);
    Ok(found)
}

/// Whether a bid counts under the call's terms.
pub fn counts(bid: &Bid, call: &Call) -> bool {
    bid.status == BidStatus::Placed && bid.terms_version == call.terms_version
}

/// How many bids count; only at the close, for the system.
pub(in crate::tenders) fn count(connection: &mut DbConnection, scope: &Scope, call: &Call) -> Result<i64, AppError> {
    let bids = store::list_of_call(connection, scope, call.id)?;
    i64::try_from(bids.iter().filter(|bid| counts(bid, call)).count()).map_err(AppError::internal)
}

/// Checks a document of a bidder against a call and writes nothing; refuses with everything that is wrong.
pub fn check_document(
    connection: &mut DbConnection,
    scope: &Scope,
    call_id: i64,
    bidder_id: i64,
    document: &BidDocument,
) -> Result<CheckedBid, AppError> {
    let call = calls::service::get(connection, scope, call_id)?;
    let setting = setting(connection, scope, &call, bidder_id)?;
    let mut checks = Checks::default();
    let checked = check::check(document, &setting, &mut checks);
    checks.finish_with(checked)
}

/// What documents of a bidder are checked against.
pub fn setting(connection: &mut DbConnection, scope: &Scope, call: &Call, bidder_id: i64) -> Result<Setting, AppError> {
    terms::setting(connection, scope, call, bidder_id)
}
