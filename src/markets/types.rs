//! What a market and its settings are.

use super::errors::MarketError;
use crate::error::{AppError, Checks};
use crate::values::decimal::format_scaled;
use crate::values::{Day, RiceZone};
use crate::word_enum;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

word_enum! {
    /// A time zone of Indonesia; its word is the IANA name.
    TimeZone {
        /// Western Indonesian time, UTC+7.
        Wib = "Asia/Jakarta",
        /// Central Indonesian time, UTC+8.
        Wita = "Asia/Makassar",
        /// Eastern Indonesian time, UTC+9.
        Wit = "Asia/Jayapura",
    }
}

impl TimeZone {
    /// The IANA name, as [`Day::of`] and [`crate::values::Timestamp::in_zone`] take it.
    pub const fn iana(self) -> &'static str {
        self.word()
    }

    /// What people call it.
    pub const fn abbreviation(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }
}

word_enum! {
    /// Whether a market is used.
    MarketStatus {
        /// Rounds can be opened.
        Active = "active",
        /// No new rounds.
        Closed = "closed",
    }
}

/// The days of the week on which goods are delivered: 1 (Monday) to 7 (Sunday), at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryWeekdays(u8);

impl DeliveryWeekdays {
    /// From day numbers, each at most once.
    pub fn new(days: impl IntoIterator<Item = i64>) -> Result<Self, MarketError> {
        let mut set = 0_u8;
        for day in days {
            let bit = match day {
                1..=7 => 1_u8 << day,
                _ => return Err(MarketError::WeekdaysInvalid),
            };
            if set & bit != 0 {
                return Err(MarketError::WeekdaysInvalid);
            }
            set |= bit;
        }
        if set == 0 {
            return Err(MarketError::WeekdaysInvalid);
        }
        Ok(Self(set))
    }

    /// From the stored form, such as `1,2,3,4,5`.
    pub fn parse(text: &str) -> Result<Self, MarketError> {
        let days: Result<Vec<i64>, _> = text.split(',').map(str::parse).collect();
        Self::new(days.map_err(|_| MarketError::WeekdaysInvalid)?)
    }

    /// Whether goods are delivered on this day.
    pub fn contains(self, day: Day) -> bool {
        self.numbers().any(|number| number == i64::from(day.weekday()))
    }

    /// The day numbers, rising.
    pub fn numbers(self) -> impl Iterator<Item = i64> {
        (1..=7).filter(move |day| self.0 & (1_u8 << day) != 0)
    }
}

impl fmt::Display for DeliveryWeekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers().map(|day| day.to_string()).collect();
        f.write_str(&numbers.join(","))
    }
}

/// What moving goods costs, in ticks (ten-millionths of a rupiah).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the unit ends the name, so that ticks are never taken for rupiah")]
pub struct FreightSettings {
    /// Per gram and kilometre.
    pub per_g_km_ticks: i64,
    /// Per gram and kilometre of goods that must stay cold.
    pub cold_per_g_km_ticks: i64,
    /// Per gram, whatever the distance.
    pub base_per_g_ticks: i64,
}

impl FreightSettings {
    /// Digits after the point of a freight rate in rupiah per kilogram: one tick per gram is 0.0001 rupiah per kilogram,
    /// so ticks per gram are ten-thousandths of a rupiah per kilogram.
    pub const DIGITS_PER_KG: u32 = 4;
    /// Most per gram and kilometre: 100 rupiah per kilogram and kilometre, five times a three-wheeler that goes out
    /// half empty. With the heaviest piece of the catalogue it stays within what the solver accepts.
    pub const LARGEST_PER_G_KM: i64 = 1_000_000;
    /// Most per gram: 10,000 rupiah per kilogram.
    pub const LARGEST_BASE_PER_G: i64 = 100_000_000;

    fn rates(self) -> [i64; 3] {
        [self.per_g_km_ticks, self.cold_per_g_km_ticks, self.base_per_g_ticks]
    }
}

word_enum! {
    /// What a market is for.
    MarketKind {
        /// Goods and money are real.
        Real = "real",
        /// For courses: made-up money, and never beside figures of real markets.
        Training = "training",
    }
}

/// A market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// Its id.
    pub id: i64,
    /// A short unique code.
    pub code: String,
    /// What it is for; fixed when it is set up.
    pub kind: MarketKind,
    /// Its name.
    pub name: String,
    /// The region it covers, where it is one region.
    pub region_code: Option<String>,
    /// The organisation that runs it.
    pub operator_id: i64,
    /// Its clock.
    pub time_zone: TimeZone,
    /// Its zone of the rice ceiling prices.
    pub rice_zone: RiceZone,
    /// Road distance over great circle, in permille.
    pub circuity_permille: i64,
    /// When goods are delivered.
    pub delivery_weekdays: DeliveryWeekdays,
    /// What moving goods costs.
    pub freight: FreightSettings,
    /// A shortage counts as this many times the plausible ceiling price, in permille.
    pub shortage_permille: i64,
    /// Whether it is used.
    pub status: MarketStatus,
    /// Rises with every change.
    pub version: i64,
}

impl Market {
    /// Road over great circle, permille.
    pub const CIRCUITY: RangeInclusive<i64> = 1_000..=5_000;
    /// Weight of a shortage, permille of the ceiling price.
    pub const SHORTAGE: RangeInclusive<i64> = 1_000..=100_000;

