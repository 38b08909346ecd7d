//! Pins that can hold together. Runs only on problems whose references and numbers are in order.

use super::{Code, Findings};
use crate::candidates;
use crate::model::Model;
use crate::problem::Problem;
use std::collections::{BTreeMap, HashMap};

/// Pin positions by (demand, offer) index.
type ByPair = BTreeMap<(usize, usize), Vec<usize>>;

pub(super) fn check(problem: &Problem, found: &mut Findings) {
    let model = Model::new(problem);
    let demands: HashMap<&str, usize> =
        model.demands.iter().enumerate().map(|(i, d)| (problem.demands[d.source].id.as_str(), i)).collect();
    let offers: HashMap<&str, usize> =
        model.offers.iter().enumerate().map(|(i, o)| (problem.offers[o.source].id.as_str(), i)).collect();
    let mut pairs = ByPair::new();
    for (position, pin) in problem.pins.iter().enumerate() {
        pairs.entry((demands[pin.demand.as_str()], offers[pin.offer.as_str()])).or_default().push(position);
    }
    for (&(demand, offer), positions) in &pairs {
        check_pin_not_allowed(&model, demand, offer, positions, found);
        check_pin_not_whole(&model, offer, positions, found);
        check_repeated(problem, positions, found);
    }
    check_sums(&model, &pairs, found);
}

fn check_pin_not_allowed(model: &Model<'_>, demand: usize, offer: usize, positions: &[usize], found: &mut Findings) {
    for &position in positions {
        let pin = &model.problem.pins[position];
        match candidates::judge(model, demand, offer) {
            Err(reason) => {
                let cause = format!("'{}' may not serve '{}': {reason:?}.", pin.offer, pin.demand);
                let action = "Remove the pin, or change what forbids the pair.";
                found.add(Code::PinNotAllowed, format!("/pins/{position}"), cause, action);
            }
            Ok(arc) if pin.day.is_some_and(|day| !(arc.day_from..=arc.day_to).contains(&day)) => {
                let cause = format!("The day is outside the common window {} to {}.", arc.day_from, arc.day_to);
                let action = "Pin a day on which both sides are open.";
                found.add(Code::PinNotAllowed, format!("/pins/{position}/day"), cause, action);
            }
            Ok(_) => {}
        }
    }
}

fn check_pin_not_whole(model: &Model<'_>, offer: usize, positions: &[usize], found: &mut Findings) {
    let o = &model.offers[offer];
    for &position in positions {
        let quantity = model.problem.pins[position].quantity;
        let cause = if quantity % o.pack != 0 {
            format!("{quantity} is not a multiple of the pack of {}.", o.pack)
        } else if quantity / o.pack < o.min_packs {
            format!("{quantity} is below the minimum line of {}.", o.min_packs * o.pack)
        } else {
            continue;
        };
        let action = "Pin whole packs, at least the minimum line.";
        found.add(Code::PinNotWhole, format!("/pins/{position}/quantity"), cause, action);
    }
}

fn check_repeated(problem: &Problem, positions: &[usize], found: &mut Findings) {
    for (rank, &position) in positions.iter().enumerate() {
        let day = problem.pins[position].day;
        let clashes = |&&other: &&usize| {
            let earlier = problem.pins[other].day;
            earlier == day || earlier.is_none() || day.is_none()
        };
        if let Some(other) = positions[..rank].iter().find(clashes) {
            let cause = format!("Pin {other} fixes the same pair already.");
            let action = "Keep one pin for the pair, or one for each day.";
            found.add(Code::PinsContradict, format!("/pins/{position}"), cause, action);
        }
    }
}

/// Pins on one offer fit its stock, in all and by day; pins on one demand fit what it accepts.
fn check_sums(model: &Model<'_>, pairs: &ByPair, found: &mut Findings) {
    let mut by_offer: BTreeMap<usize, i128> = BTreeMap::new();
    let mut by_day: BTreeMap<(usize, i64), i128> = BTreeMap::new();
    let mut by_demand: BTreeMap<usize, i128> = BTreeMap::new();
    for (&(demand, offer), positions) in pairs {
        let units = candidates::exchange(model, demand, offer).map_or(0, |(units, _)| units);
        for &position in positions {
            let pin = &model.problem.pins[position];
            let packs = i128::from(pin.quantity / model.offers[offer].pack);
            let taken = by_offer.entry(offer).or_insert(0);
            *taken += packs;
            let over_stock = *taken > i128::from(model.offers[offer].packs);
            let on_day = by_day.entry((offer, pin.day.unwrap_or(-1))).or_insert(0);
            *on_day += packs;
            let over_day = pin.day.is_some() && *on_day > i128::from(model.offers[offer].packs_per_day);
            let served = by_demand.entry(demand).or_insert(0);
            *served += packs * i128::from(units);
            let over_demand = *served > i128::from(model.demands[demand].accept);
            let what = match (over_stock, over_day, over_demand) {
                (true, _, _) => "the offer's stock",
                (_, true, _) => "the offer's stock on that day",
                (_, _, true) => "what the demand accepts",
                _ => continue,
            };
            let cause = format!("With this pin, pinned quantities exceed {what}.");
            found.add(Code::PinsContradict, format!("/pins/{position}/quantity"), cause, "Remove or lower a pin.");
        }
    }
}
