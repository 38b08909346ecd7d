//! Who sells: traders at the real supply places, cooperatives with something to spare, and whoever else it takes.

use std::collections::BTreeMap;

use super::coverage::{self, Coverage};
use super::market::CityRules;
use super::offers::{self, Minimums, Seller};
use super::{GenerateError, commodity_index, names};
use crate::demo::scenario::{OrganisationKind, OrganisationPlan, OrganisationStatus, Scenario};
use crate::seed::archetypes::Archetype;
use crate::seed::certificates::{Held, meaning};
use crate::seed::{SeedFacts, SupplyPlace, Ward};
use crate::values::Certificate;
use crate::values::Coordinates;
use crate::values::draw::Draw;

/// Kinds that work on the land and so stand at the production areas around a city.
const RURAL: [&str; 10] = [
    "gapoktan_padi",
    "gapoktan_hortikultura",
    "gapoktan_palawija",
    "pekebun_buah",
    "penggilingan_padi",
    "peternak_telur",
    "pembudidaya_ikan",
    "koperasi_susu",
    "koperasi_produsen",
    "bumdes",
];
/// Kinds that stand only where such a place is among the supply places.
const TIED_TO_PLACE: [&str; 4] = ["pasar_induk", "pasar_tradisional", "nelayan_tpi", "bulog_gudang"];
/// Production areas are some kilometres wide, a market or a ward's shops some hundred metres.
const RURAL_SPREAD_M: i64 = 2_000;
const URBAN_SPREAD_M: i64 = 200;
/// Nobody settles to serve a market where it reaches less than this share of the cooperatives.
const LEAST_REACH_PERMILLE: i64 = 400;
/// Cooperatives that also sell.
const SELLING_PERMILLE: i64 = 300;
/// What the gardens and yards of a ward bring to its cooperative.
const LOCAL_PRODUCE: [&str; 6] = ["kangkung", "bayam", "sawi_hijau", "pisang", "pepaya", "kelor"];
/// Metres to millionths of a degree: 111.2 km to a degree.
const MICRO_DEGREES_PER_METRE: i64 = 9;

/// Where a seller stands.
#[derive(Clone)]
pub(super) struct Seat<'a> {
    pub archetype: &'a Archetype,
    pub place_name: &'a str,
    pub region_code: &'a str,
    pub point: Coordinates,
    pub spread_m: i64,
}

/// Opens suppliers and gives them numbers.
#[derive(Default)]
pub(super) struct Register {
    serial: usize,
    at_place: BTreeMap<(String, String), usize>,
}

impl Register {
    /// Adds the supplier of a seat to the scenario and returns its position.
    pub(super) fn open(&mut self, scenario: &mut Scenario, seat: &Seat<'_>, draw: &mut Draw) -> usize {
        self.serial += 1;
        let same = (seat.archetype.code.clone(), format!("{}{}", seat.region_code, seat.place_name));
        let number = self.at_place.entry(same).and_modify(|number| *number += 1).or_insert(1);
        scenario.organisations.push(OrganisationPlan {
            code: format!("PMS-{}-{:05}", scenario.market.area_code, self.serial),
            name: format!("{} {number}, {}", names::trade_name(&seat.archetype.code), seat.place_name),
            kind: OrganisationKind::Supplier,
            status: OrganisationStatus::Active,
            buys: false,
            sells: true,
            class: Some(seat.archetype.class),
            archetype: Some(seat.archetype.code.clone()),
            region_code: seat.region_code.to_owned(),
            place_name: seat.place_name.to_owned(),
            point: near(seat.point, seat.spread_m, draw),
            certificates: papers(seat.archetype, draw),
            residents: None,
        });
        scenario.organisations.len() - 1
    }
}

/// A made-up point at most `metres` north or south and east or west of a real one.
pub(super) fn near(point: Coordinates, metres: i64, draw: &mut Draw) -> Coordinates {
    let reach = metres * MICRO_DEGREES_PER_METRE;
    let (north, east) = (draw.between(-reach, reach), draw.between(-reach, reach));
    // Near a pole or the date line the point itself is as good as one beside it.
    Coordinates::new(point.latitude_e6() + north, point.longitude_e6() + east).unwrap_or(point)
}

/// Papers a supplier of this kind holds: those all have, and each of those some have with even chance. Sorted.
fn papers(archetype: &Archetype, draw: &mut Draw) -> Vec<Certificate> {
    let mut held = Vec::new();
    for (certificates, how) in archetype.certificates.iter().filter_map(|phrase| meaning(phrase)) {
        if how == Held::ByAll || draw.chance(500) {
            held.extend_from_slice(certificates);
        }
    }
    held.sort_unstable();
    held.dedup();
    held
}

/// Adds everybody who sells in a city, and their offers.
pub(super) fn add_city(facts: &SeedFacts, rules: &CityRules, scenario: &mut Scenario) -> Result<(), GenerateError> {
    let mut draw = Draw::new(scenario.seed, "suppliers");
    let mut register = Register::default();
    sell_from_cooperatives(facts, scenario, &mut draw)?;
    let mut coverage = Coverage::new(scenario);
    let mut cooperatives_offers = std::mem::take(&mut scenario.offers);
    coverage.admit(scenario, &mut cooperatives_offers);
    for place in facts.supply_places.iter().filter(|place| place.city_slug == rules.slug) {
        let archetype = facts.archetype(&place.archetype);
        let archetype = archetype.ok_or_else(|| GenerateError::missing("archetype", &place.archetype))?;
        for _ in 0..traders_at(&place.archetype) {
            let seat = seat_at(place, archetype);
            settle(scenario, &mut register, &seat, None, &mut coverage, &mut draw);
        }
    }
    coverage::complete(facts, rules, scenario, &mut register, &mut coverage, &mut draw);
    Ok(())
}

