//! The only shared diesel code: connections, pools, transactions, schema, migrations.
//!
//! One code base for SQLite and PostgreSQL, both always compiled; the URL decides. Invariants:
//! * every write happens inside [`Db::write`]: one transaction, `BEGIN IMMEDIATE` on SQLite, retried when PostgreSQL
//!   reports a serialisation failure or deadlock;
//! * [`Db::read`] cannot write on SQLite (`query_only`);
//! * bundled SQLite is at least 3.51.3 (older write-ahead logs can corrupt) and runs with `synchronous=FULL`.

mod connection;
pub mod guards;
pub mod migrate;
mod pool;
pub mod schema;
pub mod series;
mod session;

pub use connection::{DatabaseUrl, DbConnection};
pub use pool::{Db, DbError, DbOptions, LostRace, Sorting};

/// Runs the same diesel expression on whichever back end the connection is.
///
/// For what `MultiConnection` cannot express once for both: batch inserts, ON CONFLICT.
#[macro_export]
macro_rules! on_backend {
    ($connection:expr, $inner:ident => $body:expr) => {
        match $connection {
            $crate::db::DbConnection::Sqlite($inner) => $body,
            $crate::db::DbConnection::Postgres($inner) => $body,
        }
    };
}
