//! The record: who changed what, when and why, in a log that nobody can rewrite unseen.
//!
//! Every entry is a leaf of a Merkle tree (RFC 6962), appended in the transaction of the change it describes, and every row
//! of a protected table is hashed into it (`db::guards` lists them and sees every write). Signed checkpoints (C2SP) can be
//! kept by anybody and expose any later change. `docs/record.md` states the formats.
//!
//! Invariants: no service changes a record without an entry; entries and hashed rows are there exactly when the change is;
//! leaf numbers have no gaps; what is personal stands in the leaves only as a salted commitment.

pub mod api;
pub mod checkpoint;
pub mod daily;
pub mod entry;
pub mod erase;
mod errors;
pub mod keys;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod record;
mod seal;
pub mod service;
pub mod store;
pub mod tiles;
pub mod verify;
pub mod witness;

pub use errors::LogError;
pub use record::Record;

use crate::db::DbConnection;
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::{Clock, IdSource, Timestamp};

/// On whose behalf something is done: a person, and the organisation this person acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The person; `None` for the system itself (first set-up).
    pub member_id: Option<i64>,
    /// The organisation acted for.
    pub organisation_id: Option<i64>,
}

/// One transaction on behalf of one principal: everything a service needs to read, write and say who did it.
pub struct Work<'a> {
    /// The open transaction.
    pub connection: &'a mut DbConnection,
    /// Whose records it may touch.
    pub scope: &'a Scope,
    /// Who acts.
    pub principal: Principal,
    /// One instant for the whole transaction.
    pub now: Timestamp,
    /// Makes ids.
    pub ids: &'a IdSource,
    /// The clock that ids are drawn by.
    pub clock: &'a dyn Clock,
    /// What was done so far; it gets its place in the log when the transaction ends.
    pending: Vec<store::Pending>,
    /// Why a checkpoint is to be signed when the transaction ends.
    occasion: Option<&'static str>,
}

impl<'a> Work<'a> {
    /// A unit of work in an open transaction; [`Record::finish`] must end it.
    pub(crate) fn new(
        connection: &'a mut DbConnection,
        scope: &'a Scope,
        ids: &'a IdSource,
        clock: &'a dyn Clock,
    ) -> Self {
        let (principal, now) = (scope.principal(), clock.now());
        Self { connection, scope, principal, now, ids, clock, pending: Vec::new(), occasion: None }
    }

    /// A new id.
    pub fn new_id(&self) -> i64 {
        self.ids.next(self.clock)
    }

    /// Tries a part of the transaction: what it wrote is taken back if it is refused, and the transaction goes on.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, AppError>) -> Result<T, AppError> {
        self.connection.begin_part()?;
        let (recorded, occasion) = (self.pending.len(), self.occasion);
        match part(self) {
            Ok(done) => {
                self.connection.commit()?;
                Ok(done)
            }
            Err(error) => {
                self.connection.rollback()?;
                self.pending.truncate(recorded);
                self.occasion = occasion;
                Err(error)
            }
        }
    }

    /// Writes down what was done.
    pub fn record(&mut self, change: Change<'_>) -> Result<(), AppError> {
        self.record_all(&[change])
    }

    /// Writes down many changes at once, in their order.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "callers treat writing down as a step that may fail, as it did and will"
    )]
    pub fn record_all(&mut self, changes: &[Change<'_>]) -> Result<(), AppError> {
        self.pending.reserve(changes.len());
        for change in changes {
            let id = self.new_id();
            self.pending.push(change.pending(id));
        }
        Ok(())
    }

    /// Has a checkpoint signed when this transaction ends, for a reason such as `closed`.
    pub fn checkpoint(&mut self, occasion: &'static str) {
        self.occasion = Some(occasion);
    }
}

/// One change to one record.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'a> {
    /// The market it belongs to, where there is one.
    pub market_id: Option<i64>,
    /// The kind of record: the table's name.
    pub subject: &'a str,
    /// The record.
    pub subject_id: i64,
    /// What happened: a verb in the past (`posted`, `closed`).
    pub event: &'a str,
    /// State before, as JSON or a plain word; empty when it is new.
    pub old: &'a str,
    /// State after.
    pub new: &'a str,
    /// Why, where a person said so.
    pub reason: &'a str,
}

impl Change<'_> {
    fn pending(&self, id: i64) -> store::Pending {
        store::Pending {
            id,
            market_id: self.market_id,
            subject: self.subject.to_owned(),
            subject_id: self.subject_id,
            event: self.event.to_owned(),
            texts: [self.old, self.new, self.reason].map(str::to_owned),
        }
    }
}
