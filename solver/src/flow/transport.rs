//! The dense transport problem: demands × supplies, every pair at a cost of its own, arcs never stored.
//!
//! minimise Σ c(d,s) x(d,s) + Σ penalty(d) u(d), where for each d Σ x(d,·) + u(d) = quantity(d), for each s
//! Σ x(·,s) ≤ stock(s), and x, u ≥ 0. Shortage is always allowed, so there is always an answer. It comes with integer prices that prove it by
//! complementary slackness over *all* pairs; [`verify`] checks that without trusting the engine.

mod basis;
mod crash;
mod kernel;
mod levels;
mod rows;
mod simplex;
#[cfg(test)]
mod tests;
mod verify;

pub use rows::{Cost, Matrix, Rows};
pub use verify::{Violation, verify};

use basis::{Basis, NONE, at};
use crash::Start;
use kernel::{Prepared, Scan};

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

/// Limit on a cost times the number of supplies, and so on every price.
const MOST_COST: i64 = 1 << 58;

/// Finds a cheapest plan.
///
/// # Errors
/// [`InputError`] when slices disagree in length, a quantity is negative or magnitudes could overflow.
pub fn solve<R: Rows>(problem: &Problem<'_, R>) -> Result<Solution, InputError> {
    let facts = check(problem)?;
    let basis = levels::run(problem, facts.narrow);
    Ok(read_out(problem, &basis))
}

/// Reads flows, prices and the objective off a basis.
fn read_out<R: Rows>(problem: &Problem<'_, R>, basis: &Basis) -> Solution {
    let mut flows = Vec::with_capacity(problem.quantity.len());
    let mut short = problem.quantity.to_vec();
    let mut objective = 0;
    basis.for_each_flow(|demand, supply, quantity, cost| {
        if quantity > 0 {
            flows.push(Flow { demand: at(demand), supply: at(supply), quantity });
            short[at(demand)] -= quantity;
            objective += i128::from(quantity) * i128::from(cost);
        }
    });
    flows.sort_unstable();
    let penalties = short.iter().zip(problem.penalty);
    objective += penalties.map(|(&short, &penalty)| i128::from(short) * i128::from(penalty)).sum::<i128>();
    let supply = basis.price[..at(basis.root)].to_vec();
    Solution {
        flows,
        prices: Prices { demand: demand_prices(problem, basis), supply },
        objective,
        pivots: basis.pivots,
    }
}

/// Prices of demands: the basis knows them, except for demands of nothing, which take no part.
fn demand_prices<R: Rows>(problem: &Problem<'_, R>, basis: &Basis) -> Vec<i64> {
    let mut prepared = Prepared::default();
    prepared.load(&basis.price[..at(basis.root)], false);
    let mut scratch = Vec::new();
    let demands = (0..NONE).zip(problem.quantity).zip(problem.penalty);
    demands
        .map(|((demand, &quantity), &penalty)| {
            if quantity > 0 {
                return basis.demand_price(demand);
            }
            let row = problem.costs.row(at(demand), &mut scratch);
            prepared.least_below(row, penalty).map_or(penalty, |(sum, _)| sum)
        })
        .collect()
}

/// Finds a cheapest plan, starting from the plan and prices of a similar problem (indices as in `problem`).
///
/// The answer is as exact as that of [`solve`]; only the time differs. Flows that no longer fit are cut.
///
/// # Errors
/// As for [`solve`], and [`InputError::Shape`] when `earlier` has other lengths.
pub fn solve_from<R: Rows>(problem: &Problem<'_, R>, earlier: &Solution) -> Result<Solution, InputError> {
    let prices = &earlier.prices;
    shape("earlier demand prices", prices.demand.len(), problem.quantity.len())?;
    shape("earlier supply prices", prices.supply.len(), problem.stock.len())?;
    let facts = check(problem)?;
    let inside = |flow: &&Flow| flow.demand < problem.quantity.len() && flow.supply < problem.stock.len();
    let index = |value: usize| u32::try_from(value).unwrap_or(NONE);
    let piece = |flow: &Flow| (index(flow.demand), index(flow.supply), flow.quantity);
    let pieces = earlier.flows.iter().filter(inside).map(piece).collect();
    // Only a start: whatever stands there, the answer is exact. The limit keeps sums from overflowing.
    let prices = prices.supply.iter().map(|&price| price.clamp(0, MOST_COST)).collect();
    let mut basis = crash::run(problem, Start { pieces, prices });
    simplex::run(problem, &mut basis, facts.narrow);
    Ok(read_out(problem, &basis))
}

fn shape(what: &'static str, found: usize, expected: usize) -> Result<(), InputError> {
    if found == expected { Ok(()) } else { Err(InputError::Shape { what, found, expected }) }
}

/// Checks lengths, signs and magnitudes.
fn check<R: Rows>(problem: &Problem<'_, R>) -> Result<Facts, InputError> {
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
    let limit = MOST_COST.unsigned_abs() / (supplies as u64 + 1);
    let fits = |cost: i64| {
        if cost.unsigned_abs() <= limit { Ok(()) } else { Err(InputError::CostOverflow { cost }) }
    };
    problem.penalty.iter().try_for_each(|&cost| fits(cost))?;
    let mut scratch = Vec::new();
    let mut facts = Facts { narrow: false, lowest: 0, highest: 0 };
    for demand in 0..demands {
        let row = problem.costs.row(demand, &mut scratch);
        shape("cost row", row.len(), supplies)?;
        let (low, high) = R::Cost::bounds(row);
        facts.lowest = facts.lowest.min(low);
        facts.highest = facts.highest.max(high);
    }
    fits(facts.lowest)?;
    fits(facts.highest)?;
    facts.narrow = facts.lowest > -kernel::NARROW && facts.highest < kernel::NARROW;
    Ok(facts)
}

/// What the check learned on the way.
struct Facts {
    /// All costs lie strictly within ±2^30.
    narrow: bool,
    /// Least cost, or 0 if that is less.
    lowest: i64,
    /// Largest cost, or 0 if that is more.
    highest: i64,
}
