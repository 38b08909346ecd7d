//! What a person sent last, as the record tells it: what can be put back with one press for a short while.
//!
//! The record says what was before, so nothing that comes from the page decides what it is put back to.

use super::stand::UNDO_S;
use crate::audit::service::{self as log, Entry};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::values::Timestamp;
use serde_json::Value;

/// Most entries looked at: more than people of one organisation write in that while.
const MOST_ENTRIES: i64 = 10_000;

/// Why the record says that something was put back.
pub(super) const REASON: &str = "undone";

/// The entries of this person's last change to records of a kind in a market, if it was made just now; nothing where a
/// colleague changed one later, or where the change was itself an undoing.
pub(super) fn last(
    connection: &mut DbConnection,
    scope: &Scope,
    (actor, now): (&Actor, Timestamp),
    (market_id, subject): (i64, &str),
) -> Result<Vec<Entry>, AppError> {
    let by = (actor.organisation_id, now.plus_seconds(-UNDO_S));
    let mut entries = log::list_since(connection, scope, by, MOST_ENTRIES)?;
    entries.retain(|entry| entry.market_id == Some(market_id) && entry.subject == subject);
    let at = entries.iter().map(|entry| entry.at).max();
    entries.retain(|entry| Some(entry.at) == at);
    let is_mine = entries.iter().all(|entry| entry.member_id == Some(actor.member_id) && entry.reason != REASON);
    Ok(if is_mine { entries } else { Vec::new() })
}

/// A whole number in a state as it was written down, such as `quantity`.
pub(super) fn amount(state: &str, name: &str) -> Option<i64> {
    let state: Value = serde_json::from_str(state).ok()?;
    state.get(name)?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_read_from_what_was_written_down() {
        let state = r#"{"status":"open","quantity":"50000","accept_up_to":"x"}"#;
        assert_eq!(amount(state, "quantity"), Some(50_000));
        assert_eq!((amount(state, "accept_up_to"), amount(state, "stock"), amount("", "quantity")), (None, None, None));
    }
}
