//! Bundles and discounts on the bid's form: up to [`GROUPS`] of each kind, a row each. `static/bid.js` reads the same fields.

use super::super::form::Form;
use super::entry::Reader;
use crate::tenders::bids::check::Setting;
use crate::tenders::bids::document::BidBundle;

/// Rows that the form has for each kind.
pub(super) const GROUPS: usize = 5;
/// Kinds of rows: discounts, lots won together or not at all, lots of which one is won at most.
pub(super) const KINDS: [&str; 3] = ["discount", "together", "only"];

/// A field of a row: the first row's has the bare name.
pub(super) fn nth(name: &str, row: usize) -> String {
    if row == 1 { name.to_owned() } else { format!("{name}-{row}") }
}

/// Whether a row of a kind says anything.
pub(super) fn has(form: &Form, kind: &str, row: usize) -> bool {
    let names: &[&str] = if kind == "discount" { &["off", "at_least"] } else { &[kind] };
    names.iter().any(|name| !form.value(nth(name, row)).is_empty())
}

/// Rows of a kind that are shown: the first, those with something in them, and as many as were asked for.
pub(super) fn shown(form: &Form, kind: &str) -> usize {
    let asked = form.value(format!("{kind}-rows")).parse().unwrap_or(1);
    let filled = (1..=GROUPS).rev().find(|row| has(form, kind, *row));
    filled.unwrap_or(1).max(asked).clamp(1, GROUPS)
}

/// Shows one more row of a kind.
pub(super) fn add(form: &mut Form, kind: &str) {
    if KINDS.contains(&kind) {
        let more = (shown(form, kind) + 1).min(GROUPS);
        form.set(&format!("{kind}-rows"), more.to_string());
    }
}

/// The bundles as they were typed, each with its row.
pub(super) fn read(reader: &mut Reader<'_>, setting: &Setting) -> Vec<(BidBundle, usize)> {
    let form = reader.form;
    let mut found = Vec::new();
    for row in (1..=GROUPS).filter(|row| has(form, "discount", *row)) {
        found.push((discount(reader, setting, row), row));
    }
    for kind in ["together", "only"] {
        for row in (1..=GROUPS).filter(|row| has(form, kind, *row)) {
            let name = nth(kind, row);
            let lots = setting.lots.keys().copied().filter(|number| form.has(&name, &number.to_string())).collect();
            let bundle = if kind == "together" { BidBundle::AllOrNothing { lots } } else { BidBundle::Xor { lots } };
            found.push((bundle, row));
        }
    }
    found
}

fn discount(reader: &mut Reader<'_>, setting: &Setting, row: usize) -> BidBundle {
    let form = reader.form;
    let lot = |name: &str| form.value(nth(name, row)).parse::<i64>().unwrap_or(0);
    let when = lot("when");
    let digits = setting.lots.get(&when).map_or(3, |facts| facts.unit.digits());
    BidBundle::Discount {
        when: vec![when],
        at_least: reader.amount(&nth("at_least", row), digits).unwrap_or(0),
        then: vec![lot("then")],
        off: None,
        off_percent: Some(reader.decimal(&nth("off", row))),
    }
}

/// The field that a pointer into a bundle is about.
pub(super) fn field((bundle, row): &(BidBundle, usize), rest: &[&str]) -> String {
    let name = match (bundle, rest.first().copied()) {
        (BidBundle::Discount { .. }, Some("when")) => "when",
        (BidBundle::Discount { .. }, Some("then")) => "then",
        (BidBundle::Discount { .. }, Some("at_least")) => "at_least",
        (BidBundle::Discount { .. }, _) => "off",
        (BidBundle::Xor { .. }, _) => "only",
        (BidBundle::AllOrNothing { .. }, _) => "together",
    };
    nth(name, *row)
}
