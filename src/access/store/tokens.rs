//! Rows of `access_tokens`.

use crate::access::types::Token;
use crate::db::DbConnection;
use crate::db::schema::{access_tokens, members};
use crate::error::AppError;
use crate::parties::TokenScope;
use crate::values::Timestamp;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = access_tokens)]
struct TokenRow {
    id: i64,
    member_id: i64,
    label: String,
    scope: String,
    created_at: i64,
    expires_at: i64,
}

impl TokenRow {
    fn into_domain(self) -> Result<Token, AppError> {
        Ok(Token {
            scope: TokenScope::parse(&self.scope).ok_or_else(|| AppError::unknown_stored(&self.scope))?,
            id: self.id,
            member_id: self.member_id,
            label: self.label,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.expires_at),
        })
    }
}

pub fn insert(connection: &mut DbConnection, token: &Token, hash: &str, issued_by: Option<i64>) -> QueryResult<()> {
    use access_tokens as t;
    let values = (
        t::id.eq(token.id),
        t::member_id.eq(token.member_id),
        t::token_hash.eq(hash),
        t::label.eq(&token.label),
        t::scope.eq(token.scope.word()),
        t::issued_by.eq(issued_by),
        t::created_at.eq(token.created_at.as_micros()),
        t::expires_at.eq(token.expires_at.as_micros()),
    );
    diesel::insert_into(t::table).values(values).execute(connection).map(|_| ())
}

/// Whether the member has a live token of this label.
pub fn has_live(connection: &mut DbConnection, member_id: i64, label: &str) -> QueryResult<bool> {
    use access_tokens as t;
    let live = t::table.filter(t::member_id.eq(member_id)).filter(t::label.eq(label)).filter(t::revoked_at.is_null());
    live.count().get_result::<i64>(connection).map(|count| count > 0)
}

/// Marks a token that ran out as ended, so that another of its label can be issued.
pub fn revoke_expired(
    connection: &mut DbConnection,
    member_id: i64,
    label: &str,
    now: Timestamp,
) -> QueryResult<usize> {
    use access_tokens as t;
    let of_label = t::table.filter(t::member_id.eq(member_id)).filter(t::label.eq(label));
    diesel::update(of_label.filter(t::revoked_at.is_null()).filter(t::expires_at.le(now.as_micros())))
        .set(t::revoked_at.eq(t::expires_at.nullable()))
        .execute(connection)
}

pub fn find_live(connection: &mut DbConnection, hash: &str, now: Timestamp) -> Result<Option<Token>, AppError> {
    use access_tokens as t;
    let row: Option<TokenRow> = t::table
        .filter(t::token_hash.eq(hash))
        .filter(t::expires_at.gt(now.as_micros()))
        .filter(t::revoked_at.is_null())
        .select(TokenRow::as_select())
        .first(connection)
        .optional()?;
    row.map(TokenRow::into_domain).transpose()
}

/// Live tokens of an organisation after an id, by id.
pub fn list_live(
    connection: &mut DbConnection,
    organisation_id: i64,
    now: Timestamp,
    (after, limit): (i64, i64),
) -> Result<Vec<Token>, AppError> {
    use access_tokens as t;
    let rows: Vec<TokenRow> = t::table
        .inner_join(members::table)
        .filter(members::organisation_id.eq(organisation_id))
        .filter(t::revoked_at.is_null())
        .filter(t::expires_at.gt(now.as_micros()))
        .filter(t::id.gt(after))
        .order(t::id)
        .limit(limit)
        .select(TokenRow::as_select())
        .load(connection)?;
    rows.into_iter().map(TokenRow::into_domain).collect()
}

/// The member and organisation of a live token.
pub fn find_owner(connection: &mut DbConnection, id: i64) -> QueryResult<Option<(i64, i64)>> {
    use access_tokens as t;
    t::table
        .inner_join(members::table)
        .filter(t::id.eq(id))
        .filter(t::revoked_at.is_null())
        .select((t::member_id, members::organisation_id))
        .first(connection)
        .optional()
}

/// Ends one token; false if it had ended.
pub fn revoke(connection: &mut DbConnection, id: i64, now: Timestamp) -> QueryResult<bool> {
    use access_tokens as t;
    diesel::update(t::table.filter(t::id.eq(id)).filter(t::revoked_at.is_null()))
        .set(t::revoked_at.eq(now.as_micros()))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Ends every token of a member.
pub fn revoke_of_member(connection: &mut DbConnection, member_id: i64, now: Timestamp) -> QueryResult<usize> {
    use access_tokens as t;
    diesel::update(t::table.filter(t::member_id.eq(member_id)).filter(t::revoked_at.is_null()))
        .set(t::revoked_at.eq(now.as_micros()))
        .execute(connection)
}
