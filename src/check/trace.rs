//! Everything traces to something: lines to awards, keys to answers, records to their own organisation and market.

use super::{Session, store};
use crate::error::AppError;

pub(super) fn lines(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::awards_by_lines(session.connection)? {
        session.found("awards", row.id, format!("has {} order lines", row.found));
    }
    for row in store::lines_without_award(session.connection)? {
        session.found("order_lines", row.id, format!("its award {} does not exist", row.found));
    }
    for row in store::lines_unlike_award(session.connection)? {
        session.found("order_lines", row.id, format!("says something else than award {}", row.found));
    }
    for row in store::orders_without_lines(session.connection)? {
        session.found("orders", row.id, "has no lines");
    }
    Ok(())
}

pub(super) fn answered_keys(session: &mut Session<'_>) -> Result<(), AppError> {
    for key in store::unanswered_keys(session.connection)? {
        session.found("idempotency_keys", key, "has no stored answer");
    }
    Ok(())
}

pub(super) fn scopes(session: &mut Session<'_>) -> Result<(), AppError> {
    for (table, id, what) in store::out_of_scope(session.connection)? {
        session.found(table, id, what);
    }
    Ok(())
}
