//! A group as one transport problem over all pairs, in packs.

use super::need::{Need, need_value};
use crate::candidates::{self, Reach};
use crate::flow::transport::{self, Cost, Matrix, Rows};
use crate::model::{Model, narrow};
use crate::pipeline::{Group, PartAnswer, SolveError, Trade};
use crate::ties::{Edge, Faces, tie_costs};
use rayon::prelude::*;

/// Rows of the transport problem: a demand appears once for its full steps and once for a last, partial one.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// Slot of the demand in the group.
    slot: usize,
    steps: i64,
    penalty: i64,
}

/// What was found out about each demand of the group.
struct Prepared {
    reach: Vec<Reach>,
    needs: Vec<Need>,
    /// Costs per pack, one row per demand slot.
    costs: Vec<i64>,
    width: usize,
}

/// The cost matrix with some of its rows repeated.
struct Repeated<'a, C> {
    matrix: Matrix<'a, C>,
    slots: &'a [usize],
}

impl<C: Cost> Rows for Repeated<'_, C> {
    type Cost = C;

    fn row<'a>(&'a self, demand: usize, scratch: &'a mut Vec<C>) -> &'a [C] {
        self.slots.get(demand).map_or(&[], |&slot| self.matrix.row(slot, scratch))
    }
}

/// Solves a group that [`Group::is_dense_transport`].
///
/// # Errors
/// [`SolveError::Engine`] when magnitudes exceed what the flow engine takes.
pub fn solve(model: &Model<'_>, group: &Group) -> Result<PartAnswer, SolveError> {
    let prepared = prepare(model, group);
    let rows = rows_of(&prepared.needs);
    let divisor = common_divisor(&prepared, &rows);
    let solution = run(model, group, &prepared, &rows, divisor)?;
    let offer_prices: Vec<i64> = solution.prices.supply.iter().map(|price| price * divisor).collect();
    let flows = break_ties(model, group, &prepared, &rows, &solution.flows, &offer_prices);
    Ok(answer(model, group, &prepared, &flows, &offer_prices))
}

fn prepare(model: &Model<'_>, group: &Group) -> Prepared {
    let width = group.offers.len();
    let cost = |demand: usize| {
        move |&offer: &usize| candidates::judge(model, demand, offer).map_or(i64::FORBIDDEN, |arc| arc.cost)
    };
    let costs: Vec<i64> =
        group.demands.par_iter().flat_map_iter(|&demand| group.offers.iter().map(cost(demand))).collect();
    let step = group.offers.first().map_or(1, |&offer| model.offers[offer].pack);
    let reach: Vec<Reach> = group
        .demands
        .iter()
        .enumerate()
        .map(|(slot, &demand)| {
            let row = &costs[slot * width..(slot + 1) * width];
            if row.iter().all(|cost| !cost.is_allowed()) {
                Reach { step: 1, most: 0, need: 0 }
            } else {
                uniform_reach(model, demand, step)
            }
        })
        .collect();
    let needs = group.demands.iter().zip(&reach).map(|(&d, &reach)| Need::of(&model.demands[d], reach, 0)).collect();
    Prepared { reach, needs, costs, width }
}

/// The reach of a demand all of whose arcs have packs of `step`.
fn uniform_reach(model: &Model<'_>, demand: usize, step: i64) -> Reach {
    let d = &model.demands[demand];
    let most = d.accept.min(d.quantity + step - 1) / step * step;
    Reach { step, most, need: ((d.quantity + step - 1) / step * step).min(most) }
}

fn rows_of(needs: &[Need]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(needs.len());
    for (slot, need) in needs.iter().enumerate() {
        if need.full > 0 {
            rows.push(Row { slot, steps: need.full, penalty: need.full_penalty });
        }
        if need.last > 0 {
            rows.push(Row { slot, steps: 1, penalty: need.last_penalty });
        }
    }
    rows
}

