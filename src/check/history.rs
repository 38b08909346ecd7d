//! Histories: the audit log of a record is a legal path through its state table, and ends where the record is.
//!
//! Entries and records are read side by side, both by the record's id, so that only a page of each is held.

use super::Session;
use super::lifecycle::{self, Lifecycle};
use super::store::{self, HistoryRow, Standing};
use crate::error::AppError;

/// Records whose audit entries carry the status before and after: the table, and with which events they begin in which status.
const REPLAYED: [(&str, &[Birth]); 3] = [
    ("rounds", &[("created", "collecting")]),
    ("calls", &[("created", "draft")]),
    ("orders", &[("issued", "issued"), ("held", "held")]),
];

/// A first event and the status that it leaves.
type Birth = (&'static str, &'static str);

pub(super) fn legal(session: &mut Session<'_>) -> Result<(), AppError> {
    for life in lifecycle::all() {
        if let Some((_, born)) = REPLAYED.iter().find(|(subject, _)| *subject == life.subject) {
            replay(session, &life, born)?;
        }
    }
    Ok(())
}

/// Where the history of one record has come to.
struct Path {
    id: i64,
    status: String,
}

fn replay(session: &mut Session<'_>, life: &Lifecycle, born: &[Birth]) -> Result<(), AppError> {
    let mut standing = Standing::of(life.subject);
    let (mut path, mut after): (Option<Path>, _) = (None, (i64::MIN, i64::MIN));
    loop {
        let page = store::history(session.connection, life.subject, after)?;
        let Some(last) = page.last() else { break };
        after = (last.subject_id, last.id);
        for entry in page {
            if let Some(ended) = path.take_if(|path| path.id != entry.subject_id) {
                arrived(session, life, &mut standing, &ended)?;
            }
            if let Some(what) = wrong(life, born, path.as_ref().map(|path| path.status.as_str()), &entry) {
                session.found(life.subject, entry.subject_id, what);
            }
            if entry.member_id.is_none() && !by_the_clock(life, &entry) {
                session.found("audit_entries", entry.id, "names nobody who did it");
            }
            path = Some(Path { id: entry.subject_id, status: entry.new_value });
        }
    }
    if let Some(ended) = path {
        arrived(session, life, &mut standing, &ended)?;
    }
    while let Some((id, _)) = standing.next(session.connection)? {
        session.found(life.subject, id, "has no history in the audit log");
    }
    Ok(())
}

/// Whether a step needs nobody: calls close by the clock, and fail then where bids are too few; bidders are answered, and orders go
/// out when nobody complained in time.
fn by_the_clock(life: &Lifecycle, entry: &HistoryRow) -> bool {
    matches!((life.subject, entry.event.as_str()), ("calls", "closed" | "failed" | "told") | ("orders", "released"))
}

/// Compares the end of a path with the record itself; records before it have no history.
fn arrived(session: &mut Session<'_>, life: &Lifecycle, standing: &mut Standing, path: &Path) -> Result<(), AppError> {
    let Path { id, status: end } = path;
    while let Some((record, _)) = standing.next_below(session.connection, *id)? {
        session.found(life.subject, record, "has no history in the audit log");
    }
    match standing.next_if(session.connection, *id)? {
        None => session.found(life.subject, id, "has a history, but does not exist"),
        Some((_, status)) if status != *end => {
            session.found(life.subject, id, format!("is {status}, its history ends at {end}"));
        }
        Some(_) => {}
    }
    Ok(())
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
