//! The command line: one file per command. Exit codes: 0 fine, 1 a check found something, 2 wrong input, 3 our fault.

mod admin;
mod audit;
mod check;
mod demo;
mod healthcheck;
mod import;
mod migrate;
mod ocds;
mod seed;
mod serve;
mod training;
mod witness;

use crate::app::App;
use crate::config::Config;
use crate::db::{DatabaseUrl, Db, DbOptions, migrate as migrations};
use crate::error::{AppError, CommonError};
use crate::sheets;
use crate::values::time::SystemClock;
use crate::values::{Clock, IdSource};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Supply matching and procurement for cooperatives and school-meal kitchens.
#[derive(Debug, Parser)]
#[command(name = "pasok", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the pages.
    Serve(serve::Options),
    /// Check that a database holds every promise; exit 1 and name each that is broken.
    Check(check::Options),
    /// Play the main job on real data, from an empty database to published orders.
    Demo(demo::Options),
    /// Bring the database to the newest schema.
    Migrate(DatabaseArgs),
    /// Load the seed facts: regions, commodities, units and official prices. Safe to repeat; newer facts change what they
    /// differ from, and every change is told.
    Seed(DatabaseArgs),
    /// Set up the first operator and administrator.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Classes with made-up money, for courses.
    #[command(subcommand)]
    Training(training::TrainingCommand),
    /// Take in a table of demands, offers or parties, CSV or XLSX: every row, or nothing.
    Import(import::ImportOptions),
    /// Write a table of one's own demands or offers, or of all parties, or an empty template.
    Export(import::ExportOptions),
    /// Write the open record of a published round: an OCDS 1.1 release package.
    Ocds(ocds::Options),
    /// Read a table from standard input and print its cells as JSON; what the server's child process does.
    #[command(name = "read-sheet", hide = true)]
    ReadSheet,
    /// Verify the record, and hand out what others need to watch it.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Watch somebody else's record: cosign its checkpoints as long as it only grows.
    #[command(subcommand)]
    Witness(witness::WitnessCommand),
    /// Ask a running server whether it is ready; exit 0 if so.
    Healthcheck(healthcheck::Options),
}

/// Where the database is.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// `sqlite://FILE` or `postgres://…`.
    #[arg(long, env = "PASOK_DATABASE_URL", default_value = "sqlite://pasok.db", value_name = "URL")]
    pub database: DatabaseUrl,
    /// The private key that signs checkpoints of the record; beside the database unless said otherwise.
    #[arg(long, env = "PASOK_LOG_KEY", value_name = "FILE")]
    pub log_key: Option<PathBuf>,
    /// The keys that encrypt secrets at rest; beside the database unless said otherwise.
    #[arg(long, env = "PASOK_SECRET_KEY", value_name = "FILE")]
    pub secret_key: Option<PathBuf>,
}

impl DatabaseArgs {
    /// Settings for this database.
    pub fn config(&self) -> Config {
        let mut config = Config::for_database(self.database.clone());
        if let Some(file) = &self.log_key {
            config.log_key.clone_from(file);
        }
        if let Some(file) = &self.secret_key {
            config.secret_key.clone_from(file);
        }
        config
    }

    /// Refuses a file that is not there: opening would make an empty one, and an empty file breaks no promise.
    pub fn must_exist(&self) -> Result<(), AppError> {
        match &self.database {
            DatabaseUrl::Sqlite(path) if !path.is_file() => {
                let hint = format!("{} is not a file", path.display());
                Err(AppError::refused_with(CommonError::NotFound, hint))
            }
            DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => Ok(()),
        }
    }
}

/// Runs one command.
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Serve(options) => serve::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Migrate(options) => migrate::run(&options),
        Command::Seed(options) => seed::run(&options),
        Command::Admin(command) => admin::run(&command),
        Command::Training(command) => training::run(&command),
        Command::Import(options) => import::import(&options),
        Command::Export(options) => import::export(&options),
        Command::Ocds(options) => ocds::run(&options),
        Command::ReadSheet => sheets::serve_child().map(|()| ExitCode::SUCCESS),
        Command::Audit(command) => audit::run(&command),
        Command::Witness(command) => witness::run(&command),
        Command::Healthcheck(options) => return healthcheck::run(&options),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pasok: {error}");
            ExitCode::from(if matches!(error, AppError::Refused(_)) { 2 } else { 3 })
        }
    }
}

/// Opens a migrated database with the machine's clock.
pub fn open(config: Config) -> Result<App, AppError> {
    open_at(config, Arc::new(SystemClock), IdSource::new(rand::random()))
}

/// Opens a migrated database with a given clock and source of ids.
pub fn open_at(config: Config, clock: Arc<dyn Clock>, ids: IdSource) -> Result<App, AppError> {
    let db = Db::open(&config.database, DbOptions::default())?;
    migrations::up(&db)?;
    Ok(App::new(db, clock, ids, config))
}
