//! Fair shares: that they can be delivered together, and that none can be bettered except at the expense of somebody
//! served no better.
//!
//! The proof is local. Every demand names its *rival*, the best-filled demand whose goods could reach it. Goods may only
//! lie where nobody who could use them stands below their holder; one look at each pair verifies that. Written from
//! `solver/README.md`, "Fair shares"; nothing is solved and nothing comes from the engines.

use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::HashMap;

use super::arith::{ceil_to, floor_to, gcd};
use super::book::{Arc, Book, accepted, day_packs};
use super::report::{Code, Report, Violation};
use crate::plan::{ControlSums, FairShares, Plan};

/// The standing of one unit of a demand: its class, what the demand had before it, what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    class: i64,
    filled: i64,
    need: i64,
}

impl Standing {
    /// Less is served sooner: the lower class, the smaller fill, the smaller need.
    fn order(&self, other: &Self) -> Ordering {
        let fill = |own: &Self, by: &Self| i128::from(own.filled) * i128::from(by.need);
        let by_fill = fill(self, other).cmp(&fill(other, self));
        self.class.cmp(&other.class).then(by_fill).then(self.need.cmp(&other.need))
    }
}

/// How good the best standing is from which goods could be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Nobody,
    At(Standing),
    Spare,
}

impl Level {
    fn is_above(self, other: Self) -> bool {
        match (self, other) {
            (Self::At(own), Self::At(theirs)) => own.order(&theirs) == Ordering::Greater,
            (Self::Nobody, _) | (_, Self::Spare) => false,
            (_, Self::Nobody) | (Self::Spare, _) => true,
        }
    }
}

/// What one look at the arcs of a demand tells.
#[derive(Debug, Clone, Copy, Default)]
struct Sight {
    /// Greatest common divisor of the packs that take part; 0 without any.
    unit: i64,
    /// Base units that pins deliver.
    base: i64,
    /// What all its deliveries are multiples of.
    step: i64,
}

/// Judges the stated shares and fills in the book's targets.
pub fn check_shares(book: &mut Book, plan: &Plan, report: &mut Report) {
    let fault = |pointer: &str, text: &str| Violation::new(Code::Fairness, pointer.to_owned(), &[], text.to_owned());
    let stated = match (&book.problem.fairness, &plan.fairness) {
        (None, None) => return,
        (None, Some(_)) => return report.add(fault("/fairness", "The problem does not ask for fair shares.")),
        (Some(_), None) => return report.add(fault("/fairness", "The plan states no fair shares.")),
        (Some(_), Some(stated)) => stated,
    };
    for (name, count) in [("shares", stated.shares.len()), ("rivals", stated.rivals.len())] {
        if count != book.demands.len() {
            let text = format!("{count} {name} for {} demands.", book.demands.len());
            return report.add(fault(&format!("/fairness/{name}"), &text));
        }
    }
    let control = ControlSums::over(stated.shares.iter().chain(&stated.rivals).copied());
    if control != stated.control {
        let text = "The control sums differ: a share or rival was altered.".to_owned();
        report.add(Violation::new(Code::ControlSum, "/fairness/control".into(), &[], text));
    }
    let before = report.count();
    let pool = Pool::read(book, stated, report);
    if report.count() == before {
        pool.check_rivals(report);
    }
    set_targets(book, &stated.shares);
}

/// The quantities below which shortage counts more, from the shares of all demands.
pub fn set_targets(book: &mut Book, shares: &[i64]) {
    let target = |(demand, &share): (usize, &i64)| {
        let step = sight(book, demand, &mut Vec::new()).step;
        floor_to(share.max(0), step).min(ceil_to(book.problem.demands[demand].quantity, step))
    };
    book.targets = shares.par_iter().enumerate().map(|(demand, share)| target((demand, share))).collect();
}

fn takes_part(book: &Book, demand: usize, arc: &Arc) -> bool {
    book.offers[arc.offer].commodity == book.demands[demand].commodity && book.pinned(demand, arc.offer).is_none()
}

fn sight(book: &Book, demand: usize, arcs: &mut Vec<Arc>) -> Sight {
    book.arcs(demand, arcs);
    let mut sight = Sight::default();
    for arc in arcs.iter() {
        sight.step = gcd(sight.step, arc.weight);
        sight.base += book.pinned_packs(demand, arc) * arc.weight;
        if takes_part(book, demand, arc) {
            sight.unit = gcd(sight.unit, arc.pack);
        }
    }
    sight
}

