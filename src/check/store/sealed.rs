//! Questions about calls for bids: what is open too early, what was opened, and by whom.

use super::{Finding, PAGE, findings};
use crate::db::DbConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// Calls that are not opened, or were before their closing time, with something that only an opening may leave behind.
pub fn open_too_early(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT c.id, CAST(COUNT(*) AS BIGINT) AS found, CAST(0 AS BIGINT) AS wanted FROM calls c JOIN ( \
           SELECT call_id FROM bid_openings UNION ALL SELECT call_id FROM opening_minutes \
           UNION ALL SELECT l.call_id FROM offer_terms t JOIN lots l ON l.id = t.lot_id \
           UNION ALL SELECT b.call_id FROM seller_terms t JOIN bids b ON b.id = t.bid_id) x ON x.call_id = c.id \
         WHERE c.opened_at IS NULL OR c.opened_at < c.closes_at OR c.status IN ('draft', 'published', 'closed') \
         GROUP BY c.id ORDER BY c.id",
    )
}

/// Versions that were placed at or after their call's closing time; (version, placed, closing time).
pub fn late_versions(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT v.id, v.placed_at AS found, c.closes_at AS wanted FROM bid_versions v JOIN calls c ON c.id = v.call_id \
         WHERE v.placed_at >= c.closes_at ORDER BY v.id",
    )
}

/// Entries of the log that tell of a bid or of a version which does not exist; (entry, bid, 0).
pub fn lost_bids(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT e.id, e.subject_id AS found, CAST(0 AS BIGINT) AS wanted FROM audit_entries e \
         LEFT JOIN bids b ON b.id = e.subject_id \
         LEFT JOIN bid_versions v ON v.bid_id = e.subject_id AND CAST(v.number AS TEXT) = e.old_value \
         WHERE e.subject = 'bids' AND (b.id IS NULL OR (e.event = 'sealed' AND v.id IS NULL)) ORDER BY e.id",
    )
}

/// A bid of a closed call: every cell of it, and what the log bound last.
#[derive(QueryableByName)]
pub struct BidRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub cells: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub logged: Option<String>,
}

/// A page of the bids of closed calls after an id.
pub fn closed_bids(connection: &mut DbConnection, after: i64) -> QueryResult<Vec<BidRow>> {
    diesel::sql_query(
        "SELECT b.id, CAST(b.id AS TEXT) || '|' || CAST(b.market_id AS TEXT) || '|' || CAST(b.call_id AS TEXT) || '|' || \
           CAST(b.bidder_id AS TEXT) || '|' || b.status || '|' || CAST(b.current AS TEXT) || '|' || \
           CAST(b.terms_version AS TEXT) || '|' || CAST(b.placed_at AS TEXT) || '|' || CAST(b.created_by AS TEXT) || '|' || \
           CAST(b.version AS TEXT) AS cells, \
           (SELECT e.new_value FROM audit_entries e WHERE e.subject = 'bids' AND e.subject_id = b.id \
              AND e.event <> 'sealed' ORDER BY e.leaf_index DESC LIMIT 1) AS logged \
         FROM bids b LEFT JOIN calls c ON c.id = b.call_id \
         WHERE (c.id IS NULL OR c.bids_received IS NOT NULL) AND b.id > $1 ORDER BY b.id LIMIT $2",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}

/// Bids of opened calls that were opened and have no record of it, or the other way round, or in another version than the
/// one that counts; (bid, openings, 1 or 0).
pub fn unopened_bids(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT b.id, CAST(COUNT(v.id) AS BIGINT) AS found, \
                CAST(CASE WHEN b.status IN ('opened', 'invalid') THEN 1 ELSE 0 END AS BIGINT) AS wanted \
         FROM bids b LEFT JOIN bid_openings o ON o.bid_id = b.id \
         LEFT JOIN bid_versions v ON v.id = o.bid_version_id AND v.bid_id = b.id AND v.number = b.current \
         GROUP BY b.id, b.status \
         HAVING COUNT(v.id) <> CASE WHEN b.status IN ('opened', 'invalid') THEN 1 ELSE 0 END \
             OR COUNT(v.id) <> COUNT(o.id) ORDER BY b.id",
    )
}

