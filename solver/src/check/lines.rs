//! Line by line: does each stated line exist in the problem, is it allowed, are its numbers the problem's own?

use rayon::prelude::*;

use super::book::{Book, MAX_AMOUNT, Ratio};
use super::report::{Code, Report, Violation};
use crate::plan::{Line, Reason};

/// A stated line with its references resolved.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// Place among the plan's lines.
    pub at: usize,
    pub demand: usize,
    pub offer: usize,
    pub day: i64,
    /// Base units of the offer, between 1 and [`MAX_AMOUNT`].
    pub quantity: i64,
    pub ratio: Ratio,
    /// Wanted base units that one pack counts for.
    pub weight: i64,
    /// Base units of the offer in one pack.
    pub pack: i64,
    /// Recomputed, whatever the line states.
    pub distance_m: i64,
    /// Recomputed, ticks per base unit.
    pub unit_freight: i128,
}

impl Taken {
    /// Whole packs of the line.
    pub fn packs(&self) -> i64 {
        self.quantity / self.pack
    }

    /// Base units of the wanted commodity that this line counts for.
    pub fn counted(&self) -> i128 {
        i128::from(self.packs()) * i128::from(self.weight)
    }
}

/// Lines judged before what was found is gathered, so that a verdict on each of millions is never held.
const AT_ONCE: usize = 16_384;

/// Pointer to a field of a line.
pub fn at_line(at: usize, field: &str) -> String {
    format!("/lines/{at}/{field}")
}

/// Judges every line alone and returns those that the sums can be built on.
pub fn check(book: &Book, lines: &[Line], report: &mut Report) -> Vec<Taken> {
    let mut taken: Vec<Taken> = Vec::with_capacity(lines.len());
    for (start, chunk) in (0..).step_by(AT_ONCE).zip(lines.chunks(AT_ONCE)) {
        let judged: Vec<_> = chunk.par_iter().enumerate().map(|(at, line)| judge(book, start + at, line)).collect();
        for (resolved, faults) in judged {
            for fault in faults {
                report.add(fault);
            }
            let Some(next) = resolved else { continue };
            if taken.last().is_some_and(|last| order(last) >= order(&next)) {
                report.add(misplaced(&lines[next.at], next.at));
            }
            taken.push(next);
        }
    }
    taken
}

fn misplaced(line: &Line, at: usize) -> Violation {
    let text = "Lines must be ordered by demand, offer and day, each at most once.".to_owned();
    Violation::new(Code::LineOrder, format!("/lines/{at}"), &[&line.demand, &line.offer], text)
}

fn order(line: &Taken) -> (usize, usize, i64) {
    (line.demand, line.offer, line.day)
}

/// Judges one line; without a [`Taken`] it cannot even be added up.
pub fn judge(book: &Book, at: usize, line: &Line) -> (Option<Taken>, Vec<Violation>) {
    let mut faults = Vec::new();
    let fault =
        |code, field: &str, text: String| Violation::new(code, at_line(at, field), &[&line.demand, &line.offer], text);
    let demand = book.demand_at.get(line.demand.as_str()).copied();
    let offer = book.offer_at.get(line.offer.as_str()).copied();
    if demand.is_none() {
        faults.push(fault(Code::UnknownDemand, "demand", format!("There is no demand '{}'.", line.demand)));
    }
    if offer.is_none() {
        faults.push(fault(Code::UnknownOffer, "offer", format!("There is no offer '{}'.", line.offer)));
    }
    let (Some(demand), Some(offer)) = (demand, offer) else {
        return (None, faults);
    };
    if !(1..=MAX_AMOUNT).contains(&line.quantity) {
        let text = format!("A line carries between 1 and {MAX_AMOUNT} base units, not {}.", line.quantity);
        faults.push(fault(Code::QuantityNotPositive, "quantity", text));
        return (None, faults);
    }
    let Some(ratio) = book.ratio(demand, offer) else {
        let text = "The offer's commodity is neither the one wanted nor a substitute for it.".to_owned();
        faults.push(fault(Code::CommodityMismatch, "offer", text));
        return (None, faults);
    };
    quantity_terms(book, at, line, offer, &mut faults);
    if let Err(reason) = book.arc(demand, offer, ratio) {
        let (code, text) = refusal(reason);
        faults.push(fault(code, "offer", text.to_owned()));
    }
    let terms = &book.problem.offers[offer];
    let distance_m = book.distance_m(demand, offer);
    let unit_freight = super::arith::unit_freight(terms.freight_base, terms.freight_per_km, distance_m);
    let weight = book.weight(offer, ratio);
    let (day, quantity, pack) = (line.day, line.quantity, terms.pack);
    let taken = Taken { at, demand, offer, day, quantity, ratio, weight, pack, distance_m, unit_freight };
    stated_numbers(book, line, &taken, &mut faults);
    (Some(taken), faults)
}

