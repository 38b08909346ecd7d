//! Complementary slackness, checked over all pairs without trusting the engine.

use super::{Cost, Problem, Rows, Solution};

/// The first condition that a solution breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// Wrong lengths, an index out of range, a flow that is not positive, or a forbidden pair.
    #[error("flow or price {0} does not belong to the problem")]
    Foreign(usize),
    /// A demand gets more than it asked for.
    #[error("demand {0} gets more than its quantity")]
    Overfilled(usize),
    /// A supply gives more than it has.
    #[error("supply {0} gives more than its stock")]
    Oversold(usize),
    /// A price is out of its range, or its slack is not used up.
    #[error("price of demand {0} is above the penalty, or below it although something is short")]
    DemandPrice(usize),
    /// A price is negative, or positive although stock is left.
    #[error("price of supply {0} is negative, or positive although stock is left")]
    SupplyPrice(usize),
    /// A pair has a negative reduced cost, or a positive one although something flows.
    #[error("demand {demand} and supply {supply}: reduced cost {reduced}")]
    Pair {
        /// The demand.
        demand: usize,
        /// The supply.
        supply: usize,
        /// Its reduced cost.
        reduced: i128,
    },
    /// The objective is not the sum of its parts.
    #[error("the objective should be {0}")]
    Objective(i128),
}

/// Checks that a solution is allowed and cheapest.
///
/// # Errors
/// The first [`Violation`] found.
pub fn verify<R: Rows>(problem: &Problem<'_, R>, solution: &Solution) -> Result<(), Violation> {
    let prices = &solution.prices;
    let mut short = problem.quantity.to_vec();
    let mut left = problem.stock.to_vec();
    if prices.demand.len() != short.len() || prices.supply.len() != left.len() {
        return Err(Violation::Foreign(0));
    }
    let mut objective = 0;
    let mut scratch = Vec::new();
    for (at, flow) in solution.flows.iter().enumerate() {
        if flow.demand >= short.len() || flow.supply >= left.len() || flow.quantity <= 0 {
            return Err(Violation::Foreign(at));
        }
        let cost = problem.costs.row(flow.demand, &mut scratch)[flow.supply];
        if !cost.is_allowed() {
            return Err(Violation::Foreign(at));
        }
        let reduced = reduced(cost, prices.supply[flow.supply], prices.demand[flow.demand]);
        if reduced != 0 {
            return Err(Violation::Pair { demand: flow.demand, supply: flow.supply, reduced });
        }
        short[flow.demand] = short[flow.demand].checked_sub(flow.quantity).ok_or(Violation::Foreign(at))?;
        left[flow.supply] = left[flow.supply].checked_sub(flow.quantity).ok_or(Violation::Foreign(at))?;
        objective += i128::from(cost.wide()) * i128::from(flow.quantity);
    }
    for (demand, &u) in short.iter().enumerate() {
        if u < 0 {
            return Err(Violation::Overfilled(demand));
        }
        let slack = i128::from(problem.penalty[demand]) - i128::from(prices.demand[demand]);
        if slack < 0 || (u > 0 && slack > 0) {
            return Err(Violation::DemandPrice(demand));
        }
        objective += i128::from(u) * i128::from(problem.penalty[demand]);
    }
    for (supply, &unused) in left.iter().enumerate() {
        if unused < 0 {
            return Err(Violation::Oversold(supply));
        }
        if prices.supply[supply] < 0 || (unused > 0 && prices.supply[supply] > 0) {
            return Err(Violation::SupplyPrice(supply));
        }
    }
    verify_pairs(problem, solution)?;
    if objective == solution.objective { Ok(()) } else { Err(Violation::Objective(objective)) }
}

fn verify_pairs<R: Rows>(problem: &Problem<'_, R>, solution: &Solution) -> Result<(), Violation> {
    let mut scratch = Vec::new();
    for (demand, &pi) in solution.prices.demand.iter().enumerate() {
        let row = problem.costs.row(demand, &mut scratch);
        for (supply, (&cost, &rho)) in row.iter().zip(&solution.prices.supply).enumerate() {
            let reduced = reduced(cost, rho, pi);
            if cost.is_allowed() && reduced < 0 {
                return Err(Violation::Pair { demand, supply, reduced });
            }
        }
    }
    Ok(())
}

fn reduced<C: Cost>(cost: C, rho: i64, pi: i64) -> i128 {
    i128::from(cost.wide()) + i128::from(rho) - i128::from(pi)
}
