//! Mirror ascent on the multipliers of `drop_link` and `trip_link` rows.
//!
//! The bound is a concave function of how each fee is spread over the lines that would cause it: the value of the flow
//! problem with those parts added to its costs. Its slope along one line's part is the fee times the part of the line
//! that is used, so every round gives more of each fee to the lines that flow uses most (exponentiated gradient, on
//! usage averaged over rounds), where it cannot escape. Only pairs that some flow used carry a part: few, and the
//! certificate stays small. Floats steer; the parts that are used in the end are whole ticks within each fee.

use super::slopes::{float, whole};
use super::visits::Visits;
use crate::engines::proof::{Link, Prices, relief};
use crate::engines::sheets::{Sheet, Sheets};
use crate::flow::transport::{Cost, Solution};
use crate::model::Model;
use crate::pipeline::{Component, SolveError};
use rayon::prelude::*;
use std::time::Instant;

/// Rounds.
const ROUNDS: usize = 100;
/// Step of the first round; that of round n is smaller by √n.
const STEP: f64 = 3.0;
/// Weight of the newest flow in the average.
const NEWEST: f64 = 0.2;
/// Part of a fee that a pair starts with when it is first used.
const ENTRY: f64 = 0.02;
/// Rounds after which the bound must have risen by a hundred-thousandth of the fees' part, or no more are made.
const PATIENCE: usize = 10;

/// A pair that carries parts of fees.
#[derive(Debug, Clone, Copy)]
struct Member {
    row: usize,
    column: usize,
    /// Part of the drop's and of the trip's fee.
    parts: [f64; 2],
    /// How much of the pair is used, averaged.
    usage: f64,
    /// Most packs of the pair.
    most: i64,
    visits: [usize; 2],
}

/// Prices of stock and parts of fees that prove a high bound.
///
/// # Errors
/// As [`Sheet::solve`].
pub fn climb(
    model: &Model<'_>,
    component: &Component,
    sheets: &Sheets,
    plan: &[Vec<(usize, i64)>],
    end: Option<Instant>,
) -> Result<Prices, SolveError> {
    let mut ascent = Ascent::new(model, component, sheets);
    ascent.start(plan);
    let mut best: Option<(i128, Prices)> = None;
    let mut flows: Option<Vec<Solution>> = None;
    let (mut idle, rounds) = (0, if ascent.visits.has_fees() { ROUNDS } else { 1 });
    for round in 0..rounds {
        let links = ascent.links();
        let found = ascent.solve(&links, flows.as_ref())?;
        let value: i128 = ascent.bound(&found);
        let known = best.as_ref().map_or(i128::MIN, |(value, _)| *value);
        let is_better = value > known.saturating_add(known.unsigned_abs().cast_signed() / 1_000_000);
        idle = if is_better { 0 } else { idle + 1 };
        if value > known {
            let offers = sheets.prices_per_pack(model, component, &found);
            best = Some((value, Prices { offers, links: ascent.by_demand(&links) }));
        }
        if idle >= PATIENCE || end.is_some_and(|end| Instant::now() >= end) {
            break;
        }
        ascent.follow(&found, round);
        flows = Some(found);
    }
    best.map(|(_, prices)| prices).ok_or_else(|| SolveError::Engine("no round of ascent ran".into()))
}

struct Ascent<'a> {
    model: &'a Model<'a>,
    component: &'a Component,
    sheets: &'a Sheets,
    visits: Visits,
    /// Members of each sheet, by row and column.
    members: Vec<Vec<Member>>,
    /// Costs of each sheet with tiers granted.
    costs: Vec<Vec<i64>>,
}

impl<'a> Ascent<'a> {
    fn new(model: &'a Model<'a>, component: &'a Component, sheets: &'a Sheets) -> Self {
        let costs = |sheet: &Sheet| {
            let relief = |slot: &usize| {
                let offer = component.offers[*slot];
                relief(model, offer).per_pack / (model.offers[offer].pack / sheet.unit)
            };
            let relief: Vec<i64> = sheet.offers.iter().map(relief).collect();
            let mut costs = sheet.costs.clone();
            for line in costs.chunks_mut(sheet.width().max(1)) {
                let allowed = line.iter_mut().zip(&relief).filter(|(cost, _)| cost.is_allowed());
                allowed.for_each(|(cost, relief)| *cost -= relief);
            }
            costs
        };
        Self {
            model,
            component,
            sheets,
            visits: Visits::of(model, component),
            members: vec![Vec::new(); sheets.all.len()],
            costs: sheets.all.par_iter().map(costs).collect(),
        }
    }

    /// Starts with the lines of a plan: (offer slot, base units) by demand slot.
    fn start(&mut self, plan: &[Vec<(usize, i64)>]) {
        for (at, sheet) in self.sheets.all.iter().enumerate() {
            let mut used = Vec::new();
            for (row, &slot) in sheet.slots.iter().enumerate() {
                let column = |offer: &usize| sheet.offers.binary_search(offer).unwrap_or_default();
                used.extend(plan[slot].iter().map(|(offer, units)| (row, column(offer), units / sheet.unit)));
            }
            self.enter(at, &used);
            for member in &mut self.members[at] {
                member.parts = [member.usage + ENTRY; 2];
            }
        }
        self.share_out();
    }

