//! Frozen problems, plans, and the awards and shortages that came of them.

use super::PAGE;
use crate::db::DbConnection;
use crate::on_backend;
use crate::values::hex::hex;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// A round and which documents it froze; `None` where there are none.
#[derive(QueryableByName)]
pub struct FrozenRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub days: Option<String>,
    #[diesel(sql_type = Text)]
    pub snapshot_sha256: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub sha256: Option<String>,
    /// The run whose plan counts.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub run_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub plan_sha256: Option<String>,
}

/// Every round.
pub fn round_ids(connection: &mut DbConnection) -> QueryResult<Vec<i64>> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let ids: Vec<Id> = diesel::sql_query("SELECT id FROM rounds ORDER BY id").load(connection)?;
    Ok(ids.into_iter().map(|row| row.id).collect())
}

pub fn frozen(connection: &mut DbConnection, round_id: i64) -> QueryResult<FrozenRow> {
    diesel::sql_query(
        "SELECT r.id, r.status, s.days, r.snapshot_sha256, s.sha256, v.id AS run_id, v.plan_sha256 \
         FROM rounds r LEFT JOIN round_snapshots s ON s.round_id = r.id AND s.sha256 = r.snapshot_sha256 \
         LEFT JOIN solve_runs v ON v.round_id = r.id AND v.attempt = \
           (SELECT MAX(w.attempt) FROM solve_runs w WHERE w.round_id = r.id AND w.status = 'succeeded' \
              AND w.snapshot_sha256 = r.snapshot_sha256) \
         WHERE r.id = $1",
    )
    .bind::<BigInt, _>(round_id)
    .get_result(connection)
}

/// A document: its hash and, where it can be read, what it says.
#[derive(Debug)]
pub struct Read<T> {
    pub sha256: String,
    pub value: Option<T>,
}

impl<T: DeserializeOwned> Read<T> {
    /// From the database's own buffer: these texts are tens of megabytes, and a copy of one is a copy too many.
    fn of(text: &[u8]) -> Self {
        Self { sha256: hex(&Sha256::digest(text)), value: serde_json::from_slice(text).ok() }
    }
}

impl<T: DeserializeOwned> FromSql<Text, Sqlite> for Read<T> {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::of(value.read_text().as_bytes()))
    }
}

impl<T: DeserializeOwned> FromSql<Text, Pg> for Read<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::of(value.as_bytes()))
    }
}

#[derive(QueryableByName)]
struct Document<T: DeserializeOwned + 'static> {
    #[diesel(sql_type = Text)]
    text: Read<T>,
}

/// The frozen problem with this hash.
pub fn snapshot(connection: &mut DbConnection, round_id: i64, sha256: &str) -> QueryResult<Read<Problem>> {
    let query = diesel::sql_query("SELECT problem AS text FROM round_snapshots WHERE round_id = $1 AND sha256 = $2")
        .bind::<BigInt, _>(round_id)
        .bind::<Text, _>(sha256);
    let found: Document<Problem> = on_backend!(connection, inner => query.get_result(inner))?;
    Ok(found.text)
}

/// The plan of a run.
pub fn plan(connection: &mut DbConnection, run_id: i64) -> QueryResult<Read<Plan>> {
    let query = diesel::sql_query("SELECT plan AS text FROM solve_runs WHERE id = $1").bind::<BigInt, _>(run_id);
    let found: Document<Plan> = on_backend!(connection, inner => query.get_result(inner))?;
    Ok(found.text)
}

/// An award as it was written.
#[derive(QueryableByName)]
pub struct AwardRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub demand_id: i64,
    #[diesel(sql_type = BigInt)]
    pub offer_id: i64,
    #[diesel(sql_type = Text)]
    pub day: String,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = BigInt)]
    pub price_e4: i64,
    #[diesel(sql_type = BigInt)]
    pub freight_ticks: i64,
    #[diesel(sql_type = BigInt)]
    pub distance_m: i64,
    #[diesel(sql_type = BigInt)]
    pub rebate_idr: i64,
    #[diesel(sql_type = BigInt)]
    pub fee_idr: i64,
    #[diesel(sql_type = Text)]
    pub pricing_unit: String,
}

/// A page of a round's awards, by demand, offer and day, after the last one of the page before.
pub fn awards(connection: &mut DbConnection, round_id: i64, after: &(i64, i64, String)) -> QueryResult<Vec<AwardRow>> {
    diesel::sql_query(
        "SELECT a.id, a.demand_id, a.offer_id, a.day, a.quantity, a.price_e4, a.freight_ticks, a.distance_m, \
                a.rebate_idr, a.fee_idr, c.pricing_unit \
         FROM awards a JOIN offers f ON f.id = a.offer_id JOIN commodities c ON c.id = f.commodity_id \
         WHERE a.round_id = $1 AND (a.demand_id, a.offer_id, a.day) > ($2, $3, $4) \
         ORDER BY a.demand_id, a.offer_id, a.day LIMIT $5",
    )
    .bind::<BigInt, _>(round_id)
    .bind::<BigInt, _>(after.0)
    .bind::<BigInt, _>(after.1)
    .bind::<Text, _>(&after.2)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}

/// A shortage as it was written.
#[derive(QueryableByName)]
pub struct ShortageRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub demand_id: i64,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = Text)]
    pub limited_by: String,
}

/// All shortages of a round.
pub fn shortages(connection: &mut DbConnection, round_id: i64) -> QueryResult<Vec<ShortageRow>> {
    diesel::sql_query(
        "SELECT id, demand_id, reason, quantity, limited_by FROM shortages WHERE round_id = $1 ORDER BY id",
    )
    .bind::<BigInt, _>(round_id)
    .load(connection)
}
