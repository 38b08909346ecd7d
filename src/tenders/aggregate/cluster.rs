//! Districts that lie close together, for lots that one truck can serve. Pure.

use crate::values::Coordinates;
use std::collections::BTreeMap;

/// A district with the delivery points in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Its code.
    pub area: String,
    /// The middle of its delivery points.
    pub middle: Coordinates,
    /// How many they are.
    pub points: usize,
}

impl Spot {
    /// A district around its delivery points; `None` without any.
    pub fn around(area: &str, points: &BTreeMap<i64, Coordinates>) -> Option<Self> {
        let count = i64::try_from(points.len()).ok().filter(|count| *count > 0)?;
        let latitude = points.values().map(|point| point.latitude_e6()).sum::<i64>() / count;
        let longitude = points.values().map(|point| point.longitude_e6()).sum::<i64>() / count;
        let middle = Coordinates::new(latitude, longitude).ok()?;
        Some(Self { area: area.to_owned(), middle, points: points.len() })
    }
}

/// Groups of districts: each is begun with the one that has most points of those left, and takes in all whose middles lie within
/// `reach_m` metres of it as the crow flies. Codes in a group are in order; the same districts give the same groups.
pub fn cluster(spots: &[Spot], reach_m: i64) -> Vec<Vec<String>> {
    let mut left: Vec<&Spot> = spots.iter().collect();
    left.sort_by(|one, two| two.points.cmp(&one.points).then_with(|| one.area.cmp(&two.area)));
    let mut groups = Vec::new();
    while let Some(seed) = left.first().copied() {
        let (near, far): (Vec<&Spot>, Vec<&Spot>) =
            left.into_iter().partition(|spot| seed.middle.great_circle(spot.middle).0 <= reach_m);
        let mut group: Vec<String> = near.into_iter().map(|spot| spot.area.clone()).collect();
        group.sort();
        groups.push(group);
        left = far;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spot(area: &str, longitude_e6: i64, points: usize) -> Spot {
        Spot { area: area.to_owned(), middle: Coordinates::new(-10_160_000, longitude_e6).unwrap(), points }
    }

    #[test]
    fn districts_join_the_largest_within_reach() {
        // About 1.1 km for each hundredth of a degree.
        let spots = [
            spot("a", 123_600_000, 2),
            spot("b", 123_610_000, 9),
            spot("c", 123_620_000, 1),
            spot("d", 123_700_000, 3),
        ];
        assert_eq!(cluster(&spots, 1_500), [vec!["a", "b", "c"], vec!["d"]]);
        assert_eq!(cluster(&spots, 500), [vec!["b"], vec!["d"], vec!["a"], vec!["c"]]);
        assert!(cluster(&[], 1_000).is_empty());
    }

    proptest! {
        #[test]
        fn every_district_is_in_one_group(places in prop::collection::vec((0i64..200_000, 1usize..9), 0..40), reach in 0i64..20_000) {
            let spots: Vec<Spot> =
                places.iter().enumerate().map(|(n, (at, points))| spot(&format!("{n:02}"), 123_500_000 + at, *points)).collect();
            let mut all: Vec<String> = cluster(&spots, reach).concat();
            all.sort();
            prop_assert_eq!(all, spots.iter().map(|spot| spot.area.clone()).collect::<Vec<_>>());
        }
    }
}
