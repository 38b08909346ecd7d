//! Which awards a complaint is about or still may be, and how complaints about lots stand: what orders need to hold only the lines
//! concerned.
//!
//! A line is concerned by a lot if it brings the lot's goods to a place in the lot's area on one of the lot's days, whoever won
//! it: were the complaint right, that is what could have gone another way.

use super::complaints::Verdict;
use super::store;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::places;
use crate::rounds::types::Award;
use crate::scope::Scope;
use crate::tenders::calls::{self, Lot};
use crate::values::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Places read at once.
const PAGE: usize = 1_000;

/// Lots under complaint, or whose time for complaints is not over, by award; other awards are left out.
pub fn of_awards(
    connection: &mut DbConnection,
    scope: &Scope,
    (round_id, now): (i64, Timestamp),
    awards: &[Award],
) -> Result<BTreeMap<i64, Vec<i64>>, AppError> {
    let lots = contested(connection, scope, (round_id, now))?;
    if lots.is_empty() {
        return Ok(BTreeMap::new());
    }
    let regions = regions(connection, scope, awards)?;
    let mut held = BTreeMap::new();
    for award in awards {
        let region = regions.get(&award.place_id).map_or("", String::as_str);
        let own: Vec<i64> = lots.iter().filter(|lot| concerns(lot, award, region)).map(|lot| lot.id).collect();
        if !own.is_empty() {
            held.insert(award.id, own);
        }
    }
    Ok(held)
}

/// Lots of a round about which a complaint is open or can still be made, by id.
fn contested(
    connection: &mut DbConnection,
    scope: &Scope,
    (round_id, now): (i64, Timestamp),
) -> Result<Vec<Lot>, AppError> {
    let mut open: BTreeSet<(i64, Option<i64>)> = store::list_open(connection, scope, round_id)?.into_iter().collect();
    let calls = calls::service::list_of_round(connection, scope, round_id, 0, i64::MAX)?;
    let waiting = calls.iter().filter(|call| call.complaints_until.is_some_and(|until| now < until));
    open.extend(waiting.map(|call| (call.id, None)));
    let call_ids: BTreeSet<i64> = open.iter().map(|(call_id, _)| *call_id).collect();
    let mut found = Vec::new();
    for call_id in call_ids {
        let lots = calls::service::lots(connection, scope, call_id)?;
        let is_meant = |lot: &Lot| open.contains(&(call_id, None)) || open.contains(&(call_id, Some(lot.number)));
        found.extend(lots.into_iter().filter(is_meant));
    }
    found.sort_by_key(|lot| lot.id);
    Ok(found)
}

fn regions(connection: &mut DbConnection, scope: &Scope, awards: &[Award]) -> Result<BTreeMap<i64, String>, AppError> {
    let ids: BTreeSet<i64> = awards.iter().map(|award| award.place_id).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut regions = BTreeMap::new();
    for part in ids.chunks(PAGE) {
        let places = places::service::list_by_ids(connection, scope, part)?;
        regions.extend(places.into_iter().map(|place| (place.id, place.region_code.unwrap_or_default())));
    }
    Ok(regions)
}

fn concerns(lot: &Lot, award: &Award, region: &str) -> bool {
    let terms = &lot.terms;
    let is_inside = terms.area.is_empty() || terms.area.iter().any(|area| places::lies_in(region, area));
    terms.commodity_id == award.commodity_id
        && terms.days.first() <= award.day
        && award.day <= terms.days.last()
        && is_inside
}

/// How complaints about some lots stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// One is open, or can still be made.
    Open,
    /// There is none, and the time for them is over.
    Undisputed,
    /// None is open, and this member upheld one since the time asked about.
    Upheld(i64),
    /// None is open and none was upheld; this member dismissed the last.
    Dismissed(i64),
}

/// How complaints about these lots stand at `now`; answers count that were given at or after `since`.
pub fn standing(
    connection: &mut DbConnection,
    scope: &Scope,
    lot_ids: &[i64],
    (since, now): (Timestamp, Timestamp),
) -> Result<Standing, AppError> {
    let (mut upheld, mut dismissed) = (None, None);
    for (verdict, answered) in store::list_about(connection, scope, lot_ids)? {
        match (Verdict::parse(&verdict), answered) {
            (Some(Verdict::Upheld), Some((by, at))) if at >= since => upheld = Some(by),
            (Some(Verdict::Upheld), _) => {}
            (Some(Verdict::Dismissed), Some((by, _))) => dismissed = Some(by),
            _ => return Ok(Standing::Open),
        }
    }
    if let Some(by) = upheld {
        return Ok(Standing::Upheld(by));
    }
    let until = calls::store::find_last_complaint(connection, scope, lot_ids)?;
    if until.is_some_and(|until| now < until) {
        return Ok(Standing::Open);
    }
    Ok(dismissed.map_or(Standing::Undisputed, Standing::Dismissed))
}
