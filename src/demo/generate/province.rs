//! A province's week: every village's cooperative of Jawa Timur asks for staples; suppliers stand in all 38 regencies.
//!
//! Differences from a city: residents of a village are the regency's, spread with chance; every cooperative asks for all
//! twenty goods of the basket; orders of a district travel together, so nobody states a minimum per line; and each
//! regency's supply of each commodity is set to a share of its own need between 85 % and 140 %, so that goods flow
//! between regencies.

use std::collections::BTreeMap;

use super::cooperatives::need;
use super::goods::{self, permille};
use super::market::{DELIVERY_DAYS, FIRST_DELIVERY_DAY};
use super::offers::{self, Minimums, Seller};
use super::suppliers::{Register, Seat};
use super::{GenerateError, commodity_index, freight};
use crate::demo::scenario::{MarketPlan, OfferPlan, OrganisationKind, OrganisationPlan, OrganisationStatus, Scenario};
use crate::seed::regencies::RegencyKind;
use crate::seed::villages::{self, VillageKind};
use crate::seed::{Regency, SeedFacts, SupplierClass, Village};
use crate::values::Certificate;
use crate::values::draw::{Draw, apportion};

const PROVINCE_CODE: &str = "35";
const SLUG: &str = "jatim";
const ROADS: &str = "jatim-kabupaten";
/// Base units a resident eats in a week; estimates like the cities' basket, with goods of twenty kinds.
const BASKET: [(&str, i64); 20] = [
    ("beras_medium", 800),
    ("beras_premium", 350),
    ("beras_sphp", 250),
    ("minyakita", 130),
    ("minyak_premium", 80),
    ("gula_pasir", 120),
    ("tepung_terigu", 60),
    ("telur_ayam", 130),
    ("garam", 40),
    ("bihun", 20),
    ("kecap_manis", 15),
    ("kacang_hijau", 12),
    ("kacang_tanah", 15),
    ("bawang_merah", 50),
    ("bawang_putih", 35),
    ("gula_merah", 20),
    ("santan", 15),
    ("ketumbar", 6),
    ("merica", 5),
    ("susu_uht_125", 1),
];
const SERVED_PERMILLE: (i64, i64) = (20, 80);
const WEEK_PERMILLE: (i64, i64) = (750, 1250);
/// How far a village's size lies from the mean of its regency.
const VILLAGE_PERMILLE: (i64, i64) = (400, 1600);
/// Supply over need of one regency and commodity, in permille.
const TARGETS_PERMILLE: [i64; 6] = [850, 1000, 1100, 1200, 1300, 1400];
/// Residents per supplier of a kind; a regency has at least one of each, of farms only where it is a kabupaten.
const RESIDENTS_PER_SUPPLIER: [(&str, i64); 15] = [
    ("bulog_gudang", 700_000),
    ("distributor_sembako", 60_000),
    ("agen_minyakita", 200_000),
    ("penggilingan_padi", 100_000),
    ("gapoktan_padi", 150_000),
    ("peternak_telur", 90_000),
    ("gapoktan_palawija", 120_000),
    ("koperasi_produsen", 300_000),
    ("distributor_susu", 200_000),
    ("pasar_induk", 250_000),
    ("bumdes", 200_000),
    ("id_food", 900_000),
    ("pabrik_gula", 1_500_000),
    ("pabrik_minyak", 3_000_000),
    ("importir_daging_beku", 3_000_000),
];
const FARMS: [&str; 5] = ["penggilingan_padi", "gapoktan_padi", "peternak_telur", "gapoktan_palawija", "bumdes"];
/// A mill of 900 km reach delivers to the whole province; routes of more than a day are left to the distributors.
const LONGEST_REACH_M: i64 = 150_000;
const SPREAD_M: i64 = 500;

/// The week of Jawa Timur: 8,494 cooperatives and about 170,000 demands.
pub fn generate_province(seed: u64) -> Result<Scenario, GenerateError> {
    let facts = SeedFacts::read()?;
    let villages = villages::read()?;
    let mut scenario = open(&facts, seed)?;
    let mut register = Register::default();
    for regency in facts.regencies.iter().filter(|regency| regency.province_code == PROVINCE_CODE) {
        let mine: Vec<&Village> = villages.iter().filter(|village| village.regency_code() == regency.code).collect();
        let need = add_cooperatives(&mut scenario, regency, &mine)?;
        add_suppliers(&facts, &mut scenario, &mut register, regency, &mine, &need)?;
    }
    Ok(scenario)
}

fn open(facts: &SeedFacts, seed: u64) -> Result<Scenario, GenerateError> {
    let roads = facts.transport_areas.iter().find(|area| area.code == ROADS);
    let roads = roads.ok_or_else(|| GenerateError::missing("transport area", ROADS))?;
    let capital = facts.regency("35.78").ok_or_else(|| GenerateError::missing("regency", "35.78"))?;
    let is_traded = |code: &str| BASKET.iter().any(|(traded, _)| *traded == code);
    let traded = facts.commodities.iter().filter(|commodity| is_traded(&commodity.code));
    Ok(Scenario {
        seed,
        market: MarketPlan {
            slug: SLUG.to_owned(),
            name: capital.province.clone(),
            operator_name: format!("Dinas Koperasi dan UKM Provinsi {}", capital.province),
            area_code: PROVINCE_CODE.to_owned(),
            point: capital.point,
            time_zone: "Asia/Jakarta",
            circuity_permille: roads.circuity_rural_permille,
            rice_het_zone: capital.rice_het_zone,
            first_delivery_day: FIRST_DELIVERY_DAY,
            delivery_days: DELIVERY_DAYS,
            freight: freight::rates(facts, roads.cost_index_permille)?,
        },
        commodities: traded.map(|commodity| goods::plan(commodity, 1000, capital.rice_het_zone)).collect(),
        organisations: Vec::new(),
        kitchens: Vec::new(),
        demands: Vec::new(),
        offers: Vec::new(),
    })
}

