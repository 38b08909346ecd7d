//! `pasok audit verify`: does the record still say what was written, and do the tables say what the record says?
//!
//! It reads one unchanging state of the database from end to end and trusts nothing stored: leaves, tree, tiles and row
//! hashes are computed anew. Memory is bounded: entries and rows stream; of the rows, a fixed number of hashes is held at a
//! time, and larger tables take several passes.

mod heads;
mod leaves;
mod report;
mod rows;
mod seals;
mod stream;
mod watch;

pub use report::{Finding, Part, Report};

use super::checkpoint::Checkpoint;
use super::note::{Note, Verifier};
use crate::db::{Db, DbConnection};
use crate::error::AppError;
use crate::scope::Scope;

/// What somebody brings along to compare the record with.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Checkpoints that were kept elsewhere, as signed notes.
    pub checkpoints: Vec<String>,
    /// The log's public key, if known from elsewhere; otherwise the keys that the log itself names are believed.
    pub key: Option<Verifier>,
}

/// What a run reads and where it writes what it finds.
struct Session<'a> {
    connection: &'a mut DbConnection,
    report: &'a mut Report,
    kept: Vec<(Checkpoint, Note)>,
    keys: Vec<Verifier>,
    key: Option<Verifier>,
}

impl Session<'_> {
    fn found(&mut self, part: Part, place: impl std::fmt::Display, what: impl Into<String>) {
        self.report.add(Finding { part, place: place.to_string(), what: what.into() });
    }
}

/// Verifies everything.
pub fn run(db: &Db, kept: &Kept) -> Result<Report, AppError> {
    db.read(&Scope::system("verify the record"), |connection| {
        let mut report = Report::default();
        with(connection, &mut report, kept)?;
        Ok(report)
    })
}

/// Verifies everything as one open transaction sees it.
pub fn with(connection: &mut DbConnection, report: &mut Report, kept: &Kept) -> Result<(), AppError> {
    let mut session = Session { connection, report, kept: Vec::new(), keys: Vec::new(), key: kept.key.clone() };
    heads::read_keys(&mut session)?;
    heads::read_kept(&mut session, &kept.checkpoints);
    let stated = leaves::verify(&mut session)?;
    rows::verify(&mut session, &stated)?;
    watch::verify(&mut session)
}
