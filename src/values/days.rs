//! A range of calendar days, both ends included: delivery windows of rounds, demands and offers.

use super::{Day, ValueError};

/// From one day to another, both included; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayRange {
    first: Day,
    last: Day,
}

impl DayRange {
    /// The days from `first` to `last`.
    pub fn new(first: Day, last: Day) -> Result<Self, ValueError> {
        if first <= last { Ok(Self { first, last }) } else { Err(ValueError::DaysReversed) }
    }

    /// The first day.
    pub fn first(self) -> Day {
        self.first
    }

    /// The last day, included.
    pub fn last(self) -> Day {
        self.last
    }

    /// How many days.
    pub fn length(self) -> i64 {
        self.last.days_since(self.first) + 1
    }

    /// Whether `other` lies wholly within this range.
    pub fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether the two ranges share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Every day, first to last.
    pub fn iter(self) -> impl Iterator<Item = Day> {
        (0..self.length()).map(move |offset| self.first.plus(offset))
    }

    /// Whether any day satisfies `is_allowed`, which must depend on the weekday alone: a week is all that is looked at.
    pub fn has_weekday(self, is_allowed: impl Fn(Day) -> bool) -> bool {
        (0..self.length().min(7)).any(|offset| is_allowed(self.first.plus(offset)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(start: i64, length: i64) -> DayRange {
        let first = Day::parse("2026-01-05").unwrap().plus(start);
        DayRange::new(first, first.plus(length)).unwrap()
    }

    #[test]
    fn a_range_is_never_empty() {
        let monday = Day::parse("2026-01-05").unwrap();
        assert_eq!(DayRange::new(monday, monday.plus(-1)), Err(ValueError::DaysReversed));
        assert_eq!(DayRange::new(monday, monday).unwrap().length(), 1);
        assert!(!DayRange::new(monday, monday.plus(5)).unwrap().has_weekday(|day| day.weekday() == 7));
        assert!(DayRange::new(monday, monday.plus(6)).unwrap().has_weekday(|day| day.weekday() == 7));
    }

    proptest! {
        #[test]
        fn agrees_with_counting_days(a in 0i64..40, la in 0i64..20, b in 0i64..40, lb in 0i64..20, weekday in 1i8..=7) {
            let (x, y) = (range(a, la), range(b, lb));
            let shared = (a..=a + la).filter(|day| (b..=b + lb).contains(day)).count();
            prop_assert_eq!(x.overlaps(y), shared > 0);
            prop_assert_eq!(x.contains(y), i64::try_from(shared).unwrap() == y.length());
            let slow = (0..x.length()).any(|offset| x.first().plus(offset).weekday() == weekday);
            prop_assert_eq!(x.has_weekday(|day| day.weekday() == weekday), slow);
        }
    }
}
