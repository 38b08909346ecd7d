//! A group as one transport problem over all pairs, in packs.

mod costs;

use super::need::{Need, Piece, need_value};
use crate::candidates::{Reach, gcd};
use crate::flow::transport::{self, Cost, Matrix, Rows};
use crate::model::{Model, narrow};
use crate::pipeline::{Group, PartAnswer, Seed, SolveError, Trade};
use crate::ties::{Edge, Faces, tie_costs};
pub(super) use costs::Repeated;
use costs::{Costs, Store, Widened};
use rayon::prelude::*;

/// Rows of the transport problem: a demand appears once for each piece of its shortage curve.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// Slot of the demand in the group.
    slot: usize,
    steps: i64,
    /// In the engine's unit.
    penalty: i64,
    /// Base units that a step leaves missing.
    units: i64,
}

/// The engine's unit of cost: `ticks` of a pack. A cost per base unit becomes `factor` of them.
#[derive(Debug, Clone, Copy)]
struct Unit {
    ticks: i64,
    factor: i64,
}

/// The transport problem of a group, but for the costs.
struct Frame<'a> {
    model: &'a Model<'a>,
    group: &'a Group,
    unit: Unit,
    reach: Vec<Reach>,
    rows: Vec<Row>,
    /// Least cost of each demand in the engine's unit; `None` without an arc.
    least: Vec<Option<i64>>,
}

/// Solves a group that [`Group::is_dense_transport`].
///
/// # Errors
/// [`SolveError::Engine`] when magnitudes exceed what the flow engine takes.
pub(crate) fn solve(model: &Model<'_>, group: &Group, seed: Option<&Seed>) -> Result<PartAnswer, SolveError> {
    let unit = unit(model, group);
    let Costs { store, offsets } = Costs::of(model, group, unit.factor);
    let frame = Frame::new(model, group, unit, &offsets);
    let slots: Vec<usize> = frame.rows.iter().map(|row| row.slot).collect();
    let (width, slots) = (group.offers.len(), &slots[..]);
    match &store {
        Store::Narrow(costs) => frame.solve(&Repeated { matrix: Matrix::new(costs, width), slots }, seed),
        Store::Wide(costs) => frame.solve(&Repeated { matrix: Matrix::new(costs, width), slots }, seed),
        Store::Compact(costs) => {
            let rows = Repeated { matrix: Matrix::new(costs, width), slots };
            frame.solve(&Widened { rows, factor: unit.factor }, seed)
        }
    }
}

/// The largest unit in which the costs of packs and the penalties of steps are all whole.
fn unit(model: &Model<'_>, group: &Group) -> Unit {
    let pack = pack(model, group);
    let partial = |&demand: &usize| {
        let d = &model.demands[demand];
        let [.., last] = Need::of(d, uniform_reach(model, demand, pack), 0).pieces;
        if last.steps > 0 { last.penalty } else { 0 }
    };
    let ticks = group.demands.iter().map(partial).fold(pack, |a, b| gcd(b, a)).max(1);
    Unit { ticks, factor: pack / ticks }
}

fn pack(model: &Model<'_>, group: &Group) -> i64 {
    group.offers.first().map_or(1, |&offer| model.offers[offer].pack)
}

/// The reach of a demand all of whose arcs have packs of `step`.
fn uniform_reach(model: &Model<'_>, demand: usize, step: i64) -> Reach {
    let d = &model.demands[demand];
    let most = d.accept.min(d.quantity + step - 1) / step * step;
    Reach { step, most, need: ((d.quantity + step - 1) / step * step).min(most) }
}

impl<'a> Frame<'a> {
    fn new(model: &'a Model<'a>, group: &'a Group, unit: Unit, offsets: &[Option<i64>]) -> Self {
        let pack = pack(model, group);
        let reach_of = |(&demand, offset): (&usize, &Option<i64>)| match offset {
            Some(_) => uniform_reach(model, demand, pack),
            None => Reach { step: 1, most: 0, need: 0 },
        };
        let reach: Vec<Reach> = group.demands.iter().zip(offsets).map(reach_of).collect();
        let needs = group.demands.iter().zip(&reach).map(|(&d, &reach)| Need::of(&model.demands[d], reach, 0));
        let least: Vec<Option<i64>> = offsets.iter().map(|offset| offset.map(|cost| cost * unit.factor)).collect();
        let mut rows = Vec::with_capacity(reach.len());
        for (slot, (need, least)) in needs.zip(&least).enumerate() {
            let least = least.unwrap_or(0);
            for Piece { steps, penalty, units } in need.pieces.into_iter().filter(|piece| piece.steps > 0) {
                rows.push(Row { slot, steps, penalty: penalty / unit.ticks - least, units });
            }
        }
        Self { model, group, unit, reach, rows, least }
    }