/// Pack and least line.
fn quantity_terms(book: &Book, at: usize, line: &Line, offer: usize, faults: &mut Vec<Violation>) {
    let terms = &book.problem.offers[offer];
    let mut fault = |code, text: String, expected: i64| {
        let violation = Violation::new(code, at_line(at, "quantity"), &[&line.demand, &line.offer], text);
        faults.push(violation.amounts(line.quantity, expected));
    };
    let pack = terms.pack;
    if line.quantity % pack != 0 {
        fault(Code::PackNotWhole, format!("{} is not a multiple of the pack of {pack}.", line.quantity), pack);
    }
    if line.quantity < terms.min_line {
        let text = format!("{} is less than the least line of {}.", line.quantity, terms.min_line);
        fault(Code::BelowMinLine, text, terms.min_line);
    }
}

/// Day, distance and freight as stated against the recomputed ones.
fn stated_numbers(book: &Book, line: &Line, own: &Taken, faults: &mut Vec<Violation>) {
    let mut fault = |code, field: &str, text: String, stated: i128, expected: i128| {
        let violation = Violation::new(code, at_line(own.at, field), &[&line.demand, &line.offer], text);
        faults.push(violation.amounts(stated, expected));
    };
    let (wish, terms) = (&book.problem.demands[own.demand], &book.problem.offers[own.offer]);
    let (first, last) = (wish.day_from.max(terms.day_from), wish.day_to.min(terms.day_to));
    if line.day < first || line.day > last {
        let text = format!("Day {} is outside the common window {first} to {last}.", line.day);
        fault(Code::Window, "day", text, line.day.into(), if line.day < first { first.into() } else { last.into() });
    }
    if line.distance_m != own.distance_m {
        let text = format!("The distance is {} m, not {} m.", own.distance_m, line.distance_m);
        fault(Code::Distance, "distance_m", text, line.distance_m.into(), own.distance_m.into());
    }
    if i128::from(line.unit_freight) != own.unit_freight {
        let text = format!("The freight is {} ticks per unit, not {}.", own.unit_freight, line.unit_freight);
        fault(Code::UnitFreight, "unit_freight", text, line.unit_freight.into(), own.unit_freight);
    }
}

/// Code and sentence for each condition that [`Book::arc`] can refuse a pair for.
pub fn refusal(reason: Reason) -> (Code, &'static str) {
    match reason {
        Reason::SupplierSuspended => (Code::SupplierSuspended, "The supplier is suspended or dormant."),
        Reason::Excluded => (Code::Excluded, "This pair was excluded."),
        Reason::OfferExpired => (Code::Window, "The offer ends before the demand's first day."),
        Reason::DeliversTooLate => (Code::Window, "The offer begins after the demand's last day."),
        Reason::CertificateMissing => {
            (Code::CertificateMissing, "The offer lacks a certificate that the demand requires.")
        }
        Reason::PriceAboveCeiling => (Code::PriceAboveCeiling, "The price is above the demand's ceiling."),
        Reason::OutOfDeliveryArea => (Code::TooFar, "The place lies beyond the offer's delivery radius."),
        Reason::PackNotFilled => (Code::PackDoesNotFit, "Not even one pack fits the demand and the stock."),
        Reason::BelowSupplierMinimum => (Code::BelowMinLine, "The least line fits neither the demand nor the stock."),
        Reason::CostAbovePenalty => (Code::CostAbovePenalty, "Serving this costs more than the shortage counts."),
        _ => (Code::CommodityMismatch, "This pair is not allowed."),
    }
}
