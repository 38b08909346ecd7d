//! Pictures of a round as SVG: a map, flows between groups, bars. Pure: numbers and words go in, markup comes out.
//!
//! Every picture has a title and a description for screen readers and the table of its figures beside it. Nothing in it
//! needs a script, a style of its own, a font or a tile from anywhere: only presentation attributes, which the content
//! policy allows, in colours that hold on white paper. Lengths are whole tenths of a unit, and a picture is 360 units wide,
//! so that its letters can be read on a phone as they are.

pub mod balance;
mod bars;
pub mod fill;
mod labels;
pub mod map;
pub mod prices;
mod projection;
pub mod sankey;
mod svg;
pub mod totals;

pub use svg::Caption;

use std::borrow::Borrow;

/// A picture, and its figures for those who cannot see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is called and what it shows.
    pub caption: Caption,
    /// The markup; every text in it is escaped.
    pub svg: String,
    /// The same figures as a table.
    pub table: Table,
}

/// Figures in rows; the first cell of a row is its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Headings of the columns.
    pub head: Vec<String>,
    /// As many cells in each as there are headings.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The heading of a column, for a cell that stands alone on a narrow screen.
    pub fn label(&self, column: impl Borrow<usize>) -> &str {
        self.head.get(*column.borrow()).map_or("", String::as_str)
    }
}

/// `value` of `whole`, as a part of `length`, rounded down; nothing of nothing.
fn part(value: i64, whole: i64, length: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let scaled = i128::from(value) * i128::from(length) / i128::from(whole);
    i64::try_from(scaled).unwrap_or(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Markup that a strict reader would take: every element closed, no handler, style or address in it.
    pub(super) fn assert_sound(picture: &Picture) {
        let svg = &picture.svg;
        let mut open: Vec<&str> = Vec::new();
        for tag in svg.split('<').skip(1) {
            let inside = tag.split('>').next().unwrap();
            match inside.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{svg}"),
                None if inside.ends_with('/') => {}
                None => open.push(inside.split(' ').next().unwrap()),
            }
        }
        assert_eq!(open, Vec::<&str>::new());
        for refused in [" style=", " on", "http", "<script", "NaN", "--"] {
            assert!(!svg.replace("aria-labelledby", "").contains(refused), "{refused} in {svg}");
        }
        assert!(svg.contains("<title ") && svg.contains("<desc ") && svg.contains("role=\"img\""));
        assert!(picture.table.rows.iter().all(|row| row.len() == picture.table.head.len()));
    }

    pub(super) fn caption() -> Caption {
        Caption { id: "uji", title: "Judul <b>".to_owned(), description: "Isi & \"lain\"".to_owned() }
    }

    #[test]
    fn a_part_never_overflows_nor_divides_by_nothing() {
        assert_eq!(part(1, 3, 100), 33);
        assert_eq!(part(5, 0, 100), 0);
        assert_eq!(part(i64::MAX, i64::MAX, 3600), 3600);
    }
}
