//! Proposals for rules that flows know nothing of: shares of classes and suppliers, budgets, capacities, bundles.
//!
//! Flow and charges are solved in rounds. A broken share, budget or capacity gets a price, which every line pays (or
//! earns) by its coefficient in that row: doubled while the row stays broken, halved in between once it was kept.
//! Bundles that are nearly full become cheaper, those that stay half empty are left out, and of offers that exclude one
//! another only the most used one stays. `repair` makes a plan of what each round proposes.

use super::formulation::{Formulation, Pair, RowKind};
use super::repair::{self, excess};
use super::{charges, lines, whole};
use crate::model::narrow;
use crate::pipeline::{Component, PartAnswer, Trade};
use crate::problem::Bundle;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// Rounds at most.
const ROUNDS: usize = 12;
/// Rows whose price can make a proposal keep them.
const PRICED: [&str; 5] = ["class_share", "max_share", "budget", "capacity", "capacity_in_all"];
/// Times that a bundle which is nearly full is made cheaper before it is left out.
const TRIES: usize = 3;

/// Proposes plans, starting from trades that break some rule, and multipliers of all rows; `accept` takes what is good.
pub fn propose(
    formulation: &Formulation<'_>,
    trades: Vec<Trade>,
    time: Option<Duration>,
    accept: &mut dyn FnMut(Proposal<'_>),
) {
    let start = Instant::now();
    let mut rounds = Rounds::of(formulation);
    let mut trades = trades;
    for _ in 0..ROUNDS {
        let values = lines::columns(formulation, &trades);
        let mut filled = values.clone();
        whole::complete(formulation, &rounds.all, &mut filled);
        if let Some(plan) = repair::repair(formulation, filled) {
            accept(Proposal::Plan(plan));
        }
        let is_late = time.is_some_and(|time| start.elapsed() >= time);
        if !rounds.learn(values) || is_late {
            return;
        }
        let component = rounds.component();
        let left = time.map(|time| time.saturating_sub(start.elapsed()) / 3);
        trades = match charges::solve(formulation.model, &component, left) {
            Ok(Some(mut answer)) => {
                let trades = std::mem::take(&mut answer.trades);
                let prices: Vec<(usize, f64)> = rounds.priced.iter().map(|priced| (priced.row, priced.price)).collect();
                accept(Proposal::Prices(answer, &prices));
                trades
            }
            _ => charges::search_alone(formulation.model, &component, left),
        };
    }
}

/// What a round comes up with.
pub enum Proposal<'a> {
    /// Values of all columns that keep all rows.
    Plan(Vec<i64>),
    /// Prices of a flow without the rules, and of those rules by row, ticks.
    Prices(PartAnswer, &'a [(usize, f64)]),
}

/// A row and what it charges.
struct Priced {
    row: usize,
    /// Ticks for a unit of the row: now, where it was last broken, where it was first kept.
    price: f64,
    broken: f64,
    kept: Option<f64>,
    /// A price that lines begin to feel.
    first: f64,
}

struct Rounds<'a> {
    formulation: &'a Formulation<'a>,
    priced: Vec<Priced>,
    /// All-or-nothing bundles and XOR bundles by their offers here.
    all: Vec<Vec<usize>>,
    one: Vec<Vec<usize>>,
    tries: Vec<usize>,
    left_out: BTreeSet<usize>,
    pair_of: Vec<usize>,
    /// Prices come in multiples of this, so that a certificate can state them.
    grain: f64,
}

impl<'a> Rounds<'a> {
    fn of(formulation: &'a Formulation<'a>) -> Self {
        let known = formulation.model.offers_by_id();
        let here: BTreeSet<usize> = formulation.component.offers.iter().copied().collect();
        let find = |ids: &[String]| -> Vec<usize> {
            ids.iter().filter_map(|id| known.get(id.as_str()).copied()).filter(|offer| here.contains(offer)).collect()
        };
        let (mut all, mut one, mut left_out) = (Vec::new(), Vec::new(), BTreeSet::new());
        for bundle in &formulation.model.problem.bundles {
            match bundle {
                Bundle::AllOrNothing { offers, .. } if find(offers).len() < offers.len() => {
                    left_out.extend(find(offers));
                }
                Bundle::AllOrNothing { offers, .. } => all.push(find(offers)),
                Bundle::Xor { offers, .. } => one.push(find(offers)),
                Bundle::Discount { .. } => {}
            }
        }
        let pair_of = |(index, pair): (usize, &Pair)| std::iter::repeat_n(index, pair.days.len());
        let is_priced =
            |&row: &usize| matches!(&formulation.rows[row].kind, RowKind::Named(key) if PRICED.contains(&key.family));
        let mut rounds = Self {
            formulation,
            priced: Vec::new(),
            tries: vec![0; all.len()],
            all,
            one,
            left_out,
            pair_of: formulation.pairs.iter().enumerate().flat_map(pair_of).collect(),
            grain: grain(formulation),
        };
        rounds.priced = (0..formulation.rows.len()).filter(is_priced).map(|row| rounds.priced(row)).collect();
        rounds
    }

