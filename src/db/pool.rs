//! Pools and transactions: one writer and many readers on SQLite, one pool on PostgreSQL.

use super::connection::{DatabaseUrl, DbConnection};
use crate::scope::Scope;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection, Pool};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::time::Duration;

/// SQLite before this version has a bug that can corrupt a database in write-ahead mode.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How often a write that lost a race on PostgreSQL is tried again.
const WRITE_ATTEMPTS: u32 = 5;
const POOL_WAIT: Duration = Duration::from_secs(5);

/// Sizes of the pools.
#[derive(Debug, Clone, Copy)]
pub struct DbOptions {
    /// Connections that read (SQLite) or connections in all (PostgreSQL).
    pub connections: u32,
    /// Where SQLite sorts what does not fit a page.
    pub sorting: Sorting,
}

/// Where SQLite keeps what it sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sorting {
    /// In memory: quick, and as large as the answer.
    #[default]
    InMemory,
    /// In a file of its own: for reading whole tables within bounded memory.
    OnDisk,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { connections: 8, sorting: Sorting::InMemory }
    }
}

impl DbOptions {
    /// For a command that reads the whole database once, alone.
    pub fn for_reading_all() -> Self {
        Self { connections: 1, sorting: Sorting::OnDisk }
    }
}

/// Something between us and the database went wrong; never the caller's fault.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A query failed.
    #[error("database: {0}")]
    Query(#[from] DieselError),
    /// No connection was free in time, or none could be made.
    #[error("database connection: {0}")]
    Pool(#[from] r2d2::PoolError),
    /// A record that this transaction read was changed by another before it could write.
    #[error("another transaction was quicker")]
    Raced,
    /// The database cannot be used as it is.
    #[error("{0}")]
    Unusable(String),
}

type DbPool = Pool<ConnectionManager<DbConnection>>;

/// The database of one process. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    writers: DbPool,
    readers: DbPool,
    url: DatabaseUrl,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").finish_non_exhaustive()
    }
}

impl Db {
    /// Connects; does not migrate.
    pub fn open(url: &DatabaseUrl, options: DbOptions) -> Result<Self, DbError> {
        match url {
            DatabaseUrl::Sqlite(path) => {
                assert_sqlite_version()?;
                let path = path.to_string_lossy();
                // The writer comes first: it creates the file and sets write-ahead mode, which readers cannot.
                let writers = pool(&path, 1, Profile::SqliteWriter)?;
                let readers = pool(&path, options.connections, Profile::SqliteReader(options.sorting))?;
                Ok(Self { writers, readers, url: url.clone() })
            }
            DatabaseUrl::Postgres(text) => {
                let pool = pool(text, options.connections, Profile::Postgres)?;
                Ok(Self { writers: pool.clone(), readers: pool, url: url.clone() })
            }
        }
    }

    /// Where this database is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Runs `work` against one unchanging state of the database, within `scope`; it cannot write.
    pub fn read<T, E: From<DbError>>(
        &self,
        scope: &Scope,
        work: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.readers.get().map_err(DbError::from)?;
        connection.begin_read(scope).map_err(DbError::from)?;
        let result = work(&mut connection);
        connection.rollback().map_err(DbError::from)?;
        result
    }

