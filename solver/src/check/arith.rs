//! The referee's own integer arithmetic: rounding and distance, written again from `solver/README.md`.
//!
//! Deliberately not shared with the model that the engines use: an error there must not hide itself here.

use crate::problem::Place;
use std::ops::Rem;

/// Radius of the sphere that places lie on, in metres (the mean radius of the Earth, IUGG).
const RADIUS_M: i64 = 6_371_009;

/// Largest chord whose cube still fits an `i64`, in metres.
const SMALL_CHORD_M: i64 = 2_000_000;

/// `numerator / denominator` to the nearest whole number, ties to even. `denominator` must be positive.
pub fn round_div(numerator: i128, denominator: i128) -> i128 {
    let floor = numerator.div_euclid(denominator);
    let twice_rest = 2 * numerator.rem_euclid(denominator);
    let up = twice_rest > denominator || (twice_rest == denominator && floor % 2 != 0);
    floor + i128::from(up)
}

/// The same in 64 bits, for the loop over all pairs. Both must be below 2^62, `numerator` not negative.
fn round_div_small(numerator: i64, denominator: i64) -> i64 {
    let floor = numerator / denominator;
    let twice_rest = 2 * (numerator % denominator);
    let up = twice_rest > denominator || (twice_rest == denominator && floor % 2 != 0);
    floor + i64::from(up)
}

/// Metres by road between two places: chord, great circle, circuity, each rounded as published.
///
/// Coordinates must be at most 10,000 km in absolute value and `circuity_permille` at most 1,000,000.
pub fn road_distance_m(from: &Place, to: &Place, circuity_permille: i64) -> i64 {
    let (dx, dy, dz) = (from.x_m - to.x_m, from.y_m - to.y_m, from.z_m - to.z_m);
    let chord = (dx * dx + dy * dy + dz * dz).isqrt();
    let divisor = 24 * RADIUS_M * RADIUS_M;
    let bulge = if chord <= SMALL_CHORD_M {
        round_div_small(chord * chord * chord, divisor)
    } else {
        let wide = i128::from(chord);
        i64::try_from(round_div(wide * wide * wide, i128::from(divisor))).unwrap_or(i64::MAX)
    };
    round_div_small((chord + bulge) * circuity_permille, 1000)
}

/// Freight of a pair in ticks per base unit.
pub fn unit_freight(base: i64, per_km: i64, distance_m: i64) -> i128 {
    i128::from(base) + round_div(i128::from(per_km) * i128::from(distance_m), 1000)
}

/// Greatest common divisor of two numbers that are not negative.
pub fn gcd<N: Copy + Default + PartialEq + Rem<Output = N>>(mut a: N, mut b: N) -> N {
    while b != N::default() {
        (a, b) = (b, a % b);
    }
    a
}

/// `value` rounded down to a multiple of `step`; a step of 0 leaves nothing.
pub fn floor_to(value: i64, step: i64) -> i64 {
    if step <= 0 { 0 } else { value - value.rem_euclid(step) }
}

/// `value` rounded up to a multiple of `step`, saturating.
pub fn ceil_to(value: i64, step: i64) -> i64 {
    let floor = floor_to(value, step);
    if floor == value { value } else { floor.saturating_add(step) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_nearest_with_ties_to_even() {
        for (n, d, want) in [(5, 2, 2), (7, 2, 4), (6, 4, 2), (-5, 2, -2), (-7, 2, -4), (1, 3, 0), (2, 3, 1)] {
            assert_eq!(round_div(n, d), want, "{n}/{d}");
        }
    }

    #[test]
    fn distance_matches_a_known_great_circle() {
        // Two points 90 degrees apart: a quarter of the circumference is 10,007,557 m; the published cubic series
        // falls short beyond 1,000 km, so the quarter is compared with the series itself and 5 degrees with the arc.
        let place = |x_m, y_m, z_m| Place { id: String::new(), x_m, y_m, z_m };
        let origin = place(6_371_009, 0, 0);
        let five_degrees = place(6_346_765, 555_270, 0);
        assert_eq!(road_distance_m(&origin, &five_degrees, 1000), 555_975);
        assert_eq!(road_distance_m(&origin, &origin, 1450), 0);
    }
}
