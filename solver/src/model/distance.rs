//! Distances in whole metres, without floats: anyone can recompute them.

use super::{narrow, round_half_even, round_thousandth};
use crate::problem::Place;
use rayon::prelude::*;
use std::collections::HashMap;

/// Radius of the sphere that places lie on (mean Earth radius), in metres.
pub const RADIUS_M: i64 = 6_371_009;

/// Pairs of places up to which road distances are kept in memory (4 bytes each).
const TABLE_LIMIT: usize = 50_000_000;

/// Length of the great circle between two points on the sphere, in metres: the chord plus the third-order term.
pub fn great_circle_m(a: &Place, b: &Place) -> i64 {
    arc_m([a.x_m, a.y_m, a.z_m], [b.x_m, b.y_m, b.z_m])
}

/// 24 R²: what the cube of the chord is divided by.
const CUBE_DIVISOR: u64 = 24 * RADIUS_M.unsigned_abs() * RADIUS_M.unsigned_abs();
/// Chords whose cube fits 64 bits (with room to round), in metres.
const SHORT_CHORD_M: u64 = 2_600_000;
/// Coordinates up to which squares of chords are whole numbers below 2^52, and so exact as floats.
const NEAR_M: i64 = 16_000_000;

#[inline]
fn arc_m([ax, ay, az]: [i64; 3], [bx, by, bz]: [i64; 3]) -> i64 {
    let (dx, dy, dz) = (ax - bx, ay - by, az - bz);
    let is_near = dx.abs().max(dy.abs()).max(dz.abs()) < NEAR_M;
    let chord = if is_near {
        floor_root((dx * dx + dy * dy + dz * dz).unsigned_abs())
    } else {
        let square = |d: i64| i128::from(d) * i128::from(d);
        u64::try_from(square(dx) + square(dy) + square(dz)).unwrap_or(u64::MAX).isqrt()
    };
    if chord < SHORT_CHORD_M {
        let raised = chord * chord * chord + CUBE_DIVISOR / 2;
        let quotient = raised / CUBE_DIVISOR;
        let is_tie = raised.is_multiple_of(CUBE_DIVISOR);
        return i64::try_from(chord + quotient - u64::from(is_tie) * (quotient & 1)).unwrap_or(i64::MAX);
    }
    let chord = i128::from(chord);
    narrow(chord + round_half_even(chord * chord * chord, i128::from(CUBE_DIVISOR)))
}

/// The whole part of a square root, for squares below 2^52. A float's root is correctly rounded there, and between
/// n - 1/(2n) and n lies more than one of its steps, so rounding never reaches the next whole number.
#[inline]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "exact below 2^52; several times faster than the root in integers, which a test compares it with"
)]
fn floor_root(square: u64) -> u64 {
    (square as f64).sqrt() as u64
}

/// Places that offers deliver from, laid out for `Distances::row_m`.
#[derive(Debug)]
pub struct Origins {
    places: Vec<usize>,
    /// Columns of the table; empty without one.
    columns: Vec<usize>,
    points: Vec<[i64; 3]>,
}

/// Road distances between places: stated ones first, else great circle times circuity.
#[derive(Debug)]
pub struct Distances {
    places: Vec<Place>,
    circuity_permille: i64,
    stated: HashMap<(usize, usize), i64>,
    /// Row of each place in `table`, where it receives goods.
    rows: Vec<Option<usize>>,
    /// Column of each place in `table`, where goods leave.
    columns: Vec<Option<usize>>,
    width: usize,
    table: Vec<u32>,
}

impl Distances {
    /// `places` in canonical order; `stated` by indices, in either direction.
    pub fn new(
        places: Vec<Place>,
        circuity_permille: i64,
        stated: HashMap<(usize, usize), i64>,
        to: impl Iterator<Item = usize>,
        from: impl Iterator<Item = usize>,
    ) -> Self {
        let (rows, height) = number(places.len(), to);
        let (columns, width) = number(places.len(), from);
        let mut distances = Self { places, circuity_permille, stated, rows, columns, width, table: Vec::new() };
        if height.saturating_mul(width) <= TABLE_LIMIT {
            distances.table = distances.tabulate(height);
        }
        distances
    }

    /// Road distance in metres.
    pub fn road_m(&self, to: usize, from: usize) -> i64 {
        if let (false, Some(row), Some(column)) = (self.table.is_empty(), self.rows[to], self.columns[from]) {
            let metres = self.table[row * self.width + column];
            if metres != u32::MAX {
                return i64::from(metres);
            }
        }
        self.compute(to, from)
    }

    /// Lays out places to deliver from; each must have been named to [`Distances::new`].
    pub fn origins(&self, from: impl Iterator<Item = usize>) -> Origins {
        let places: Vec<usize> = from.collect();
        let points = places.iter().map(|&place| self.point(place)).collect();
        let columns = places.iter().map(|&place| self.columns[place]).collect::<Option<_>>();
        Origins { points, columns: columns.filter(|_| !self.table.is_empty()).unwrap_or_default(), places }
    }

