//! Numbers for people have no gaps.

use super::Session;
use super::store::{self, SeriesRow};
use crate::error::AppError;

pub(super) fn orders(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::order_series(session.connection)? {
        gapless(session, "orders of organisation", &row);
    }
    let mut after = 0;
    loop {
        let page = store::order_numbers(session.connection, after)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        for row in page {
            let wanted = format!("PO-{}-{:06}", row.year, row.serial);
            if row.number != wanted {
                session.found("orders", row.id, format!("number {}, its serial says {wanted}", row.number));
            }
        }
    }
}

pub(super) fn rounds(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::round_series(session.connection)? {
        gapless(session, "rounds of market", &row);
    }
    let mut after = 0;
    loop {
        let page = store::round_numbers(session.connection, after)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        for row in page {
            let wanted = format!("-{:04}", row.serial);
            if !row.number.starts_with("R-") || !row.number.ends_with(&wanted) {
                session.found("rounds", row.id, format!("number {}, its serial is {}", row.number, row.serial));
            }
        }
    }
}

fn gapless(session: &mut Session<'_>, of: &str, row: &SeriesRow) {
    let sound = row.first == 1 && row.last == row.count && row.given == row.last;
    if !sound {
        let SeriesRow { owner, year, first, last, count, given } = row;
        session.found(of, owner, format!("in {year}: {count} numbers from {first} to {last}, {given} given out"));
    }
}
