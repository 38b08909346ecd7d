//! A component as dense transport problems: one sheet per set of demands and offers that arcs connect.
//!
//! Terms that tie commodities together (a supplier's fee for coming at all) make one component of many commodities;
//! as transport problems they stay apart. Rows are demands, columns offers, quantities in the common divisor of the
//! packs. Only components in which a pack of an offer counts the same everywhere are such problems.

use super::dense::Repeated;
use crate::candidates::{Arc, gcd};
use crate::flow::transport::{self, Cost, Matrix, Solution};
use crate::model::{Model, narrow};
use crate::pipeline::{Component, DisjointSets, SolveError};
use rayon::prelude::*;

/// One dense transport problem.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Slots of its demands in the component, ascending.
    pub slots: Vec<usize>,
    /// Slots of its offers in the component, ascending: the columns.
    pub offers: Vec<usize>,
    /// Base units per unit of flow.
    pub unit: i64,
    /// Ticks per unit of flow at list price, demand by demand; `FORBIDDEN` where no arc is.
    pub costs: Vec<i64>,
    /// Position of the demand by row: one with a fair share has two rows, the share and the rest.
    rows: Vec<usize>,
    quantity: Vec<i64>,
    penalty: Vec<i64>,
    stock: Vec<i64>,
}

impl Sheet {
    /// Columns.
    pub fn width(&self) -> usize {
        self.offers.len()
    }

    /// Solves the sheet at other costs (as [`Sheet::costs`]), from an earlier answer if there is one.
    ///
    /// # Errors
    /// [`SolveError::Engine`] when magnitudes exceed what the flow engine takes.
    pub fn solve(&self, costs: &[i64], earlier: Option<&Solution>) -> Result<Solution, SolveError> {
        let small = |&cost: &i64| {
            let narrow = || i32::try_from(cost).ok().filter(|cost| *cost < 1 << 30);
            if cost.is_allowed() { narrow() } else { Some(i32::FORBIDDEN) }
        };
        let small: Option<Vec<i32>> = costs.iter().map(small).collect();
        let solution = match &small {
            Some(costs) => self.run(Matrix::new(costs, self.width()), earlier),
            None => self.run(Matrix::new(costs, self.width()), earlier),
        };
        solution.map_err(|error| SolveError::Engine(error.to_string()))
    }

    /// What flows between each pair: (position of the demand, column, units), ascending.
    pub fn flows(&self, solution: &Solution) -> Vec<(usize, usize, i64)> {
        let pair = |flow: &transport::Flow| (self.rows[flow.demand], flow.supply, flow.quantity);
        let mut flows: Vec<_> = solution.flows.iter().map(pair).collect();
        flows.sort_unstable();
        flows.dedup_by(|next, kept| {
            let is_same = (next.0, next.1) == (kept.0, kept.1);
            kept.2 += if is_same { next.2 } else { 0 };
            is_same
        });
        flows
    }

    fn run<C: Cost>(
        &self,
        matrix: Matrix<'_, C>,
        earlier: Option<&Solution>,
    ) -> Result<Solution, transport::InputError> {
        let costs = &Repeated { matrix, slots: &self.rows };
        let problem =
            transport::Problem { quantity: &self.quantity, penalty: &self.penalty, stock: &self.stock, costs };
        match earlier {
            Some(earlier) => transport::solve_from(&problem, earlier),
            None => transport::solve(&problem),
        }
    }
}

/// All sheets of a component.
#[derive(Debug, Default)]
pub struct Sheets {
    /// Ordered by first demand.
    pub all: Vec<Sheet>,
}

impl Sheets {
    /// `None` when somewhere a pack counts for more or less than its content.
    pub fn of(model: &Model<'_>, component: &Component) -> Option<Self> {
        let is_plain = |arc: &Arc| arc.units == model.offers[arc.offer].pack;
        if !component.arcs.iter().flatten().all(is_plain) {
            return None;
        }
        let mut all = split(component);
        all.par_iter_mut().for_each(|sheet| fill(model, component, sheet));
        Some(Self { all })
    }

    /// Prices of stock per pack by offer slot.
    pub fn prices_per_pack(&self, model: &Model<'_>, component: &Component, solutions: &[Solution]) -> Vec<i64> {
        let mut prices = vec![0; component.offers.len()];
        for (sheet, solution) in self.all.iter().zip(solutions) {
            for (&slot, &price) in sheet.offers.iter().zip(&solution.prices.supply) {
                prices[slot] = price * (model.offers[component.offers[slot]].pack / sheet.unit);
            }
        }
        prices
    }

    /// What flows reserve: (offer slot, base units) by demand slot.
    pub fn reserved(&self, component: &Component, solutions: &[Solution]) -> Vec<Vec<(usize, i64)>> {
        let mut reserved = vec![Vec::new(); component.demands.len()];
        for (sheet, solution) in self.all.iter().zip(solutions) {
            for (at, column, units) in sheet.flows(solution) {
                reserved[sheet.slots[at]].push((sheet.offers[column], units * sheet.unit));
            }
        }
        reserved
    }
}

/// Slot of an offer in its component.
pub fn offer_slot(component: &Component, offer: usize) -> usize {
    component.offers.binary_search(&offer).unwrap_or_default()
}

fn split(component: &Component) -> Vec<Sheet> {
    let shift = component.demands.len();
    let mut sets = DisjointSets::new(shift + component.offers.len());
    for (slot, arcs) in component.arcs.iter().enumerate() {
        arcs.iter().for_each(|arc| sets.join(slot, offer_slot(component, arc.offer) + shift));
    }
    let mut places = vec![None; shift + component.offers.len()];
    let mut all: Vec<Sheet> = Vec::new();
    for member in 0..places.len() {
        let root = sets.find(member);
        let at = *places[root].get_or_insert_with(|| {
            all.push(Sheet::default());
            all.len() - 1
        });
        if member < shift {
            all[at].slots.push(member);
        } else {
            all[at].offers.push(member - shift);
        }
    }
    all
}

fn fill(model: &Model<'_>, component: &Component, sheet: &mut Sheet) {
    let offer = |slot: &usize| &model.offers[component.offers[*slot]];
    sheet.unit = sheet.offers.iter().fold(0, |unit, slot| gcd(unit, offer(slot).pack)).max(1);
    let unit = sheet.unit;
    sheet.stock = sheet.offers.iter().map(|slot| offer(slot).packs * (offer(slot).pack / unit)).collect();
    let width = sheet.width();
    sheet.costs = vec![i64::FORBIDDEN; sheet.slots.len() * width];
    for (row, &slot) in sheet.slots.iter().enumerate() {
        let mut column = 0;
        for arc in &component.arcs[slot] {
            // Both are ascending, so one walk finds every column.
            while component.offers[sheet.offers[column]] != arc.offer {
                column += 1;
            }
            sheet.costs[row * width + column] = arc.cost / (arc.units / unit);
        }
        let (d, reach) = (&model.demands[component.demands[slot]], component.reach[slot]);
        let target = if d.target < reach.need { d.target } else { 0 };
        for (from, to) in [(0, target), (target, reach.need)] {
            if from < to || to == 0 {
                sheet.rows.push(row);
                sheet.quantity.push((to - from) / unit);
                // A partly needed last step is worth less per unit; the average is good enough here, the proof is exact.
                let saved = d.shortage_cost(from) - d.shortage_cost(to);
                sheet.penalty.push(narrow(saved * i128::from(unit) / i128::from((to - from).max(1))));
            }
        }
    }
}
