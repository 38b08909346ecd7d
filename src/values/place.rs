//! Place: coordinates in whole micro-degrees, points of the solver in whole metres, distances in metres.
//!
//! Floats appear only between two integers here: an angle in micro-degrees becomes a point in metres, and a decision is
//! only ever taken on the point.

use super::ValueError;
use super::decimal::{format_scaled, parse_scaled};
use geo::{Distance as _, Haversine, Point};

/// Mean radius of the Earth in metres (IUGG), the radius the solver's distances assume.
const EARTH_RADIUS_M: f64 = 6_371_009.0;
const DEGREE_DIGITS: u32 = 6;

/// A point on Earth in micro-degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Coordinates {
    latitude_e6: i64,
    longitude_e6: i64,
}

/// A zone of the ceiling prices for rice: 1 where it is grown, 3 where it is farthest away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RiceZone(u8);

impl RiceZone {
    /// Every zone.
    pub const ALL: [Self; 3] = [Self(1), Self(2), Self(3)];

    /// Zone 1, 2 or 3.
    pub fn new(zone: i32) -> Result<Self, ValueError> {
        match u8::try_from(zone) {
            Ok(zone @ 1..=3) => Ok(Self(zone)),
            _ if zone <= 0 => Err(ValueError::NotPositive),
            _ => Err(ValueError::TooLarge),
        }
    }

    /// The number, as stored.
    pub fn get(self) -> i32 {
        i32::from(self.0)
    }
}

/// A distance in whole metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Distance(pub i64);

impl Coordinates {
    /// From micro-degrees, as stored.
    pub fn new(latitude_e6: i64, longitude_e6: i64) -> Result<Self, ValueError> {
        if latitude_e6.abs() <= 90_000_000 && longitude_e6.abs() <= 180_000_000 {
            Ok(Self { latitude_e6, longitude_e6 })
        } else {
            Err(ValueError::NotOnEarth)
        }
    }

    /// From decimal degrees as text.
    pub fn parse(latitude: &str, longitude: &str) -> Result<Self, ValueError> {
        Self::new(parse_scaled(latitude, DEGREE_DIGITS)?, parse_scaled(longitude, DEGREE_DIGITS)?)
    }

    /// Micro-degrees north.
    pub fn latitude_e6(self) -> i64 {
        self.latitude_e6
    }

    /// Micro-degrees east.
    pub fn longitude_e6(self) -> i64 {
        self.longitude_e6
    }

    /// Decimal degrees north, as text.
    pub fn latitude(self) -> String {
        format_scaled(self.latitude_e6, DEGREE_DIGITS)
    }

    /// Decimal degrees east, as text.
    pub fn longitude(self) -> String {
        format_scaled(self.longitude_e6, DEGREE_DIGITS)
    }

    /// The point in metres on the sphere, as the solver's problem format wants it: (x, y, z).
    pub fn to_metres(self) -> (i64, i64, i64) {
        let (latitude, longitude) = (self.radians(self.latitude_e6), self.radians(self.longitude_e6));
        let whole = |metres: f64| rounded(metres * EARTH_RADIUS_M);
        (whole(latitude.cos() * longitude.cos()), whole(latitude.cos() * longitude.sin()), whole(latitude.sin()))
    }

    /// Great-circle distance for people to read; the solver computes its own in integers.
    pub fn great_circle(self, other: Self) -> Distance {
        Distance(rounded(Haversine.distance(self.point(), other.point())))
    }

    #[expect(clippy::cast_precision_loss, reason = "micro-degrees are far below 2^53")]
    #[expect(clippy::unused_self, reason = "reads as a property of the coordinates")]
    fn radians(self, e6: i64) -> f64 {
        (e6 as f64 / 1e6).to_radians()
    }

    #[expect(clippy::cast_precision_loss, reason = "micro-degrees are far below 2^53")]
    fn point(self) -> Point<f64> {
        Point::new(self.longitude_e6 as f64 / 1e6, self.latitude_e6 as f64 / 1e6)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by the Earth's circumference")]
fn rounded(metres: f64) -> i64 {
    metres.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_are_three_rice_zones() {
        let found: Vec<i32> = (-2..300).filter(|zone| RiceZone::new(*zone).is_ok()).collect();
        assert_eq!(found, [1, 2, 3]);
        assert_eq!(RiceZone::ALL.map(RiceZone::get), [1, 2, 3]);
        assert_eq!(RiceZone::new(0), Err(ValueError::NotPositive));
        assert_eq!(RiceZone::new(257), Err(ValueError::TooLarge));
    }

    #[test]
    fn kupang_to_surabaya_is_about_1_230_km() {
        let kupang = Coordinates::parse("-10.17", "123.6").unwrap();
        let surabaya = Coordinates::parse("-7.25", "112.75").unwrap();
        let km = kupang.great_circle(surabaya).0 / 1_000;
        assert!((1_200..1_260).contains(&km), "{km}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn text_there_and_back(lat in -90_000_000i64..=90_000_000, lon in -180_000_000i64..=180_000_000) {
            let place = Coordinates::new(lat, lon).unwrap();
            prop_assert_eq!(Coordinates::parse(&place.latitude(), &place.longitude()).unwrap(), place);
        }

        #[test]
        fn the_chord_of_metre_points_agrees_with_the_great_circle(
            lat in -11_000_000i64..-6_000_000, lon in 105_000_000i64..125_000_000,
            dlat in -500_000i64..500_000, dlon in -500_000i64..500_000,
        ) {
            let a = Coordinates::new(lat, lon).unwrap();
            let b = Coordinates::new(lat + dlat, lon + dlon).unwrap();
            let ((ax, ay, az), (bx, by, bz)) = (a.to_metres(), b.to_metres());
            let chord_squared = (ax - bx).pow(2) + (ay - by).pow(2) + (az - bz).pow(2);
            let chord = chord_squared.isqrt();
            prop_assert!((a.great_circle(b).0 - chord).abs() <= 15, "{} {}", a.great_circle(b).0, chord);
        }
    }
}
