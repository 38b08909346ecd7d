//! How near everybody's need together is to the next pack or price step of a call for bids. Figures that fewer than three
//! buyers stand behind are never told (`tenders::aggregate`).

use super::sheet::{Line, Sheet};
use crate::app::App;
use crate::error::AppError;
use crate::pages::PUBLIC;
use crate::pages::view::View;
use crate::pages::words;
use crate::parties::Actor;
use crate::tenders::aggregate::service::{Progress, pooled};

/// Parts of a district's code: province, regency, district.
const DISTRICT_PARTS: usize = 3;

/// What is said beside a line.
#[derive(Debug, Clone)]
pub(super) struct Together {
    pub words: String,
    pub bar: Option<Bar>,
}

/// A bar from nothing to the next pack or step, in pricing units as plain decimal text for the script.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    pub have: String,
    pub at: String,
    /// What of `have` is this buyer's own line.
    pub own: String,
}

/// Puts what everybody needs beside the lines of a sheet.
pub(super) async fn add(app: &App, actor: &Actor, view: &View, sheet: &mut Sheet) -> Result<(), AppError> {
    let (viewer, round_id) = (actor.scope(), sheet.round_id);
    let all = app.read_async(PUBLIC, move |connection, system| pooled(connection, (&viewer, system), round_id)).await?;
    let region = sheet.places.first().and_then(|place| place.region_code.clone()).unwrap_or_default();
    let district = region.split('.').take(DISTRICT_PARTS).collect::<Vec<_>>().join(".");
    let days = sheet.days;
    let catalogue = &sheet.stand.catalogue;
    for line in &mut sheet.lines {
        let Some(commodity) = catalogue.find_by_code(&line.code) else { continue };
        let mine =
            all.iter().filter(|one| one.pooled.commodity_id == commodity.id && one.pooled.areas.contains(&district));
        let covers = |one: &&Progress| one.pooled.days.first() <= days.first() && one.pooled.days.last() >= days.last();
        line.together = mine.clone().find(covers).or_else(|| mine.clone().next()).and_then(|one| of(view, line, one));
    }
    Ok(())
}

fn of(view: &View, line: &Line, progress: &Progress) -> Option<Together> {
    let figures = progress.pooled.figures.as_ref()?;
    let buyers = i64::try_from(figures.buyers).unwrap_or(i64::MAX);
    let say = |key: &str, next: &[(&str, &String)]| {
        let mut places: Vec<(&str, &dyn words::Value)> = vec![("buyers", &buyers)];
        places.extend(next.iter().map(|(name, text)| (*name, *text as &dyn words::Value)));
        words::say(view.language, key, &places)
    };
    let Some(next) = progress.next else {
        let have = words::quantity(view.language, figures.quantity, line.base_unit);
        return Some(Together { words: say("demands-together", &[("have", &have)]), bar: None });
    };
    let amount = |base_units: i64| amount(view, line, next.pack, base_units);
    let (mut have, at, mut missing) = (amount(figures.quantity), amount(next.at), amount(next.missing));
    // "48 dari 60 karung; 12 lagi": the unit is said once.
    if let (Some(unit), true) = (unit_of(line, next.pack), next.missing > 0) {
        for text in [&mut have, &mut missing] {
            *text = text.strip_suffix(&unit).map_or(text.clone(), |number| number.trim_end().to_owned());
        }
    }
    let key = match (next.missing, next.is_step) {
        (0, _) => "demands-together-whole",
        (_, true) => "demands-together-step",
        (_, false) => "demands-together-pack",
    };
    let own = line.posted.as_ref().map_or(0, |demand| demand.quantity.get());
    let bar = Bar {
        have: line.base_unit.in_pricing_units(figures.quantity),
        at: line.base_unit.in_pricing_units(next.at),
        own: line.base_unit.in_pricing_units(own),
    };
    Some(Together { words: say(key, &[("have", &have), ("at", &at), ("missing", &missing)]), bar: Some(bar) })
}

/// The name of the line's unit where it is the lot's pack.
fn unit_of(line: &Line, pack: i64) -> Option<String> {
    (line.unit.base_units == pack).then(|| line.unit_name.clone())
}

/// Whole packs by the name of the line's unit where it is that pack, otherwise the weight.
fn amount(view: &View, line: &Line, pack: i64, base_units: i64) -> String {
    if line.unit.base_units == pack && base_units % pack == 0 {
        format!("{} {}", view.number(base_units / pack), line.unit_name)
    } else {
        words::quantity(view.language, base_units, line.base_unit)
    }
}
