//! Rows of `bids`, `bid_versions` and `bid_openings`.

use super::super::state::{BidStatus, Status};
use super::types::{Bid, BidVersion, SealedBid, SealedWhere};
use crate::db::DbConnection;
use crate::db::schema::{bid_openings, bid_versions, bids, calls};
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::values::hex::hex;
use crate::within;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sha2::{Digest, Sha256};

#[derive(Queryable, Selectable)]
#[diesel(table_name = bids)]
struct BidRow {
    id: i64,
    market_id: i64,
    call_id: i64,
    bidder_id: i64,
    status: String,
    current: i64,
    terms_version: i64,
    placed_at: i64,
    version: i64,
}

impl BidRow {
    fn into_domain(self) -> Result<Bid, AppError> {
        Ok(Bid {
            status: BidStatus::parse(&self.status).ok_or_else(|| AppError::unknown_stored(&self.status))?,
            placed_at: Timestamp::from_micros(self.placed_at),
            id: self.id,
            market_id: self.market_id,
            call_id: self.call_id,
            bidder_id: self.bidder_id,
            current: self.current,
            terms_version: self.terms_version,
            version: self.version,
        })
    }
}

/// One's own bids; others' once their call has closed, for those who run or observe the market.
macro_rules! visible {
    ($scope:expr, $bidder:path, $market:path) => {
        within!($scope, own: [$bidder], markets: []).or($market
            .eq_any($scope.reads_whole())
            .and(calls::status.ne_all([Status::Draft.word(), Status::Published.word()])))
    };
}

pub fn insert(connection: &mut DbConnection, bid: &Bid, created_by: i64) -> QueryResult<()> {
    use bids as b;
    let values = (
        b::id.eq(bid.id),
        b::market_id.eq(bid.market_id),
        b::call_id.eq(bid.call_id),
        b::bidder_id.eq(bid.bidder_id),
        b::status.eq(bid.status.word()),
        b::current.eq(bid.current),
        b::terms_version.eq(bid.terms_version),
        b::placed_at.eq(bid.placed_at.as_micros()),
        b::created_by.eq(created_by),
    );
    diesel::insert_into(b::table).values(values).execute(connection).map(|_| ())
}

/// Which version of which bid, and who placed it.
pub struct VersionIdentity {
    pub id: i64,
    pub number: i64,
    pub placed_by: i64,
}

pub fn insert_version(
    connection: &mut DbConnection,
    bid: &Bid,
    identity: &VersionIdentity,
    sealed: &SealedBid,
    now: Timestamp,
) -> QueryResult<()> {
    use bid_versions as v;
    let values = (
        v::id.eq(identity.id),
        v::market_id.eq(bid.market_id),
        v::call_id.eq(bid.call_id),
        v::bid_id.eq(bid.id),
        v::bidder_id.eq(bid.bidder_id),
        v::number.eq(identity.number),
        v::terms_version.eq(sealed.terms_version),
        v::sealed.eq(&sealed.sealed),
        v::commitment.eq(&sealed.commitment),
        v::sealed_where.eq(sealed.sealed_where.word()),
        v::placed_by.eq(identity.placed_by),
        v::placed_at.eq(now.as_micros()),
    );
    diesel::insert_into(v::table).values(values).execute(connection).map(|_| ())
}

/// What a step changes.
#[derive(Debug, Clone, Copy)]
pub struct NewState {
    /// What became of it.
    pub status: BidStatus,
    /// Number of the version that counts.
    pub current: i64,
    /// The terms it is for.
    pub terms_version: i64,
    /// When that version was placed.
    pub placed_at: Timestamp,
}

