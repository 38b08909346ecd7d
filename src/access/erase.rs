//! Forgetting a person (UU 27/2022 on personal data): who they were goes, what they did stays.
//!
//! Name, number, address and secrets are overwritten, sessions and tokens end, and the texts of log entries about the person
//! are dropped together with their salts. The log stays verifiable, for its leaves hold only commitments.

use super::store::{erase as store, tokens};
use crate::audit::{Change, Work, erase};
use crate::error::AppError;
use crate::parties::people;

/// Erases the person behind an account; answers how many entries of the log forgot their texts. `reason` stays in the log.
pub fn person(work: &mut Work<'_>, account_id: i64, reason: &str) -> Result<usize, AppError> {
    let account = people::get_account(work.connection, account_id)?;
    let members = people::memberships(work.connection, account_id)?;
    for member in &members {
        tokens::revoke_of_member(work.connection, member.id, work.now)?;
    }
    let mut words = vec![account.name.clone()];
    words.extend(account.phone.map(|phone| phone.to_string()));
    words.extend(account.email.map(|email| email.to_string()));
    words.extend(members.iter().map(|member| member.name.clone()));
    for word in &words {
        store::blank_answers(work.connection, word)?;
    }
    store::blank_person(work.connection, account_id)?;
    let mut forgotten = erase::forget(work, "accounts", account_id, reason)?;
    for member in &members {
        forgotten += erase::forget(work, "members", member.id, reason)?;
    }
    work.record(Change { subject: "accounts", subject_id: account_id, event: "erased", reason, ..Change::default() })?;
    Ok(forgotten)
}
