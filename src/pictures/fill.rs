//! How much of its need each buyer gets, the least served first.

use super::bars::{self, Bar, Row};
use super::svg::{Caption, GREEN, RED, SAND};
use super::{Picture, Table};

/// A buyer or a ward, and how much of its need is served.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Its name.
    pub name: String,
    /// Served share, in permille.
    pub permille: i64,
    /// The share in words: `98,5 %`.
    pub figure: String,
}

/// Headings of the table.
#[derive(Debug, Clone)]
pub struct Words {
    /// Over the names.
    pub name: String,
    /// Over the shares.
    pub share: String,
}

/// Draws the least served `shown` at most; the table has them all.
pub fn draw(caption: Caption, words: &Words, mut all: Vec<Filled>, shown: usize) -> Picture {
    all.sort_by(|a, b| (a.permille, &a.name).cmp(&(b.permille, &b.name)));
    let colour = |permille: i64| match permille {
        1_000.. => GREEN,
        900.. => SAND,
        _ => RED,
    };
    let row = |one: &Filled| Row {
        name: one.name.clone(),
        bars: vec![Bar { value: one.permille, figure: one.figure.clone(), colour: colour(one.permille) }],
        mark: None,
    };
    let rows: Vec<Row> = all.iter().take(shown).map(row).collect();
    let table = Table {
        head: vec![words.name.clone(), words.share.clone()],
        rows: all.into_iter().map(|one| vec![one.name, one.figure]).collect(),
    };
    Picture { svg: bars::draw(&caption, &[], &rows, 1_000), caption, table }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::{assert_sound, caption};

    #[test]
    fn the_least_served_comes_first_and_hostile_names_stay_text() {
        let one = |name: &str, permille| Filled { name: name.to_owned(), permille, figure: format!("{permille}") };
        let words = Words { name: "Pembeli".into(), share: "Terpenuhi".into() };
        let all = vec![one("penuh", 1_000), one("<script>x</script>", 420), one("lain", 950)];
        let picture = draw(caption(), &words, all, 2);
        assert_sound(&picture);
        assert_eq!(picture.table.rows.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["420", "950", "1000"]);
        assert!(picture.svg.contains("&lt;script&gt;") && !picture.svg.contains("penuh"));
    }
}