    /// Adds pairs that were not used before, and averages usage.
    fn enter(&mut self, at: usize, used: &[(usize, usize, i64)]) {
        let sheet = &self.sheets.all[at];
        let mut used = used.to_vec();
        used.sort_unstable();
        let mut next = used.into_iter().peekable();
        let known = std::mem::take(&mut self.members[at]);
        let is_first = known.is_empty();
        let mut merged = Vec::with_capacity(known.len() + next.len());
        for mut member in known {
            while let Some((row, column, units)) = next.next_if(|u| (u.0, u.1) < (member.row, member.column)) {
                merged.extend(self.member(sheet, row, column, units, NEWEST));
            }
            let units = next.next_if(|u| (u.0, u.1) == (member.row, member.column)).map_or(0, |u| u.2);
            member.usage += NEWEST * (self.usage(sheet, &member, units) - member.usage);
            merged.push(member);
        }
        let weight = if is_first { 1.0 } else { NEWEST };
        for (row, column, units) in next {
            merged.extend(self.member(sheet, row, column, units, weight));
        }
        self.members[at] = merged;
    }

    fn usage(&self, sheet: &Sheet, member: &Member, units: i64) -> f64 {
        let pack = self.model.offers[self.component.offers[sheet.offers[member.column]]].pack / sheet.unit;
        (float(units) / float(member.most * pack).max(1.0)).min(1.0)
    }

    /// A pair used for the first time; `None` when it causes no fee.
    fn member(&self, sheet: &Sheet, row: usize, column: usize, units: i64, weight: f64) -> Option<Member> {
        let (slot, offer) = (sheet.slots[row], sheet.offers[column]);
        let visits = [self.visits.drop_of(slot, offer), self.visits.trip_of(offer)];
        if visits.iter().all(|&visit| self.visits.fee(visit) == 0) {
            return None;
        }
        let record = &self.model.offers[self.component.offers[offer]];
        let most = (self.component.reach[slot].most / record.pack).min(record.packs);
        let mut member = Member { row, column, parts: [ENTRY; 2], usage: 0.0, most, visits };
        member.usage = weight * self.usage(sheet, &member, units);
        Some(member)
    }

    /// Makes the parts of every fee add up to one.
    fn share_out(&mut self) {
        let mut sums = vec![0.0; self.visits.count()];
        for member in self.members.iter().flatten() {
            member.visits.iter().zip(member.parts).for_each(|(&visit, part)| sums[visit] += part);
        }
        for member in self.members.iter_mut().flatten() {
            for (part, visit) in member.parts.iter_mut().zip(member.visits) {
                *part /= sums[visit].max(f64::MIN_POSITIVE);
            }
        }
    }

    /// One step towards what the flow uses.
    fn follow(&mut self, flows: &[Solution], round: usize) {
        for (at, flow) in flows.iter().enumerate() {
            self.enter(at, &self.sheets.all[at].flows(flow));
        }
        let mut mean = vec![0.0; self.visits.count()];
        for member in self.members.iter().flatten() {
            member.visits.iter().zip(member.parts).for_each(|(&visit, part)| mean[visit] += part * member.usage);
        }
        let step = STEP / (1.0 + float(i64::try_from(round).unwrap_or(i64::MAX))).sqrt();
        for member in self.members.iter_mut().flatten() {
            for (part, visit) in member.parts.iter_mut().zip(member.visits) {
                *part = part.max(1e-6) * (step * (member.usage - mean[visit])).exp();
            }
        }
        self.share_out();
    }

    /// Whole ticks per pack of every member, within each fee.
    fn links(&self) -> Vec<Vec<[i64; 2]>> {
        let mut left: Vec<i128> = (0..self.visits.count()).map(|visit| self.visits.fee(visit).into()).collect();
        let mut link = |member: &Member| {
            let mut ticks = [0; 2];
            for ((ticks, part), visit) in ticks.iter_mut().zip(member.parts).zip(member.visits) {
                let most = i128::from(member.most.max(1));
                let wish = whole(part * float(self.visits.fee(visit)) / float(member.most.max(1)));
                *ticks = wish.clamp(0, crate::model::narrow(left[visit] / most));
                left[visit] -= most * i128::from(*ticks);
            }
            ticks
        };
        self.members.iter().map(|members| members.iter().map(&mut link).collect()).collect()
    }

    fn solve(&self, links: &[Vec<[i64; 2]>], earlier: Option<&Vec<Solution>>) -> Result<Vec<Solution>, SolveError> {
        let one = |(at, sheet): (usize, &Sheet)| {
            let mut costs = self.costs[at].clone();
            for (member, link) in self.members[at].iter().zip(&links[at]) {
                let pack = self.model.offers[self.component.offers[sheet.offers[member.column]]].pack / sheet.unit;
                costs[member.row * sheet.width() + member.column] += (link[0] + link[1]) / pack;
            }
            sheet.solve(&costs, earlier.map(|earlier| &earlier[at]))
        };
        self.sheets.all.par_iter().enumerate().map(one).collect()
    }

    /// What the flows say the bound is, nearly.
    #[expect(clippy::unused_self, reason = "reads better beside solve")]
    fn bound(&self, flows: &[Solution]) -> i128 {
        flows.iter().map(|flow| flow.objective).sum()
    }

    fn by_demand(&self, links: &[Vec<[i64; 2]>]) -> Vec<Vec<Link>> {
        let mut out = vec![Vec::new(); self.component.demands.len()];
        for ((sheet, members), links) in self.sheets.all.iter().zip(&self.members).zip(links) {
            for (member, &[drop, trip]) in members.iter().zip(links).filter(|(_, link)| link.iter().any(|&l| l > 0)) {
                let (slot, offer) = (sheet.slots[member.row], self.component.offers[sheet.offers[member.column]]);
                let arcs = &self.component.arcs[slot];
                if let Ok(position) = arcs.binary_search_by_key(&offer, |arc| arc.offer) {
                    out[slot].push(Link { position, drop, trip });
                }
            }
        }
        debug_assert!(out.iter().flatten().all(|link| link.drop >= 0 && link.trip >= 0));
        out
    }
}
