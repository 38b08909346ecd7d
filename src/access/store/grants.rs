//! Rows of `grants`.

use crate::access::types::Grant;
use crate::db::DbConnection;
use crate::db::schema::{grants, members};
use crate::error::AppError;
use crate::parties::GrantScope;
use crate::values::Timestamp;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = grants)]
struct GrantRow {
    id: i64,
    organisation_id: i64,
    assistant_id: i64,
    scope: String,
    granted_by: i64,
    granted_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    version: i64,
}

impl GrantRow {
    fn into_domain(self) -> Result<Grant, AppError> {
        Ok(Grant {
            scope: GrantScope::parse(&self.scope).ok_or_else(|| AppError::unknown_stored(&self.scope))?,
            id: self.id,
            organisation_id: self.organisation_id,
            assistant_id: self.assistant_id,
            granted_by: self.granted_by,
            granted_at: Timestamp::from_micros(self.granted_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            revoked_at: self.revoked_at.map(Timestamp::from_micros),
            version: self.version,
        })
    }
}

pub fn insert(connection: &mut DbConnection, grant: &Grant) -> QueryResult<()> {
    use grants as g;
    let values = (
        g::id.eq(grant.id),
        g::organisation_id.eq(grant.organisation_id),
        g::assistant_id.eq(grant.assistant_id),
        g::scope.eq(grant.scope.word()),
        g::granted_by.eq(grant.granted_by),
        g::granted_at.eq(grant.granted_at.as_micros()),
        g::expires_at.eq(grant.expires_at.as_micros()),
    );
    diesel::insert_into(g::table).values(values).execute(connection).map(|_| ())
}

pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Grant>, AppError> {
    let row: Option<GrantRow> = grants::table.find(id).select(GrantRow::as_select()).first(connection).optional()?;
    row.map(GrantRow::into_domain).transpose()
}

/// Live grants to a person as an active member of an assistants' organisation, by id.
pub fn list_live_of_account(
    connection: &mut DbConnection,
    account_id: i64,
    now: Timestamp,
) -> Result<Vec<Grant>, AppError> {
    use grants as g;
    let rows: Vec<GrantRow> = g::table
        .inner_join(members::table)
        .filter(members::account_id.eq(account_id))
        .filter(members::status.eq("active"))
        .filter(members::role.eq("assistant"))
        .filter(g::revoked_at.is_null())
        .filter(g::expires_at.gt(now.as_micros()))
        .order(g::id)
        .select(GrantRow::as_select())
        .load(connection)?;
    rows.into_iter().map(GrantRow::into_domain).collect()
}
