//! The open record of a published round: an OCDS 1.1 release package (Open Contracting Data Standard) with the extensions for
//! lots and bids.
//!
//! | file | holds |
//! |---|---|
//! | `gather` | what a published round came to, read across domains |
//! | `package` | the same as a release package; pure |
//! | `api` | the public address of the package |
//!
//! A round is one contracting process. Amounts are whole rupiah, quantities base units with their UN/ECE code: nothing is a
//! fraction, so nothing is rounded. What losing bids asked is nobody's affair: bids are listed without their value.

pub mod api;
pub mod gather;
pub mod package;
mod store;

use crate::db::DbConnection;
use crate::error::AppError;
use crate::scope::Scope;

/// The release package of a published round, on a server that is reached at `base`; any other round looks like a missing one.
pub fn release_package(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    base: &str,
) -> Result<serde_json::Value, AppError> {
    let published = gather::gather(connection, scope, round_id)?;
    Ok(package::package(&published, &format!("{base}/api/v1/rounds/{round_id}/ocds")))
}
