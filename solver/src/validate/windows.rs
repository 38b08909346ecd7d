//! Days, tiers and minimums that make sense by themselves.

use super::bounds::{MAX_DAY, MAX_WINDOW_DAYS};
use super::{Code, Findings};
use crate::problem::{Offer, Problem};

pub(super) fn check(problem: &Problem, found: &mut Findings) {
    for (i, d) in problem.demands.iter().enumerate() {
        check_window_invalid(&format!("/demands/{i}"), d.day_from, d.day_to, found);
    }
    for (i, o) in problem.offers.iter().enumerate() {
        check_window_invalid(&format!("/offers/{i}"), o.day_from, o.day_to, found);
        check_tiers_invalid(i, o, found);
        check_minimum_above_stock(i, o, found);
    }
}

fn check_window_invalid(at: &str, from: i64, to: i64, found: &mut Findings) {
    found.bound(Code::WindowInvalid, || format!("{at}/day_from"), from, 0, MAX_DAY);
    found.bound(Code::WindowInvalid, || format!("{at}/day_to"), to, 0, MAX_DAY);
    if to < from {
        let cause = format!("The window ends on day {to}, before it begins on day {from}.");
        found.add(Code::WindowInvalid, format!("{at}/day_to"), cause, "Let it end on its first day or later.");
    } else if to.saturating_sub(from) >= MAX_WINDOW_DAYS {
        let cause = format!("The window is longer than {MAX_WINDOW_DAYS} days.");
        found.add(Code::WindowInvalid, format!("{at}/day_to"), cause, "Split it into several lines.");
    }
}

fn check_tiers_invalid(i: usize, offer: &Offer, found: &mut Findings) {
    let (mut from, mut price) = (0, offer.price);
    for (j, tier) in offer.tiers.iter().enumerate() {
        let wrong = if tier.from_quantity <= from {
            Some(("from_quantity", "Tiers must start at rising quantities."))
        } else if tier.price >= price {
            Some(("price", "Each tier must be cheaper than the one before."))
        } else if offer.pack > 0 && tier.from_quantity % offer.pack != 0 {
            Some(("from_quantity", "A tier must start at whole packs."))
        } else {
            None
        };
        if let Some((field, cause)) = wrong {
            let action = "Sort the tiers by quantity, let prices fall, and start each at a multiple of the pack.";
            found.add(Code::TiersInvalid, format!("/offers/{i}/tiers/{j}/{field}"), cause.into(), action);
        }
        (from, price) = (tier.from_quantity, tier.price);
    }
}

fn check_minimum_above_stock(i: usize, offer: &Offer, found: &mut Findings) {
    for (field, minimum) in [("min_line", offer.min_line), ("min_total", offer.min_total)] {
        if minimum > offer.stock {
            let cause = format!("The minimum {minimum} is above the stock {}.", offer.stock);
            let action = "Lower the minimum or withdraw the offer: nobody could ever order it.";
            found.add(Code::MinimumAboveStock, format!("/offers/{i}/{field}"), cause, action);
        }
    }
}
