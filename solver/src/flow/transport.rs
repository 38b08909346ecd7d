//! The dense transport problem: demands × supplies, every pair at a cost of its own, arcs never stored.
//!
//! minimise Σ c(d,s) x(d,s) + Σ penalty(d) u(d) subject to Σ_s x(d,s) + u(d) = quantity(d), Σ_d x(d,s) ≤ stock(s),
//! x, u ≥ 0. Shortage is always allowed, so there is always an answer. It comes with integer prices that prove it by
//! complementary slackness over *all* pairs; [`verify`] checks that without trusting the engine.

mod rows;
#[cfg(test)]
mod tests;
mod verify;

pub use rows::{Cost, Matrix, Rows};
pub use verify::{Violation, verify};

use super::mcf;

/// A transport problem.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a, R: Rows> {
    /// Quantity of each demand, ≥ 0.
    pub quantity: &'a [i64],
    /// What one unit of shortage of each demand costs.
    pub penalty: &'a [i64],
    /// Stock of each supply, ≥ 0.
    pub stock: &'a [i64],
    /// Cost per unit of each pair; one row per demand, one column per supply.
    pub costs: &'a R,
}

/// A quantity greater than zero that a supply delivers to a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// Index of the demand.
    pub demand: usize,
    /// Index of the supply.
    pub supply: usize,
    /// Units.
    pub quantity: i64,
}

/// Prices of demands and supplies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prices {
    /// π: what one more unit of each demand would cost; at most its penalty.
    pub demand: Vec<i64>,
    /// ρ: what one more unit of each stock would save; never negative.
    pub supply: Vec<i64>,
}

/// A cheapest plan and its proof: `cost + ρ - π >= 0` for every allowed pair, `= 0` where something flows; `ρ > 0`
/// only where the stock is used up; `π < penalty` only where nothing is short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Flows ordered by (demand, supply).
    pub flows: Vec<Flow>,
    /// The proof.
    pub prices: Prices,
    /// Cost of the flows plus penalties of what is short.
    pub objective: i128,
    /// Pivots made.
    pub pivots: u64,
}

/// A problem that cannot be handled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// Lengths disagree.
    #[error("{what} has {found} entries where {expected} are needed")]
    Shape {
        /// Which slice.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// More than 2^31 demands and supplies.
    #[error("the problem has more than 2^31 demands and supplies")]
    TooLarge,
    /// A quantity or stock is negative.
    #[error("{what} {index} is negative")]
    Negative {
        /// Which slice.
        what: &'static str,
        /// Position in it.
        index: usize,
    },
    /// Quantities and stocks add up to more than 2^60.
    #[error("quantities and stocks add up to more than 2^60")]
    QuantityOverflow,
    /// A cost or penalty times the number of supplies exceeds 2^58.
    #[error("cost {cost} times the number of supplies exceeds 2^58")]
    CostOverflow {
        /// The cost or penalty.
        cost: i64,
    },
}

/// Finds a cheapest plan.
///
/// # Errors
/// [`InputError`] when slices disagree in length, a quantity is negative or magnitudes could overflow.
pub fn solve<R: Rows>(problem: &Problem<'_, R>) -> Result<Solution, InputError> {
    check(problem)?;
    let (demands, supplies) = (problem.quantity.len(), problem.stock.len());
    let root = demands + supplies;
    let balance = problem.quantity.iter().sum::<i64>() - problem.stock.iter().sum::<i64>();
    let mut network = mcf::Network::default();
    network.supplies.extend(problem.quantity.iter().map(|q| -q));
    network.supplies.extend(problem.stock);
    network.supplies.push(balance);
    let mut push = |from, to, cost| {
        network.arcs.push(mcf::Arc {
            from,
            to,
            lower: 0,
            upper: None,
            cost,
        })
    };
    let mut scratch = Vec::new();
    for (demand, &penalty) in problem.penalty.iter().enumerate() {
        push(root, demand, penalty);
        for (supply, cost) in problem.costs.row(demand, &mut scratch).iter().enumerate() {
            if cost.is_allowed() {
                push(demands + supply, demand, cost.wide());
            }
        }
    }
    (demands..root).for_each(|supply| push(supply, root, 0));
    let solved = match mcf::solve(&network) {
        Ok(mcf::Outcome::Optimal(solved)) => solved,
        _ => return Err(InputError::TooLarge),
    };
    let mut flows = Vec::new();
    for (arc, &quantity) in network.arcs.iter().zip(&solved.flow) {
        if quantity > 0 && arc.from != root && arc.to != root {
            flows.push(Flow {
                demand: arc.to,
                supply: arc.from - demands,
                quantity,
            });
        }
    }
    let level = solved.potential[root];
    let price = |p: &i64| p - level;
    let prices = Prices {
        demand: solved.potential[..demands].iter().map(price).collect(),
        supply: solved.potential[demands..root].iter().map(price).collect(),
    };
    Ok(Solution {
        flows,
        prices,
        objective: solved.objective,
        pivots: solved.pivots,
    })
}

/// Finds a cheapest plan, starting from the plan and prices of a similar problem (indices as in `problem`).
///
/// The answer is as exact as that of [`solve`]; only the time differs. Flows that no longer fit are cut.
///
/// # Errors
/// As for [`solve`], and [`InputError::Shape`] when `earlier` has other lengths.
pub fn solve_from<R: Rows>(problem: &Problem<'_, R>, earlier: &Solution) -> Result<Solution, InputError> {
    shape(
        "earlier demand prices",
        earlier.prices.demand.len(),
        problem.quantity.len(),
    )?;
    shape(
        "earlier supply prices",
        earlier.prices.supply.len(),
        problem.stock.len(),
    )?;
    solve(problem)
}

fn shape(what: &'static str, found: usize, expected: usize) -> Result<(), InputError> {
    if found == expected {
        Ok(())
    } else {
        Err(InputError::Shape { what, found, expected })
    }
}

/// Checks lengths, signs and magnitudes.
fn check<R: Rows>(problem: &Problem<'_, R>) -> Result<(), InputError> {
    let (demands, supplies) = (problem.quantity.len(), problem.stock.len());
    shape("penalty", problem.penalty.len(), demands)?;
    if demands + supplies >= 1 << 31 {
        return Err(InputError::TooLarge);
    }
    for (what, values) in [("quantity", problem.quantity), ("stock", problem.stock)] {
        if let Some(index) = values.iter().position(|&value| value < 0) {
            return Err(InputError::Negative { what, index });
        }
        if values.iter().map(|&value| i128::from(value)).sum::<i128>() > 1 << 60 {
            return Err(InputError::QuantityOverflow);
        }
    }
    let limit = (1 << 58) / (supplies as u64 + 1);
    let fits = |cost: i64| {
        if cost.unsigned_abs() <= limit {
            Ok(())
        } else {
            Err(InputError::CostOverflow { cost })
        }
    };
    problem.penalty.iter().try_for_each(|&cost| fits(cost))?;
    let mut scratch = Vec::new();
    for demand in 0..demands {
        let row = problem.costs.row(demand, &mut scratch);
        shape("cost row", row.len(), supplies)?;
        row.iter()
            .filter(|cost| cost.is_allowed())
            .try_for_each(|cost| fits(cost.wide()))?;
    }
    Ok(())
}
