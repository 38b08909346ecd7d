//! Migrations: portable SQL from `migrations/common`, joined with what differs from the back end's own folder.
//!
//! Processes that start together do not disturb one another: the first takes a lock, the others wait and find nothing
//! left to do.

use super::connection::DbConnection;
use super::guards;
use super::pool::{Db, DbError};
use crate::on_backend;
use crate::scope::Scope;
use diesel::backend::Backend;
use diesel::connection::{BoxableConnection, SimpleConnection};
use diesel::migration::{
    Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion, Result as MigrationResult,
};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::MigrationHarness;
use std::collections::BTreeSet;
use std::fmt;

/// Longest that a process waits for another one that migrates the same SQLite file.
const LOCK_WAIT_MS: u32 = 60_000;

/// The SQL of one step, for one direction and both back ends.
struct Step {
    version: &'static str,
    up: Sql,
    down: Sql,
}

struct Sql {
    common: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($version:tt $(, $backend:tt)?) => {
        Step { version: $version, up: sql!($version, "up" $(, $backend)?), down: sql!($version, "down" $(, $backend)?) }
    };
}

macro_rules! sql {
    ($version:tt, $way:tt) => {
        Sql {
            common: include_str!(concat!("../../migrations/common/", $version, ".", $way, ".sql")),
            sqlite: "",
            postgres: "",
        }
    };
    ($version:tt, $way:tt, "and back ends") => {
        Sql {
            common: include_str!(concat!("../../migrations/common/", $version, ".", $way, ".sql")),
            sqlite: include_str!(concat!("../../migrations/sqlite/", $version, ".", $way, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $version, ".", $way, ".sql")),
        }
    };
}

const STEPS: &[Step] = &[
    step!("0001_parties", "and back ends"),
    step!("0002_markets"),
    step!("0003_rounds", "and back ends"),
    step!("0004_accounts", "and back ends"),
    step!("0005_record", "and back ends"),
    step!("0006_isolation", "and back ends"),
    step!("0007_people", "and back ends"),
    step!("0008_tenders", "and back ends"),
    step!("0009_seal", "and back ends"),
    step!("0010_nonces"),
    step!("0011_bidding", "and back ends"),
    step!("0012_training"),
    step!("0013_volume"),
    step!("0014_answers", "and back ends"),
];

/// Brings the database to the newest schema and its protected tables under guard; answers the versions that were applied.
///
/// On SQLite all steps are one transaction, so a file is never half-way; on PostgreSQL each step is one.
pub fn up(db: &Db) -> Result<Vec<String>, DbError> {
    db.exclusive(|connection| {
        lock(connection)?;
        let done = match connection {
            DbConnection::Sqlite(inner) => inner.run_pending_migrations(Joined).map(|done| names(&done)),
            DbConnection::Postgres(inner) => inner.run_pending_migrations(Joined).map(|done| names(&done)),
        };
        let guarded = guard(connection, done.is_ok());
        unlock(connection, done.is_ok() && guarded.is_ok())?;
        guarded?;
        done.map_err(|error| DbError::Unusable(format!("migration failed: {error}")))
    })
}

/// Puts the guards up, in one transaction, under the lock.
fn guard(connection: &mut DbConnection, is_migrated: bool) -> QueryResult<()> {
    if is_migrated { connection.transaction(guards::install) } else { Ok(()) }
}

