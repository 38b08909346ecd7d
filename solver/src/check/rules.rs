//! Rules over several lines: orders, capacities, budgets, counts, shares, bundles.

use std::collections::{BTreeMap, BTreeSet};

use super::arith::{floor_to, round_div};
use super::book::Book;
use super::lines::Taken;
use super::money::list_value;
use super::report::{Code, Report, Violation};
use super::rows::Prices;
use super::terms::Sums;
use crate::problem::{Bundle, ClassShare, ShareBy};

/// The offers that a bundle names.
pub fn bundle_offers(bundle: &Bundle) -> impl Iterator<Item = &String> {
    let (first, second): (&[String], &[String]) = match bundle {
        Bundle::AllOrNothing { offers, .. } | Bundle::Xor { offers, .. } => (offers, &[]),
        Bundle::Discount { when, then, .. } => (when, then),
    };
    first.iter().chain(second)
}

/// Checks every rule that looks at more than one line.
pub fn check(book: &Book, lines: &[Taken], sums: &Sums, report: &mut Report) {
    check_capacity(book, lines, report);
    check_orders(book, lines, report);
    check_buyers(book, lines, report);
    check_bundles(book, sums, report);
    for (at, share) in book.problem.class_shares.iter().enumerate() {
        check_class_share(book, at, share, lines, report);
    }
}

/// Grams in one line: whole packs, each rounded to whole grams.
fn grams(book: &Book, line: &Taken) -> i128 {
    i128::from(line.packs()) * pack_grams(book, line.offer)
}

/// Grams in one pack of an offer.
pub fn pack_grams(book: &Book, offer: usize) -> i128 {
    let commodity = &book.problem.commodities[book.offers[offer].commodity];
    round_div(i128::from(book.problem.offers[offer].pack) * i128::from(commodity.grams_per_thousand), 1000)
}

fn check_capacity(book: &Book, lines: &[Taken], report: &mut Report) {
    let mut loads: BTreeMap<(usize, i64), i128> = BTreeMap::new();
    let mut in_all: BTreeMap<usize, i128> = BTreeMap::new();
    for line in lines {
        let supplier = book.offers[line.offer].supplier;
        if book.problem.suppliers[supplier].capacity_g_per_day.is_some() {
            *loads.entry((supplier, line.day)).or_default() += grams(book, line);
        }
        if book.problem.suppliers[supplier].capacity_g.is_some() {
            *in_all.entry(supplier).or_default() += grams(book, line);
        }
    }
    for ((at, day), load) in loads {
        let supplier = &book.problem.suppliers[at];
        let limit = i128::from(supplier.capacity_g_per_day.unwrap_or(0));
        if load > limit {
            let text = format!("Supplier '{}' carries {load} g on day {day} and can carry {limit} g.", supplier.id);
            let pointer = format!("/suppliers/{at}/capacity_g_per_day");
            report.add(Violation::new(Code::Capacity, pointer, &[&supplier.id], text).amounts(load, limit));
        }
    }
    for (at, load) in in_all {
        let supplier = &book.problem.suppliers[at];
        let limit = i128::from(supplier.capacity_g.unwrap_or(0));
        if load > limit {
            let text = format!("Supplier '{}' delivers {load} g in all and can deliver {limit} g.", supplier.id);
            let pointer = format!("/suppliers/{at}/capacity_g");
            report.add(Violation::new(Code::Capacity, pointer, &[&supplier.id], text).amounts(load, limit));
        }
    }
}

fn check_orders(book: &Book, lines: &[Taken], report: &mut Report) {
    let mut orders: BTreeMap<(usize, usize), i128> = BTreeMap::new();
    for line in lines {
        let supplier = book.offers[line.offer].supplier;
        if book.problem.suppliers[supplier].min_order_value > 0 {
            *orders.entry((supplier, book.demands[line.demand].buyer)).or_default() += list_value(book, line);
        }
    }
    for ((at, buyer), value) in orders {
        let (supplier, buyer) = (&book.problem.suppliers[at], &book.problem.buyers[buyer]);
        if value < i128::from(supplier.min_order_value) {
            let least = supplier.min_order_value;
            let text =
                format!("The order of '{}' from '{}' is worth {value}, the least is {least}.", buyer.id, supplier.id);
            let pointer = format!("/suppliers/{at}/min_order_value");
            let violation = Violation::new(Code::MinOrderValue, pointer, &[&supplier.id, &buyer.id], text);
            report.add(violation.amounts(value, least));
        }
    }
}

/// What one buyer buys, by supplier.
#[derive(Default)]
struct Basket {
    goods: BTreeMap<usize, i128>,
    freight: i128,
    drops: BTreeSet<(usize, usize, i64)>,
}

fn check_buyers(book: &Book, lines: &[Taken], report: &mut Report) {
    let mut baskets: BTreeMap<usize, Basket> = BTreeMap::new();
    for line in lines {
        let (supplier, links) = (book.offers[line.offer].supplier, book.demands[line.demand]);
        let basket = baskets.entry(links.buyer).or_default();
        *basket.goods.entry(supplier).or_default() += list_value(book, line);
        basket.freight += line.unit_freight * i128::from(line.quantity);
        basket.drops.insert((supplier, links.place, line.day));
    }
    for (at, basket) in baskets {
        check_counts(book, at, &basket, report);
        check_budget(book, at, &basket, report);
        check_shares(book, at, &basket, report);
    }
}

