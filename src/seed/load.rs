//! Writes the seed facts into a database: regions, commodities, units and official prices.
//!
//! Everything goes through the services, so it is checked and written down like any other change. Safe to repeat: a
//! second run writes nothing. Newer facts change what they differ from, and every change is told. Organisations and markets are not facts but examples; the
//! demonstration makes them.

use super::commodities::{self, Group, ReferenceKind as SeedReferenceKind};
use super::regencies::RegencyKind;
use super::units::Dimension;
use super::villages::{self, Village, VillageKind};
use super::{SeedError, SeedFacts, Unit as SeedUnit};
use crate::app::App;
use crate::catalog::renew::{Renewed, renew};
use crate::catalog::service::{self as catalog, Added, NewCommodity};
use crate::catalog::{Category, ReferenceKind, ReferencePrice, Storage, Unit};
use crate::error::AppError;
use crate::places::{Region, RegionKind, service as places};
use crate::scope::Scope;
use crate::values::decimal::div_half_even;
use crate::values::{BaseUnit, RiceZone, UnitPrice};
use std::collections::BTreeMap;

/// Mass of a litre in grams where no better number is known: that of water.
const WATER_GRAMS_PER_LITRE: i64 = 1_000;

/// What a run wrote; all zero when everything was there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Regions.
    pub regions: usize,
    /// Commodities, units and official prices.
    pub catalogue: Added,
    /// What newer facts changed.
    pub renewed: Renewed,
}

impl From<SeedError> for AppError {
    fn from(error: SeedError) -> Self {
        Self::internal(error)
    }
}

/// Loads all facts, telling `progress` one plain line per step.
pub fn load(app: &App, progress: &mut dyn FnMut(&str)) -> Result<Loaded, AppError> {
    let system = Scope::system("seed facts");
    let facts = SeedFacts::read()?;
    let regions = regions(&facts, &villages::read()?)?;
    let commodities = facts
        .commodities
        .iter()
        .map(|commodity| new_commodity(commodity, &facts.units))
        .collect::<Result<Vec<_>, _>>()?;
    let loaded = Loaded {
        regions: app.write(system.clone(), |work| places::load_regions(work, &regions))?,
        catalogue: app.write(system.clone(), |work| catalog::add_many(work, &commodities))?,
        renewed: app.write(system, |work| renew(work, &commodities))?,
    };
    progress(&format!("regions: {} added, {} in all", loaded.regions, regions.len()));
    let Added { commodities: added, units, reference_prices } = loaded.catalogue;
    progress(&format!("commodities: {added} added, {} in all", commodities.len()));
    progress(&format!("units: {units} added"));
    progress(&format!("official prices: {reference_prices} added"));
    for line in &loaded.renewed.changed {
        progress(&format!("changed: {line}"));
    }
    for line in &loaded.renewed.kept {
        progress(&format!("kept: {line}"));
    }
    Ok(loaded)
}

