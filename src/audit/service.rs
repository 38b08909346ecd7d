//! What others ask of the record: heads, proofs, receipts; and the cosignatures they bring.

use super::checkpoint::{Checkpoint, Receipt, WitnessRequest};
use super::errors::LogError;
use super::merkle::Hash;
use super::note::{Kind, Note, SignatureLine, Verdict, Verifier};
use super::store::{self, CheckpointRow};
use super::tiles::{Stored, number};
use super::{Change, Work, proof};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::scope::Scope;
use crate::values::Timestamp;

/// Subject and event of the entry that tells of a stored cosignature.
pub(super) const COSIGNED: (&str, &str) = ("log_cosignatures", "added");

/// Checkpoints among which the one that a witness signed is looked for.
const MOST_LOOKED_AT: i64 = 1_000;

/// A checkpoint with its cosignatures.
fn with_cosignatures(connection: &mut DbConnection, row: &CheckpointRow) -> Result<Note, AppError> {
    let mut note = Note::parse(&row.note).ok_or_else(|| AppError::unknown_stored("checkpoint"))?;
    let lines = store::cosignatures(connection, row.size)?;
    note.signatures.extend(lines.iter().filter_map(|line| SignatureLine::parse(line)));
    Ok(note)
}

fn head_row(connection: &mut DbConnection) -> Result<CheckpointRow, AppError> {
    store::last_checkpoint(connection)?.ok_or_else(|| LogError::NoCheckpoint.into())
}

/// The newest checkpoint with its cosignatures.
pub fn head_note(connection: &mut DbConnection) -> Result<Note, AppError> {
    let row = head_row(connection)?;
    with_cosignatures(connection, &row)
}

/// The checkpoint over exactly `size` leaves with its cosignatures.
pub fn note_at(connection: &mut DbConnection, size: u64) -> Result<Note, AppError> {
    let row = store::find_checkpoint(connection, number(size))?.ok_or(LogError::NoCheckpoint)?;
    with_cosignatures(connection, &row)
}

/// Checkpoints over fewer than `before` leaves, newest first; one more than `limit` if there are more.
pub fn list_checkpoints(
    connection: &mut DbConnection,
    before: i64,
    limit: i64,
) -> Result<Vec<CheckpointRow>, AppError> {
    Ok(store::list_checkpoints(connection, before, limit + 1)?)
}

/// A leaf as it is listed: everybody who may list gets its hash, and its content only who may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its place.
    pub index: i64,
    /// Its hash in the tree.
    pub hash: Hash,
    /// Its bytes, where the entry is within the reader's scope.
    pub leaf: Option<Vec<u8>>,
}

pub use super::store::Entry;

/// Which entries of a market's log are asked for.
#[derive(Debug, Clone, Copy)]
pub struct EntryFilter {
    /// The market.
    pub market_id: i64,
    /// Only about this kind of record.
    pub subject: Option<&'static str>,
    /// Only before this place in the log.
    pub before: i64,
    /// So many.
    pub limit: usize,
}

/// Entries of a market's log within `scope`, the newest first.
pub fn list_entries(
    connection: &mut DbConnection,
    scope: &Scope,
    filter: &EntryFilter,
) -> Result<Vec<Entry>, AppError> {
    Ok(store::list_entries(connection, scope, filter)?)
}

/// What people of an organisation did since an instant, within `scope`, the newest first, at most `limit` entries.
pub fn list_since(
    connection: &mut DbConnection,
    scope: &Scope,
    by: (i64, Timestamp),
    limit: i64,
) -> Result<Vec<Entry>, AppError> {
    Ok(store::list_since(connection, scope, by, limit)?)
}

/// Hashes of the leaves from `start` on; one more than `limit` if there are more. Hashes tell nothing of what was done.
pub fn list_hashes(connection: &mut DbConnection, start: i64, limit: i64) -> Result<Vec<Hash>, AppError> {
    let start = start.unsigned_abs();
    Ok(store::leaf_hashes(connection, start, start + limit.unsigned_abs() + 1)?)
}

/// The leaves whose hashes these are, from `start` on, with the content of those within `scope`.
pub fn list_leaves(
    connection: &mut DbConnection,
    scope: &Scope,
    start: i64,
    hashes: &[Hash],
) -> Result<Vec<Listed>, AppError> {
    let end = start.unsigned_abs() + hashes.len() as u64;
    let mut seen = store::entries_within(connection, scope, start.unsigned_abs(), end)?.into_iter().peekable();
    let list = (start..).zip(hashes).map(|(index, hash)| {
        let leaf = seen.next_if(|entry| entry.leaf_index == index).map(|entry| entry.leaf().bytes());
        Listed { index, hash: *hash, leaf }
    });
    Ok(list.collect())
}

/// Leaves of the log now.
pub fn size(connection: &mut DbConnection) -> Result<u64, AppError> {
    let edge = store::head(connection)?.ok_or_else(|| AppError::unknown_stored("log head"))?;
    Ok(edge.size())
}

