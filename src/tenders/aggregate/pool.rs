//! From needs to pooled figures. Pure.

use crate::values::{CertificateSet, Coordinates, DayRange};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest buyers behind a figure that everybody sees.
pub const FEWEST_BUYERS: usize = 3;

/// One line of need, as far as pooling looks at it.
#[derive(Debug, Clone)]
pub struct Need {
    /// What.
    pub commodity_id: i64,
    /// Code of the district (kecamatan) of the delivery point, or of the smallest region known around it.
    pub area: String,
    /// Days on which it can be received.
    pub days: DayRange,
    /// Who.
    pub buyer_id: i64,
    /// Where.
    pub place_id: i64,
    /// Where, on the map.
    pub point: Coordinates,
    /// How much, in base units.
    pub quantity: i64,
    /// Certificates asked for.
    pub requirements: CertificateSet,
    /// Highest price, in ten-thousandths of a rupiah per pricing unit.
    pub ceiling_e4: Option<i64>,
}

/// A pooled figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pooled {
    /// What.
    pub commodity_id: i64,
    /// Codes of the districts pooled here, in order.
    pub areas: Vec<String>,
    /// From the first to the last day asked for.
    pub days: DayRange,
    /// The figures; none where fewer than the fewest buyers stand behind them.
    pub figures: Option<Figures>,
}

/// What is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Base units.
    pub quantity: i64,
    /// Buyers.
    pub buyers: usize,
    /// Delivery points.
    pub points: usize,
    /// Base units by certificate asked for.
    pub requirements: BTreeMap<&'static str, i64>,
    /// Base units without any price ceiling of the buyer, and the lowest ceiling of the others.
    pub ceiling_e4: Option<i64>,
    /// Average way from the middle of the points to a point, as the crow flies, in metres: how far a truck spreads out.
    pub spread_m: i64,
}

/// Pools needs so that at least `fewest` buyers stand behind every figure.
pub fn pool(needs: &[Need], fewest: usize) -> Vec<Pooled> {
    let mut commodities: BTreeMap<i64, BTreeMap<&str, Vec<&Need>>> = BTreeMap::new();
    for need in needs {
        commodities.entry(need.commodity_id).or_default().entry(&need.area).or_default().push(need);
    }
    let mut pooled = Vec::new();
    for areas in commodities.into_values() {
        for (names, group) in merge_areas(areas, fewest) {
            pooled.extend(windows(&names, &group, fewest));
        }
    }
    pooled
}

type Group<'a> = (Vec<String>, Vec<&'a Need>);

/// Districts in the order of their codes, which are neighbours more often than not, joined until each group has enough buyers.
fn merge_areas<'a>(areas: BTreeMap<&str, Vec<&'a Need>>, fewest: usize) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut open: Group<'a> = (Vec::new(), Vec::new());
    for (area, needs) in areas {
        open.0.push(area.to_owned());
        open.1.extend(needs);
        if buyers(&open.1) >= fewest {
            groups.push(std::mem::take(&mut open));
        }
    }
    match groups.last_mut() {
        Some(last) => {
            last.0.append(&mut open.0);
            last.1.append(&mut open.1);
        }
        None if !open.1.is_empty() => groups.push(open),
        None => {}
    }
    groups
}

/// One figure for each delivery window if all have enough buyers, otherwise one for all windows together.
fn windows(areas: &[String], needs: &[&Need], fewest: usize) -> Vec<Pooled> {
    let mut by_window: BTreeMap<DayRange, Vec<&Need>> = BTreeMap::new();
    for need in needs {
        by_window.entry(need.days).or_default().push(need);
    }
    if by_window.values().all(|group| buyers(group) >= fewest) {
        return by_window.iter().filter_map(|(days, group)| one(areas, *days, group, fewest)).collect();
    }
    let span = needs
        .iter()
        .map(|need| need.days)
        .reduce(|a, b| DayRange::new(a.first().min(b.first()), a.last().max(b.last())).unwrap_or(a));
    span.and_then(|days| one(areas, days, needs, fewest)).into_iter().collect()
}

fn buyers(needs: &[&Need]) -> usize {
    needs.iter().map(|need| need.buyer_id).collect::<BTreeSet<_>>().len()
}

