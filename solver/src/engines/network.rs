//! A component that is pure flow, as a sparse network: offers, their days, and the steps of demands.
//!
//! Handles what the dense engine does not look at: few pairs, stock by day, pins, packs that differ between demands.

use super::need::{Need, need_value};
use crate::candidates::{self, Arc};
use crate::flow::mcf;
use crate::model::{Model, Pinned};
use crate::pipeline::{Component, KeyPart, PartAnswer, RowKey, SolveError, Trade};
use crate::ties::{Edge, Faces, tie_costs};
use std::collections::BTreeMap;

/// Whether one pack is one step on every arc and no term but stock, stock by day and pins applies.
pub fn fits(model: &Model<'_>, component: &Component) -> bool {
    let problem = model.problem;
    let plain_offer = |&o: &usize| {
        let offer = &model.offers[o];
        offer.min_packs == 1
            && offer.min_total_packs <= 1
            && offer.tiers.is_empty()
            && !model.supplier_couples(offer.supplier)
    };
    let plain_demand = |slot: usize| {
        let demand = component.demands[slot];
        let arcs = &component.arcs[slot];
        !model.buyer_couples(model.demands[demand].buyer)
            && arcs
                .iter()
                .all(|arc| arc.units == component.reach[slot].step && fixed_days(model, demand, arc).is_some())
    };
    problem.bundles.is_empty()
        && problem.class_shares.is_empty()
        && problem.incumbent.is_none()
        && component.offers.iter().all(plain_offer)
        && (0..component.demands.len()).all(plain_demand)
        && !component.has_floor(model)
}

/// What pins fix on an arc, by day; `None` when only a solver can choose the days.
fn fixed_days(model: &Model<'_>, demand: usize, arc: &Arc) -> Option<Vec<(i64, i64)>> {
    if model.pins.is_empty() {
        return Some(Vec::new());
    }
    match model.pins.get(&(demand, arc.offer)) {
        None => Some(Vec::new()),
        Some(Pinned::Days(days)) => Some(days.clone()),
        Some(Pinned::Total(packs)) => {
            let free = !model.offers[arc.offer].has_day_limit || arc.day_from == arc.day_to;
            free.then(|| vec![(arc.day_from, *packs)])
        }
    }
}

/// What an edge of the network stands for.
#[derive(Debug, Clone, Copy)]
enum Tag {
    /// A row left short.
    Short,
    /// Stock left over.
    Left,
    /// Stock on one day.
    Day,
    /// A trade.
    Trade { demand: usize, offer: usize, day: i64 },
}

/// The network under construction, with what each edge means.
struct Build<'a> {
    model: &'a Model<'a>,
    component: &'a Component,
    network: mcf::Network,
    tags: Vec<Tag>,
    ties: Vec<[i64; 3]>,
    /// Node of each offer, by slot.
    offer_nodes: Vec<usize>,
    /// Node and capacity of each (offer, day) with a limit by day.
    day_nodes: BTreeMap<(usize, i64), (usize, i64)>,
    /// Trades that pins fix.
    fixed: Vec<Trade>,
    needs: Vec<Need>,
}

const ROOT: usize = 0;

/// Solves a component that [`fits`].
///
/// # Errors
/// [`SolveError::Engine`] when magnitudes exceed what the flow engine takes.
pub fn solve(model: &Model<'_>, component: &Component) -> Result<PartAnswer, SolveError> {
    let mut build = Build::new(model, component);
    build.balance();
    let solution = match mcf::solve(&build.network) {
        Ok(mcf::Outcome::Optimal(solution)) => solution,
        Ok(other) => {
            return Err(SolveError::Engine(format!("a flow with free shortage came out as {other:?}")));
        }
        Err(error) => return Err(SolveError::Engine(error.to_string())),
    };
    let flows = build.break_ties(&solution);
    Ok(build.answer(&solution, &flows))
}

