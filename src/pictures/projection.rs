//! From coordinates to the paper: an equirectangular projection around the middle of what is shown.
//!
//! The frame is drawn around the buyers; sellers far away stand at its edge, so that one warehouse across the sea does not
//! shrink a city to a dot.

use crate::values::Coordinates;

/// How points come onto the paper.
#[derive(Debug, Clone, Copy)]
pub struct Projection {
    west: i64,
    north: i64,
    /// Micro-degrees that the paper's width and height stand for, north to south already stretched.
    span_x: i64,
    span_y: i64,
    /// Left upper corner and size of the paper, in tenths.
    frame: (i64, i64, i64, i64),
}

/// Permille by which a degree of longitude is shorter than one of latitude: 1 − φ²/2, good to 1 ‰ up to 20 degrees.
fn shrink_permille(latitude_e6: i64) -> i64 {
    let degrees_e2 = latitude_e6 / 10_000;
    // (π/180)² / 2 = 0.000152308…; hundredths of degrees squared make 10⁴ of it.
    (1_000 - degrees_e2 * degrees_e2 * 1_523 / 100_000_000).max(100)
}

impl Projection {
    /// Fits `inner` into a frame of a width in tenths; answers the height too. `None` without a point.
    pub fn around(inner: &[Coordinates], all: &[Coordinates], width: i64, margin: i64) -> Option<(Self, i64)> {
        let (south, north) = ends(inner.iter().map(|point| point.latitude_e6()))?;
        let (west, east) = ends(inner.iter().map(|point| point.longitude_e6()))?;
        // Half a frame more on each side for sellers around; at least two kilometres across.
        let (room_x, room_y) = ((east - west).max(18_000) / 2, (north - south).max(18_000) / 2);
        let (far_south, far_north) = ends(all.iter().map(|point| point.latitude_e6()))?;
        let (far_west, far_east) = ends(all.iter().map(|point| point.longitude_e6()))?;
        let (south, north) = (far_south.max(south - room_y), far_north.min(north + room_y));
        let (west, east) = (far_west.max(west - room_x), far_east.min(east + room_x));
        let shrink = shrink_permille(i64::midpoint(north, south));
        let (mut span_x, mut span_y) = ((east - west).max(9_000), (north - south).max(9_000));
        let inside = width - 2 * margin;
        let ideal = scaled(inside * 10, span_y * 100, span_x * shrink);
        // Neither a ribbon nor a tower: the shorter side shows more around.
        let tall = ideal.clamp(inside / 2, inside * 3 / 2);
        if tall > ideal {
            span_y = scaled(tall, span_x * shrink, inside * 1_000);
        } else if tall < ideal {
            span_x = scaled(inside * 10, span_y * 100, tall * shrink);
        }
        let (west, north) = (i64::midpoint(west, east) - span_x / 2, i64::midpoint(north, south) + span_y / 2);
        Some((Self { west, north, span_x, span_y, frame: (margin, margin, inside, tall) }, tall + 2 * margin))
    }

    /// Where a point stands, in tenths, and whether it lies outside and was drawn to the edge.
    pub fn place(&self, point: Coordinates) -> ((i64, i64), bool) {
        let (left, top, width, height) = self.frame;
        let x = scaled(point.longitude_e6() - self.west, width, self.span_x);
        let y = scaled(self.north - point.latitude_e6(), height, self.span_y);
        let inside = (x.clamp(0, width), y.clamp(0, height));
        ((left + inside.0, top + inside.1), inside != (x, y))
    }
}

/// `value × factor / divisor` without overflow on the way.
fn scaled(value: i64, factor: i64, divisor: i64) -> i64 {
    i64::try_from(i128::from(value) * i128::from(factor) / i128::from(divisor.max(1))).unwrap_or(0)
}

fn ends(values: impl Iterator<Item = i64> + Clone) -> Option<(i64, i64)> {
    Some((values.clone().min()?, values.max()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude_e6: i64, longitude_e6: i64) -> Coordinates {
        Coordinates::new(latitude_e6, longitude_e6).unwrap()
    }

    #[test]
    fn north_is_up_east_is_right_and_what_is_far_stands_at_the_edge() {
        let wards = [at(-10_200_000, 123_550_000), at(-10_100_000, 123_650_000)];
        let surabaya = at(-7_250_000, 112_750_000);
        let all = [wards[0], wards[1], surabaya];
        let (projection, height) = Projection::around(&wards, &all, 3_600, 200).unwrap();
        let ((x0, y0), out0) = projection.place(wards[0]);
        let ((x1, y1), out1) = projection.place(wards[1]);
        assert!(x0 < x1 && y0 > y1 && !out0 && !out1);
        let ((x, y), is_outside) = projection.place(surabaya);
        assert!(is_outside && x == 200 && y == 200);
        assert!((1_600..=5_200).contains(&height), "{height}");
        // A degree east is drawn shorter than a degree north, by the cosine of ten degrees.
        assert!(shrink_permille(-10_000_000) == 985 && shrink_permille(0) == 1_000);
    }

    #[test]
    fn one_point_alone_still_has_a_map() {
        let (projection, height) = Projection::around(&[at(0, 0)], &[at(0, 0)], 3_600, 200).unwrap();
        let ((x, y), is_outside) = projection.place(at(0, 0));
        assert!(!is_outside && (0..=3_600).contains(&x) && (0..=height).contains(&y));
        assert!(Projection::around(&[], &[], 3_600, 200).is_none());
    }
}