fn one(areas: &[String], days: DayRange, needs: &[&Need], fewest: usize) -> Option<Pooled> {
    let first = needs.first()?;
    let buyers = buyers(needs);
    let figures = (buyers >= fewest).then(|| figures(needs, buyers));
    Some(Pooled { commodity_id: first.commodity_id, areas: areas.to_vec(), days, figures })
}

fn figures(needs: &[&Need], buyers: usize) -> Figures {
    let mut requirements: BTreeMap<&'static str, i64> = BTreeMap::new();
    let mut points: BTreeMap<i64, Coordinates> = BTreeMap::new();
    for need in needs {
        points.insert(need.place_id, need.point);
        for word in need.requirements.words() {
            *requirements.entry(word).or_default() += need.quantity;
        }
    }
    let spots: Vec<Coordinates> = points.into_values().collect();
    Figures {
        quantity: needs.iter().map(|need| need.quantity).fold(0, i64::saturating_add),
        buyers,
        points: spots.len(),
        requirements,
        ceiling_e4: needs.iter().filter_map(|need| need.ceiling_e4).min(),
        spread_m: spread(&spots),
    }
}

fn spread(points: &[Coordinates]) -> i64 {
    let Ok(count) = i64::try_from(points.len()) else { return 0 };
    if count == 0 {
        return 0;
    }
    let latitude = points.iter().map(|point| point.latitude_e6()).sum::<i64>() / count;
    let longitude = points.iter().map(|point| point.longitude_e6()).sum::<i64>() / count;
    let Ok(middle) = Coordinates::new(latitude, longitude) else { return 0 };
    points.iter().map(|point| middle.great_circle(*point).0).sum::<i64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Day;
    use proptest::prelude::*;

    fn need(buyer_id: i64, area: &str, day: i64, quantity: i64) -> Need {
        let day = Day::parse("2026-01-05").unwrap().plus(day);
        Need {
            commodity_id: 1,
            area: area.to_owned(),
            days: DayRange::new(day, day).unwrap(),
            buyer_id,
            place_id: buyer_id,
            point: Coordinates::new(-6_600_000 + buyer_id, 106_800_000).unwrap(),
            quantity,
            requirements: CertificateSet::parse("halal").unwrap(),
            ceiling_e4: Some(1_000 + buyer_id),
        }
    }

    #[test]
    fn two_buyers_are_merged_with_their_neighbours_or_not_told() {
        let few = [need(1, "32.71.01", 0, 10), need(2, "32.71.01", 0, 20)];
        assert_eq!(pool(&few, FEWEST_BUYERS)[0].figures, None);
        let more = [&few[..], &[need(3, "32.71.02", 0, 30), need(3, "32.71.02", 1, 30)]].concat();
        let pooled = pool(&more, FEWEST_BUYERS);
        assert_eq!(pooled.len(), 1);
        assert_eq!(pooled[0].areas, ["32.71.01", "32.71.02"]);
        let figures = pooled[0].figures.as_ref().unwrap();
        assert_eq!((figures.quantity, figures.buyers, figures.points), (90, 3, 3));
        assert_eq!((figures.ceiling_e4, figures.requirements["halal"]), (Some(1_001), 90));
    }

    #[test]
    fn one_buyer_with_many_lines_is_one_buyer() {
        let same: Vec<Need> = (0..9).map(|day| need(7, "32.71.01", day, 5)).collect();
        assert!(pool(&same, FEWEST_BUYERS).iter().all(|cell| cell.figures.is_none()));
    }

    proptest! {
        #[test]
        fn figures_are_a_partition_with_enough_buyers_behind_each(
            rows in prop::collection::vec((1i64..9, 0usize..4, 0i64..3, 1i64..100), 0..60),
        ) {
            let areas = ["32.71.01", "32.71.02", "32.71.03", "32.71.04"];
            let needs: Vec<Need> = rows.iter().map(|(b, a, d, q)| need(*b, areas[*a], *d, *q)).collect();
            let pooled = pool(&needs, FEWEST_BUYERS);
            let told: i64 = pooled.iter().filter_map(|cell| cell.figures.as_ref()).map(|figures| figures.quantity).sum();
            let all: i64 = needs.iter().map(|need| need.quantity).sum();
            let is_told = pooled.iter().all(|cell| cell.figures.is_some());
            prop_assert!(pooled.iter().filter_map(|cell| cell.figures.as_ref()).all(|f| f.buyers >= FEWEST_BUYERS));
            prop_assert_eq!(told, if is_told { all } else { 0 });
        }
    }
}
