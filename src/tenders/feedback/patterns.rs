//! Looks for patterns in the opened bids of a call, and of those before it for the same goods and area.

use super::answers;
use super::screens::{self, Priced, Screen};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::scope::Scope;
use crate::tenders::bids::{self, BidDocument};
use crate::tenders::calls::{self, Call, Lot};
use crate::values::UnitPrice;
use std::collections::{BTreeMap, BTreeSet};

/// Most calls that are looked back on.
const MOST_CALLS: i64 = 24;

/// What the valid bids of a call say, by lot, and what each lot's bidders were awarded by the newest plan.
#[derive(Debug, Default)]
struct Opened {
    prices: BTreeMap<i64, Vec<Priced>>,
    awarded: BTreeMap<i64, BTreeMap<i64, i64>>,
}

/// Lots of a call with a pattern (those who run or observe the market, once the bids are open).
pub fn of_call(
    connection: &mut DbConnection,
    scope: &Scope,
    call_id: i64,
) -> Result<BTreeMap<i64, Vec<Screen>>, AppError> {
    let call = calls::service::get(connection, scope, call_id)?;
    let opened = read(connection, scope, call.id)?;
    let mut found = screens::of_lots(&opened.prices);
    let before = history(connection, scope, &call)?;
    for lot in calls::service::lots(connection, scope, call.id)? {
        if screens::is_rotation(&turns(&lot, &before)) {
            found.entry(lot.number).or_default().push(Screen::Rotation);
        }
    }
    Ok(found)
}

fn read(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Opened, AppError> {
    let mut opened = Opened::default();
    for bid in bids::service::list_of_call(connection, scope, call_id)? {
        let opening = bids::service::opening(connection, scope, bid.id)?.filter(|opening| opening.is_valid);
        let Some(document) = opening.and_then(|found| BidDocument::from_json(found.document.as_bytes()).ok()) else {
            continue;
        };
        for line in document.lines {
            if let Ok(price) = UnitPrice::parse(&line.price) {
                let priced = Priced { bidder_id: bid.bidder_id, price_e4: price.e4() };
                opened.prices.entry(line.lot).or_default().push(priced);
            }
        }
        for answer in answers::of_bid(connection, scope, bid.id)?.into_iter().filter(|answer| answer.awarded > 0) {
            opened.awarded.entry(answer.lot).or_default().insert(bid.bidder_id, answer.awarded);
        }
    }
    Ok(opened)
}

/// This call and those opened before it in its market, oldest first.
fn history(connection: &mut DbConnection, scope: &Scope, call: &Call) -> Result<Vec<(Vec<Lot>, Opened)>, AppError> {
    let mut found = Vec::new();
    for one in calls::service::list_opened_until(connection, scope, call, MOST_CALLS)? {
        found.push((calls::service::lots(connection, scope, one.id)?, read(connection, scope, one.id)?));
    }
    found.reverse();
    Ok(found)
}

/// Who bid for goods and area of a lot in each call that put them out, and who was awarded most.
fn turns(lot: &Lot, calls: &[(Vec<Lot>, Opened)]) -> Vec<(BTreeSet<i64>, i64)> {
    let turn = |(lots, opened): &(Vec<Lot>, Opened)| {
        let is_same = |one: &&Lot| one.terms.commodity_id == lot.terms.commodity_id && one.terms.area == lot.terms.area;
        let number = lots.iter().find(is_same)?.number;
        let who = opened.prices.get(&number)?.iter().map(|priced| priced.bidder_id).collect();
        let most = opened.awarded.get(&number)?.iter().max_by_key(|(bidder, awarded)| (**awarded, -**bidder))?;
        Some((who, *most.0))
    };
    calls.iter().filter_map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenders::calls::types::LotTerms;
    use crate::values::{CertificateSet, Day, DayRange, Quantity};

    fn lot(number: i64, commodity_id: i64) -> Lot {
        let day = Day::parse("2026-01-12").unwrap();
        let terms = LotTerms {
            commodity_id,
            area: vec!["32.71.01".to_owned()],
            area_name: "Timur".to_owned(),
            days: DayRange::new(day, day).unwrap(),
            quantity: Quantity::new(1_000).unwrap(),
            pack: Quantity::new(10).unwrap(),
            points: 1,
            steps: Vec::new(),
            requirements: CertificateSet::parse("").unwrap(),
            price_ceiling: None,
        };
        Lot { id: number, call_id: 1, number, terms }
    }

    /// A call in which these three bid for lot 2, and one of them was awarded more than another.
    fn call(winner: i64) -> (Vec<Lot>, Opened) {
        let priced = |bidder_id: i64| Priced { bidder_id, price_e4: 100 + bidder_id };
        let awarded = BTreeMap::from([(winner, 700), (winner % 3 + 1, 300)]);
        let opened = Opened {
            prices: BTreeMap::from([(2, vec![priced(1), priced(2), priced(3)])]),
            awarded: BTreeMap::from([(2, awarded)]),
        };
        (vec![lot(1, 8), lot(2, 9)], opened)
    }

    #[test]
    fn winners_in_turn_over_calls_are_seen_and_others_are_not() {
        let calls = |winners: &[i64]| winners.iter().map(|winner| call(*winner)).collect::<Vec<_>>();
        let rice = lot(5, 9);
        assert_eq!(turns(&rice, &calls(&[3, 1])), [(BTreeSet::from([1, 2, 3]), 3), (BTreeSet::from([1, 2, 3]), 1)]);
        assert!(screens::is_rotation(&turns(&rice, &calls(&[1, 2, 3, 1]))));
        assert!(!screens::is_rotation(&turns(&rice, &calls(&[1, 2, 2, 1]))));
        // Other goods have no history of bids.
        assert!(turns(&lot(5, 8), &calls(&[1, 2, 3])).is_empty());
    }
}
