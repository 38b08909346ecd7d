//! Branch and bound over packages that writes its proof down as it goes.
//!
//! A case is closed only when whole-number prices show, by the sum a checker takes, that nothing in it costs less than
//! the target. Splits go by what a fraction hides: whether a lot is served, whether a bidder wins, whether this bidder
//! serves that lot, at last a single package. A few of the most open ones are tried a little way, and the one that lifts
//! both its cases most is taken. Limits count pivots, so the same problem always gives the same tree.

use super::items::Items;
use super::relaxation::{Case, Relaxation, With};
use super::simplex::{End, State};
use crate::pipeline::{NodeAnswer, Split};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Pivots that one case may take.
const CASE_PIVOTS: usize = 4_000;
/// Pivots for trying a split out, on each side.
const TRIAL_PIVOTS: usize = 30;
/// Splits of each sort that are tried out.
const TRIALS: usize = 5;
/// Splits answered "with" on the way to a case.
const DEEPEST: usize = 150;
/// Packages are closed in a case when one in so many can be.
const WORTH_FIXING: usize = 10;
/// How far from whole a value counts as broken.
const FRACTION: f64 = 1e-6;

/// What a search may use up, and what it has found.
#[derive(Debug)]
pub struct Progress {
    /// No plan below this cost is left out of sight, ticks.
    pub target: i128,
    /// Packages of the best plan, when one below the first target was found.
    pub best: Option<Vec<usize>>,
    /// Pivots left.
    pub pivots: usize,
    /// Rows of shares that plans have broken, and whether there is a new one.
    pub shares: BTreeSet<usize>,
    /// Whether to begin again because of it.
    pub is_stale: bool,
    /// When to give up whatever is left.
    pub end: Option<Instant>,
}

/// A search over one relaxation.
pub struct Search<'a> {
    /// The packages that are left.
    pub relaxation: &'a Relaxation<'a>,
    /// Limits and findings.
    pub progress: &'a mut Progress,
}

/// A split with both its sides begun.
struct Choice {
    split: Split,
    sides: [State; 2],
    merit: f64,
}

