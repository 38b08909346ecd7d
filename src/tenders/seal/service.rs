//! Taking seats, rehearsing and opening. One function per verb, one transaction each.
//!
//! Whoever opens is an opening officer of the operator, proved by a second factor, and takes no part in the round. Two
//! different people sit together; the first one's share waits locked (`sitting`).

use super::super::calls::{self, Call};
use super::super::state::Status;
use super::committee::{self, Founded, SEATS};
use super::envelope::Envelope;
use super::file::SealedFile;
use super::share::Share;
use super::store::{self, NewSeat, NewSitting};
use super::types::{CallKey, Committee, Minutes, Purpose, Seat, Sitting};
use super::{SealError, opening, sitting};
use crate::audit::{Change, Work};
use crate::db::{DbConnection, DbError};
use crate::error::{AppError, CommonError};
use crate::parties::{Actor, Role};
use crate::rounds;
use crate::scope::Scope;
use crate::values::Timestamp;
use age::x25519::Identity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// How long the second officer may take, in seconds.
pub const SITTING_S: i64 = 15 * 60;
/// What the dummy bid says.
const DUMMY: &[u8] = br#"{"rehearsal":true}"#;

/// The committee of a call in sight.
pub fn committee(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Committee, AppError> {
    calls::service::get(connection, scope, call_id)?;
    let seats = store::list_seats(connection, scope, call_id)?;
    Ok(Committee { seats, key: store::find_key(connection, scope, call_id)? })
}

/// The public key that bids of a call are sealed to.
pub fn recipient(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<String, AppError> {
    let key = store::find_key(connection, scope, call_id)?;
    key.map(|key| key.recipient).ok_or_else(|| SealError::NoKey.into())
}

/// Refuses unless the call's opening was rehearsed: then it may be published.
pub fn require_rehearsed(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<(), AppError> {
    match store::find_key(connection, scope, call_id)? {
        None => Err(SealError::NoKey.into()),
        Some(CallKey { rehearsed_at: None, .. }) => Err(SealError::NotRehearsed.into()),
        Some(_) => Ok(()),
    }
}

/// Takes the next seat of a draft's committee; the share that it answers is stored nowhere. With the last seat the call's
/// key is founded.
pub fn take_seat(work: &mut Work<'_>, actor: &Actor, call_id: i64) -> Result<Share, AppError> {
    let call = officer(work, actor, call_id)?;
    if call.status != Status::Draft {
        return Err(AppError::refused_with(SealError::SeatClosed, call.status.word()));
    }
    let seats = store::list_seats(work.connection, work.scope, call.id)?;
    if seats.iter().any(|seat| seat.account_id == actor.account_id) {
        return Err(SealError::SeatTwice.into());
    }
    let seat = (1..=SEATS).nth(seats.len()).ok_or(SealError::SeatsFull)?;
    let share = Share::draw(call.id, seat);
    let recipient = share.recipient();
    let new = NewSeat {
        call_id: call.id,
        market_id: call.market_id,
        seat,
        member_id: actor.member_id,
        account_id: actor.account_id,
        name: &actor.member_name,
        recipient: &recipient,
    };
    // Two officers at once reach for one seat: the second finds its number taken and is tried again.
    store::insert_seat(work.connection, &new, work.now)?;
    record(work, &call, "seat taken", &seat.to_string())?;
    if seat == SEATS {
        found_key(work, &call, &seats, recipient)?;
    }
    Ok(share)
}

/// Founds both keys of a call for its three seats, and seals the dummy bid.
fn found_key(work: &mut Work<'_>, call: &Call, seats: &[Seat], last: String) -> Result<(), AppError> {
    let recipients: Vec<String> = seats.iter().map(|seat| seat.recipient.clone()).chain([last]).collect();
    let recipients = <[String; SEATS as usize]>::try_from(recipients).map_err(|_| SealError::SeatsFull)?;
    let (real, rehearsal) = (committee::found(&recipients)?, committee::found(&recipients)?);
    for (one, two) in real.parts.iter().zip(&rehearsal.parts) {
        if !store::set_parts(work.connection, work.scope, call.id, one.seat, (&one.sealed, &two.sealed))? {
            return Err(DbError::Raced.into());
        }
    }
    let key = call_key(work.now, call, &real, &rehearsal)?;
    store::insert_key(work.connection, call.id, call.market_id, &key)?;
    record(work, call, "key founded", &key.recipient)
}

fn call_key(now: Timestamp, call: &Call, real: &Founded, rehearsal: &Founded) -> Result<CallKey, AppError> {
    // No organisation has the number 0: nobody's bid.
    let dummy = Envelope {
        call_id: call.id,
        bidder_id: 0,
        nonce: Zeroizing::new(rand::random()),
        document: Zeroizing::new(DUMMY.to_vec()),
    };
    let to = rehearsal.recipient.parse().map_err(|_| SealError::SeatKeyInvalid)?;
    let sealed = SealedFile::seal(&dummy, &to)?;
    Ok(CallKey {
        recipient: real.recipient.clone(),
        rehearsal_recipient: rehearsal.recipient.clone(),
        dummy: STANDARD.encode(sealed.bytes()),
        dummy_commitment: dummy.commitment(),
        founded_at: now,
        rehearsed_at: None,
    })
}

/// A sitting that has begun: what for, until when, and the code that the second officer needs.
#[derive(Debug)]
pub struct Begun {
    /// What for.
    pub purpose: Purpose,
    /// Until when.
    pub ends_at: Timestamp,
    /// Shown to the first officer and stored nowhere.
    pub code: Zeroizing<String>,
}

/// The first officer gives a share: to rehearse while bids are not closed, to open afterwards.
pub fn begin(
    work: &mut Work<'_>,
    actor: &Actor,
    call_id: i64,
    purpose: Purpose,
    share: &Share,
) -> Result<Begun, AppError> {
    let call = officer(work, actor, call_id)?;
    require_time(&call, purpose, work)?;
    let seats = own_seat(work, actor, &call, share)?;
    let parts: Vec<_> = seats.iter().map(|seat| seat.part_for(purpose)).collect();
    committee::fits(&parts, share)?;
    store::finish_sittings(work.connection, work.scope, call.id)?;
    let code = sitting::draw_code();
    let ends_at = work.now.plus_seconds(SITTING_S);
    let new = NewSitting {
        id: work.new_id(),
        call_id: call.id,
        market_id: call.market_id,
        purpose,
        seat: share.seat(),
        member_id: actor.member_id,
        account_id: actor.account_id,
        locked: sitting::lock(share, &code)?,
        ends_at,
    };
    store::insert_sitting(work.connection, &new)?;
    record(work, &call, "sitting begun", purpose.word())?;
    Ok(Begun { purpose, ends_at, code })
}

/// What two officers did.
#[derive(Debug)]
pub enum Sat {
    /// The dummy bid opened.
    Rehearsed,
    /// The bids are open.
    Opened(Minutes),
}

/// The second officer gives a share and the sitting's code: the key is put together for this moment, and used.
pub fn finish(work: &mut Work<'_>, actor: &Actor, call_id: i64, code: &str, share: &Share) -> Result<Sat, AppError> {
    let call = officer(work, actor, call_id)?;
    let sitting = store::find_sitting(work.connection, work.scope, call.id)?;
    let sitting = sitting.filter(|sitting| work.now < sitting.ends_at).ok_or(SealError::SittingOver)?;
    require_time(&call, sitting.purpose, work)?;
    if sitting.account_id == actor.account_id {
        return Err(SealError::SamePerson.into());
    }
    let seats = own_seat(work, actor, &call, share)?;
    let first = sitting::unlock(&sitting.locked, code)?;
    let key = store::find_key(work.connection, work.scope, call.id)?.ok_or(SealError::NoKey)?;
    let parts: Vec<_> = seats.iter().map(|seat| seat.part_for(sitting.purpose)).collect();
    let recipient = match sitting.purpose {
        Purpose::Rehearsal => &key.rehearsal_recipient,
        Purpose::Opening => &key.recipient,
    };
    let secret = committee::combine(call.id, recipient, &parts, &[first, share.clone()])?;
    store::finish_sittings(work.connection, work.scope, call.id)?;
    match sitting.purpose {
        Purpose::Rehearsal => rehearse(work, &call, &key, &secret),
        Purpose::Opening => open(work, actor, &call, &seats, &sitting, &secret),
    }
}

fn rehearse(work: &mut Work<'_>, call: &Call, key: &CallKey, secret: &Identity) -> Result<Sat, AppError> {
    let bytes = STANDARD.decode(&key.dummy).map_err(AppError::internal)?;
    let opened = SealedFile::parse(bytes)?.open(secret);
    if !opened.is_ok_and(|dummy| dummy.commitment() == key.dummy_commitment) {
        return Err(SealError::KeyMismatch.into());
    }
    store::set_rehearsed(work.connection, work.scope, call.id, work.now)?;
    record(work, call, "rehearsed", "")?;
    Ok(Sat::Rehearsed)
}

fn open(
    work: &mut Work<'_>,
    actor: &Actor,
    call: &Call,
    seats: &[Seat],
    sitting: &Sitting,
    secret: &Identity,
) -> Result<Sat, AppError> {
    let names: Vec<&str> = [sitting.account_id, actor.account_id]
        .iter()
        .filter_map(|account| seats.iter().find(|seat| seat.account_id == *account))
        .map(|seat| seat.name.as_str())
        .collect();
    let text = opening::open(work, call, secret, &names)?;
    let minutes =
        Minutes { first_member: sitting.member_id, second_member: actor.member_id, opened_at: work.now, text };
    store::insert_minutes(work.connection, call.id, call.market_id, &minutes)?;
    record(work, call, "bids opened", &minutes.text)?;
    work.checkpoint("opened");
    Ok(Sat::Opened(minutes))
}

/// The minutes of a call whose bids are opened.
pub fn minutes(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Minutes, AppError> {
    calls::service::get(connection, scope, call_id)?;
    store::find_minutes(connection, scope, call_id)?.ok_or_else(|| SealError::NotOpened.into())
}

/// A call about whose opening the actor may decide.
fn officer(work: &mut Work<'_>, actor: &Actor, call_id: i64) -> Result<Call, AppError> {
    let call = calls::service::get(work.connection, work.scope, call_id)?;
    if !work.scope.runs(call.market_id) {
        return Err(CommonError::Forbidden.into());
    }
    actor.require_duty(&[Role::OpeningOfficer])?;
    let round = rounds::service::get(work.connection, work.scope, call.round_id)?;
    rounds::duties::require_outsider(work, actor, &round)?;
    Ok(call)
}

/// Bids are opened after the close and not before; a rehearsal is before.
fn require_time(call: &Call, purpose: Purpose, work: &Work<'_>) -> Result<(), AppError> {
    let before = matches!(call.status, Status::Draft | Status::Published);
    match purpose {
        Purpose::Rehearsal if before => Ok(()),
        Purpose::Opening if call.status == Status::Closed && work.now >= call.terms.closes_at => Ok(()),
        Purpose::Opening if before => {
            metrics::counter!("early_open_attempts_total").increment(1);
            Err(SealError::NotClosed.into())
        }
        _ => Err(AppError::refused_with(super::super::TenderError::WrongState, call.status.word())),
    }
}

/// The seats, if the share is of the actor's own.
fn own_seat(work: &mut Work<'_>, actor: &Actor, call: &Call, share: &Share) -> Result<Vec<Seat>, AppError> {
    if share.call_id() != call.id {
        return Err(SealError::ShareOfOtherCall.into());
    }
    let seats = store::list_seats(work.connection, work.scope, call.id)?;
    if seats.len() < usize::from(SEATS) {
        return Err(SealError::NoKey.into());
    }
    match seats.iter().find(|seat| seat.seat == share.seat()) {
        Some(seat) if seat.account_id == actor.account_id => Ok(seats),
        Some(_) => Err(SealError::ShareNotYours.into()),
        None => Err(SealError::ShareWrong.into()),
    }
}

fn record(work: &mut Work<'_>, call: &Call, event: &str, new: &str) -> Result<(), AppError> {
    work.record(Change {
        market_id: Some(call.market_id),
        subject: "call_seats",
        subject_id: call.id,
        event,
        new,
        ..Change::default()
    })
}
