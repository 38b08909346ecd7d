//! What a check found.

use serde::Serialize;
use std::fmt;

/// Most violations that are kept; the rest are counted.
const MOST_KEPT: usize = 10_000;

/// One broken promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The invariant's number.
    pub invariant: &'static str,
    /// Table and id of the record.
    pub record: String,
    /// What is wrong, with the figures that clash.
    pub what: String,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Invariants that were checked, in order.
    pub checked: Vec<&'static str>,
    /// Every violation.
    pub violations: Vec<Violation>,
    /// Violations beyond those kept.
    pub more: u64,
}

impl Report {
    /// Whether every promise holds.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// Whether some violation of this invariant was found.
    pub fn names(&self, invariant: &str) -> bool {
        self.violations.iter().any(|violation| violation.invariant == invariant)
    }

    pub(super) fn add(&mut self, violation: Violation) {
        if self.violations.len() < MOST_KEPT {
            self.violations.push(violation);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn done(&mut self, id: &'static str) {
        self.checked.push(id);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for violation in &self.violations {
            writeln!(f, "{} {}: {}", violation.invariant, violation.record, violation.what)?;
        }
        if self.more > 0 {
            writeln!(f, "… and {} more", self.more)?;
        }
        let count = self.more + u64::try_from(self.violations.len()).unwrap_or(u64::MAX);
        let verdict = if count == 0 { "ok" } else { "NOT ok" };
        write!(f, "{verdict}: {} invariants checked, {count} violations", self.checked.len())
    }
}