/// Adds a regency's cooperatives with their demands; returns the regency's need per commodity.
fn add_cooperatives(
    scenario: &mut Scenario,
    regency: &Regency,
    villages: &[&Village],
) -> Result<BTreeMap<usize, i64>, GenerateError> {
    let mut draw = Draw::new(scenario.seed, &format!("cooperatives {}", regency.code));
    let weights: Vec<i64> = villages.iter().map(|_| draw.between(VILLAGE_PERMILLE.0, VILLAGE_PERMILLE.1)).collect();
    let mut total: BTreeMap<usize, i64> = BTreeMap::new();
    for (village, residents) in villages.iter().zip(apportion(regency.population, &weights)) {
        let organisation = scenario.organisations.len();
        scenario.organisations.push(cooperative(village, residents));
        let served = permille(residents, draw.between(SERVED_PERMILLE.0, SERVED_PERMILLE.1));
        for (code, per_week) in BASKET {
            let commodity = commodity_index(scenario, code).ok_or_else(|| GenerateError::missing("commodity", code))?;
            let quantity = permille(served * per_week, draw.between(WEEK_PERMILLE.0, WEEK_PERMILLE.1));
            let demand = need(scenario, organisation, commodity, quantity, (0, DELIVERY_DAYS - 1));
            *total.entry(commodity).or_default() += demand.quantity_base;
            scenario.demands.push(demand);
        }
    }
    Ok(total)
}

fn cooperative(village: &Village, residents: i64) -> OrganisationPlan {
    let kind = match village.kind {
        VillageKind::Desa => "Desa",
        VillageKind::Kelurahan => "Kelurahan",
    };
    OrganisationPlan {
        code: format!("KMP-{}", village.code),
        name: format!("Koperasi {kind} Merah Putih {}", village.name),
        kind: OrganisationKind::Cooperative,
        status: OrganisationStatus::Active,
        buys: true,
        sells: false,
        class: Some(SupplierClass::Kdmp),
        archetype: None,
        region_code: village.code.clone(),
        place_name: village.name.clone(),
        point: village.point,
        certificates: vec![Certificate::Nib, Certificate::NikKoperasi],
        residents: Some(residents),
    }
}

/// Adds a regency's suppliers at its villages, with stocks set to the targets.
fn add_suppliers(
    facts: &SeedFacts,
    scenario: &mut Scenario,
    register: &mut Register,
    regency: &Regency,
    villages: &[&Village],
    need: &BTreeMap<usize, i64>,
) -> Result<(), GenerateError> {
    let mut draw = Draw::new(scenario.seed, &format!("suppliers {}", regency.code));
    let mut written: Vec<OfferPlan> = Vec::new();
    for (kind, residents_each) in RESIDENTS_PER_SUPPLIER {
        let archetype = facts.archetype(kind).ok_or_else(|| GenerateError::missing("archetype", kind))?;
        for _ in 0..suppliers_of(kind, residents_each, regency, &mut draw) {
            let goods = offers::assortment(scenario, archetype, None, &mut draw);
            let Some(village) = draw.pick(villages).filter(|_| !goods.is_empty()) else {
                continue;
            };
            let seat = Seat {
                archetype,
                place_name: &village.name,
                region_code: &village.code,
                point: village.point,
                spread_m: SPREAD_M,
            };
            let organisation = register.open(scenario, &seat, &mut draw);
            let seller = Seller { organisation, archetype, minimums: Minimums::Pooled };
            written.extend(offers::write(scenario, &seller, &goods, &mut draw));
        }
    }
    set_stocks(scenario, &mut written, need, &mut draw);
    scenario.offers.extend(written);
    Ok(())
}

/// One supplier for so many residents; a rest below that is one more with the chance it deserves.
fn suppliers_of(kind: &str, residents_each: i64, regency: &Regency, draw: &mut Draw) -> i64 {
    if FARMS.contains(&kind) && regency.kind == RegencyKind::City {
        return 0;
    }
    let (whole, rest) = (regency.population / residents_each, regency.population % residents_each);
    let is_everywhere = residents_each < 1_000_000;
    let count = whole + i64::from(draw.between(1, residents_each) <= rest);
    if is_everywhere { count.max(1) } else { count }
}

/// Sets the stocks of each commodity to the regency's target: whole packs, in proportion to what was drawn.
fn set_stocks(scenario: &Scenario, offers: &mut Vec<OfferPlan>, need: &BTreeMap<usize, i64>, draw: &mut Draw) {
    for (commodity, needed) in need {
        let target = permille(*needed, draw.pick(&TARGETS_PERMILLE).copied().unwrap_or(1000));
        let grid = scenario.commodities[*commodity].grid;
        let mut mine: Vec<&mut OfferPlan> = offers.iter_mut().filter(|offer| offer.commodity == *commodity).collect();
        let drawn: Vec<i64> = mine.iter().map(|offer| offer.stock_base).collect();
        for (offer, packs) in mine.iter_mut().zip(apportion(target / grid, &drawn)) {
            offer.stock_base = packs * grid;
            offer.radius_m = offer.radius_m.min(LONGEST_REACH_M);
        }
    }
    offers.retain(|offer| offer.stock_base > 0);
}
