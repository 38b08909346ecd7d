//! Who bids, and who opens: wholesalers at the real supply places around the city, and three officers of the operator.

use super::super::load::{self, Loaded};
use super::super::scenario::Scenario;
use crate::audit::Work;
use crate::error::AppError;
use crate::parties::service::NewOrganisation;
use crate::parties::{self, Actor, Capability, Class, OrganisationStatus, Role};
use crate::places::service::NewPlace;
use crate::seed::certificates::meaning;
use crate::seed::{Archetype, SeedFacts, SupplierClass, SupplyPlace};
use crate::values::CertificateSet;
use crate::values::draw::Draw;
use crate::{markets, places};

/// Kinds of wholesalers that bid, each as often as it stands here.
const BIDDERS: [&str; 16] = [
    "distributor_sembako",
    "distributor_sembako",
    "distributor_sembako",
    "agen_minyakita",
    "pabrik_minyak",
    "pabrik_gula",
    "id_food",
    "penggilingan_padi",
    "penggilingan_padi",
    "importir_daging_beku",
    "rpa_ayam",
    "rpa_ayam",
    "koperasi_produsen",
    "koperasi_produsen",
    "peternak_telur",
    "pasar_induk",
];
/// A bidder stands this far from the named place, in millionths of a degree.
const SPREAD_E6: i64 = 5_000;

/// A wholesaler who bids.
pub(super) struct Bidder {
    /// Sells for it.
    pub actor: Actor,
    /// Where its goods leave from.
    pub place_id: i64,
    /// What it is.
    pub archetype: Archetype,
    /// Papers it holds.
    pub certificates: CertificateSet,
}

/// Registers the wholesalers and lets them join the market.
pub(super) fn bidders(
    work: &mut Work<'_>,
    loaded: &Loaded,
    scenario: &Scenario,
    facts: &SeedFacts,
) -> Result<Vec<Bidder>, AppError> {
    let mut draw = Draw::new(scenario.seed, "bidders");
    let mut bidders = Vec::with_capacity(BIDDERS.len());
    for (code, number) in BIDDERS.iter().zip(1..) {
        let archetype = facts.archetype(code).ok_or_else(|| AppError::internal(format!("no archetype {code}")))?;
        bidders.push(bidder(work, loaded, (scenario, facts), (archetype, number), &mut draw)?);
    }
    Ok(bidders)
}

fn bidder(
    work: &mut Work<'_>,
    loaded: &Loaded,
    (scenario, facts): (&Scenario, &SeedFacts),
    (archetype, number): (&Archetype, usize),
    draw: &mut Draw,
) -> Result<Bidder, AppError> {
    let spot = spot(scenario, facts, archetype, draw).ok_or_else(|| AppError::internal("a city without places"))?;
    let organisation = parties::service::register(
        work,
        NewOrganisation {
            code: format!("GRS-{}-{number:02}", scenario.market.area_code),
            name: format!("Grosir {number}: {}, {}", archetype.name_id, spot.name),
            class: class(archetype.class),
            status: OrganisationStatus::Active,
            capabilities: [Capability::Seller].into(),
        },
    )?;
    let point = spot.point;
    let (north, east) = (draw.between(-SPREAD_E6, SPREAD_E6), draw.between(-SPREAD_E6, SPREAD_E6));
    let coordinates = crate::values::Coordinates::new(point.latitude_e6() + north, point.longitude_e6() + east);
    let region_code = load::known_region(work, &spot.village_code)?;
    let place = places::service::create(
        work,
        NewPlace {
            organisation_id: organisation.id,
            region_code,
            name: spot.name.clone(),
            coordinates: coordinates.unwrap_or(point),
        },
    )?;
    markets::service::join(work, loaded.market.id, organisation.id)?;
    Ok(Bidder {
        actor: load::person(work, &organisation, "Bagian penjualan", Role::Seller)?,
        place_id: place.id,
        archetype: archetype.clone(),
        certificates: papers(archetype),
    })
}

/// A supply place of the city for this kind, or any of the city's.
fn spot<'a>(
    scenario: &Scenario,
    facts: &'a SeedFacts,
    archetype: &Archetype,
    draw: &mut Draw,
) -> Option<&'a SupplyPlace> {
    let of_city: Vec<&SupplyPlace> =
        facts.supply_places.iter().filter(|place| place.city_slug == scenario.market.slug).collect();
    let own: Vec<&SupplyPlace> = of_city.iter().copied().filter(|place| place.archetype == archetype.code).collect();
    draw.pick(if own.is_empty() { &of_city } else { &own }).copied()
}

/// All papers that the facts name for the kind.
fn papers(archetype: &Archetype) -> CertificateSet {
    let named = archetype.certificates.iter().filter_map(|phrase| meaning(phrase));
    named.flat_map(|(certificates, _)| certificates.iter().copied()).collect()
}

fn class(class: SupplierClass) -> Class {
    match class {
        SupplierClass::Mikro => Class::Mikro,
        SupplierClass::Kecil => Class::Kecil,
        SupplierClass::Menengah => Class::Menengah,
        SupplierClass::Besar => Class::Besar,
        SupplierClass::Bumn => Class::Bumn,
        SupplierClass::Bumdes => Class::Bumdes,
        SupplierClass::Koperasi => Class::Koperasi,
        SupplierClass::Kdmp => Class::Kdmp,
    }
}

/// Three officers of the operator, two of whom open together.
pub(super) fn officers(work: &mut Work<'_>, loaded: &Loaded) -> Result<Vec<Actor>, AppError> {
    let office = parties::service::get(work.connection, work.scope, loaded.market.operator_id)?;
    ["Petugas pembuka 1", "Petugas pembuka 2", "Petugas pembuka 3"]
        .iter()
        .map(|name| load::person(work, &office, name, Role::OpeningOfficer))
        .collect()
}
