//! One connection type for both back ends, and the URL that chooses between them.

use super::session;
use crate::scope::Scope;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use std::path::PathBuf;
use std::str::FromStr;

/// A connection to either back end.
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// The embedded default: one file.
    Sqlite(SqliteConnection),
    /// For a province and more.
    Postgres(PgConnection),
}

impl DbConnection {
    /// Begins a transaction that may write. On SQLite it takes the write lock at once, so that a transaction that
    /// reads first cannot fail half-way because another writer came between.
    pub(super) fn begin_write(&mut self, scope: &Scope) -> QueryResult<()> {
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE"),
            Self::Postgres(connection) => begin_within(connection, "BEGIN", scope),
        }
    }

    /// Begins a transaction that sees one state of the database throughout.
    pub(super) fn begin_read(&mut self, scope: &Scope) -> QueryResult<()> {
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN"),
            Self::Postgres(connection) => {
                begin_within(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", scope)
            }
        }
    }

    /// Begins a part of a transaction that can be taken back alone: a savepoint.
    pub(crate) fn begin_part(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::begin_transaction(self)
    }

    pub(crate) fn commit(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::commit_transaction(self)
    }

    pub(crate) fn rollback(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::rollback_transaction(self)
    }
}

/// Begins a transaction that row-level security holds within `scope`; one round trip.
fn begin_within(connection: &mut PgConnection, begin: &str, scope: &Scope) -> QueryResult<()> {
    let sql = format!("{begin}; {}", session::statements(scope));
    AnsiTransactionManager::begin_transaction_sql(connection, &sql).inspect_err(|_| {
        // The server may be inside the transaction that diesel thinks did not begin.
        let _ = connection.batch_execute("ROLLBACK");
    })
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file on this machine.
    Sqlite(PathBuf),
    /// A server.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            return match path {
                "" | ":memory:" => Err("sqlite:// needs the path of a file, such as sqlite://pasok.db".to_owned()),
                _ => Ok(Self::Sqlite(PathBuf::from(path))),
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err("the database URL must start with sqlite:// or postgres://".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_the_back_end() {
        assert_eq!("sqlite://var/p.db".parse(), Ok(DatabaseUrl::Sqlite("var/p.db".into())));
        assert!(matches!("postgres://h/d".parse(), Ok(DatabaseUrl::Postgres(_))));
        for wrong in ["", "mysql://h/d", "p.db", "sqlite://", "sqlite://:memory:"] {
            assert!(wrong.parse::<DatabaseUrl>().is_err(), "{wrong}");
        }
    }
}
