//! Ends a transaction: gives its entries their place in the tree, binds the rows it wrote, signs where it should.

use super::checkpoint::Checkpoint;
use super::keys::Keys;
use super::merkle::Hash;
use super::seal::{self, Seal};
use super::store::{self, CheckpointRow, Pending};
use super::tiles;
use super::{Principal, Work};
use crate::db::DbConnection;
use crate::db::guards::{self, Layout};
use crate::db::schema::log_keys;
use crate::error::AppError;
use crate::on_backend;
use diesel::prelude::*;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Subject of the entries that bind rows.
pub const SEALS: &str = "row_seals";
/// Subject of the entries that announce a checkpoint; its size is the entry's own place plus one.
pub const CHECKPOINTS: &str = "log_checkpoints";

/// What recording needs besides the transaction; one for the life of a process.
#[derive(Debug)]
pub struct Record {
    layouts: OnceLock<Vec<Layout>>,
    keys: Keys,
}

impl Record {
    /// A record whose checkpoints are signed with the key in `key_file`, which is made when it is first needed.
    pub fn new(key_file: PathBuf) -> Self {
        Self { layouts: OnceLock::new(), keys: Keys::new(key_file) }
    }

    /// The key that signs checkpoints.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    fn layouts(&self, connection: &mut DbConnection) -> QueryResult<&[Layout]> {
        if self.layouts.get().is_none() {
            let found = guards::layouts(connection)?;
            // Another thread may have been first; both found the same.
            let _ = self.layouts.set(found);
        }
        Ok(self.layouts.get().map_or(&[], Vec::as_slice))
    }

    /// Before a transaction's work.
    pub(crate) fn begin(connection: &mut DbConnection) -> Result<(), AppError> {
        Ok(seal::begin(connection)?)
    }

    /// After a transaction's work, just before it ends.
    pub(crate) fn finish(&self, mut work: Work<'_>) -> Result<(), AppError> {
        // Recording is the system's own work: whoever acted need not be able to read what was written.
        if let DbConnection::Postgres(inner) = &mut *work.connection {
            diesel::sql_query("SET LOCAL ROLE pasok_system").execute(inner)?;
        }
        let occasion = work.occasion.take();
        if occasion.is_some() {
            self.introduce_key(&mut work)?;
        }
        let layouts = self.layouts(work.connection)?;
        let seals = seal::collect(work.connection, layouts)?;
        let mut pending = std::mem::take(&mut work.pending);
        if pending.is_empty() && seals.is_empty() && occasion.is_none() {
            return Ok(());
        }
        // From here on other writers wait: the head is locked last, so that it is locked for a short time.
        let edge = store::lock_head(work.connection)?;
        let mut edge = edge.ok_or_else(|| AppError::internal("the head of the record cannot be read"))?;
        let start = edge.size();
        let sealed_at = start + pending.len() as u64;
        if !seals.is_empty() {
            pending.push(sealing(&work, &seals));
            store::insert_seals(work.connection, sealed_at, &seals)?;
        }
        if let Some(occasion) = occasion {
            let size = start + pending.len() as u64 + 1;
            pending.push(own(&work, CHECKPOINTS, tiles::number(size), occasion, String::new()));
        }
        let (at, principal) = (work.now.as_micros(), work.principal);
        let hashes = append(work.connection, pending, start, at, principal)?;
        for hash in hashes {
            edge.push(hash);
        }
        store::update_head(work.connection, &edge)?;
        if let Some(occasion) = occasion {
            let signer = self.keys.signer()?;
            let head = Checkpoint { origin: signer.name().to_owned(), size: edge.size(), root: edge.root() };
            let note = head.signed(signer).to_string();
            let row =
                CheckpointRow { size: tiles::number(head.size), made_at: at, occasion: occasion.to_owned(), note };
            store::insert_checkpoint(work.connection, &row)?;
        }
        Ok(())
    }

    /// Writes the public key down before it first signs, so that the log names its own signer.
    fn introduce_key(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let vkey = self.keys.signer()?.verifier().to_string();
        let values = (log_keys::vkey.eq(&vkey), log_keys::added_at.eq(work.now.as_micros()));
        let new = on_backend!(&mut *work.connection, inner => diesel::insert_into(log_keys::table)
            .values(values).on_conflict_do_nothing().execute(inner)?);
        if new > 0 {
            let entry = own(work, "log_keys", 0, "introduced", vkey);
            work.pending.push(entry);
        }
        Ok(())
    }
}

fn own(work: &Work<'_>, subject: &str, subject_id: i64, event: &str, new: String) -> Pending {
    Pending {
        id: work.new_id(),
        market_id: None,
        subject: subject.to_owned(),
        subject_id,
        event: event.to_owned(),
        texts: [String::new(), new, String::new()],
    }
}

fn sealing(work: &Work<'_>, seals: &[Seal]) -> Pending {
    own(work, SEALS, 0, "sealed", seals.iter().map(Seal::line).collect())
}

/// Most entries that are held with their hashes at once.
const CHUNK: usize = 4_096;

/// Stores entries from leaf `start` on; answers their hashes.
fn append(
    connection: &mut DbConnection,
    pending: Vec<Pending>,
    start: u64,
    at: i64,
    principal: Principal,
) -> QueryResult<Vec<Hash>> {
    let mut hashes = Vec::with_capacity(pending.len());
    let mut entries = Vec::with_capacity(pending.len().min(CHUNK));
    for (index, pending) in (start..).zip(pending) {
        let entry = store::placed(pending, index, at, principal);
        hashes.push(entry.leaf().hash());
        entries.push(entry);
        if entries.len() == CHUNK {
            store::insert(connection, &entries)?;
            entries.clear();
        }
    }
    store::insert(connection, &entries)?;
    tiles::grow(connection, start, &hashes)?;
    Ok(hashes)
}
