//! What demands are checked against, read once for all of them: no query per row.

use super::store::{self, RoundFacts};
use crate::catalog::Catalogue;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError, ErrorDef};
use crate::markets::{self, Market, MarketError};
use crate::parties::{self, Capability, Organisation, PartyError};
use crate::places;
use std::collections::{BTreeSet, HashMap};

/// A round with its market and catalogue.
#[derive(Debug)]
pub(super) struct Setting {
    pub round: RoundFacts,
    pub market: Market,
    pub catalogue: Catalogue,
}

impl Setting {
    /// Holds the round for the rest of the transaction, so that it cannot close meanwhile.
    pub fn hold(connection: &mut DbConnection, round_id: i64) -> Result<Self, AppError> {
        let round = store::hold_round(connection, round_id)?.ok_or(CommonError::NotFound)?;
        let market = markets::service::get(connection, round.market_id)?;
        let catalogue = Catalogue::load(connection, market.rice_zone)?;
        Ok(Self {
            round,
            market,
            catalogue,
        })
    }
}

/// Who buys, and where their places are.
#[derive(Debug, Default)]
pub(super) struct Buyers {
    /// Whether it is a kitchen, or why it cannot post here.
    standing: HashMap<i64, Result<Standing, &'static ErrorDef>>,
    owners: HashMap<i64, i64>,
}

/// What kind of buyer an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Cooks school meals.
    Kitchen,
    /// Buys for anything else.
    Buyer,
}

impl Buyers {
    /// Reads these organisations and places.
    pub fn load(
        connection: &mut DbConnection,
        market_id: i64,
        buyer_ids: &[i64],
        place_ids: &[i64],
    ) -> Result<Self, AppError> {
        let organisations = parties::service::list_by_ids(connection, buyer_ids)?;
        let members = match buyer_ids {
            [only] if markets::service::is_member(connection, market_id, *only)? => BTreeSet::from([*only]),
            [_] => BTreeSet::new(),
            _ => markets::service::member_ids(connection, market_id)?,
        };
        let places = places::service::list_by_ids(connection, place_ids)?;
        Ok(Self {
            standing: organisations
                .iter()
                .map(|organisation| (organisation.id, standing(organisation, &members)))
                .collect(),
            owners: places.iter().map(|place| (place.id, place.organisation_id)).collect(),
        })
    }

    /// What kind of buyer it is, or why it cannot post here.
    pub fn standing(&self, buyer_id: i64) -> Result<Standing, &'static ErrorDef> {
        let unknown: &'static ErrorDef = CommonError::NotFound.def();
        self.standing.get(&buyer_id).copied().unwrap_or(Err(unknown))
    }

    /// Whether the place exists and is the buyer's.
    pub fn owns(&self, buyer_id: i64, place_id: i64) -> bool {
        self.owners.get(&place_id) == Some(&buyer_id)
    }
}

fn standing(organisation: &Organisation, members: &BTreeSet<i64>) -> Result<Standing, &'static ErrorDef> {
    if !members.contains(&organisation.id) {
        return Err(MarketError::NotAMember.def());
    }
    let is = |capability| organisation.capabilities.contains(&capability);
    let standing = match (is(Capability::Kitchen), is(Capability::Buyer)) {
        (true, _) => Standing::Kitchen,
        (false, true) => Standing::Buyer,
        (false, false) => return Err(CommonError::Forbidden.def()),
    };
    if organisation.require_active().is_err() {
        return Err(PartyError::NotActive.def());
    }
    Ok(standing)
}
