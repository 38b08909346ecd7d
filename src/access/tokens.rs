//! API tokens of an organisation: a program acts as one of its members, who answers for it.

use super::errors::AccessError;
use super::secrets::{self, TOKEN_PREFIX};
use super::store::tokens as store;
use super::types::Token;
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::{self, Actor, Role, TokenScope, people};
use crate::values::Timestamp;

/// Longest life of a token.
pub const LONGEST_DAYS: i64 = 90;

/// A token to issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The member who answers for it.
    pub member_id: i64,
    /// What it is for.
    pub label: String,
    /// What it allows.
    pub scope: TokenScope,
    /// How long it works, in days.
    pub days: i64,
}

/// Issues a token; answers it and its secret, which is never stored. A member has one live token of a label, so that asking
/// again under another key makes no second one.
pub fn issue(work: &mut Work<'_>, new: &NewToken) -> Result<(Token, String), AppError> {
    let member = people::get_member(work.connection, new.member_id)?;
    store::revoke_expired(work.connection, member.id, &new.label, work.now)?;
    if store::has_live(work.connection, member.id, &new.label)? {
        return Err(AccessError::TokenExists.into());
    }
    let secret = secrets::fresh(TOKEN_PREFIX);
    let token = Token {
        id: work.new_id(),
        member_id: member.id,
        label: new.label.clone(),
        scope: new.scope,
        created_at: work.now,
        expires_at: work.now.plus_seconds(new.days.clamp(1, LONGEST_DAYS) * 24 * 3600),
    };
    store::insert(work.connection, &token, &secrets::hash(&secret), work.principal.member_id)?;
    let new = format!("{} {}", token.scope, token.label);
    work.record(Change {
        subject: "access_tokens",
        subject_id: token.id,
        event: "issued",
        new: &new,
        ..Change::default()
    })?;
    Ok((token, secret))
}

/// Makes a token useless at once: the member's own, or any of an organisation that the actor looks after.
pub fn revoke(work: &mut Work<'_>, actor: &Actor, id: i64) -> Result<(), AppError> {
    let (member_id, organisation_id) = store::find_owner(work.connection, id)?.ok_or(CommonError::NotFound)?;
    let is_manager = |work: &mut Work<'_>| -> Result<bool, AppError> {
        let theirs = parties::service::looked_after(work.connection, work.scope, &[organisation_id])?;
        Ok(actor.require_manager_of(organisation_id).is_ok() && !theirs.is_empty())
    };
    let looks_after = member_id == actor.member_id || is_manager(work)?;
    if !looks_after || !store::revoke(work.connection, id, work.now)? {
        return Err(CommonError::NotFound.into());
    }
    work.record(Change { subject: "access_tokens", subject_id: id, event: "revoked", ..Change::default() })
}

/// Makes every token of a member useless at once; the tokens do not outlive the role.
pub fn revoke_all(work: &mut Work<'_>, member_id: i64) -> Result<(), AppError> {
    if store::revoke_of_member(work.connection, member_id, work.now)? > 0 {
        work.record(Change {
            subject: "members",
            subject_id: member_id,
            event: "tokens_revoked",
            ..Change::default()
        })?;
    }
    Ok(())
}

/// Live tokens of the organisation acted for, for those who look after it.
pub fn list(
    connection: &mut DbConnection,
    actor: &Actor,
    now: Timestamp,
    page: (i64, i64),
) -> Result<Vec<Token>, AppError> {
    actor.require_own()?;
    actor.require_role(&[Role::Ketua, Role::Bendahara, Role::Pengawas, Role::Operator, Role::Admin])?;
    store::list_live(connection, actor.organisation_id, now, page)
}
