//! Rows of `call_keys`, `call_seats`, `sittings` and `opening_minutes`.

use super::types::{CallKey, Minutes, Purpose, Seat, Sitting};
use crate::db::DbConnection;
use crate::db::schema::{call_keys, call_seats, opening_minutes, sittings};
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::within;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;

/// Seats of a call in order, with the names of those who hold them.
pub fn list_seats(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Vec<Seat>, AppError> {
    use call_seats as s;
    type Row = (i64, i64, i64, String, String, String, String, i64);
    let rows: Vec<Row> = s::table
        .filter(s::call_id.eq(call_id))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.markets()]))
        .order(s::seat)
        .select((s::seat, s::member_id, s::account_id, s::name, s::recipient, s::part, s::rehearsal_part, s::taken_at))
        .load(connection)?;
    rows.into_iter()
        .map(|(seat, member_id, account_id, name, recipient, part, rehearsal_part, taken_at)| {
            Ok(Seat {
                seat: u8::try_from(seat).map_err(AppError::internal)?,
                member_id,
                account_id,
                name,
                recipient,
                part: STANDARD.decode(part).map_err(AppError::internal)?,
                rehearsal_part: STANDARD.decode(rehearsal_part).map_err(AppError::internal)?,
                taken_at: Timestamp::from_micros(taken_at),
            })
        })
        .collect()
}

/// Who takes which seat.
pub struct NewSeat<'a> {
    pub call_id: i64,
    pub market_id: i64,
    pub seat: u8,
    pub member_id: i64,
    pub account_id: i64,
    pub name: &'a str,
    pub recipient: &'a str,
}

pub fn insert_seat(connection: &mut DbConnection, new: &NewSeat<'_>, now: Timestamp) -> QueryResult<()> {
    use call_seats as s;
    let values = (
        s::call_id.eq(new.call_id),
        s::seat.eq(i64::from(new.seat)),
        s::market_id.eq(new.market_id),
        s::member_id.eq(new.member_id),
        s::account_id.eq(new.account_id),
        s::name.eq(new.name),
        s::recipient.eq(new.recipient),
        s::taken_at.eq(now.as_micros()),
    );
    diesel::insert_into(s::table).values(values).execute(connection).map(|_| ())
}

/// Puts the parts of both keys to a seat that has none yet; false if it has.
pub fn set_parts(
    connection: &mut DbConnection,
    scope: &Scope,
    call_id: i64,
    seat: u8,
    (part, rehearsal_part): (&[u8], &[u8]),
) -> QueryResult<bool> {
    use call_seats as s;
    let row = s::table
        .filter(s::call_id.eq(call_id))
        .filter(s::seat.eq(i64::from(seat)))
        .filter(s::part.eq(""))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]));
    diesel::update(row)
        .set((s::part.eq(STANDARD.encode(part)), s::rehearsal_part.eq(STANDARD.encode(rehearsal_part))))
        .execute(connection)
        .map(|changed| changed == 1)
}

pub fn insert_key(connection: &mut DbConnection, call_id: i64, market_id: i64, key: &CallKey) -> QueryResult<()> {
    use call_keys as k;
    let values = (
        k::call_id.eq(call_id),
        k::market_id.eq(market_id),
        k::recipient.eq(&key.recipient),
        k::rehearsal_recipient.eq(&key.rehearsal_recipient),
        k::dummy.eq(&key.dummy),
        k::dummy_commitment.eq(&key.dummy_commitment),
        k::founded_at.eq(key.founded_at.as_micros()),
    );
    diesel::insert_into(k::table).values(values).execute(connection).map(|_| ())
}

