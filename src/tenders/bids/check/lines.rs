//! One line of a bid: price, tiers, quantities, delivery, justification.

use super::super::document::{BidLine, Delivery};
use super::{Awards, CheckedLine, LotFacts, MOST_TIERS, bounded};
use crate::error::{Checks, CommonError};
use crate::offers::FreightTerms;
use crate::offers::tiers::{DIGITS, TierErrors, TierWalk};
use crate::tenders::TenderError;
use crate::values::UnitPrice;
use crate::values::decimal::{format_scaled, parse_scaled};

/// Most cost lines of a justification.
const MOST_COSTS: usize = 12;
const TIER_ERRORS: TierErrors = TierErrors {
    overlap: TenderError::TiersUnsorted.def(),
    beyond: TenderError::TierBeyond.def(),
    inside_pack: TenderError::NotAMultiple.def(),
    rises: TenderError::TiersRise.def(),
};

/// The line read, or notes of all that is wrong with it. `at` points to it.
pub(super) fn check(
    line: &BidLine,
    lot: &LotFacts,
    awards: Awards,
    at: &str,
    checks: &mut Checks,
) -> Option<CheckedLine> {
    let price = checks.ok(&format!("{at}/price"), UnitPrice::parse(&line.price)).map(UnitPrice::e4);
    if let Some(price_e4) = price {
        check_price(line, lot, price_e4, at, checks);
    }
    let multiple = bounded(checks, &format!("{at}/multiple"), line.multiple.unwrap_or(lot.pack));
    let max = bounded(checks, &format!("{at}/max_quantity"), line.max_quantity);
    if let Some((multiple, max)) = multiple.zip(max) {
        check_quantities(line, lot, (multiple, max), awards, at, checks);
    }
    let tiers = check_tiers(line, price, multiple.zip(max), at, checks);
    let freight = read_delivery(&line.delivery, at, checks);
    Some(CheckedLine {
        lot: line.lot,
        price_e4: price?,
        tiers: tiers?,
        tier_kind: line.tier_kind,
        min_quantity: line.min_quantity,
        max_quantity: max?,
        multiple: multiple?,
        freight: freight?,
    })
}

fn check_price(line: &BidLine, lot: &LotFacts, price_e4: i64, at: &str, checks: &mut Checks) {
    if let Some(ceiling_e4) = lot.ceiling_e4.filter(|ceiling| price_e4 > *ceiling) {
        let hint = format!("≤ {}", format_scaled(ceiling_e4, DIGITS));
        checks.add_with(&format!("{at}/price"), TenderError::AboveCeiling, hint);
    }
    if line.low_price.is_empty() {
        if price_e4 < lot.low_e4 {
            let hint = format!("≥ {}", format_scaled(lot.low_e4, DIGITS));
            checks.add_with(&format!("{at}/low_price"), TenderError::LowUnjustified, hint);
        }
        return;
    }
    if line.low_price.len() > MOST_COSTS {
        checks.add_with(&format!("{at}/low_price"), CommonError::TooLong, format!("≤ {MOST_COSTS}"));
        return;
    }
    let mut sum = Some(0_i64);
    for (index, cost) in line.low_price.iter().enumerate() {
        let pointer = format!("{at}/low_price/{index}/amount");
        let amount = checks.ok(&pointer, parse_scaled(&cost.amount, DIGITS));
        if amount.is_some_and(|amount| amount < 0) {
            checks.add_with(&pointer, CommonError::NotPositive, "≥ 0");
        }
        sum = sum.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount));
    }
    if sum.is_some_and(|sum| sum != price_e4) {
        let hint = format!("{} ≠ {}", format_scaled(sum.unwrap_or_default(), DIGITS), line.price);
        checks.add_with(&format!("{at}/low_price"), TenderError::CostsDiffer, hint);
    }
}

fn check_quantities(
    line: &BidLine,
    lot: &LotFacts,
    (multiple, max): (i64, i64),
    awards: Awards,
    at: &str,
    checks: &mut Checks,
) {
    if max % multiple != 0 {
        checks.add_with(&format!("{at}/max_quantity"), TenderError::NotAMultiple, multiple.to_string());
    }
    let pointer = format!("{at}/min_quantity");
    let min = line.min_quantity;
    if min < 0 {
        checks.add_with(&pointer, CommonError::NotPositive, "≥ 0");
    } else if min > max {
        checks.add_with(&pointer, TenderError::MinAboveMax, format!("≤ {max}"));
    } else if min > lot.quantity {
        checks.add_with(&pointer, TenderError::MinAboveLot, format!("≤ {}", lot.quantity));
    } else if min % multiple != 0 {
        checks.add_with(&pointer, TenderError::NotAMultiple, multiple.to_string());
    } else if awards == Awards::Whole && min != max {
        checks.add_with(&pointer, TenderError::PartialRefused, format!("= {max}"));
    }
}

/// The tiers, rising in quantity and falling in price; nothing if one could not be read.
fn check_tiers(
    line: &BidLine,
    price: Option<i64>,
    limits: Option<(i64, i64)>,
    at: &str,
    checks: &mut Checks,
) -> Option<Vec<(i64, i64)>> {
    if line.tiers.len() > MOST_TIERS {
        checks.add_with(&format!("{at}/tiers"), TenderError::TooManyTiers, format!("≤ {MOST_TIERS}"));
        return None;
    }
    let most_and_pack = limits.map(|(multiple, max)| (max, multiple));
    let mut walk = TierWalk::new(price, most_and_pack, TIER_ERRORS);
    let mut read = Vec::with_capacity(line.tiers.len());
    for (index, tier) in line.tiers.iter().enumerate() {
        let price_at = format!("{at}/tiers/{index}/price");
        walk.start(&format!("{at}/tiers/{index}/from"), tier.from, checks);
        let Some(price) = checks.ok(&price_at, UnitPrice::parse(&tier.price)) else { continue };
        walk.price(&price_at, price.e4(), checks);
        read.push((tier.from, price.e4()));
    }
    (read.len() == line.tiers.len()).then_some(read)
}

fn read_delivery(delivery: &Delivery, at: &str, checks: &mut Checks) -> Option<FreightTerms> {
    let Delivery::ExWarehouse { per_km, base } = delivery else {
        return Some(FreightTerms::Included);
    };
    let mut rate = |field: &str, text: &str| {
        let pointer = format!("{at}/delivery/{field}");
        let rate = checks.ok(&pointer, parse_scaled(text, DIGITS))?;
        if rate > FreightTerms::LARGEST_E4 {
            let hint = format!("≤ {}", FreightTerms::LARGEST_E4 / 10_000);
            checks.add_with(&pointer, CommonError::TooLarge, hint);
        } else if rate < 0 {
            checks.add_with(&pointer, CommonError::NotPositive, "≥ 0");
        }
        Some(rate)
    };
    let (per_km_e4, base_e4) = (rate("per_km", per_km), rate("base", base));
    Some(FreightTerms::Stated { per_km_e4: per_km_e4?, base_e4: base_e4? })
}
