//! Clashing pins: a smallest clashing set, and what each way out of it costs.
//!
//! Everything but pins can always be met by leaving demands short, so a problem without an answer has pins that cannot
//! hold together (or not with the rules). The set found has as few pins as any clash.

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

/// A clash with as few pins as any has.
///
/// A clash must contain a pin of every set whose removal ends all clashes. So the fewest pins that meet all such sets
/// found so far are a clash, and then no clash is smaller, or they can hold together; what more can hold with them leaves
/// one such set more (implicit hitting sets: Ignatiev and others, "Smallest MUS extraction", 2015).
fn smallest(problem: &Problem, pins: &[usize], again: &Again) -> Result<Vec<usize>, ExplainError> {
    let mut endings: Vec<Vec<usize>> = Vec::new();
    loop {
        let mut chosen = fewest(&endings);
        if !holds(problem, &chosen, again)? {
            chosen.sort_unstable();
            return Ok(chosen);
        }
        let mut ending = Vec::new();
        let kept = chosen.clone();
        for &pin in pins.iter().filter(|pin| !kept.contains(pin)) {
            chosen.push(pin);
            if !holds(problem, &chosen, again)? {
                chosen.pop();
                ending.push(pin);
            }
        }
        if ending.is_empty() {
            // Not a clash after all; only an engine that changes its mind could lead here.
            return Ok(pins.to_vec());
        }
        endings.push(ending);
    }
}

/// The fewest members that meet every set.
fn fewest(sets: &[Vec<usize>]) -> Vec<usize> {
    let mut most = 0;
    loop {
        if let Some(found) = meeting(sets, Vec::new(), most) {
            return found;
        }
        most += 1;
    }
}

/// At most `most` members more that, with those chosen, meet every set.
fn meeting(sets: &[Vec<usize>], chosen: Vec<usize>, most: usize) -> Option<Vec<usize>> {
    let Some(open) = sets.iter().find(|set| !set.iter().any(|member| chosen.contains(member))) else {
        return Some(chosen);
    };
    if most == 0 {
        return None;
    }
    open.iter().find_map(|&member| {
        let mut with = chosen.clone();
        with.push(member);
        meeting(sets, with, most - 1)
    })
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
