//! What ties the lots of one bid together.

use super::super::document::{BidBundle, BidDocument};
use super::{CheckedBundle, CheckedLine, MOST_BUNDLES, Setting, bounded};
use crate::error::{Checks, CommonError};
use crate::tenders::TenderError;
use crate::values::decimal::{div_half_even, parse_scaled};
use std::collections::{BTreeMap, BTreeSet};

const DIGITS: u32 = 4;
const PERCENT_DIGITS: u32 = 2;
/// 100 per cent, with two decimals.
const WHOLE: i64 = 10_000;

type Lines = BTreeMap<i64, CheckedLine>;

/// The bundles read, a discount on several lots as one for each; notes all that is wrong.
pub(super) fn check(
    document: &BidDocument,
    setting: &Setting,
    lines: &Lines,
    checks: &mut Checks,
) -> Vec<CheckedBundle> {
    if document.bundles.len() > MOST_BUNDLES {
        checks.add_with("/bundles", TenderError::TooManyBundles, format!("≤ {MOST_BUNDLES}"));
        return Vec::new();
    }
    let named: BTreeSet<i64> = document.lines.iter().map(|line| line.lot).collect();
    let mut read = Vec::new();
    for (index, bundle) in document.bundles.iter().enumerate() {
        let at = format!("/bundles/{index}");
        let mut check_lots = |field: &str, lots: &[i64], least: usize| {
            check_lots(checks, &format!("{at}/{field}"), lots, least, &named);
        };
        match bundle {
            BidBundle::AllOrNothing { lots } => {
                check_lots("lots", lots, 2);
                read.push(CheckedBundle::AllOrNothing(lots.clone()));
            }
            BidBundle::Xor { lots } => {
                check_lots("lots", lots, 2);
                read.push(CheckedBundle::Xor(lots.clone()));
            }
            BidBundle::Discount { when, at_least, then, off, off_percent } => {
                check_lots("when", when, 1);
                check_lots("then", then, 1);
                check_condition(checks, &at, (when, *at_least), setting, lines);
                let off = Off::read(checks, &at, off.as_deref(), off_percent.as_deref());
                read.extend(off.into_iter().flat_map(|off| off.on_each(when, *at_least, then, lines)));
            }
        }
    }
    check_left(checks, &read, lines);
    read
}

fn check_lots(checks: &mut Checks, at: &str, lots: &[i64], least: usize, named: &BTreeSet<i64>) {
    if lots.len() < least {
        checks.add_with(at, TenderError::BundleTooSmall, format!("≥ {least}"));
    }
    if lots.len() > named.len().max(least) {
        checks.add(at, TenderError::BundleLotRepeated);
        return;
    }
    let mut seen = BTreeSet::new();
    for (index, lot) in lots.iter().enumerate() {
        if !named.contains(lot) {
            checks.add(&format!("{at}/{index}"), TenderError::BundleLotNotBid);
        } else if !seen.insert(lot) {
            checks.add(&format!("{at}/{index}"), TenderError::BundleLotRepeated);
        }
    }
}

/// The condition can be met, and adds up goods of one unit.
fn check_condition(checks: &mut Checks, at: &str, (when, at_least): (&[i64], i64), setting: &Setting, lines: &Lines) {
    let pointer = format!("{at}/at_least");
    if bounded(checks, &pointer, at_least).is_none() {
        return;
    }
    let units: BTreeSet<&str> =
        when.iter().filter_map(|lot| setting.lots.get(lot)).map(|lot| lot.unit.pricing_name()).collect();
    if units.len() > 1 {
        checks.add(&format!("{at}/when"), TenderError::DiscountMixed);
    }
    let offered: Option<i128> = when.iter().map(|lot| lines.get(lot).map(|line| i128::from(line.max_quantity))).sum();
    if offered.is_some_and(|offered| offered < i128::from(at_least)) {
        let hint = format!("≤ {}", offered.unwrap_or_default());
        checks.add_with(&pointer, TenderError::DiscountUnreachable, hint);
    }
}

/// What comes off: rupiah per pricing unit, or hundredths of a per cent of a line's first price.
#[derive(Clone, Copy)]
enum Off {
    Rupiah(i64),
    Percent(i64),
}

impl Off {
    fn read(checks: &mut Checks, at: &str, rupiah: Option<&str>, percent: Option<&str>) -> Option<Self> {
        let (pointer, text, digits) = match (rupiah, percent) {
            (Some(text), None) => (format!("{at}/off"), text, DIGITS),
            (None, Some(text)) => (format!("{at}/off_percent"), text, PERCENT_DIGITS),
            (Some(_), Some(_)) => {
                checks.add(&format!("{at}/off_percent"), TenderError::DiscountTwoWays);
                return None;
            }
            (None, None) => {
                checks.add(&format!("{at}/off"), CommonError::Required);
                return None;
            }
        };
        match parse_scaled(text, digits) {
            Ok(value) if value <= 0 => checks.add(&pointer, TenderError::DiscountNotPositive),
            Ok(value) if percent.is_some() && value >= WHOLE => {
                checks.add_with(&pointer, TenderError::DiscountTooLarge, "< 100");
            }
            Ok(value) => return Some(if percent.is_some() { Self::Percent(value) } else { Self::Rupiah(value) }),
            Err(error) => checks.add(&pointer, error),
        }
        None
    }

    fn on_each<'a>(
        self,
        when: &'a [i64],
        at_least: i64,
        then: &'a [i64],
        lines: &'a Lines,
    ) -> impl Iterator<Item = CheckedBundle> + 'a {
        then.iter().filter_map(move |lot| {
            let off_e4 = match self {
                Self::Rupiah(e4) => e4,
                Self::Percent(part) => {
                    let off = i128::from(lines.get(lot)?.price_e4) * i128::from(part);
                    i64::try_from(div_half_even(off, i128::from(WHOLE))).ok()?
                }
            };
            Some(CheckedBundle::Discount { when: when.to_vec(), at_least, then: *lot, off_e4 })
        })
    }
}

/// All discounts together leave something of each line's lowest price.
fn check_left(checks: &mut Checks, bundles: &[CheckedBundle], lines: &Lines) {
    for line in lines.values() {
        let off = |bundle: &CheckedBundle| match bundle {
            CheckedBundle::Discount { then, off_e4, .. } if *then == line.lot => i128::from(*off_e4),
            _ => 0,
        };
        let off: i128 = bundles.iter().map(off).sum();
        let lowest = line.tiers.last().map_or(line.price_e4, |(_, price)| *price);
        if off > 0 && off >= i128::from(lowest) {
            checks.add_with("/bundles", TenderError::DiscountTooLarge, format!("lot {}", line.lot));
        }
    }
}