/// Provinces, regencies, districts, wards and villages. A region below a regency has its regency's rice zone.
fn regions(facts: &SeedFacts, villages: &[Village]) -> Result<Vec<Region>, AppError> {
    let mut regions = BTreeMap::new();
    let mut zones = BTreeMap::new();
    for regency in &facts.regencies {
        let zone = RiceZone::new(i32::from(regency.rice_het_zone)).map_err(AppError::internal)?;
        zones.insert(regency.code.as_str(), zone);
        let kind = match regency.kind {
            RegencyKind::Regency => RegionKind::Kabupaten,
            RegencyKind::City => RegionKind::Kota,
        };
        let province = Region::new(&regency.province_code, &regency.province, RegionKind::Province, None, None)?;
        regions.insert(regency.province_code.clone(), province);
        let region = Region::new(&regency.code, &regency.name, kind, Some(regency.point), Some(zone))?;
        regions.insert(regency.code.clone(), region);
    }
    let wards =
        facts.wards.iter().map(|ward| (&ward.code, &ward.name, RegionKind::Kelurahan, ward.point, &ward.district));
    let villages = villages.iter().map(|village| {
        let kind = match village.kind {
            VillageKind::Desa => RegionKind::Desa,
            VillageKind::Kelurahan => RegionKind::Kelurahan,
        };
        (&village.code, &village.name, kind, village.point, &village.district)
    });
    for (code, name, kind, point, district) in wards.chain(villages) {
        let district_code = code.rsplit_once('.').map_or("", |(parent, _)| parent);
        let regency_code = district_code.rsplit_once('.').map_or("", |(parent, _)| parent);
        let zone = zones.get(regency_code).copied();
        regions.insert(code.clone(), Region::new(code, name, kind, Some(point), zone)?);
        if !regions.contains_key(district_code) {
            let region = Region::new(district_code, district, RegionKind::Kecamatan, None, zone)?;
            regions.insert(district_code.to_owned(), region);
        }
    }
    Ok(regions.into_values().collect())
}

fn new_commodity(seed: &commodities::Commodity, units: &[SeedUnit]) -> Result<NewCommodity, AppError> {
    let price = |e4| UnitPrice::from_e4(e4).map_err(AppError::internal);
    Ok(NewCommodity {
        code: seed.code.clone(),
        name_id: seed.name_id.clone(),
        name_en: seed.name_en.clone(),
        category: category(seed.group),
        base_unit: seed.base_unit,
        grams_per_thousand: grams_per_thousand(seed, units)?,
        storage: if seed.needs_cold_chain { Storage::Cold } else { Storage::Ambient },
        price_floor: price(seed.price_floor_e4)?,
        price_typical: price(seed.price_typical_e4)?,
        price_ceiling: price(seed.price_ceiling_e4)?,
        units: units.iter().filter_map(|unit| usable_unit(seed, unit)).collect(),
        reference_prices: reference_prices(seed)?,
    })
}

fn category(group: Group) -> Category {
    match group {
        Group::Sembako => Category::Sembako,
        Group::Protein => Category::Protein,
        Group::Vegetable => Category::Vegetable,
        Group::Fruit => Category::Fruit,
        Group::Spice => Category::Spice,
        Group::Dairy => Category::Dairy,
        Group::Fuel => Category::Fuel,
        Group::Other => Category::Other,
    }
}

/// Mass of 1,000 base units: of pieces from the weight of one, of litres from how many of them weigh a kilogram.
fn grams_per_thousand(seed: &commodities::Commodity, units: &[SeedUnit]) -> Result<i64, AppError> {
    match seed.base_unit {
        BaseUnit::Gram => Ok(1_000),
        // Milligrams of one piece are grams of a thousand.
        BaseUnit::Piece => seed.piece_weight_mg.filter(|weight| *weight > 0).ok_or_else(|| {
            AppError::internal(format!("commodities.csv: {} is sold by the piece and has no weight", seed.code))
        }),
        BaseUnit::Millilitre => {
            let kilogram = units
                .iter()
                .find(|unit| unit.commodity.as_ref() == Some(&seed.code) && unit.unece_code.as_deref() == Some("KGM"));
            let grams = kilogram.map(|unit| div_half_even(1_000 * 1_000 * 1_000, i128::from(unit.factor_milli)));
            Ok(grams.and_then(|grams| i64::try_from(grams).ok()).unwrap_or(WATER_GRAMS_PER_LITRE))
        }
    }
}

/// The unit, if this commodity may be entered in it: general measures, packs the commodity names, and units of its own.
///
/// A unit that is not a whole number of base units (an egg of 62.5 g) is left out: quantities are exact.
fn usable_unit(seed: &commodities::Commodity, unit: &SeedUnit) -> Option<Unit> {
    let wanted =
        unit.commodity.is_some() || unit.dimension != Dimension::Package || seed.pack_units.contains(&unit.code);
    if !wanted || !unit.fits(&seed.code, seed.base_unit) {
        return None;
    }
    Some(Unit {
        code: unit.code.clone(),
        name_id: unit.name_id.clone(),
        name_en: unit.name_en.clone(),
        unece_code: unit.unece_code.clone().unwrap_or_default(),
        base_units: unit.base_units()?,
    })
}