/// One version of a bid and, where it was opened, what was found.
#[derive(QueryableByName)]
pub struct VersionRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub call_id: i64,
    #[diesel(sql_type = BigInt)]
    pub bidder_id: i64,
    #[diesel(sql_type = Text)]
    pub sealed: String,
    #[diesel(sql_type = Text)]
    pub commitment: String,
    /// Every cell, where the call is closed.
    #[diesel(sql_type = Nullable<Text>)]
    pub cells: Option<String>,
    /// What the log bound at the close.
    #[diesel(sql_type = Nullable<Text>)]
    pub logged: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub nonce: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub document: Option<String>,
}

/// Sealed files are up to a mebibyte each, so few are held at once.
const FILES: i64 = PAGE / 500;

/// A page of versions after an id.
pub fn bid_versions(connection: &mut DbConnection, after: i64) -> QueryResult<Vec<VersionRow>> {
    diesel::sql_query(
        "SELECT v.id, v.call_id, v.bidder_id, v.sealed, v.commitment, \
           CASE WHEN c.id IS NOT NULL AND c.bids_received IS NULL THEN NULL ELSE \
             CAST(v.id AS TEXT) || '|' || CAST(v.market_id AS TEXT) || '|' || CAST(v.call_id AS TEXT) || '|' || \
             CAST(v.bid_id AS TEXT) || '|' || CAST(v.bidder_id AS TEXT) || '|' || CAST(v.number AS TEXT) || '|' || \
             CAST(v.terms_version AS TEXT) || '|' || v.sealed || '|' || v.commitment || '|' || v.sealed_where || '|' || \
             CAST(v.placed_by AS TEXT) || '|' || CAST(v.placed_at AS TEXT) END AS cells, \
           (SELECT MIN(e.new_value) FROM audit_entries e WHERE e.subject = 'bids' AND e.subject_id = v.bid_id \
              AND e.event = 'sealed' AND e.old_value = CAST(v.number AS TEXT)) AS logged, \
           o.outcome, o.nonce, o.document \
         FROM bid_versions v LEFT JOIN calls c ON c.id = v.call_id LEFT JOIN bid_openings o ON o.bid_version_id = v.id \
         WHERE v.id > $1 ORDER BY v.id LIMIT $2",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(FILES)
    .load(connection)
}

/// What must not be found about an opening: what is wrong, and the query for the calls it is wrong with.
const OPENINGS: [(&str, &str); 5] = [
    (
        "was opened without minutes",
        "SELECT c.id FROM calls c LEFT JOIN opening_minutes m ON m.call_id = c.id \
         WHERE c.opened_at IS NOT NULL AND m.call_id IS NULL",
    ),
    (
        "one person stands in the minutes twice",
        "SELECT m.call_id AS id FROM opening_minutes m JOIN members a ON a.id = m.first_member \
         JOIN members b ON b.id = m.second_member WHERE a.account_id = b.account_id",
    ),
    (
        "somebody without a seat on the committee opened",
        "SELECT m.call_id AS id FROM opening_minutes m JOIN members p ON p.id IN (m.first_member, m.second_member) \
         LEFT JOIN call_seats s ON s.call_id = m.call_id AND s.account_id = p.account_id WHERE s.seat IS NULL",
    ),
    (
        "somebody opened who belongs to a bidder",
        "SELECT m.call_id AS id FROM opening_minutes m JOIN members p ON p.id IN (m.first_member, m.second_member) \
         JOIN members w ON w.account_id = p.account_id AND w.created_at <= m.opened_at AND w.status = 'active' \
         JOIN bids b ON b.call_id = m.call_id AND b.bidder_id = w.organisation_id AND b.status <> 'withdrawn'",
    ),
    (
        "somebody opened who acts for a bidder",
        "SELECT m.call_id AS id FROM opening_minutes m JOIN members p ON p.id IN (m.first_member, m.second_member) \
         JOIN members w ON w.account_id = p.account_id JOIN grants g ON g.assistant_id = w.id \
           AND g.granted_at <= m.opened_at AND m.opened_at < g.expires_at \
           AND (g.revoked_at IS NULL OR m.opened_at < g.revoked_at) \
         JOIN bids b ON b.call_id = m.call_id AND b.bidder_id = g.organisation_id AND b.status <> 'withdrawn'",
    ),
];

/// Openings that two officers without interest did not do: (call, what is wrong).
pub fn doubtful_openings(connection: &mut DbConnection) -> QueryResult<Vec<(i64, &'static str)>> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let mut found = Vec::new();
    for (what, sql) in OPENINGS {
        let ids: Vec<Id> = diesel::sql_query(sql).load(connection)?;
        found.extend(ids.into_iter().map(|row| (row.id, what)));
    }
    Ok(found)
}
