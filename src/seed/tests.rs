//! Cross-checks between the tables: what one names, another has; and the counts of the sources.

use std::collections::BTreeSet;

use super::*;

fn facts() -> SeedFacts {
    SeedFacts::read().unwrap()
}

fn assert_unique<'a>(what: &str, codes: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        assert!(seen.insert(code), "{what}: `{code}` stands twice");
    }
}

#[test]
fn counts_are_those_of_the_sources() {
    let facts = facts();
    let wards_of = |slug: &str| facts.wards.iter().filter(|ward| ward.city_slug == slug).count();
    assert_eq!([wards_of("kupang"), wards_of("bogor"), wards_of("jakarta-utara")], [51, 68, 31]);
    assert_eq!(facts.wards.len(), 150);
    assert_eq!(facts.regencies.len(), 514);
    assert_eq!(facts.regencies.iter().map(|regency| regency.villages).sum::<i64>(), 83_762);
    assert_eq!(facts.regencies.iter().filter_map(|regency| regency.business_assistants).sum::<i64>(), 837);
    assert_eq!(facts.commodities.len(), 73);
    assert_eq!(facts.units.len(), 66);
    assert_eq!(facts.archetypes.len(), 31);
    assert_eq!(facts.supply_places.len(), 57);
    assert_eq!((facts.menus.len(), facts.recipe_lines.len()), (17, 202));
    assert_eq!((facts.vehicles.len(), facts.transport_areas.len()), (12, 13));
}

#[test]
fn codes_are_unique() {
    let facts = facts();
    assert_unique("wards", facts.wards.iter().map(|row| row.code.as_str()));
    assert_unique("regencies", facts.regencies.iter().map(|row| row.code.as_str()));
    assert_unique("commodities", facts.commodities.iter().map(|row| row.code.as_str()));
    assert_unique("units", facts.units.iter().map(|row| row.code.as_str()));
    assert_unique("archetypes", facts.archetypes.iter().map(|row| row.code.as_str()));
    assert_unique("supply places", facts.supply_places.iter().map(|row| row.code.as_str()));
    assert_unique("menus", facts.menus.iter().map(|row| row.code.as_str()));
    assert_unique("vehicles", facts.vehicles.iter().map(|row| row.code.as_str()));
    assert_unique("transport areas", facts.transport_areas.iter().map(|row| row.code.as_str()));
}

#[test]
fn villages_agree_with_the_regencies() {
    let facts = facts();
    let villages = villages::read().unwrap();
    assert_eq!(villages.len(), 8_494);
    assert_unique("villages", villages.iter().map(|village| village.code.as_str()));
    let jatim: Vec<&Regency> = facts.regencies.iter().filter(|regency| regency.province_code == "35").collect();
    assert_eq!(jatim.len(), 38);
    for regency in jatim {
        let mine: Vec<_> = villages.iter().filter(|village| village.regency_code() == regency.code).collect();
        assert_eq!(i64::try_from(mine.len()).unwrap(), regency.villages, "{}", regency.name);
        for village in mine {
            assert_eq!(village.regency, regency.name, "{}", village.code);
        }
    }
}

#[test]
fn wards_lie_in_their_city() {
    let facts = facts();
    for ward in &facts.wards {
        let city = facts.regency(&ward.city_code).unwrap();
        assert!(ward.code.starts_with(&ward.city_code), "{}", ward.code);
        let (north, east) = (
            ward.point.latitude_e6() - city.point.latitude_e6(),
            ward.point.longitude_e6() - city.point.longitude_e6(),
        );
        assert!(north.abs() < 250_000 && east.abs() < 250_000, "{} is far from {}", ward.name, city.name);
        assert!(ward.area_ha > 0, "{} has no area", ward.name);
    }
}

#[test]
fn every_pack_of_a_commodity_exists_and_fits() {
    let facts = facts();
    for commodity in &facts.commodities {
        for code in &commodity.pack_units {
            let unit = facts.unit(code).unwrap_or_else(|| panic!("{}: no unit `{code}`", commodity.code));
            assert!(unit.fits(&commodity.code, commodity.base_unit), "{}: `{code}` does not fit", commodity.code);
            assert!(unit.factor_milli > 0, "{code}");
        }
    }
    for unit in &facts.units {
        if let Some(code) = &unit.commodity {
            assert!(facts.commodity(code).is_some(), "unit {}: no commodity `{code}`", unit.code);
        }
    }
}

#[test]
fn prices_are_ordered_and_ceilings_known() {
    let facts = facts();
    for commodity in &facts.commodities {
        let prices = [commodity.price_floor_e4, commodity.price_typical_e4, commodity.price_ceiling_e4];
        assert!(prices.is_sorted() && prices[0] > 0, "{}", commodity.code);
    }
    let rice = facts.commodity("beras_medium").unwrap();
    assert_eq!([1, 2, 3].map(|zone| rice.het_e4(zone)), [13_500, 14_000, 15_500].map(|idr| Some(idr * 10_000)));
    assert_eq!((rice.het_e4(0), rice.het_e4(4)), (None, None));
    assert_eq!(facts.commodity("gula_pasir").unwrap().het_e4(1), None, "a reference price does not bind");
    assert_eq!(rice.price_index_permille("kupang"), Some(1040));
    assert_eq!(facts.commodity("lpg_3kg").unwrap().price_index_permille("kupang"), None);
}

#[test]
fn every_archetype_sells_known_goods_with_known_papers() {
    let facts = facts();
    let mut sold = BTreeSet::new();
    for archetype in &facts.archetypes {
        for code in &archetype.commodities {
            assert!(facts.commodity(code).is_some(), "{}: no commodity `{code}`", archetype.code);
            sold.insert(code.as_str());
        }
        for phrase in &archetype.certificates {
            assert!(certificates::meaning(phrase).is_some(), "{}: no meaning for `{phrase}`", archetype.code);
        }
    }
    for commodity in &facts.commodities {
        assert!(sold.contains(commodity.code.as_str()), "nobody sells {}", commodity.code);
    }
}

#[test]
fn supply_places_have_known_kinds_and_cities() {
    let facts = facts();
    for place in &facts.supply_places {
        assert!(facts.archetype(&place.archetype).is_some(), "{}: `{}`", place.code, place.archetype);
        assert!(facts.wards.iter().any(|ward| ward.city_slug == place.city_slug), "{}", place.code);
    }
}

#[test]
fn every_recipe_line_has_its_menu_and_commodity() {
    let facts = facts();
    for line in &facts.recipe_lines {
        assert!(facts.menus.iter().any(|menu| menu.code == line.menu), "{}", line.menu);
        let commodity = facts.commodity(&line.commodity).unwrap();
        assert_eq!(commodity.base_unit, line.base_unit, "{} {}", line.menu, line.line_no);
        assert!(line.small_milli > 0 && line.small_milli <= line.large_milli, "{} {}", line.menu, line.line_no);
    }
    for menu in &facts.menus {
        assert!(facts.recipe_lines.iter().any(|line| line.menu == menu.code), "{} has no recipe", menu.code);
    }
}

#[test]
fn an_egg_is_not_a_whole_number_of_grams() {
    let facts = facts();
    let egg = facts.unit("butir_telur").unwrap();
    assert_eq!((egg.factor_milli, egg.base_units()), (62_500, None));
    assert_eq!(facts.unit("tray30").unwrap().base_units(), Some(1_875));
    assert_eq!(facts.unit("dus_uht40").unwrap().base_units(), Some(40));
}
