//! The same test on every database: a SQLite file always, a schema of its own on PostgreSQL where one is given.

use super::TestApp;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use pasok::config::Config;
use pasok::db::DatabaseUrl;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT_SCHEMA: AtomicU64 = AtomicU64::new(1);

/// Runs `test` on SQLite, then on PostgreSQL if `PASOK_TEST_POSTGRES_URL` is set.
pub fn on_each_database<F: Future<Output = ()>>(test: impl Fn(TestApp) -> F) {
    database_urls(|url| block_on(&test, url.parse().expect("a database URL")));
}

/// Runs `test` on SQLite alone, with settings changed by `change`: for what does not touch the database.
pub fn on_sqlite_with<F: Future<Output = ()>>(change: impl Fn(&mut Config), test: impl Fn(TestApp) -> F) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let mut config = Config::for_database(url.parse().expect("a database URL"));
    change(&mut config);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async { test(TestApp::start_with(config).await).await });
}

/// Calls `test` with the URL of an empty SQLite database, then of a PostgreSQL schema where there is a server.
pub fn database_urls(test: impl Fn(&str)) {
    let folder = tempfile::tempdir().expect("a folder");
    test(&format!("sqlite://{}", folder.path().join("test.db").display()));
    match std::env::var("PASOK_TEST_POSTGRES_URL") {
        Ok(server) => {
            let schema = Schema::create(&server);
            test(&schema.url());
        }
        Err(_) => assert!(
            std::env::var_os("PASOK_REQUIRE_POSTGRES").is_none(),
            "PASOK_REQUIRE_POSTGRES is set but PASOK_TEST_POSTGRES_URL is not"
        ),
    }
}

fn block_on<F: Future<Output = ()>>(test: &impl Fn(TestApp) -> F, database: DatabaseUrl) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async { test(TestApp::start(database).await).await });
}

/// A PostgreSQL schema that disappears when dropped.
struct Schema {
    server: String,
    name: String,
}

impl Schema {
    fn create(server: &str) -> Self {
        let name = format!("test_{}_{}", std::process::id(), NEXT_SCHEMA.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::establish(server).expect("the test server");
        connection.batch_execute(&format!("CREATE SCHEMA {name}")).expect("a schema");
        Self { server: server.to_owned(), name }
    }

    fn url(&self) -> String {
        let joint = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{joint}options=-csearch_path%3D{}", self.server, self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if let Ok(mut connection) = PgConnection::establish(&self.server) {
            let _ = connection.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.name));
        }
    }
}
