//! Components where only packs of different sizes and least lines stand between them and pure flow: good plans at any
//! size, and the bound of the linear relaxation by an integer flow.
//!
//! Without packs and minimums the component is a transport problem in the greatest common divisor of its packs. Its
//! prices prove a bound; its flow reserves stock. Then every demand in turn chooses whole packs by dynamic programming
//! over what it could receive, at landed cost plus the price of stock, from what is free plus what was reserved for
//! it. A few rounds of taking one demand out and choosing again mend what the order of choosing spoilt.

mod choose;
mod search;

pub use search::search;

use super::dense::Repeated;
use super::formulation::Formulation;
use super::need::need_value;
use crate::flow::transport::{self, Cost, Matrix};
use crate::model::Model;
use crate::pipeline::{Component, PartAnswer, SolveError, Trade};
use choose::{Choice, choose};

/// Rounds of choosing again.
const ROUNDS: usize = 4;

/// Whether packs and least lines are all that keeps the component from being a transport problem.
pub fn fits(model: &Model<'_>, component: &Component) -> bool {
    let problem = model.problem;
    let plain_offer = |&o: &usize| {
        let offer = &model.offers[o];
        offer.min_total_packs == 0
            && !offer.has_day_limit
            && offer.tiers.is_empty()
            && !model.supplier_couples(offer.supplier)
    };
    let plain_demand = |(&d, arcs): (&usize, &Vec<crate::candidates::Arc>)| {
        !model.buyer_couples(model.demands[d].buyer) && arcs.iter().all(|arc| arc.units == model.offers[arc.offer].pack)
    };
    model.pins.is_empty()
        && problem.bundles.is_empty()
        && problem.class_shares.is_empty()
        && problem.incumbent.is_none()
        && !component.has_floor(model)
        && component.offers.iter().all(plain_offer)
        && component.demands.iter().zip(&component.arcs).all(plain_demand)
}

/// What the relaxation to a transport problem proves for any component in which a pack of an offer counts the same
/// everywhere: prices of demands, per step, and of offers, per pack, both by slot. `None` where it is not one.
pub fn prices(model: &Model<'_>, component: &Component) -> Option<(Vec<i64>, Vec<i64>)> {
    let is_plain = |arc: &crate::candidates::Arc| arc.units == model.offers[arc.offer].pack;
    if !component.arcs.iter().flatten().all(is_plain) {
        return None;
    }
    let relaxed = relax(model, component).ok()?;
    let demand_prices = relaxed.prove().demand_prices.into_iter().map(|(_, price)| price).collect();
    Some((demand_prices, relaxed.prices))
}

/// A component with the relaxed flow and its prices.
struct Relaxed<'a> {
    model: &'a Model<'a>,
    component: &'a Component,
    /// Price per pack by offer slot.
    prices: Vec<i64>,
    /// Reserved base units: (offer slot, units) by demand slot.
    reserved: Vec<Vec<(usize, i64)>>,
}

/// Solves a component that [`fits`].
///
/// # Errors
/// [`SolveError::Engine`] when magnitudes exceed what the flow engine takes.
pub fn solve(model: &Model<'_>, component: &Component) -> Result<PartAnswer, SolveError> {
    let relaxed = relax(model, component)?;
    let mut answer = relaxed.prove();
    answer.trades = relaxed.trades(&relaxed.plan());
    Ok(answer)
}

/// The plan of an answer as trade columns of a formulation of the same component.
pub fn columns(formulation: &Formulation<'_>, trades: &[Trade]) -> Vec<i64> {
    let mut values = vec![0; formulation.columns.len()];
    for (index, pair) in formulation.pairs.iter().enumerate() {
        let demand = formulation.component.demands[pair.slot];
        let found = trades.iter().find(|trade| trade.demand == demand && trade.offer == pair.arc.offer);
        values[formulation.pairs[index].first] = found.map_or(0, |trade| trade.packs);
    }
    values
}

/// The same without prices and reservations, for components that are no transport problem at all.
fn unpriced<'a>(model: &'a Model<'a>, component: &'a Component) -> Relaxed<'a> {
    let prices = vec![0; component.offers.len()];
    Relaxed { model, component, prices, reserved: vec![Vec::new(); component.demands.len()] }
}

fn relax<'a>(model: &'a Model<'a>, component: &'a Component) -> Result<Relaxed<'a>, SolveError> {
    let unit = component.offers.iter().fold(0, |unit, &offer| gcd(unit, model.offers[offer].pack)).max(1);
    let width = component.offers.len();
    let mut costs = vec![i64::FORBIDDEN; component.demands.len() * width];
    for (slot, arcs) in component.arcs.iter().enumerate() {
        for arc in arcs {
            let offer = component.offers.binary_search(&arc.offer).unwrap_or_default();
            costs[slot * width + offer] = arc.cost / (arc.units / unit);
        }
    }
    let (mut slots, mut quantity, mut penalty) = (Vec::new(), Vec::new(), Vec::new());
    for (slot, (&demand, reach)) in component.demands.iter().zip(&component.reach).enumerate() {
        let d = &model.demands[demand];
        let target = if d.target < reach.need { d.target } else { 0 };
        for (from, to) in [(0, target), (target, reach.need)] {
            if from < to || to == 0 {
                slots.push(slot);
                quantity.push((to - from) / unit);
                // A partly needed last step is worth less per unit; the average is good enough here, the proof is exact.
                let saved = d.shortage_cost(from) - d.shortage_cost(to);
                penalty.push(crate::model::narrow(saved * i128::from(unit) / i128::from((to - from).max(1))));
            }
        }
    }
    let stock: Vec<i64> =
        component.offers.iter().map(|&offer| model.offers[offer].packs * (model.offers[offer].pack / unit)).collect();
    let solution = solve_transport([&quantity, &penalty, &stock], &slots, &costs, width)?;
    let per_pack = |(&offer, &price): (&usize, &i64)| price * (model.offers[offer].pack / unit);
    let prices = component.offers.iter().zip(&solution.prices.supply).map(per_pack).collect();
    let mut reserved = vec![Vec::new(); component.demands.len()];
    for flow in &solution.flows {
        reserved[slots[flow.demand]].push((flow.supply, flow.quantity * unit));
    }
    Ok(Relaxed { model, component, prices, reserved })
}

