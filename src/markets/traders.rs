//! Who trades in a market and from where, read once for many rows: no query per row.

use super::errors::MarketError;
use super::service;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError, ErrorDef};
use crate::parties::{self, Capability, Organisation, OrganisationStatus, PartyError};
use crate::places;
use crate::scope::Scope;
use std::collections::{BTreeSet, HashMap};

/// Some organisations as members of a market, and the owners of some places.
#[derive(Debug)]
pub struct Traders {
    organisations: HashMap<i64, Organisation>,
    members: BTreeSet<i64>,
    owners: HashMap<i64, i64>,
}

impl Traders {
    /// Reads these organisations and places.
    pub fn load(
        connection: &mut DbConnection,
        scope: &Scope,
        market_id: i64,
        organisation_ids: &BTreeSet<i64>,
        place_ids: &BTreeSet<i64>,
    ) -> Result<Self, AppError> {
        let ids: Vec<i64> = organisation_ids.iter().copied().collect();
        let members = match ids.as_slice() {
            [only] if service::is_member(connection, scope, market_id, *only)? => organisation_ids.clone(),
            [_] => BTreeSet::new(),
            _ => service::member_ids(connection, scope, market_id)?,
        };
        let organisations = parties::service::list_by_ids(connection, scope, &ids)?;
        let place_ids: Vec<i64> = place_ids.iter().copied().collect();
        let places = places::service::list_by_ids(connection, scope, &place_ids)?;
        Ok(Self {
            organisations: organisations.into_iter().map(|organisation| (organisation.id, organisation)).collect(),
            members,
            owners: places.into_iter().map(|place| (place.id, place.organisation_id)).collect(),
        })
    }

    /// The organisation, if it is an active member with one of the capabilities; otherwise why it cannot trade so.
    pub fn standing(&self, id: i64, any_of: &[Capability]) -> Result<&Organisation, &'static ErrorDef> {
        let organisation = self.organisations.get(&id).ok_or(CommonError::NotFound.def())?;
        if !self.members.contains(&id) {
            return Err(MarketError::NotAMember.def());
        }
        if !any_of.iter().any(|capability| organisation.capabilities.contains(capability)) {
            return Err(CommonError::Forbidden.def());
        }
        match organisation.status {
            OrganisationStatus::Active => Ok(organisation),
            _ => Err(PartyError::NotActive.def()),
        }
    }

    /// Whether the place exists and is the organisation's.
    pub fn owns(&self, organisation_id: i64, place_id: i64) -> bool {
        self.owners.get(&place_id) == Some(&organisation_id)
    }
}
