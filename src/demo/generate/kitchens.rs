//! School-meal kitchens: portions, menus of the week, and the ingredients that follow from them.
//!
//! A kitchen cooks Monday to Saturday, some only to Friday, walking through the menus of its city from a day of the cycle of its
//! own. Fresh goods arrive the day before they are cooked; goods that keep for two months or longer and need no cooling
//! are bought once for the week and arrive in its first days.

use std::collections::BTreeMap;

use super::goods::{permille, required_by_kitchens, round_up};
use super::market::{Beneficiaries, CityRules, menus_of};
use super::suppliers::near;
use super::{GenerateError, commodity_index};
use crate::demo::scenario::{
    DemandPlan, KitchenPlan, OrganisationKind, OrganisationPlan, OrganisationStatus, Scenario,
};
use crate::seed::commodities::Storage;
use crate::seed::{Menu, SeedFacts, Ward};
use crate::values::Certificate;
use crate::values::draw::{Draw, apportion};

/// Share of small portions (toddlers to grade 3).
const SMALL_PERMILLE: (i64, i64) = (350, 450);
/// Kitchens that also cook on Saturday; the guide says six days, many schools teach on five.
const SIX_DAYS_PERMILLE: i64 = 700;
/// Goods that keep this long without cooling are bought for the whole week.
const STORE_SHELF_LIFE_DAYS: i64 = 60;
/// Days on which a week's dry goods may arrive.
const STORE_WINDOW: (i64, i64) = (0, 2);
/// Kitchens of one ward do not stand on one spot: metres around the ward's point.
const SPREAD_M: i64 = 250;

/// Adds the kitchens of a city and their demands.
pub(super) fn add(facts: &SeedFacts, rules: &CityRules, scenario: &mut Scenario) -> Result<(), GenerateError> {
    let mut draw = Draw::new(scenario.seed, "kitchens");
    let wards: Vec<&Ward> = facts.wards.iter().filter(|ward| ward.city_slug == rules.slug).collect();
    let residents: Vec<i64> = scenario.organisations.iter().filter_map(|organisation| organisation.residents).collect();
    let beneficiaries = match rules.beneficiaries {
        Beneficiaries::Published(number) => number,
        Beneficiaries::PermilleOfResidents(share) => permille(residents.iter().sum(), share),
    };
    let spread = rules.kitchen_spread_permille;
    let sizes: Vec<i64> = (0..rules.kitchens).map(|_| draw.between(1000 - spread, 1000 + spread)).collect();
    let mut portions = apportion(beneficiaries, &sizes).into_iter();
    let per_ward = apportion(i64::try_from(rules.kitchens).unwrap_or(i64::MAX), &residents);
    let menus: Vec<&Menu> = menus_of(facts, rules.slug).collect();
    for (ward, count) in wards.iter().zip(per_ward) {
        for number in 1..=count {
            let organisation = scenario.organisations.len();
            let serial = scenario.kitchens.len() + 1;
            scenario.organisations.push(kitchen(ward, number, serial, rules.area_code, &mut draw));
            let plan = plan_week(organisation, portions.next().unwrap_or(0), &menus, &mut draw);
            post_ingredients(facts, scenario, &plan)?;
            scenario.kitchens.push(plan);
        }
    }
    Ok(())
}

fn kitchen(ward: &Ward, number: i64, serial: usize, area_code: &str, draw: &mut Draw) -> OrganisationPlan {
    OrganisationPlan {
        code: format!("SPPG-{area_code}-{serial:03}"),
        name: format!("Dapur SPPG {} {number}", ward.name),
        kind: OrganisationKind::Kitchen,
        status: OrganisationStatus::Active,
        buys: true,
        sells: false,
        class: None,
        archetype: None,
        region_code: ward.code.clone(),
        place_name: ward.name.clone(),
        point: near(ward.point, SPREAD_M, draw),
        certificates: vec![Certificate::Halal, Certificate::Slhs],
        residents: None,
    }
}

fn plan_week(organisation: usize, portions: i64, menus: &[&Menu], draw: &mut Draw) -> KitchenPlan {
    let small = permille(portions, draw.between(SMALL_PERMILLE.0, SMALL_PERMILLE.1));
    let last_day = if draw.chance(SIX_DAYS_PERMILLE) { 6 } else { 5 };
    let start = draw.index(menus.len());
    let in_turn = menus.iter().cycle().skip(start);
    KitchenPlan {
        organisation,
        portions_small: small,
        portions_large: portions - small,
        meals: (1..=last_day).zip(in_turn).map(|(day, menu)| (day, menu.code.clone())).collect(),
    }
}

/// Recipe × portions, summed per commodity and delivery window, rounded up to whole packs.
fn post_ingredients(facts: &SeedFacts, scenario: &mut Scenario, plan: &KitchenPlan) -> Result<(), GenerateError> {
    let mut needs: BTreeMap<(usize, (i64, i64)), i64> = BTreeMap::new();
    for (day, menu) in &plan.meals {
        for line in facts.recipe_lines.iter().filter(|line| line.menu == *menu) {
            let code = line.commodity.as_str();
            let commodity = commodity_index(scenario, code).ok_or_else(|| GenerateError::missing("commodity", code))?;
            let fact = facts.commodity(code).ok_or_else(|| GenerateError::missing("commodity", code))?;
            let is_stored = fact.storage == Storage::Ambient && fact.shelf_life_days >= STORE_SHELF_LIFE_DAYS;
            let window = if is_stored { STORE_WINDOW } else { (day - 1, day - 1) };
            let milli = plan.portions_small * line.small_milli + plan.portions_large * line.large_milli;
            *needs.entry((commodity, window)).or_default() += milli;
        }
    }
    for ((commodity, (day_from, day_to)), milli) in needs {
        let goods = &scenario.commodities[commodity];
        scenario.demands.push(DemandPlan {
            organisation: plan.organisation,
            commodity,
            quantity_base: round_up(round_up(milli, 1000) / 1000, goods.grid),
            day_from,
            day_to,
            required: required_by_kitchens(&goods.code),
            price_ceiling_e4: goods.het_e4,
            shortage_penalty_e4: goods.shortage_penalty_e4,
        });
    }
    Ok(())
}