impl<'a> Build<'a> {
    fn new(model: &'a Model<'a>, component: &'a Component) -> Self {
        let mut build = Self {
            model,
            component,
            network: mcf::Network { supplies: vec![0], arcs: Vec::new() },
            tags: Vec::new(),
            ties: Vec::new(),
            offer_nodes: Vec::new(),
            day_nodes: BTreeMap::new(),
            fixed: Vec::new(),
            needs: Vec::new(),
        };
        build.fix();
        build.add_offers();
        build.add_demands();
        build
    }

    fn fix(&mut self) {
        for (slot, &demand) in self.component.demands.iter().enumerate() {
            let mut served = 0;
            for arc in &self.component.arcs[slot] {
                for (day, packs) in fixed_days(self.model, demand, arc).unwrap_or_default() {
                    served += packs * arc.units;
                    self.fixed.push(Trade { demand, offer: arc.offer, day, packs });
                }
            }
            self.needs.push(Need::of(&self.model.demands[demand], self.component.reach[slot], served));
        }
    }

    fn add_offers(&mut self) {
        for &offer in &self.component.offers {
            let fixed: i64 = self.fixed.iter().filter(|t| t.offer == offer).map(|t| t.packs).sum();
            let node = self.node(self.model.offers[offer].packs - fixed);
            self.offer_nodes.push(node);
            self.edge(Tag::Left, node, ROOT, None, 0, [0; 3]);
        }
    }

    fn add_demands(&mut self) {
        for slot in 0..self.component.demands.len() {
            let (demand, need) = (self.component.demands[slot], self.needs[slot]);
            for piece in need.pieces.iter().filter(|piece| piece.steps > 0) {
                let row = self.node(-piece.steps);
                self.edge(Tag::Short, ROOT, row, None, piece.penalty, [piece.units, 0, 0]);
                for arc in &self.component.arcs[slot] {
                    if candidates::pinned_packs(self.model, demand, arc.offer) == 0 {
                        self.add_arc(demand, row, arc);
                    }
                }
            }
        }
    }

    fn add_arc(&mut self, demand: usize, row: usize, arc: &Arc) {
        let ties = tie_costs(self.model, demand, arc.offer);
        let offer_node = self.offer_nodes[self.component.offers.binary_search(&arc.offer).unwrap_or_default()];
        if !self.model.offers[arc.offer].has_day_limit {
            let tag = Tag::Trade { demand, offer: arc.offer, day: arc.day_from };
            self.edge(tag, offer_node, row, None, arc.cost, ties);
            return;
        }
        for day in arc.day_from..=arc.day_to {
            let from = self.day_node(arc.offer, offer_node, day);
            self.edge(Tag::Trade { demand, offer: arc.offer, day }, from, row, None, arc.cost, ties);
        }
    }

    fn day_node(&mut self, offer: usize, offer_node: usize, day: i64) -> usize {
        if let Some(&(node, _)) = self.day_nodes.get(&(offer, day)) {
            return node;
        }
        let fixed: i64 = self.fixed.iter().filter(|t| t.offer == offer && t.day == day).map(|t| t.packs).sum();
        let node = self.node(0);
        let left = self.model.offers[offer].packs_per_day - fixed;
        self.day_nodes.insert((offer, day), (node, left));
        self.edge(Tag::Day, offer_node, node, Some(left), 0, [0; 3]);
        node
    }

    fn node(&mut self, supply: i64) -> usize {
        self.network.supplies.push(supply);
        self.network.supplies.len() - 1
    }

    fn edge(&mut self, tag: Tag, from: usize, to: usize, upper: Option<i64>, cost: i64, ties: [i64; 3]) {
        self.network.arcs.push(mcf::Arc { from, to, lower: 0, upper, cost });
        self.tags.push(tag);
        self.ties.push(ties);
    }

    /// The root takes what is left and gives what is short.
    fn balance(&mut self) {
        self.network.supplies[ROOT] = -self.network.supplies.iter().sum::<i64>();
    }

