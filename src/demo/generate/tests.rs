//! Sizes, bounds and determinism of the scenarios.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::demo::scenario::OrganisationKind::{Cooperative, Kitchen, Supplier};
use crate::demo::scenario::{DemandPlan, OfferPlan};

const CITY_SLUGS: [&str; 3] = ["kupang", "bogor", "jakarta-utara"];

fn cities() -> impl Iterator<Item = Scenario> {
    CITY_SLUGS.into_iter().flat_map(|city| [1, 2, 77].map(|seed| generate(city, seed).unwrap()))
}

fn share_of_need(scenario: &Scenario, commodity: usize) -> i64 {
    let mine = |demand: &&DemandPlan| demand.commodity == commodity;
    let need: i64 = scenario.demands.iter().filter(mine).map(|demand| demand.quantity_base).sum();
    let offered = |offer: &&OfferPlan| offer.commodity == commodity;
    let supply: i64 = scenario.offers.iter().filter(offered).map(|offer| offer.stock_base).sum();
    supply * 100 / need.max(1)
}

#[test]
fn the_same_seed_gives_the_same_scenario() {
    for city in CITY_SLUGS {
        let first = generate(city, 1).unwrap();
        let again = generate(city, 1).unwrap();
        assert_eq!(first, again, "{city}");
        assert_eq!(first.fingerprint(), again.fingerprint(), "{city}");
        assert_ne!(first.fingerprint(), generate(city, 2).unwrap().fingerprint(), "{city}");
    }
    assert_eq!(generate_province(1).unwrap().fingerprint(), generate_province(1).unwrap().fingerprint());
    assert_ne!(generate_province(1).unwrap().fingerprint(), generate_province(2).unwrap().fingerprint());
}

#[test]
fn an_unknown_city_is_refused_with_the_choices() {
    let error = generate("atlantis", 1).unwrap_err();
    assert_eq!(error.to_string(), "there is no demonstration for `atlantis`; choose kupang, bogor or jakarta-utara");
}

#[test]
fn cities_have_their_cooperatives_and_kitchens() {
    let expected = [("kupang", 51, 41, 101_740), ("bogor", 68, 82, 120_000), ("jakarta-utara", 31, 63, 183_203)];
    for (city, cooperatives, kitchens, portions) in expected {
        let scenario = generate(city, 5).unwrap();
        assert_eq!((scenario.count(Cooperative), scenario.count(Kitchen)), (cooperatives, kitchens), "{city}");
        assert!(scenario.count(Supplier) >= 100, "{city}");
        let fed: i64 = scenario.kitchens.iter().map(|kitchen| kitchen.portions_small + kitchen.portions_large).sum();
        assert_eq!(fed, portions, "{city}");
        assert!((2_000..6_000).contains(&scenario.demands.len()), "{city}: {} demands", scenario.demands.len());
        assert!((2_000..6_000).contains(&scenario.offers.len()), "{city}: {} offers", scenario.offers.len());
        for kitchen in &scenario.kitchens {
            let size = kitchen.portions_small + kitchen.portions_large;
            assert!((900..=3_100).contains(&size), "{city}: a kitchen of {size}");
            assert!((5..=6).contains(&kitchen.meals.len()));
        }
    }
}

#[test]
fn residents_of_the_wards_are_those_of_the_city() {
    let facts = SeedFacts::read().unwrap();
    for rules in &CITIES {
        let scenario = generate(rules.slug, 1).unwrap();
        let residents: i64 = scenario.organisations.iter().filter_map(|organisation| organisation.residents).sum();
        assert_eq!(residents, facts.regency(rules.area_code).unwrap().population);
    }
}

fn assert_records_are_sound(scenario: &Scenario) {
    let last_day = scenario.market.delivery_days - 1;
    for demand in &scenario.demands {
        let goods = &scenario.commodities[demand.commodity];
        assert!(scenario.organisations[demand.organisation].buys);
        assert!(demand.quantity_base > 0 && demand.quantity_base % goods.grid == 0, "{}", goods.code);
        assert!((0..=last_day).contains(&demand.day_from) && (demand.day_from..=last_day).contains(&demand.day_to));
        assert!(demand.required.is_sorted());
        assert_eq!(demand.price_ceiling_e4, goods.het_e4);
    }
    for offer in &scenario.offers {
        let goods = &scenario.commodities[offer.commodity];
        assert!(scenario.organisations[offer.organisation].sells);
        assert!(offer.pack_base % goods.grid == 0 && offer.stock_base % offer.pack_base == 0, "{}", goods.code);
        assert!(offer.stock_base >= offer.pack_base.max(offer.min_line_base));
        assert!((0..=last_day).contains(&offer.day_from) && (offer.day_from..=last_day).contains(&offer.day_to));
        assert!(offer.price_e4 > 0 && offer.price_e4 <= goods.het_e4.unwrap_or(i64::MAX), "{}", goods.code);
        assert!(offer.price_e4 <= goods.price_plausible_max_e4, "{}", goods.code);
        let landed_50_km = offer.price_e4 + offer.freight_base_e4 + 50 * offer.freight_per_km_e4;
        assert!(landed_50_km < goods.shortage_penalty_e4, "{}: a shortage would be cheaper", goods.code);
        assert!(offer.freight_per_km_e4 > 0 && offer.freight_base_e4 > 0 && offer.radius_m > 0);
        assert_eq!(scenario.market.freight[offer.vehicle].is_refrigerated, goods.needs_cold_chain, "{}", goods.code);
    }
    let needs = scenario.demands.iter();
    let needs: BTreeSet<_> = needs.map(|demand| (demand.organisation, demand.commodity, demand.day_from)).collect();
    assert_eq!(needs.len(), scenario.demands.len(), "one demand per buyer, commodity and first day");
    let lots = scenario.offers.iter();
    let lots: BTreeSet<_> = lots.map(|offer| (offer.organisation, offer.commodity, offer.lot())).collect();
    assert_eq!(lots.len(), scenario.offers.len(), "one offer per seller, commodity and lot");
    let codes: BTreeSet<&str> = scenario.organisations.iter().map(|organisation| organisation.code.as_str()).collect();
    assert_eq!(codes.len(), scenario.organisations.len(), "codes are unique");
}