    fn solve<R: Rows>(&self, costs: &R, seed: Option<&Seed>) -> Result<PartAnswer, SolveError> {
        let quantity: Vec<i64> = self.rows.iter().map(|row| row.steps).collect();
        let penalty: Vec<i64> = self.rows.iter().map(|row| row.penalty).collect();
        let stock: Vec<i64> = self.group.offers.iter().map(|&offer| self.model.offers[offer].packs).collect();
        let problem = transport::Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs };
        let solution = match seed {
            Some(seed) => transport::solve_from(&problem, &self.earlier(seed)),
            None => transport::solve(&problem),
        };
        let solution = solution.map_err(|error| SolveError::Engine(error.to_string()))?;
        let flows = self.break_ties(costs, &solution);
        Ok(self.answer(&flows, &solution.prices))
    }

    /// An earlier plan in the engine's terms.
    fn earlier(&self, seed: &Seed) -> transport::Solution {
        let mut flows = Vec::new();
        let mut rows = self.rows.iter().enumerate().peekable();
        for (slot, &demand) in self.group.demands.iter().enumerate() {
            let mut lines = seed.of_demand(demand).iter().copied();
            let mut line = lines.next();
            while let Some((index, row)) = rows.next_if(|(_, row)| row.slot == slot) {
                let mut room = row.steps;
                while let Some((_, offer, packs)) = line.filter(|_| room > 0) {
                    let quantity = packs.min(room);
                    if let Ok(supply) = self.group.offers.binary_search(&offer) {
                        flows.push(transport::Flow { demand: index, supply, quantity });
                        room -= quantity;
                    }
                    line = if quantity < packs { Some((demand, offer, packs - quantity)) } else { lines.next() };
                }
            }
        }
        let supply = self.group.offers.iter().map(|&offer| seed.prices[offer] / self.unit.ticks).collect();
        // Prices of demands follow from those of supplies.
        let prices = transport::Prices { demand: vec![0; self.rows.len()], supply };
        transport::Solution { flows, prices, objective: 0, pivots: 0 }
    }

    /// Among the cheapest plans, the one the published order prefers: (demand slot, offer slot, packs).
    fn break_ties<R: Rows>(&self, costs: &R, solution: &transport::Solution) -> Vec<(usize, usize, i64)> {
        let Self { model, group, rows, .. } = self;
        let prices = &solution.prices;
        let tight = self.tight_offers(costs, prices);
        let mut flow_at = solution.flows.iter().peekable();
        let mut used = vec![0; group.offers.len()];
        let root = rows.len() + used.len();
        let mut edges = Vec::new();
        for (index, (row, tight)) in rows.iter().zip(&tight).enumerate() {
            let demand = group.demands[row.slot];
            let mut served = 0;
            for &offer in tight {
                let flow = flow_at.next_if(|flow| flow.demand == index && flow.supply == offer);
                let flow = flow.map_or(0, |flow| flow.quantity);
                used[offer] += flow;
                served += flow;
                let costs = tie_costs(model, demand, group.offers[offer]);
                edges.push(Edge { from: rows.len() + offer, to: index, flow, upper: None, costs });
            }
            if prices.demand[index] == row.penalty {
                let (flow, costs) = (row.steps - served, [row.units, 0, 0]);
                edges.push(Edge { from: root, to: index, flow, upper: None, costs });
            }
        }
        for (offer, &used) in used.iter().enumerate() {
            if prices.supply[offer] == 0 {
                let left = model.offers[group.offers[offer]].packs - used;
                edges.push(Edge { from: rows.len() + offer, to: root, flow: left, upper: None, costs: [0; 3] });
            }
        }
        let faces = Faces::refine(root + 1, edges);
        let mut merged = std::collections::BTreeMap::new();
        for edge in faces.iter().filter(|edge| edge.flow > 0 && edge.from != root && edge.to != root) {
            *merged.entry((rows[edge.to].slot, edge.from - rows.len())).or_insert(0) += edge.flow;
        }
        merged.into_iter().map(|((slot, offer), packs)| (slot, offer, packs)).collect()
    }

    /// Offers that serve each row at its price, ascending: all that a plan as cheap could use.
    fn tight_offers<R: Rows>(&self, costs: &R, prices: &transport::Prices) -> Vec<Vec<usize>> {
        let tight = |scratch: &mut Vec<R::Cost>, row: usize| {
            let price = prices.demand[row];
            let pairs = costs.row(row, scratch).iter().zip(&prices.supply).enumerate();
            let is_tight =
                |&(_, (cost, supply)): &(usize, (&R::Cost, &i64))| cost.is_allowed() && cost.wide() + supply == price;
            pairs.filter(is_tight).map(|(offer, _)| offer).collect()
        };
        (0..self.rows.len()).into_par_iter().map_init(Vec::new, tight).collect()
    }

    fn answer(&self, flows: &[(usize, usize, i64)], prices: &transport::Prices) -> PartAnswer {
        let Self { model, group, unit, .. } = self;
        let mut out = PartAnswer { scale: 1, ..PartAnswer::default() };
        let mut rows = self.rows.iter().zip(&prices.demand).peekable();
        for (slot, &demand) in group.demands.iter().enumerate() {
            // The first row of a demand holds the steps that are worth most: their price is the demand's.
            let mut price = None;
            while let Some((_, &relative)) = rows.next_if(|(row, _)| row.slot == slot) {
                price = price.or(Some((relative + self.least[slot].unwrap_or(0)) * unit.ticks));
            }
            let price = price.unwrap_or(0);
            if self.least[slot].is_some() {
                out.demand_prices.push((demand, price));
            }
            // No arc is below its cost at this price, so the box adds nothing.
            out.lagrangian += need_value(&model.demands[demand], self.reach[slot], price, 1);
        }
        for (&offer, price) in group.offers.iter().zip(&prices.supply) {
            let price = price * unit.ticks;
            out.lagrangian -= i128::from(price) * i128::from(model.offers[offer].packs);
            out.offer_prices.push((offer, price));
        }
        let day = |demand: usize, offer: usize| model.demands[demand].day_from.max(model.offers[offer].day_from);
        out.trades = flows
            .iter()
            .map(|&(slot, offer, packs)| {
                let (demand, offer) = (group.demands[slot], group.offers[offer]);
                Trade { demand, offer, day: day(demand, offer), packs: narrow(i128::from(packs)) }
            })
            .collect();
        out
    }
}
