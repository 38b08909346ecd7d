//! Names beside points, as many as fit without touching one another; the important ones choose first.

use super::svg::{Anchor, LETTER, WIDTH, text_width};

/// A box on the paper: left, top, right, bottom, in tenths.
type Area = (i64, i64, i64, i64);

/// Space that names have taken.
#[derive(Debug)]
pub struct Labels {
    height: i64,
    taken: Vec<Area>,
}

impl Labels {
    /// An empty paper of a height.
    pub fn new(height: i64) -> Self {
        Self { height, taken: Vec::new() }
    }

    /// Keeps names off a point.
    pub fn keep_free(&mut self, (x, y): (i64, i64), radius: i64) {
        self.taken.push((x - radius, y - radius, x + radius, y + radius));
    }

    /// Finds a place beside a point for a name; `None` where there is none.
    pub fn find(&mut self, (x, y): (i64, i64), radius: i64, name: &str) -> Option<((i64, i64), Anchor)> {
        let (width, away) = (text_width(name), radius + 25);
        let low = LETTER * 4 / 10;
        let beside = [
            ((x + away, y + low), Anchor::Start),
            ((x - away, y + low), Anchor::End),
            ((x, y - away), Anchor::Middle),
            ((x, y + away + LETTER * 8 / 10), Anchor::Middle),
        ];
        for (at, anchor) in beside {
            let left = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - width / 2,
                Anchor::End => at.0 - width,
            };
            let area = (left, at.1 - LETTER, left + width, at.1 + 20);
            let is_inside = area.0 >= 0 && area.2 <= WIDTH && area.1 >= 0 && area.3 <= self.height;
            if is_inside && !self.taken.iter().any(|other| touch(*other, area)) {
                self.taken.push(area);
                return Some((at, anchor));
            }
        }
        None
    }
}

fn touch(a: Area, b: Area) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_touch_and_late_ones_go_without() {
        let mut labels = Labels::new(2_000);
        let mut areas: Vec<Area> = Vec::new();
        let mut placed = 0;
        for step in 0..40 {
            let point = (1_500 + step * 10, 1_000 + (step % 4) * 15);
            if let Some((at, anchor)) = labels.find(point, 40, "Kelurahan") {
                let width = text_width("Kelurahan");
                let left = match anchor {
                    Anchor::Start => at.0,
                    Anchor::Middle => at.0 - width / 2,
                    Anchor::End => at.0 - width,
                };
                let area = (left, at.1 - LETTER, left + width, at.1 + 20);
                assert!(areas.iter().all(|other| !touch(*other, area)));
                areas.push(area);
                placed += 1;
            }
        }
        assert!((2..40).contains(&placed), "{placed}");
    }
}