fn check_counts(book: &Book, at: usize, basket: &Basket, report: &mut Report) {
    let buyer = &book.problem.buyers[at];
    let count = i64::try_from(basket.goods.len()).unwrap_or(i64::MAX);
    let mut fault = |code, field: &str, limit: i64| {
        let text = format!("Buyer '{}' has {count} suppliers; {field} is {limit}.", buyer.id);
        let violation = Violation::new(code, format!("/buyers/{at}/{field}"), &[&buyer.id], text);
        report.add(violation.amounts(count, limit));
    };
    if let Some(least) = buyer.min_suppliers.filter(|&least| count < least) {
        fault(Code::MinSuppliers, "min_suppliers", least);
    }
    if let Some(most) = buyer.max_suppliers.filter(|&most| count > most) {
        fault(Code::MaxSuppliers, "max_suppliers", most);
    }
}

fn check_budget(book: &Book, at: usize, basket: &Basket, report: &mut Report) {
    let buyer = &book.problem.buyers[at];
    let Some(budget) = buyer.budget else { return };
    let suppliers = &book.problem.suppliers;
    // A drop that serves other buyers too is not charged to this one's budget: nobody could say whose it is.
    let own = basket.drops.iter().filter(|drop| book.place_owner(drop.1) == Some(at));
    let fees: i128 = own.map(|drop| i128::from(suppliers[drop.0].drop_fee)).sum();
    let spent = basket.goods.values().sum::<i128>() + basket.freight + fees;
    if spent > i128::from(budget) {
        let text = format!("Buyer '{}' spends {spent} ticks of a budget of {budget}.", buyer.id);
        let violation = Violation::new(Code::Budget, format!("/buyers/{at}/budget"), &[&buyer.id], text);
        report.add(violation.amounts(spent, budget));
    }
}

fn check_shares(book: &Book, at: usize, basket: &Basket, report: &mut Report) {
    let buyer = &book.problem.buyers[at];
    let Some(most) = buyer.max_supplier_share_permille else {
        return;
    };
    let total: i128 = basket.goods.values().sum();
    for (&supplier, &value) in &basket.goods {
        if value * 1000 > total * i128::from(most) {
            let supplier = &book.problem.suppliers[supplier];
            let text = format!("Supplier '{}' has {value} of {total} ticks; {most} permille is the most.", supplier.id);
            let pointer = format!("/buyers/{at}/max_supplier_share_permille");
            let violation = Violation::new(Code::SupplierShare, pointer, &[&buyer.id, &supplier.id], text);
            report.add(violation.amounts(value * 1000, total * i128::from(most)));
        }
    }
}

fn check_bundles(book: &Book, sums: &Sums, report: &mut Report) {
    for (at, bundle) in book.problem.bundles.iter().enumerate() {
        let mut fault = |id: &str, text: String| {
            report.add(Violation::new(Code::Bundle, format!("/bundles/{at}"), &[id], text));
        };
        let offers: Vec<_> = bundle_offers(bundle).map(|id| book.offer_at[id.as_str()]).collect();
        let touched = offers.iter().filter(|&&offer| sums.taken[offer] > 0).count();
        match bundle {
            Bundle::AllOrNothing { id, .. } if touched > 0 => {
                let stock = |offer: usize| &book.problem.offers[offer];
                let whole =
                    |&offer: &usize| sums.taken[offer] == i128::from(floor_to(stock(offer).stock, stock(offer).pack));
                if !offers.iter().all(whole) {
                    fault(id, format!("Bundle '{id}' is taken in part: every offer whole, or none."));
                }
            }
            Bundle::Xor { id, .. } if touched > 1 => {
                fault(id, format!("{touched} offers of bundle '{id}' are taken; one at most is allowed."));
            }
            _ => {}
        }
    }
}

fn check_class_share(book: &Book, at: usize, share: &ClassShare, lines: &[Taken], report: &mut Report) {
    let buyer = share.buyer.as_deref().map(|id| book.buyer_at[id]);
    let (mut total, mut counted) = (0, 0);
    for line in lines {
        if buyer.is_some_and(|only| only != book.demands[line.demand].buyer) {
            continue;
        }
        let amount = match share.by {
            ShareBy::Value => list_value(book, line),
            ShareBy::Quantity => grams(book, line),
        };
        total += amount;
        if share.classes.contains(&book.problem.suppliers[book.offers[line.offer].supplier].class) {
            counted += amount;
        }
    }
    if counted * 1000 < total * i128::from(share.min_permille) {
        let text = format!("{counted} of {total} comes from the classes of rule '{}', too little.", share.id);
        let violation = Violation::new(Code::ClassShare, format!("/class_shares/{at}"), &[&share.id], text);
        report.add(violation.amounts(counted * 1000, total * i128::from(share.min_permille)));
    }
}

/// The id of a bundle.
pub fn bundle_id(bundle: &Bundle) -> &str {
    match bundle {
        Bundle::AllOrNothing { id, .. } | Bundle::Xor { id, .. } | Bundle::Discount { id, .. } => id,
    }
}

impl Prices<'_> {
    /// What a pack of an offer to a buyer carries of class-share prices.
    pub fn class_share_part(&self, book: &Book, offer: usize, buyer: usize) -> i128 {
        let terms = &book.problem.offers[offer];
        let class = &book.problem.suppliers[book.offers[offer].supplier].class;
        let part = |&(at, price): &(usize, i128)| {
            let share = &book.problem.class_shares[at];
            if share.buyer.as_ref().is_some_and(|only| book.buyer_at[only.as_str()] != buyer) {
                return 0;
            }
            let amount = match share.by {
                crate::problem::ShareBy::Value => i128::from(terms.price) * i128::from(terms.pack),
                crate::problem::ShareBy::Quantity => pack_grams(book, offer),
            };
            let counted = if share.classes.contains(class) { 1000 } else { 0 };
            amount.saturating_mul(i128::from(share.min_permille) - counted).saturating_mul(price)
        };
        self.class_shares.iter().map(part).fold(0, i128::saturating_add)
    }
}
