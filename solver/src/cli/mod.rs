//! The subcommands, one file each.
//!
//! Exit codes: 0 all well, 1 a check failed (or `mcf`: no flow), 2 bad input, 3 a limit of memory, time or the machine.

pub mod check;
pub mod diff;
pub mod explain;
pub mod generate;
pub mod generate_transport;
pub mod mcf;
mod phases;
pub mod solve;

use pasok_solver::problem::ParseError;
use std::path::Path;
use std::process::ExitCode;

/// Exit code for a plan that does not hold.
pub const FAILED: u8 = 1;
/// Exit code for documents that cannot be used.
pub const BAD_INPUT: u8 = 2;
/// Exit code for limits of the machine.
pub const LIMIT: u8 = 3;

/// Reads a document, or says what is wrong with it.
pub fn read<T>(path: &Path, parse: impl Fn(&[u8]) -> Result<T, ParseError>) -> Result<(Vec<u8>, T), ExitCode> {
    let refuse = |message: String| {
        eprintln!("{}: {message}", path.display());
        ExitCode::from(BAD_INPUT)
    };
    let bytes = std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let document = parse(&bytes).map_err(|error| refuse(error.to_string()))?;
    Ok((bytes, document))
}