impl Search<'_> {
    /// The proof that no plan of this case costs less than the target, which falls when a better plan is found. `None` where
    /// limits are reached.
    pub fn explore(&mut self, mut state: State, case: &Case) -> Option<Vec<NodeAnswer>> {
        let relaxation = self.relaxation;
        let cutoff = self.cutoff();
        let mut end = self.run(&mut state, cutoff)?;
        if end != End::Optimal {
            if let Some(leaf) = self.close(&state, &end, case) {
                return Some(vec![leaf]);
            }
            // A case whose program takes too long is split as it stands.
            end = if end == End::Stopped { end } else { self.run(&mut state, f64::INFINITY)? };
        }
        if end != End::Optimal
            && let Some(leaf) = self.close(&state, &end, case)
        {
            return Some(vec![leaf]);
        }
        let point = state.point();
        let broken = (0..relaxation.open.len()).find(|&column| is_broken(point[column]));
        if broken.is_none() && end == End::Optimal {
            self.consider(&point);
            if self.progress.is_stale {
                return None;
            }
        }
        if self.is_near(&state)
            && let Some(leaf) = self.close(&state, &end, case)
        {
            return Some(vec![leaf]);
        }
        let (fixed, case) = if end == End::Optimal { self.fix(&mut state, case) } else { (None, case.clone()) };
        let choice = if case.with.len() < DEEPEST { self.choose(&state, &point, &case)? } else { return None };
        let [without, with] = self.cases(&case, choice.split);
        let [low, high] = choice.sides;
        // The better side first, as it is more likely to hold a good plan.
        let (first, second) = if high.cost <= low.cost {
            let second = self.explore(high, &with)?;
            (self.explore(low, &without)?, second)
        } else {
            let first = self.explore(low, &without)?;
            (first, self.explore(high, &with)?)
        };
        let mut nodes: Vec<NodeAnswer> = fixed.into_iter().collect();
        nodes.push(NodeAnswer::Split(choice.split));
        nodes.extend(first);
        nodes.extend(second);
        Some(nodes)
    }

    /// Closes the packages that the prices of this case show to be too dear; a node for it where they are many.
    fn fix(&self, state: &mut State, case: &Case) -> (Option<NodeAnswer>, Case) {
        let relaxation = self.relaxation;
        let prices = relaxation.prices(state, None, case);
        let verdict = relaxation.verdict(case, &prices);
        let is_open =
            |own: i128| relaxation.least_cost(verdict.value.saturating_add(own.max(0))) < self.progress.target;
        let mut own = verdict.reduced.iter();
        let open: Vec<usize> =
            case.open.iter().copied().filter(|_| own.next().is_none_or(|own| is_open(*own))).collect();
        if WORTH_FIXING * open.len() > (WORTH_FIXING - 1) * case.open.len() {
            return (None, case.clone());
        }
        for (column, at) in relaxation.open.iter().enumerate() {
            if state.most(column) > 0.0 && open.binary_search(at).is_err() {
                state.bound(column, 0.0, 0.0);
            }
        }
        (Some(NodeAnswer::Fix(relaxation.stated(prices))), Case { open, with: case.with.clone() })
    }

    /// The cost at which a case is surely closed.
    fn cutoff(&self) -> f64 {
        let cost = self.relaxation.cost(self.progress.target);
        cost + 1e-9 * cost.abs() + 1e-6
    }

    /// Whether a case costs at least about the target.
    fn is_near(&self, state: &State) -> bool {
        let cost = self.relaxation.cost(self.progress.target - self.relaxation.items.grain);
        state.cost >= cost - 1e-7 * cost.abs()
    }

    /// `None` where limits are reached.
    fn run(&mut self, state: &mut State, cutoff: f64) -> Option<End> {
        let before = state.pivots;
        let end = state.solve(&self.relaxation.matrix, cutoff, CASE_PIVOTS.min(self.progress.pivots));
        self.progress.pivots = self.progress.pivots.saturating_sub(state.pivots - before);
        let is_late = self.progress.end.is_some_and(|end| Instant::now() >= end);
        (self.progress.pivots > 0 && !is_late).then_some(end)
    }

    /// A leaf, when the prices of this state prove enough.
    fn close(&self, state: &State, end: &End, case: &Case) -> Option<NodeAnswer> {
        let (relaxation, target) = (self.relaxation, self.progress.target);
        let missing = (relaxation.cost(target) - state.cost).max(0.0);
        let lengths: &[f64] = if matches!(end, End::Beyond(..)) { &[1.0, 1.01, 2.0, 10.0] } else { &[0.0] };
        for length in lengths {
            let ray = match end {
                End::Beyond(direction, gain) => {
                    Some((direction.as_slice(), length * (missing + 1e-7 * missing + 1e-7) / gain.max(1e-9)))
                }
                _ => None,
            };
            let prices = relaxation.prices(state, ray, case);
            if relaxation.least_cost(relaxation.verdict(case, &prices).value) >= target {
                return Some(NodeAnswer::Leaf(relaxation.stated(prices)));
            }
        }
        let End::Beyond(direction, _) = end else { return None };
        let prices = relaxation.way_prices(direction, state, case);
        (relaxation.verdict(case, &prices).value > 0).then(|| NodeAnswer::Empty(relaxation.stated(prices)))
    }

    /// Takes a whole point for the best plan when it keeps all rows and costs less.
    fn consider(&mut self, point: &[f64]) {
        let columns = self.relaxation.open.iter().zip(point);
        let chosen: Vec<usize> = columns.filter(|(_, value)| **value > 0.5).map(|(item, _)| *item).collect();
        let items = self.relaxation.items;
        match cost_of(items, &chosen) {
            Some(cost) if cost < self.progress.target => {
                self.progress.target = cost;
                self.progress.best = Some(chosen);
            }
            Some(_) => {}
            None => {
                let count = self.progress.shares.len();
                let broken = broken_rows(items, &chosen).filter(|&row| items.is_share(row));
                self.progress.shares.extend(broken);
                self.progress.is_stale = self.progress.shares.len() > count;
            }
        }
    }

    /// The two cases of a split: without, and with.
    fn cases(&self, case: &Case, split: Split) -> [Case; 2] {
        let items = self.relaxation.items;
        let (some, others): (Vec<usize>, Vec<usize>) =
            case.open.iter().partition(|&&item| is_named(items, item, split));
        let slot = split.demand.and_then(|demand| items.component.demands.iter().position(|own| *own == demand));
        let mut with = case.clone();
        with.with.push(With { split, slot, items: some });
        [Case { open: others, with: case.with.clone() }, with]
    }

    /// The split that lifts both its sides most; `None` where nothing is left to split.
    fn choose(&mut self, state: &State, point: &[f64], case: &Case) -> Option<Choice> {
        let mut best: Option<Choice> = None;
        for split in self.candidates(point, case) {
            let choice = self.try_out(state, split)?;
            if best.as_ref().is_none_or(|best| choice.merit > best.merit) {
                best = Some(choice);
            }
        }
        best
    }

    /// Splits that a fraction is hidden in, the most open of each sort.
    fn candidates(&self, point: &[f64], case: &Case) -> Vec<Split> {
        let items = self.relaxation.items;
        let (mut lots, mut bidders, mut pairs) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut single = BTreeMap::new();
        for (&at, &value) in self.relaxation.open.iter().zip(point).filter(|(_, value)| **value > FRACTION) {
            let item = &items.all[at];
            if items.exclusive.contains_key(&item.supplier) {
                *bidders.entry(item.supplier).or_insert(0.0) += value;
            }
            for piece in item.pieces.iter().filter(|piece| self.relaxation.items.is_single(piece.slot)) {
                *lots.entry(piece.slot).or_insert(0.0) += value;
                *pairs.entry((item.supplier, piece.slot)).or_insert(0.0) += value;
            }
            let is_asked = |with: &With| with.split.offer.is_some_and(|offer| item.has_offer(offer));
            if !case.with.iter().any(is_asked) {
                single.insert(item.pieces[0].offer, value);
            }
        }
        let demand = |slot: usize| Some(items.component.demands[slot]);
        let mut found = most_open(lots, |slot| Split { demand: demand(slot), ..Split::default() });
        found.extend(most_open(bidders, |supplier| Split { supplier: Some(supplier), ..Split::default() }));
        let pair = |(supplier, slot)| Split { supplier: Some(supplier), demand: demand(slot), offer: None };
        found.extend(most_open(pairs, pair));
        if found.is_empty() {
            // Also a whole package, where prices do not close its case to the last tick.
            let offer = single.into_iter().max_by(|a, b| open(a.1).total_cmp(&open(b.1)));
            found.extend(offer.map(|(offer, _)| Split { offer: Some(offer), ..Split::default() }));
        }
        found
    }

    /// Begins both sides of a split.
    fn try_out(&mut self, state: &State, split: Split) -> Option<Choice> {
        let relaxation = self.relaxation;
        let (mut without, mut with) = (state.clone(), state.clone());
        for (column, &at) in relaxation.open.iter().enumerate() {
            let is_own = is_named(relaxation.items, at, split);
            if is_own {
                without.bound(column, 0.0, 0.0);
                if split.offer.is_some() {
                    with.bound(column, 1.0, 1.0);
                }
            } else if self.is_shut_out(at, split) {
                with.bound(column, 0.0, 0.0);
            }
        }
        if let Some(slot) =
            split.demand.and_then(|own| relaxation.items.component.demands.iter().position(|d| *d == own))
        {
            relaxation.short(slot).for_each(|column| with.bound(column, 0.0, 0.0));
        }
        if let Some(&row) = split.supplier.and_then(|supplier| relaxation.items.exclusive.get(&supplier)) {
            relaxation.slack_of(row).into_iter().for_each(|column| with.bound(column, 0.0, 0.0));
        }
        let cutoff = self.cutoff();
        let mut gains = [0.0; 2];
        for (side, gain) in [&mut without, &mut with].into_iter().zip(&mut gains) {
            side.settle(&relaxation.matrix);
            let before = side.pivots;
            let end = side.solve(&relaxation.matrix, cutoff, TRIAL_PIVOTS);
            self.progress.pivots = self.progress.pivots.saturating_sub(side.pivots - before);
            let reached = if matches!(end, End::Beyond(..)) { cutoff } else { side.cost.min(cutoff) };
            *gain = (reached - state.cost).max(0.0);
        }
        let least = 1e-6 * (cutoff - state.cost).abs().max(1e-9);
        let merit = gains[0].max(least) * gains[1].max(least);
        (self.progress.pivots > 0).then_some(Choice { split, sides: [without, with], merit })
    }

    /// Whether a bidder that serves a lot leaves no place for this package.
    fn is_shut_out(&self, at: usize, split: Split) -> bool {
        let (Some(supplier), Some(demand)) = (split.supplier, split.demand) else { return false };
        let items = self.relaxation.items;
        let item = &items.all[at];
        let touches = item.pieces.iter().any(|piece| items.component.demands[piece.slot] == demand);
        if item.supplier == supplier { !touches && items.exclusive.contains_key(&supplier) } else { touches }
    }
}