    /// [`Distances::road_m`] from all origins at once. Every distance of a valid problem fits 32 bits.
    pub fn row_m(&self, to: usize, origins: &Origins, metres: &mut Vec<u32>) {
        metres.clear();
        if let (false, Some(row)) = (origins.columns.is_empty(), self.rows[to]) {
            let row = &self.table[row * self.width..(row + 1) * self.width];
            metres.extend(origins.columns.iter().map(|&column| row[column]));
        } else if self.stated.is_empty() {
            let here = self.point(to);
            let road = |&there: &[i64; 3]| round_thousandth(arc_m(here, there), self.circuity_permille);
            metres.extend(origins.points.iter().map(|there| u32::try_from(road(there)).unwrap_or(u32::MAX)));
        } else {
            let road = |&from: &usize| u32::try_from(self.road_m(to, from)).unwrap_or(u32::MAX);
            metres.extend(origins.places.iter().map(road));
        }
    }

    fn point(&self, place: usize) -> [i64; 3] {
        let Place { x_m, y_m, z_m, .. } = self.places[place];
        [x_m, y_m, z_m]
    }

    fn compute(&self, to: usize, from: usize) -> i64 {
        if !self.stated.is_empty() {
            let stated = self.stated.get(&(to, from)).or_else(|| self.stated.get(&(from, to)));
            if let Some(&metres) = stated {
                return metres;
            }
        }
        let circle = great_circle_m(&self.places[to], &self.places[from]);
        round_thousandth(circle, self.circuity_permille)
    }

    /// All distances that demands and offers can ask for; `u32::MAX` where one does not fit.
    fn tabulate(&self, height: usize) -> Vec<u32> {
        let mut to_places = vec![0; height];
        let mut from_places = vec![0; self.width];
        for place in 0..self.places.len() {
            if let Some(row) = self.rows[place] {
                to_places[row] = place;
            }
            if let Some(column) = self.columns[place] {
                from_places[column] = place;
            }
        }
        let mut table = vec![0; height * self.width];
        if self.width > 0 {
            table.par_chunks_mut(self.width).zip(&to_places).for_each(|(row, &to)| {
                for (metres, &from) in row.iter_mut().zip(&from_places) {
                    *metres = u32::try_from(self.compute(to, from)).unwrap_or(u32::MAX);
                }
            });
        }
        table
    }
}

/// Numbers the places in use, in ascending order of place.
fn number(count: usize, used: impl Iterator<Item = usize>) -> (Vec<Option<usize>>, usize) {
    let mut numbers = vec![None; count];
    used.for_each(|place| numbers[place] = Some(0));
    let mut next = 0;
    for slot in numbers.iter_mut().flatten() {
        *slot = next;
        next += 1;
    }
    (numbers, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(x_m: i64, y_m: i64, z_m: i64) -> Place {
        Place { id: String::new(), x_m, y_m, z_m }
    }

    #[test]
    fn arcs_follow_the_true_circle() {
        let start = place(RADIUS_M, 0, 0);
        for kilometres in [0_i32, 1, 10, 100, 500, 1000] {
            let angle = f64::from(kilometres) * 1000.0 / 6_371_009.0;
            #[expect(clippy::cast_possible_truncation, reason = "a test point, well inside i64")]
            let end = place((6_371_009.0 * angle.cos()).round() as i64, (6_371_009.0 * angle.sin()).round() as i64, 0);
            let metres = great_circle_m(&start, &end);
            let off = metres - i64::from(kilometres) * 1000;
            // Two metres for rounding, and the terms left out: 0.09 m at 500 km, 2.8 m at 1,000 km.
            assert!(off.abs() <= 2 + 2 * i64::from(kilometres / 500), "{kilometres} km came out as {metres} m");
        }
    }

    #[test]
    fn short_ways_equal_long_arithmetic() {
        let exact = |[dx, dy, dz]: [i64; 3]| {
            let chord = i128::from((dx * dx + dy * dy + dz * dz).unsigned_abs().isqrt());
            narrow(chord + round_half_even(chord.pow(3), i128::from(CUBE_DIVISOR)))
        };
        let mut random = crate::instances::Random::new(5);
        for power in 1..24 {
            for _ in 0..500 {
                let difference = [(); 3].map(|()| random.between(-(1 << power), 1 << power));
                assert_eq!(arc_m(difference, [0; 3]), exact(difference), "{difference:?}");
            }
        }
        for root in (1_u64..1_000).chain((1 << 26) - 1_000..1 << 26) {
            let square = root * root;
            assert_eq!((floor_root(square - 1), floor_root(square)), (root - 1, root));
        }
    }

    #[test]
    fn a_stated_distance_holds_in_both_directions_without_circuity() {
        let places = vec![place(RADIUS_M, 0, 0), place(RADIUS_M, 1000, 0)];
        let stated = HashMap::from([((1, 0), 7777)]);
        let both = || [0, 1].into_iter();
        let distances = Distances::new(places.clone(), 1500, stated, both(), both());
        assert_eq!((distances.road_m(0, 1), distances.road_m(1, 0)), (7777, 7777));
        let computed = Distances::new(places, 1500, HashMap::new(), both(), both());
        assert_eq!(computed.road_m(0, 1), 1500);
    }
}
