//! The running program: its database, clock, ids and settings, and the two ways in which anything happens.

use crate::access::passwords::Hasher;
use crate::access::vault::Vault;
use crate::audit::{Record, Work};
use crate::config::Config;
use crate::db::{Db, DbConnection};
use crate::error::AppError;
use crate::scope::{Filter, Scope};
use crate::values::{Clock, IdSource};
use crate::web::progress::Progress;
use std::sync::Arc;

/// Everything a request or command needs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<IdSource>,
    /// Settings.
    pub config: Arc<Config>,
    /// Long work that runs in this process.
    pub progress: Progress,
    /// Whether stores filter by the scope of those who sign in; off only in tests of the second layer.
    #[doc(hidden)]
    pub filter: Filter,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// Encrypts secrets that must be read again.
    pub vault: Arc<Vault>,
    /// Binds every change into the log.
    pub record: Arc<Record>,
}

impl App {
    /// A program over `db`, with its own clock and ids.
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: IdSource, config: Config) -> Self {
        let progress = Progress::new(config.limits.solves);
        let hasher = Hasher::new(config.limits.password_hashes);
        let vault = Arc::new(Vault::new(config.secret_key.clone()));
        let record = Arc::new(Record::new(config.log_key.clone()));
        let config = Arc::new(config);
        Self { db, clock, ids: Arc::new(ids), config, progress, filter: Filter::On, hasher, vault, record }
    }

    /// Runs `work` in one transaction within `scope`; blocks the thread.
    ///
    /// `work` may run several times (see [`Db::write`]); it must have no effect outside the transaction.
    pub fn write<T>(
        &self,
        scope: impl Into<Scope>,
        mut work: impl FnMut(&mut Work<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let scope = scope.into().with_filter(self.filter);
        self.db.write(&scope, |connection| {
            Record::begin(connection)?;
            let mut unit = Work::new(connection, &scope, &self.ids, self.clock.as_ref());
            let value = work(&mut unit)?;
            self.record.finish(unit)?;
            Ok(value)
        })
    }

    /// Runs `work` against one unchanging state of the database, within `scope`; blocks the thread.
    pub fn read<T>(
        &self,
        scope: impl Into<Scope>,
        work: impl FnOnce(&mut DbConnection, &Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let scope = scope.into().with_filter(self.filter);
        self.db.read(&scope, |connection| work(connection, &scope))
    }

    /// [`App::write`] from asynchronous code.
    pub async fn write_async<T: Send + 'static>(
        &self,
        scope: impl Into<Scope>,
        work: impl FnMut(&mut Work<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (app, scope) = (self.clone(), scope.into());
        off_thread(move || app.write(scope, work)).await
    }

    /// [`App::read`] from asynchronous code.
    pub async fn read_async<T: Send + 'static>(
        &self,
        scope: impl Into<Scope>,
        work: impl FnOnce(&mut DbConnection, &Scope) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (app, scope) = (self.clone(), scope.into());
        off_thread(move || app.read(scope, work)).await
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?
}
