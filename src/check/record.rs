//! The record, and what only the order of its entries can tell.

use super::Session;
use super::report::Violation;
use super::store;
use crate::audit::verify::{self, Kept, Part};
use crate::db::migrate;
use crate::error::AppError;

/// Verifies the record once; its findings are named by the invariant they break.
pub(super) fn log(session: &mut Session<'_>) -> Result<(), AppError> {
    let mut found = verify::Report::default();
    verify::with(session.connection, &mut found, &Kept::default())?;
    for finding in found.findings {
        let invariant = match finding.part {
            Part::Rows => ROWS,
            Part::Log | Part::Kept => session.id,
        };
        session.report.add(Violation { invariant, record: finding.place, what: finding.what });
    }
    Ok(())
}

/// The invariant that rows are as recorded; [`log`] finds what breaks it in the same pass.
pub(super) const ROWS: &str = "I21";

/// Every row of a protected table has a hash to be compared with: seals exist wherever rows do.
pub(super) fn rows(session: &mut Session<'_>) -> Result<(), AppError> {
    for table in store::unsealed_tables(session.connection)? {
        session.found(table, "-", "has rows and no hash of any of them");
    }
    Ok(())
}

pub(super) fn late(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::late_demands(session.connection)? {
        session.found(
            "demands",
            row.id,
            format!("entry at leaf {} comes after its round closed at {}", row.found, row.wanted),
        );
    }
    super::sealed::late(session)
}

pub(super) fn delegations(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::acts_without_grant(session.connection)? {
        let what = format!("member {} acted for organisation {} without a grant", row.found, row.wanted);
        session.found("audit_entries", row.id, what);
    }
    Ok(())
}

pub(super) fn schema(session: &mut Session<'_>) -> Result<(), AppError> {
    for version in migrate::unknown(session.connection)? {
        session.found("__diesel_schema_migrations", version, "is not a step of this program, or a step is missing");
    }
    Ok(())
}
