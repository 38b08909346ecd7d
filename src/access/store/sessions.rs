//! Rows of `sessions`.

use crate::access::types::Session;
use crate::db::DbConnection;
use crate::db::schema::sessions;
use crate::values::Timestamp;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: i64,
    account_id: i64,
    member_id: i64,
    client: String,
    second_factor_at: Option<i64>,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
}

impl SessionRow {
    fn into_domain(self) -> Session {
        Session {
            id: self.id,
            account_id: self.account_id,
            member_id: self.member_id,
            client: self.client,
            second_factor_at: self.second_factor_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(self.created_at),
            last_used_at: Timestamp::from_micros(self.last_used_at),
            expires_at: Timestamp::from_micros(self.expires_at),
        }
    }
}

pub fn insert(connection: &mut DbConnection, session: &Session, hash: &str) -> QueryResult<()> {
    use sessions as s;
    let values = (
        s::id.eq(session.id),
        s::account_id.eq(session.account_id),
        s::member_id.eq(session.member_id),
        s::token_hash.eq(hash),
        s::client.eq(&session.client),
        s::second_factor_at.eq(session.second_factor_at.map(Timestamp::as_micros)),
        s::created_at.eq(session.created_at.as_micros()),
        s::last_used_at.eq(session.last_used_at.as_micros()),
        s::expires_at.eq(session.expires_at.as_micros()),
    );
    diesel::insert_into(s::table).values(values).execute(connection).map(|_| ())
}

/// When a session is still live: not past its end, and used since `idle_since`.
#[derive(Debug, Clone, Copy)]
pub struct LiveAt {
    pub now: Timestamp,
    pub idle_since: Timestamp,
}

pub fn find_live(connection: &mut DbConnection, hash: &str, at: LiveAt) -> QueryResult<Option<Session>> {
    use sessions as s;
    let row: Option<SessionRow> = s::table
        .filter(s::token_hash.eq(hash))
        .filter(s::revoked_at.is_null())
        .filter(s::expires_at.gt(at.now.as_micros()))
        .filter(s::last_used_at.gt(at.idle_since.as_micros()))
        .select(SessionRow::as_select())
        .first(connection)
        .optional()?;
    Ok(row.map(SessionRow::into_domain))
}

/// Live sessions of a person, by id.
pub fn list_live(connection: &mut DbConnection, account_id: i64, at: LiveAt) -> QueryResult<Vec<Session>> {
    use sessions as s;
    let rows: Vec<SessionRow> = s::table
        .filter(s::account_id.eq(account_id))
        .filter(s::revoked_at.is_null())
        .filter(s::expires_at.gt(at.now.as_micros()))
        .filter(s::last_used_at.gt(at.idle_since.as_micros()))
        .order(s::id)
        .select(SessionRow::as_select())
        .load(connection)?;
    Ok(rows.into_iter().map(SessionRow::into_domain).collect())
}

/// Notes that a session was used.
pub fn touch(connection: &mut DbConnection, id: i64, now: Timestamp) -> QueryResult<()> {
    use sessions as s;
    diesel::update(s::table.filter(s::id.eq(id)).filter(s::last_used_at.lt(now.as_micros())))
        .set(s::last_used_at.eq(now.as_micros()))
        .execute(connection)
        .map(|_| ())
}

/// Ends one session of a person; false if there is none.
pub fn revoke(connection: &mut DbConnection, account_id: i64, id: i64, now: Timestamp) -> QueryResult<bool> {
    use sessions as s;
    diesel::update(s::table.filter(s::id.eq(id)).filter(s::account_id.eq(account_id)).filter(s::revoked_at.is_null()))
        .set(s::revoked_at.eq(now.as_micros()))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Ends every session of a person.
pub fn revoke_all(connection: &mut DbConnection, account_id: i64, now: Timestamp) -> QueryResult<usize> {
    use sessions as s;
    diesel::update(s::table.filter(s::account_id.eq(account_id)).filter(s::revoked_at.is_null()))
        .set(s::revoked_at.eq(now.as_micros()))
        .execute(connection)
}
