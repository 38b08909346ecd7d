//! `solve --memory-mib`: the work in a child process under the limit, so that want of memory ends in words.
//!
//! HiGHS, and Rust's own allocator, end the process when an allocation fails. Nothing inside it could still answer, so
//! this parent stays outside the limit, watches the child, and lets the engines that need least try once more.
//! A child whose parent is gone notices that its standard input has closed and goes too.

use super::LIMIT;
use super::solve::{EngineName, SolveArgs};
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Solves in a child process that may use `mib` MiB of address space.
pub fn run(args: &SolveArgs, mib: u64) -> ExitCode {
    let start = Instant::now();
    let mut engines = vec![args.engine];
    if args.engine == EngineName::Auto {
        engines.push(EngineName::Flow);
    }
    for (attempt, &engine) in engines.iter().enumerate() {
        if attempt > 0 {
            eprintln!("{mib} MiB are not enough for HiGHS here; solving again without it");
        }
        let left = Duration::from_secs(args.time_limit).saturating_sub(start.elapsed());
        match solve_in_child(args, engine, left, mib) {
            // Ended by a signal: the limit of memory, or the system's want of it.
            Ok(None) => {}
            Ok(Some(code)) => return ExitCode::from(code),
            Err(error) => {
                eprintln!("the solving process could not be started: {error}");
                return ExitCode::from(LIMIT);
            }
        }
    }
    eprintln!("the problem needs more memory than {mib} MiB; raise --memory-mib or split the problem");
    ExitCode::from(LIMIT)
}

/// The child's exit code; `None` when a signal ended it.
fn solve_in_child(args: &SolveArgs, engine: EngineName, left: Duration, mib: u64) -> std::io::Result<Option<u8>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["solve", "--child"]);
    command.args(["--memory-mib", &mib.to_string(), "--threads", &args.threads.to_string()]);
    command.args(["--time-limit", &left.as_secs().to_string(), "--gap-ppm", &args.gap_ppm.to_string()]);
    command.args(["--engine", engine.name()]);
    if args.progress.is_some() {
        command.args(["--progress", "json"]);
    }
    if args.timings {
        command.arg("--timings");
    }
    for (word, file) in [("--warm", &args.warm), ("--warm-problem", &args.warm_problem), ("--output", &args.output)] {
        if let Some(file) = file {
            command.arg(word).arg(file);
        }
    }
    // After `--`, so that a file may be called what it likes.
    command.arg("--").arg(&args.problem);
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    // Held until the child has ended; `wait` would close it first.
    let lifeline = child.stdin.take();
    let status = child.wait()?;
    drop(lifeline);
    Ok(status.code().map(|code| u8::try_from(code).unwrap_or(LIMIT)))
}

/// Limits the address space of this process, and ends it when its parent goes.
///
/// # Errors
/// What to tell the user.
pub fn enter(mib: u64, problem: &Path) -> Result<(), String> {
    let watch = || {
        let _ = std::io::stdin().lock().read(&mut [0]);
        std::process::exit(LIMIT.into());
    };
    // A name and a small stack: the limit is on address space.
    let watching = std::thread::Builder::new().name("parent".into()).stack_size(64 << 10).spawn(watch);
    watching.map_err(|error| format!("{}: no thread could be started: {error}", problem.display()))?;
    let bytes = mib.saturating_mul(1 << 20);
    let set = rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes);
    set.map_err(|error| format!("the memory limit of {mib} MiB could not be set: {error}"))
}
