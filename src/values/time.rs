//! Time: UTC instants from an injected clock, and calendar days. Shown in the zone of the market.

use super::ValueError;
use jiff::civil::Date;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// An instant, in microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since 1970 UTC, as stored.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970 UTC, as stored.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 text with an offset.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse::<jiff::Timestamp>().map(|t| Self(t.as_microsecond())).map_err(|_| ValueError::NotADate)
    }

    /// The same instant, `seconds` later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The calendar day and wall time in a zone such as `Asia/Makassar` (UTC if the zone is unknown).
    pub fn in_zone(self, zone: &str) -> jiff::Zoned {
        let instant = jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        instant.in_tz(zone).unwrap_or_else(|_| instant.to_zoned(jiff::tz::TimeZone::UTC))
    }

    /// The calendar year in a zone.
    pub fn year_in(self, zone: &str) -> i64 {
        i64::from(self.in_zone(zone).year())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{instant}")
    }
}

/// A calendar day, stored and written as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let day = text.parse::<Date>().map_err(|_| ValueError::NotADate)?;
        if day.to_string() == text && (2000..=2200).contains(&day.year()) {
            Ok(Self(day))
        } else {
            Err(ValueError::NotADate)
        }
    }

    /// The day on which `instant` falls in a zone.
    pub fn of(instant: Timestamp, zone: &str) -> Self {
        Self(instant.in_zone(zone).date())
    }

    /// So many days later (earlier if negative); saturates at the calendar's ends.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default()))
    }

    /// Days from `start` to this day (negative if it lies before).
    pub fn days_since(self, start: Self) -> i64 {
        i64::from((self.0 - start.0).get_days())
    }

    /// 1 for Monday … 7 for Sunday.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Where the present comes from. Passed in, so that tests and demos can set it.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that stands where it was put.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that shows `instant`.
    pub fn new(instant: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(instant.0)))
    }

    /// A clock that shows the instant in `text`; 1970 if the text is no instant.
    pub fn at(text: &str) -> Self {
        Self::new(Timestamp::parse(text).unwrap_or(Timestamp(0)))
    }

    /// Moves the hands.
    pub fn set(&self, instant: Timestamp) {
        self.0.store(instant.0, Ordering::SeqCst);
    }

    /// Moves the hands forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.set(self.now().plus_seconds(seconds));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_depends_on_the_zone() {
        let late = Timestamp::parse("2026-01-05T16:30:00Z").unwrap();
        assert_eq!(Day::of(late, "Asia/Jakarta").to_string(), "2026-01-05");
        assert_eq!(Day::of(late, "Asia/Makassar").to_string(), "2026-01-06");
    }

    #[test]
    fn refuses_days_in_other_forms() {
        for text in ["2026-1-5", "05-01-2026", "2026-02-30", "20260105", "2026-01-05T00:00", "", "0001-01-01"] {
            assert_eq!(Day::parse(text), Err(ValueError::NotADate), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn instants_and_days_there_and_back(micros in 946_684_800_000_000i64..7_000_000_000_000_000, days in -700i64..700) {
            let instant = Timestamp::from_micros(micros);
            prop_assert_eq!(Timestamp::parse(&instant.to_string()).unwrap(), instant);
            let day = Day::of(instant, "UTC");
            prop_assert_eq!(Day::parse(&day.to_string()).unwrap(), day);
            prop_assert_eq!(day.plus(days).days_since(day), days);
        }
    }
}
