//! Tenders of packages: offers that each serve one demand, tied together all or nothing. Flows have nothing to say there.

use super::formulation::Formulation;
use crate::model::Model;
use crate::pipeline::Component;
use crate::problem::Bundle;
use std::collections::{BTreeSet, HashMap};

/// Arcs from which flows are left out; HiGHS is through with fewer at once, whatever else is tried.
const LEAST_ARCS: usize = 1_000;

/// Whether nearly every offer can go to one demand only and bundles decide which do: then flow is no guide.
pub fn fits(model: &Model<'_>, component: &Component) -> bool {
    let arcs: usize = component.arcs.iter().map(Vec::len).sum();
    !model.problem.bundles.is_empty() && arcs >= LEAST_ARCS && 10 * arcs <= 11 * component.offers.len()
}

/// What is taken or left as a whole.
struct Package {
    /// Columns, with all packs of their offers.
    lines: Vec<(usize, i64)>,
    /// Ticks of shortage saved less cost, for each base unit.
    worth: i128,
    offers: Vec<usize>,
}

/// Takes packages by what they save for each base unit, as far as need and exclusion go.
pub fn greedy(formulation: &Formulation<'_>) -> Vec<i64> {
    let problem = formulation.model.problem;
    let known = formulation.model.offers_by_id();
    let find = |ids: &[String]| ids.iter().filter_map(|id| known.get(id.as_str()).copied()).collect::<Vec<usize>>();
    let (mut groups, mut alike) = (Vec::new(), Vec::new());
    for bundle in &problem.bundles {
        match bundle {
            Bundle::AllOrNothing { offers, .. } => groups.push(find(offers)),
            Bundle::Xor { offers, .. } => alike.push(find(offers)),
            Bundle::Discount { .. } => {}
        }
    }
    let bundled: BTreeSet<usize> = groups.iter().flatten().copied().collect();
    let free = formulation.component.offers.iter().filter(|offer| !bundled.contains(offer));
    groups.extend(free.map(|&offer| vec![offer]));
    let of_offer: HashMap<usize, usize> =
        formulation.pairs.iter().enumerate().map(|(at, pair)| (pair.arc.offer, at)).collect();
    let mut packages: Vec<Package> =
        groups.into_iter().filter_map(|offers| package(formulation, &of_offer, offers)).collect();
    packages.sort_by_key(|package| (std::cmp::Reverse(package.worth), package.lines.first().copied()));
    let mut rivals: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, offers) in alike.iter().enumerate() {
        offers.iter().for_each(|&offer| rivals.entry(offer).or_default().push(at));
    }
    let mut is_used = vec![false; alike.len()];
    let mut room: Vec<i64> = formulation.component.reach.iter().map(|reach| reach.most).collect();
    let mut values = vec![0; formulation.columns.len()];
    for Package { lines, offers, .. } in packages {
        let own: BTreeSet<usize> = offers.iter().filter_map(|offer| rivals.get(offer)).flatten().copied().collect();
        let mut left = room.clone();
        for (offer, (_, packs)) in offers.iter().zip(&lines) {
            let pair = &formulation.pairs[of_offer[offer]];
            left[pair.slot] -= packs * pair.arc.units;
        }
        if own.iter().any(|&at| is_used[at]) || left.iter().any(|&units| units < 0) {
            continue;
        }
        own.into_iter().for_each(|at| is_used[at] = true);
        lines.into_iter().for_each(|(column, packs)| values[column] = packs);
        room = left;
    }
    values
}

/// `None` where an offer has no place for its whole stock.
fn package(formulation: &Formulation<'_>, of_offer: &HashMap<usize, usize>, offers: Vec<usize>) -> Option<Package> {
    let (mut lines, mut saved, mut units) = (Vec::new(), 0, 0);
    for &offer in &offers {
        let pair = &formulation.pairs[*of_offer.get(&offer)?];
        let demand = &formulation.model.demands[formulation.component.demands[pair.slot]];
        let packs = formulation.model.offers[offer].packs;
        if pair.pinned.is_some() || formulation.day_most(pair) < packs {
            return None;
        }
        let whole = i128::from(packs) * i128::from(pair.arc.units);
        lines.push((pair.first, packs));
        saved += i128::from(demand.premium_penalty) * whole - i128::from(packs) * i128::from(pair.arc.cost);
        units += whole;
    }
    (saved > 0).then(|| Package { lines, worth: saved / units.max(1), offers })
}
