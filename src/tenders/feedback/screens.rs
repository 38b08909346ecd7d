//! Patterns of prices that an observer should look at (OECD Guidelines for Fighting Bid Rigging, 2009). Pure, in integers.
//!
//! A screen says "look here" and nothing more: it blocks nothing, and honest markets show such patterns too.

use std::collections::{BTreeMap, BTreeSet};

/// Prices closer together than this share of the lowest, in permille, are suspiciously alike.
const ALIKE_PERMILLE: i128 = 10;
/// Losers this many times closer to one another than the winner is to them look like cover.
const COVER_RATIO: i128 = 3;
/// Fewest bids for a pattern.
const FEWEST: usize = 3;
/// Fewest calls in a row for a rotation.
const FEWEST_TURNS: usize = 3;

/// What was offered for a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    /// Who.
    pub bidder_id: i64,
    /// Ten-thousandths of a rupiah per pricing unit.
    pub price_e4: i64,
}

crate::word_enum! {
    /// A pattern.
    Screen {
        /// Two bidders ask the very same price.
        SamePrice = "same_price",
        /// All prices lie within one per cent.
        TooAlike = "too_alike",
        /// The losing prices lie close together, far above the winner's.
        Cover = "cover",
        /// The same bidders win in turn, call after call.
        Rotation = "rotation",
    }
}

/// Patterns in the prices of one lot.
pub fn of_lot(prices: &[Priced]) -> Vec<Screen> {
    let mut sorted: Vec<i128> = prices.iter().map(|priced| i128::from(priced.price_e4)).collect();
    sorted.sort_unstable();
    let mut found = Vec::new();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        found.push(Screen::SamePrice);
    }
    if let ([lowest, second, ..], Some(highest)) = (sorted.as_slice(), sorted.last())
        && sorted.len() >= FEWEST
    {
        let spread = highest - lowest;
        if spread * 1_000 <= lowest * ALIKE_PERMILLE {
            found.push(Screen::TooAlike);
        }
        let (gap, losers) = (second - lowest, highest - second);
        if gap * 1_000 > lowest * ALIKE_PERMILLE && losers * COVER_RATIO < gap {
            found.push(Screen::Cover);
        }
    }
    found
}

/// Whether the winners of successive calls for the same goods, oldest first, take turns: the same bidders each time, and nobody
/// wins again before all others have.
pub fn is_rotation(calls: &[(BTreeSet<i64>, i64)]) -> bool {
    let Some((bidders, _)) = calls.first() else { return false };
    if calls.len() < FEWEST_TURNS.max(bidders.len()) || bidders.len() < 2 || calls.iter().any(|(who, _)| who != bidders)
    {
        return false;
    }
    let winners: Vec<i64> = calls.iter().map(|(_, winner)| *winner).collect();
    winners.windows(bidders.len()).all(|turn| turn.iter().collect::<BTreeSet<_>>().len() == bidders.len())
}

/// Patterns in several lots at once, by lot.
pub fn of_lots(lots: &BTreeMap<i64, Vec<Priced>>) -> BTreeMap<i64, Vec<Screen>> {
    lots.iter().map(|(lot, prices)| (*lot, of_lot(prices))).filter(|(_, found)| !found.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(prices: &[i64]) -> Vec<Screen> {
        let priced = |(bidder, price): (i64, &i64)| Priced { bidder_id: bidder, price_e4: *price };
        of_lot(&(1..).zip(prices).map(priced).collect::<Vec<_>>())
    }

    #[test]
    fn patterns_are_seen_and_honest_prices_are_not() {
        assert_eq!(lot(&[120_000, 131_000, 125_500]), []);
        assert_eq!(lot(&[120_000, 120_000, 131_000]), [Screen::SamePrice]);
        assert_eq!(lot(&[120_000, 120_500, 121_000]), [Screen::TooAlike]);
        assert_eq!(lot(&[120_000, 140_000, 141_000, 142_000]), [Screen::Cover]);
        assert_eq!(lot(&[120_000, 140_000]), []);
        assert_eq!(lot(&[]), []);
    }

    #[test]
    fn winners_in_turn_are_a_rotation() {
        let who = BTreeSet::from([1, 2, 3]);
        let calls = |winners: &[i64]| winners.iter().map(|winner| (who.clone(), *winner)).collect::<Vec<_>>();
        assert!(is_rotation(&calls(&[1, 2, 3, 1, 2])));
        assert!(is_rotation(&calls(&[3, 1, 2])));
        assert!(!is_rotation(&calls(&[1, 1, 2, 3])));
        assert!(!is_rotation(&calls(&[1, 2])));
        let mut other = calls(&[1, 2, 3]);
        other[1].0.insert(9);
        assert!(!is_rotation(&other));
    }
}
