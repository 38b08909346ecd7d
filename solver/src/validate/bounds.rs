//! Numbers within bounds that make overflow impossible.

use super::{Code, Findings};
use crate::model::{PRIORITY_STEPS, largest_penalties};
use crate::problem::{Bundle, Problem};
use std::collections::HashMap;

/// Base units of a demand, a stock or a total.
pub const MAX_QUANTITY: i64 = 1_000_000_000_000;
/// Base units of a pack.
pub const MAX_PACK: i64 = 1_000_000_000;
/// Ticks per base unit of a price, penalty or discount (Rp 10,000,000).
pub const MAX_PRICE: i64 = 100_000_000_000_000;
/// Ticks per base unit (and kilometre) of freight (Rp 10,000).
pub const MAX_FREIGHT: i64 = 100_000_000_000;
/// Ticks of a fee, budget or minimum order (Rp 100 billion).
pub const MAX_MONEY: i64 = 1_000_000_000_000_000_000;
/// Metres from the centre of the Earth along an axis.
pub const MAX_COORDINATE_M: i64 = 7_000_000;
/// Metres by road.
pub const MAX_DISTANCE_M: i64 = 100_000_000;
/// Days from the first delivery day of the round.
pub const MAX_DAY: i64 = 3_650;
/// Days in one window.
pub const MAX_WINDOW_DAYS: i64 = 366;
/// Priority class.
pub const MAX_PRIORITY: i64 = 15;
/// Ticks of one pack, landed, or of the shortage it can prevent.
pub const MAX_PACK_COST: i128 = 1 << 57;

pub(super) fn check(problem: &Problem, found: &mut Findings) {
    let circuity = problem.circuity_permille;
    found.bound(Code::DistanceOutOfRange, || "/circuity_permille".into(), circuity, 1000, 5000);
    check_distance_out_of_range(problem, found);
    check_demands(problem, found);
    check_offers(problem, found);
    check_organisations(problem, found);
    check_terms(problem, found);
}

fn check_distance_out_of_range(problem: &Problem, found: &mut Findings) {
    let code = Code::DistanceOutOfRange;
    for (i, place) in problem.places.iter().enumerate() {
        for (axis, value) in [("x_m", place.x_m), ("y_m", place.y_m), ("z_m", place.z_m)] {
            found.bound(code, || format!("/places/{i}/{axis}"), value, -MAX_COORDINATE_M, MAX_COORDINATE_M);
        }
    }
    for (i, distance) in problem.distances.iter().enumerate() {
        found.bound(code, || format!("/distances/{i}/distance_m"), distance.distance_m, 0, MAX_DISTANCE_M);
    }
    for (i, c) in problem.commodities.iter().enumerate() {
        let pointer = || format!("/commodities/{i}/grams_per_thousand");
        found.bound(Code::QuantityOutOfRange, pointer, c.grams_per_thousand, 1, MAX_PACK);
    }
}

fn check_demands(problem: &Problem, found: &mut Findings) {
    for (i, d) in problem.demands.iter().enumerate() {
        let at = |field: &'static str| move || format!("/demands/{i}/{field}");
        found.bound(Code::QuantityOutOfRange, at("quantity"), d.quantity, 1, MAX_QUANTITY);
        if let Some(accept) = d.accept_up_to {
            found.bound(Code::QuantityOutOfRange, at("accept_up_to"), accept, 1, MAX_QUANTITY);
            if accept < d.quantity {
                let cause = format!("{accept} is less than the quantity {}.", d.quantity);
                let action = "Accept at least the quantity, or leave it out.";
                found.add(Code::AcceptBelowQuantity, at("accept_up_to")(), cause, action);
            }
        }
        found.bound(Code::CountOutOfRange, at("priority"), d.priority, 0, MAX_PRIORITY);
        found.bound(Code::MoneyOutOfRange, at("shortage_penalty"), d.shortage_penalty, 0, MAX_PRICE);
        if let Some(ceiling) = d.price_ceiling {
            found.bound(Code::MoneyOutOfRange, at("price_ceiling"), ceiling, 0, MAX_PRICE);
        }
    }
}

