//! Rows of the log: entries, head, checkpoints.

use super::entry::Leaf;
use super::merkle::{Edge, Hash};
use super::tiles::number;
use super::{Principal, entry};
use crate::db::DbConnection;
use crate::db::schema::{
    audit_entries, log_checkpoints, log_cosignatures, log_head, log_keys, log_witnesses, row_seals,
};
use crate::on_backend;
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::values::hex::hex;
use crate::values::ids::first_of;
use crate::within;
use diesel::prelude::*;

/// One stored entry.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub struct Entry {
    /// Rises with time.
    pub id: i64,
    /// Its place in the log, from 0 without gaps.
    pub leaf_index: i64,
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
    /// Salt of the commitment; empty once the texts are erased.
    pub salt: String,
    /// Commitment to the three texts.
    pub commitment: String,
}

impl Entry {
    /// What the tree holds of it.
    pub fn leaf(&self) -> Leaf<'_> {
        Leaf {
            v: 1,
            id: self.id,
            at: self.at,
            member: self.member_id,
            organisation: self.organisation_id,
            market: self.market_id,
            subject: &self.subject,
            subject_id: self.subject_id,
            event: &self.event,
            commitment: &self.commitment,
        }
    }

    /// Whether its texts were erased.
    pub fn is_erased(&self) -> bool {
        self.salt.is_empty()
    }

    /// Whether the texts are those that were committed to; an erased entry has none left to compare.
    pub fn opens(&self) -> bool {
        let texts = [self.old_value.as_str(), &self.new_value, &self.reason];
        if self.is_erased() {
            return texts.concat().is_empty();
        }
        entry::parse_salt(&self.salt).is_some_and(|salt| entry::commitment(&salt, texts) == self.commitment)
    }
}

/// An entry before it has its place in the log.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub id: i64,
    pub market_id: Option<i64>,
    pub subject: String,
    pub subject_id: i64,
    pub event: String,
    pub texts: [String; 3],
}

/// Entries per statement: 14 columns each, below `SQLite`'s 32,766 bound values.
const BATCH: usize = 1_000;

