//! Fills in all that follows from quantities: a plan that a person wrote states only who gets what from whom.
//!
//! The numbers come from the same recomputation that [`super::check`] compares against, so a completed plan states them
//! truly; whether its lines are *allowed* is still for the check to say.

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::lines::Taken;
use super::money::Money;
use super::report::{Report, Violation};
use super::terms::Sums;
use super::{bound, fair, floors, lines, rows, shortages};
use crate::plan::{Certificate, ControlSums, FairShares, Line, OfferDiscount, PLAN_FORMAT, Plan, PlanStatus, Shortage};
use crate::problem::Problem;

/// One line as a person writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The demand that is served.
    pub demand: String,
    /// The offer that serves it.
    pub offer: String,
    /// The delivery day.
    #[serde(default)]
    pub day: i64,
    /// Base units of the offer's commodity.
    pub quantity: i64,
}

impl Choice {
    /// A line with this choice and nothing else filled in.
    pub(super) fn as_line(&self) -> Line {
        Line {
            demand: self.demand.clone(),
            offer: self.offer.clone(),
            day: self.day,
            quantity: self.quantity,
            unit_price: 0,
            unit_freight: 0,
            distance_m: 0,
        }
    }
}

/// Multipliers to prove a bound with; any of the right sign do.
#[derive(Debug, Clone, Default)]
pub struct Multipliers {
    /// Ticks / scale per step of each demand; empty means 0 throughout.
    pub demand_prices: Vec<i64>,
    /// Ticks / scale per pack of each offer; empty means 0 throughout.
    pub offer_prices: Vec<i64>,
    /// Other rows, in order.
    pub rows: Vec<crate::plan::RowPrice>,
    /// All multipliers are in 1/scale ticks; 0 means 1.
    pub scale: i64,
    /// Fair shares with their proof and the plan without the rule; totals and cost are filled in.
    pub fairness: Option<FairShares>,
}

/// The plan that these choices amount to, with every number recomputed, lines put in order and those of one demand,
/// offer and day added up.
///
/// # Errors
/// Violations when the problem cannot be judged, a line names no record, or the multipliers have the wrong shape.
pub fn complete(
    problem: &Problem,
    problem_sha256: &str,
    choices: &[Choice],
    multipliers: Multipliers,
) -> Result<Plan, Vec<Violation>> {
    let mut book = Book::open(problem)?;
    let mut report = Report::empty();
    let stated = ordered_lines(&book, choices);
    let taken = lines::check(&book, &stated, &mut report);
    if let Some(given) = &multipliers.fairness {
        fair::set_targets(&mut book, &given.shares);
    }
    if taken.len() != stated.len() {
        return Err(report.violations);
    }
    let sums = Sums::of(&book, &taken);
    let money = Money::of(&book, &taken, &sums);
    let fairness = multipliers.fairness.clone().map(|given| floors::restate(&book, given, &sums.served, &money.totals));
    let certificate = certificate(&book, &money, multipliers)?;
    let status = if certificate.gap == 0 { PlanStatus::Optimal } else { PlanStatus::Feasible };
    Ok(Plan {
        format: PLAN_FORMAT.to_owned(),
        problem_sha256: problem_sha256.to_owned(),
        solver: concat!("pasok-solver ", env!("CARGO_PKG_VERSION")).to_owned(),
        status,
        lines: priced_lines(stated, &taken, &money),
        shortages: missing(&book, &sums),
        discounts: savings(&book, &money),
        totals: money.totals,
        certificate,
        fairness,
    })
}

fn ordered_lines(book: &Book, choices: &[Choice]) -> Vec<Line> {
    let mut stated: Vec<_> = choices.iter().map(Choice::as_line).collect();
    let place = |line: &Line| {
        (book.demand_at.get(line.demand.as_str()).copied(), book.offer_at.get(line.offer.as_str()).copied(), line.day)
    };
    stated.sort_by_key(place);
    stated.dedup_by(|next, kept| {
        let same = (&kept.demand, &kept.offer, kept.day) == (&next.demand, &next.offer, next.day);
        if same {
            kept.quantity = kept.quantity.saturating_add(next.quantity);
        }
        same
    });
    stated
}

fn priced_lines(mut stated: Vec<Line>, taken: &[Taken], money: &Money) -> Vec<Line> {
    for (line, own) in stated.iter_mut().zip(taken) {
        line.unit_price = i64::try_from(money.unit_price[own.offer]).unwrap_or(i64::MAX);
        line.unit_freight = i64::try_from(own.unit_freight).unwrap_or(i64::MAX);
        line.distance_m = own.distance_m;
    }
    stated
}

fn missing(book: &Book, sums: &Sums) -> Vec<Shortage> {
    let mut entries = Vec::new();
    for (at, demand) in book.problem.demands.iter().enumerate() {
        let short = i128::from(demand.quantity) - sums.served[at];
        if let Some(quantity) = i64::try_from(short).ok().filter(|&short| short > 0) {
            let reason = shortages::first_plausible(book, at, sums);
            entries.push(Shortage { demand: demand.id.clone(), quantity, reason, limited_by: None });
        }
    }
    entries
}

fn savings(book: &Book, money: &Money) -> Vec<OfferDiscount> {
    let some = book.problem.offers.iter().zip(&money.rebate).filter(|(_, rebate)| **rebate != 0);
    some.map(|(offer, &amount)| OfferDiscount { offer: offer.id.clone(), amount }).collect()
}

fn certificate(book: &Book, money: &Money, given: Multipliers) -> Result<Certificate, Vec<Violation>> {
    let floors = given.fairness.map_or_else(Vec::new, |given| given.floors);
    let filled = |prices: Vec<i64>, count: usize| if prices.is_empty() { vec![0; count] } else { prices };
    let demand_prices = filled(given.demand_prices, book.demands.len());
    let offer_prices = filled(given.offer_prices, book.offers.len());
    let control = ControlSums::of(&demand_prices, &offer_prices, &given.rows);
    let scale = given.scale.max(1);
    let mut certificate =
        Certificate { bound: 0, gap: 0, scale, demand_prices, offer_prices, rows: given.rows, control, tree: None };
    let mut report = Report::empty();
    let bound = rows::read(book, &certificate, &floors, &mut report)
        .and_then(|prices| bound::compute(book, prices, &mut report));
    certificate.bound = bound.ok_or(report.violations)?;
    certificate.gap = money.totals.objective.saturating_sub(certificate.bound);
    Ok(certificate)
}
