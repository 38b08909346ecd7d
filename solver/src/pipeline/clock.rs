//! Wall-clock time shared out among the parts that want it, by weight.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A deadline, and how much work is still to come.
#[derive(Debug)]
pub struct Clock {
    deadline: Option<Instant>,
    threads: u32,
    weight_left: Mutex<u64>,
}

impl Clock {
    /// `weight` is the sum of all weights that will be asked for.
    pub fn new(deadline: Option<Instant>, threads: usize, weight: u64) -> Self {
        let threads = u32::try_from(threads.max(1)).unwrap_or(1);
        Self { deadline, threads, weight_left: Mutex::new(weight) }
    }

    /// The time that a part of this weight may take; `None` without a limit.
    pub fn allot(&self, weight: u64) -> Option<Duration> {
        let deadline = self.deadline?;
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(mut weight_left) = self.weight_left.lock() else {
            return Some(left);
        };
        let total = (*weight_left).max(weight).max(1);
        *weight_left = weight_left.saturating_sub(weight);
        let share = u32::try_from(u128::from(weight) * 1_000_000 / u128::from(total)).unwrap_or(1_000_000);
        Some((left.saturating_mul(self.threads) / 1_000_000 * share).min(left))
    }
}