    fn break_ties(&self, solution: &mcf::Solution) -> Vec<i64> {
        let mut flows = solution.flow.clone();
        let is_tight = |arc: &mcf::Arc| arc.cost + solution.potential[arc.from] - solution.potential[arc.to] == 0;
        let tight: Vec<usize> = (0..flows.len()).filter(|&i| is_tight(&self.network.arcs[i])).collect();
        let edge = |&i: &usize| {
            let arc = self.network.arcs[i];
            Edge { from: arc.from, to: arc.to, flow: flows[i], upper: arc.upper, costs: self.ties[i] }
        };
        let refined = Faces::refine(self.network.supplies.len(), tight.iter().map(edge).collect());
        tight.into_iter().zip(refined).for_each(|(i, edge)| flows[i] = edge.flow);
        flows
    }

    fn answer(&self, solution: &mcf::Solution, flows: &[i64]) -> PartAnswer {
        let mut out = PartAnswer { scale: 1, ..PartAnswer::default() };
        let height = |node: usize| solution.potential[node] - solution.potential[ROOT];
        for (slot, &offer) in self.component.offers.iter().enumerate() {
            let price = height(self.offer_nodes[slot]).max(0);
            out.lagrangian -= i128::from(price) * i128::from(self.model.offers[offer].packs);
            out.offer_prices.push((offer, price));
        }
        let prices: BTreeMap<usize, i64> = out.offer_prices.iter().copied().collect();
        let mut day_prices = BTreeMap::new();
        for (&(offer, day), &(node, _)) in &self.day_nodes {
            let price = (height(node) - prices[&offer]).max(0);
            if price > 0 {
                out.lagrangian -= i128::from(price) * i128::from(self.model.offers[offer].packs_per_day);
                let key = vec![KeyPart::Offer(offer), KeyPart::Day(day)];
                out.rows.push((RowKey { family: "stock_day", key }, price));
                day_prices.insert((offer, day), price);
            }
        }
        self.price_demands(&prices, &day_prices, &mut out);
        out.trades = self.trades(flows);
        out
    }

    fn price_demands(&self, prices: &BTreeMap<usize, i64>, days: &BTreeMap<(usize, i64), i64>, out: &mut PartAnswer) {
        let by_day = |offer: usize, day: i64| days.get(&(offer, day)).copied().unwrap_or(0);
        for (slot, &demand) in self.component.demands.iter().enumerate() {
            let (arcs, reach) = (&self.component.arcs[slot], self.component.reach[slot]);
            let landed = |arc: &Arc| {
                let day = (arc.day_from..=arc.day_to).map(|day| by_day(arc.offer, day)).min().unwrap_or(0);
                arc.cost + prices[&arc.offer] + day
            };
            let is_free = |arc: &&Arc| candidates::pinned_packs(self.model, demand, arc.offer) == 0;
            let price =
                if arcs.is_empty() { 0 } else { self.needs[slot].price(arcs.iter().filter(is_free).map(landed).min()) };
            out.demand_prices.push((demand, price));
            out.lagrangian += need_value(&self.model.demands[demand], reach, price, 1);
            for arc in arcs.iter().filter(|arc| !is_free(arc)) {
                let reduced = |day: i64| i128::from(arc.cost + prices[&arc.offer] + by_day(arc.offer, day) - price);
                out.lagrangian += match self.model.pins.get(&(demand, arc.offer)) {
                    Some(Pinned::Days(days)) => days.iter().map(|&(day, packs)| i128::from(packs) * reduced(day)).sum(),
                    Some(Pinned::Total(packs)) => i128::from(*packs) * (i128::from(landed(arc)) - i128::from(price)),
                    None => 0,
                };
            }
        }
    }

    fn trades(&self, flows: &[i64]) -> Vec<Trade> {
        let mut packs_at: BTreeMap<(usize, usize, i64), i64> = BTreeMap::new();
        for (&flow, tag) in flows.iter().zip(&self.tags) {
            if let (1.., Tag::Trade { demand, offer, day }) = (flow, *tag) {
                *packs_at.entry((demand, offer, day)).or_insert(0) += flow;
            }
        }
        for t in &self.fixed {
            *packs_at.entry((t.demand, t.offer, t.day)).or_insert(0) += t.packs;
        }
        packs_at.into_iter().map(|((demand, offer, day), packs)| Trade { demand, offer, day, packs }).collect()
    }
}
