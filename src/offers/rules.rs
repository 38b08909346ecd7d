//! What makes a draft an offer of its market. Pure: facts in, an offer or notes of everything wrong out.

use super::entry::{Draft, LARGEST_STOCK};
use super::errors::OfferError;
use super::facts::{SELLING, Setting};
use super::state::OfferStatus;
use super::types::{FreightTerms, Offer, UnusualPrice};
use crate::catalog::{CatalogError, Commodity};
use crate::error::{Checks, CommonError};
use crate::markets::Traders;
use crate::values::{DayRange, Quantity, UnitPrice};

/// An offer is renewed at least once a year, so that old stock does not stay for sale for ever.
const LONGEST_DAYS: i64 = 366;
/// A price is implausible below the floor, or above the ceiling, by more than this factor.
const IMPLAUSIBLE_FACTOR: i64 = 3;

/// The offer that a draft becomes, with `created_by`; `None` where anything was noted about a part it needs.
pub(super) fn check(
    draft: Draft,
    setting: &Setting,
    sellers: &Traders,
    created_by: i64,
    checks: &mut Checks,
) -> Option<Offer> {
    checks.ok("/seller", sellers.standing(draft.seller_id, &SELLING));
    if !sellers.owns(draft.seller_id, draft.place_id) {
        checks.add("/place", OfferError::PlaceNotYours);
    }
    let commodity = draft.commodity_id.and_then(|id| {
        let found = setting.catalogue.find(id);
        if found.is_none() {
            checks.add("/commodity", CatalogError::CommodityUnknown);
        }
        found
    });
    if let Some((price, commodity)) = draft.price.zip(commodity) {
        check_price(price, draft.unusual_price, commodity, setting, checks);
    }
    if let Some(days) = draft.days {
        check_days(days, setting, checks);
    }
    let min_line = draft.min_line.map_or(0, Quantity::get);
    if let Some((stock, pack)) = draft.stock.zip(draft.pack) {
        check_stock(stock, draft.stock_per_day, pack, min_line, checks);
    }
    check_freight(draft.freight, checks);
    draft.volume.check(draft.price, draft.stock.zip(draft.pack), checks);
    let commodity = commodity?;
    let pricing_unit = || commodity.base_unit.pricing_name().to_owned();
    Some(Offer {
        id: 0,
        market_id: setting.market.id,
        seller_id: draft.seller_id,
        place_id: draft.place_id,
        commodity_id: commodity.id,
        lot: draft.lot?,
        price: draft.price?,
        stock: draft.stock?,
        reserved: 0,
        stock_per_day: draft.stock_per_day,
        pack: draft.pack?,
        entered_unit: draft.entered_unit.unwrap_or_else(pricing_unit),
        min_line,
        radius: draft.radius,
        days: draft.days?,
        certificates: draft.certificates,
        freight: draft.freight,
        volume: draft.volume,
        status: OfferStatus::Open,
        created_by,
        version: 1,
    })
}

/// Notes a price that the law forbids, or that is probably a slip of the finger and was not confirmed.
pub(super) fn check_price(
    price: UnitPrice,
    unusual: UnusualPrice,
    commodity: &Commodity,
    setting: &Setting,
    checks: &mut Checks,
) {
    let unit = commodity.base_unit.pricing_name();
    if let Some(binding) = setting.catalogue.binding_ceiling(commodity.id)
        && price > binding.price
    {
        let hint = format!("≤ {} IDR/{unit} ({})", binding.price, binding.regulation);
        checks.add_with("/price", OfferError::PriceAboveCeiling, hint);
        return;
    }
    let is_low = price.e4() * IMPLAUSIBLE_FACTOR < commodity.price_floor.e4();
    let is_high = price.e4() > commodity.price_ceiling.e4() * IMPLAUSIBLE_FACTOR;
    if unusual == UnusualPrice::Refused && (is_low || is_high) {
        let hint = format!("{}..{} IDR/{unit}", commodity.price_floor, commodity.price_ceiling);
        checks.add_with("/price", OfferError::PriceImplausible, hint);
    }
}

/// Notes a stock, in all or per day, that does not hold the smallest line there can be.
pub(super) fn check_stock(
    stock: Quantity,
    per_day: Option<Quantity>,
    pack: Quantity,
    min_line: i64,
    checks: &mut Checks,
) {
    if stock.get() > LARGEST_STOCK {
        checks.add("/stock", CommonError::TooLarge);
    }
    let smallest_line = smallest_line(pack, min_line);
    if i128::from(stock.get()) < smallest_line {
        checks.add("/stock", OfferError::StockBelowLine);
    }
    if per_day.is_some_and(|per_day| i128::from(per_day.get()) < smallest_line) {
        checks.add("/stock_per_day", OfferError::StockPerDayBelowLine);
    }
}

/// Whole packs that reach the minimum: what any line takes at least.
fn smallest_line(pack: Quantity, min_line: i64) -> i128 {
    let pack = i128::from(pack.get());
    let packs = (i128::from(min_line) + pack - 1) / pack;
    pack * packs.max(1)
}

fn check_freight(freight: FreightTerms, checks: &mut Checks) {
    let FreightTerms::Stated { per_km_e4, base_e4 } = freight else {
        return;
    };
    for (pointer, rate) in [("/freight_per_km", per_km_e4), ("/freight_base", base_e4)] {
        if rate < 0 {
            checks.add_with(pointer, CommonError::NotPositive, "≥ 0");
        } else if rate > FreightTerms::LARGEST_E4 {
            let hint = format!("≤ {}", FreightTerms::LARGEST_E4 / 10_000);
            checks.add_with(pointer, CommonError::TooLarge, hint);
        }
    }
}

fn check_days(days: DayRange, setting: &Setting, checks: &mut Checks) {
    if days.last() < setting.today {
        checks.add_with("/day_to", OfferError::WindowInPast, format!("≥ {}", setting.today));
    } else if days.length() > LONGEST_DAYS {
        checks.add_with("/day_to", OfferError::WindowTooLong, format!("≤ {LONGEST_DAYS}"));
    } else if !days.has_weekday(|day| setting.market.delivery_weekdays.contains(day)) {
        let hint = setting.market.delivery_weekdays.to_string();
        checks.add_with("/day_from", OfferError::NoDeliveryDay, hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_smallest_line_is_the_first_multiple_of_the_pack_that_reaches_the_minimum(pack in 1i64..200, min in 0i64..2_000) {
            let first = (1..=2_000).map(|packs| packs * pack).find(|line| *line >= min).unwrap();
            prop_assert_eq!(smallest_line(Quantity::new(pack).unwrap(), min), i128::from(first));
        }
    }
}
