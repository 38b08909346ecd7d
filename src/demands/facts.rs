//! What demands are checked against, read once for all of them: no query per row.

use super::store::{self, RoundFacts};
use crate::catalog::Catalogue;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::Capability;
use crate::scope::Scope;

/// Who can need anything.
pub(super) const BUYING: [Capability; 2] = [Capability::Buyer, Capability::Kitchen];

/// A round with its market and catalogue.
#[derive(Debug)]
pub(super) struct Setting {
    pub round: RoundFacts,
    pub market: Market,
    pub catalogue: Catalogue,
}

impl Setting {
    /// Holds the round for the rest of the transaction, so that it cannot close meanwhile.
    pub fn hold(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Self, AppError> {
        let round = store::hold_round(connection, scope, round_id)?.ok_or(CommonError::NotFound)?;
        let market = markets::service::get(connection, scope, round.market_id)?;
        let catalogue = Catalogue::load(connection, market.rice_zone)?;
        Ok(Self { round, market, catalogue })
    }
}