/// Opens a supplier with its offers, unless its kind sells nothing that is traded here.
pub(super) fn settle(
    scenario: &mut Scenario,
    register: &mut Register,
    seat: &Seat<'_>,
    must: Option<usize>,
    coverage: &mut Coverage,
    draw: &mut Draw,
) {
    let goods = offers::assortment(scenario, seat.archetype, must, draw);
    if goods.is_empty() {
        return;
    }
    let organisation = register.open(scenario, seat, draw);
    let seller = Seller { organisation, archetype: seat.archetype, minimums: Minimums::PerLine };
    let mut written = offers::write(scenario, &seller, &goods, draw);
    coverage.admit(scenario, &mut written);
}

/// Traders of one kind at a supply place.
fn traders_at(archetype: &str) -> usize {
    match archetype {
        "pasar_induk" => 8,
        "umkm_tempe_tahu" => 5,
        "nelayan_tpi" | "gapoktan_hortikultura" => 4,
        "pasar_tradisional"
        | "distributor_sembako"
        | "gapoktan_padi"
        | "gapoktan_palawija"
        | "peternak_telur"
        | "pembudidaya_ikan"
        | "pekebun_buah"
        | "penggilingan_padi" => 3,
        "rpa_ayam" => 2,
        _ => 1,
    }
}

fn seat_at<'a>(place: &'a SupplyPlace, archetype: &'a Archetype) -> Seat<'a> {
    let is_rural = RURAL.contains(&place.archetype.as_str());
    Seat {
        archetype,
        place_name: &place.name,
        region_code: &place.village_code,
        point: place.point,
        spread_m: if is_rural { RURAL_SPREAD_M } else { URBAN_SPREAD_M },
    }
}

/// A seat for one more supplier of a kind: at a place of its kind, else at a production area if it works on the land, else in
/// a ward (the more residents, the likelier). `None` where the kind has no place here.
pub(super) fn find_seat<'a>(
    facts: &'a SeedFacts,
    rules: &CityRules,
    residents: &[i64],
    archetype: &'a Archetype,
    coverage: &Coverage,
    draw: &mut Draw,
) -> Option<Seat<'a>> {
    let is_rural = RURAL.contains(&archetype.code.as_str());
    let around = facts.supply_places.iter().filter(|place| {
        let is_own = place.city_slug == rules.slug;
        let is_around = is_own || (is_rural && rules.hinterland.contains(&place.city_slug.as_str()));
        is_around && coverage.reach_permille(place.point, archetype.radius_m) >= LEAST_REACH_PERMILLE
    });
    let around: Vec<&SupplyPlace> = around.collect();
    let of_kind = around.iter().copied().filter(|place| place.archetype == archetype.code);
    let mut places: Vec<&SupplyPlace> = of_kind.collect();
    if places.is_empty() && is_rural {
        places = around.into_iter().filter(|place| RURAL.contains(&place.archetype.as_str())).collect();
    }
    if let Some(place) = draw.pick(&places) {
        let spread_m = if is_rural { RURAL_SPREAD_M } else { URBAN_SPREAD_M };
        return Some(Seat { spread_m, ..seat_at(place, archetype) });
    }
    if TIED_TO_PLACE.contains(&archetype.code.as_str()) {
        return None;
    }
    let wards: Vec<&Ward> = facts.wards.iter().filter(|ward| ward.city_slug == rules.slug).collect();
    let mut ticket = draw.between(1, residents.iter().sum());
    let chosen = wards.into_iter().zip(residents).find(|(_, people)| {
        ticket -= **people;
        ticket <= 0
    });
    chosen.map(|(ward, _)| Seat {
        archetype,
        place_name: &ward.name,
        region_code: &ward.code,
        point: ward.point,
        spread_m: URBAN_SPREAD_M,
    })
}

/// Some cooperatives sell: one staple they have to spare, which they then do not ask for, and local produce.
fn sell_from_cooperatives(facts: &SeedFacts, scenario: &mut Scenario, draw: &mut Draw) -> Result<(), GenerateError> {
    let archetype = facts.archetype("koperasi_kkmp");
    let archetype = archetype.ok_or_else(|| GenerateError::missing("archetype", "koperasi_kkmp"))?;
    let mut gardens = archetype.clone();
    (gardens.stock_min, gardens.stock_max) = (20, 160);
    (gardens.price_factor_min_permille, gardens.price_factor_max_permille) = (720, 900);
    let produce: Vec<usize> = LOCAL_PRODUCE.iter().filter_map(|code| commodity_index(scenario, code)).collect();
    let spare = archetype.commodities.iter().filter_map(|code| commodity_index(scenario, code));
    let spare: Vec<usize> = spare.collect();
    for organisation in 0..scenario.organisations.len() {
        let is_cooperative = scenario.organisations[organisation].kind == OrganisationKind::Cooperative;
        if !is_cooperative || !draw.chance(SELLING_PERMILLE) {
            continue;
        }
        scenario.organisations[organisation].sells = true;
        for (kind, goods) in [(archetype, &spare), (&gardens, &produce)] {
            let Some(commodity) = draw.pick(goods).copied() else {
                continue;
            };
            scenario.demands.retain(|demand| demand.organisation != organisation || demand.commodity != commodity);
            let seller = Seller { organisation, archetype: kind, minimums: Minimums::PerLine };
            let written = offers::write(scenario, &seller, &[commodity], draw);
            scenario.offers.extend(written);
        }
    }
    Ok(())
}