fn names(done: &[MigrationVersion<'_>]) -> Vec<String> {
    done.iter().map(ToString::to_string).collect()
}

/// Waits until no other process migrates this database, and keeps others waiting.
fn lock(connection: &mut DbConnection) -> QueryResult<()> {
    match connection {
        DbConnection::Sqlite(inner) => {
            inner.batch_execute(&format!("PRAGMA busy_timeout = {LOCK_WAIT_MS}"))?;
            // diesel's own transactions become savepoints within this one.
            connection.begin_write(&Scope::system("migrations"))
        }
        DbConnection::Postgres(inner) => inner.batch_execute("SELECT pg_advisory_lock(1885434731)"),
    }
}

fn unlock(connection: &mut DbConnection, is_done: bool) -> QueryResult<()> {
    match connection {
        DbConnection::Sqlite(_) if is_done => connection.commit(),
        DbConnection::Sqlite(_) => connection.rollback(),
        DbConnection::Postgres(inner) => inner.batch_execute("SELECT pg_advisory_unlock(1885434731)"),
    }
}

/// Takes everything back. For tests: a production database only ever goes forward.
pub fn down(db: &Db) -> Result<usize, DbError> {
    db.exclusive(|connection| {
        match connection {
            DbConnection::Sqlite(inner) => inner.revert_all_migrations(Joined).map(|done| done.len()),
            DbConnection::Postgres(inner) => inner.revert_all_migrations(Joined).map(|done| done.len()),
        }
        .map_err(|error| DbError::Unusable(format!("migration failed: {error}")))
    })
}

/// How many versions this program knows and the database lacks. Only reads, so that it never waits for a writer.
pub fn pending(db: &Db) -> Result<usize, DbError> {
    db.look(|connection| {
        let applied = applied(connection)?;
        Ok(STEPS.iter().filter(|step| !applied.contains(step.version)).count())
    })
}

/// Versions that only one of program and database knows.
pub fn unknown(connection: &mut DbConnection) -> QueryResult<Vec<String>> {
    let known: BTreeSet<String> = STEPS.iter().map(|step| step.version.to_owned()).collect();
    Ok(applied(connection)?.symmetric_difference(&known).cloned().collect())
}

fn applied(connection: &mut DbConnection) -> QueryResult<BTreeSet<String>> {
    let there: Found = match connection {
        DbConnection::Sqlite(inner) => diesel::sql_query(
            "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations'",
        )
        .get_result(inner)?,
        DbConnection::Postgres(inner) => diesel::sql_query(
            "SELECT count(*) AS count FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = '__diesel_schema_migrations'",
        )
        .get_result(inner)?,
    };
    if there.count == 0 {
        return Ok(BTreeSet::new());
    }
    let versions: Vec<Version> = on_backend!(connection, inner => diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load(inner)?);
    Ok(versions.into_iter().map(|row| row.version).collect())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

struct Joined;

impl MigrationSource<Sqlite> for Joined {
    fn migrations(&self) -> MigrationResult<Vec<Box<dyn Migration<Sqlite>>>> {
        Ok(STEPS
            .iter()
            .map(|step| Box::new(OneStep::new(step, |sql| sql.sqlite)) as Box<dyn Migration<Sqlite>>)
            .collect())
    }
}

impl MigrationSource<Pg> for Joined {
    fn migrations(&self) -> MigrationResult<Vec<Box<dyn Migration<Pg>>>> {
        Ok(STEPS
            .iter()
            .map(|step| Box::new(OneStep::new(step, |sql| sql.postgres)) as Box<dyn Migration<Pg>>)
            .collect())
    }
}

struct OneStep {
    name: StepName,
    up: String,
    down: String,
}

impl OneStep {
    fn new(step: &Step, own: impl Fn(&Sql) -> &'static str) -> Self {
        Self {
            name: StepName(step.version),
            up: [step.up.common, own(&step.up)].join("\n"),
            // What the back end added depends on the common part, so it goes first.
            down: [own(&step.down), step.down.common].join("\n"),
        }
    }
}

struct StepName(&'static str);

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl MigrationName for StepName {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(self.0)
    }
}

struct InTransaction;
impl MigrationMetadata for InTransaction {}

impl<B: Backend> Migration<B> for OneStep {
    fn run(&self, connection: &mut dyn BoxableConnection<B>) -> MigrationResult<()> {
        Ok(connection.batch_execute(&self.up)?)
    }

    fn revert(&self, connection: &mut dyn BoxableConnection<B>) -> MigrationResult<()> {
        Ok(connection.batch_execute(&self.down)?)
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &InTransaction
    }

    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}
