//! Sums over lines against stocks, needs and pins.

use std::collections::BTreeMap;

use super::book::Book;
use super::lines::{Taken, at_line};
use super::report::{Code, Report, Violation};

/// Sums that several checks need, by position in the problem.
pub struct Sums {
    /// Base units taken of each offer.
    pub taken: Vec<i128>,
    /// Base units taken of each offer on each day.
    pub taken_on: BTreeMap<(usize, i64), i128>,
    /// Wanted base units delivered to each demand.
    pub served: Vec<i128>,
}

impl Sums {
    /// Adds up the lines.
    pub fn of(book: &Book, lines: &[Taken]) -> Self {
        let mut sums =
            Self { taken: vec![0; book.offers.len()], taken_on: BTreeMap::new(), served: vec![0; book.demands.len()] };
        for line in lines {
            sums.taken[line.offer] += i128::from(line.quantity);
            *sums.taken_on.entry((line.offer, line.day)).or_default() += i128::from(line.quantity);
            sums.served[line.demand] += line.counted();
        }
        sums
    }
}

/// Stock in total and per day, least totals.
pub fn check_offers(book: &Book, sums: &Sums, report: &mut Report) {
    for (at, (offer, &taken)) in book.problem.offers.iter().zip(&sums.taken).enumerate() {
        let mut fault = |code, field: &str, text: String, limit: i64| {
            let violation = Violation::new(code, format!("/offers/{at}/{field}"), &[&offer.id], text);
            report.add(violation.amounts(taken, limit));
        };
        if taken > i128::from(offer.stock) {
            let text = format!("{taken} is taken of offer '{}', which has {}.", offer.id, offer.stock);
            fault(Code::Stock, "stock", text, offer.stock);
        }
        if taken > 0 && taken < i128::from(offer.min_total) {
            let text = format!("{taken} is taken of offer '{}', whose least total is {}.", offer.id, offer.min_total);
            fault(Code::MinTotal, "min_total", text, offer.min_total);
        }
    }
    for (&(at, day), &taken) in &sums.taken_on {
        let offer = &book.problem.offers[at];
        if let Some(limit) = offer.stock_per_day
            && taken > i128::from(limit)
        {
            let text = format!("{taken} is taken of offer '{}' on day {day}, which has {limit} a day.", offer.id);
            let pointer = format!("/offers/{at}/stock_per_day");
            report.add(Violation::new(Code::StockDay, pointer, &[&offer.id], text).amounts(taken, limit));
        }
    }
}

/// No demand gets more than it accepts, and no pack was opened by tolerance alone.
pub fn check_demands(book: &Book, lines: &[Taken], sums: &Sums, report: &mut Report) {
    let mut arcs = Vec::new();
    let mut first_line = vec![None; book.demands.len()];
    for line in lines.iter().rev() {
        first_line[line.demand] = Some(line.at);
    }
    for (at, (demand, &served)) in book.problem.demands.iter().zip(&sums.served).enumerate() {
        if served <= i128::from(demand.quantity) {
            continue;
        }
        book.arcs(at, &mut arcs);
        let most = book.reach(at, &arcs).most.max(demand.quantity);
        if served > i128::from(most) {
            let text = format!("{served} goes to demand '{}', which takes up to {most}.", demand.id);
            let pointer = first_line[at].map_or_else(|| format!("/demands/{at}"), |line| at_line(line, "quantity"));
            report.add(Violation::new(Code::DemandExceeded, pointer, &[&demand.id], text).amounts(served, most));
        }
    }
    for line in lines {
        check_tolerance(book, line, sums, report);
    }
}

