//! Shortages: quantities must be exactly what is missing, and the stated reason must be able to be the cause.
//!
//! A reason is *plausible* when the records that it speaks of exist in the problem and plan. Whether lifting it would
//! really help is shown by `explain`, which solves again; this file only reads.

use std::collections::{HashMap, HashSet};

use super::book::{Book, Ratio};
use super::report::{Code, Report, Violation};
use super::terms::Sums;
use crate::plan::{Reason, Shortage};

/// Checks order, quantities, reasons and named records of all stated shortages.
pub fn check(book: &Book, shortages: &[Shortage], sums: &Sums, report: &mut Report) {
    let missing: Vec<i128> = book
        .problem
        .demands
        .iter()
        .zip(&sums.served)
        .map(|(demand, &served)| (i128::from(demand.quantity) - served).max(0))
        .collect();
    let stated = check_entries(book, shortages, sums, report);
    let entry_of: HashMap<&str, usize> =
        shortages.iter().enumerate().rev().map(|(entry, shortage)| (shortage.demand.as_str(), entry)).collect();
    for (at, demand) in book.problem.demands.iter().enumerate() {
        if stated[at] != missing[at] {
            let text = format!(
                "Demand '{}' needs {} and gets {}: {} is missing, the plan states {}.",
                demand.id, demand.quantity, sums.served[at], missing[at], stated[at]
            );
            let pointer = match entry_of.get(demand.id.as_str()) {
                Some(entry) => format!("/shortages/{entry}/quantity"),
                None => format!("/demands/{at}/quantity"),
            };
            let violation = Violation::new(Code::ShortageQuantity, pointer, &[&demand.id], text);
            report.add(violation.amounts(stated[at], missing[at]));
        }
    }
}

/// Judges each entry alone and adds up what is stated per demand.
fn check_entries(book: &Book, shortages: &[Shortage], sums: &Sums, report: &mut Report) -> Vec<i128> {
    let mut stated = vec![0; book.demands.len()];
    let mut seen: HashSet<(usize, Reason)> = HashSet::new();
    let mut last = 0;
    let known = Known::of(book);
    for (entry, shortage) in shortages.iter().enumerate() {
        let mut fault = |code, field: &str, text: String| {
            report.add(Violation::new(code, format!("/shortages/{entry}/{field}"), &[&shortage.demand], text));
        };
        let Some(&at) = book.demand_at.get(shortage.demand.as_str()) else {
            fault(Code::UnknownDemand, "demand", format!("There is no demand '{}'.", shortage.demand));
            continue;
        };
        if shortage.quantity < 1 {
            fault(Code::ShortageQuantity, "quantity", format!("A shortage is at least 1, not {}.", shortage.quantity));
        }
        if at < last || !seen.insert((at, shortage.reason)) {
            let text = "Shortages are ordered by demand, each reason at most once.".to_owned();
            fault(Code::ShortageOrder, "demand", text);
        }
        if shortage.limited_by.as_deref().is_some_and(|id| !known.has(id)) {
            fault(Code::LimitedBy, "limited_by", "No record has this id.".to_owned());
        }
        if !is_plausible(book, at, shortage.reason, sums) {
            fault(Code::Reason, "reason", format!("{:?} cannot be the cause.", shortage.reason));
        }
        last = at;
        stated[at] += i128::from(shortage.quantity);
    }
    stated
}

/// Ids that a shortage may name.
struct Known<'a> {
    ids: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(book: &Book<'a>) -> Self {
        let problem = book.problem;
        let mut ids: HashSet<&str> = problem.offers.iter().map(|o| o.id.as_str()).collect();
        ids.extend(problem.suppliers.iter().map(|s| s.id.as_str()));
        ids.extend(problem.buyers.iter().map(|b| b.id.as_str()));
        ids.extend(problem.demands.iter().map(|d| d.id.as_str()));
        ids.extend(problem.bundles.iter().map(super::rules::bundle_id));
        ids.extend(problem.class_shares.iter().map(|share| share.id.as_str()));
        ids.extend(problem.commodities.iter().map(|c| c.id.as_str()));
        Self { ids }
    }

    fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

/// Reasons from the most to the least telling, for a shortage whose cause nobody stated.
const BY_TELLING: [Reason; 16] = [
    Reason::NoOfferForItem,
    Reason::StockExhausted,
    Reason::PackNotFilled,
    Reason::CertificateMissing,
    Reason::PriceAboveCeiling,
    Reason::OutOfDeliveryArea,
    Reason::DeliversTooLate,
    Reason::OfferExpired,
    Reason::SupplierSuspended,
    Reason::Excluded,
    Reason::CostAbovePenalty,
    Reason::BelowSupplierMinimum,
    Reason::BudgetLimit,
    Reason::LowerPriority,
    Reason::PinnedElsewhere,
    Reason::RuleLimit,
];

