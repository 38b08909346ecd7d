//! Rows of `credentials` and `account_codes`.

use crate::access::types::{CodePurpose, Credentials, Handover};
use crate::db::DbConnection;
use crate::db::schema::{account_codes, credentials};
use crate::on_backend;
use crate::values::Timestamp;
use diesel::prelude::*;

type Row = (String, String, Option<i64>, Option<i64>);

/// What the person proves themselves with; empty where nothing was set.
pub fn find(connection: &mut DbConnection, account_id: i64) -> QueryResult<Credentials> {
    use credentials as c;
    let row: Option<Row> = c::table
        .find(account_id)
        .select((c::password_hash, c::totp_secret, c::password_set_at, c::totp_confirmed_at))
        .first(connection)
        .optional()?;
    let (password_hash, totp_secret, password_set_at, totp_confirmed_at) = row.unwrap_or_default();
    Ok(Credentials {
        account_id,
        password_hash,
        password_set_at: password_set_at.map(Timestamp::from_micros),
        totp_secret,
        totp_confirmed_at: totp_confirmed_at.map(Timestamp::from_micros),
    })
}

fn ensure(connection: &mut DbConnection, account_id: i64) -> QueryResult<()> {
    on_backend!(connection, inner => diesel::insert_into(credentials::table)
        .values(credentials::account_id.eq(account_id))
        .on_conflict_do_nothing()
        .execute(inner))
    .map(|_| ())
}

pub fn set_password(connection: &mut DbConnection, account_id: i64, hash: &str, now: Timestamp) -> QueryResult<()> {
    use credentials as c;
    ensure(connection, account_id)?;
    diesel::update(c::table.find(account_id))
        .set((c::password_hash.eq(hash), c::password_set_at.eq(now.as_micros())))
        .execute(connection)
        .map(|_| ())
}

/// A new secret that is not confirmed yet.
pub fn set_totp(connection: &mut DbConnection, account_id: i64, secret: &str) -> QueryResult<()> {
    use credentials as c;
    ensure(connection, account_id)?;
    diesel::update(c::table.find(account_id).filter(c::totp_confirmed_at.is_null()))
        .set((c::totp_secret.eq(secret), c::totp_last_step.eq(0)))
        .execute(connection)
        .map(|_| ())
}

/// Every encrypted secret, by account. There are as many as people who open, approve or pay.
pub fn list_totp(connection: &mut DbConnection) -> QueryResult<Vec<(i64, String)>> {
    use credentials as c;
    let set = c::table.filter(c::totp_secret.ne("")).order(c::account_id);
    set.select((c::account_id, c::totp_secret)).load(connection)
}

/// The same secret, encrypted anew.
pub fn replace_totp(connection: &mut DbConnection, account_id: i64, sealed: &str) -> QueryResult<()> {
    use credentials as c;
    diesel::update(c::table.find(account_id)).set(c::totp_secret.eq(sealed)).execute(connection).map(|_| ())
}

pub fn confirm_totp(connection: &mut DbConnection, account_id: i64, now: Timestamp) -> QueryResult<()> {
    use credentials as c;
    diesel::update(c::table.find(account_id)).set(c::totp_confirmed_at.eq(now.as_micros())).execute(connection)?;
    Ok(())
}

pub fn clear_totp(connection: &mut DbConnection, account_id: i64) -> QueryResult<()> {
    use credentials as c;
    diesel::update(c::table.find(account_id))
        .set((c::totp_secret.eq(""), c::totp_confirmed_at.eq(None::<i64>)))
        .execute(connection)
        .map(|_| ())
}

/// Spends a step; false if it or a later one was spent before.
pub fn spend_step(connection: &mut DbConnection, account_id: i64, step: i64) -> QueryResult<bool> {
    use credentials as c;
    diesel::update(c::table.find(account_id).filter(c::totp_last_step.lt(step)))
        .set(c::totp_last_step.eq(step))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Stores a code; those before it, of the same purpose, no longer work.
pub fn insert_code(
    connection: &mut DbConnection,
    code: &Handover,
    hash: &str,
    (issued_by, now): (Option<i64>, Timestamp),
) -> QueryResult<()> {
    use account_codes as c;
    diesel::update(
        c::table
            .filter(c::account_id.eq(code.account_id))
            .filter(c::purpose.eq(code.purpose.word()))
            .filter(c::used_at.is_null()),
    )
    .set(c::used_at.eq(now.as_micros()))
    .execute(connection)?;
    let values = (
        c::id.eq(code.id),
        c::account_id.eq(code.account_id),
        c::purpose.eq(code.purpose.word()),
        c::code_hash.eq(hash),
        c::issued_by.eq(issued_by),
        c::issued_at.eq(now.as_micros()),
        c::expires_at.eq(code.expires_at.as_micros()),
    );
    diesel::insert_into(c::table).values(values).execute(connection).map(|_| ())
}

/// The purpose of a person's live code with this hash.
pub fn find_code(
    connection: &mut DbConnection,
    account_id: i64,
    hash: &str,
    now: Timestamp,
) -> QueryResult<Option<(i64, CodePurpose)>> {
    use account_codes as c;
    let row: Option<(i64, String)> = c::table
        .filter(c::account_id.eq(account_id))
        .filter(c::code_hash.eq(hash))
        .filter(c::used_at.is_null())
        .filter(c::expires_at.gt(now.as_micros()))
        .select((c::id, c::purpose))
        .first(connection)
        .optional()?;
    Ok(row.and_then(|(id, word)| Some((id, CodePurpose::parse(&word)?))))
}

/// Uses a code up; false if it was used.
pub fn spend_code(connection: &mut DbConnection, id: i64, now: Timestamp) -> QueryResult<bool> {
    use account_codes as c;
    diesel::update(c::table.filter(c::id.eq(id)).filter(c::used_at.is_null()))
        .set(c::used_at.eq(now.as_micros()))
        .execute(connection)
        .map(|changed| changed == 1)
}
