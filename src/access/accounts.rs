//! What a person sees of their own account, and what others change about it.

use super::store::credentials;
use super::types::Grant;
use super::{grants, require_manager, sessions};
use crate::audit::Work;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::{Account, Actor, Email, Member, Phone, Role, people};
use crate::values::Timestamp;

/// A person's own account.
#[derive(Debug, Clone)]
pub struct Own {
    /// The person.
    pub account: Account,
    /// The person's roles.
    pub members: Vec<Member>,
    /// Who lets the person act for them.
    pub grants: Vec<Grant>,
    /// Whether an authenticator counts.
    pub second_factor: bool,
}

/// A person's own account.
pub fn get_own(connection: &mut DbConnection, account_id: i64, now: Timestamp) -> Result<Own, AppError> {
    Ok(Own {
        account: people::get_account(connection, account_id)?,
        members: people::memberships(connection, account_id)?,
        grants: grants::list_live(connection, account_id, now)?,
        second_factor: credentials::find(connection, account_id)?.totp_confirmed_at.is_some(),
    })
}

/// Changes what somebody else signs in with; all of that person's sessions end.
///
/// Whoever holds a number can get a code with it, so people with roles that open, approve or pay are changed only by
/// somebody with a second factor.
pub fn change_contact(
    work: &mut Work<'_>,
    actor: &Actor,
    (account_id, expected_version): (i64, i64),
    contact: (Option<Phone>, Option<Email>),
    reason: &str,
) -> Result<Account, AppError> {
    let members = people::memberships(work.connection, account_id)?;
    if members.is_empty() {
        return Err(CommonError::NotFound.into());
    }
    for member in &members {
        require_manager(work.connection, actor, member.organisation_id)?;
    }
    if members.iter().any(|member| member.role.is_guarded()) {
        actor.require_duty(&[Role::Ketua, Role::Operator, Role::Admin])?;
    }
    let account = people::get_account(work.connection, account_id)?;
    let account = people::change_contact(work, &account, expected_version, contact, reason)?;
    sessions::end_all(work, account_id)?;
    Ok(account)
}
