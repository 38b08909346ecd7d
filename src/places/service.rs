//! Making and finding places and regions. One function per verb, one transaction each.

use super::errors::PlaceError;
use super::store;
use super::types::{Place, Region};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::parties;
use crate::scope::Scope;
use crate::values::Coordinates;
use std::collections::{BTreeMap, BTreeSet};

/// A place to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlace {
    /// Whose it is.
    pub organisation_id: i64,
    /// The region it lies in, where known.
    pub region_code: Option<String>,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub coordinates: Coordinates,
}

impl NewPlace {
    fn with_id(self, id: i64) -> Place {
        Place {
            id,
            organisation_id: self.organisation_id,
            region_code: self.region_code,
            name: self.name,
            coordinates: self.coordinates,
            version: 1,
        }
    }
}

/// Makes a place; refused if the organisation or region is unknown, or the organisation has a place of this name.
pub fn create(work: &mut Work<'_>, new: NewPlace) -> Result<Place, AppError> {
    check_references(work.connection, work.scope, std::slice::from_ref(&new))?;
    if store::find_place_by_name(work.connection, work.scope, new.organisation_id, &new.name)?.is_some() {
        return Err(PlaceError::PlaceExists.into());
    }
    let place = new.with_id(work.new_id());
    insert(work, std::slice::from_ref(&place))?;
    Ok(place)
}

/// The organisation's place of this name, made if missing: safe to repeat. An existing place stays as it is.
pub fn create_once(work: &mut Work<'_>, new: NewPlace) -> Result<Place, AppError> {
    match store::find_place_by_name(work.connection, work.scope, new.organisation_id, &new.name)? {
        Some(place) => Ok(place),
        None => create(work, new),
    }
}

/// The organisations' places of these names, in the order given, made where missing: safe to repeat.
pub fn create_many(work: &mut Work<'_>, new: Vec<NewPlace>) -> Result<Vec<Place>, AppError> {
    check_references(work.connection, work.scope, &new)?;
    let owners: BTreeSet<i64> = new.iter().map(|place| place.organisation_id).collect();
    let owners: Vec<i64> = owners.into_iter().collect();
    let existing = store::list_places_of_organisations(work.connection, work.scope, &owners)?;
    let mut by_name: BTreeMap<(i64, String), Place> =
        existing.into_iter().map(|place| ((place.organisation_id, place.name.clone()), place)).collect();
    let (mut made, mut all) = (Vec::new(), Vec::with_capacity(new.len()));
    for place in new {
        let key = (place.organisation_id, place.name.clone());
        let place = by_name.entry(key).or_insert_with(|| {
            let place = place.with_id(work.new_id());
            made.push(place.clone());
            place
        });
        all.push(place.clone());
    }
    insert(work, &made)?;
    Ok(all)
}

fn insert(work: &mut Work<'_>, places: &[Place]) -> Result<(), AppError> {
    store::insert_places(work.connection, places, work.now)?;
    let changes: Vec<_> = places
        .iter()
        .map(|place| Change {
            subject: "places",
            subject_id: place.id,
            event: "created",
            new: &place.name,
            ..Change::default()
        })
        .collect();
    work.record_all(&changes)
}

/// Notes every organisation that is unknown or not looked after, and every unknown region; pointers have an index only when there are several places.
fn check_references(connection: &mut DbConnection, scope: &Scope, new: &[NewPlace]) -> Result<(), AppError> {
    let owners: BTreeSet<i64> = new.iter().map(|place| place.organisation_id).collect();
    let owners: Vec<i64> = owners.into_iter().collect();
    let known = parties::service::looked_after(connection, scope, &owners)?;
    let mut regions: BTreeMap<&str, bool> = BTreeMap::new();
    let mut checks = Checks::default();
    for (index, place) in new.iter().enumerate() {
        let prefix = if new.len() > 1 { format!("/{index}") } else { String::new() };
        if !known.contains(&place.organisation_id) {
            checks.add(&format!("{prefix}/organisation_id"), CommonError::NotFound);
        }
        let Some(code) = place.region_code.as_deref() else {
            continue;
        };
        let is_known = match regions.get(code) {
            Some(is_known) => *is_known,
            None => store::find_region(connection, code)?.is_some(),
        };
        regions.insert(code, is_known);
        if !is_known {
            checks.add(&format!("{prefix}/region_code"), PlaceError::RegionUnknown);
        }
    }
    checks.finish()
}

/// A place of one's own organisation, or of one that one looks after; any other is answered as if it did not exist.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Place, AppError> {
    store::find_place(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// Places of one organisation after an id, by id; one that is not looked after is answered as if it did not exist.
pub fn list_of_organisation(
    connection: &mut DbConnection,
    scope: &Scope,
    organisation_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Place>, AppError> {
    parties::service::get_looked_after(connection, scope, organisation_id)?;
    store::list_places_of_organisation(connection, scope, organisation_id, after, limit)
}

/// The places with these ids that can be seen, in no particular order.
pub fn list_by_ids(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<Vec<Place>, AppError> {
    store::list_places_by_ids(connection, scope, ids)
}

/// Adds the regions that are missing and answers how many that were: safe to repeat. Existing regions stay as they are.
///
/// Every region's parent must exist or be among those given.
pub fn load_regions(work: &mut Work<'_>, regions: &[Region]) -> Result<usize, AppError> {
    let known = store::list_region_codes(work.connection)?;
    let missing: BTreeMap<&str, &Region> =
        regions.iter().filter(|region| !known.contains(region.code())).map(|region| (region.code(), region)).collect();
    let orphan = missing.values().find(|region| {
        region.parent_code().is_some_and(|parent| !known.contains(parent) && !missing.contains_key(parent))
    });
    if let Some(orphan) = orphan {
        return Err(AppError::refused_with(PlaceError::RegionUnknown, orphan.code()));
    }
    if missing.is_empty() {
        return Ok(0);
    }
    // A parent's code is shorter than its child's, so this order satisfies the foreign key in every batch.
    let mut missing: Vec<&Region> = missing.into_values().collect();
    missing.sort_by_key(|region| region.code().len());
    store::insert_regions(work.connection, &missing)?;
    let new = format!("{} regions", missing.len());
    work.record(Change { subject: "regions", event: "loaded", new: &new, ..Change::default() })?;
    Ok(missing.len())
}

/// A region, if there is one under this code.
pub fn find_region(connection: &mut DbConnection, code: &str) -> Result<Option<Region>, AppError> {
    store::find_region(connection, code)
}

/// A region.
pub fn get_region(connection: &mut DbConnection, code: &str) -> Result<Region, AppError> {
    find_region(connection, code)?.ok_or_else(|| CommonError::NotFound.into())
}

/// The regions directly under `parent`, by code; the provinces where there is no parent.
pub fn list_regions(connection: &mut DbConnection, parent: Option<&str>) -> Result<Vec<Region>, AppError> {
    store::list_regions(connection, parent)
}
