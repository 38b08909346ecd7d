//! Plans of packages found by trying them out, with prices as the guide: no proof, but soon a good plan.
//!
//! At the prices of a relaxation every package has a cost of its own above the bound. A plan that costs little more than the
//! bound has only packages that add little, so all sets of them can be looked through, lot by lot. Only for tenders whose
//! every lot is filled by one package and whose bidders win one package each.

use super::items::{Item, Items};
use super::relaxation::{Case, Prices, Relaxation, float};
use super::search::cost_of;

/// Packages looked at in one search.
const MOST_WORK: usize = 12_000_000;
/// Lots that one word can mark.
const MOST_SLOTS: usize = 128;

/// Rows whose sums are kept up; others are looked at when a plan is complete.
const MOST_ROWS: usize = 4;
/// What judging a complete plan counts as, in packages looked at.
const JUDGED: usize = 100;

type Sums = [i128; MOST_ROWS];

/// A package at its price.
#[derive(Debug, Clone, Copy)]
struct Column {
    lots: u128,
    supplier: usize,
    /// Ticks above the bound, at least.
    own: f64,
    at: usize,
}

/// What the search knows.
pub struct Cover<'a> {
    items: &'a Items<'a>,
    /// Ticks above the bound that leaving a lot out adds.
    skips: Vec<f64>,
    /// What each package counts in the rows that are kept up, and whether they only ever use their limits up.
    counts: Vec<Sums>,
    is_pruned: [bool; MOST_ROWS],
    /// Ticks above the bound that are still looked at.
    limit: f64,
    bound: f64,
    work: usize,
    chosen: Vec<usize>,
    /// The best plan below the target, with its cost.
    pub best: Option<(i128, Vec<usize>)>,
    target: i128,
    /// Whether all plans below the target were looked at.
    pub is_complete: bool,
}

impl<'a> Cover<'a> {
    /// Looks for a plan below a target; `None` where the tender is not of this sort.
    pub fn search(relaxation: &Relaxation<'a>, case: &Case, prices: &Prices, target: i128) -> Option<Self> {
        let items = relaxation.items;
        let slots = items.component.reach.len();
        let mut packages = std::collections::BTreeMap::new();
        items.all.iter().for_each(|item| *packages.entry(item.supplier).or_insert(0) += 1);
        let is_simple = slots <= MOST_SLOTS
            && (0..slots).all(|slot| items.is_single(slot))
            && packages.iter().all(|(supplier, &count)| count == 1 || items.exclusive.contains_key(supplier));
        if !is_simple {
            return None;
        }
        let verdict = relaxation.verdict(case, prices);
        let scale = float(relaxation.scale.into());
        let bound = float(verdict.value) / scale;
        let skip = |(slot, &price): (usize, &i64)| float(items.nothing(slot) - items.need(slot, price));
        let cover = |(slot, &price): (usize, &i64)| float(i128::from(price) - items.need(slot, price));
        let more: Vec<f64> = prices.slots.iter().enumerate().map(cover).collect();
        let mut rows = [None; MOST_ROWS];
        let named = |row: &usize| matches!(items.rows[*row].key.family, "max_suppliers" | "budget" | "class_share");
        let all = (0..items.rows.len()).filter(named);
        rows.iter_mut().zip(all).for_each(|(place, row)| *place = Some(row));
        let column = |(&at, &reduced): (&usize, &i128)| {
            let item = &items.all[at];
            let own = float(reduced.max(0)) / scale + item.pieces.iter().map(|piece| more[piece.slot]).sum::<f64>();
            let lots = item.pieces.iter().fold(0_u128, |lots, piece| lots | 1 << piece.slot);
            Column { lots, supplier: item.supplier, own, at }
        };
        let mut columns: Vec<Column> = case.open.iter().zip(&verdict.reduced).map(column).collect();
        columns.sort_by(|a, b| a.own.total_cmp(&b.own).then(a.at.cmp(&b.at)));
        let count =
            |item: &Item| rows.map(|row| item.rows.iter().find(|term| Some(term.0) == row).map_or(0, |term| term.1));
        let counts: Vec<Sums> = items.all.iter().map(count).collect();
        let mut cover = Self {
            items,
            skips: prices.slots.iter().enumerate().map(skip).collect(),
            is_pruned: std::array::from_fn(|place| counts.iter().all(|counts| counts[place] >= 0)),
            counts,
            limit: float(target) - bound,
            bound,
            work: MOST_WORK,
            chosen: Vec::new(),
            best: None,
            target,
            is_complete: false,
        };
        let left = rows.map(|row| row.map_or(0, |row| items.rows[row].limit));
        let lots = (0..slots).fold(0_u128, |lots, slot| lots | 1 << slot);
        cover.is_complete = cover.explore(lots, &columns, 0.0, left);
        Some(cover)
    }

    /// Looks through the plans that add to what is chosen; whether all were seen.
    fn explore(&mut self, lots: u128, columns: &[Column], so_far: f64, left: Sums) -> bool {
        let work = if lots == 0 { JUDGED } else { columns.len() };
        if self.work < work {
            self.work = 0;
            return false;
        }
        self.work -= work;
        if lots == 0 {
            if left.iter().all(|left| *left >= 0) {
                self.take();
            }
            return true;
        }
        let mut ways = [0_usize; MOST_SLOTS];
        for column in columns {
            slots_of(column.lots).for_each(|slot| ways[slot] += 1);
        }
        let Some(slot) = slots_of(lots).min_by_key(|&slot| (ways[slot], slot)) else { return true };
        let mut is_complete = true;
        for column in columns.iter().filter(|column| column.lots >> slot & 1 == 1) {
            let cost = so_far + column.own;
            if cost >= self.limit {
                break;
            }
            let counts = &self.counts[column.at];
            let rest: Sums = std::array::from_fn(|place| left[place] - counts[place]);
            if rest.iter().zip(self.is_pruned).any(|(left, is_pruned)| is_pruned && *left < 0) {
                continue;
            }
            let is_open = |other: &&Column| {
                cost + other.own < self.limit && other.lots & column.lots == 0 && other.supplier != column.supplier
            };
            let open: Vec<Column> = columns.iter().filter(is_open).copied().collect();
            self.chosen.push(column.at);
            is_complete &= self.explore(lots & !column.lots, &open, cost, rest);
            self.chosen.pop();
            if self.work == 0 {
                return false;
            }
        }
        let cost = so_far + self.skips[slot];
        if cost < self.limit {
            let is_open = |other: &&Column| cost + other.own < self.limit && other.lots >> slot & 1 == 0;
            let open: Vec<Column> = columns.iter().filter(is_open).copied().collect();
            is_complete &= self.explore(lots & !(1 << slot), &open, cost, left);
        }
        is_complete
    }

    fn take(&mut self) {
        let cost = cost_of(self.items, &self.chosen);
        if let Some(cost) = cost.filter(|cost| *cost < self.target) {
            self.target = cost;
            self.limit = float(cost) - self.bound;
            self.best = Some((cost, self.chosen.clone()));
        }
    }
}

/// Slots whose bits are set, ascending.
fn slots_of(mut lots: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let slot = usize::try_from(lots.trailing_zeros()).ok().filter(|slot| *slot < MOST_SLOTS)?;
        lots &= lots - 1;
        Some(slot)
    })
}
