//! Road distance in whole metres, by the rule in the solver's README; written here a second time so that the baselines
//! share no code with the engines.

use crate::values::decimal::div_half_even;

/// Radius of the sphere that points lie on, in metres.
const RADIUS_M: i128 = 6_371_009;

/// Great circle between two points (x, y, z in metres) × circuity in permille.
pub(crate) fn road_distance_m(from: (i64, i64, i64), to: (i64, i64, i64), circuity_permille: i64) -> i64 {
    let square = |left: i64, right: i64| left.saturating_sub(right).saturating_pow(2);
    let chord_m2 = square(from.0, to.0).saturating_add(square(from.1, to.1)).saturating_add(square(from.2, to.2));
    let chord = i128::from(chord_m2.isqrt());
    let great_circle = chord + div_half_even(chord.pow(3), 24 * RADIUS_M * RADIUS_M);
    i64::try_from(div_half_even(great_circle * i128::from(circuity_permille), 1000)).unwrap_or(i64::MAX)
}