/// A line that could lose a pack (or fall away, at its least) without leaving the need unmet lives by tolerance alone,
/// unless another term of the problem gives it a purpose.
fn check_tolerance(book: &Book, line: &Taken, sums: &Sums, report: &mut Report) {
    let (demand, offer) = (&book.problem.demands[line.demand], &book.problem.offers[line.offer]);
    let surplus = sums.served[line.demand] - i128::from(demand.quantity);
    if surplus <= 0 || has_other_purpose(book, line) {
        return;
    }
    let least = (i128::from(offer.min_line) + i128::from(line.pack) - 1) / i128::from(line.pack);
    let spare_packs = if i128::from(line.packs()) > least { 1 } else { line.packs() };
    let spare = i128::from(spare_packs) * i128::from(line.weight);
    if surplus >= spare {
        let text = format!("{surplus} beyond the need of demand '{}' is a whole pack ({spare}) or more.", demand.id);
        let subject = [demand.id.as_str(), offer.id.as_str()];
        let violation = Violation::new(Code::PackByTolerance, at_line(line.at, "quantity"), &subject, text);
        report.add(violation.amounts(surplus, spare - 1));
    }
}

/// Pins, minimums, tiers, bundles, counts, shares and an incumbent can each make a spare pack worth its price.
fn has_other_purpose(book: &Book, line: &Taken) -> bool {
    let (problem, offer) = (book.problem, &book.problem.offers[line.offer]);
    let supplier = &problem.suppliers[book.offers[line.offer].supplier];
    let buyer = &problem.buyers[book.demands[line.demand].buyer];
    book.pinned(line.demand, line.offer).is_some()
        || offer.min_total > 0
        || !offer.tiers.is_empty()
        || supplier.min_order_value > 0
        || buyer.min_suppliers.is_some()
        || buyer.max_supplier_share_permille.is_some()
        || !problem.class_shares.is_empty()
        || !problem.bundles.is_empty()
        || problem.incumbent.is_some()
        || offer.price == 0
}

/// Every pinned line stands with exactly its quantity.
pub fn check_pins(book: &Book, lines: &[Taken], report: &mut Report) {
    if book.problem.pins.is_empty() {
        return;
    }
    let found = by_pair(lines);
    for (at, pin) in book.problem.pins.iter().enumerate() {
        let (demand, offer) = (book.demand_at[pin.demand.as_str()], book.offer_at[pin.offer.as_str()]);
        let quantity = pair_quantity(&found, demand, offer, pin.day);
        if quantity != i128::from(pin.quantity) {
            let text = format!(
                "The line from '{}' to '{}' is pinned at {}, the plan has {quantity}.",
                pin.offer, pin.demand, pin.quantity
            );
            let violation = Violation::new(Code::PinBroken, format!("/pins/{at}"), &[&pin.demand, &pin.offer], text);
            report.add(violation.amounts(quantity, pin.quantity));
        }
    }
    for line in lines {
        check_other_day(book, line, report);
    }
}

/// A pair pinned with days is delivered on those days only.
fn check_other_day(book: &Book, line: &Taken, report: &mut Report) {
    let pins = book.pinned(line.demand, line.offer).unwrap_or_default();
    let by_day = !pins.is_empty() && pins.iter().all(|(day, _)| day.is_some());
    if by_day && !pins.iter().any(|(day, _)| *day == Some(line.day)) {
        let (demand, offer) = (&book.problem.demands[line.demand].id, &book.problem.offers[line.offer].id);
        let text = format!("The line from '{offer}' to '{demand}' is pinned to other days than {}.", line.day);
        let subject = [demand.as_str(), offer.as_str()];
        report.add(Violation::new(Code::PinBroken, at_line(line.at, "day"), &subject, text));
    }
}

/// Quantities by (demand, offer, day).
pub fn by_pair(lines: &[Taken]) -> BTreeMap<(usize, usize, i64), i128> {
    let mut found = BTreeMap::new();
    for line in lines {
        *found.entry((line.demand, line.offer, line.day)).or_default() += i128::from(line.quantity);
    }
    found
}

/// What a pair carries on one day, or over all days.
pub fn pair_quantity(
    found: &BTreeMap<(usize, usize, i64), i128>,
    demand: usize,
    offer: usize,
    day: Option<i64>,
) -> i128 {
    match day {
        Some(day) => found.get(&(demand, offer, day)).copied().unwrap_or(0),
        None => found.range((demand, offer, i64::MIN)..=(demand, offer, i64::MAX)).map(|(_, quantity)| quantity).sum(),
    }
}
