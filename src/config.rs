//! Every setting, in one place; read once at the start and passed in.

use crate::db::DatabaseUrl;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Settings of a running program.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database is.
    pub database: DatabaseUrl,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The solver's program; it runs as a child process.
    pub solver: PathBuf,
    /// The program whose `read-sheet` command reads spreadsheets: this one, as a child process.
    pub sheet_reader: PathBuf,
    /// Longest a solve may take.
    pub solve_time: Duration,
    /// Most memory a solve may take, in MiB.
    pub solve_memory_mib: u64,
    /// Threads a solve may use.
    pub solve_threads: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The private key that signs checkpoints of the record; made on first use where there is none.
    pub log_key: PathBuf,
    /// The keys that encrypt secrets at rest; made on first use where there are none.
    pub secret_key: PathBuf,
    /// Named limits of the server; see `docs/operations.md`.
    pub limits: Limits,
}

/// A bound on everything a stranger can make large or slow.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest request body in bytes.
    pub body_bytes: usize,
    /// Longest a client may take to send its headers.
    pub header_time: Duration,
    /// Longest pause while a request body arrives.
    pub body_time: Duration,
    /// Longest a client may leave an answer unread before the connection is closed.
    pub write_time: Duration,
    /// Longest a request may take in all (long work is answered with 202).
    pub request_time: Duration,
    /// Most requests in progress, the three classes below not counted; further ones are shed with 503.
    pub requests: usize,
    /// Most sign-ins in progress.
    pub sign_ins: usize,
    /// Most passwords hashed at once; each takes 19 MiB.
    pub password_hashes: usize,
    /// Most imports in progress.
    pub imports: usize,
    /// Most requests in progress that start a solve.
    pub solve_requests: usize,
    /// Most solves that run at once, whatever the round; further rounds wait in `solving`.
    pub solves: usize,
    /// Most open connections.
    pub connections: usize,
    /// Longest a stop waits for requests in progress.
    pub drain_time: Duration,
    /// A session ends when it was not used for so long.
    pub session_idle: Duration,
    /// A session ends so long after the sign-in, whatever happens.
    pub session_life: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 2 * 1024 * 1024,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            write_time: Duration::from_secs(30),
            request_time: Duration::from_secs(30),
            requests: 256,
            sign_ins: 32,
            password_hashes: 2,
            imports: 2,
            solve_requests: 8,
            solves: 2,
            connections: 1024,
            drain_time: Duration::from_secs(20),
            session_idle: Duration::from_mins(30),
            session_life: Duration::from_hours(10),
        }
    }
}

impl Config {
    /// Settings for a database, with defaults for the rest.
    pub fn for_database(database: DatabaseUrl) -> Self {
        Self {
            log_key: file_beside(&database, "log-key"),
            secret_key: file_beside(&database, "secret-key"),
            database,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            solver: beside_this_program("pasok-solver"),
            sheet_reader: beside_this_program("pasok"),
            solve_time: Duration::from_mins(10),
            solve_memory_mib: 4096,
            solve_threads: 2,
            trusted_proxies: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            limits: Limits::default(),
        }
    }
}

/// Beside a database file; in the working directory for a server.
fn file_beside(database: &DatabaseUrl, kind: &str) -> PathBuf {
    match database {
        DatabaseUrl::Sqlite(file) => {
            let mut name = file.clone().into_os_string();
            name.push(format!(".{kind}"));
            name.into()
        }
        DatabaseUrl::Postgres(_) => PathBuf::from(format!("pasok.{kind}")),
    }
}

/// A program in the folder of the running one, or in the folder above it (where test programs run).
fn beside_this_program(name: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let mut folders = program.ancestors().skip(1).take(2);
    folders
        .find_map(|folder| Some(folder.join(name)).filter(|path| path.is_file()))
        .unwrap_or_else(|| PathBuf::from(name))
}
