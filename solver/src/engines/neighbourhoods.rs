//! Betters a plan by exact answers to small parts of it.
//!
//! All lines stay as they are but those of a few demands, which HiGHS chooses again: of some buyers, or of some that draw
//! on the same offers. A part that is solved to the end makes the next one larger, a part that takes too long smaller.
//! (The idea is that of large neighbourhood search, Shaw 1998.) What is kept is judged in integers by the caller.

use super::formulation::Formulation;
use super::highs::{self, Limits};
use crate::instances::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Longest run on one part.
const LONGEST_RUN: Duration = Duration::from_secs(3);
/// Shortest rest of the time that a run is worth.
const SHORTEST_RUN: Duration = Duration::from_millis(50);
/// Part of all trade columns, in percent, that the first part has.
const FIRST_SIZE: i64 = 25;
/// Parts in a row that better nothing, after which no more are tried.
const PATIENCE: usize = 60;

/// Chooses parts, asks HiGHS, and offers what it proposes to `accept`, which says what to go on from. Ends at `end`, or
/// when many parts in a row bettered nothing.
pub fn improve(
    formulation: &Formulation<'_>,
    mut values: Vec<i64>,
    end: Instant,
    accept: &mut dyn FnMut(Vec<i64>) -> Option<Vec<i64>>,
) {
    let parts = Parts::of(formulation);
    let mut random = Random::new(0);
    let (mut size, mut idle) = (FIRST_SIZE, 0);
    while idle < PATIENCE {
        let left = end.saturating_duration_since(Instant::now());
        if left < SHORTEST_RUN {
            return;
        }
        let free = parts.choose(&mut random, size);
        let limits = Limits { time: Some(left.min(LONGEST_RUN)), gap: 0.0, margin: 0.0 };
        idle += 1;
        let Some(found) = highs::solve_part(formulation, limits, &values, &free) else {
            continue;
        };
        size = if found.is_complete { (size + 2).min(90) } else { (size - 5).max(3) };
        if let Some(better) = accept(found.values.iter().map(|&value| highs::rounded(value)).collect()) {
            (values, idle) = (better, 0);
        }
    }
}

/// What demands have in common, by slot.
struct Parts {
    /// Slots of each buyer, and slots that may draw on each offer.
    groups: [Vec<Vec<usize>>; 2],
    /// Trade columns of each slot.
    columns: Vec<usize>,
}

impl Parts {
    fn of(formulation: &Formulation<'_>) -> Self {
        let component = formulation.component;
        let mut buyers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (slot, &demand) in component.demands.iter().enumerate() {
            buyers.entry(formulation.model.demands[demand].buyer).or_default().push(slot);
        }
        let mut offers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut columns = vec![0; component.demands.len()];
        for pair in &formulation.pairs {
            columns[pair.slot] += pair.days.len();
            offers.entry(pair.arc.offer).or_default().push(pair.slot);
        }
        Self { groups: [buyers.into_values().collect(), offers.into_values().collect()], columns }
    }

    /// Slots with about `percent` of all trade columns: whole buyers, or some of those that draw on an offer.
    fn choose(&self, random: &mut Random, percent: i64) -> BTreeSet<usize> {
        let all: usize = self.columns.iter().sum();
        let wanted = (all * usize::try_from(percent).unwrap_or(0)).div_ceil(100);
        let groups = &self.groups[below(random, 2)];
        let (mut free, mut size) = (BTreeSet::new(), 0);
        for _ in 0..4 * self.columns.len() {
            if size >= wanted || groups.is_empty() {
                break;
            }
            for &slot in &groups[below(random, groups.len())] {
                if size < wanted && free.insert(slot) {
                    size += self.columns[slot];
                }
            }
        }
        free
    }
}

fn below(random: &mut Random, count: usize) -> usize {
    let last = i64::try_from(count).unwrap_or(i64::MAX).max(1) - 1;
    usize::try_from(random.between(0, last)).unwrap_or(0)
}
