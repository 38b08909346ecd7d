//! The map of a round: buyers, sellers, and what goes from one to the other, as wide as its weight.
//!
//! Drawn from coordinates alone; no tile or outline is loaded. North is up.

use super::labels::Labels;
use super::projection::Projection;
use super::svg::{Anchor, BLUE, Caption, GREEN, GREY, SAND, Svg, WIDTH, tenths};
use super::{Picture, Table, part};
use crate::values::Coordinates;
use std::collections::BTreeMap;

const MARGIN: i64 = 160;
const WIDEST: i64 = 130;
const POINT: i64 = 34;

/// A place on the map.
#[derive(Debug, Clone)]
pub struct Spot {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub at: Coordinates,
    /// Whether goods come from here.
    pub is_seller: bool,
}

/// Goods from one spot to another, by their positions.
#[derive(Debug, Clone)]
pub struct Flow {
    /// From this spot.
    pub from: usize,
    /// To this one.
    pub to: usize,
    /// How heavy.
    pub grams: i64,
    /// The weight in words.
    pub figure: String,
}

/// Words of the picture and its table.
#[derive(Debug, Clone)]
pub struct Words {
    /// Sellers.
    pub from: String,
    /// Buyers.
    pub to: String,
    /// Weights.
    pub weight: String,
    /// `1 cm ≙ …` has no meaning on a screen; this names the arrow that points north.
    pub north: String,
}

/// Draws every spot and the heaviest `shown` flows; the table has them all, the heaviest first.
pub fn draw(caption: Caption, words: &Words, spots: &[Spot], flows: &[Flow], shown: usize) -> Picture {
    let mut sorted: Vec<&Flow> = flows.iter().filter(|flow| flow.from < spots.len() && flow.to < spots.len()).collect();
    sorted.sort_by(|a, b| b.grams.cmp(&a.grams).then_with(|| (a.from, a.to).cmp(&(b.from, b.to))));
    let name = |at: usize| spots.get(at).map(|spot| spot.name.clone()).unwrap_or_default();
    let head = vec![words.from.clone(), words.to.clone(), words.weight.clone()];
    let rows = sorted.iter().map(|flow| vec![name(flow.from), name(flow.to), flow.figure.clone()]).collect();
    let svg = picture(&caption, words, spots, &sorted, shown);
    Picture { svg, caption, table: Table { head, rows } }
}

fn picture(caption: &Caption, words: &Words, spots: &[Spot], flows: &[&Flow], shown: usize) -> String {
    let all: Vec<Coordinates> = spots.iter().map(|spot| spot.at).collect();
    let buyers: Vec<Coordinates> = spots.iter().filter(|spot| !spot.is_seller).map(|spot| spot.at).collect();
    let Some((projection, map_height)) =
        Projection::around(if buyers.is_empty() { &all } else { &buyers }, &all, WIDTH, MARGIN)
    else {
        return Svg::new(caption, 100).finish();
    };
    let height = map_height + 190;
    let mut svg = Svg::new(caption, height);
    svg.rect((0, 0), (WIDTH, map_height), "#f6f7f4");
    let heaviest = flows.first().map_or(1, |flow| flow.grams.max(1));
    let places: Vec<((i64, i64), bool)> = spots.iter().map(|spot| projection.place(spot.at)).collect();
    for flow in flows.iter().take(shown).rev() {
        let width = part(flow.grams, heaviest, WIDEST).max(6);
        svg.stroke(&bow(places[flow.from].0, places[flow.to].0), SAND, width, 55);
    }
    let radii = radii(spots, flows);
    for (at, spot) in spots.iter().enumerate() {
        let (point, radius) = (places[at].0, radii[at]);
        if spot.is_seller { svg.diamond(point, radius, BLUE) } else { svg.circle(point, radius, GREEN) }
    }
    name_spots(&mut svg, spots, &places, &radii, map_height);
    legend(&mut svg, words, map_height);
    svg.finish()
}

/// A slightly bowed line, so that there and back do not hide one another.
fn bow((x0, y0): (i64, i64), (x1, y1): (i64, i64)) -> String {
    let (middle_x, middle_y) = (i64::midpoint(x0, x1) - (y1 - y0) / 8, i64::midpoint(y0, y1) + (x1 - x0) / 8);
    format!("M{} {}Q{} {} {} {}", tenths(x0), tenths(y0), tenths(middle_x), tenths(middle_y), tenths(x1), tenths(y1))
}

