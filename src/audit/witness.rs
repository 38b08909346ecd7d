//! A witness's side (C2SP tlog-witness): it signs a head only if it continues the last one it signed.
//!
//! What it signed is in a file of its own, far from the log. Whoever rewrites the log cannot rewrite that.

use super::checkpoint::{Checkpoint, WitnessRequest};
use super::merkle::empty;
use super::note::{SignatureLine, Signer, Verifier};
use super::{entry, proof};
use crate::error::AppError;
use crate::values::hex::hex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A log that is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Watched {
    /// Its public key.
    key: String,
    /// Leaves of the head that was signed last.
    size: u64,
    /// The root of that head, in hexadecimal.
    root: String,
}

/// A witness with its memory. The file is locked while this lives, so that two runs cannot sign two futures.
#[derive(Debug)]
pub struct Witness {
    file: PathBuf,
    _lock: File,
    logs: BTreeMap<String, Watched>,
}

/// Why a head is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not in the form of C2SP tlog-witness.
    #[error("this is not a request: a line 'old N', proof lines, an empty line and a checkpoint are expected")]
    NotARequest,
    /// A log this witness does not watch.
    #[error("the log '{0}' is not watched; add it first")]
    UnknownLog(String),
    /// Signed by somebody else, or changed after it was signed.
    #[error("the checkpoint is not signed by the key of its log")]
    NotSigned,
    /// The proof starts elsewhere than where this witness stands.
    #[error("the proof starts at {stated}; the last head signed has size {last}: ask for a request with --old {last}")]
    OtherStart {
        /// Where the proof starts.
        stated: u64,
        /// What was signed last.
        last: u64,
    },
    /// The log's past was changed.
    #[error(
        "NOT SIGNED: the checkpoint does not continue the last head signed ({0}). Keep both texts: they are evidence."
    )]
    NotConsistent(u64),
}

impl Witness {
    /// Opens a witness's memory; a new one where there is no file.
    pub fn open(file: &Path) -> Result<Self, AppError> {
        let failed = |error: std::io::Error| AppError::internal(format!("{}: {error}", file.display()));
        let lock = File::options().create(true).append(true).open(file.with_extension("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let logs = match std::fs::read_to_string(file) {
            Ok(text) => serde_json::from_str(&text).map_err(AppError::internal)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { file: file.to_owned(), _lock: lock, logs })
    }

    /// Watches a log from now on; one that is watched already keeps its last head.
    pub fn watch(&mut self, key: &Verifier) -> Result<(), AppError> {
        let new = || Watched { key: key.to_string(), size: 0, root: hex(&empty()) };
        self.logs.entry(key.name.clone()).or_insert_with(new);
        self.save()
    }

    /// Judges a request; remembers the head, and only then answers its signature line. `now` is in seconds since 1970.
    pub fn cosign(
        &mut self,
        signer: &Signer,
        request: &str,
        now: u64,
    ) -> Result<Result<SignatureLine, Refusal>, AppError> {
        let (head, text) = match self.judge(request) {
            Ok(judged) => judged,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(log) = self.logs.get_mut(&head.origin) {
            (log.size, log.root) = (head.size, hex(&head.root));
        }
        self.save()?;
        Ok(Ok(signer.sign(&text, now)))
    }

    fn judge(&self, request: &str) -> Result<(Checkpoint, String), Refusal> {
        let request = WitnessRequest::parse(request).ok_or(Refusal::NotARequest)?;
        let origin = request.note.lines().next().unwrap_or_default();
        let log = self.logs.get(origin).ok_or_else(|| Refusal::UnknownLog(origin.to_owned()))?;
        let key = Verifier::parse(&log.key).ok_or(Refusal::NotSigned)?;
        let (head, note) = Checkpoint::open(&request.note, &key).ok_or(Refusal::NotSigned)?;
        if request.old != log.size {
            return Err(Refusal::OtherStart { stated: request.old, last: log.size });
        }
        let root = entry::parse_hash(&log.root).unwrap_or_default();
        if !proof::is_consistent(log.size, &root, head.size, &head.root, &request.path) {
            return Err(Refusal::NotConsistent(log.size));
        }
        Ok((head, note.text))
    }

    /// Written beside the old file and put in its place, so that a crash leaves one or the other.
    fn save(&self) -> Result<(), AppError> {
        let failed = |error: std::io::Error| AppError::internal(format!("{}: {error}", self.file.display()));
        let text = serde_json::to_string_pretty(&self.logs).map_err(AppError::internal)?;
        let beside = self.file.with_extension("new");
        let mut file = File::create(&beside).map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::rename(&beside, &self.file).map_err(failed)
    }
}

#[cfg(test)]
mod tests;
