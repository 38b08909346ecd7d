//! The solver's program as a child process with a file in, a file out, and a limit on its time.
//!
//! It limits its own memory (`--memory-mib`) and time (`--time-limit`) and writes progress to stderr; the limits here are
//! for a child that does not.

use super::super::errors::RoundError;
use super::Failure;
use crate::config::Config;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What a child that keeps its own time limit may still need to write its best plan.
const GRACE: Duration = Duration::from_secs(15);
/// How often the child's end is looked for while it says nothing.
const POLL: Duration = Duration::from_millis(20);
/// Longest line of progress that is passed on.
const LONGEST_LINE: u64 = 16 * 1024;
/// Kept of what the child says in plain text, for the reason of a failure.
const KEPT_CHARS: usize = 500;
/// Largest plan that is read.
const LARGEST_PLAN: u64 = 2 * 1024 * 1024 * 1024;

/// Runs the solver on a problem and answers the text of its plan. `news` gets its progress, one JSON object a call.
pub fn run(config: &Config, problem: &str, news: &mut dyn FnMut(&str)) -> Result<String, Failure> {
    let missing = |error: std::io::Error| Failure::new(RoundError::SolverMissing, error.to_string());
    // Only this user may look inside: the problem holds everybody's prices.
    let folder = tempfile::Builder::new().prefix("pasok-solve-").tempdir().map_err(missing)?;
    let (problem_file, plan_file) = (folder.path().join("problem.json"), folder.path().join("plan.json"));
    std::fs::write(&problem_file, problem).map_err(missing)?;
    let mut child =
        Guarded(command(config, &problem_file, &plan_file).spawn().map_err(|error| {
            Failure::new(RoundError::SolverMissing, format!("{}: {error}", config.solver.display()))
        })?);
    let (sender, receiver) = mpsc::sync_channel(256);
    let listener = child.0.stderr.take().map(|stderr| std::thread::spawn(move || listen(stderr, &sender)));
    let status = wait(&mut child.0, config.solve_time + GRACE, &receiver, news);
    // The child is gone (the guard kills it if not), so its stderr is closed and the listener ends.
    drop(child);
    for line in receiver.try_iter() {
        news(&line);
    }
    drop(receiver);
    let said = listener.and_then(|thread| thread.join().ok()).unwrap_or_default();
    judge(status?, &said)?;
    read_plan(&plan_file)
}

fn command(config: &Config, problem: &Path, plan: &Path) -> Command {
    let mut command = Command::new(&config.solver);
    command
        .arg("solve")
        .arg(problem)
        .arg("-o")
        .arg(plan)
        .args(["--threads", &config.solve_threads.to_string()])
        .args(["--time-limit", &config.solve_time.as_secs().max(1).to_string()])
        .args(["--memory-mib", &config.solve_memory_mib.to_string()])
        .args(["--progress", "json"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .env_clear();
    // Programs named without a folder are looked for along PATH; everything else stays here (the database's address).
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// A child that does not outlive its reader.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait(
    child: &mut Child,
    longest: Duration,
    receiver: &mpsc::Receiver<String>,
    news: &mut dyn FnMut(&str),
) -> Result<ExitStatus, Failure> {
    let deadline = Instant::now() + longest;
    loop {
        if let Ok(line) = receiver.recv_timeout(POLL) {
            news(&line);
        }
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => {}
            Ok(None) => {
                return Err(Failure::new(RoundError::SolverTimeout, format!("{} s", longest.as_secs())));
            }
            Err(error) => return Err(Failure::new(RoundError::SolverFailed, error.to_string())),
        }
    }
}

/// Passes on lines that are JSON objects; answers the last of what else is said.
fn listen(stderr: ChildStderr, sender: &mpsc::SyncSender<String>) -> String {
    let mut reader = BufReader::new(stderr);
    let mut said = String::new();
    loop {
        let mut line = Vec::new();
        match reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return said,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok() {
            // Nobody listening any more, or slower than the solver: news is only news.
            let _ = sender.try_send(text.to_owned());
        } else {
            said = tail(&format!("{said} {text}"));
        }
    }
}

/// The last part of a text, printable.
fn tail(text: &str) -> String {
    let printable: Vec<char> = text.trim().chars().filter(|c| !c.is_control()).collect();
    let start = printable.len().saturating_sub(KEPT_CHARS);
    printable.into_iter().skip(start).collect()
}

fn judge(status: ExitStatus, said: &str) -> Result<(), Failure> {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::new(RoundError::SolverFailed, format!("exit {code}. {said}"))),
        None => Err(Failure::new(RoundError::SolverKilled, format!("{status}. {said}"))),
    }
}

fn read_plan(file: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| Failure::new(RoundError::SolverUnreadable, error.to_string());
    let opened = std::fs::File::open(file).map_err(unreadable)?;
    let mut text = String::new();
    let read = opened.take(LARGEST_PLAN + 1).read_to_string(&mut text).map_err(unreadable)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > LARGEST_PLAN {
        return Err(Failure::new(RoundError::SolverUnreadable, format!("> {LARGEST_PLAN} B")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_runs_past_its_time_is_stopped() {
        let mut child = Guarded(Command::new("sleep").arg("60").spawn().unwrap());
        let (_sender, receiver) = mpsc::sync_channel(1);
        let started = Instant::now();
        let outcome = wait(&mut child.0, Duration::from_millis(200), &receiver, &mut |_| {});
        assert!(outcome.err().unwrap().text().starts_with("SOLVER_TIMEOUT"));
        drop(child);
        assert!(started.elapsed() < Duration::from_secs(30), "the child was waited for instead of stopped");
    }

    #[test]
    fn what_a_child_says_is_kept_short_and_printable() {
        let said = tail(&format!("{}\u{1b}[31mthe end", "x".repeat(10_000)));
        assert_eq!(said.chars().count(), KEPT_CHARS);
        assert!(said.ends_with("[31mthe end") && !said.contains('\u{1b}'));
    }
}
