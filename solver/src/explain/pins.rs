//! Clashing pins: a smallest clashing set, and what each way out of it costs.
//!
//! Everything but pins can always be met by leaving demands short, so a problem without an answer has pins that cannot
//! hold together (or not with the rules). Leaving out one pin after another, and keeping out those that are not needed
//! for the clash, ends with a set in which every pin matters.

use serde::Serialize;

use super::{Again, ExplainError, ExplainOptions, counted};
use crate::problem::{Pin, Problem};

/// One way out of a clash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// The pin to leave out, by its place in the problem, counted from 0.
    pub drop_pin: usize,
    /// Its demand.
    pub demand: String,
    /// Its offer.
    pub offer: String,
    /// Ticks that the best plan counts after this repair alone; `None` when another clash remains.
    pub counted: Option<String>,
    /// One sentence in plain Indonesian.
    pub text: String,
}

/// Pins that cannot hold together; leaving out any one of them ends this clash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// Places in the problem's pins, counted from 0.
    pub pins: Vec<usize>,
    /// One sentence in plain Indonesian.
    pub text: String,
    /// Ways out, the cheapest first.
    pub repairs: Vec<Repair>,
}

/// All clashes, found one after the other; empty when the pins can hold together.
///
/// # Errors
/// [`ExplainError::Limit`] when the limit on solves is reached, [`ExplainError::Solve`] when the problem has no answer
/// even without pins.
pub fn clashes(problem: &Problem, options: &ExplainOptions) -> Result<Vec<Clash>, ExplainError> {
    let again = Again::new(options);
    let mut left: Vec<usize> = (0..problem.pins.len()).collect();
    let mut found = Vec::new();
    // Without pins there must be an answer, or this is not about pins at all.
    again.solve(&with_pins(problem, &[]))?;
    while !holds(problem, &left, &again)? {
        let pins = smallest(problem, &left, &again)?;
        let repairs = repairs(problem, &left, &pins, &again)?;
        let Some(cheapest) = repairs.first().map(|repair| repair.drop_pin) else {
            break;
        };
        left.retain(|pin| *pin != cheapest);
        found.push(Clash { text: text(problem, &pins), pins, repairs });
    }
    Ok(found)
}

fn with_pins(problem: &Problem, pins: &[usize]) -> Problem {
    let mut part = problem.clone();
    part.pins = pins.iter().map(|&pin| problem.pins[pin].clone()).collect();
    part
}

/// What the best plan counts with these pins; `None` when they clash.
fn price(problem: &Problem, pins: &[usize], again: &Again) -> Result<Option<i128>, ExplainError> {
    match again.solve(&with_pins(problem, pins)) {
        Ok(plan) => Ok(Some(counted(&plan.totals))),
        Err(ExplainError::Solve(_)) => Ok(None),
        Err(limit) => Err(limit),
    }
}

fn holds(problem: &Problem, pins: &[usize], again: &Again) -> Result<bool, ExplainError> {
    Ok(price(problem, pins, again)?.is_some())
}

/// Leaves out what the clash does not need, then looks for a smaller clash among single pins and pairs.
fn smallest(problem: &Problem, pins: &[usize], again: &Again) -> Result<Vec<usize>, ExplainError> {
    let mut clash = pins.to_vec();
    for &pin in pins {
        let without: Vec<_> = clash.iter().copied().filter(|&other| other != pin).collect();
        if !holds(problem, &without, again)? {
            clash = without;
        }
    }
    for &pin in pins.iter().filter(|_| clash.len() > 1) {
        if !holds(problem, &[pin], again)? {
            return Ok(vec![pin]);
        }
    }
    if clash.len() > 2 {
        for (at, &left) in pins.iter().enumerate() {
            for &right in &pins[at + 1..] {
                if !holds(problem, &[left, right], again)? {
                    return Ok(vec![left, right]);
                }
            }
        }
    }
    Ok(clash)
}

fn repairs(problem: &Problem, left: &[usize], clash: &[usize], again: &Again) -> Result<Vec<Repair>, ExplainError> {
    let mut priced = Vec::new();
    for &pin in clash {
        let rest: Vec<_> = left.iter().copied().filter(|&other| other != pin).collect();
        priced.push((price(problem, &rest, again)?, pin));
    }
    // Unpriced repairs (another clash remains) come last.
    priced.sort_by_key(|(price, pin)| (price.is_none(), *price, *pin));
    let repair = |(price, at): (Option<i128>, usize)| {
        let Pin { demand, offer, quantity, .. } = problem.pins[at].clone();
        let text = format!("Hapus penetapan {quantity} dari {offer} untuk {demand}.");
        Repair { drop_pin: at, demand, offer, counted: price.map(|ticks| ticks.to_string()), text }
    };
    Ok(priced.into_iter().map(repair).collect())
}

fn text(problem: &Problem, pins: &[usize]) -> String {
    let name = |&at: &usize| {
        let pin = &problem.pins[at];
        format!("{} dari {} untuk {}", pin.quantity, pin.offer, pin.demand)
    };
    let list = pins.iter().map(name).collect::<Vec<_>>().join("; ");
    if pins.len() == 1 {
        format!("Penetapan ini tidak mungkin dipenuhi: {list}.")
    } else {
        format!("Penetapan ini tidak mungkin dipenuhi bersama: {list}. Hapus salah satu.")
    }
}