fn check_offers(problem: &Problem, found: &mut Findings) {
    for (i, o) in problem.offers.iter().enumerate() {
        let at = |field: &'static str| move || format!("/offers/{i}/{field}");
        found.bound(Code::QuantityOutOfRange, at("stock"), o.stock, 0, MAX_QUANTITY);
        if let Some(stock) = o.stock_per_day {
            found.bound(Code::QuantityOutOfRange, at("stock_per_day"), stock, 0, MAX_QUANTITY);
        }
        found.bound(Code::QuantityOutOfRange, at("pack"), o.pack, 1, MAX_PACK);
        found.bound(Code::QuantityOutOfRange, at("min_line"), o.min_line, 0, MAX_QUANTITY);
        found.bound(Code::QuantityOutOfRange, at("min_total"), o.min_total, 0, MAX_QUANTITY);
        found.bound(Code::MoneyOutOfRange, at("price"), o.price, 0, MAX_PRICE);
        found.bound(Code::MoneyOutOfRange, at("freight_per_km"), o.freight_per_km, 0, MAX_FREIGHT);
        found.bound(Code::MoneyOutOfRange, at("freight_base"), o.freight_base, 0, MAX_PRICE);
        if let Some(radius) = o.radius_m {
            found.bound(Code::DistanceOutOfRange, at("radius_m"), radius, 0, MAX_DISTANCE_M);
        }
        for (j, tier) in o.tiers.iter().enumerate() {
            let at = |field: &'static str| move || format!("/offers/{i}/tiers/{j}/{field}");
            found.bound(Code::QuantityOutOfRange, at("from_quantity"), tier.from_quantity, 1, MAX_QUANTITY);
            found.bound(Code::MoneyOutOfRange, at("price"), tier.price, 0, MAX_PRICE);
        }
    }
}

fn check_organisations(problem: &Problem, found: &mut Findings) {
    for (i, b) in problem.buyers.iter().enumerate() {
        let at = |field: &'static str| move || format!("/buyers/{i}/{field}");
        if let Some(budget) = b.budget {
            found.bound(Code::MoneyOutOfRange, at("budget"), budget, 0, MAX_MONEY);
        }
        if let Some(count) = b.min_suppliers {
            found.bound(Code::CountOutOfRange, at("min_suppliers"), count, 1, 10_000);
        }
        if let Some(count) = b.max_suppliers {
            found.bound(Code::CountOutOfRange, at("max_suppliers"), count, 1, 10_000);
        }
        if let Some(share) = b.max_supplier_share_permille {
            found.bound(Code::ShareOutOfRange, at("max_supplier_share_permille"), share, 0, 1000);
        }
    }
    for (i, s) in problem.suppliers.iter().enumerate() {
        let at = |field: &'static str| move || format!("/suppliers/{i}/{field}");
        found.bound(Code::MoneyOutOfRange, at("min_order_value"), s.min_order_value, 0, MAX_MONEY);
        found.bound(Code::MoneyOutOfRange, at("drop_fee"), s.drop_fee, 0, MAX_MONEY);
        found.bound(Code::MoneyOutOfRange, at("trip_fee"), s.trip_fee, 0, MAX_MONEY);
        if let Some(capacity) = s.capacity_g_per_day {
            found.bound(Code::QuantityOutOfRange, at("capacity_g_per_day"), capacity, 0, MAX_QUANTITY);
        }
        if let Some(capacity) = s.capacity_g {
            found.bound(Code::QuantityOutOfRange, at("capacity_g"), capacity, 0, MAX_QUANTITY);
        }
    }
}

