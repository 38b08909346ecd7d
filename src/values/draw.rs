//! Seeded chance in whole numbers.
//!
//! Every part of a scenario draws from a stream of its own, named by a label, so that adding a draw in one part leaves
//! the others as they were. The numbers come from the `ChaCha8` cipher and are mapped to ranges here, not by the random library, whose
//! mapping may change between versions.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of chance.
pub(crate) struct Draw {
    source: ChaCha8Rng,
}

impl Draw {
    /// The stream called `label` under `seed`.
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(label.as_bytes());
        Self { source: ChaCha8Rng::from_seed(hash.finalize().into()) }
    }

    /// A whole number in `0..count`; 0 when `count` is 0.
    pub(crate) fn below(&mut self, count: u64) -> u64 {
        // The high half of the product is uniform but for a bias below count / 2^64.
        let product = u128::from(self.source.next_u64()) * u128::from(count);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A position in a list of `length` items.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        let drawn = self.below(u64::try_from(length).unwrap_or(u64::MAX));
        usize::try_from(drawn).unwrap_or(0)
    }

    /// A whole number from `low` to `high`, both included, all alike likely; `low` when the range is empty.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// A whole number from `low` (at least 1) to `high`: first a doubling between them, all alike likely, then a number
    /// within it. Small values are as common as large ones on a logarithmic scale, without a logarithm.
    pub(crate) fn log_between(&mut self, low: i64, high: i64) -> i64 {
        let low = low.max(1);
        let mut steps = vec![low];
        while let Some(next) = steps.last().and_then(|last| last.checked_mul(2)).filter(|next| *next <= high) {
            steps.push(next);
        }
        let from = steps[self.index(steps.len())];
        self.between(from, from.saturating_mul(2).saturating_sub(1).min(high).max(from))
    }

    /// True so many times in a thousand.
    pub(crate) fn chance(&mut self, permille: i64) -> bool {
        self.between(1, 1000) <= permille
    }

    /// One of the items; `None` when there are none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.index(items.len()))
    }

    /// Puts the items in a random order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

/// Splits `total` into whole shares in proportion to `weights` by largest remainder; the shares sum to `total`.
///
/// Weights must not be negative; when all are 0 the split is even. Earlier items win equal remainders.
pub(crate) fn apportion(total: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return if weights.is_empty() { Vec::new() } else { apportion(total, &vec![1; weights.len()]) };
    }
    let exact: Vec<i128> = weights.iter().map(|weight| i128::from(total) * i128::from(*weight)).collect();
    // A share never exceeds the total, so it fits.
    let mut shares: Vec<i64> = exact.iter().map(|share| i64::try_from(share / sum).unwrap_or(total)).collect();
    let mut left = total - shares.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|item| (-(exact[*item] % sum), *item));
    for item in order {
        if left == 0 {
            break;
        }
        shares[item] += 1;
        left -= 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_seed_and_label_only() {
        let numbers = |seed, label| {
            let mut draw = Draw::new(seed, label);
            [draw.below(1000), draw.below(1000), draw.below(1000), draw.below(1000)]
        };
        assert_eq!(numbers(7, "a"), numbers(7, "a"));
        assert_ne!(numbers(7, "a"), numbers(7, "b"));
        assert_ne!(numbers(7, "a"), numbers(8, "a"));
    }

    #[test]
    fn ranges_hold_and_are_used_up_to_the_ends() {
        let mut draw = Draw::new(1, "ranges");
        let flat: Vec<i64> = (0..500).map(|_| draw.between(-2, 2)).collect();
        assert_eq!((flat.iter().min(), flat.iter().max()), (Some(&-2), Some(&2)));
        let bent: Vec<i64> = (0..2000).map(|_| draw.log_between(10, 1000)).collect();
        assert!(bent.iter().all(|value| (10..=1000).contains(value)));
        let small = bent.iter().filter(|value| **value < 100).count();
        assert!((800..1400).contains(&small), "{small} of 2000 below the middle of the scale");
        assert_eq!(draw.between(5, 4), 5);
        assert_eq!(draw.log_between(9, 9), 9);
    }

    #[test]
    fn shares_sum_to_the_total() {
        for (total, weights) in [(101_740, vec![3, 1, 4, 1, 5]), (7, vec![1, 1, 1]), (5, vec![0, 0]), (0, vec![2])] {
            let shares = apportion(total, &weights);
            assert_eq!((shares.len(), shares.iter().sum::<i64>()), (weights.len(), total));
        }
        assert_eq!(apportion(7, &[1, 1, 1]), [3, 2, 2]);
    }
}
