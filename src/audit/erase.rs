//! Forgetting: the texts of entries about a person go, their leaves stay, and the log says so.

use super::{Change, Work, store};
use crate::error::AppError;

/// Blanks every entry about a record and announces each; answers how many there were. The announcement names the entry by
/// number and gives the reason, which must not be personal itself.
pub fn forget(work: &mut Work<'_>, subject: &str, subject_id: i64, reason: &str) -> Result<usize, AppError> {
    let ids = store::texts_about(work.connection, subject, subject_id)?;
    for id in &ids {
        store::blank(work.connection, *id)?;
        work.record(Change {
            subject: "audit_entries",
            subject_id: *id,
            event: "erased",
            reason,
            ..Change::default()
        })?;
    }
    Ok(ids.len())
}