    /// A twentieth of what the dearest line's pack costs.
    fn priced(&self, row: usize) -> Priced {
        let steep = |&(column, c): &(usize, i128)| {
            let cost = self.formulation.columns[column].cost;
            if column < self.pair_of.len() && c != 0 { float(cost.max(1)) / float(c.abs()) } else { 0.0 }
        };
        let first = self.formulation.rows[row].terms.iter().map(steep).fold(0.0, f64::max) / 20.0;
        Priced { row, price: 0.0, broken: 0.0, kept: None, first }
    }

    /// Changes prices and what is left out; says whether anything was to change.
    fn learn(&mut self, mut values: Vec<i64>) -> bool {
        self.formulation.complete(&mut values);
        let mut is_changed = false;
        for priced in &mut self.priced {
            let is_broken = excess(&self.formulation.rows[priced.row], &values) > 0;
            is_changed |= is_broken || priced.price > 0.0;
            if is_broken {
                priced.broken = priced.price;
            } else {
                priced.kept = Some(priced.price);
            }
            priced.price = match priced.kept {
                Some(kept) => f64::midpoint(priced.broken, kept.max(priced.broken)),
                None => (2.0 * priced.price).max(priced.first),
            };
            priced.price = (priced.price / self.grain).ceil() * self.grain;
        }
        self.learn_bundles(&self.taken(&values)) || is_changed
    }

    /// Packs taken of each offer.
    fn taken(&self, values: &[i64]) -> HashMap<usize, i64> {
        let mut taken = HashMap::new();
        for (&pair, packs) in self.pair_of.iter().zip(values) {
            *taken.entry(self.formulation.pairs[pair].arc.offer).or_insert(0) += packs;
        }
        taken
    }

    fn learn_bundles(&mut self, taken: &HashMap<usize, i64>) -> bool {
        let of = |offer: &usize| taken.get(offer).copied().unwrap_or(0);
        let mut is_changed = false;
        for offers in &self.one {
            let mut used: Vec<usize> = offers.iter().copied().filter(|offer| of(offer) > 0).collect();
            let worth = |offer: &usize| {
                let record = &self.formulation.model.offers[*offer];
                i128::from(of(offer)) * i128::from(record.pack) * i128::from(record.price)
            };
            used.sort_by_key(|offer| std::cmp::Reverse((worth(offer), *offer)));
            is_changed |= used.len() > 1;
            self.left_out.extend(used.into_iter().skip(1));
        }
        let mut half_empty = Vec::new();
        for (at, offers) in self.all.iter().enumerate() {
            let packs = |offer: &usize| self.formulation.model.offers[*offer].packs;
            let (sold, stock): (i64, i64) = (offers.iter().map(of).sum(), offers.iter().map(packs).sum());
            if sold == 0 || sold == stock {
                continue;
            }
            is_changed = true;
            self.tries[at] += 1;
            if offers.iter().any(|offer| self.left_out.contains(offer)) || self.tries[at] > TRIES {
                self.left_out.extend(offers);
            } else if 2 * sold < stock {
                half_empty.push((1000 * sold / stock, at));
            }
        }
        // The emptiest first, and only some at once: what they leave may fill the others.
        half_empty.sort_unstable();
        let some = half_empty.len().div_ceil(3);
        half_empty.into_iter().take(some).for_each(|(_, at)| self.left_out.extend(&self.all[at]));
        is_changed
    }

    /// The component at these prices.
    fn component(&self) -> Component {
        let mut extra = vec![0.0; self.formulation.pairs.len()];
        for priced in self.priced.iter().filter(|priced| priced.price > 0.0) {
            for &(column, coefficient) in &self.formulation.rows[priced.row].terms {
                if let Some(&pair) =
                    self.pair_of.get(column).filter(|&&pair| self.formulation.pairs[pair].first == column)
                {
                    extra[pair] += priced.price * float(coefficient);
                }
            }
        }
        let mut cheaper: BTreeMap<usize, f64> = BTreeMap::new();
        for (offers, &tries) in self.all.iter().zip(&self.tries) {
            offers
                .iter()
                .for_each(|&offer| *cheaper.entry(offer).or_insert(0.0) += 0.1 * float(tries.try_into().unwrap_or(0)));
        }
        let mut component = self.formulation.component.clone();
        let mut extras = extra.into_iter();
        for arcs in &mut component.arcs {
            arcs.retain_mut(|arc| {
                let cost = float(arc.cost.into());
                let off = cheaper.get(&arc.offer).copied().unwrap_or(0.0).min(0.5) * cost;
                arc.cost = whole(cost + extras.next().unwrap_or(0.0) - off);
                !self.left_out.contains(&arc.offer)
            });
        }
        component
    }
}

/// The finest unit of 1/10^n ticks in which a certificate states prices beside what shortage counts.
fn grain(formulation: &Formulation<'_>) -> f64 {
    let demands = formulation.component.demands.iter().zip(&formulation.component.reach);
    let largest = demands.map(|(&demand, reach)| {
        i128::from(formulation.model.demands[demand].largest_penalty()) * i128::from(reach.step)
    });
    super::integer::grain(float(largest.max().unwrap_or(1)))
}

#[expect(clippy::cast_precision_loss, reason = "prices only steer")]
fn float(value: i128) -> f64 {
    value as f64
}

/// A cost that flows can take.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn whole(value: f64) -> i64 {
    narrow(value.clamp(0.0, 1e17) as i128)
}