/// Whether a package touches every record that a split names.
fn is_named(items: &Items<'_>, at: usize, split: Split) -> bool {
    let item = &items.all[at];
    split.supplier.is_none_or(|supplier| item.supplier == supplier)
        && split.demand.is_none_or(|demand| item.pieces.iter().any(|p| items.component.demands[p.slot] == demand))
        && split.offer.is_none_or(|offer| item.has_offer(offer))
}

/// How far a sum is from whole.
fn open(value: f64) -> f64 {
    (value - value.round()).abs()
}

fn is_broken(value: f64) -> bool {
    open(value) > FRACTION
}

/// Splits whose sum is farthest from whole.
fn most_open<K: Copy + Ord>(sums: BTreeMap<K, f64>, split: impl Fn(K) -> Split) -> Vec<Split> {
    let mut sums: Vec<(K, f64)> = sums.into_iter().filter(|(_, value)| is_broken(*value)).collect();
    sums.sort_by(|a, b| open(b.1).total_cmp(&open(a.1)).then(a.0.cmp(&b.0)));
    sums.into_iter().take(TRIALS).map(|(key, _)| split(key)).collect()
}

/// Rows that taking these packages breaks.
fn broken_rows(items: &Items<'_>, chosen: &[usize]) -> impl Iterator<Item = usize> {
    let mut sums = vec![0_i128; items.rows.len()];
    for &(row, c) in chosen.iter().flat_map(|&at| &items.all[at].rows) {
        sums[row] += c;
    }
    let broken: Vec<usize> = (0..sums.len()).filter(|&row| sums[row] > items.rows[row].limit).collect();
    broken.into_iter()
}

/// What taking these packages costs, ticks; `None` where they break a row.
pub fn cost_of(items: &Items<'_>, chosen: &[usize]) -> Option<i128> {
    let mut steps = vec![0_i64; items.component.demands.len()];
    for piece in chosen.iter().flat_map(|&at| &items.all[at].pieces) {
        steps[piece.slot] += piece.steps;
    }
    let mut cost: i128 = chosen.iter().map(|&at| items.all[at].cost).sum();
    for (slot, (&steps, reach)) in steps.iter().zip(&items.component.reach).enumerate() {
        let served = steps * reach.step;
        if served > reach.most {
            return None;
        }
        cost += items.model.demands[items.component.demands[slot]].shortage_cost(served);
    }
    broken_rows(items, chosen).next().is_none().then_some(cost)
}