    /// Notes every setting that is out of range, under its name in the API.
    pub fn check(&self, checks: &mut Checks) {
        check_ranges(
            checks,
            Some(self.circuity_permille),
            Some(self.shortage_permille),
            self.freight.rates().map(Some),
        );
    }

    /// Every setting by name, as text: what the audit log compares.
    pub(super) fn settings(&self) -> BTreeMap<&'static str, String> {
        let rate = |ticks| format_scaled(ticks, FreightSettings::DIGITS_PER_KG);
        BTreeMap::from([
            ("name", self.name.clone()),
            ("circuity_permille", self.circuity_permille.to_string()),
            ("delivery_weekdays", self.delivery_weekdays.to_string()),
            ("freight.idr_per_kg_km", rate(self.freight.per_g_km_ticks)),
            ("freight.cold_idr_per_kg_km", rate(self.freight.cold_per_g_km_ticks)),
            ("freight.base_idr_per_kg", rate(self.freight.base_per_g_ticks)),
            ("shortage_permille", self.shortage_permille.to_string()),
            ("status", self.status.to_string()),
        ])
    }

    /// Refuses unless rounds can be opened here.
    pub fn require_active(&self) -> Result<(), AppError> {
        match self.status {
            MarketStatus::Active => Ok(()),
            MarketStatus::Closed => Err(MarketError::MarketClosed.into()),
        }
    }
}

/// Notes every given setting that is out of range, under its name in the API. `freight` as in [`FreightSettings`].
pub(super) fn check_ranges(
    checks: &mut Checks,
    circuity_permille: Option<i64>,
    shortage_permille: Option<i64>,
    freight: [Option<i64>; 3],
) {
    let mut check = |pointer: &str, value: Option<i64>, range: &RangeInclusive<i64>, digits: u32| {
        if value.is_some_and(|value| !range.contains(&value)) {
            let (least, most) = (format_scaled(*range.start(), digits), format_scaled(*range.end(), digits));
            checks.add_with(pointer, MarketError::SettingOutOfRange, format!("{least}..{most}"));
        }
    };
    check("/circuity_permille", circuity_permille, &Market::CIRCUITY, 0);
    check("/shortage_permille", shortage_permille, &Market::SHORTAGE, 0);
    // Freight is entered in rupiah, so its bounds are told in rupiah.
    let (per_km, base) = (0..=FreightSettings::LARGEST_PER_G_KM, 0..=FreightSettings::LARGEST_BASE_PER_G);
    let digits = FreightSettings::DIGITS_PER_KG;
    check("/freight/idr_per_kg_km", freight[0], &per_km, digits);
    check("/freight/cold_idr_per_kg_km", freight[1], &per_km, digits);
    check("/freight/base_idr_per_kg", freight[2], &base, digits);
}

/// An organisation's membership of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The member.
    pub organisation_id: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_weekdays_goes_there_and_back() {
        for set in 1..128_i64 {
            let days = (1..=7).filter(|day| set & (1 << (day - 1)) != 0);
            let weekdays = DeliveryWeekdays::new(days.clone()).unwrap();
            assert!(weekdays.numbers().eq(days));
            assert_eq!(DeliveryWeekdays::parse(&weekdays.to_string()), Ok(weekdays));
        }
        for wrong in ["", "0", "8", "1,1", "1,,2", "1, 2", "Senin", "-1", "65"] {
            assert_eq!(DeliveryWeekdays::parse(wrong), Err(MarketError::WeekdaysInvalid), "{wrong:?}");
        }
    }

    #[test]
    fn a_day_is_a_delivery_day_by_its_weekday() {
        let weekdays = DeliveryWeekdays::parse("1,6").unwrap();
        let monday = Day::parse("2026-01-05").unwrap();
        let delivered: Vec<i64> = (0..14).filter(|days| weekdays.contains(monday.plus(*days))).collect();
        assert_eq!(delivered, [0, 5, 7, 12]);
    }

    #[test]
    fn settings_are_accepted_up_to_their_bounds_and_not_one_past() {
        let refused = |circuity, shortage, freight: [i64; 3]| {
            let mut checks = Checks::default();
            check_ranges(&mut checks, Some(circuity), Some(shortage), freight.map(Some));
            checks.finish().is_err()
        };
        let (km, base) = (FreightSettings::LARGEST_PER_G_KM, FreightSettings::LARGEST_BASE_PER_G);
        assert!(!refused(1_000, 1_000, [0, 0, 0]));
        assert!(!refused(5_000, 100_000, [km, km, base]));
        assert!(refused(999, 1_000, [0; 3]) && refused(5_001, 1_000, [0; 3]));
        assert!(refused(1_000, 999, [0; 3]) && refused(1_000, 100_001, [0; 3]));
        for field in 0..3 {
            let (mut low, mut high) = ([0; 3], [km, km, base]);
            low[field] -= 1;
            high[field] += 1;
            assert!(refused(1_000, 1_000, low) && refused(1_000, 1_000, high), "{field}");
        }
    }

    #[test]
    fn the_largest_freight_of_the_heaviest_piece_is_within_the_solvers_bounds() {
        use crate::catalog::Commodity;
        let per_piece = |ticks_per_g: i64| ticks_per_g * Commodity::HEAVIEST_GRAMS_PER_THOUSAND / 1_000;
        assert!(per_piece(FreightSettings::LARGEST_PER_G_KM) <= pasok_solver::validate::MAX_FREIGHT);
        assert!(per_piece(FreightSettings::LARGEST_BASE_PER_G) <= pasok_solver::validate::MAX_PRICE);
    }
}