/// The stated shares with all that they are measured by.
struct Pool<'a, 'b> {
    book: &'a Book<'b>,
    stated: &'a FairShares,
    sights: Vec<Sight>,
    /// Base units of a unit, by commodity.
    units: Vec<i64>,
    /// Share of each demand, added up from the flow.
    shares: Vec<i64>,
    /// Flow by demand and offer.
    flow: HashMap<(usize, usize), i64>,
}

impl<'a, 'b> Pool<'a, 'b> {
    fn read(book: &'a Book<'b>, stated: &'a FairShares, report: &mut Report) -> Self {
        let look = |demand: usize| sight(book, demand, &mut Vec::new());
        let sights: Vec<Sight> = (0..book.demands.len()).into_par_iter().map(look).collect();
        let mut units = vec![0; book.problem.commodities.len()];
        for (links, sight) in book.demands.iter().zip(&sights) {
            units[links.commodity] = gcd(units[links.commodity], sight.unit);
        }
        let shares = sights.iter().map(|sight| sight.base).collect();
        let mut pool = Self { book, stated, sights, units, shares, flow: HashMap::new() };
        pool.add_flow(report);
        for (at, (&stated, &own)) in stated.shares.iter().zip(&pool.shares).enumerate() {
            if stated != own {
                let text = format!("The flow and the pins bring {own}, the share is stated as {stated}.");
                let id = book.problem.demands[at].id.as_str();
                let violation = Violation::new(Code::Fairness, format!("/fairness/shares/{at}"), &[id], text);
                report.add(violation.amounts(stated, own));
            }
        }
        pool
    }

    fn add_flow(&mut self, report: &mut Report) {
        let mut last = None;
        for (at, part) in self.stated.flow.iter().enumerate() {
            let places = (self.book.demand_at.get(part.demand.as_str()), self.book.offer_at.get(part.offer.as_str()));
            let (Some(&demand), Some(&offer)) = places else {
                let text = "No demand or offer has this id.".to_owned();
                report.add(Violation::new(Code::Fairness, format!("/fairness/flow/{at}"), &[], text));
                continue;
            };
            let unit = self.units[self.book.demands[demand].commodity].max(1);
            let is_whole = (1..=super::book::MAX_AMOUNT).contains(&part.quantity) && part.quantity % unit == 0;
            if !is_whole || last >= Some((demand, offer)) {
                let text = format!("Parts stand in order, once, in multiples of {unit}.");
                report.add(Violation::new(Code::Fairness, format!("/fairness/flow/{at}"), &[&part.demand], text));
                continue;
            }
            last = Some((demand, offer));
            self.flow.insert((demand, offer), part.quantity);
            self.shares[demand] = self.shares[demand].saturating_add(part.quantity);
        }
    }

    /// Base units of an offer beside the pins.
    fn supply(&self) -> Vec<i128> {
        let packs = |offer: &crate::problem::Offer| {
            let days = i128::from(offer.day_to - offer.day_from + 1).max(0);
            let daily = i128::from(day_packs(offer)) * days;
            let packs = i128::from(offer.stock / offer.pack);
            if offer.stock_per_day.is_some() { packs.min(daily) } else { packs }
        };
        let mut left: Vec<i128> = self.book.problem.offers.iter().map(packs).collect();
        for pin in &self.book.problem.pins {
            let offer = self.book.offer_at[pin.offer.as_str()];
            left[offer] -= i128::from(pin.quantity / self.book.problem.offers[offer].pack);
        }
        let offers = self.book.problem.offers.iter().zip(left);
        offers.map(|(offer, packs)| packs.max(0) * i128::from(offer.pack)).collect()
    }

    /// The standing of the last unit that a demand holds beyond its pins.
    fn last(&self, demand: usize) -> Option<Standing> {
        let unit = self.units[self.book.demands[demand].commodity];
        let held = self.shares[demand] > self.sights[demand].base;
        held.then(|| self.standing(demand, self.shares[demand] - unit))
    }

    fn standing(&self, demand: usize, filled: i64) -> Standing {
        let wish = &self.book.problem.demands[demand];
        Standing { class: wish.priority, filled, need: wish.quantity }
    }

    /// The level that a demand's rival gives it.
    fn level(&self, demand: usize, report: &mut Report) -> Level {
        let rival = self.stated.rivals[demand];
        match rival {
            -1 => return Level::Nobody,
            -2 => return Level::Spare,
            _ => {}
        }
        let place = usize::try_from(rival).ok().filter(|&at| at < self.book.demands.len());
        let same = |at: &usize| self.book.demands[*at].commodity == self.book.demands[demand].commodity;
        if let Some(standing) = place.filter(same).and_then(|at| self.last(at)) {
            return Level::At(standing);
        }
        let text = format!("{rival} is no demand for the same goods that holds any.");
        report.add(Violation::new(Code::Fairness, format!("/fairness/rivals/{demand}"), &[], text));
        Level::Nobody
    }

