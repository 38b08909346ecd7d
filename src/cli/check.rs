//! `pasok check`: exit 0 if every invariant holds, 1 if any is broken.

use super::DatabaseArgs;
use crate::check;
use crate::db::{DatabaseUrl, Db, DbOptions, migrate};
use crate::error::{AppError, CommonError};
use clap::Args;
use std::process::ExitCode;

/// What to check and how to tell.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// Settings of glibc's allocator, which reads them when a program starts: otherwise it raises both as large documents come and
/// go, keeps what a round leaves, and the next one is laid beside it (50 MiB of a million lines). Others ignore them.
#[cfg(unix)]
const HEAP: [(&str, &str); 2] = [("MALLOC_TRIM_THRESHOLD_", "131072"), ("MALLOC_MMAP_THRESHOLD_", "1048576")];

/// Starts the program again with [`HEAP`], unless somebody set it already. Where that fails the check runs as it is.
#[cfg(unix)]
fn with_a_heap_that_shrinks() {
    use std::os::unix::process::CommandExt as _;
    if HEAP.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let _failed = std::process::Command::new(program).args(std::env::args_os().skip(1)).envs(HEAP).exec();
    }
}

pub(super) fn run(options: &Options) -> Result<ExitCode, AppError> {
    #[cfg(unix)]
    with_a_heap_that_shrinks();
    let url = &options.database.database;
    // Opening would make an empty file, and an empty file breaks no promise.
    if let DatabaseUrl::Sqlite(path) = url
        && !path.is_file()
    {
        let hint = format!("{} is not a file", path.display());
        return Err(AppError::refused_with(CommonError::NotFound, hint));
    }
    let db = Db::open(url, DbOptions::for_reading_all())?;
    if migrate::pending(&db)? > 0 {
        eprintln!("pasok check: the schema is not this program's; run `pasok migrate` first");
        return Ok(ExitCode::from(1));
    }
    let report = check::run(&db)?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(AppError::internal)?);
    } else {
        println!("{report}");
    }
    Ok(ExitCode::from(u8::from(!report.is_clean())))
}
