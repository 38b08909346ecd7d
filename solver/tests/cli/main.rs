//! The command line: what every command answers to good and bad input, files that are missing, limits that are too low.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod generated;
mod limits;
mod mcf;
mod netgen;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the program said.
#[derive(Debug)]
struct Said {
    /// `None`: a signal ended it.
    code: Option<i32>,
    /// Standard output.
    out: String,
    /// Standard error.
    err: String,
}

/// Runs `pasok-solver` with these words.
fn run<S: AsRef<std::ffi::OsStr>>(words: &[S]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pasok-solver"));
    let output = command.args(words).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Said {
    /// Fails the test unless the program ended so, without a panic, and said all of `words` on standard error.
    #[track_caller]
    fn expect(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.err.contains("panicked"), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "no '{word}' in '{}'", self.err);
        }
        self
    }
}

/// The path of an example.
fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// A folder with files of these names and contents.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
    folder
}

/// The path of a file as text.
fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}