#[test]
fn every_record_is_sound() {
    cities().for_each(|scenario| assert_records_are_sound(&scenario));
    assert_records_are_sound(&generate_province(3).unwrap());
}

#[test]
fn packs_are_those_of_the_unit_table() {
    let facts = SeedFacts::read().unwrap();
    for scenario in cities() {
        for goods in &scenario.commodities {
            let unit = facts.unit(goods.grid_unit).unwrap();
            assert!(unit.fits(&goods.code, goods.base_unit), "{} in {}", goods.code, goods.grid_unit);
            assert_eq!(unit.base_units(), Some(goods.grid), "{} in {}", goods.code, goods.grid_unit);
        }
    }
}

#[test]
fn supply_is_plausible() {
    for scenario in cities() {
        let mut ample = 0;
        for (commodity, goods) in scenario.commodities.iter().enumerate() {
            let share = share_of_need(&scenario, commodity);
            assert!((78..=450).contains(&share), "{}: {} has {share} %", scenario.market.slug, goods.code);
            ample += usize::from(share >= 105);
        }
        assert!(ample * 100 >= scenario.commodities.len() * 85, "{}: {ample} goods are ample", scenario.market.slug);
        let short = scenario.commodities.len() - ample;
        assert!(short >= 2, "{}: some shortage is honest", scenario.market.slug);
    }
}

#[test]
fn what_kitchens_require_several_sellers_have() {
    for scenario in cities() {
        let mut sellers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for demand in scenario.demands.iter().filter(|demand| !demand.required.is_empty()) {
            let usable = scenario.offers.iter().filter(|offer| {
                let held = &scenario.organisations[offer.organisation].certificates;
                offer.commodity == demand.commodity && demand.required.iter().all(|paper| held.contains(paper))
            });
            sellers.entry(demand.commodity).or_default().extend(usable.map(|offer| offer.organisation));
        }
        assert!(sellers.len() >= 5, "several goods need papers");
        for (commodity, sellers) in sellers {
            assert!(sellers.len() >= 3, "{}: {}", scenario.commodities[commodity].code, sellers.len());
        }
    }
}

#[test]
fn nobody_buys_what_it_sells() {
    for scenario in cities() {
        let sold: BTreeSet<(usize, usize)> =
            scenario.offers.iter().map(|offer| (offer.organisation, offer.commodity)).collect();
        assert!(scenario.demands.iter().all(|demand| !sold.contains(&(demand.organisation, demand.commodity))));
        let both = scenario.organisations.iter().filter(|organisation| organisation.buys && organisation.sells).count();
        assert!(both >= 3, "some cooperatives sell");
    }
}

#[test]
fn a_kitchens_rice_follows_from_its_recipes() {
    let facts = SeedFacts::read().unwrap();
    let scenario = generate("kupang", 1).unwrap();
    let rice = commodity_index(&scenario, "beras_medium").unwrap();
    for kitchen in &scenario.kitchens {
        let per_meal = |menu: &str| {
            let lines = facts.recipe_lines.iter().filter(|line| line.menu == menu && line.commodity == "beras_medium");
            lines
                .map(|line| kitchen.portions_small * line.small_milli + kitchen.portions_large * line.large_milli)
                .sum()
        };
        let milligrams: i64 = kitchen.meals.iter().map(|(_, menu)| -> i64 { per_meal(menu) }).sum();
        let demands = scenario.demands.iter().filter(|demand| demand.organisation == kitchen.organisation);
        let asked: i64 = demands.filter(|demand| demand.commodity == rice).map(|demand| demand.quantity_base).sum();
        assert!(asked * 1000 >= milligrams && asked * 1000 < milligrams + 5_000_000, "{asked} g for {milligrams} mg");
    }
}

#[test]
fn a_province_has_its_villages_and_its_size() {
    let scenario = generate_province(1).unwrap();
    assert_eq!(scenario.count(Cooperative), 8_494);
    assert_eq!(scenario.demands.len(), 8_494 * 20);
    assert!((6_000..12_000).contains(&scenario.offers.len()), "{} offers", scenario.offers.len());
    let supplying = scenario.offers.iter().map(|offer| &scenario.organisations[offer.organisation].region_code[..5]);
    assert_eq!(supplying.collect::<BTreeSet<_>>().len(), 38, "every regency has suppliers");
    for (commodity, goods) in scenario.commodities.iter().enumerate() {
        let share = share_of_need(&scenario, commodity);
        assert!((100..=130).contains(&share), "{} has {share} %", goods.code);
    }
    assert!(scenario.offers.iter().all(|offer| offer.min_line_base == 0), "orders are pooled");
}
