//! Prices after tiers and discounts, fees and penalties, and the totals of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Book;
use super::lines::{Taken, at_line};
use super::report::{Code, Report, Violation};
use super::terms::{Sums, by_pair, pair_quantity};
use crate::plan::{Plan, Totals};
use crate::problem::{Bundle, Offer, TierKind};

/// What the lines cost, recomputed.
pub struct Money {
    /// Price per unit of each offer at its awarded total, after discounts; for incremental tiers the list price.
    pub unit_price: Vec<i128>,
    /// Ticks taken off the goods of each offer by incremental tiers.
    pub rebate: Vec<i128>,
    /// Totals over lines and shortages.
    pub totals: Totals,
}

impl Money {
    /// Recomputes prices and totals from quantities alone.
    pub fn of(book: &Book, lines: &[Taken], sums: &Sums) -> Self {
        let discounts = discounts(book, sums);
        let offers = book.problem.offers.iter().zip(&sums.taken).zip(&discounts);
        let unit_price: Vec<_> = offers.map(|((offer, &taken), off)| base_price(offer, taken) - off).collect();
        let rebate: Vec<_> = book
            .problem
            .offers
            .iter()
            .zip(&sums.taken)
            .map(|(offer, &taken)| incremental_rebate(offer, taken))
            .collect();
        let mut totals =
            Totals { goods: 0, freight: 0, fees: 0, penalties: 0, shortage: 0, priority: 0, fairness: 0, objective: 0 };
        for line in lines {
            let quantity = i128::from(line.quantity);
            totals.goods += unit_price[line.offer] * quantity;
            totals.freight += line.unit_freight * quantity;
            totals.penalties += i128::from(line.ratio.penalty) * quantity;
        }
        totals.goods -= rebate.iter().sum::<i128>();
        totals.fees = fees(book, lines);
        totals.penalties += change_penalties(book, lines);
        (totals.shortage, totals.priority) = shortage_cost(book, sums);
        totals.objective = totals.goods + totals.freight + totals.fees + totals.penalties;
        totals.objective = totals.objective.saturating_add(totals.shortage).saturating_add(totals.priority);
        let below = sums.served.iter().enumerate().map(|(demand, &served)| book.target_cost(demand, served));
        totals.fairness = below.fold(0, i128::saturating_add);
        totals.objective = totals.objective.saturating_add(totals.fairness);
        Self { unit_price, rebate, totals }
    }
}

/// Value of goods of one line at the list price: what minimums, shares and budgets are measured by.
pub fn list_value(book: &Book, line: &Taken) -> i128 {
    i128::from(book.problem.offers[line.offer].price) * i128::from(line.quantity)
}

/// Compares stated prices and totals with the recomputed ones.
pub fn check(book: &Book, plan: &Plan, lines: &[Taken], money: &Money, report: &mut Report) {
    for line in lines {
        let stated = &plan.lines[line.at];
        let expected = money.unit_price[line.offer];
        if i128::from(stated.unit_price) != expected {
            let text = format!("The price is {expected} ticks per unit, not {}.", stated.unit_price);
            let subject = [stated.demand.as_str(), stated.offer.as_str()];
            let violation = Violation::new(Code::UnitPrice, at_line(line.at, "unit_price"), &subject, text);
            report.add(violation.amounts(stated.unit_price, expected));
        }
    }
    check_discounts(book, plan, money, report);
    let (stated, own) = (&plan.totals, &money.totals);
    let parts = [
        ("goods", stated.goods, own.goods),
        ("freight", stated.freight, own.freight),
        ("fees", stated.fees, own.fees),
        ("penalties", stated.penalties, own.penalties),
        ("shortage", stated.shortage, own.shortage),
        ("priority", stated.priority, own.priority),
        ("fairness", stated.fairness, own.fairness),
        ("objective", stated.objective, own.objective),
    ];
    for (name, stated, expected) in parts {
        if stated != expected {
            let text = format!("The {name} of the lines add up to {expected} ticks, the plan states {stated}.");
            let violation = Violation::new(Code::Total, format!("/totals/{name}"), &[], text);
            report.add(violation.amounts(stated, expected));
        }
    }
}

/// Price of goods per unit when `taken` is awarded in all, before discounts.
fn base_price(offer: &Offer, taken: i128) -> i128 {
    if offer.tier_kind == TierKind::Incremental {
        return offer.price.into();
    }
    let reached = offer.tiers.iter().filter(|tier| i128::from(tier.from_quantity) <= taken);
    reached.max_by_key(|tier| tier.from_quantity).map_or(offer.price, |tier| tier.price).into()
}

