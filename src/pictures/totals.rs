//! What several plans pay, side by side: goods and the way to the buyer.

use super::bars::{self, Bar, Row};
use super::svg::{BLUE, Caption, GREEN};
use super::{Picture, Table};

/// A plan with what it pays, in whole rupiah and in words (goods, freight, both).
#[derive(Debug, Clone)]
pub struct Total {
    /// Its name.
    pub name: String,
    /// Goods.
    pub goods: i64,
    /// Freight and fees.
    pub freight: i64,
    /// Goods, freight, total, as they are written.
    pub figures: [String; 3],
}

/// Words of the picture and its table.
#[derive(Debug, Clone)]
pub struct Words {
    /// What is compared.
    pub name: String,
    /// Goods.
    pub goods: String,
    /// Freight and fees.
    pub freight: String,
    /// Both.
    pub total: String,
}

/// Draws two bars for each plan, all on one scale.
pub fn draw(caption: Caption, words: &Words, all: &[Total]) -> Picture {
    let [goods, freight] = [GREEN, BLUE];
    let row = |one: &Total| Row {
        name: format!("{}: {}", one.name, one.figures[2]),
        bars: vec![
            Bar { value: one.goods, figure: one.figures[0].clone(), colour: goods },
            Bar { value: one.freight, figure: one.figures[1].clone(), colour: freight },
        ],
        mark: None,
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    let largest = all.iter().map(|one| one.goods.max(one.freight)).max().unwrap_or(0).max(1);
    let legend = [(goods, words.goods.as_str()), (freight, words.freight.as_str())];
    let head = [&words.name, &words.goods, &words.freight, &words.total].map(Clone::clone).to_vec();
    let cells = |one: &Total| std::iter::once(one.name.clone()).chain(one.figures.clone()).collect();
    let table = Table { head, rows: all.iter().map(cells).collect() };
    Picture { svg: bars::draw(&caption, &legend, &rows, largest), caption, table }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::{assert_sound, caption};

    #[test]
    fn every_plan_has_two_bars_on_one_scale_and_a_row_in_the_table() {
        let words =
            Words { name: "Skenario".into(), goods: "Barang".into(), freight: "Kirim".into(), total: "Jumlah".into() };
        let one = |name: &str, goods: i64, freight: i64| Total {
            name: name.into(),
            goods,
            freight,
            figures: [goods, freight, goods + freight].map(|amount| format!("Rp {amount}")),
        };
        let picture = draw(caption(), &words, &[one("Termurah <b>", 1_000, 100), one("Adil", 900, 0)]);
        assert_sound(&picture);
        assert_eq!(
            picture.table.rows,
            [["Termurah <b>", "Rp 1000", "Rp 100", "Rp 1100"], ["Adil", "Rp 900", "Rp 0", "Rp 900"]]
        );
        assert!(picture.svg.contains("Termurah &lt;b&gt;"));
        assert_sound(&draw(caption(), &words, &[]));
    }
}
