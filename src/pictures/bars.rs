//! Horizontal bars, one block per row: a name, one or more bars with their figures, and a mark to compare with.

use super::part;
use super::svg::{Anchor, Caption, GREY, INK, LETTER, Svg, WIDTH, fitting, tenths, text_width};

const BAR: i64 = 110;
const GAP: i64 = 40;
const LINE: i64 = 160;

/// One bar of a row.
#[derive(Debug, Clone)]
pub struct Bar {
    pub value: i64,
    pub figure: String,
    pub colour: &'static str,
}

/// A name with its bars. `mark` is drawn as an upright line at its value.
#[derive(Debug, Clone)]
pub struct Row {
    pub name: String,
    pub bars: Vec<Bar>,
    pub mark: Option<i64>,
}

/// Colours and what they stand for.
pub type Legend<'a> = &'a [(&'static str, &'a str)];

/// Draws rows below one another; all bars share one scale up to `largest`.
pub fn draw(caption: &Caption, legend: Legend<'_>, rows: &[Row], largest: i64) -> String {
    let figures = rows.iter().flat_map(|row| &row.bars).map(|bar| text_width(&bar.figure)).max().unwrap_or(0);
    let length = (WIDTH - figures - 80).max(WIDTH / 3);
    let height = |row: &Row| LINE + (BAR + 20) * i64::try_from(row.bars.len()).unwrap_or(1) + GAP;
    let top = if legend.is_empty() { 20 } else { legend_height(legend) };
    let mut svg = Svg::new(caption, top + rows.iter().map(height).sum::<i64>());
    draw_legend(&mut svg, legend);
    let mut y = top;
    for row in rows {
        svg.text((0, y + LETTER), Anchor::Start, &fitting(&row.name, WIDTH));
        let mut at = y + LINE;
        for bar in &row.bars {
            let own = part(bar.value.clamp(0, largest), largest, length);
            svg.rect((0, at), (length, BAR), "#eef1f4");
            svg.rect((0, at), (own, BAR), bar.colour);
            svg.text((length + 60, at + BAR - 10), Anchor::Start, &bar.figure);
            at += BAR + 20;
        }
        if let Some(mark) = row.mark {
            let x = part(mark.clamp(0, largest), largest, length);
            let path = format!("M{} {}V{}", tenths(x), tenths(y + LINE - 30), tenths(at + 10));
            svg.stroke(&path, INK, 20, 99);
        }
        y += height(row);
    }
    svg.finish()
}

fn legend_height(legend: Legend<'_>) -> i64 {
    30 + LINE * i64::try_from(legend.len()).unwrap_or(1) + GAP
}

fn draw_legend(svg: &mut Svg, legend: Legend<'_>) {
    let mut y = 30;
    for (colour, words) in legend {
        if *colour == INK {
            svg.stroke(&format!("M6 {}V{}", tenths(y - 10), tenths(y + 110)), INK, 20, 99);
        } else {
            svg.rect((0, y), (110, 100), colour);
        }
        svg.text((180, y + 95), Anchor::Start, &fitting(words, WIDTH - 180));
        y += LINE;
    }
    if !legend.is_empty() {
        svg.rect((0, y + 10), (WIDTH, 10), GREY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::svg::GREEN;
    use crate::pictures::tests::caption;

    #[test]
    fn a_bar_is_as_long_as_its_value_and_never_longer_than_its_place() {
        let row = |value| Row {
            name: "Beras".to_owned(),
            bars: vec![Bar { value, figure: String::new(), colour: GREEN }],
            mark: None,
        };
        let drawn = |value| draw(&caption(), &[], &[row(value)], 1_000);
        assert!(drawn(500).contains("width=\"176\" height=\"11\" fill=\"#0b5d4c\""), "{}", drawn(500));
        assert!(drawn(1_000).contains("width=\"352\" height=\"11\" fill=\"#0b5d4c\""));
        assert_eq!(drawn(5_000), drawn(1_000));
        assert!(drawn(-5).contains("width=\"0\" height=\"11\" fill=\"#0b5d4c\""));
    }
}
