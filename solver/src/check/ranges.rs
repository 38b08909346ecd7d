//! Ranges of every number in a problem, so that no sum of the referee can overflow.
//!
//! These are the limits of what can be *judged*. They are wide; the problem's own validation is stricter.

use super::book::{MAX_AMOUNT, MAX_DAY, MAX_PRICE};
use super::report::{Code, Violation};
use crate::problem::{Buyer, Demand, Offer, Problem, Supplier};

/// Largest sum of money in ticks that a single field may state (400 billion rupiah).
const MAX_MONEY: i64 = 4_000_000_000_000_000_000;
/// Largest coordinate in metres.
const MAX_COORDINATE_M: i64 = 10_000_000;
/// Longest distance in metres (100,000 km).
const MAX_DISTANCE_M: i64 = 100_000_000;
/// Largest freight rate in ticks per base unit and kilometre.
const MAX_RATE: i64 = 1_000_000_000_000;
/// Last priority class.
const MAX_PRIORITY: i64 = 1_000;
/// Largest circuity in permille.
const MAX_CIRCUITY: i64 = 1_000_000;

/// One violation for each number out of range.
pub fn faults(problem: &Problem) -> Vec<Violation> {
    let mut ranges = Ranges { faults: Vec::new() };
    ranges.within("/circuity_permille", problem.circuity_permille, 0, MAX_CIRCUITY);
    ranges.geography(problem);
    for (at, buyer) in problem.buyers.iter().enumerate() {
        ranges.buyer(at, buyer);
    }
    for (at, supplier) in problem.suppliers.iter().enumerate() {
        ranges.supplier(at, supplier);
    }
    for (at, demand) in problem.demands.iter().enumerate() {
        ranges.demand(at, demand);
    }
    for (at, offer) in problem.offers.iter().enumerate() {
        ranges.offer(at, offer);
    }
    if let Some(rule) = &problem.fairness {
        ranges.within("/fairness/min_total_permille", rule.min_total_permille, 0, 1000);
    }
    ranges.terms(problem);
    ranges.faults
}

struct Ranges {
    faults: Vec<Violation>,
}

impl Ranges {
    fn within(&mut self, pointer: &str, value: i64, least: i64, most: i64) {
        if !(least..=most).contains(&value) {
            let text = format!("{value} is not between {least} and {most}.");
            self.faults.push(Violation::new(Code::ProblemInvalid, pointer.to_owned(), &[], text));
        }
    }

    /// Named numbers of one record, all with the same range. The pointer is only built for a fault.
    fn record(&mut self, table: &str, at: usize, fields: &[(&str, i64)], least: i64, most: i64) {
        for &(name, value) in fields {
            if !(least..=most).contains(&value) {
                self.within(&format!("/{table}/{at}/{name}"), value, least, most);
            }
        }
    }

    fn geography(&mut self, problem: &Problem) {
        for (at, place) in problem.places.iter().enumerate() {
            let fields = [("x_m", place.x_m), ("y_m", place.y_m), ("z_m", place.z_m)];
            self.record("places", at, &fields, -MAX_COORDINATE_M, MAX_COORDINATE_M);
        }
        for (at, road) in problem.distances.iter().enumerate() {
            self.record("distances", at, &[("distance_m", road.distance_m)], 0, MAX_DISTANCE_M);
        }
        for (at, commodity) in problem.commodities.iter().enumerate() {
            self.record("commodities", at, &[("grams_per_thousand", commodity.grams_per_thousand)], 1, MAX_AMOUNT);
        }
    }

    fn buyer(&mut self, at: usize, buyer: &Buyer) {
        self.record("buyers", at, &[("budget", buyer.budget.unwrap_or(0))], 0, MAX_MONEY);
        let counts =
            [("min_suppliers", buyer.min_suppliers.unwrap_or(0)), ("max_suppliers", buyer.max_suppliers.unwrap_or(0))];
        self.record("buyers", at, &counts, 0, MAX_AMOUNT);
        let share = buyer.max_supplier_share_permille.unwrap_or(0);
        self.record("buyers", at, &[("max_supplier_share_permille", share)], 0, 1000);
    }

