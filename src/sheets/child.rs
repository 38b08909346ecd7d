//! Reading a stranger's file in a process of its own: both ends of it.
//!
//! The child gets the bytes on its standard input and nothing else, limits its own memory and processor time, and
//! answers one JSON document. Whatever becomes of it, the parent goes on: it waits for a bounded time, reads a bounded
//! answer, and takes anything unexpected for a file that cannot be read.

use super::{LARGEST_FILE, Sheet, SheetError, read};
use crate::error::AppError;
use rlimit::Resource;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The child's command.
pub const COMMAND: &str = "read-sheet";
/// Most memory the child may map.
const MEMORY_BYTES: u64 = 512 * 1024 * 1024;
/// Most processor time of the child, in seconds.
const CPU_S: u64 = 10;
/// Longest that the parent waits.
const WALL: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(10);
/// Largest answer: every cell of the largest table, at its longest, stays far below.
const LARGEST_ANSWER: u64 = 64 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Sheet(Sheet),
    Refused(String),
}

/// Reads a file with the program at `program` as the child; blocks until it is read or given up.
pub fn read_apart(program: &Path, bytes: &[u8]) -> Result<Sheet, AppError> {
    let mut child = Guarded(spawn(program).map_err(AppError::internal)?);
    let (stdin, stdout) = (child.0.stdin.take(), child.0.stdout.take());
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || {
            // The child reads everything before it answers; if it is gone already, its end says why.
            let _ = stdin.map(|mut stdin| stdin.write_all(bytes));
        });
        let listener = scope.spawn(move || {
            let mut text = Vec::new();
            let read = stdout.map(|stdout| stdout.take(LARGEST_ANSWER).read_to_end(&mut text));
            read.and_then(Result::ok).map(|_| text)
        });
        let status = wait(&mut child.0);
        if status.is_none() {
            // Ends both threads: its pipes close with it.
            let _ = child.0.kill();
        }
        let text = listener.join().ok().flatten();
        status.filter(ExitStatus::success).and(text)
    });
    match answer.map(|text| serde_json::from_slice(&text)) {
        Some(Ok(Answer::Sheet(sheet))) => Ok(sheet),
        Some(Ok(Answer::Refused(code))) => {
            let error = SheetError::ALL.iter().find(|error| error.code() == code);
            Err((*error.unwrap_or(&SheetError::Unreadable)).into())
        }
        // Stopped by one of its limits, or by a fault in a parser: all the same to whoever sent the file.
        Some(Err(_)) | None => Err(SheetError::TooSlow.into()),
    }
}

fn spawn(program: &Path) -> std::io::Result<Child> {
    Command::new(program)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .env_clear()
        .spawn()
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

fn wait(child: &mut Child) -> Option<ExitStatus> {
    let deadline = Instant::now() + WALL;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(POLL),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// The child: limits itself, reads standard input, answers on standard output.
pub fn serve_child() -> Result<(), AppError> {
    for (resource, limit) in [(Resource::AS, MEMORY_BYTES), (Resource::CPU, CPU_S), (Resource::CORE, 0)] {
        rlimit::setrlimit(resource, limit, limit).map_err(AppError::internal)?;
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX);
    std::io::stdin().take(most + 1).read_to_end(&mut bytes).map_err(AppError::internal)?;
    let answer = match read(&bytes) {
        Ok(sheet) => Answer::Sheet(sheet),
        Err(error) => Answer::Refused(error.code().to_owned()),
    };
    serde_json::to_writer(std::io::stdout().lock(), &answer).map_err(AppError::internal)
}
