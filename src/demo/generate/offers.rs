//! What one seller offers: goods, stock, price, minimum, pack, reach, days.

use super::freight::{per_pricing_unit, vehicle_for};
use super::goods::{permille, ratio, round_up};
use crate::demo::scenario::{CommodityPlan, OfferPlan, Scenario};
use crate::seed::SupplierClass;
use crate::seed::archetypes::Archetype;
use crate::values::BaseUnit;
use crate::values::draw::Draw;

/// Orders go out on Friday evening, two days before day 0.
const DAYS_FROM_ORDER_TO_DAY_0: i64 = 2;
/// A seller has only part of what its kind usually sells: many traders of a market are specialists.
const SPECIALIST_PERMILLE: i64 = 450;
const GENERALIST_PERMILLE: i64 = 850;
const MANY_GOODS: usize = 8;
/// How far the price of one commodity lies from the seller's own level.
const PRICE_SPREAD_PERMILLE: (i64, i64) = (980, 1020);
/// Prices are whole tens of rupiah.
const PRICE_STEP_E4: i64 = 100_000;
/// A day's harvest or catch lies this far from the average.
const DAY_SPREAD_PERMILLE: (i64, i64) = (800, 1200);
/// Fishers and farmers miss a day now and then.
const OPEN_DAY_PERMILLE: i64 = 920;
/// Bulog's published price ex warehouse of SPHP rice in zones 1, 2 and 3, in rupiah per kilogram.
const SPHP_EX_WAREHOUSE_IDR: [i64; 3] = [11_000, 11_300, 11_600];
/// Bulog's commercial rice comes in sacks of 50 kg.
const BULOG_RICE_PACK_G: i64 = 50_000;

/// A seller about to write offers.
pub(super) struct Seller<'a> {
    pub organisation: usize,
    pub archetype: &'a Archetype,
    /// Whether minimum quantities per line are stated (a city) or pooled away by the operator (a province).
    pub minimums: Minimums,
}

/// Whether sellers state a minimum per line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Minimums {
    /// Wholesalers do.
    PerLine,
    /// Orders of a district travel together, so one pack is enough.
    Pooled,
}

/// The goods a seller has this week, out of those its kind sells; `must` is among them if the kind sells it.
pub(super) fn assortment(
    scenario: &Scenario,
    archetype: &Archetype,
    must: Option<usize>,
    draw: &mut Draw,
) -> Vec<usize> {
    let sold = |commodity: &CommodityPlan| archetype.commodities.contains(&commodity.code);
    let range = (0..scenario.commodities.len()).filter(|index| sold(&scenario.commodities[*index]));
    let range: Vec<usize> = range.collect();
    let share = match archetype.class {
        // State firms carry their whole mandate; subsidised rice comes from nobody else.
        SupplierClass::Bumn => 1000,
        _ if range.len() > MANY_GOODS => SPECIALIST_PERMILLE,
        _ => GENERALIST_PERMILLE,
    };
    let mut chosen: Vec<usize> =
        range.iter().copied().filter(|index| draw.chance(share) || Some(*index) == must).collect();
    if chosen.is_empty() {
        chosen.extend(draw.pick(&range));
    }
    chosen
}

/// The offers of a seller for its goods: one for the week, or one a day for goods that do not keep.
pub(super) fn write(scenario: &Scenario, seller: &Seller<'_>, goods: &[usize], draw: &mut Draw) -> Vec<OfferPlan> {
    let archetype = seller.archetype;
    let factor = draw.between(archetype.price_factor_min_permille, archetype.price_factor_max_permille);
    let lead_days = draw.between(archetype.lead_days_min, archetype.lead_days_max);
    let last_day = scenario.market.delivery_days - 1;
    // Whoever answers a round has arranged to deliver within its week, at the end of it if the way is long.
    let first_day = (lead_days - DAYS_FROM_ORDER_TO_DAY_0).clamp(0, last_day);
    let on_hand = draw.log_between(archetype.stock_min, archetype.stock_max);
    let mut offers = Vec::new();
    for index in goods {
        let commodity = &scenario.commodities[*index];
        // What is on hand is spread over the goods; one sells more of this, one of that.
        let share = permille(on_hand, draw.between(600, 1400)) / i64::try_from(goods.len()).unwrap_or(1).max(1);
        let stock = in_base_units(share, archetype.stock_unit, commodity);
        let mut offer = blank(scenario, seller, *index, price(scenario, seller, commodity, factor, draw));
        if commodity.is_daily {
            for day in first_day..=last_day {
                let today = permille(stock, draw.between(DAY_SPREAD_PERMILLE.0, DAY_SPREAD_PERMILLE.1));
                if draw.chance(OPEN_DAY_PERMILLE) {
                    (offer.day_from, offer.day_to, offer.stock_base) = (day, day, today);
                    offers.push(offer.clone());
                }
            }
        } else {
            (offer.day_from, offer.day_to, offer.stock_base) = (first_day, last_day, stock);
            offers.push(offer);
        }
    }
    offers.retain_mut(|offer| {
        offer.stock_base -= offer.stock_base % offer.pack_base;
        offer.stock_base >= offer.pack_base.max(offer.min_line_base)
    });
    offers
}

