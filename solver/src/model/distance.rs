//! Distances in whole metres, without floats: anyone can recompute them.

use super::{narrow, round_half_even};
use crate::problem::Place;
use rayon::prelude::*;
use std::collections::HashMap;

/// Radius of the sphere that places lie on (mean Earth radius), in metres.
pub const RADIUS_M: i64 = 6_371_009;

/// Pairs of places up to which road distances are kept in memory (4 bytes each).
const TABLE_LIMIT: usize = 50_000_000;

/// Length of the great circle between two points on the sphere, in metres: the chord plus the third-order term.
pub fn great_circle_m(a: &Place, b: &Place) -> i64 {
    let square = |p: i64, q: i64| i128::from(p - q) * i128::from(p - q);
    let chord_squared = square(a.x_m, b.x_m) + square(a.y_m, b.y_m) + square(a.z_m, b.z_m);
    let chord = i128::from(u64::try_from(chord_squared).unwrap_or(u64::MAX).isqrt());
    let radius = i128::from(RADIUS_M);
    narrow(chord + round_half_even(chord * chord * chord, 24 * radius * radius))
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

    fn compute(&self, to: usize, from: usize) -> i64 {
        if !self.stated.is_empty() {
            let stated = self.stated.get(&(to, from)).or_else(|| self.stated.get(&(from, to)));
            if let Some(&metres) = stated {
                return metres;
            }
        }
        let circle = great_circle_m(&self.places[to], &self.places[from]);
        narrow(round_half_even(i128::from(circle) * i128::from(self.circuity_permille), 1000))
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
        let row = |&to: &usize| -> Vec<u32> {
            from_places.iter().map(|&from| u32::try_from(self.compute(to, from)).unwrap_or(u32::MAX)).collect()
        };
        to_places.par_iter().flat_map_iter(row).collect()
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
