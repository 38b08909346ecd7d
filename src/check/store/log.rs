//! Histories, approvals and keys.

use super::PAGE;
use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// One audit entry of a record that lives by a state table.
#[derive(QueryableByName)]
pub struct HistoryRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub member_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pub subject_id: i64,
    #[diesel(sql_type = Text)]
    pub event: String,
    #[diesel(sql_type = Text)]
    pub old_value: String,
    #[diesel(sql_type = Text)]
    pub new_value: String,
}

/// A page of the entries about one table, after an id.
pub fn history(connection: &mut DbConnection, subject: &str, after: i64) -> QueryResult<Vec<HistoryRow>> {
    diesel::sql_query(
        "SELECT id, member_id, subject_id, event, old_value, new_value FROM audit_entries \
         WHERE subject = $1 AND id > $2 ORDER BY id LIMIT $3",
    )
    .bind::<Text, _>(subject)
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}

/// Where each record of `rounds` or `orders` stands.
pub fn statuses(connection: &mut DbConnection, table: &str) -> QueryResult<Vec<(i64, String)>> {
    #[derive(QueryableByName)]
    struct Standing {
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = Text)]
        status: String,
    }
    let sql = match table {
        "rounds" => "SELECT id, status FROM rounds ORDER BY id",
        _ => "SELECT id, status FROM orders ORDER BY id",
    };
    let rows: Vec<Standing> = diesel::sql_query(sql).load(connection)?;
    Ok(rows.into_iter().map(|row| (row.id, row.status)).collect())
}

/// Who had a plan computed and who approved it.
#[derive(QueryableByName)]
pub struct ApprovalRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub proposed_by: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub approved_by: Option<i64>,
    /// The persons behind them.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub proposer: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub approver: Option<i64>,
}

pub fn approvals(connection: &mut DbConnection) -> QueryResult<Vec<ApprovalRow>> {
    diesel::sql_query(
        "SELECT r.id, r.proposed_by, r.approved_by, p.account_id AS proposer, a.account_id AS approver \
         FROM rounds r LEFT JOIN members p ON p.id = r.proposed_by LEFT JOIN members a ON a.id = r.approved_by \
         WHERE r.status IN ('approved', 'published') ORDER BY r.id",
    )
    .load(connection)
}

/// Idempotency keys without a stored answer.
pub fn unanswered_keys(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Key {
        #[diesel(sql_type = Text)]
        text: String,
    }
    let keys: Vec<Key> = diesel::sql_query(
        "SELECT operation || ' ' || key AS text FROM idempotency_keys WHERE response_status <= 0 ORDER BY operation, key",
    )
    .load(connection)?;
    Ok(keys.into_iter().map(|key| key.text).collect())
}
