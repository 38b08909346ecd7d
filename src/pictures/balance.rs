//! What was wanted of each commodity, what was on offer and what was awarded.

use super::bars::{self, Bar, Row};
use super::svg::{Caption, GREEN, GREY, SAND};
use super::{Picture, Table};

/// A commodity's quantities, in base units and in words.
#[derive(Debug, Clone)]
pub struct Balance {
    /// Its name.
    pub name: String,
    /// Wanted.
    pub demanded: (i64, String),
    /// On offer.
    pub offered: (i64, String),
    /// Awarded.
    pub awarded: (i64, String),
}

/// Words of the picture and its table.
#[derive(Debug, Clone)]
pub struct Words {
    /// What is traded.
    pub name: String,
    /// Wanted.
    pub demanded: String,
    /// On offer.
    pub offered: String,
    /// Awarded.
    pub awarded: String,
}

/// Each commodity has its own scale: the larger of what was wanted and what was on offer. Those with too little come
/// first; the picture shows `shown` at most, the table all.
pub fn draw(caption: Caption, words: &Words, all: &[Balance], shown: usize) -> Picture {
    const WHOLE: i64 = 1_000;
    let row = |one: &Balance| {
        let largest = one.demanded.0.max(one.offered.0);
        let bar = |(value, figure): &(i64, String), colour| Bar {
            value: super::part(*value, largest, WHOLE),
            figure: figure.clone(),
            colour,
        };
        let bars = vec![bar(&one.demanded, GREY), bar(&one.offered, SAND), bar(&one.awarded, GREEN)];
        Row { name: one.name.clone(), bars, mark: None }
    };
    let mut sorted: Vec<&Balance> = all.iter().collect();
    // How far supply covers demand; exact, as fractions.
    sorted.sort_by(|a, b| {
        let cover = |own: &Balance, other: &Balance| i128::from(own.offered.0) * i128::from(other.demanded.0);
        cover(a, b).cmp(&cover(b, a)).then_with(|| a.name.cmp(&b.name))
    });
    let rows: Vec<Row> = sorted.iter().take(shown).map(|one| row(one)).collect();
    let legend = [(GREY, words.demanded.as_str()), (SAND, words.offered.as_str()), (GREEN, words.awarded.as_str())];
    let head = vec![words.name.clone(), words.demanded.clone(), words.offered.clone(), words.awarded.clone()];
    let cells =
        |one: &&Balance| vec![one.name.clone(), one.demanded.1.clone(), one.offered.1.clone(), one.awarded.1.clone()];
    let table = Table { head, rows: sorted.iter().map(cells).collect() };
    Picture { svg: bars::draw(&caption, &legend, &rows, WHOLE), caption, table }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::{assert_sound, caption};

    #[test]
    fn what_is_scarcest_comes_first() {
        let one = |name: &str, demanded, offered| Balance {
            name: name.to_owned(),
            demanded: (demanded, format!("{demanded} kg")),
            offered: (offered, format!("{offered} kg")),
            awarded: (demanded.min(offered), "?".to_owned()),
        };
        let text = |text: &str| text.to_owned();
        let words = Words { name: text("a"), demanded: text("b"), offered: text("c"), awarded: text("d") };
        let picture = draw(caption(), &words, &[one("banyak", 10, 90), one("kurang", 50, 5), one("tak ada", 7, 0)], 2);
        assert_sound(&picture);
        let names: Vec<&str> = picture.table.rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(names, ["tak ada", "kurang", "banyak"]);
        assert!(!picture.svg.contains("banyak"));
    }
}