    fn check_rivals(&self, report: &mut Report) {
        let levels: Vec<Level> = (0..self.book.demands.len()).map(|demand| self.level(demand, report)).collect();
        let supply = self.supply();
        let mut taken = vec![0_i128; supply.len()];
        // The best level from which goods of each offer could be passed on.
        let mut passes = vec![Level::Nobody; supply.len()];
        for (&(demand, offer), &quantity) in &self.flow {
            taken[offer] += i128::from(quantity);
            if levels[demand].is_above(passes[offer]) {
                passes[offer] = levels[demand];
            }
        }
        for (offer, (&taken, &supply)) in taken.iter().zip(&supply).enumerate() {
            if taken < supply {
                passes[offer] = Level::Spare;
            }
            if taken > supply {
                let text = format!(
                    "{taken} is shared out of offer '{}', which has {supply}.",
                    self.book.problem.offers[offer].id
                );
                let violation = Violation::new(Code::Fairness, "/fairness/flow".into(), &[], text);
                report.add(violation.amounts(taken, supply));
            }
        }
        let judge = |demand: usize| self.judge(demand, levels[demand], &passes);
        let faults: Vec<Vec<Violation>> = (0..levels.len()).into_par_iter().map(judge).collect();
        faults.into_iter().flatten().for_each(|fault| report.add(fault));
    }

    /// One demand against its level and all offers that it could draw on.
    fn judge(&self, demand: usize, level: Level, passes: &[Level]) -> Vec<Violation> {
        let book = self.book;
        let mut arcs = Vec::new();
        book.arcs(demand, &mut arcs);
        arcs.retain(|arc| takes_part(book, demand, arc));
        let (share, most) = (self.shares[demand], self.most(demand, &arcs));
        let mut faults = Vec::new();
        let mut fault = |field: &str, text: String| {
            let pointer = format!("/fairness/{field}/{demand}");
            faults.push(Violation::new(Code::Fairness, pointer, &[&book.problem.demands[demand].id], text));
        };
        if share > most {
            fault("shares", format!("A share of {share} is more than the {most} that can be shared here."));
        }
        let last = self.last(demand).map_or(Level::Nobody, Level::At);
        let next = if share < most { Level::At(self.standing(demand, share)) } else { Level::Spare };
        if last.is_above(level) || level.is_above(next) {
            fault("rivals", "The rival does not stand between the last unit held and the next one.".to_owned());
        }
        let found = arcs.iter().filter(|arc| self.flow.contains_key(&(demand, arc.offer))).count();
        if found != self.flow_parts(demand) {
            fault("shares", "Part of the share comes from an offer that this demand cannot draw on.".to_owned());
        }
        if arcs.iter().any(|arc| passes[arc.offer].is_above(level)) {
            fault("shares", "Goods that this demand could use are held by one that is served better.".to_owned());
        }
        faults
    }

    fn flow_parts(&self, demand: usize) -> usize {
        let id = &self.book.problem.demands[demand].id;
        let at = |part: &crate::plan::ShareFlow| self.book.demand_at.get(part.demand.as_str()).copied();
        let start = self.stated.flow.partition_point(|part| at(part) < Some(demand));
        self.stated.flow[start..].iter().take_while(|part| part.demand == *id).count()
    }

    /// Most that can be shared to a demand: whole units, and a last one that is only partly needed where it is accepted
    /// and worth its price.
    fn most(&self, demand: usize, arcs: &[Arc]) -> i64 {
        let book = self.book;
        let wish = &book.problem.demands[demand];
        let (unit, base) = (self.units[self.book.demands[demand].commodity], self.sights[demand].base);
        if arcs.is_empty() || unit == 0 {
            return base;
        }
        let open = (wish.quantity - base).max(0);
        let (full, rest) = (base + floor_to(open, unit), open % unit);
        let is_worth = |arc: &Arc| {
            let penalty = i128::from(wish.shortage_penalty).saturating_add(book.premium(demand));
            let saved = penalty.saturating_mul(rest.into());
            arc.cost.saturating_mul(unit.into()) <= saved.saturating_mul(arc.pack.into())
        };
        let takes_last = rest > 0 && full + unit <= accepted(wish) && arcs.iter().any(is_worth);
        if takes_last { full + unit } else { full }
    }
}
