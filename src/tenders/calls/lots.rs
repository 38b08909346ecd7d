//! The lots of a call: read all at once, and written anew while the call is a draft.
//!
//! Once published, lots stay as they are: bids name them by number.

use super::super::state::{Event, Status};
use super::entry::{LotEntry, MOST_LOTS};
use super::service::{advance, operated, step};
use super::store::{self, Changes};
use super::types::{Call, Lot, LotTerms};
use crate::audit::Work;
use crate::catalog::Catalogue;
use crate::error::{AppError, Checks};
use crate::markets::{self, Market};
use crate::parties::Actor;
use crate::rounds::{self, Round};
use crate::tenders::TenderError;
use std::collections::BTreeSet;

/// Every lot read; notes point into `/lots`.
pub(super) fn read(
    work: &mut Work<'_>,
    market: &Market,
    round: &Round,
    entries: &[LotEntry],
    checks: &mut Checks,
) -> Result<Vec<LotTerms>, AppError> {
    if entries.is_empty() {
        checks.add("/lots", TenderError::NoLots);
    }
    if entries.len() > MOST_LOTS {
        checks.add_with("/lots", TenderError::TooManyLots, format!("≤ {MOST_LOTS}"));
        return Ok(Vec::new());
    }
    let catalogue = Catalogue::load(work.connection, market.rice_zone)?;
    let covered: BTreeSet<String> =
        rounds::service::commodities(work.connection, work.scope, round.id)?.into_iter().collect();
    let (mut seen, mut lots) = (BTreeSet::new(), Vec::with_capacity(entries.len()));
    for (index, entry) in entries.iter().enumerate() {
        checks.within(format!("/lots/{index}"));
        if !covered.is_empty() && !covered.contains(&entry.commodity) {
            checks.add("/commodity", TenderError::LotOutOfScope);
        }
        let Some(lot) = entry.read(round, &catalogue, checks) else { continue };
        if !seen.insert((lot.commodity_id, lot.area.clone(), lot.days)) {
            checks.add("", TenderError::LotRepeated);
        }
        lots.push(lot);
    }
    checks.within(String::new());
    Ok(lots)
}

/// Writes the lots of a call, numbered from 1.
pub(super) fn insert(
    work: &mut Work<'_>,
    (market_id, call_id): (i64, i64),
    lots: Vec<LotTerms>,
) -> Result<(), AppError> {
    let lots: Vec<Lot> =
        lots.into_iter().zip(1..).map(|(terms, number)| Lot { id: work.new_id(), call_id, number, terms }).collect();
    Ok(store::insert_lots(work.connection, market_id, &lots)?)
}

/// Replaces the lots of a draft.
pub fn change(
    work: &mut Work<'_>,
    actor: &Actor,
    id: i64,
    expected_version: i64,
    entries: &[LotEntry],
) -> Result<Call, AppError> {
    let call = operated(work, actor, id)?;
    let next = step(&call, Event::Change, expected_version)?;
    if next != Status::Draft {
        return Err(AppError::refused_with(TenderError::WrongState, call.status.word()));
    }
    let round = rounds::service::get(work.connection, work.scope, call.round_id)?;
    let market = markets::service::get(work.connection, work.scope, call.market_id)?;
    let mut checks = Checks::default();
    let lots = read(work, &market, &round, entries, &mut checks)?;
    checks.finish()?;
    let before = store::list_lots(work.connection, work.scope, call.id)?;
    if before.into_iter().map(|lot| lot.terms).eq(lots.iter().cloned()) {
        return Err(TenderError::NothingNew.into());
    }
    store::delete_lots(work.connection, work.scope, &call)?;
    insert(work, (call.market_id, call.id), lots)?;
    let changes = Changes { terms_version: Some(call.terms_version + 1), ..Changes::default() };
    advance(work, &call, (Event::Change, next), &changes, "lots")
}
