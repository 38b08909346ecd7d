//! The subcommands, one file each.
//!
//! Exit codes: 0 all well, 1 a check failed (or `mcf`: no flow), 2 bad input, 3 a limit of memory, time or the machine.

pub mod check;
pub mod diff;
pub mod explain;
pub mod generate;
pub mod generate_transport;
pub mod limited;
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
    let bytes = std::fs::read(path).map_err(|error| {
        let code = refuse(format!("cannot be read: {error}"));
        if error.kind() == std::io::ErrorKind::OutOfMemory { ExitCode::from(LIMIT) } else { code }
    })?;
    let document = parse(&bytes).map_err(|error| refuse(error.to_string()))?;
    Ok((bytes, document))
}

/// A count or size on the command line, small enough that products of two of them are harmless.
///
/// # Errors
/// What to tell the user.
pub fn size(text: &str) -> Result<usize, String> {
    const MOST: usize = 1_000_000;
    let size: usize = text.parse().map_err(|_| "is not a whole number".to_owned())?;
    if size <= MOST { Ok(size) } else { Err(format!("is more than {MOST}")) }
}

/// Refuses to make more than `most` of something.
///
/// # Errors
/// The exit code, once the reason is written.
pub fn refuse_above(most: usize, what: &str, factors: [usize; 2]) -> Result<(), ExitCode> {
    let [one, other] = factors;
    match one.checked_mul(other) {
        Some(count) if count <= most => Ok(()),
        _ => {
            eprintln!("{one} times {other} {what} are more than this machine should be asked for ({most})");
            Err(ExitCode::from(LIMIT))
        }
    }
}
