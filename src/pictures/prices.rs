//! Average price of each commodity against the ceiling that binds (HET).

use super::bars::{self, Bar, Row};
use super::svg::{Caption, GREEN, INK, RED};
use super::{Picture, Table, part};

/// A commodity with its average price and ceiling, in whole rupiah per pricing unit and in words.
#[derive(Debug, Clone)]
pub struct Priced {
    /// Its name.
    pub name: String,
    /// Average price of the goods.
    pub price: i64,
    /// The ceiling.
    pub ceiling: i64,
    /// `Rp 13.200`.
    pub price_text: String,
    /// `Rp 14.000`.
    pub ceiling_text: String,
}

/// Words of the picture and its table.
#[derive(Debug, Clone)]
pub struct Words {
    /// What is sold.
    pub name: String,
    /// The average price.
    pub price: String,
    /// The ceiling.
    pub ceiling: String,
}

/// Draws every price as a part of its own ceiling, which is the upright line.
pub fn draw(caption: Caption, words: &Words, all: &[Priced]) -> Picture {
    const CEILING: i64 = 1_000;
    let row = |one: &Priced| Row {
        name: format!("{}: {}", one.name, one.ceiling_text),
        bars: vec![Bar {
            value: part(one.price, one.ceiling, CEILING),
            figure: one.price_text.clone(),
            colour: if one.price > one.ceiling { RED } else { GREEN },
        }],
        mark: Some(CEILING),
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    let legend = [(GREEN, words.price.as_str()), (INK, words.ceiling.as_str())];
    let cells = |one: &Priced| vec![one.name.clone(), one.price_text.clone(), one.ceiling_text.clone()];
    let head = vec![words.name.clone(), words.price.clone(), words.ceiling.clone()];
    let table = Table { head, rows: all.iter().map(cells).collect() };
    Picture { svg: bars::draw(&caption, &legend, &rows, 1_150), caption, table }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::{assert_sound, caption};

    #[test]
    fn a_price_above_its_ceiling_is_red_and_beyond_the_line() {
        let words = Words { name: "Barang".into(), price: "Rata-rata".into(), ceiling: "HET".into() };
        let priced = |price| Priced {
            name: "Beras".into(),
            price,
            ceiling: 14_000,
            price_text: format!("Rp {price}"),
            ceiling_text: "Rp 14000".into(),
        };
        let (below, above) = (draw(caption(), &words, &[priced(7_000)]), draw(caption(), &words, &[priced(14_100)]));
        assert_sound(&below);
        assert_sound(&above);
        assert!(above.svg.contains(RED) && !below.svg.contains(RED));
    }
}