pub(super) fn insert(connection: &mut DbConnection, entries: &[Entry]) -> QueryResult<()> {
    for chunk in entries.chunks(BATCH) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|entry| {
                (
                    (
                        audit_entries::id.eq(entry.id),
                        audit_entries::leaf_index.eq(entry.leaf_index),
                        audit_entries::at.eq(entry.at),
                        audit_entries::member_id.eq(entry.member_id),
                        audit_entries::organisation_id.eq(entry.organisation_id),
                        audit_entries::market_id.eq(entry.market_id),
                        audit_entries::subject.eq(&entry.subject),
                    ),
                    (
                        audit_entries::subject_id.eq(entry.subject_id),
                        audit_entries::event.eq(&entry.event),
                        audit_entries::old_value.eq(&entry.old_value),
                        audit_entries::new_value.eq(&entry.new_value),
                        audit_entries::reason.eq(&entry.reason),
                        audit_entries::salt.eq(&entry.salt),
                        audit_entries::commitment.eq(&entry.commitment),
                    ),
                )
            })
            .collect();
        on_backend!(connection, inner => diesel::insert_into(audit_entries::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// An entry with its place, its salt and its commitment.
pub(super) fn placed(pending: Pending, leaf_index: u64, at: i64, principal: Principal) -> Entry {
    let salt: entry::Salt = rand::random();
    let [old_value, new_value, reason] = pending.texts;
    let commitment = entry::commitment(&salt, [&old_value, &new_value, &reason]);
    Entry {
        id: pending.id,
        leaf_index: number(leaf_index),
        at,
        member_id: principal.member_id,
        organisation_id: principal.organisation_id,
        market_id: pending.market_id,
        subject: pending.subject,
        subject_id: pending.subject_id,
        event: pending.event,
        old_value,
        new_value,
        reason,
        salt: hex(&salt),
        commitment,
    }
}

/// The tree's right edge, its row locked until the transaction ends.
pub(super) fn lock_head(connection: &mut DbConnection) -> QueryResult<Option<Edge>> {
    let (size, edge): (i64, String) = on_backend!(connection, inner => diesel::update(log_head::table.find(1))
        .set(log_head::size.eq(log_head::size))
        .returning((log_head::size, log_head::edge))
        .get_result(inner))?;
    Ok(parse_head(size, &edge))
}

/// The tree's right edge; `None` if what is stored is none.
pub(super) fn head(connection: &mut DbConnection) -> QueryResult<Option<Edge>> {
    let stored: Option<(i64, String)> =
        log_head::table.find(1).select((log_head::size, log_head::edge)).first(connection).optional()?;
    Ok(stored.and_then(|(size, edge)| parse_head(size, &edge)))
}

fn parse_head(size: i64, edge: &str) -> Option<Edge> {
    let roots = edge.split_whitespace().map(entry::parse_hash).collect::<Option<Vec<Hash>>>()?;
    Edge::new(u64::try_from(size).ok()?, roots)
}

pub(super) fn update_head(connection: &mut DbConnection, edge: &Edge) -> QueryResult<()> {
    let roots: Vec<String> = edge.roots().iter().map(|hash| hex(hash)).collect();
    diesel::update(log_head::table.find(1))
        .set((log_head::size.eq(number(edge.size())), log_head::edge.eq(roots.join(" "))))
        .execute(connection)
        .map(|_| ())
}

/// Hashes of the leaves from `start` up to `end`.
pub(super) fn leaf_hashes(connection: &mut DbConnection, start: u64, end: u64) -> QueryResult<Vec<Hash>> {
    Ok(entries(connection, start, end)?.iter().map(|entry| entry.leaf().hash()).collect())
}

/// The entries from leaf `start` up to `end`, in the order of the log.
pub fn entries(connection: &mut DbConnection, start: u64, end: u64) -> QueryResult<Vec<Entry>> {
    audit_entries::table
        .filter(audit_entries::leaf_index.ge(number(start)))
        .filter(audit_entries::leaf_index.lt(number(end)))
        .order(audit_entries::leaf_index)
        .select(Entry::as_select())
        .load(connection)
}

/// The condition that an entry is one's own organisation's, or belongs to a market whose results one reads whole.
macro_rules! readable {
    ($scope:expr) => {
        within!($scope, own: [audit_entries::organisation_id.assume_not_null()], markets: [])
            .or(audit_entries::market_id.assume_not_null().eq_any($scope.reads_whole()))
    };
}

/// The entries within `scope` from leaf `start` up to `end`, in the order of the log.
pub(super) fn entries_within(
    connection: &mut DbConnection,
    scope: &Scope,
    start: u64,
    end: u64,
) -> QueryResult<Vec<Entry>> {
    audit_entries::table
        .filter(audit_entries::leaf_index.ge(number(start)))
        .filter(audit_entries::leaf_index.lt(number(end)))
        .filter(readable!(scope))
        .order(audit_entries::leaf_index)
        .select(Entry::as_select())
        .load(connection)
}

/// Entries of a market's log within `scope`, the newest first.
pub(super) fn list_entries(
    connection: &mut DbConnection,
    scope: &Scope,
    filter: &super::service::EntryFilter,
) -> QueryResult<Vec<Entry>> {
    let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX);
    let mut entries = audit_entries::table
        .filter(audit_entries::market_id.eq(filter.market_id))
        .filter(audit_entries::leaf_index.lt(filter.before))
        .filter(readable!(scope))
        .order(audit_entries::leaf_index.desc())
        .limit(limit)
        .select(Entry::as_select())
        .into_boxed();
    if let Some(subject) = filter.subject {
        entries = entries.filter(audit_entries::subject.eq(subject));
    }
    entries.load(connection)
}

/// What people of an organisation did since an instant, within `scope`, the newest first.
pub(super) fn list_since(
    connection: &mut DbConnection,
    scope: &Scope,
    (organisation_id, since): (i64, Timestamp),
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    // By id and by nothing that has an index of its own: ids since then are few, entries of a market or of a kind are not.
    audit_entries::table
        .filter(audit_entries::id.ge(first_of(since)))
        .filter(audit_entries::organisation_id.eq(organisation_id))
        .filter(readable!(scope))
        .order(audit_entries::id.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(connection)
}

pub(super) fn insert_seals(
    connection: &mut DbConnection,
    leaf_index: u64,
    seals: &[super::seal::Seal],
) -> QueryResult<()> {
    for seal in seals {
        for (part, rows) in (0i64..).zip(&seal.parts) {
            let values = (
                row_seals::table_name.eq(seal.table),
                row_seals::leaf_index.eq(number(leaf_index)),
                row_seals::part.eq(part),
                row_seals::layout.eq(&seal.layout),
                row_seals::rows.eq(rows),
            );
            diesel::insert_into(row_seals::table).values(values).execute(connection)?;
        }
    }
    Ok(())
}

/// A stored checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_checkpoints)]
pub struct CheckpointRow {
    /// Number of leaves.
    pub size: i64,
    /// Microseconds since 1970.
    pub made_at: i64,
    /// Why it was made.
    pub occasion: String,
    /// The signed note.
    pub note: String,
}

pub(super) fn insert_checkpoint(connection: &mut DbConnection, row: &CheckpointRow) -> QueryResult<()> {
    diesel::insert_into(log_checkpoints::table).values(row).execute(connection).map(|_| ())
}

/// The newest checkpoint.
pub fn last_checkpoint(connection: &mut DbConnection) -> QueryResult<Option<CheckpointRow>> {
    let newest = log_checkpoints::table.order(log_checkpoints::size.desc());
    newest.select(CheckpointRow::as_select()).first(connection).optional()
}

/// Checkpoints over fewer leaves than `before`, newest first.
pub fn list_checkpoints(connection: &mut DbConnection, before: i64, limit: i64) -> QueryResult<Vec<CheckpointRow>> {
    log_checkpoints::table
        .filter(log_checkpoints::size.lt(before))
        .order(log_checkpoints::size.desc())
        .limit(limit)
        .select(CheckpointRow::as_select())
        .load(connection)
}

/// Entries of one market, newest first, before the given leaf.
pub fn list_of_market(
    connection: &mut DbConnection,
    market_id: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    audit_entries::table
        .filter(audit_entries::market_id.eq(market_id))
        .filter(audit_entries::leaf_index.lt(before))
        .order(audit_entries::leaf_index.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(connection)
}

/// The checkpoint over exactly `size` leaves.
pub(super) fn find_checkpoint(connection: &mut DbConnection, size: i64) -> QueryResult<Option<CheckpointRow>> {
    log_checkpoints::table.find(size).select(CheckpointRow::as_select()).first(connection).optional()
}

/// Signature lines of a checkpoint, in order.
pub(super) fn cosignatures(connection: &mut DbConnection, size: i64) -> QueryResult<Vec<String>> {
    let of_size = log_cosignatures::table.filter(log_cosignatures::size.eq(size));
    of_size.order(log_cosignatures::line).select(log_cosignatures::line).load(connection)
}

/// Stores a signature line; false if it is there already.
pub(super) fn insert_cosignature(connection: &mut DbConnection, size: i64, line: &str) -> QueryResult<bool> {
    let values = (log_cosignatures::size.eq(size), log_cosignatures::line.eq(line));
    let inserted = on_backend!(connection, inner => diesel::insert_into(log_cosignatures::table)
        .values(values).on_conflict_do_nothing().execute(inner)?);
    Ok(inserted == 1)
}

/// Public keys of the witnesses.
pub(super) fn witnesses(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    log_witnesses::table.order(log_witnesses::added_at).select(log_witnesses::vkey).load(connection)
}

/// Stores a witness's key; false if it is there already.
pub(super) fn insert_witness(connection: &mut DbConnection, vkey: &str, at: i64) -> QueryResult<bool> {
    let values = (log_witnesses::vkey.eq(vkey), log_witnesses::added_at.eq(at));
    let inserted = on_backend!(connection, inner => diesel::insert_into(log_witnesses::table)
        .values(values).on_conflict_do_nothing().execute(inner)?);
    Ok(inserted == 1)
}

/// Entries about one record whose texts are still there.
pub(super) fn texts_about(connection: &mut DbConnection, subject: &str, subject_id: i64) -> QueryResult<Vec<i64>> {
    audit_entries::table
        .filter(audit_entries::subject.eq(subject))
        .filter(audit_entries::subject_id.eq(subject_id))
        .filter(audit_entries::salt.ne(""))
        .order(audit_entries::id)
        .select(audit_entries::id)
        .load(connection)
}

/// Forgets an entry's texts and salt; its leaf stays what it is.
pub(super) fn blank(connection: &mut DbConnection, id: i64) -> QueryResult<usize> {
    diesel::update(audit_entries::table.find(id))
        .set((
            audit_entries::salt.eq(""),
            audit_entries::old_value.eq(""),
            audit_entries::new_value.eq(""),
            audit_entries::reason.eq(""),
        ))
        .execute(connection)
}

/// Public keys that signed this log, oldest first.
pub(super) fn keys(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    log_keys::table.order(log_keys::added_at).select(log_keys::vkey).load(connection)
}