/// The first reason that can be the cause; `RULE_LIMIT` when a person simply left the demand short.
pub fn first_plausible(book: &Book, demand: usize, sums: &Sums) -> Reason {
    let plausible = |reason: &Reason| is_plausible(book, demand, *reason, sums);
    BY_TELLING.into_iter().find(plausible).unwrap_or(Reason::RuleLimit)
}

fn is_plausible(book: &Book, demand: usize, reason: Reason, sums: &Sums) -> bool {
    let wish = &book.problem.demands[demand];
    let buyer = &book.problem.buyers[book.demands[demand].buyer];
    let some_pair_fails =
        || book.rivals(demand).any(|(offer, ratio)| book.arc(demand, offer, ratio).err() == Some(reason));
    match reason {
        Reason::NoOfferForItem => book.rivals(demand).all(|(offer, ratio)| book.weight(offer, ratio) < 1),
        Reason::StockExhausted => is_exhausted(book, demand, sums),
        Reason::PackNotFilled => {
            book.rivals(demand).any(|(offer, ratio)| book.weight(offer, ratio) > 1) || some_pair_fails()
        }
        Reason::BelowSupplierMinimum => book.rivals(demand).any(|(offer, _)| {
            let terms = &book.problem.offers[offer];
            let supplier = &book.problem.suppliers[book.offers[offer].supplier];
            terms.min_line > 0 || terms.min_total > 0 || supplier.min_order_value > 0
        }),
        Reason::BudgetLimit => buyer.budget.is_some(),
        Reason::LowerPriority => wish.priority > 0 && has_prior(book, demand),
        Reason::PinnedElsewhere => !book.problem.pins.is_empty(),
        Reason::RuleLimit => has_rules(book, demand),
        Reason::CostAbovePenalty => {
            has_fees(book, demand)
                || book.problem.incumbent.as_ref().is_some_and(|earlier| !earlier.lines.is_empty())
                || is_last_pack_too_dear(book, demand, sums)
                || some_pair_fails()
        }
        _ => some_pair_fails(),
    }
}

/// Some allowed offer has less than a pack left, in all or on some day.
fn is_exhausted(book: &Book, demand: usize, sums: &Sums) -> bool {
    book.rivals(demand).any(|(offer, ratio)| {
        let Ok(arc) = book.arc(demand, offer, ratio) else {
            return false;
        };
        let terms = &book.problem.offers[offer];
        let left = i128::from(terms.stock) - sums.taken[offer];
        let day_limit = i128::from(arc.day_stock) * i128::from(arc.pack);
        let on = |day| sums.taken_on.get(&(offer, day)).copied().unwrap_or(0);
        let used_up_on = |day| day_limit - on(day) < i128::from(arc.pack);
        left < i128::from(arc.pack) || (terms.stock_per_day.is_some() && (arc.days.0..=arc.days.1).any(used_up_on))
    })
}

/// A demand of an earlier priority class competes for an offer that could serve this one.
fn has_prior(book: &Book, demand: usize) -> bool {
    let own = book.problem.demands[demand].priority;
    let delivered: HashSet<usize> = book.rivals(demand).map(|(offer, _)| book.offers[offer].commodity).collect();
    let competes = |links: &super::book::DemandLinks| {
        book.served_by[links.commodity].iter().any(|(commodity, _)| delivered.contains(commodity))
    };
    book.demands.iter().zip(&book.problem.demands).any(|(links, other)| other.priority < own && competes(links))
}

/// Some rule on counts, shares, bundles, capacity or fairness is in force that can touch this demand.
fn has_rules(book: &Book, demand: usize) -> bool {
    let buyer = &book.problem.buyers[book.demands[demand].buyer];
    let capacity = |(offer, _): (usize, Ratio)| {
        let supplier = &book.problem.suppliers[book.offers[offer].supplier];
        supplier.capacity_g_per_day.is_some() || supplier.capacity_g.is_some()
    };
    buyer.min_suppliers.is_some()
        || buyer.max_suppliers.is_some()
        || buyer.max_supplier_share_permille.is_some()
        || !book.problem.bundles.is_empty()
        || !book.problem.class_shares.is_empty()
        || book.problem.fairness.is_some()
        || book.rivals(demand).any(capacity)
}

/// Some supplier that could serve this demand charges by drop or trip, so that a small line can cost more than it saves.
fn has_fees(book: &Book, demand: usize) -> bool {
    book.rivals(demand).any(|(offer, _)| {
        let supplier = &book.problem.suppliers[book.offers[offer].supplier];
        supplier.drop_fee > 0 || supplier.trip_fee > 0
    })
}

/// The last, only partly needed pack of some allowed offer costs no less than the shortage that it would end.
fn is_last_pack_too_dear(book: &Book, demand: usize, sums: &Sums) -> bool {
    let wish = &book.problem.demands[demand];
    let missing = i128::from(wish.quantity) - sums.served[demand];
    book.rivals(demand).any(|(offer, ratio)| {
        let arc = book.arc(demand, offer, ratio);
        arc.is_ok_and(|arc| arc.cost >= i128::from(wish.shortage_penalty) * missing.min(arc.weight.into()))
    })
}
