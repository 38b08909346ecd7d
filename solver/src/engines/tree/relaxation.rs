//! The linear relaxation of some packages, and what its multipliers prove in whole numbers.

use super::items::{Item, Items};
use super::simplex::{Matrix, State};
use crate::engines::highs::rounded;
use crate::engines::need::Need;
use crate::pipeline::{NodePrices, Split};
use std::collections::BTreeSet;

/// Largest price that checkers accept.
const MOST_PRICE: i64 = 1_000_000_000_000_000_000;
/// Largest price along a direction.
const FREE_PRICE: f64 = 1e15;
/// Finest price of a row in money, in parts of a tick.
const FINEST: i64 = 1_000_000_000_000_000;
/// Sums of scaled ticks stay below this, far from what 128 bits hold.
const MOST_SCALED: i128 = 10_i128.pow(34);

/// A split that was answered "with": at least one of these packages is taken.
#[derive(Debug, Clone)]
pub struct With {
    /// How it is named.
    pub split: Split,
    /// Slot of its demand.
    pub slot: Option<usize>,
    /// The packages, those closed by then left out.
    pub items: Vec<usize>,
}

/// A case: what may still be taken, and what must be.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Packages, ascending.
    pub open: Vec<usize>,
    /// Splits answered "with".
    pub with: Vec<With>,
}

/// Whole-number prices.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// By slot, ticks per step.
    pub slots: Vec<i64>,
    /// By row.
    pub rows: Vec<i64>,
    /// By split answered "with".
    pub with: Vec<i64>,
    /// Whether costs and shortages count nothing, which shows where no plan keeps the rows.
    pub is_free: bool,
}

/// What prices prove: a bound in ticks / scale, and what each open package adds to it at least.
pub struct Verdict {
    /// No plan of the case costs less.
    pub value: i128,
    /// By open package.
    pub reduced: Vec<i128>,
}

/// The linear program over some packages.
pub struct Relaxation<'a> {
    /// All packages.
    pub items: &'a Items<'a>,
    /// Package of each of the first columns.
    pub open: Vec<usize>,
    /// The program.
    pub matrix: Matrix,
    /// First column of what stays short, by slot, and how many there are.
    short: Vec<(usize, usize)>,
    /// Column of what goes beyond the need, by slot.
    over: Vec<Option<usize>>,
    /// First slack column: slots, then rows.
    slack: usize,
    /// Rows that are in the program, ascending.
    rules: Vec<usize>,
    /// Ticks for a unit of cost in the program.
    unit: f64,
    /// What each row is divided by.
    sizes: Vec<f64>,
    /// Ticks that no decision changes.
    offset: i128,
    /// Denominator of prices of rows in money.
    pub scale: i64,
}

impl<'a> Relaxation<'a> {
    /// Writes down the program and its first basis. Rows of shares and cuts are left out but for those named.
    pub fn new(items: &'a Items<'a>, open: Vec<usize>, named: &BTreeSet<usize>) -> (Self, State) {
        let needs: Vec<Need> = items
            .component
            .demands
            .iter()
            .zip(&items.component.reach)
            .map(|(&demand, reach)| Need::of(&items.model.demands[demand], *reach, 0))
            .collect();
        let all: i128 = (0..needs.len()).map(|slot| items.nothing(slot)).sum();
        let largest = all.max(1);
        let limits = needs.iter().map(|need| float(need.steps().into()));
        let sizes = sizes(items);
        let is_in = |row: &usize| !items.is_optional(*row) || named.contains(row);
        let rules: Vec<usize> = (0..items.rows.len()).filter(is_in).collect();
        let sides: Vec<f64> = rules.iter().map(|&row| float(items.rows[row].limit) / sizes[row]).collect();
        let mut relaxation = Self {
            items,
            open,
            matrix: Matrix::new(limits.chain(sides).collect()),
            short: Vec::new(),
            over: Vec::new(),
            slack: 0,
            rules,
            unit: float(largest) / 1e6,
            sizes,
            offset: all - needs.iter().map(dearest_need).sum::<i128>(),
            scale: finest_scale(items, largest),
        };
        let (lower, upper) = relaxation.columns(&needs);
        let state = State::new(&relaxation.matrix, lower, upper);
        (relaxation, state)
    }

