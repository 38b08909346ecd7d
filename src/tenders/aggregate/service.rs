//! Reading a round's pooled need, and how near it is to the next pack or step.

use super::pool::{FEWEST_BUYERS, Figures, Need, Pooled, pool};
use crate::db::DbConnection;
use crate::demands::{self, Demand};
use crate::error::{AppError, CommonError};
use crate::places::{self, Place};
use crate::rounds;
use crate::scope::Scope;
use crate::tenders::calls;
use crate::tenders::state::Status;
use crate::values::{Coordinates, UnitPrice};
use std::collections::{BTreeMap, BTreeSet};

/// Parts of a district's code: province, regency, district.
const DISTRICT_PARTS: usize = 3;

/// A pooled figure with the next quantity at which something changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The figure.
    pub pooled: Pooled,
    /// Next pack or step; none where the figure is not told or no call asks for this.
    pub next: Option<Next>,
}

/// How near a figure is to the next pack or step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Pack of the lot, in base units.
    pub pack: i64,
    /// The next quantity at which bidders were asked for another price, or the next whole pack.
    pub at: i64,
    /// What is still missing.
    pub missing: i64,
    /// Whether that is a step of price rather than a pack.
    pub is_step: bool,
}

/// The open needs of a round, pooled. `system` reads everybody's demands; `viewer` decides how much of them is told.
///
/// The round must be in the viewer's sight; those who run or observe the market see every figure.
pub fn pooled(
    connection: &mut DbConnection,
    (viewer, system): (&Scope, &Scope),
    round_id: i64,
) -> Result<Vec<Progress>, AppError> {
    let round = rounds::service::get(connection, viewer, round_id)?;
    let needs = needs(connection, system, round_id)?;
    let fewest = if viewer.sees_whole(round.market_id) { 1 } else { FEWEST_BUYERS };
    let steps = steps(connection, viewer, round_id)?;
    Ok(pool(&needs, fewest).into_iter().map(|pooled| progress(pooled, &steps)).collect())
}

/// The open need of a round for one commodity in one district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaNeed {
    /// What.
    pub commodity_id: i64,
    /// Code of the district, or of the smallest region known around the places; empty where none is known.
    pub area: String,
    /// Base units.
    pub quantity: i64,
    /// Delivery points, each once.
    pub points: BTreeMap<i64, Coordinates>,
    /// Words of certificates that some of it asks for.
    pub requirements: BTreeSet<&'static str>,
}

/// The open needs of a round by commodity and district, for those who run or observe the market: what lots are made from.
pub fn by_area(
    connection: &mut DbConnection,
    (viewer, system): (&Scope, &Scope),
    round_id: i64,
) -> Result<Vec<AreaNeed>, AppError> {
    let round = rounds::service::get(connection, viewer, round_id)?;
    if !viewer.sees_whole(round.market_id) {
        return Err(CommonError::Forbidden.into());
    }
    let mut found: BTreeMap<(i64, String), AreaNeed> = BTreeMap::new();
    for need in needs(connection, system, round_id)? {
        let key = (need.commodity_id, need.area.clone());
        let one = found.entry(key).or_insert_with(|| AreaNeed {
            commodity_id: need.commodity_id,
            area: need.area.clone(),
            quantity: 0,
            points: BTreeMap::new(),
            requirements: BTreeSet::new(),
        });
        one.quantity = one.quantity.saturating_add(need.quantity);
        one.points.insert(need.place_id, need.point);
        one.requirements.extend(need.requirements.words());
    }
    Ok(found.into_values().collect())
}

fn needs(connection: &mut DbConnection, system: &Scope, round_id: i64) -> Result<Vec<Need>, AppError> {
    let demands = demands::service::list_open_of_round(connection, system, round_id)?;
    let place_ids: BTreeSet<i64> = demands.iter().map(|demand| demand.place_id).collect();
    let places = places::service::list_by_ids(connection, system, &place_ids.into_iter().collect::<Vec<_>>())?;
    let places: BTreeMap<i64, Place> = places.into_iter().map(|place| (place.id, place)).collect();
    Ok(demands.iter().filter_map(|demand| need(demand, &places)).collect())
}

fn need(demand: &Demand, places: &BTreeMap<i64, Place>) -> Option<Need> {
    let place = places.get(&demand.place_id)?;
    let region = place.region_code.as_deref().unwrap_or_default();
    Some(Need {
        commodity_id: demand.commodity_id,
        area: region.split('.').take(DISTRICT_PARTS).collect::<Vec<_>>().join("."),
        days: demand.days,
        buyer_id: demand.buyer_id,
        place_id: demand.place_id,
        point: place.coordinates,
        quantity: demand.quantity.get(),
        requirements: demand.requirements.clone(),
        ceiling_e4: demand.price_ceiling.map(UnitPrice::e4),
    })
}

/// Packs and steps of the published calls' lots, by commodity and area.
type Steps = Vec<(i64, Vec<String>, i64, Vec<i64>)>;

fn steps(connection: &mut DbConnection, viewer: &Scope, round_id: i64) -> Result<Steps, AppError> {
    let mut found = Vec::new();
    for call in calls::service::list_of_round(connection, viewer, round_id, 0, i64::MAX)? {
        if call.status != Status::Published {
            continue;
        }
        for lot in calls::service::lots(connection, viewer, call.id)? {
            found.push((lot.terms.commodity_id, lot.terms.area, lot.terms.pack.get(), lot.terms.steps));
        }
    }
    Ok(found)
}

fn progress(pooled: Pooled, steps: &Steps) -> Progress {
    let covers =
        |area: &[String]| area.is_empty() || pooled.areas.iter().all(|own| area.iter().any(|wide| own == wide));
    let lot = steps.iter().find(|(commodity, area, ..)| *commodity == pooled.commodity_id && covers(area));
    let next = pooled.figures.as_ref().zip(lot).map(|(figures, (_, _, pack, steps))| next(figures, *pack, steps));
    Progress { pooled, next }
}

fn next(figures: &Figures, pack: i64, steps: &[i64]) -> Next {
    let quantity = figures.quantity;
    let step = steps.iter().copied().find(|step| *step > quantity);
    let whole = quantity.div_euclid(pack) * pack;
    let at = step.unwrap_or(if whole == quantity { quantity } else { whole.saturating_add(pack) });
    Next { pack, at, missing: at - quantity, is_step: step.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(quantity: i64, steps: &[i64]) -> Next {
        let figures =
            Figures { quantity, buyers: 3, points: 3, requirements: BTreeMap::new(), ceiling_e4: None, spread_m: 0 };
        next(&figures, 25_000, steps)
    }

    #[test]
    fn eighteen_of_twenty_five_sacks_lack_seven_to_the_next_step() {
        let sack = 25_000;
        let steps = [10 * sack, 25 * sack, 60 * sack];
        assert_eq!(at(18 * sack, &steps), Next { pack: sack, at: 25 * sack, missing: 7 * sack, is_step: true });
        // At a step the next one counts; beyond the last, a begun sack is filled up.
        assert_eq!(at(25 * sack, &steps).at, 60 * sack);
        assert_eq!(at(60 * sack + 1, &steps), Next { pack: sack, at: 61 * sack, missing: sack - 1, is_step: false });
        assert_eq!(at(61 * sack, &steps).missing, 0);
    }
}
