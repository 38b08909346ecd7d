//! The market itself: which city, which calendar, which goods.

use std::collections::BTreeSet;

use super::cooperatives::{BASKET, SPHP_RICE};
use super::{GenerateError, freight, goods};
use crate::demo::scenario::{MarketPlan, Scenario};
use crate::seed::{Commodity, Menu, SeedFacts};

/// Day 0 of every demonstration: a Sunday in the reference period of the prices.
pub(super) const FIRST_DELIVERY_DAY: &str = "2026-01-25";
/// Sunday to Saturday.
pub(super) const DELIVERY_DAYS: i64 = 7;

/// How many people the kitchens of a city feed.
pub(super) enum Beneficiaries {
    /// A published number.
    Published(i64),
    /// This share of the residents, where no number was published.
    PermilleOfResidents(i64),
}

/// What is particular about a city.
pub(super) struct CityRules {
    pub slug: &'static str,
    pub area_code: &'static str,
    pub time_zone: &'static str,
    pub kitchens: usize,
    pub beneficiaries: Beneficiaries,
    /// How far a kitchen's size lies from the mean at most, in permille.
    pub kitchen_spread_permille: i64,
    /// Cities whose supply places count as hinterland, its own first.
    pub hinterland: &'static [&'static str],
    /// Goods of which there is less than is needed: (commodity, supply over need in permille).
    pub scarce: &'static [(&'static str, i64)],
}

/// The three cities. Sources of the kitchen numbers: `docs/demo.md`.
pub(super) const CITIES: [CityRules; 3] = [
    CityRules {
        slug: "kupang",
        area_code: "53.71",
        time_zone: "Asia/Makassar",
        kitchens: 41,
        beneficiaries: Beneficiaries::Published(101_740),
        kitchen_spread_permille: 150,
        hinterland: &["kupang"],
        scarce: &[("susu_uht_125", 850), ("buncis", 850), ("jeruk", 880), ("wortel", 920)],
    },
    CityRules {
        slug: "bogor",
        area_code: "32.71",
        time_zone: "Asia/Jakarta",
        kitchens: 82,
        beneficiaries: Beneficiaries::Published(120_000),
        kitchen_spread_permille: 300,
        hinterland: &["bogor"],
        scarce: &[("susu_uht_125", 880), ("ikan_patin_fillet", 900), ("daging_sapi", 920)],
    },
    CityRules {
        slug: "jakarta-utara",
        area_code: "31.72",
        time_zone: "Asia/Jakarta",
        kitchens: 63,
        beneficiaries: Beneficiaries::PermilleOfResidents(100),
        kitchen_spread_permille: 50,
        hinterland: &["jakarta-utara", "bogor"],
        scarce: &[("susu_uht_125", 880), ("bayam", 880), ("pisang", 900)],
    },
];

/// The market of a city with its goods, still without people.
pub(super) fn open_city(facts: &SeedFacts, rules: &CityRules, seed: u64) -> Result<Scenario, GenerateError> {
    let regency = facts.regency(rules.area_code).ok_or_else(|| GenerateError::missing("regency", rules.area_code))?;
    let roads = facts.transport_areas.iter().find(|area| area.code == rules.slug);
    let roads = roads.ok_or_else(|| GenerateError::missing("transport area", rules.slug))?;
    let mut codes: BTreeSet<&str> = BASKET.iter().map(|(code, _)| *code).collect();
    codes.insert(SPHP_RICE);
    let menus: BTreeSet<&str> = menus_of(facts, rules.slug).map(|menu| menu.code.as_str()).collect();
    let recipes = facts.recipe_lines.iter().filter(|line| menus.contains(line.menu.as_str()));
    codes.extend(recipes.map(|line| line.commodity.as_str()));
    let traded = facts.commodities.iter().filter(|commodity| codes.contains(commodity.code.as_str()));
    let priced = |commodity: &Commodity| {
        let index = commodity.price_index_permille(rules.slug)?;
        Some(goods::plan(commodity, index, regency.rice_het_zone))
    };
    Ok(Scenario {
        seed,
        market: MarketPlan {
            slug: rules.slug.to_owned(),
            name: regency.name.clone(),
            operator_name: format!("Dinas Koperasi {}", regency.name),
            area_code: rules.area_code.to_owned(),
            point: regency.point,
            time_zone: rules.time_zone,
            circuity_permille: roads.circuity_urban_permille,
            rice_het_zone: regency.rice_het_zone,
            first_delivery_day: FIRST_DELIVERY_DAY,
            delivery_days: DELIVERY_DAYS,
            freight: freight::rates(facts, roads.cost_index_permille)?,
        },
        commodities: traded.filter_map(priced).collect(),
        organisations: Vec::new(),
        kitchens: Vec::new(),
        demands: Vec::new(),
        offers: Vec::new(),
    })
}

/// Menus cooked in a city, in the order of the cycle.
pub(super) fn menus_of<'a>(facts: &'a SeedFacts, city: &'a str) -> impl Iterator<Item = &'a Menu> {
    facts.menus.iter().filter(move |menu| menu.cities.is_empty() || menu.cities.iter().any(|name| name == city))
}