    /// Adds all columns; their bounds.
    fn columns(&mut self, needs: &[Need]) -> (Vec<f64>, Vec<f64>) {
        let slots = needs.len();
        let mut upper = vec![1.0; self.open.len()];
        for &at in &self.open {
            let item = &self.items.all[at];
            let pieces = item.pieces.iter().map(|piece| (piece.slot, float(piece.steps.into())));
            let place = |&(row, c): &(usize, i128)| {
                self.rules.binary_search(&row).ok().map(|place| (slots + place, float(c) / self.sizes[row]))
            };
            let rows = item.rows.iter().filter_map(place);
            self.matrix.column(float(item.cost) / self.unit, pieces.chain(rows).collect::<Vec<_>>());
        }
        for (slot, need) in needs.iter().enumerate() {
            let first = upper.len();
            for piece in need.pieces.iter().filter(|piece| piece.steps > 0) {
                self.matrix.column(float(piece.penalty.into()) / self.unit, [(slot, 1.0)]);
                upper.push(float(piece.steps.into()));
            }
            self.short.push((first, upper.len() - first));
        }
        for (slot, (need, reach)) in needs.iter().zip(&self.items.component.reach).enumerate() {
            let beyond = reach.most / reach.step - need.steps();
            self.over.push((beyond > 0).then_some(upper.len()));
            if beyond > 0 {
                self.matrix.column(0.0, [(slot, -1.0)]);
                upper.push(float(beyond.into()));
            }
        }
        self.slack = upper.len();
        for row in 0..slots + self.rules.len() {
            self.matrix.column(0.0, [(row, 1.0)]);
            let family = row.checked_sub(slots).map(|place| self.items.rows[self.rules[place]].key.family);
            upper.push(match family {
                None => 0.0,
                Some("xor") => 1.0,
                Some(_) => f64::INFINITY,
            });
        }
        (vec![0.0; upper.len()], upper)
    }

    /// The cost in the program of so many ticks.
    pub fn cost(&self, ticks: i128) -> f64 {
        float(ticks - self.offset) / self.unit
    }

    /// Columns of what stays short of a slot.
    pub fn short(&self, slot: usize) -> std::ops::Range<usize> {
        let (first, count) = self.short[slot];
        first..first + count
    }

    /// Slack column of a row, where it is in the program.
    pub fn slack_of(&self, row: usize) -> Option<usize> {
        self.rules.binary_search(&row).ok().map(|place| self.slack + self.short.len() + place)
    }

    /// Whole-number prices from the state of a search; `ray` is where the bound rises without end, and how far along to go.
    pub fn prices(&self, state: &State, ray: Option<(&[f64], f64)>, case: &Case) -> Prices {
        let mut multipliers = state.multipliers(&self.matrix);
        // What is left on the columns of the basis, taken exactly, betters the last digits.
        let exact = self.rounded(&multipliers);
        let rest: Vec<f64> = state.basic().iter().map(|&column| self.left(&exact, &multipliers, column)).collect();
        multipliers.iter_mut().zip(state.spread(&rest)).for_each(|(value, more)| *value += more);
        if let Some((direction, far)) = ray {
            multipliers.iter_mut().zip(direction).for_each(|(value, way)| *value += far * way);
        }
        self.finished(self.rounded(&multipliers), state, case)
    }

    /// Prices along a direction alone, with which costs do not count.
    pub fn way_prices(&self, direction: &[f64], state: &State, case: &Case) -> Prices {
        let largest = direction.iter().map(|way| way.abs()).fold(1e-30, f64::max);
        let multipliers: Vec<f64> = direction.iter().map(|way| way / largest * FREE_PRICE / self.unit).collect();
        self.finished(Prices { is_free: true, ..self.rounded(&multipliers) }, state, case)
    }

    /// With what splits allow and ask for.
    fn finished(&self, mut prices: Prices, state: &State, case: &Case) -> Prices {
        prices.with = vec![0; case.with.len()];
        self.move_to_splits(&mut prices, case);
        self.repair(&mut prices, state, case);
        let within = |price: &mut i64, least: i64| *price = (*price).clamp(least, MOST_PRICE);
        prices.slots.iter_mut().for_each(|price| within(price, -MOST_PRICE));
        prices.rows.iter_mut().chain(&mut prices.with).for_each(|price| within(price, 0));
        prices
    }

