//! Migrations: portable SQL from `migrations/common`, joined with what differs from the back end's own folder.
//!
//! Processes that start together do not disturb one another: the first takes a lock, the others wait and find nothing
//! left to do.

use super::connection::DbConnection;
use super::pool::{Db, DbError};
use diesel::backend::Backend;
use diesel::connection::{BoxableConnection, SimpleConnection};
use diesel::migration::{
    Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion, Result as MigrationResult,
};
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel_migrations::MigrationHarness;
use std::fmt;

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

const STEPS: &[Step] =
    &[step!("0001_parties", "and back ends"), step!("0002_markets"), step!("0003_rounds", "and back ends")];

/// Brings the database to the newest schema; answers the versions that were applied.
pub fn up(db: &Db) -> Result<Vec<String>, DbError> {
    db.exclusive(|connection| {
        match connection {
            DbConnection::Sqlite(inner) => {
                // diesel begins its own transactions, so the lock that spans them is the writer's file lock taken per step;
                // a second process sees the version table and skips what is done.
                inner.run_pending_migrations(Joined).map(|done| done.iter().map(ToString::to_string).collect())
            }
            DbConnection::Postgres(inner) => {
                inner.batch_execute("SELECT pg_advisory_lock(1885434731)")?;
                let done =
                    inner.run_pending_migrations(Joined).map(|done| done.iter().map(ToString::to_string).collect());
                inner.batch_execute("SELECT pg_advisory_unlock(1885434731)")?;
                done
            }
        }
        .map_err(|error| DbError::Unusable(format!("migration failed: {error}")))
    })
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

/// Versions that this program knows and the database lacks.
pub fn pending(db: &Db) -> Result<usize, DbError> {
    db.exclusive(|connection| {
        match connection {
            DbConnection::Sqlite(inner) => inner.pending_migrations(Joined).map(|left| left.len()),
            DbConnection::Postgres(inner) => inner.pending_migrations(Joined).map(|left| left.len()),
        }
        .map_err(|error| DbError::Unusable(format!("migrations could not be read: {error}")))
    })
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
