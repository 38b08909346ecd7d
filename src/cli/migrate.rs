//! `pasok migrate`.

use super::DatabaseArgs;
use crate::db::{Db, DbOptions, migrate};
use crate::error::AppError;
use std::process::ExitCode;

pub(super) fn run(options: &DatabaseArgs) -> Result<ExitCode, AppError> {
    let applied = migrate::up(&Db::open(&options.database, DbOptions::default())?)?;
    if applied.is_empty() {
        println!("nothing to do: the schema is the newest");
    }
    for version in applied {
        println!("applied {version}");
    }
    Ok(ExitCode::SUCCESS)
}