    fn supplier(&mut self, at: usize, supplier: &Supplier) {
        let fields = [
            ("min_order_value", supplier.min_order_value),
            ("drop_fee", supplier.drop_fee),
            ("trip_fee", supplier.trip_fee),
        ];
        self.record("suppliers", at, &fields, 0, MAX_MONEY);
        let capacities = [
            ("capacity_g_per_day", supplier.capacity_g_per_day.unwrap_or(0)),
            ("capacity_g", supplier.capacity_g.unwrap_or(0)),
        ];
        self.record("suppliers", at, &capacities, 0, MAX_AMOUNT);
    }

    fn demand(&mut self, at: usize, demand: &Demand) {
        let quantity = demand.quantity;
        self.record("demands", at, &[("quantity", quantity)], 0, MAX_AMOUNT);
        let accept = demand.accept_up_to.unwrap_or(quantity);
        self.record("demands", at, &[("accept_up_to", accept)], quantity.min(MAX_AMOUNT), MAX_AMOUNT);
        self.record("demands", at, &[("day_from", demand.day_from), ("day_to", demand.day_to)], 0, MAX_DAY);
        self.record("demands", at, &[("priority", demand.priority)], 0, MAX_PRIORITY);
        let prices =
            [("shortage_penalty", demand.shortage_penalty), ("price_ceiling", demand.price_ceiling.unwrap_or(0))];
        self.record("demands", at, &prices, 0, MAX_PRICE);
    }

    fn offer(&mut self, at: usize, offer: &Offer) {
        let amounts = [
            ("stock", offer.stock),
            ("stock_per_day", offer.stock_per_day.unwrap_or(0)),
            ("min_line", offer.min_line),
            ("min_total", offer.min_total),
            ("radius_m", offer.radius_m.unwrap_or(0)),
        ];
        self.record("offers", at, &amounts, 0, MAX_AMOUNT);
        self.record("offers", at, &[("pack", offer.pack)], 1, MAX_AMOUNT);
        self.record("offers", at, &[("day_from", offer.day_from), ("day_to", offer.day_to)], 0, MAX_DAY);
        self.record("offers", at, &[("price", offer.price), ("freight_base", offer.freight_base)], 0, MAX_PRICE);
        self.record("offers", at, &[("freight_per_km", offer.freight_per_km)], 0, MAX_RATE);
        for tier in &offer.tiers {
            self.record("offers", at, &[("tiers/from_quantity", tier.from_quantity)], 0, MAX_AMOUNT);
            self.record("offers", at, &[("tiers/price", tier.price)], 0, MAX_PRICE);
        }
    }

    fn terms(&mut self, problem: &Problem) {
        for (at, substitute) in problem.substitutes.iter().enumerate() {
            let units = [("delivered_units", substitute.delivered_units), ("wanted_units", substitute.wanted_units)];
            self.record("substitutes", at, &units, 1, MAX_AMOUNT);
            self.record("substitutes", at, &[("penalty", substitute.penalty)], 0, MAX_PRICE);
        }
        for (at, pin) in problem.pins.iter().enumerate() {
            self.record("pins", at, &[("quantity", pin.quantity)], 0, MAX_AMOUNT);
        }
        for (at, share) in problem.class_shares.iter().enumerate() {
            self.record("class_shares", at, &[("min_permille", share.min_permille)], 0, 1000);
        }
        for (at, bundle) in problem.bundles.iter().enumerate() {
            if let crate::problem::Bundle::Discount { at_least, off, .. } = bundle {
                self.record("bundles", at, &[("at_least", *at_least)], 0, MAX_AMOUNT);
                self.record("bundles", at, &[("off", *off)], 0, MAX_PRICE);
            }
        }
        if let Some(incumbent) = &problem.incumbent {
            self.within("/incumbent/change_penalty", incumbent.change_penalty, 0, MAX_MONEY);
            for (at, pin) in incumbent.lines.iter().enumerate() {
                self.record("incumbent/lines", at, &[("quantity", pin.quantity)], 0, MAX_AMOUNT);
            }
        }
    }
}
