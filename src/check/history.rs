//! Histories: the audit log of a record is a legal path through its state table, and ends where the record is.

use super::Session;
use super::lifecycle::{self, Lifecycle};
use super::store::{self, HistoryRow};
use crate::error::AppError;
use std::collections::BTreeMap;

/// Records whose audit entries carry the status before and after: the table, and with which events they begin in which status.
const REPLAYED: [(&str, &[Birth]); 2] =
    [("rounds", &[("created", "collecting")]), ("orders", &[("issued", "issued"), ("held", "held")])];

/// A first event and the status that it leaves.
type Birth = (&'static str, &'static str);

pub(super) fn legal(session: &mut Session<'_>) -> Result<(), AppError> {
    for life in lifecycle::all() {
        let Some((_, born)) = REPLAYED.iter().find(|(subject, _)| *subject == life.subject) else {
            continue;
        };
        let mut ends = replay(session, &life, born)?;
        for (id, status) in store::statuses(session.connection, life.subject)? {
            match ends.remove(&id) {
                None => session.found(life.subject, id, "has no history in the audit log"),
                Some(end) if end != status => {
                    session.found(life.subject, id, format!("is {status}, its history ends at {end}"));
                }
                Some(_) => {}
            }
        }
        for id in ends.into_keys() {
            session.found(life.subject, id, "has a history, but does not exist");
        }
    }
    Ok(())
}

/// Where each record's history ends.
fn replay(session: &mut Session<'_>, life: &Lifecycle, born: &[Birth]) -> Result<BTreeMap<i64, String>, AppError> {
    let mut ends: BTreeMap<i64, String> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = store::history(session.connection, life.subject, after)?;
        let Some(last) = page.last() else { return Ok(ends) };
        after = last.id;
        for entry in page {
            if let Some(what) = wrong(life, born, ends.get(&entry.subject_id).map(String::as_str), &entry) {
                session.found(life.subject, entry.subject_id, what);
            }
            if entry.member_id.is_none() {
                session.found("audit_entries", entry.id, "names nobody who did it");
            }
            ends.insert(entry.subject_id, entry.new_value);
        }
    }
}

fn wrong(life: &Lifecycle, born: &[Birth], before: Option<&str>, entry: &HistoryRow) -> Option<String> {
    let HistoryRow { event, old_value, new_value, .. } = entry;
    let legal = match before {
        None => born.contains(&(event.as_str(), new_value.as_str())),
        Some(before) => old_value == before && life.next(before, event) == Some(new_value),
    };
    let before = before.unwrap_or("nothing");
    (!legal).then(|| format!("step '{event}' from '{old_value}' to '{new_value}' cannot follow {before}"))
}

pub(super) fn two_people(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::approvals(session.connection)? {
        let same = row.proposer == row.approver;
        if row.proposed_by.is_none() || row.approved_by.is_none() || same {
            session.found("rounds", row.id, "was not computed and approved by two different people");
        }
    }
    Ok(())
}
