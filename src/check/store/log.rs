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

/// A page of the entries about one table by record and age, after the (record, entry) before.
pub fn history(connection: &mut DbConnection, subject: &str, after: (i64, i64)) -> QueryResult<Vec<HistoryRow>> {
    diesel::sql_query(
        "SELECT id, member_id, subject_id, event, old_value, new_value FROM audit_entries \
         WHERE subject = $1 AND (subject_id, id) > ($2, $3) ORDER BY subject_id, id LIMIT $4",
    )
    .bind::<Text, _>(subject)
    .bind::<BigInt, _>(after.0)
    .bind::<BigInt, _>(after.1)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    status: String,
}

/// Where each record of a table stands, by id, a page at a time.
pub struct Standing {
    table: String,
    after: i64,
    page: std::iter::Peekable<std::vec::IntoIter<StandingRow>>,
}

impl Standing {
    /// All records of `table`, which has an id and a status.
    pub fn of(table: &str) -> Self {
        Self { table: table.to_owned(), after: i64::MIN, page: Vec::new().into_iter().peekable() }
    }

    /// The next record.
    pub fn next(&mut self, connection: &mut DbConnection) -> QueryResult<Option<(i64, String)>> {
        self.next_where(connection, |_| true)
    }

    /// The next record, if its id is below `id`.
    pub fn next_below(&mut self, connection: &mut DbConnection, id: i64) -> QueryResult<Option<(i64, String)>> {
        self.next_where(connection, |next| next < id)
    }

    /// The next record, if it is this one.
    pub fn next_if(&mut self, connection: &mut DbConnection, id: i64) -> QueryResult<Option<(i64, String)>> {
        self.next_where(connection, |next| next == id)
    }

    fn next_where(
        &mut self,
        connection: &mut DbConnection,
        wanted: impl Fn(i64) -> bool,
    ) -> QueryResult<Option<(i64, String)>> {
        if self.page.peek().is_none() {
            let sql = format!("SELECT id, status FROM {} WHERE id > $1 ORDER BY id LIMIT $2", self.table);
            let query = diesel::sql_query(sql).bind::<BigInt, _>(self.after).bind::<BigInt, _>(PAGE);
            let rows: Vec<StandingRow> = query.load(connection)?;
            self.after = rows.last().map_or(self.after, |row| row.id);
            self.page = rows.into_iter().peekable();
        }
        Ok(self.page.next_if(|row| wanted(row.id)).map(|row| (row.id, row.status)))
    }
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
        "SELECT operation || ' ' || key AS text FROM idempotency_keys WHERE response_status <= 0 \
         UNION ALL SELECT operation || ' ' || key FROM sealed_keys WHERE response_status <= 0 ORDER BY text",
    )
    .load(connection)?;
    Ok(keys.into_iter().map(|key| key.text).collect())
}