/// Whole kilograms, litres or pieces of stock as base units of a commodity; kilograms become pieces by weight.
fn in_base_units(stock: i64, unit: BaseUnit, commodity: &CommodityPlan) -> i64 {
    match (unit, commodity.base_unit) {
        (BaseUnit::Gram | BaseUnit::Millilitre, BaseUnit::Piece) => {
            ratio(stock, 1_000_000, commodity.grams_per_thousand.max(1))
        }
        (_, base_unit) => stock.saturating_mul(base_unit.per_pricing_unit()),
    }
}

/// Typical price × the seller's level × a small spread, in whole tens of rupiah, never above a binding ceiling.
fn price(
    scenario: &Scenario,
    seller: &Seller<'_>,
    commodity: &CommodityPlan,
    factor_permille: i64,
    draw: &mut Draw,
) -> i64 {
    let spread = draw.between(PRICE_SPREAD_PERMILLE.0, PRICE_SPREAD_PERMILLE.1);
    if commodity.code == super::cooperatives::SPHP_RICE && seller.archetype.class == SupplierClass::Bumn {
        let zone = usize::from(scenario.market.rice_het_zone).clamp(1, SPHP_EX_WAREHOUSE_IDR.len());
        return SPHP_EX_WAREHOUSE_IDR[zone - 1] * 10_000;
    }
    let asked = permille(permille(commodity.price_typical_e4, factor_permille), spread);
    let stepped = (asked - asked % PRICE_STEP_E4).max(PRICE_STEP_E4);
    commodity.het_e4.map_or(stepped, |ceiling| stepped.min(ceiling))
}

fn blank(scenario: &Scenario, seller: &Seller<'_>, commodity: usize, price_e4: i64) -> OfferPlan {
    let goods = &scenario.commodities[commodity];
    let vehicle = vehicle_for(seller.archetype, goods);
    let rate = &scenario.market.freight[vehicle];
    OfferPlan {
        organisation: seller.organisation,
        commodity,
        stock_base: 0,
        price_e4,
        pack_base: pack(seller, goods),
        min_line_base: min_line(seller, goods),
        radius_m: seller.archetype.radius_m,
        day_from: 0,
        day_to: 0,
        vehicle,
        freight_per_km_e4: per_pricing_unit(rate.per_km_e4, goods),
        freight_base_e4: per_pricing_unit(rate.base_e4, goods),
    }
}

fn pack(seller: &Seller<'_>, goods: &CommodityPlan) -> i64 {
    let is_commercial_rice = matches!(goods.code.as_str(), "beras_medium" | "beras_premium");
    match seller.minimums {
        Minimums::PerLine if is_commercial_rice && seller.archetype.class == SupplierClass::Bumn => BULOG_RICE_PACK_G,
        _ => goods.grid,
    }
}

/// Least quantity of a line.
///
/// An archetype's minimum order is what makes a trip worth while, over all goods of the order. Small sellers serve whoever
/// comes. Wholesalers hold to it line by line for rice, which is what they mean by it; the state and large firms ask a tenth of it for other bulk
/// goods; for small goods one pack is enough.
fn min_line(seller: &Seller<'_>, goods: &CommodityPlan) -> i64 {
    let archetype = seller.archetype;
    let is_rice = goods.code.starts_with("beras");
    let is_bulk = matches!(goods.code.as_str(), "gula_pasir" | "tepung_terigu" | "minyakita" | "minyak_premium");
    let units = match archetype.class {
        _ if seller.minimums == Minimums::Pooled => 0,
        SupplierClass::Menengah | SupplierClass::Besar | SupplierClass::Bumn if is_rice => archetype.moq,
        SupplierClass::Besar | SupplierClass::Bumn if is_bulk => archetype.moq / 10,
        _ => 0,
    };
    let least = units.saturating_mul(goods.base_unit.per_pricing_unit());
    if least <= goods.grid { 0 } else { round_up(least, goods.grid) }
}