    /// Prices of nothing.
    pub fn no_prices(&self) -> Prices {
        Prices {
            slots: vec![0; self.short.len()],
            rows: vec![0; self.items.rows.len()],
            with: Vec::new(),
            is_free: false,
        }
    }

    fn rounded(&self, multipliers: &[f64]) -> Prices {
        let (slots, rows) = multipliers.split_at(self.short.len());
        let mut prices = self.no_prices();
        prices.slots = slots.iter().map(|value| rounded(value * self.unit)).collect();
        for (&row, value) in self.rules.iter().zip(rows) {
            let parts = if self.items.rows[row].is_money { float(self.scale.into()) } else { 1.0 };
            prices.rows[row] = rounded(-value * self.unit / self.sizes[row] * parts);
        }
        prices
    }

    /// Reduced cost of a column of the basis at these prices, in costs of the program; 0 would be right.
    fn left(&self, prices: &Prices, multipliers: &[f64], column: usize) -> f64 {
        if let Some(&item) = self.open.get(column) {
            let exact = self.reduced(&self.items.all[item], prices);
            return float(exact) / float(self.scale.into()) / self.unit;
        }
        if column >= self.slack {
            return -multipliers[column - self.slack];
        }
        let slot = self.short.iter().rposition(|&(first, count)| first <= column && column < first + count);
        if let Some(slot) = slot {
            return self.matrix.costs[column] - float(prices.slots[slot].into()) / self.unit;
        }
        let slot = self.over.iter().position(|own| *own == Some(column)).unwrap_or(0);
        float(prices.slots[slot].into()) / self.unit
    }

    /// What a package adds at these prices, ticks / scale; splits left out.
    fn reduced(&self, item: &Item, prices: &Prices) -> i128 {
        let scale = i128::from(self.scale);
        let goods: i128 =
            item.pieces.iter().map(|piece| i128::from(prices.slots[piece.slot]) * i128::from(piece.steps)).sum();
        let rows = item.rows.iter().filter(|term| prices.rows[term.0] != 0).map(|&(row, c)| {
            let price = i128::from(prices.rows[row]);
            c.saturating_mul(if self.items.rows[row].is_money { price } else { price * scale })
        });
        let cost = if prices.is_free { 0 } else { item.cost };
        (cost - goods).saturating_mul(scale).saturating_add(rows.fold(0, i128::saturating_add))
    }

    /// Prices that only a split allows (above what shortage counts, or below 0) become the price of that split.
    fn move_to_splits(&self, prices: &mut Prices, case: &Case) {
        for (row, price) in prices.rows.iter_mut().enumerate().filter(|(_, price)| **price < 0) {
            let is_own = |with: &With| {
                with.split.offer.is_none()
                    && with.split.supplier.is_some_and(|supplier| self.items.exclusive.get(&supplier) == Some(&row))
            };
            if let Some(at) = case.with.iter().rposition(is_own) {
                prices.with[at] = prices.with[at].saturating_sub(*price);
            }
            *price = 0;
        }
        for (slot, price) in prices.slots.iter_mut().enumerate().filter(|(slot, _)| self.items.is_single(*slot)) {
            let most = if prices.is_free { 0 } else { ticks(self.items.dearest(slot)) };
            if *price > most
                && let Some(at) = case.with.iter().rposition(|with| with.slot == Some(slot))
            {
                prices.with[at] = prices.with[at].saturating_add(*price - most);
                *price = most;
            }
        }
    }

    /// Packages that a split shuts out only by what it takes up must not be worth taking; packages that must be taken may
    /// cost something.
    fn repair(&self, prices: &mut Prices, state: &State, case: &Case) {
        let scale = i128::from(self.scale);
        for (column, &at) in self.open.iter().enumerate() {
            let item = &self.items.all[at];
            if state.least(column) > 0.0 {
                let is_own = |with: &With| with.split.offer.is_some_and(|offer| item.has_offer(offer));
                if let Some(place) = case.with.iter().rposition(is_own) {
                    let own = self.reduced(item, prices) - scale * bonus(prices, case, at);
                    prices.with[place] = prices.with[place].saturating_add(ticks(own.max(0) / scale));
                }
            }
            if state.most(column) > 0.0 || case.open.binary_search(&at).is_err() {
                continue;
            }
            let own = self.reduced(item, prices) - scale * bonus(prices, case, at);
            if own >= 0 {
                continue;
            }
            let raise = ticks(-own.div_euclid(scale));
            for (place, with) in case.with.iter().enumerate().rev() {
                let (Some(supplier), Some(slot)) = (with.split.supplier, with.slot) else { continue };
                let touches = item.pieces.iter().any(|piece| piece.slot == slot);
                if touches && item.supplier != supplier {
                    prices.slots[slot] = prices.slots[slot].saturating_sub(raise);
                } else if let (true, false, Some(&row)) =
                    (item.supplier == supplier, touches, self.items.exclusive.get(&supplier))
                {
                    prices.rows[row] = prices.rows[row].saturating_add(raise);
                } else {
                    continue;
                }
                prices.with[place] = prices.with[place].saturating_add(raise);
                break;
            }
        }
    }

