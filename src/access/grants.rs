//! Grants: a cooperative lets an assistant act for it.

use super::store::grants as store;
use super::types::Grant;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::{self, Capability, Role, people};
use crate::scope::Scope;
use crate::values::Timestamp;

/// The live grant on which a person may act for an organisation, if any.
pub fn find_live(
    connection: &mut DbConnection,
    account_id: i64,
    organisation_id: i64,
    now: Timestamp,
) -> Result<Option<Grant>, AppError> {
    let grants = store::list_live_of_account(connection, account_id, now)?;
    Ok(grants.into_iter().find(|grant| grant.organisation_id == organisation_id))
}

/// Whether the person belongs to an organisation that buys or sells: then assisting would be serving two masters.
pub fn trades(connection: &mut DbConnection, system: &Scope, account_id: i64) -> Result<bool, AppError> {
    let members = people::memberships(connection, account_id)?;
    let elsewhere: Vec<i64> =
        members.iter().filter(|member| member.role != Role::Assistant).map(|member| member.organisation_id).collect();
    let organisations = parties::service::list_by_ids(connection, system, &elsewhere)?;
    let trading = [Capability::Buyer, Capability::Seller, Capability::Kitchen];
    Ok(organisations.iter().any(|organisation| trading.iter().any(|kind| organisation.capabilities.contains(kind))))
}