/// Proves that a leaf is in the tree of `size` leaves.
pub fn inclusion(connection: &mut DbConnection, index: u64, tree: u64) -> Result<Vec<Hash>, AppError> {
    let now = size(connection)?;
    if index >= tree || tree > now {
        return Err(LogError::OutOfRange.into());
    }
    Ok(proof::inclusion(&mut Stored::new(connection, now), index, tree)?)
}

/// Proves that the tree of `old` leaves is the beginning of that of `new` leaves.
pub fn consistency(connection: &mut DbConnection, old: u64, new: u64) -> Result<Vec<Hash>, AppError> {
    let now = size(connection)?;
    if old > new || new > now {
        return Err(LogError::OutOfRange.into());
    }
    Ok(proof::consistency(&mut Stored::new(connection, now), old, new)?)
}

/// The proof that the entry at leaf `index` is in the record, under the newest checkpoint.
pub fn receipt(connection: &mut DbConnection, index: u64) -> Result<Receipt, AppError> {
    let row = head_row(connection)?;
    let tree = u64::try_from(row.size).unwrap_or_default();
    if index >= tree {
        return Err(LogError::NotYetSigned.into());
    }
    let entries = store::entries(connection, index, index + 1)?;
    let entry = entries.first().ok_or(CommonError::NotFound)?;
    let path = inclusion(connection, index, tree)?;
    let note = with_cosignatures(connection, &row)?.to_string();
    Ok(Receipt { leaf: entry.leaf().bytes(), index, path, note })
}

/// What a witness that signed `old` leaves last needs to sign the newest checkpoint.
pub fn request(connection: &mut DbConnection, old: u64) -> Result<WitnessRequest, AppError> {
    let row = head_row(connection)?;
    let path = consistency(connection, old, u64::try_from(row.size).unwrap_or_default())?;
    Ok(WitnessRequest { old, path, note: row.note })
}

/// Believes a witness from now on; nothing changes if it is believed already.
pub fn add_witness(work: &mut Work<'_>, key: &Verifier) -> Result<(), AppError> {
    if key.kind != Kind::Cosignature {
        return Err(LogError::NotAWitnessKey.into());
    }
    let vkey = key.to_string();
    if store::insert_witness(work.connection, &vkey, work.now.as_micros())? {
        work.record(Change { subject: "log_witnesses", event: "added", new: &vkey, ..Change::default() })?;
    }
    Ok(())
}

/// Stores signature lines of believed witnesses with the checkpoints they sign; answers the sizes of those. A line that is
/// there already is left alone; any other line refuses them all.
pub fn cosign(work: &mut Work<'_>, lines: &str) -> Result<Vec<i64>, AppError> {
    let witnesses = store::witnesses(work.connection)?;
    let witnesses: Vec<Verifier> = witnesses.iter().filter_map(|text| Verifier::parse(text)).collect();
    let checkpoints = store::list_checkpoints(work.connection, i64::MAX, MOST_LOOKED_AT)?;
    let mut sizes = Vec::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let line = SignatureLine::parse(line.trim()).ok_or(LogError::NotACosignature)?;
        let size = signed_by(&witnesses, &checkpoints, &line).ok_or(LogError::NotACosignature)?;
        let text = line.to_string();
        if store::insert_cosignature(work.connection, size, &text)? {
            work.record(Change {
                subject: COSIGNED.0,
                subject_id: size,
                event: COSIGNED.1,
                new: &text,
                ..Change::default()
            })?;
        }
        sizes.push(size);
    }
    Ok(sizes)
}

/// The size of the checkpoint that a line signs.
fn signed_by(witnesses: &[Verifier], checkpoints: &[CheckpointRow], line: &SignatureLine) -> Option<i64> {
    let holds = |row: &&CheckpointRow| {
        Note::parse(&row.note).filter(|note| Checkpoint::parse(&note.text).is_some()).is_some_and(|note| {
            witnesses.iter().any(|witness| matches!(witness.judge(&note.text, line), Verdict::Valid { .. }))
        })
    };
    checkpoints.iter().find(holds).map(|row| row.size)
}

/// Public keys that signed this log, and those of its witnesses.
pub fn keys(connection: &mut DbConnection) -> Result<(Vec<String>, Vec<String>), AppError> {
    Ok((store::keys(connection)?, store::witnesses(connection)?))
}

/// Who acted in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acted {
    /// The program itself.
    System,
    /// A person of this organisation.
    Organisation(i64),
}

/// Who acted in the entry at a leaf; `None` for a leaf that is outside `scope` or not there.
pub fn acted(connection: &mut DbConnection, scope: &Scope, index: u64) -> Result<Option<Acted>, AppError> {
    let entries = store::entries_within(connection, scope, index, index.saturating_add(1))?;
    Ok(entries.first().map(|entry| entry.organisation_id.map_or(Acted::System, Acted::Organisation)))
}
