//! Rows of `audit_entries`.

use super::{Change, Principal};
use crate::db::DbConnection;
use crate::db::schema::audit_entries;
use crate::on_backend;
use crate::values::Timestamp;
use diesel::prelude::*;

/// One stored entry.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub struct Entry {
    /// Rises with time.
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// The person.
    pub member_id: Option<i64>,
    /// The organisation acted for.
    pub organisation_id: Option<i64>,
    /// The market.
    pub market_id: Option<i64>,
    /// The kind of record.
    pub subject: String,
    /// The record.
    pub subject_id: i64,
    /// What happened.
    pub event: String,
    /// Before.
    pub old_value: String,
    /// After.
    pub new_value: String,
    /// Why.
    pub reason: String,
}

/// Entries per statement: 11 columns each, below `SQLite`'s 32,766 bound values.
pub(super) const BATCH: usize = 1_000;

pub(super) fn insert(
    connection: &mut DbConnection,
    at: Timestamp,
    principal: Principal,
    entries: &[(i64, Change<'_>)],
) -> QueryResult<()> {
    let rows: Vec<_> = entries
        .iter()
        .map(|(id, change)| {
            (
                (
                    audit_entries::id.eq(*id),
                    audit_entries::at.eq(at.as_micros()),
                    audit_entries::member_id.eq(principal.member_id),
                    audit_entries::organisation_id.eq(principal.organisation_id),
                    audit_entries::market_id.eq(change.market_id),
                ),
                (
                    audit_entries::subject.eq(change.subject),
                    audit_entries::subject_id.eq(change.subject_id),
                    audit_entries::event.eq(change.event),
                    audit_entries::old_value.eq(change.old),
                    audit_entries::new_value.eq(change.new),
                    audit_entries::reason.eq(change.reason),
                ),
            )
        })
        .collect();
    on_backend!(connection, inner => diesel::insert_into(audit_entries::table).values(&rows).execute(inner)).map(|_| ())
}

/// Entries of one market, newest first, before the given id.
pub fn list_of_market(
    connection: &mut DbConnection,
    market_id: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    audit_entries::table
        .filter(audit_entries::market_id.eq(market_id))
        .filter(audit_entries::id.lt(before))
        .order(audit_entries::id.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(connection)
}
