//! Every ward's cooperative with a week's need of staples.
//!
//! Residents of a ward: the city's residents, half shared evenly, half by area (crowded wards are small, empty ones large,
//! and neither alone fits). A cooperative serves 2 to 8 % of them; what those eat in a week is the basket below, give or
//! take. Cooperatives that are SPHP outlets also order subsidised rice in Bulog's order sizes.

use super::goods::{permille, round_up};
use super::market::CityRules;
use super::{GenerateError, commodity_index};
use crate::demo::scenario::{DemandPlan, OrganisationKind, OrganisationPlan, OrganisationStatus, Scenario};
use crate::seed::{SeedFacts, SupplierClass, Ward};
use crate::values::Certificate;
use crate::values::draw::{Draw, apportion};

/// Base units (grams, millilitres) a resident eats in a week. Estimates after household consumption in general knowledge.
pub(super) const BASKET: [(&str, i64); 13] = [
    ("beras_medium", 800),
    ("beras_premium", 400),
    ("minyakita", 130),
    ("minyak_premium", 80),
    ("gula_pasir", 120),
    ("tepung_terigu", 60),
    ("telur_ayam", 130),
    ("garam", 40),
    ("bihun", 20),
    ("kecap_manis", 15),
    ("bawang_merah", 50),
    ("bawang_putih", 35),
    ("kacang_hijau", 10),
];
/// Every cooperative asks for the first goods of the basket; the others are on the list of most.
const STAPLES: usize = 7;
const ASKS_FOR_OTHER_GOODS_PERMILLE: i64 = 750;
/// Share of the residents a cooperative serves.
const SERVED_PERMILLE: (i64, i64) = (20, 80);
/// How far a week's need lies from the average.
const WEEK_PERMILLE: (i64, i64) = (750, 1250);
/// Subsidised rice, sold by Bulog to registered outlets only.
pub(super) const SPHP_RICE: &str = "beras_sphp";
const SPHP_OUTLETS_PERMILLE: i64 = 450;
/// An outlet orders a tonne at least and about two at most in a week (facts, section 1).
const SPHP_ORDER_G: (i64, i64) = (1_000_000, 2_000_000);
const SPHP_G_PER_RESIDENT: i64 = 180;

/// Adds the cooperatives of a city and their demands.
pub(super) fn add_city(facts: &SeedFacts, rules: &CityRules, scenario: &mut Scenario) -> Result<(), GenerateError> {
    let wards: Vec<&Ward> = facts.wards.iter().filter(|ward| ward.city_slug == rules.slug).collect();
    let city = facts.regency(rules.area_code).ok_or_else(|| GenerateError::missing("regency", rules.area_code))?;
    for (ward, residents) in wards.iter().zip(residents_of(&wards, city.population)) {
        let organisation = scenario.organisations.len();
        scenario.organisations.push(cooperative(ward, residents));
        post_week(scenario, organisation, residents)?;
    }
    Ok(())
}

/// Residents per ward, half of them evenly, half by area; they sum to the city's.
pub(super) fn residents_of(wards: &[&Ward], population: i64) -> Vec<i64> {
    let total_area: i64 = wards.iter().map(|ward| ward.area_ha).sum();
    let count = i64::try_from(wards.len()).unwrap_or(i64::MAX);
    let weights: Vec<i64> = wards.iter().map(|ward| total_area + ward.area_ha.saturating_mul(count)).collect();
    apportion(population, &weights)
}

fn cooperative(ward: &Ward, residents: i64) -> OrganisationPlan {
    OrganisationPlan {
        code: format!("KMP-{}", ward.code),
        name: format!("Koperasi Kelurahan Merah Putih {}", ward.name),
        kind: OrganisationKind::Cooperative,
        status: OrganisationStatus::Active,
        buys: true,
        sells: false,
        class: Some(SupplierClass::Kdmp),
        archetype: None,
        region_code: ward.code.clone(),
        place_name: ward.name.clone(),
        point: ward.point,
        certificates: vec![Certificate::Nib, Certificate::NikKoperasi],
        residents: Some(residents),
    }
}

fn post_week(scenario: &mut Scenario, organisation: usize, residents: i64) -> Result<(), GenerateError> {
    let mut draw = Draw::new(scenario.seed, &scenario.organisations[organisation].code);
    let served = permille(residents, draw.between(SERVED_PERMILLE.0, SERVED_PERMILLE.1));
    let window = (draw.between(1, 2), draw.between(4, 6));
    let mut post = |code: &str, quantity: i64| -> Result<(), GenerateError> {
        let commodity = commodity_index(scenario, code).ok_or_else(|| GenerateError::missing("commodity", code))?;
        scenario.demands.push(need(scenario, organisation, commodity, quantity, window));
        Ok(())
    };
    for (position, (code, per_week)) in BASKET.iter().enumerate() {
        let is_asked = draw.chance(ASKS_FOR_OTHER_GOODS_PERMILLE) || position < STAPLES;
        let quantity = permille(served * per_week, draw.between(WEEK_PERMILLE.0, WEEK_PERMILLE.1));
        if is_asked {
            post(code, quantity)?;
        }
    }
    if draw.chance(SPHP_OUTLETS_PERMILLE) {
        post(SPHP_RICE, (residents * SPHP_G_PER_RESIDENT).clamp(SPHP_ORDER_G.0, SPHP_ORDER_G.1))?;
    }
    Ok(())
}

/// A demand of a cooperative for the week, in whole packs.
pub(super) fn need(
    scenario: &Scenario,
    organisation: usize,
    commodity: usize,
    quantity: i64,
    (day_from, day_to): (i64, i64),
) -> DemandPlan {
    let plan = &scenario.commodities[commodity];
    DemandPlan {
        organisation,
        commodity,
        quantity_base: round_up(quantity, plan.grid),
        day_from,
        day_to,
        required: Vec::new(),
        price_ceiling_e4: plan.het_e4,
        shortage_penalty_e4: plan.shortage_penalty_e4,
    }
}
