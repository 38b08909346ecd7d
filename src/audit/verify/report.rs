//! What a verification found.

use serde::Serialize;
use std::fmt;

/// Most findings that are kept; the rest are counted.
const MOST_KEPT: usize = 10_000;

/// Which promise a finding breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Entries, tree, tiles and signatures.
    Log,
    /// Rows of protected tables.
    Rows,
    /// A checkpoint that somebody kept.
    Kept,
}

/// One thing that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which promise.
    pub part: Part,
    /// Where: a table and a key, or a place in the log.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

/// Everything that was found, and how much was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Leaves of the log.
    pub leaves: u64,
    /// Entries whose texts were erased and announced as such.
    pub erased: u64,
    /// Rows whose hashes were compared.
    pub rows: u64,
    /// Checkpoints whose signatures and roots hold.
    pub checkpoints: u64,
    /// Signatures of witnesses that hold.
    pub cosignatures: u64,
    /// The root of the tree, base64.
    pub root: String,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// Findings beyond those kept.
    pub more: u64,
}

impl Report {
    /// Whether everything is as it was recorded.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn add(&mut self, finding: Finding) {
        if self.findings.len() < MOST_KEPT {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{}: {}", finding.place, finding.what)?;
        }
        if self.more > 0 {
            writeln!(f, "… and {} more", self.more)?;
        }
        let count = self.more + u64::try_from(self.findings.len()).unwrap_or(u64::MAX);
        let verdict = if count == 0 { "ok" } else { "NOT ok" };
        write!(
            f,
            "{verdict}: {} entries ({} erased), {} rows, {} checkpoints, {} cosignatures, root {}; {count} findings",
            self.leaves, self.erased, self.rows, self.checkpoints, self.cosignatures, self.root
        )
    }
}
