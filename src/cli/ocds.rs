//! `pasok ocds`: the open record of a published round as a file, the same package as the public address answers.

use super::DatabaseArgs;
use crate::error::{AppError, CommonError};
use crate::scope::Scope;
use crate::tenders::ocds;
use clap::Args;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Which round, and where to.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Id of a published round.
    round: i64,
    /// Where the server is reached, for the package's own address.
    #[arg(long, default_value = "http://localhost", value_name = "URL")]
    base: String,
    /// The file to write; standard output unless said otherwise.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, AppError> {
    options.database.must_exist()?;
    let app = super::open(options.database.config())?;
    let base = options.base.trim_end_matches('/');
    let package = app.read(Scope::system("the open record as a file"), |connection, system| {
        ocds::release_package(connection, system, options.round, base)
    })?;
    let mut text = serde_json::to_string_pretty(&package).map_err(AppError::internal)?;
    text.push('\n');
    match &options.output {
        Some(file) => std::fs::write(file, text)
            .map_err(|error| AppError::refused_with(CommonError::NotFound, format!("{}: {error}", file.display())))?,
        None => std::io::stdout().write_all(text.as_bytes()).map_err(AppError::internal)?,
    }
    Ok(ExitCode::SUCCESS)
}
