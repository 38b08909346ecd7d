//! Overwrites what tells who a person is.

use crate::db::DbConnection;
use crate::db::schema::{account_codes, accounts, credentials, idempotency_keys, members, sessions};
use diesel::prelude::*;

/// Overwrites a person's rows. The numbers that others refer to stay.
pub fn blank_person(connection: &mut DbConnection, account_id: i64) -> QueryResult<()> {
    diesel::delete(sessions::table.filter(sessions::account_id.eq(account_id))).execute(connection)?;
    diesel::delete(account_codes::table.filter(account_codes::account_id.eq(account_id))).execute(connection)?;
    diesel::delete(credentials::table.filter(credentials::account_id.eq(account_id))).execute(connection)?;
    diesel::update(members::table.filter(members::account_id.eq(account_id)))
        .set((
            members::name.eq(format!("Dihapus {account_id}")),
            members::status.eq("left"),
            members::version.eq(members::version + 1),
        ))
        .execute(connection)?;
    diesel::update(accounts::table.find(account_id))
        .set((
            accounts::name.eq(format!("Dihapus {account_id}")),
            accounts::phone.eq(None::<String>),
            accounts::email.eq(None::<String>),
            accounts::status.eq("closed"),
            accounts::version.eq(accounts::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// Forgets stored answers that repeat a word; their keys stay, so that a retry still does nothing twice.
pub fn blank_answers(connection: &mut DbConnection, word: &str) -> QueryResult<usize> {
    let pattern = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    diesel::update(idempotency_keys::table)
        .filter(idempotency_keys::response_body.like(format!("%{pattern}%")).escape('\\'))
        .set(idempotency_keys::response_body.eq("{}"))
        .execute(connection)
}