/// What all costs can be divided by without loss; smaller numbers make a faster engine and leave room.
fn common_divisor(prepared: &Prepared, rows: &[Row]) -> i64 {
    let allowed = prepared.costs.iter().copied().filter(|cost| cost.is_allowed());
    let mut divisor = 0;
    for value in rows.iter().map(|row| row.penalty).chain(allowed) {
        divisor = gcd(value, divisor);
        if divisor == 1 {
            break;
        }
    }
    divisor.max(1)
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn run(
    model: &Model<'_>,
    group: &Group,
    prepared: &Prepared,
    rows: &[Row],
    divisor: i64,
) -> Result<transport::Solution, SolveError> {
    let quantity: Vec<i64> = rows.iter().map(|row| row.steps).collect();
    let penalty: Vec<i64> = rows.iter().map(|row| row.penalty / divisor).collect();
    let stock: Vec<i64> = group.offers.iter().map(|&offer| model.offers[offer].packs).collect();
    let slots: Vec<usize> = rows.iter().map(|row| row.slot).collect();
    let narrow_cost = |&cost: &i64| {
        if cost.is_allowed() {
            i32::try_from(cost / divisor).ok().filter(|c| *c < 1 << 30)
        } else {
            Some(i32::FORBIDDEN)
        }
    };
    let small: Option<Vec<i32>> = prepared.costs.par_iter().map(narrow_cost).collect();
    let solution = if let Some(costs) = small {
        let costs = Repeated { matrix: Matrix::new(&costs, prepared.width), slots: &slots };
        transport::solve(&transport::Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &costs })
    } else {
        let divided = |&cost: &i64| if cost.is_allowed() { cost / divisor } else { cost };
        let costs: Vec<i64> = prepared.costs.par_iter().map(divided).collect();
        let costs = Repeated { matrix: Matrix::new(&costs, prepared.width), slots: &slots };
        transport::solve(&transport::Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &costs })
    };
    solution.map_err(|error| SolveError::Engine(error.to_string()))
}

/// Among the cheapest plans, the one the published order prefers: (demand slot, offer slot, packs).
fn break_ties(
    model: &Model<'_>,
    group: &Group,
    prepared: &Prepared,
    rows: &[Row],
    flows: &[transport::Flow],
    offer_prices: &[i64],
) -> Vec<(usize, usize, i64)> {
    let width = prepared.width;
    let mut flow_at = flows.iter().peekable();
    let mut used = vec![0; width];
    let root = rows.len() + width;
    let mut edges = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let costs = &prepared.costs[row.slot * width..(row.slot + 1) * width];
        let landed = |offer: usize| costs[offer] + offer_prices[offer];
        let cheapest = (0..width).filter(|&o| costs[o].is_allowed()).map(landed).min();
        let price = cheapest.map_or(row.penalty, |cheapest| cheapest.min(row.penalty));
        let demand = &model.demands[group.demands[row.slot]];
        let mut served = 0;
        for offer in 0..width {
            let flow =
                flow_at.next_if(|flow| flow.demand == index && flow.supply == offer).map_or(0, |flow| flow.quantity);
            used[offer] += flow;
            served += flow;
            if costs[offer].is_allowed() && landed(offer) == price {
                let costs = tie_costs(model, group.demands[row.slot], group.offers[offer]);
                edges.push(Edge { from: rows.len() + offer, to: index, flow, upper: None, costs });
            }
        }
        if price == row.penalty {
            let short = row.penalty / demand.premium_penalty.max(1);
            edges.push(Edge { from: root, to: index, flow: row.steps - served, upper: None, costs: [short, 0, 0] });
        }
    }
    for (offer, &used) in used.iter().enumerate() {
        if offer_prices[offer] == 0 {
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

fn answer(
    model: &Model<'_>,
    group: &Group,
    prepared: &Prepared,
    flows: &[(usize, usize, i64)],
    offer_prices: &[i64],
) -> PartAnswer {
    let width = prepared.width;
    let mut out = PartAnswer { scale: 1, ..PartAnswer::default() };
    for (slot, &demand) in group.demands.iter().enumerate() {
        let costs = &prepared.costs[slot * width..(slot + 1) * width];
        let landed =
            costs.iter().zip(offer_prices).filter(|(cost, _)| cost.is_allowed()).map(|(cost, price)| cost + price);
        let Some(cheapest) = landed.min() else {
            out.lagrangian += need_value(&model.demands[demand], prepared.reach[slot], 0, 1);
            continue;
        };
        let price = prepared.needs[slot].price(Some(cheapest));
        out.demand_prices.push((demand, price));
        // No arc is below its cost at this price, so the box adds nothing.
        out.lagrangian += need_value(&model.demands[demand], prepared.reach[slot], price, 1);
    }
    for (slot, &offer) in group.offers.iter().enumerate() {
        out.lagrangian -= i128::from(offer_prices[slot]) * i128::from(model.offers[offer].packs);
        out.offer_prices.push((offer, offer_prices[slot]));
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