/// The key of a call in sight, once it is founded.
pub fn find_key(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> QueryResult<Option<CallKey>> {
    use call_keys as k;
    type Row = (String, String, String, String, i64, Option<i64>);
    let row: Option<Row> = k::table
        .filter(k::call_id.eq(call_id))
        .filter(within!(scope, own: [], markets: [k::market_id => scope.markets()]))
        .select((k::recipient, k::rehearsal_recipient, k::dummy, k::dummy_commitment, k::founded_at, k::rehearsed_at))
        .first(connection)
        .optional()?;
    Ok(row.map(|(recipient, rehearsal_recipient, dummy, dummy_commitment, founded_at, rehearsed_at)| CallKey {
        recipient,
        rehearsal_recipient,
        dummy,
        dummy_commitment,
        founded_at: Timestamp::from_micros(founded_at),
        rehearsed_at: rehearsed_at.map(Timestamp::from_micros),
    }))
}

/// Notes the first successful rehearsal.
pub fn set_rehearsed(connection: &mut DbConnection, scope: &Scope, call_id: i64, now: Timestamp) -> QueryResult<()> {
    use call_keys as k;
    let row = k::table
        .filter(k::call_id.eq(call_id))
        .filter(k::rehearsed_at.is_null())
        .filter(within!(scope, own: [], markets: [k::market_id => scope.operates()]));
    diesel::update(row).set(k::rehearsed_at.eq(now.as_micros())).execute(connection).map(|_| ())
}

/// Where and by whom a sitting is begun.
pub struct NewSitting {
    pub id: i64,
    pub call_id: i64,
    pub market_id: i64,
    pub purpose: Purpose,
    pub seat: u8,
    pub member_id: i64,
    pub account_id: i64,
    pub locked: String,
    pub ends_at: Timestamp,
}

pub fn insert_sitting(connection: &mut DbConnection, new: &NewSitting) -> QueryResult<()> {
    use sittings as s;
    let values = (
        s::id.eq(new.id),
        s::call_id.eq(new.call_id),
        s::market_id.eq(new.market_id),
        s::purpose.eq(new.purpose.word()),
        s::seat.eq(i64::from(new.seat)),
        s::member_id.eq(new.member_id),
        s::account_id.eq(new.account_id),
        s::locked.eq(&new.locked),
        s::ends_at.eq(new.ends_at.as_micros()),
    );
    diesel::insert_into(s::table).values(values).execute(connection).map(|_| ())
}

/// The newest sitting of a call that is not over.
pub fn find_sitting(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Option<Sitting>, AppError> {
    use sittings as s;
    let row: Option<(i64, String, i64, i64, String, i64)> = s::table
        .filter(s::call_id.eq(call_id))
        .filter(s::is_over.eq(0))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]))
        .order(s::id.desc())
        .select((s::id, s::purpose, s::member_id, s::account_id, s::locked, s::ends_at))
        .first(connection)
        .optional()?;
    row.map(|(id, purpose, member_id, account_id, locked, ends_at)| {
        Ok(Sitting {
            purpose: Purpose::parse(&purpose).ok_or_else(|| AppError::unknown_stored(&purpose))?,
            ends_at: Timestamp::from_micros(ends_at),
            id,
            member_id,
            account_id,
            locked,
        })
    })
    .transpose()
}

/// Ends every sitting of a call and forgets the shares that waited in them; how many there were.
pub fn finish_sittings(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> QueryResult<usize> {
    use sittings as s;
    let row = s::table
        .filter(s::call_id.eq(call_id))
        .filter(s::is_over.eq(0))
        .filter(within!(scope, own: [], markets: [s::market_id => scope.operates()]));
    diesel::update(row).set((s::is_over.eq(1), s::locked.eq(""))).execute(connection)
}

pub fn insert_minutes(
    connection: &mut DbConnection,
    call_id: i64,
    market_id: i64,
    minutes: &Minutes,
) -> QueryResult<()> {
    use opening_minutes as m;
    let values = (
        m::call_id.eq(call_id),
        m::market_id.eq(market_id),
        m::first_member.eq(minutes.first_member),
        m::second_member.eq(minutes.second_member),
        m::opened_at.eq(minutes.opened_at.as_micros()),
        m::text.eq(&minutes.text),
    );
    diesel::insert_into(m::table).values(values).execute(connection).map(|_| ())
}

/// The minutes of a call in sight, once its bids are opened.
pub fn find_minutes(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> QueryResult<Option<Minutes>> {
    use opening_minutes as m;
    let row: Option<(i64, i64, i64, String)> = m::table
        .filter(m::call_id.eq(call_id))
        .filter(within!(scope, own: [], markets: [m::market_id => scope.markets()]))
        .select((m::first_member, m::second_member, m::opened_at, m::text))
        .first(connection)
        .optional()?;
    Ok(row.map(|(first_member, second_member, opened_at, text)| Minutes {
        first_member,
        second_member,
        opened_at: Timestamp::from_micros(opened_at),
        text,
    }))
}
