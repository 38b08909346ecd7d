//! The difference of two plans for one problem: lines added, removed and changed, shortages, and money.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::check::difference;
use crate::plan::{Line, Plan, Totals};
use crate::problem::Problem;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only in the second plan.
    Added,
    /// Only in the first plan.
    Removed,
    /// In both, with another quantity or price.
    Changed,
}

/// One line that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineChange {
    /// What became of it.
    pub change: Change,
    /// The demand.
    pub demand: String,
    /// The offer.
    pub offer: String,
    /// The delivery day.
    pub day: i64,
    /// Base units in the first plan; 0 when it is not there.
    pub quantity_before: i64,
    /// Base units in the second plan; 0 when it is not there.
    pub quantity_after: i64,
    /// Ticks for goods and freight that the line costs more in the second plan.
    #[serde(serialize_with = "as_text")]
    pub cost: i128,
}

/// One demand whose shortage differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShortageChange {
    /// The demand.
    pub demand: String,
    /// Base units missing in the first plan.
    pub before: i64,
    /// Base units missing in the second plan.
    pub after: i64,
}

/// All that differs between two plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Lines that differ, in the order of the problem's demands and offers.
    pub lines: Vec<LineChange>,
    /// Lines that are the same in both.
    pub unchanged: usize,
    /// Demands whose shortage differs, in the problem's order.
    pub shortages: Vec<ShortageChange>,
    /// Second plan less first, part by part, in ticks.
    pub cost: Totals,
}

/// Compares two plans of one problem. Both should have passed [`crate::check::check`]; their numbers are taken as stated.
pub fn compare(problem: &Problem, before: &Plan, after: &Plan) -> Difference {
    let demands = places(problem.demands.iter().map(|demand| demand.id.as_str()));
    let offers = places(problem.offers.iter().map(|offer| offer.id.as_str()));
    let place = |line: &Line| {
        let at = |table: &HashMap<&str, usize>, id: &str| table.get(id).copied().unwrap_or(usize::MAX);
        (at(&demands, &line.demand), at(&offers, &line.offer), line.day)
    };
    let mut pairs: BTreeMap<_, (Option<&Line>, Option<&Line>)> = BTreeMap::new();
    before.lines.iter().for_each(|line| pairs.entry(place(line)).or_default().0 = Some(line));
    after.lines.iter().for_each(|line| pairs.entry(place(line)).or_default().1 = Some(line));
    let lines: Vec<_> = pairs.values().filter_map(|&(old, new)| line_change(old, new)).collect();
    Difference {
        unchanged: pairs.len() - lines.len(),
        lines,
        shortages: shortage_changes(problem, before, after),
        cost: difference(&after.totals, &before.totals),
    }
}

fn places<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    ids.enumerate().map(|(at, id)| (id, at)).collect()
}

fn line_change(old: Option<&Line>, new: Option<&Line>) -> Option<LineChange> {
    let (change, line) = match (old, new) {
        (Some(old), Some(new)) if old == new => return None,
        (Some(_), Some(new)) => (Change::Changed, new),
        (Some(old), None) => (Change::Removed, old),
        (None, new) => (Change::Added, new?),
    };
    Some(LineChange {
        change,
        demand: line.demand.clone(),
        offer: line.offer.clone(),
        day: line.day,
        quantity_before: old.map_or(0, |line| line.quantity),
        quantity_after: new.map_or(0, |line| line.quantity),
        cost: new.map_or(0, cost).saturating_sub(old.map_or(0, cost)),
    })
}

/// Ticks for goods and freight, before incremental tiers.
fn cost(line: &Line) -> i128 {
    i128::from(line.quantity).saturating_mul(i128::from(line.unit_price) + i128::from(line.unit_freight))
}

fn shortage_changes(problem: &Problem, before: &Plan, after: &Plan) -> Vec<ShortageChange> {
    let missing = |plan: &Plan| {
        let mut by_demand: HashMap<String, i64> = HashMap::new();
        for shortage in &plan.shortages {
            let sum = by_demand.entry(shortage.demand.clone()).or_default();
            *sum = sum.saturating_add(shortage.quantity);
        }
        by_demand
    };
    let (old, new) = (missing(before), missing(after));
    let change = |id: &String| {
        let at = |table: &HashMap<String, i64>| table.get(id).copied().unwrap_or(0);
        (at(&old) != at(&new)).then(|| ShortageChange { demand: id.clone(), before: at(&old), after: at(&new) })
    };
    problem.demands.iter().filter_map(|demand| change(&demand.id)).collect()
}

fn as_text<S: serde::Serializer>(value: &i128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(demand: &str, quantity: i64) -> Line {
        let (demand, offer) = (demand.to_owned(), "o".to_owned());
        Line { demand, offer, day: 0, quantity, unit_price: 10, unit_freight: 2, distance_m: 0 }
    }

    #[test]
    fn each_kind_of_change_is_told_apart_and_priced() {
        assert_eq!(line_change(Some(&line("d", 5)), Some(&line("d", 5))), None);
        let changed = line_change(Some(&line("d", 5)), Some(&line("d", 7))).unwrap();
        assert_eq!((changed.change, changed.cost), (Change::Changed, 24));
        let removed = line_change(Some(&line("d", 5)), None).unwrap();
        assert_eq!((removed.change, removed.quantity_after, removed.cost), (Change::Removed, 0, -60));
        let added = line_change(None, Some(&line("d", 1))).unwrap();
        assert_eq!((added.change, added.quantity_before, added.cost), (Change::Added, 0, 12));
    }
}
