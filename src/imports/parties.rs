//! Rows of organisations, with a place each where one is given: checked all together, then registered all together.

use super::table::{Row, Table};
use crate::audit::Work;
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets;
use crate::parties::service::{self, NewOrganisation};
use crate::parties::{Actor, Capability, Class, Organisation, OrganisationStatus, PartyError};
use crate::places::service::{self as places, NewPlace};
use crate::places::{Place, PlaceError};
use crate::scope::Scope;
use crate::values::Coordinates;
use crate::web::text::{choice, name_text};
use std::collections::BTreeSet;

/// Most places of one organisation that are looked through.
const MOST_PLACES: i64 = 10_000;

/// A place of a row, not yet anybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PlaceEntry {
    name: String,
    region_code: Option<String>,
    coordinates: Coordinates,
}

/// One row, checked.
#[derive(Debug)]
struct Party {
    organisation: NewOrganisation,
    place: Option<PlaceEntry>,
    /// The organisation if it is registered already.
    id: Option<i64>,
    has_place: bool,
    /// Whether it belongs to the market that was named; true where none was.
    is_member: bool,
}

/// Parties that were checked and can be registered in the same transaction.
#[derive(Debug)]
pub(super) struct Prepared {
    parties: Vec<Party>,
    market_id: Option<i64>,
}

impl Prepared {
    pub fn new_count(&self) -> usize {
        self.parties.len() - self.unchanged_count()
    }

    pub fn unchanged_count(&self) -> usize {
        self.parties.iter().filter(|party| party.id.is_some() && party.has_place && party.is_member).count()
    }
}

/// Checks every row and writes nothing; only for people who set up organisations.
pub(super) fn prepare(
    work: &mut Work<'_>,
    actor: &Actor,
    market_id: Option<i64>,
    table: &Table,
    mut checks: Checks,
) -> Result<Prepared, AppError> {
    if !actor.sets_up() {
        return Err(CommonError::Forbidden.into());
    }
    let members = match market_id {
        Some(id) => {
            markets::service::get_run(work.connection, work.scope, id)?;
            Some(markets::service::member_ids(work.connection, work.scope, id)?)
        }
        None => None,
    };
    let mut parties = Vec::with_capacity(table.rows.len());
    let mut codes = BTreeSet::new();
    for row in &table.rows {
        checks.within(row.pointer());
        let (organisation, place) = (read_organisation(row, &mut checks), read_place(row, &mut checks));
        let Some(organisation) = organisation else { continue };
        if !codes.insert(organisation.code.clone()) {
            checks.add("/code", PartyError::OrganisationExists);
        }
        let (id, has_place) = compare(work.connection, work.scope, &organisation, place.as_ref(), &mut checks)?;
        let is_member = members.as_ref().is_none_or(|members| id.is_some_and(|id| members.contains(&id)));
        parties.push(Party { organisation, place, id, has_place, is_member });
    }
    checks.finish()?;
    Ok(Prepared { parties, market_id })
}

fn read_organisation(row: &Row, checks: &mut Checks) -> Option<NewOrganisation> {
    let code = name_text(checks, "/code", &row.text("code"), 64);
    let name = name_text(checks, "/name", &row.text("name"), 200);
    let class = choice(checks, "/class", Class::parse(&row.text("class").to_lowercase()), Class::words);
    let status = row.get("status").unwrap_or_else(|| OrganisationStatus::Active.word().to_owned());
    let status = choice(checks, "/status", OrganisationStatus::parse(&status), OrganisationStatus::words);
    let words = row.words("capabilities");
    if words.is_empty() {
        checks.add("/capabilities", CommonError::Required);
    }
    let capabilities =
        words.iter().filter_map(|word| choice(checks, "/capabilities", Capability::parse(word), Capability::words));
    let capabilities = capabilities.collect();
    Some(NewOrganisation { code: code?, name: name?, class: class?, status: status?, capabilities })
}

/// All of name, latitude and longitude, or none of them.
fn read_place(row: &Row, checks: &mut Checks) -> Option<PlaceEntry> {
    let keys = ["place", "latitude", "longitude"];
    if keys.iter().all(|key| row.get(key).is_none()) {
        return None;
    }
    for key in keys.iter().filter(|key| row.get(key).is_none()) {
        checks.add(&format!("/{key}"), CommonError::Required);
    }
    let name = row.get("place").and_then(|text| name_text(checks, "/place", &text, 200));
    let region_code = row.get("region_code").and_then(|code| name_text(checks, "/region_code", &code, 13));
    let north = row.get("latitude").and_then(|text| checks.ok("/latitude", Coordinates::parse(&text, "0")));
    let east = row.get("longitude").and_then(|text| checks.ok("/longitude", Coordinates::parse("0", &text)));
    let coordinates = Coordinates::new(north?.latitude_e6(), east?.longitude_e6()).ok();
    Some(PlaceEntry { name: name?, region_code, coordinates: coordinates? })
}

/// The organisation's id where it is registered, and whether its place is there too. What differs from what is
/// registered is noted: a table registers, it never changes anybody.
fn compare(
    connection: &mut DbConnection,
    scope: &Scope,
    new: &NewOrganisation,
    place: Option<&PlaceEntry>,
    checks: &mut Checks,
) -> Result<(Option<i64>, bool), AppError> {
    let region = place.and_then(|place| place.region_code.as_deref());
    if let Some(code) = region
        && places::find_region(connection, code)?.is_none()
    {
        checks.add("/region_code", PlaceError::RegionUnknown);
    }
    let Some(known) = service::find_by_code(connection, scope, &new.code)? else {
        return Ok((None, place.is_none()));
    };
    if !says_the_same(new, &known) {
        checks.add("/code", PartyError::OrganisationExists);
    }
    let Some(place) = place else { return Ok((Some(known.id), true)) };
    if service::looked_after(connection, scope, &[known.id])?.is_empty() {
        checks.add("/place", CommonError::Forbidden);
        return Ok((Some(known.id), true));
    }
    let own = places::list_of_organisation(connection, scope, known.id, 0, MOST_PLACES)?;
    let found = own.into_iter().find(|own| own.name == place.name);
    if found
        .as_ref()
        .is_some_and(|found: &Place| found.coordinates != place.coordinates || found.region_code != place.region_code)
    {
        checks.add("/place", PlaceError::PlaceExists);
    }
    Ok((Some(known.id), found.is_some()))
}

/// The status is left out: an operator may have changed it since.
fn says_the_same(new: &NewOrganisation, known: &Organisation) -> bool {
    new.name == known.name && new.class == known.class && new.capabilities == known.capabilities
}

/// Registers what was prepared.
pub(super) fn commit(work: &mut Work<'_>, prepared: &Prepared) -> Result<(), AppError> {
    let mut ids = Vec::with_capacity(prepared.parties.len());
    for party in &prepared.parties {
        let id = match party.id {
            Some(id) => id,
            None => service::register(work, party.organisation.clone())?.id,
        };
        if let Some(place) = party.place.clone().filter(|_| !party.has_place) {
            let PlaceEntry { name, region_code, coordinates } = place;
            places::create(work, NewPlace { organisation_id: id, region_code, name, coordinates })?;
        }
        ids.push(id);
    }
    if let Some(market_id) = prepared.market_id {
        markets::service::join_many(work, market_id, &ids)?;
    }
    Ok(())
}
