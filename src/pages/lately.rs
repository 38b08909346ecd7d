//! What a person sent last, as the record tells it: what can be put back with one press for a short while.
//!
//! The record says what was before, so nothing that comes from the page decides what it is put back to.

use super::stand::UNDO_S;
use crate::audit::service::{self as log, Entry, EntryFilter};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::values::Timestamp;
use serde_json::Value;

/// Why the record says that something was put back.
pub(super) const REASON: &str = "undone";

/// The entries of this person's last change to records of a kind in a market, if it was made just now; nothing where
/// somebody else changed one later, or where the change was itself an undoing. `most` bounds what one change touches.
pub(super) fn last(
    connection: &mut DbConnection,
    scope: &Scope,
    (actor, now): (&Actor, Timestamp),
    (market_id, subject, most): (i64, &'static str, usize),
) -> Result<Vec<Entry>, AppError> {
    let filter = EntryFilter { market_id, subject: Some(subject), before: i64::MAX, limit: most };
    let mut entries = log::list_entries(connection, scope, &filter)?;
    let at = entries.first().map_or(0, |entry| entry.at);
    let is_own = |entry: &Entry| entry.organisation_id == Some(actor.organisation_id);
    entries.retain(|entry| entry.at == at && is_own(entry));
    let is_mine = entries.iter().all(|entry| entry.member_id == Some(actor.member_id) && entry.reason != REASON);
    let is_fresh = at >= now.plus_seconds(-UNDO_S).as_micros();
    Ok(if is_mine && is_fresh { entries } else { Vec::new() })
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
