//! What offers are checked against, read once for all of them: no query per row.

use crate::catalog::Catalogue;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::Market;
use crate::parties::Capability;
use crate::values::{Day, Timestamp};

/// Who can sell anything.
pub(super) const SELLING: [Capability; 1] = [Capability::Seller];

/// A market with its catalogue and its calendar day.
#[derive(Debug)]
pub(super) struct Setting {
    pub market: Market,
    pub catalogue: Catalogue,
    pub today: Day,
}

impl Setting {
    /// Reads what offers in this market are checked against.
    pub fn load(connection: &mut DbConnection, market: Market, now: Timestamp) -> Result<Self, AppError> {
        Ok(Self {
            catalogue: Catalogue::load(connection, market.rice_zone)?,
            today: Day::of(now, market.time_zone.iana()),
            market,
        })
    }
}