/// Points grow with what passes through them, by steps, from a third more to twice.
fn radii(spots: &[Spot], flows: &[&Flow]) -> Vec<i64> {
    let weights = weights(flows);
    let heaviest = weights.values().copied().max().unwrap_or(1);
    let radius = |at: usize| POINT + part(weights.get(&at).copied().unwrap_or(0), heaviest, POINT);
    (0..spots.len()).map(radius).collect()
}

fn weights(flows: &[&Flow]) -> BTreeMap<usize, i64> {
    let mut weights: BTreeMap<usize, i64> = BTreeMap::new();
    for flow in flows {
        for end in [flow.from, flow.to] {
            let weight = weights.entry(end).or_default();
            *weight = weight.saturating_add(flow.grams.max(0));
        }
    }
    weights
}

/// Larger points choose their names' places first, sellers before buyers.
fn name_spots(svg: &mut Svg, spots: &[Spot], places: &[((i64, i64), bool)], radii: &[i64], height: i64) {
    let mut labels = Labels::new(height);
    for (place, radius) in places.iter().zip(radii) {
        labels.keep_free(place.0, *radius);
    }
    let mut order: Vec<usize> = (0..spots.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(radii[at]), !spots[at].is_seller, at));
    let mut named: Vec<&str> = Vec::new();
    for at in order {
        let (place, is_outside) = places[at];
        let name = if is_outside { format!("↗ {}", spots[at].name) } else { spots[at].name.clone() };
        if named.contains(&spots[at].name.as_str()) {
            continue;
        }
        if let Some((point, anchor)) = labels.find(place, radii[at], &name) {
            svg.text(point, anchor, &name);
            named.push(&spots[at].name);
        }
    }
}

fn legend(svg: &mut Svg, words: &Words, top: i64) {
    let y = top + 100;
    svg.diamond((50, y), 40, BLUE);
    svg.text((120, y + 40), Anchor::Start, &words.from);
    svg.circle((1_250, y), 40, GREEN);
    svg.text((1_320, y + 40), Anchor::Start, &words.to);
    svg.stroke(&format!("M{} {}H{}", tenths(2_400), tenths(y), tenths(2_560)), SAND, 60, 55);
    svg.text((2_620, y + 40), Anchor::Start, &words.weight);
    svg.stroke(&format!("M{} {}V{}", tenths(WIDTH - 60), tenths(150), tenths(60)), GREY, 12, 99);
    svg.text((WIDTH - 60, 260), Anchor::Middle, &words.north);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::{assert_sound, caption};

    fn words() -> Words {
        let text = |text: &str| text.to_owned();
        Words { from: text("Pemasok"), to: text("Pembeli"), weight: text("Berat"), north: text("U") }
    }

    fn spot(name: &str, latitude_e6: i64, longitude_e6: i64, is_seller: bool) -> Spot {
        Spot { name: name.to_owned(), at: Coordinates::new(latitude_e6, longitude_e6).unwrap(), is_seller }
    }

    fn flow(from: usize, to: usize, grams: i64) -> Flow {
        Flow { from, to, grams, figure: format!("{grams} g") }
    }

    #[test]
    fn heavier_flows_are_wider_and_all_are_in_the_table() {
        let spots = [
            spot("Gudang", -10_190_000, 123_530_000, true),
            spot("Oebobo", -10_163_000, 123_618_000, false),
            spot("<Lasiana>", -10_139_000, 123_672_000, false),
        ];
        let picture = draw(caption(), &words(), &spots, &[flow(0, 1, 1_000), flow(0, 2, 500), flow(9, 1, 7)], 5);
        assert_sound(&picture);
        assert!(picture.svg.contains("stroke-width=\"13\"") && picture.svg.contains("stroke-width=\"6.5\""));
        assert_eq!(picture.table.rows.len(), 2, "a flow from nowhere is none");
        assert!(picture.svg.contains("&lt;Lasiana&gt;"));
        let fewer = draw(caption(), &words(), &spots, &[flow(0, 1, 1_000), flow(0, 2, 500)], 1);
        assert_eq!((fewer.svg.matches("<path d=\"M").count(), fewer.table.rows.len()), (3, 2));
    }

    #[test]
    fn an_empty_round_has_an_empty_map() {
        assert_sound(&draw(caption(), &words(), &[], &[], 5));
    }
}