fn reference_prices(seed: &commodities::Commodity) -> Result<Vec<ReferencePrice>, AppError> {
    let Some(reference) = &seed.reference else {
        return Ok(Vec::new());
    };
    let kind = match reference.kind {
        SeedReferenceKind::Het => ReferenceKind::Het,
        SeedReferenceKind::Hap => ReferenceKind::Hap,
        // A ceiling set by a regency, of which the table holds no number.
        SeedReferenceKind::LocalHet => return Ok(Vec::new()),
    };
    let zones = RiceZone::ALL.into_iter().zip(reference.zones_e4);
    zones
        .filter_map(|(zone, e4)| Some((zone, e4?)))
        .map(|(zone, e4)| {
            Ok(ReferencePrice {
                zone,
                kind,
                price: UnitPrice::from_e4(e4).map_err(AppError::internal)?,
                regulation: reference.regulation.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded() -> (SeedFacts, BTreeMap<String, NewCommodity>) {
        let facts = SeedFacts::read().unwrap();
        let all = facts.commodities.iter().map(|seed| new_commodity(seed, &facts.units).unwrap());
        let all = all.map(|commodity| (commodity.code.clone(), commodity)).collect();
        (facts, all)
    }

    #[test]
    fn every_region_but_a_province_lies_in_a_region() {
        let (facts, _) = loaded();
        let all = regions(&facts, &villages::read().unwrap()).unwrap();
        let codes: std::collections::BTreeSet<&str> = all.iter().map(Region::code).collect();
        assert_eq!(codes.len(), all.len());
        for region in &all {
            assert_eq!(region.parent_code().is_none(), region.kind() == RegionKind::Province);
            assert!(region.parent_code().is_none_or(|parent| codes.contains(parent)), "{}", region.code());
        }
        let of = |kind| all.iter().filter(|region| region.kind() == kind).count();
        assert_eq!(of(RegionKind::Kabupaten) + of(RegionKind::Kota), 514);
        assert_eq!(of(RegionKind::Desa) + of(RegionKind::Kelurahan), 8_494 + 150);
    }

    #[test]
    fn every_commodity_can_be_entered_in_its_pricing_unit_and_its_packs() {
        let (facts, all) = loaded();
        for seed in &facts.commodities {
            let commodity = &all[&seed.code];
            let one = commodity.base_unit.per_pricing_unit();
            assert!(commodity.units.iter().any(|unit| unit.base_units == one), "{}", seed.code);
            let packs = seed.pack_units.iter().filter(|code| {
                let unit = facts.unit(code).unwrap();
                unit.base_units().is_some()
            });
            for pack in packs {
                assert!(commodity.units.iter().any(|unit| unit.code == *pack), "{} {pack}", seed.code);
            }
        }
    }

    #[test]
    fn mass_follows_from_the_tables() {
        let (_, all) = loaded();
        assert_eq!(all["beras_medium"].grams_per_thousand, 1_000);
        // 1.107 l of palm oil weigh a kilogram.
        assert_eq!(all["minyakita"].grams_per_thousand, 903);
        assert_eq!(all["kelapa"].grams_per_thousand, 600_000);
    }

    #[test]
    fn an_egg_is_no_unit_but_a_tray_is() {
        let (_, all) = loaded();
        let codes: Vec<&str> = all["telur_ayam"].units.iter().map(|unit| unit.code.as_str()).collect();
        assert!(codes.contains(&"tray30") && !codes.contains(&"butir_telur"), "{codes:?}");
        assert!(!codes.contains(&"karung50"), "{codes:?}");
    }
}
