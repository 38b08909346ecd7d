//! The cheapest whole packs for one demand, given free stock and prices of stock.
//!
//! Dynamic programming over the steps that could be delivered: for each of the few cheapest offers, either nothing or
//! at least its least line. Exact for those offers, except that a chain that runs out of stock is cut.

use super::Relaxed;
use crate::candidates::Arc;
use crate::model::narrow;

/// Offers looked at: the cheapest ones that have stock.
const OFFERS: usize = 12;
/// Steps × offers up to which dynamic programming is worth its time.
const CELLS: i64 = 400_000;

/// What a demand gets: positions of arcs, ascending, and packs, > 0.
pub type Choice = Vec<(usize, i64)>;

/// An offer under consideration.
struct Candidate {
    position: usize,
    /// Steps of the demand in one pack.
    steps: usize,
    least: i64,
    most: i64,
    /// Ticks per pack.
    cost: i128,
    /// Ticks for using the offer at all.
    entry: i128,
}

/// Chooses packs for one demand; `free` is in base units and `prices` in ticks per pack, both by offer slot. `entry` tells
/// what using an arc at all costs beyond its packs, or `None` when it may not be used.
pub fn choose(
    relaxed: &Relaxed<'_>,
    slot: usize,
    free: &[i64],
    prices: &[i64],
    entry: &dyn Fn(&Arc) -> Option<i128>,
) -> Choice {
    let reach = relaxed.component.reach[slot];
    let options = candidates(relaxed, slot, free, prices, entry);
    let steps = reach.most / reach.step;
    let widest = i64::try_from(options.len()).unwrap_or(i64::MAX);
    if steps.saturating_mul(widest) > CELLS {
        return one_by_one(relaxed, slot, &options);
    }
    let steps = usize::try_from(steps).unwrap_or(0);
    let mut best: Vec<Option<i128>> = vec![None; steps + 1];
    best[0] = Some(0);
    let mut counts: Vec<Vec<i64>> = Vec::with_capacity(options.len());
    for option in &options {
        counts.push(add(&mut best, option));
    }
    let mut at = cheapest_end(relaxed, slot, &best);
    let mut packs = Vec::new();
    for (option, counts) in options.iter().zip(&counts).rev() {
        if counts[at] > 0 {
            packs.push((option.position, counts[at]));
            at -= option.steps * usize::try_from(counts[at]).unwrap_or(0);
        }
    }
    packs.sort_unstable();
    packs
}

/// Offers with stock, cheapest per unit first.
fn candidates(
    relaxed: &Relaxed<'_>,
    slot: usize,
    free: &[i64],
    prices: &[i64],
    entry: &dyn Fn(&Arc) -> Option<i128>,
) -> Vec<Candidate> {
    let reach = relaxed.component.reach[slot];
    let option = |(position, arc): (usize, &Arc)| {
        let offer_slot = relaxed.slot_of(arc.offer);
        let offer = &relaxed.model.offers[arc.offer];
        let most = (free[offer_slot] / offer.pack).min(reach.most / arc.units);
        if most < offer.min_packs {
            return None;
        }
        Some(Candidate {
            position,
            steps: usize::try_from(arc.units / reach.step).unwrap_or(usize::MAX),
            least: offer.min_packs,
            most,
            cost: i128::from(arc.cost) + i128::from(prices[offer_slot]),
            entry: entry(arc)?,
        })
    };
    let mut options: Vec<Candidate> = relaxed.component.arcs[slot].iter().enumerate().filter_map(option).collect();
    // Cost per step when the whole need comes from one offer, so that an entry fee counts for what it is there.
    let need = (reach.need / reach.step).max(1);
    let per_step = |option: &Candidate| {
        let steps = i64::try_from(option.steps).unwrap_or(i64::MAX);
        narrow(option.cost) / steps + narrow(option.entry) / need
    };
    let by_unit = |a: &Candidate, b: &Candidate| per_step(a).cmp(&per_step(b)).then(a.position.cmp(&b.position));
    if options.len() > OFFERS {
        options.select_nth_unstable_by(OFFERS - 1, by_unit);
        options.truncate(OFFERS);
    }
    options.sort_by(by_unit);
    options
}

/// Lets one more offer take part; returns the packs of it in the best way to each number of steps.
fn add(best: &mut [Option<i128>], option: &Candidate) -> Vec<i64> {
    let mut counts = vec![0; best.len()];
    // `on` is the best way to each number of steps that uses this offer, with its packs.
    let mut on: Vec<Option<(i128, i64)>> = vec![None; best.len()];
    let first = option.steps.saturating_mul(usize::try_from(option.least).unwrap_or(usize::MAX));
    for at in first..best.len() {
        let start =
            best[at - first].map(|cost| (cost + option.entry + option.cost * i128::from(option.least), option.least));
        let one_more = at.checked_sub(option.steps).and_then(|before| on[before]);
        let longer =
            one_more.filter(|(_, packs)| *packs < option.most).map(|(cost, packs)| (cost + option.cost, packs + 1));
        on[at] = match (start, longer) {
            (Some(start), Some(longer)) => Some(start.min(longer)),
            (one, other) => one.or(other),
        };
    }
    for (at, way) in on.into_iter().enumerate() {
        if let Some((cost, packs)) = way.filter(|(cost, _)| best[at].is_none_or(|known| *cost < known)) {
            (best[at], counts[at]) = (Some(cost), packs);
        }
    }
    counts
}

/// The number of steps with the least cost and shortage together; the fewest of several.
fn cheapest_end(relaxed: &Relaxed<'_>, slot: usize, best: &[Option<i128>]) -> usize {
    let mut found = (0, i128::MAX);
    for (at, cost) in best.iter().enumerate() {
        if let Some(cost) = cost {
            let total = cost + shortage(relaxed, slot, i64::try_from(at).unwrap_or(0));
            if total < found.1 {
                found = (at, total);
            }
        }
    }
    found.0
}

fn shortage(relaxed: &Relaxed<'_>, slot: usize, steps: i64) -> i128 {
    let demand = &relaxed.model.demands[relaxed.component.demands[slot]];
    demand.shortage_cost(steps * relaxed.component.reach[slot].step)
}

/// For needs of very many steps: whole packs of the cheapest offer, then of the next.
fn one_by_one(relaxed: &Relaxed<'_>, slot: usize, options: &[Candidate]) -> Choice {
    let reach = relaxed.component.reach[slot];
    let mut left = reach.need / reach.step;
    let mut packs_of = Choice::default();
    for option in options {
        let steps = i64::try_from(option.steps).unwrap_or(i64::MAX);
        let packs = (left / steps).min(option.most);
        if packs >= option.least && packs > 0 {
            packs_of.push((option.position, packs));
            left -= packs * steps;
        }
    }
    packs_of.sort_unstable();
    packs_of
}
