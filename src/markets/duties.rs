//! Segregation of duties, seen from trade: who decides about a market's rounds enters nothing in them.

use super::errors::MarketError;
use super::types::Market;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::{Actor, people};

/// Refuses a person who decides about rounds of the market, in whatever role they act now.
pub fn require_trader(connection: &mut DbConnection, actor: &Actor, market: &Market) -> Result<(), AppError> {
    let members = people::memberships(connection, actor.account_id)?;
    let decides = members.iter().any(|member| member.organisation_id == market.operator_id && member.role.decides());
    if decides { Err(MarketError::DeciderTrades.into()) } else { Ok(()) }
}