fn check_terms(problem: &Problem, found: &mut Findings) {
    for (i, s) in problem.substitutes.iter().enumerate() {
        let at = |field: &'static str| move || format!("/substitutes/{i}/{field}");
        found.bound(Code::QuantityOutOfRange, at("delivered_units"), s.delivered_units, 1, 1_000_000);
        found.bound(Code::QuantityOutOfRange, at("wanted_units"), s.wanted_units, 1, 1_000_000);
        found.bound(Code::MoneyOutOfRange, at("penalty"), s.penalty, 0, MAX_PRICE);
    }
    for (i, pin) in problem.pins.iter().enumerate() {
        found.bound(Code::QuantityOutOfRange, || format!("/pins/{i}/quantity"), pin.quantity, 1, MAX_QUANTITY);
    }
    for (i, bundle) in problem.bundles.iter().enumerate() {
        if let Bundle::Discount { at_least, off, .. } = bundle {
            found.bound(Code::QuantityOutOfRange, || format!("/bundles/{i}/at_least"), *at_least, 1, MAX_QUANTITY);
            found.bound(Code::MoneyOutOfRange, || format!("/bundles/{i}/off"), *off, 0, MAX_PRICE);
        }
    }
    for (i, share) in problem.class_shares.iter().enumerate() {
        let pointer = || format!("/class_shares/{i}/min_permille");
        found.bound(Code::ShareOutOfRange, pointer, share.min_permille, 0, 1000);
    }
    if let Some(fairness) = &problem.fairness {
        let pointer = || "/fairness/min_total_permille".into();
        found.bound(Code::ShareOutOfRange, pointer, fairness.min_total_permille, 0, 1000);
    }
    if let Some(incumbent) = &problem.incumbent {
        let pointer = || "/incumbent/change_penalty".into();
        found.bound(Code::MoneyOutOfRange, pointer, incumbent.change_penalty, 0, MAX_MONEY);
        for (i, line) in incumbent.lines.iter().enumerate() {
            let pointer = || format!("/incumbent/lines/{i}/quantity");
            found.bound(Code::QuantityOutOfRange, pointer, line.quantity, 1, MAX_QUANTITY);
        }
    }
}

/// What one pack can cost, and what its shortage can count, fit the engines with room to spare.
pub(super) fn check_product_out_of_range(problem: &Problem, found: &mut Findings) {
    let extra = problem.substitutes.iter().map(|s| s.penalty).max().unwrap_or(0);
    let action = "Use a smaller pack, or check the unit of the price: it is per base unit, not per pack.";
    for (i, o) in problem.offers.iter().enumerate() {
        let far = i128::from(o.freight_per_km) * i128::from(MAX_DISTANCE_M / 1000);
        let unit = i128::from(o.price) + i128::from(o.freight_base) + far + i128::from(extra);
        if unit * i128::from(o.pack) > MAX_PACK_COST {
            let cause = format!("A pack of {} could cost more than 2^57 ticks.", o.pack);
            found.add(Code::ProductOutOfRange, format!("/offers/{i}/pack"), cause, action);
        }
    }
    let last = problem.demands.iter().map(|d| d.priority).max().unwrap_or(0);
    let (largest, packs) = (largest_penalties(&problem.demands), largest_packs(problem));
    for (i, d) in problem.demands.iter().enumerate() {
        let class = i128::from(PRIORITY_STEPS) * (1 + i128::from(largest[d.commodity.as_str()]));
        // Below a fair share every unit counts for more than all classes.
        let classes = last - d.priority + if problem.fairness.is_some() { last + 1 } else { 0 };
        let unit = i128::from(d.shortage_penalty) + i128::from(classes) * class;
        if unit * packs.get(d.commodity.as_str()).copied().unwrap_or(1) > MAX_PACK_COST {
            let cause = "The shortage of one pack, with its priority, could count more than 2^57 ticks.".into();
            let action = "Use a smaller penalty, fewer priority classes or smaller packs.";
            found.add(Code::ProductOutOfRange, format!("/demands/{i}/shortage_penalty"), cause, action);
        }
    }
}

/// For each commodity, the most base units of it that one pack of any offer can count for, substitutes included.
fn largest_packs(problem: &Problem) -> HashMap<&str, i128> {
    let mut own: HashMap<&str, i128> = HashMap::new();
    for offer in &problem.offers {
        let found = own.entry(offer.commodity.as_str()).or_default();
        *found = i128::from(offer.pack).max(*found);
    }
    let mut packs = own.clone();
    for s in &problem.substitutes {
        let ratio = i128::from(s.wanted_units / s.delivered_units + 1);
        let through = own.get(s.delivered.as_str()).copied().unwrap_or(0) * ratio;
        let found = packs.entry(s.wanted.as_str()).or_default();
        *found = through.max(*found);
    }
    packs
}
