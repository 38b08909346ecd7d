//! Who changed what, when, and why. Append-only; written in the transaction of the change it describes.
//!
//! Invariant: no service changes a record without one entry here. The Merkle chain over these entries is a later step.

pub mod store;

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
}

impl Work<'_> {
    /// A new id.
    pub fn new_id(&self) -> i64 {
        self.ids.next(self.clock)
    }

    /// Tries a part of the transaction: what it wrote is taken back if it is refused, and the transaction goes on.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, AppError>) -> Result<T, AppError> {
        self.connection.begin_part()?;
        match part(self) {
            Ok(done) => {
                self.connection.commit()?;
                Ok(done)
            }
            Err(error) => {
                self.connection.rollback()?;
                Err(error)
            }
        }
    }

    /// Writes down what was done.
    pub fn record(&mut self, change: Change<'_>) -> Result<(), AppError> {
        self.record_all(&[change])
    }

    /// Writes down many changes at once, in their order.
    pub fn record_all(&mut self, changes: &[Change<'_>]) -> Result<(), AppError> {
        for chunk in changes.chunks(store::BATCH) {
            let entries: Vec<_> = chunk.iter().map(|change| (self.new_id(), *change)).collect();
            store::insert(self.connection, self.now, self.principal, &entries)?;
        }
        Ok(())
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
