//! Identifiers: time-sortable `i64`, made by the application, strings in JSON.
//!
//! An id says when and in which process a record was made and nothing else; it is never a capability. Layout, from the
//! top: 1 sign bit (0), 42 bits of milliseconds since 2020, 8 bits that tell processes apart, 13 bits of sequence.

use super::time::Clock;
use super::{Timestamp, ValueError};
use sha2::{Digest, Sha256};
use std::sync::Mutex;

/// 2020-01-01T00:00:00Z in milliseconds since 1970.
const EPOCH_MS: i64 = 1_577_836_800_000;
const SEQUENCE_BITS: u32 = 13;
const NODE_BITS: u32 = 8;

/// Makes ids that rise within one process and do not repeat across 256 processes.
#[derive(Debug)]
pub struct IdSource {
    node: i64,
    last: Mutex<(i64, i64)>,
}

impl IdSource {
    /// A source for the process numbered `node`.
    pub fn new(node: u8) -> Self {
        Self { node: i64::from(node), last: Mutex::new((0, 0)) }
    }

    /// The next id. Borrows from the next millisecond when 8,192 were made in this one.
    pub fn next(&self, clock: &dyn Clock) -> i64 {
        let now_ms = clock.now().as_micros() / 1_000 - EPOCH_MS;
        // A poisoned lock only means another thread panicked between two integer writes; the pair is still valid.
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (ms, sequence) = if now_ms > last.0 { (now_ms, 0) } else { (last.0, last.1 + 1) };
        *last = if sequence >> SEQUENCE_BITS > 0 { (ms + 1, 0) } else { (ms, sequence) };
        (last.0 << (SEQUENCE_BITS + NODE_BITS)) | (self.node << SEQUENCE_BITS) | last.1
    }
}

/// An id that follows from what a record is about (`bid/7/9`): for records whose existence is nobody else's affair. It draws on
/// no counter and no clock, so no other id moves because of it.
pub fn derived_id(of: &str) -> i64 {
    let digest = Sha256::new_with_prefix("pasok-id-v1\n").chain_update(of).finalize();
    let bytes = digest.first_chunk::<8>().copied().unwrap_or_default();
    (i64::from_be_bytes(bytes) & i64::MAX).max(1)
}

/// The smallest id that can be made at an instant: everything made since then comes after it.
pub fn first_of(instant: Timestamp) -> i64 {
    (instant.as_micros() / 1_000 - EPOCH_MS).max(0) << (SEQUENCE_BITS + NODE_BITS)
}

/// When an id was made.
pub fn made_at(id: i64) -> Timestamp {
    Timestamp::from_micros(((id >> (SEQUENCE_BITS + NODE_BITS)) + EPOCH_MS) * 1_000)
}

/// Reads an id from its JSON text.
pub fn parse_id(text: &str) -> Result<i64, ValueError> {
    match text.parse::<i64>() {
        Ok(id) if id > 0 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') => Ok(id),
        _ => Err(ValueError::NotAnId),
    }
}

/// Defines an id type: a distinct `i64`, a string in JSON.
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// Reads the id from its JSON text.
            pub fn parse(text: &str) -> Result<Self, $crate::values::ValueError> {
                $crate::values::ids::parse_id(text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::time::FixedClock;
    use proptest::prelude::*;

    #[test]
    fn ids_rise_even_when_the_clock_stands_still_or_steps_back() {
        let clock = FixedClock::at("2026-01-05T00:00:00Z");
        let source = IdSource::new(7);
        let mut last = 0;
        for step in 0..50_000 {
            if step == 25_000 {
                clock.set(Timestamp::parse("2026-01-04T00:00:00Z").unwrap());
            }
            let id = source.next(&clock);
            assert!(id > last);
            last = id;
        }
    }

    #[test]
    fn two_processes_never_make_the_same_id() {
        let clock = FixedClock::at("2026-01-05T00:00:00Z");
        let (a, b) = (IdSource::new(1), IdSource::new(2));
        let ids: std::collections::BTreeSet<i64> = (0..10_000).flat_map(|_| [a.next(&clock), b.next(&clock)]).collect();
        assert_eq!(ids.len(), 20_000);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn text_there_and_back(id in 1i64..) {
            prop_assert_eq!(parse_id(&id.to_string()), Ok(id));
        }
    }
}
