//! Commodities as traded in one market: the pack everybody counts in, prices, ceilings, penalties, papers.

use crate::demo::scenario::CommodityPlan;
use crate::seed::Commodity;
use crate::values::BaseUnit;
use crate::values::Certificate;
use crate::values::decimal::div_half_even;

/// A shortage counts this many times the highest plausible price, so that no plausible price plus freight is ever worth
/// leaving a plate empty for.
const SHORTAGE_OVER_PLAUSIBLE_PRICE: i64 = 3;
/// Goods that keep no longer are caught, picked, slaughtered or made for each day.
const DAILY_SHELF_LIFE_DAYS: i64 = 5;
/// Grams of a litre of cooking oil: 1.107 litres weigh a kilogram (`units.csv`, `kg_minyak`).
const OIL_GRAMS_PER_LITRE: i64 = 903;
const WATER_GRAMS_PER_LITRE: i64 = 1000;

/// The commodity in a market where prices are `index_permille` of the baseline.
pub(super) fn plan(commodity: &Commodity, index_permille: i64, rice_het_zone: u8) -> CommodityPlan {
    let (grid, grid_unit) = grid(commodity);
    let price_plausible_max_e4 = permille(commodity.price_ceiling_e4, index_permille);
    CommodityPlan {
        code: commodity.code.clone(),
        base_unit: commodity.base_unit,
        grams_per_thousand: grams_per_thousand(commodity),
        grid,
        grid_unit,
        is_daily: commodity.shelf_life_days <= DAILY_SHELF_LIFE_DAYS,
        needs_cold_chain: commodity.needs_cold_chain,
        price_typical_e4: permille(commodity.price_typical_e4, index_permille),
        price_plausible_max_e4,
        het_e4: commodity.het_e4(rice_het_zone),
        shortage_penalty_e4: SHORTAGE_OVER_PLAUSIBLE_PRICE.saturating_mul(price_plausible_max_e4),
    }
}

/// The pack that demands and offers of a commodity count in: base units and the code in `units.csv`.
///
/// One grid per commodity keeps the allocation a pure flow: whatever is demanded can be put together from any offer.
fn grid(commodity: &Commodity) -> (i64, &'static str) {
    match commodity.code.as_str() {
        "beras_medium" | "beras_premium" | "beras_sphp" => (5_000, "karung5"),
        "minyakita" | "minyak_premium" => (1_000, "pouch1l"),
        "santan" => (1_000, "pack1l"),
        "kecap_manis" => (600, "botol600"),
        "susu_uht_125" => (40, "dus_uht40"),
        "roti_umkm" => (10, "pack10_roti"),
        _ => match commodity.base_unit {
            BaseUnit::Gram => (1_000, "kg"),
            BaseUnit::Millilitre => (1_000, "liter"),
            BaseUnit::Piece => (1, "buah"),
        },
    }
}

fn grams_per_thousand(commodity: &Commodity) -> i64 {
    match commodity.base_unit {
        BaseUnit::Gram => 1_000,
        BaseUnit::Millilitre if commodity.code.starts_with("minyak") => OIL_GRAMS_PER_LITRE,
        BaseUnit::Millilitre => WATER_GRAMS_PER_LITRE,
        // Milligrams of one piece are grams of a thousand.
        BaseUnit::Piece => commodity.piece_weight_mg.unwrap_or(WATER_GRAMS_PER_LITRE),
    }
}

/// Papers a kitchen asks for (facts, section 2: NKV for meat, egg and milk; halal for slaughter and processed food;
/// SPP-IRT or BPOM for processed food; SKP for processed fish). Sorted.
pub(super) fn required_by_kitchens(commodity_code: &str) -> Vec<Certificate> {
    match commodity_code {
        "ayam_karkas" | "ayam_fillet" | "daging_sapi" | "kerbau_beku" => vec![Certificate::Nkv, Certificate::Halal],
        "telur_ayam" | "susu_segar" => vec![Certificate::Nkv],
        "susu_uht_125" => vec![Certificate::Halal, Certificate::Bpom],
        "tempe" | "tahu" => vec![Certificate::SppIrt],
        "roti_umkm" => vec![Certificate::Halal, Certificate::SppIrt],
        "ikan_patin_fillet" => vec![Certificate::Skp],
        _ => Vec::new(),
    }
}

/// `value` × `share` / 1000, half to even.
pub(super) fn permille(value: i64, share_permille: i64) -> i64 {
    ratio(value, share_permille, 1000)
}

/// `value` × `numerator` / `denominator`, half to even; `denominator` must be positive.
pub(super) fn ratio(value: i64, numerator: i64, denominator: i64) -> i64 {
    let exact = div_half_even(i128::from(value) * i128::from(numerator), i128::from(denominator));
    i64::try_from(exact).unwrap_or(i64::MAX)
}

/// The multiple of `grid` at or above `quantity`, at least one grid.
pub(super) fn round_up(quantity: i64, grid: i64) -> i64 {
    let packs = quantity.div_euclid(grid) + i64::from(quantity.rem_euclid(grid) > 0);
    packs.max(1) * grid
}
