//! Grams: what is offered, reserved, awarded and short.

use super::{Session, store};
use crate::error::AppError;

pub(super) fn oversold(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::oversold_offers(session.connection)? {
        session.found("offers", row.id, format!("{} awarded of a stock of {}", row.found, row.wanted));
    }
    Ok(())
}

pub(super) fn reserved(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::misreserved_offers(session.connection)? {
        session.found("offers", row.id, format!("{} reserved, but orders hold {}", row.found, row.wanted));
    }
    for row in store::unmoved_offers(session.connection)? {
        session.found("offers", row.id, format!("{} reserved, but movements sum to {}", row.found, row.wanted));
    }
    Ok(())
}

pub(super) fn overfilled(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::overfilled_demands(session.connection)? {
        session.found("demands", row.id, format!("{} awarded, at most {} wanted", row.found, row.wanted));
    }
    Ok(())
}

pub(super) fn conserved(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::unbalanced_demands(session.connection)? {
        session.found("demands", row.id, format!("short by {}, but {} is stated", row.wanted, row.found));
    }
    for row in store::results_of_unpublished_rounds(session.connection)? {
        session.found("rounds", row.id, format!("has {} awards and shortages, but is not published", row.found));
    }
    Ok(())
}
