//! Each line beside its runner-up: the cheapest other offer that could still deliver a pack of it.

use std::collections::HashMap;

use serde::Serialize;

use super::ExplainOptions;
use crate::check::{Arc, Book, round_div};
use crate::plan::Plan;

/// The next best offer for a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunnerUp {
    /// The offer.
    pub offer: String,
    /// Ticks for goods and freight that 1,000 wanted base units would cost more (below 0: less, but a rule is in the way).
    #[serde(serialize_with = "super::offers::as_text")]
    pub margin_per_thousand: i128,
}

/// A line and its alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineAnswer {
    /// The demand.
    pub demand: String,
    /// The offer that serves it.
    pub offer: String,
    /// The delivery day.
    pub day: i64,
    /// Base units.
    pub quantity: i64,
    /// The cheapest other allowed offer with a pack left; `None` when there is none.
    pub runner_up: Option<RunnerUp>,
    /// How many allowed offers would have been cheaper here but are used up elsewhere.
    pub cheaper_but_used_up: usize,
}

/// Answers for all lines, or for those of one demand or offer.
pub fn explain(book: &Book, plan: &Plan, options: &ExplainOptions) -> Vec<LineAnswer> {
    let mut taken: HashMap<&str, i64> = HashMap::new();
    plan.lines.iter().for_each(|line| *taken.entry(line.offer.as_str()).or_default() += line.quantity);
    let is_asked = |line: &&crate::plan::Line| {
        options.demand.as_ref().is_none_or(|only| *only == line.demand)
            && options.offer.as_ref().is_none_or(|only| *only == line.offer)
    };
    let mut arcs = Vec::new();
    let mut last = None;
    let mut answers = Vec::new();
    for line in plan.lines.iter().filter(is_asked) {
        let Some(&demand) = book.demand_at.get(line.demand.as_str()) else {
            continue;
        };
        if last != Some(demand) {
            book.arcs(demand, &mut arcs);
            last = Some(demand);
        }
        let Some(own) = arcs.iter().find(|arc| book.problem.offers[arc.offer].id == line.offer) else {
            continue;
        };
        let left = |arc: &&Arc| {
            let offer = &book.problem.offers[arc.offer];
            offer.stock - taken.get(offer.id.as_str()).copied().unwrap_or(0) >= arc.pack
        };
        let others = || arcs.iter().filter(|arc| arc.offer != own.offer);
        let best = others().filter(left).min_by(|a, b| landed(a, b).then(a.offer.cmp(&b.offer)));
        answers.push(LineAnswer {
            demand: line.demand.clone(),
            offer: line.offer.clone(),
            day: line.day,
            quantity: line.quantity,
            runner_up: best.map(|arc| RunnerUp {
                offer: book.problem.offers[arc.offer].id.clone(),
                margin_per_thousand: margin(own, arc),
            }),
            cheaper_but_used_up: others().filter(|arc| !left(arc) && landed(arc, own).is_lt()).count(),
        });
    }
    answers
}

/// Compares cost per wanted base unit without dividing.
fn landed(a: &Arc, b: &Arc) -> std::cmp::Ordering {
    (a.cost * i128::from(b.weight)).cmp(&(b.cost * i128::from(a.weight)))
}

fn margin(own: &Arc, other: &Arc) -> i128 {
    let (own_weight, other_weight) = (i128::from(own.weight), i128::from(other.weight));
    round_div(1000 * (other.cost * own_weight - own.cost * other_weight), own_weight * other_weight)
}
