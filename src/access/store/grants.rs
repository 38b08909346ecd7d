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

/// Grants that are neither ended nor run out at `now`, in microseconds.
#[diesel::dsl::auto_type]
fn live(now: i64) -> _ {
    grants::revoked_at.is_null().and(grants::expires_at.gt(now))
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
        .filter(live(now.as_micros()))
        .order(g::id)
        .select(GrantRow::as_select())
        .load(connection)?;
    rows.into_iter().map(GrantRow::into_domain).collect()
}

/// Live grants to a member, by id.
pub fn list_live_of_member(
    connection: &mut DbConnection,
    member_id: i64,
    now: Timestamp,
) -> Result<Vec<Grant>, AppError> {
    use grants as g;
    let rows: Vec<GrantRow> = g::table
        .filter(g::assistant_id.eq(member_id))
        .filter(live(now.as_micros()))
        .order(g::id)
        .select(GrantRow::as_select())
        .load(connection)?;
    rows.into_iter().map(GrantRow::into_domain).collect()
}

/// Grants of an organisation and to a person, live or ended, after an id.
pub fn list(
    connection: &mut DbConnection,
    organisation_id: i64,
    account_id: i64,
    (after, limit): (i64, i64),
) -> Result<Vec<Grant>, AppError> {
    use grants as g;
    let rows: Vec<GrantRow> = g::table
        .inner_join(members::table)
        .filter(g::organisation_id.eq(organisation_id).or(members::account_id.eq(account_id)))
        .filter(g::id.gt(after))
        .order(g::id)
        .limit(limit)
        .select(GrantRow::as_select())
        .load(connection)?;
    rows.into_iter().map(GrantRow::into_domain).collect()
}

/// How many grants are live.
pub struct Counts {
    pub of_assistant: i64,
    pub of_organisation: i64,
}

pub fn count_live(
    connection: &mut DbConnection,
    account_id: i64,
    organisation_id: i64,
    now: Timestamp,
) -> QueryResult<Counts> {
    use grants as g;
    let of_assistant = g::table
        .inner_join(members::table)
        .filter(members::account_id.eq(account_id))
        .filter(live(now.as_micros()))
        .count()
        .get_result(connection)?;
    let of_organisation = g::table
        .filter(g::organisation_id.eq(organisation_id))
        .filter(live(now.as_micros()))
        .count()
        .get_result(connection)?;
    Ok(Counts { of_assistant, of_organisation })
}

/// Ends a grant; false if it had been ended.
pub fn end(connection: &mut DbConnection, id: i64, by: Option<i64>, now: Timestamp) -> QueryResult<bool> {
    use grants as g;
    diesel::update(g::table.filter(g::id.eq(id)).filter(g::revoked_at.is_null()))
        .set((g::revoked_at.eq(now.as_micros()), g::revoked_by.eq(by), g::version.eq(g::version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// Marks a grant that ran out as ended, so that another can be given.
pub fn end_expired(
    connection: &mut DbConnection,
    (organisation_id, assistant_id): (i64, i64),
    now: Timestamp,
) -> QueryResult<usize> {
    use grants as g;
    diesel::update(
        g::table
            .filter(g::organisation_id.eq(organisation_id))
            .filter(g::assistant_id.eq(assistant_id))
            .filter(g::revoked_at.is_null())
            .filter(g::expires_at.le(now.as_micros())),
    )
    .set((g::revoked_at.eq(g::expires_at.nullable()), g::version.eq(g::version + 1)))
    .execute(connection)
}

/// Active assistants of assistants' organisations after an id, by id.
pub fn list_assistant_ids(connection: &mut DbConnection, after: i64, limit: i64) -> QueryResult<Vec<i64>> {
    use crate::db::schema::organisation_capabilities as c;
    members::table
        .filter(members::role.eq("assistant"))
        .filter(members::status.eq("active"))
        .filter(members::id.gt(after))
        .filter(
            members::organisation_id.eq_any(c::table.filter(c::capability.eq("assistant")).select(c::organisation_id)),
        )
        .order(members::id)
        .limit(limit)
        .select(members::id)
        .load(connection)
}