/// `slots` tells which row of the costs each row of the problem has.
fn solve_transport(
    [quantity, penalty, stock]: [&[i64]; 3],
    slots: &[usize],
    costs: &[i64],
    width: usize,
) -> Result<transport::Solution, SolveError> {
    let small = |&cost: &i64| {
        let narrow = || i32::try_from(cost).ok().filter(|cost| *cost < 1 << 30);
        if cost.is_allowed() { narrow() } else { Some(i32::FORBIDDEN) }
    };
    let narrow: Option<Vec<i32>> = costs.iter().map(small).collect();
    let solution = match &narrow {
        Some(costs) => {
            let costs = &Repeated { matrix: Matrix::new(costs, width), slots };
            transport::solve(&transport::Problem { quantity, penalty, stock, costs })
        }
        None => {
            let costs = &Repeated { matrix: Matrix::new(costs, width), slots };
            transport::solve(&transport::Problem { quantity, penalty, stock, costs })
        }
    };
    solution.map_err(|error| SolveError::Engine(error.to_string()))
}

impl Relaxed<'_> {
    /// The bound that the prices of stock prove, with the best price of every demand for them.
    fn prove(&self) -> PartAnswer {
        let mut out = PartAnswer { scale: 1, ..PartAnswer::default() };
        for (slot, &demand) in self.component.demands.iter().enumerate() {
            let (d, reach) = (&self.model.demands[demand], self.component.reach[slot]);
            let per_step = |arc: &crate::candidates::Arc| {
                let landed = i128::from(arc.cost) + i128::from(self.price_of(arc.offer));
                // Rounded down, so that no arc is below its cost.
                crate::model::narrow((landed * i128::from(reach.step)).div_euclid(i128::from(arc.units)))
            };
            let cheapest = self.component.arcs[slot].iter().map(per_step).min();
            let price = cheapest.map_or(0, |cheapest| cheapest.min(d.largest_penalty() * reach.step));
            out.demand_prices.push((demand, price));
            out.lagrangian += need_value(d, reach, price, 1);
        }
        for (&offer, &price) in self.component.offers.iter().zip(&self.prices) {
            out.offer_prices.push((offer, price));
            out.lagrangian -= i128::from(price) * i128::from(self.model.offers[offer].packs);
        }
        out
    }

    fn slot_of(&self, offer: usize) -> usize {
        self.component.offers.binary_search(&offer).unwrap_or_default()
    }

    fn price_of(&self, offer: usize) -> i64 {
        self.prices[self.slot_of(offer)]
    }

    /// Whole packs for every demand: (arc position, packs) by demand slot.
    fn plan(&self) -> Vec<Choice> {
        let model = self.model;
        let mut free: Vec<i64> =
            self.component.offers.iter().map(|&o| model.offers[o].packs * model.offers[o].pack).collect();
        for (offer, units) in self.reserved.iter().flatten() {
            free[*offer] -= units;
        }
        let mut order: Vec<usize> = (0..self.component.demands.len()).collect();
        // Large needs first: they have the fewest ways to be put together.
        order.sort_by_key(|&slot| (std::cmp::Reverse(self.component.reach[slot].need), slot));
        let mut plan = vec![Choice::default(); order.len()];
        for &slot in &order {
            for (offer, units) in &self.reserved[slot] {
                free[*offer] += units;
            }
            plan[slot] = choose(self, slot, &free, &|_| Some(0));
            self.take(slot, &plan[slot], &mut free, -1);
        }
        for _ in 0..ROUNDS {
            let mut is_better = false;
            for &slot in &order {
                self.take(slot, &plan[slot], &mut free, 1);
                let other = choose(self, slot, &free, &|_| Some(0));
                if other.cost < plan[slot].cost {
                    (plan[slot], is_better) = (other, true);
                }
                self.take(slot, &plan[slot], &mut free, -1);
            }
            if !is_better {
                break;
            }
        }
        plan
    }

    /// Puts the packs of a choice back (`sign` 1) or takes them (`sign` −1).
    fn take(&self, slot: usize, choice: &Choice, free: &mut [i64], sign: i64) {
        for &(position, packs) in &choice.packs {
            let arc = &self.component.arcs[slot][position];
            free[self.slot_of(arc.offer)] += sign * packs * self.model.offers[arc.offer].pack;
        }
    }

    fn trades(&self, plan: &[Choice]) -> Vec<Trade> {
        let mut trades = Vec::new();
        for (slot, choice) in plan.iter().enumerate() {
            for &(position, packs) in &choice.packs {
                let arc = &self.component.arcs[slot][position];
                trades.push(Trade { demand: self.component.demands[slot], offer: arc.offer, day: arc.day_from, packs });
            }
        }
        trades
    }
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
