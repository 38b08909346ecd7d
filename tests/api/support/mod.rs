//! A running Pasok for one test, on each back end in turn.

mod client;
mod database;
mod process;
mod stage;
mod trade;

pub use client::{Answer, Client, fresh_key};
pub use database::{database_urls, on_each_database, on_sqlite_with};
pub use process::{Process, Server};
pub use stage::{Player, REGULATION, Stage, goods, player};
pub use trade::{Trade, round_body};

use pasok::access::sessions::{self, Opening};
use pasok::app::App;
use pasok::cli;
use pasok::config::Config;
use pasok::db::DatabaseUrl;
use pasok::parties::service::{self, NewOrganisation};
use pasok::parties::{Actor, Capability, Class, Organisation, OrganisationStatus, Role};
use pasok::scope::Scope;
use pasok::values::IdSource;
use pasok::values::time::FixedClock;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The instant at which every test begins: a Monday morning in Kupang.
pub const START: &str = "2026-01-05T01:00:00Z";

/// The system itself, for setting things up.
pub const SYSTEM: Scope = Scope::system("setting up a test");

/// A server with its database, its clock and ways to sign in. Stops when dropped.
pub struct TestApp {
    /// The program's insides, for setting up and looking behind the API.
    pub app: App,
    /// The hands of the clock; tests about deadlines move them.
    pub clock: FixedClock,
    /// Where it listens.
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
}

impl TestApp {
    /// Starts a server over an empty, migrated database.
    pub async fn start(database: DatabaseUrl) -> Self {
        let mut config = Config::for_database(database);
        // Stories move the clock by days; those about sessions set these limits themselves.
        config.limits.session_idle = Duration::from_hours(365 * 24);
        config.limits.session_life = Duration::from_hours(365 * 24);
        if matches!(config.database, DatabaseUrl::Postgres(_)) {
            let key = |kind: &str| std::env::temp_dir().join(format!("pasok-test-{}.{kind}", std::process::id()));
            (config.log_key, config.secret_key) = (key("log-key"), key("secret-key"));
        }
        Self::start_with(config).await
    }

    /// Starts a server with settings of its own.
    pub async fn start_with(config: Config) -> Self {
        Self::start_at(config, FixedClock::at(START)).await
    }

    /// Starts a server with settings and a time of its own.
    pub async fn start_at(config: Config, clock: FixedClock) -> Self {
        let app = cli::open_at(config, Arc::new(clock.clone()), IdSource::new(1)).expect("open the database");
        Self::serve(app, clock).await
    }

    async fn serve(app: App, clock: FixedClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let (router, limits) = (pasok::router::router(app.clone()), app.config.limits);
        tokio::spawn(pasok::web::server::serve(listener, router, limits, async {
            let _ = stopped.await;
        }));
        Self { app, clock, address, stop: Some(stop) }
    }

    /// Another server over the same database, with a changed program: what a second process would be.
    pub async fn second(&self, change: impl FnOnce(&mut App)) -> Self {
        let ids = IdSource::new(2);
        let config = (*self.app.config).clone();
        let mut app = cli::open_at(config, Arc::new(self.clock.clone()), ids).expect("open the database again");
        change(&mut app);
        Self::serve(app, self.clock.clone()).await
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client that has not signed in.
    pub fn anyone(&self) -> Client {
        Client::new(self.address, None)
    }

    /// Registers an organisation that takes part.
    pub fn organisation(&self, code: &str, class: Class, capabilities: &[Capability]) -> Organisation {
        let new = NewOrganisation {
            code: code.to_owned(),
            name: format!("Organisasi {code}"),
            class,
            status: OrganisationStatus::Active,
            capabilities: capabilities.iter().copied().collect(),
        };
        self.app.write(SYSTEM, |work| service::register(work, new.clone())).expect("register")
    }

    /// A client signed in, with a second factor, as a new member of the organisation with this role.
    pub fn member(&self, organisation: &Organisation, name: &str, role: Role) -> Client {
        self.signed_in(self.member_id(organisation, name, role), true)
    }

    /// A new member of the organisation with this role.
    pub fn member_id(&self, organisation: &Organisation, name: &str, role: Role) -> i64 {
        let member = self.app.write(SYSTEM, |work| service::add_member(work, organisation.id, name, role));
        member.expect("a member").id
    }

    /// A client with a session of a member.
    pub fn signed_in(&self, member_id: i64, second_factor: bool) -> Client {
        let opening = Opening { member_id, client: "test".to_owned(), second_factor };
        let limits = self.app.config.limits;
        let opened = self.app.write(SYSTEM, |work| sessions::open(work, &opening, &limits));
        Client::new(self.address, Some(opened.expect("a session").1))
    }

    /// A member of the organisation with this role, added if missing, as an actor of services.
    pub fn actor(&self, organisation_id: i64, name: &str, role: Role) -> Actor {
        let made = self.app.write(SYSTEM, |work| {
            let member = service::add_member_once(work, organisation_id, name, role)?;
            service::actor_of(work.connection, work.scope, member.id)
        });
        made.expect("an actor")
    }

    /// A client of a new operator organisation.
    pub fn operator(&self) -> Client {
        let operator = self.organisation("DINAS", Class::Pemerintah, &[Capability::Operator]);
        self.member(&operator, "Ibu Operator", Role::Operator)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

/// Compares a generated document with the committed file; writes it instead when `PASOK_WRITE_DOCS` is set.
#[track_caller]
pub fn assert_document(path: &str, text: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("PASOK_WRITE_DOCS").is_some() {
        std::fs::write(&file, text).expect("write the document");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is not current; run the tests with PASOK_WRITE_DOCS=1 and commit it");
}

/// Runs SQL as the owner of the tables on PostgreSQL, with row-level security out of the way; nothing on SQLite.
pub fn as_owner(test: &TestApp, sql: &str) {
    use diesel::Connection;
    use diesel::connection::SimpleConnection;
    let DatabaseUrl::Postgres(url) = test.app.db.url() else { return };
    let mut connection = diesel::PgConnection::establish(url).expect("the owner");
    let free = "DO $$ DECLARE t RECORD; BEGIN \
                FOR t IN SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = current_schema() LOOP \
                EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', t.tablename); END LOOP; END $$;";
    connection.batch_execute(&format!("{free} {sql}")).expect("SQL of the owner");
}

/// A market run by `operator_id`, with freight of 30 rupiah per kilogram and 20 kilometres.
pub fn market(test: &TestApp, operator_id: i64) -> pasok::markets::Market {
    market_named(test, operator_id, "kupang")
}

/// The same market under another code.
pub fn market_named(test: &TestApp, operator_id: i64, code: &str) -> pasok::markets::Market {
    use pasok::markets::service::NewMarket;
    use pasok::markets::{DeliveryWeekdays, FreightSettings, TimeZone};
    let new = NewMarket {
        code: code.to_owned(),
        kind: pasok::markets::MarketKind::Real,
        name: "Kota Kupang".to_owned(),
        region_code: None,
        operator_id,
        time_zone: TimeZone::Wita,
        rice_zone: pasok::values::RiceZone::new(2).expect("a zone"),
        circuity_permille: 1_450,
        delivery_weekdays: DeliveryWeekdays::new(1..=6).expect("weekdays"),
        freight: FreightSettings { per_g_km_ticks: 15_000, cold_per_g_km_ticks: 30_000, base_per_g_ticks: 0 },
        shortage_permille: 3_000,
    };
    test.app.write(SYSTEM, |work| pasok::markets::service::create(work, new.clone())).expect("a market")
}
