//! Delivery areas of a call's lots: the whole market, single districts (kecamatan), or districts that lie close together.

use crate::db::DbConnection;
use crate::error::AppError;
use crate::places;
use crate::tenders::aggregate::cluster::{Spot, cluster};
use crate::tenders::aggregate::service::AreaNeed;
use crate::values::Coordinates;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Reach of a cluster unless said otherwise, and the farthest, in kilometres.
const USUAL_KM: i64 = 5;
const FARTHEST_KM: i64 = 500;
const METRES: i64 = 1_000;
/// Districts that the name of an area spells out.
const MOST_NAMED: usize = 3;

/// Into which delivery areas the need is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Division {
    /// One lot of each commodity for the whole market.
    Market,
    /// One for each district (kecamatan).
    District,
    /// One for all districts within so many kilometres.
    Near(i64),
}

/// The division as an address names it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    areas: String,
    #[serde(default)]
    km: String,
}

impl Asked {
    pub fn division(&self) -> Division {
        match self.areas.as_str() {
            "district" => Division::District,
            "near" => {
                let km = self.km.trim().parse().ok().filter(|km| (1..=FARTHEST_KM).contains(km));
                Division::Near(km.unwrap_or(USUAL_KM))
            }
            _ => Division::Market,
        }
    }
}

impl Division {
    pub const WORDS: [&'static str; 3] = ["market", "district", "near"];

    pub fn word(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::District => "district",
            Self::Near(_) => "near",
        }
    }

    pub fn km(self) -> i64 {
        if let Self::Near(km) = self { km } else { USUAL_KM }
    }
}

/// Codes of districts that become one area; an empty group is the whole market. Needs at places without a region are in no area
/// smaller than that.
pub(super) fn groups(needs: &[AreaNeed], division: Division) -> Vec<Vec<String>> {
    let mut points: BTreeMap<&str, BTreeMap<i64, Coordinates>> = BTreeMap::new();
    for need in needs.iter().filter(|need| !need.area.is_empty()) {
        points.entry(&need.area).or_default().extend(need.points.iter().map(|(id, point)| (*id, *point)));
    }
    match division {
        Division::Market => vec![Vec::new()],
        Division::District => points.keys().map(|code| vec![(*code).to_owned()]).collect(),
        Division::Near(km) => {
            let spots: Vec<Spot> = points.iter().filter_map(|(code, points)| Spot::around(code, points)).collect();
            cluster(&spots, km * METRES)
        }
    }
}

/// `Oebobo, Maulafa, Kelapa Lima +2`.
pub(super) fn name(connection: &mut DbConnection, codes: &[String]) -> Result<String, AppError> {
    let mut named = Vec::new();
    for code in codes.iter().take(MOST_NAMED) {
        let region = places::service::find_region(connection, code)?;
        named.push(region.map_or_else(|| code.clone(), |region| region.name().to_owned()));
    }
    let more = codes.len().saturating_sub(MOST_NAMED);
    let more = if more == 0 { String::new() } else { format!(" +{more}") };
    Ok(format!("{}{more}", named.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_division_is_read_from_the_address_and_bounded() {
        let asked = |areas: &str, km: &str| Asked { areas: areas.to_owned(), km: km.to_owned() }.division();
        assert_eq!(asked("", ""), Division::Market);
        assert_eq!(asked("district", "9"), Division::District);
        assert_eq!(asked("near", " 12 "), Division::Near(12));
        for km in ["0", "-4", "501", "jauh"] {
            assert_eq!(asked("near", km), Division::Near(USUAL_KM), "{km}");
        }
    }

    #[test]
    fn needs_without_a_region_are_in_no_smaller_area() {
        let need = |area: &str, place: i64| AreaNeed {
            commodity_id: 1,
            area: area.to_owned(),
            quantity: 5,
            points: BTreeMap::from([(place, Coordinates::new(-10_160_000, 123_600_000 + place).unwrap())]),
            requirements: BTreeSet::new(),
        };
        let needs = [need("53.71.01", 1), need("53.71.02", 2), need("", 3)];
        assert_eq!(groups(&needs, Division::Market), [Vec::<String>::new()]);
        assert_eq!(groups(&needs, Division::District), [vec!["53.71.01"], vec!["53.71.02"]]);
        assert_eq!(groups(&needs, Division::Near(5)), [vec!["53.71.01", "53.71.02"]]);
    }
}
