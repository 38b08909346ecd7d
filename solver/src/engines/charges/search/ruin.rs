//! Ruin and recreate: a few demands that compete for one offer give up their lines and choose again in another order.
//!
//! Choosing one demand at a time cannot trade a pack between two of them; this can. (The idea is that of Schrimpf et al.,
//! "Record breaking optimization results using the ruin and recreate principle", 2000, kept to strict descent.)

use super::{Move, Search};
use crate::instances::Random;

/// Tries per demand.
const TRIES: usize = 400;
/// Tries per demand without a better plan after which no more are made.
const PATIENCE: usize = 20;
/// Most demands that choose again at once.
const MOST: i64 = 6;
/// Tries between two looks at the clock.
const LOOK: usize = 64;

impl Search<'_> {
    pub(super) fn ruin(&mut self) {
        let slots = self.plan.len();
        let mut random = Random::new(u64::try_from(slots).unwrap_or(0));
        let mut last_better = 0;
        for attempt in 0..TRIES * slots {
            if attempt - last_better > PATIENCE * slots {
                return;
            }
            if attempt % LOOK == 0 {
                if self.is_late() {
                    return;
                }
                self.guide_by_stock(random.between(0, 4));
            }
            let chosen = self.competitors(&mut random);
            if self.again(&chosen, Move::Again) {
                last_better = attempt;
            }
        }
    }

    /// A demand, and some of those that share an offer it could use, in random order.
    fn competitors(&self, random: &mut Random) -> Vec<usize> {
        let slot = index(random, self.plan.len());
        let arcs = &self.relaxed.component.arcs[slot];
        let mut chosen = vec![slot];
        if arcs.is_empty() {
            return chosen;
        }
        let own = &self.plan[slot];
        let position = if own.is_empty() { index(random, arcs.len()) } else { own[index(random, own.len())].0 };
        let users = &self.users[self.relaxed.slot_of(arcs[position].offer)];
        let wanted = random.between(1, MOST);
        for _ in 0..wanted {
            if let Some(&other) = users.get(index(random, users.len()))
                && !chosen.contains(&other)
            {
                chosen.insert(index(random, chosen.len() + 1), other);
            }
        }
        chosen
    }
}

fn index(random: &mut Random, below: usize) -> usize {
    let last = i64::try_from(below).unwrap_or(i64::MAX).max(1) - 1;
    usize::try_from(random.between(0, last)).unwrap_or(0)
}