/// Moves a bid on if it is still as it was read; false otherwise.
pub fn update(connection: &mut DbConnection, scope: &Scope, bid: &Bid, new: NewState) -> QueryResult<bool> {
    let row = bids::table
        .filter(bids::id.eq(bid.id))
        .filter(within!(scope, own: [bids::bidder_id], markets: [bids::market_id => scope.operates()]))
        .filter(bids::status.eq(bid.status.word()))
        .filter(bids::version.eq(bid.version));
    diesel::update(row)
        .set((
            bids::status.eq(new.status.word()),
            bids::current.eq(new.current),
            bids::terms_version.eq(new.terms_version),
            bids::placed_at.eq(new.placed_at.as_micros()),
            bids::version.eq(bid.version + 1),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// The bid of one bidder on a call.
pub fn find_of(
    connection: &mut DbConnection,
    scope: &Scope,
    call_id: i64,
    bidder_id: i64,
) -> Result<Option<Bid>, AppError> {
    let row: Option<BidRow> = bids::table
        .inner_join(calls::table)
        .filter(bids::call_id.eq(call_id))
        .filter(bids::bidder_id.eq(bidder_id))
        .filter(visible!(scope, bids::bidder_id, bids::market_id))
        .select(BidRow::as_select())
        .first(connection)
        .optional()?;
    row.map(BidRow::into_domain).transpose()
}

pub fn find(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Bid>, AppError> {
    let row: Option<BidRow> = bids::table
        .inner_join(calls::table)
        .filter(bids::id.eq(id))
        .filter(visible!(scope, bids::bidder_id, bids::market_id))
        .select(BidRow::as_select())
        .first(connection)
        .optional()?;
    row.map(BidRow::into_domain).transpose()
}

/// Bids of a call in sight, by id.
pub fn list_of_call(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Vec<Bid>, AppError> {
    let rows: Vec<BidRow> = bids::table
        .inner_join(calls::table)
        .filter(bids::call_id.eq(call_id))
        .filter(visible!(scope, bids::bidder_id, bids::market_id))
        .order(bids::id)
        .select(BidRow::as_select())
        .load(connection)?;
    rows.into_iter().map(BidRow::into_domain).collect()
}

/// One's own bids after an id, by id.
pub fn list_own(connection: &mut DbConnection, scope: &Scope, after: i64, limit: i64) -> Result<Vec<Bid>, AppError> {
    let rows: Vec<BidRow> = bids::table
        .filter(bids::bidder_id.eq_any(scope.organisations().to_vec()))
        .filter(bids::id.gt(after))
        .order(bids::id)
        .limit(limit)
        .select(BidRow::as_select())
        .load(connection)?;
    rows.into_iter().map(BidRow::into_domain).collect()
}

/// Versions of a bid in sight, by number.
pub fn list_versions(connection: &mut DbConnection, scope: &Scope, bid_id: i64) -> Result<Vec<BidVersion>, AppError> {
    use bid_versions as v;
    type Row = (i64, i64, i64, i64, String, String, String, i64);
    let rows: Vec<Row> = v::table
        .inner_join(calls::table)
        .filter(v::bid_id.eq(bid_id))
        .filter(visible!(scope, v::bidder_id, v::market_id))
        .order(v::number)
        .select((
            v::id,
            v::bid_id,
            v::number,
            v::terms_version,
            v::sealed,
            v::commitment,
            v::sealed_where,
            v::placed_at,
        ))
        .load(connection)?;
    rows.into_iter()
        .map(|(id, bid_id, number, terms_version, sealed, commitment, place, placed_at)| {
            Ok(BidVersion {
                sealed_where: SealedWhere::parse(&place).ok_or_else(|| AppError::unknown_stored(&place))?,
                placed_at: Timestamp::from_micros(placed_at),
                id,
                bid_id,
                number,
                terms_version,
                sealed,
                commitment,
            })
        })
        .collect()
}

/// What the opening of a bid found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: i64,
    /// The version that was opened.
    pub bid_version_id: i64,
    /// Whether it became offers.
    pub is_valid: bool,
    /// The document as it was sealed, JSON; empty where the seal could not be opened.
    pub document: String,
    /// The nonce of the commitment in hexadecimal; empty where the document is not kept whole.
    pub nonce: String,
    /// A line for each fault: pointer, code, hint.
    pub problems: String,
}

pub fn insert_opening(connection: &mut DbConnection, bid: &Bid, opening: &Opening, now: Timestamp) -> QueryResult<()> {
    use bid_openings as o;
    let values = (
        o::id.eq(opening.id),
        o::market_id.eq(bid.market_id),
        o::call_id.eq(bid.call_id),
        o::bid_id.eq(bid.id),
        o::bid_version_id.eq(opening.bid_version_id),
        o::bidder_id.eq(bid.bidder_id),
        o::outcome.eq(if opening.is_valid { "valid" } else { "invalid" }),
        o::document.eq(&opening.document),
        o::nonce.eq(&opening.nonce),
        o::problems.eq(&opening.problems),
        o::opened_at.eq(now.as_micros()),
    );
    diesel::insert_into(o::table).values(values).execute(connection).map(|_| ())
}

/// What the opening of a bid found, where one sees it: its bidder, and those who run or observe the market.
pub fn find_opening(connection: &mut DbConnection, scope: &Scope, bid_id: i64) -> QueryResult<Option<Opening>> {
    use bid_openings as o;
    type Row = (i64, i64, String, String, String, String);
    let row: Option<Row> = o::table
        .filter(o::bid_id.eq(bid_id))
        .filter(within!(scope, own: [o::bidder_id], markets: [o::market_id => scope.reads_whole()]))
        .select((o::id, o::bid_version_id, o::outcome, o::document, o::nonce, o::problems))
        .first(connection)
        .optional()?;
    Ok(row.map(|(id, bid_version_id, outcome, document, nonce, problems)| Opening {
        id,
        bid_version_id,
        is_valid: outcome == "valid",
        document,
        nonce,
        problems,
    }))
}

/// Every cell of a bid's row, in the order of the table.
const BID_CELLS: &str = "SELECT CAST(id AS TEXT) || '|' || CAST(market_id AS TEXT) || '|' || CAST(call_id AS TEXT) || '|' || \
     CAST(bidder_id AS TEXT) || '|' || status || '|' || CAST(current AS TEXT) || '|' || CAST(terms_version AS TEXT) || '|' || \
     CAST(placed_at AS TEXT) || '|' || CAST(created_by AS TEXT) || '|' || CAST(version AS TEXT) AS cells \
     FROM bids WHERE id = $1";
/// Every cell of a version's row.
const VERSION_CELLS: &str = "SELECT CAST(id AS TEXT) || '|' || CAST(market_id AS TEXT) || '|' || CAST(call_id AS TEXT) || '|' || \
     CAST(bid_id AS TEXT) || '|' || CAST(bidder_id AS TEXT) || '|' || CAST(number AS TEXT) || '|' || \
     CAST(terms_version AS TEXT) || '|' || sealed || '|' || commitment || '|' || sealed_where || '|' || \
     CAST(placed_by AS TEXT) || '|' || CAST(placed_at AS TEXT) AS cells FROM bid_versions WHERE id = $1";

/// Hash over every cell of a bid, for the log to bind once its call is closed.
pub fn bid_digest(connection: &mut DbConnection, id: i64) -> QueryResult<String> {
    digest(connection, BID_CELLS, id)
}

/// The same of a version.
pub fn version_digest(connection: &mut DbConnection, id: i64) -> QueryResult<String> {
    digest(connection, VERSION_CELLS, id)
}

fn digest(connection: &mut DbConnection, sql: &str, id: i64) -> QueryResult<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        cells: String,
    }
    let row: Row = diesel::sql_query(sql).bind::<BigInt, _>(id).get_result(connection)?;
    Ok(hex(&Sha256::digest(row.cells)))
}