    /// Runs `work` in one transaction within `scope`: everything it writes is kept if it answers `Ok`, nothing otherwise.
    ///
    /// `work` may run several times: on PostgreSQL a transaction that lost a race is tried again.
    pub fn write<T, E: From<DbError> + LostRace>(
        &self,
        scope: &Scope,
        mut work: impl FnMut(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.writers.get().map_err(DbError::from)?;
        let mut attempt = 1;
        loop {
            match write_once(&mut connection, scope, &mut work) {
                Err(error) if error.lost_race() && attempt < WRITE_ATTEMPTS => {
                    std::thread::sleep(Duration::from_millis(u64::from(10 * attempt * attempt)));
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// A reading connection outside any transaction and scope, for migrations only: before them there are no roles.
    pub(super) fn look<T>(&self, work: impl FnOnce(&mut DbConnection) -> Result<T, DbError>) -> Result<T, DbError> {
        work(&mut *self.readers.get()?)
    }

    /// A connection outside any transaction, for migrations only.
    pub(super) fn exclusive<T>(
        &self,
        work: impl FnOnce(&mut DbConnection) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        work(&mut *self.writers.get()?)
    }
}

fn write_once<T, E: From<DbError>>(
    connection: &mut DbConnection,
    scope: &Scope,
    work: &mut impl FnMut(&mut DbConnection) -> Result<T, E>,
) -> Result<T, E> {
    connection.begin_write(scope).map_err(DbError::from)?;
    match work(connection) {
        Ok(value) => {
            connection.commit().map_err(DbError::from)?;
            Ok(value)
        }
        Err(error) => {
            connection.rollback().map_err(DbError::from)?;
            Err(error)
        }
    }
}

impl DbError {
    /// Whether PostgreSQL's row-level security refused a row.
    pub fn is_row_security(&self) -> bool {
        match self {
            Self::Query(DieselError::DatabaseError(_, info)) => info.message().contains("row-level security"),
            _ => false,
        }
    }
}

/// Errors that can say whether the same transaction may succeed when tried again.
pub trait LostRace {
    /// Whether another transaction won a race that this one lost.
    fn lost_race(&self) -> bool;
}

impl LostRace for DbError {
    fn lost_race(&self) -> bool {
        match self {
            Self::Query(DieselError::DatabaseError(kind, info)) => {
                // Two transactions that both looked, found nothing and inserted: the loser looks again and finds the
                // winner's record, so its service can answer properly instead of failing.
                matches!(kind, DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::UniqueViolation)
                    || info.message().contains("deadlock detected")
            }
            Self::Raced => true,
            _ => false,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Profile {
    SqliteWriter,
    SqliteReader(Sorting),
    Postgres,
}

impl Profile {
    fn statements(self) -> &'static str {
        match self {
            Self::SqliteWriter => {
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
                 PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864;"
            }
            Self::SqliteReader(Sorting::InMemory) => {
                "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
                 PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;"
            }
            // A cache that holds the upper levels of every index, and nothing that grows with the tables.
            Self::SqliteReader(Sorting::OnDisk) => {
                "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
                 PRAGMA temp_store = FILE; PRAGMA cache_size = -8192; PRAGMA query_only = ON;"
            }
            // Bulk publishing of a province may take longer than an ordinary request, so these are generous bounds
            // against hanging, not latency targets.
            Self::Postgres => {
                "SET statement_timeout = '120s'; SET lock_timeout = '10s'; \
                 SET idle_in_transaction_session_timeout = '120s'; SET client_min_messages = 'warning';"
            }
        }
    }
}

impl CustomizeConnection<DbConnection, r2d2::Error> for Profile {
    fn on_acquire(&self, connection: &mut DbConnection) -> Result<(), r2d2::Error> {
        connection.batch_execute(self.statements()).map_err(r2d2::Error::QueryError)
    }
}

fn pool(url: &str, size: u32, profile: Profile) -> Result<DbPool, DbError> {
    let builder = Pool::builder().max_size(size).min_idle(Some(1)).connection_timeout(POOL_WAIT);
    Ok(builder.connection_customizer(Box::new(profile)).build(ConnectionManager::new(url))?)
}

fn assert_sqlite_version() -> Result<(), DbError> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let mut connection =
        SqliteConnection::establish(":memory:").map_err(|error| DbError::Unusable(error.to_string()))?;
    let found: Version = diesel::sql_query("SELECT sqlite_version() AS version").get_result(&mut connection)?;
    let number =
        found.version.split('.').filter_map(|part| part.parse::<i32>().ok()).fold(0, |n, part| n * 1_000 + part);
    if number < OLDEST_SQLITE {
        return Err(DbError::Unusable(format!("SQLite {} is too old: 3.51.3 or newer is needed", found.version)));
    }
    Ok(())
}