    /// What prices prove of a case, exactly as a checker computes it.
    pub fn verdict(&self, case: &Case, prices: &Prices) -> Verdict {
        let scale = i128::from(self.scale);
        let need = |(slot, &price): (usize, &i64)| {
            if prices.is_free { self.items.free_need(slot, price) } else { self.items.need(slot, price) }
        };
        let needs: i128 = prices.slots.iter().enumerate().map(need).sum();
        let splits: i128 = prices.with.iter().map(|&price| i128::from(price)).sum();
        let mut value = (needs + splits).saturating_mul(scale);
        for (row, &price) in self.items.rows.iter().zip(&prices.rows) {
            let part = i128::from(price) * if row.is_money { 1 } else { scale };
            value = value.saturating_sub(part.saturating_mul(row.limit));
        }
        let mut bonus = vec![0_i128; self.items.all.len()];
        for (with, &price) in case.with.iter().zip(&prices.with).filter(|(_, price)| **price > 0) {
            with.items.iter().for_each(|&item| bonus[item] += i128::from(price));
        }
        let own = |&at: &usize| self.reduced(&self.items.all[at], prices).saturating_sub(scale * bonus[at]);
        let reduced: Vec<i128> = case.open.iter().map(own).collect();
        let least = reduced.iter().map(|reduced| (*reduced).min(0)).fold(value, i128::saturating_add);
        Verdict { value: least, reduced }
    }

    /// The least cost that a plan can have whose cost in ticks / scale is not below this.
    pub fn least_cost(&self, value: i128) -> i128 {
        let ticks = -(-value).div_euclid(i128::from(self.scale));
        -(-ticks).div_euclid(self.items.grain) * self.items.grain
    }

    /// As they stand in a tree.
    pub fn stated(&self, prices: Prices) -> NodePrices {
        let demands = self.items.component.demands.iter().copied().zip(prices.slots).collect();
        NodePrices { demands, rows: prices.rows, splits: prices.with }
    }
}

/// Ticks of shortage on all steps of a need.
fn dearest_need(need: &Need) -> i128 {
    need.pieces.iter().map(|piece| i128::from(piece.steps) * i128::from(piece.penalty)).sum()
}

/// What each row is divided by: rows in money by their largest coefficient.
fn sizes(items: &Items<'_>) -> Vec<f64> {
    let mut largest = vec![1_i128; items.rows.len()];
    for &(row, c) in items.all.iter().flat_map(|item| &item.rows) {
        largest[row] = largest[row].max(c.abs());
    }
    let size = |(row, largest): (&super::items::Row, i128)| if row.is_money { float(largest) } else { 1.0 };
    items.rows.iter().zip(largest).map(size).collect()
}

/// The finest price of a row in money that leaves room for all sums.
fn finest_scale(items: &Items<'_>, largest: i128) -> i64 {
    let mut scale = if items.rows.iter().any(|row| row.is_money) { FINEST } else { 1 };
    while scale > 1 && largest.saturating_mul(scale.into()) > MOST_SCALED {
        scale /= 10;
    }
    scale
}

/// What splits answered "with" take off a package, ticks.
fn bonus(prices: &Prices, case: &Case, item: usize) -> i128 {
    let own = case.with.iter().zip(&prices.with).filter(|(with, _)| with.items.binary_search(&item).is_ok());
    own.map(|(_, price)| i128::from(*price)).sum()
}

fn ticks(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "floats only propose")]
pub fn float(value: i128) -> f64 {
    value as f64
}