/// What incremental tiers take off the list price of the whole: Σ over tiers of (previous − own price) × units beyond.
fn incremental_rebate(offer: &Offer, taken: i128) -> i128 {
    if offer.tier_kind != TierKind::Incremental {
        return 0;
    }
    let mut rebate = 0;
    let mut previous = offer.price;
    for tier in &offer.tiers {
        let beyond = (taken - i128::from(tier.from_quantity)).max(0);
        rebate += i128::from(previous - tier.price) * beyond;
        previous = tier.price;
    }
    rebate
}

/// Ticks per unit off each offer, by bundles whose condition is met.
fn discounts(book: &Book, sums: &Sums) -> Vec<i128> {
    let mut off_each = vec![0; book.offers.len()];
    for bundle in &book.problem.bundles {
        let Bundle::Discount { when, at_least, then, off, .. } = bundle else {
            continue;
        };
        let counted: i128 = when.iter().map(|id| sums.taken[book.offer_at[id.as_str()]]).sum();
        if counted >= i128::from(*at_least) {
            for id in then {
                off_each[book.offer_at[id.as_str()]] += i128::from(*off);
            }
        }
    }
    off_each
}

/// One fee for each drop (supplier, place, day) and each trip (supplier, day).
fn fees(book: &Book, lines: &[Taken]) -> i128 {
    let suppliers = &book.problem.suppliers;
    let charges = |supplier: usize| suppliers[supplier].drop_fee != 0 || suppliers[supplier].trip_fee != 0;
    let charged = lines.iter().filter(|line| charges(book.offers[line.offer].supplier));
    let drops: BTreeSet<_> =
        charged.map(|l| (book.offers[l.offer].supplier, book.demands[l.demand].place, l.day)).collect();
    let trips: BTreeSet<_> = drops.iter().map(|&(supplier, _, day)| (supplier, day)).collect();
    let drop_fees: i128 = drops.iter().map(|&(supplier, _, _)| i128::from(suppliers[supplier].drop_fee)).sum();
    let trip_fees: i128 = trips.iter().map(|&(supplier, _)| i128::from(suppliers[supplier].trip_fee)).sum();
    drop_fees + trip_fees
}

/// The change penalty for each line of the incumbent that does not stand unchanged.
fn change_penalties(book: &Book, lines: &[Taken]) -> i128 {
    let Some(incumbent) = &book.problem.incumbent else {
        return 0;
    };
    let found: BTreeMap<_, _> = by_pair(lines);
    let changed = incumbent.lines.iter().filter(|line| {
        let (demand, offer) = (book.demand_at[line.demand.as_str()], book.offer_at[line.offer.as_str()]);
        pair_quantity(&found, demand, offer, line.day) != i128::from(line.quantity)
    });
    changed.map(|_| i128::from(incumbent.change_penalty)).sum()
}

/// What the unmet quantities count, and what their priority classes add to it.
fn shortage_cost(book: &Book, sums: &Sums) -> (i128, i128) {
    let (mut cost, mut premium_cost) = (0_i128, 0_i128);
    for (at, demand) in book.problem.demands.iter().enumerate() {
        let short = (i128::from(demand.quantity) - sums.served[at]).max(0);
        cost += short * i128::from(demand.shortage_penalty);
        premium_cost = premium_cost.saturating_add(short.saturating_mul(book.premium(at)));
    }
    (cost, premium_cost)
}

/// Savings by incremental tiers are stated for exactly the offers that have some.
fn check_discounts(book: &Book, plan: &Plan, money: &Money, report: &mut Report) {
    let expected = money.rebate.iter().enumerate().filter(|(_, rebate)| **rebate != 0);
    let mut expected = expected.map(|(offer, &rebate)| (book.problem.offers[offer].id.as_str(), rebate));
    for (at, stated) in plan.discounts.iter().enumerate() {
        let own = expected.next();
        if own != Some((stated.offer.as_str(), stated.amount)) {
            let text = "The saving by incremental tiers is not the one that the offer's terms give.".to_owned();
            let violation = Violation::new(Code::Discount, format!("/discounts/{at}/amount"), &[&stated.offer], text);
            report.add(violation.amounts(stated.amount, own.map_or(0, |(_, rebate)| rebate)));
        }
    }
    if let Some((offer, rebate)) = expected.next() {
        let text = "The saving by this offer's incremental tiers is not stated.".to_owned();
        report.add(Violation::new(Code::Discount, "/discounts".into(), &[offer], text).amounts(0, rebate));
    }
}
