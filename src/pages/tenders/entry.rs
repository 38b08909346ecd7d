//! Between the bid's form and the document that is sealed. `static/bid.js` makes the same document from the same fields.
//!
//! Quantities are typed in kilograms, litres or pieces. An empty maximum means the whole lot; in a call that awards whole lots
//! only, the minimum is the maximum.

use super::super::form::Form;
use super::super::words;
use super::bundles;
use crate::tenders::bids::BidDocument;
use crate::tenders::bids::check::{Awards, LotFacts, Setting};
use crate::tenders::bids::document::{
    BID_FORMAT, BidBundle, BidLine, BidTier, BidTierKind, Cost, CostLine, Delivery, Fees,
};
use crate::values::Certificate;
use crate::values::decimal::parse_scaled;
use crate::web::problem::Language;

/// Rows of price steps that the form has for a lot.
pub(super) const TIERS: usize = 5;
/// Parts of a price, as the form names them.
pub(super) const COSTS: [(&str, Cost); 6] = [
    ("goods", Cost::Goods),
    ("processing", Cost::Processing),
    ("storage", Cost::Storage),
    ("transport", Cost::Transport),
    ("overhead", Cost::Overhead),
    ("margin", Cost::Margin),
];

/// What was read of a form.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The document, as far as it could be read.
    pub document: BidDocument,
    /// Fields whose numbers are none.
    pub unreadable: Vec<String>,
    /// Lot and rows of price steps behind each line of the document.
    lines: Vec<(i64, Vec<usize>)>,
    /// Bundles of the document with the rows they stand in.
    bundles: Vec<(BidBundle, usize)>,
}

/// Reads fields, noting those that are no numbers.
pub(super) struct Reader<'a> {
    pub(super) form: &'a Form,
    language: Language,
    unreadable: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn decimal(&self, name: &str) -> String {
        words::read_decimal(self.language, self.form.value(name))
    }

    /// A number of units as base units; nothing where nothing was typed or no number.
    pub(super) fn amount(&mut self, name: &str, digits: u32) -> Option<i64> {
        if self.form.value(name).is_empty() {
            return None;
        }
        let read = parse_scaled(&self.decimal(name), digits).ok();
        if read.is_none() {
            self.unreadable.push(name.to_owned());
        }
        read
    }
}

/// The bid as it was typed.
pub(super) fn read(form: &Form, language: Language, setting: &Setting) -> Entry {
    let mut reader = Reader { form, language, unreadable: Vec::new() };
    let delivery = delivery(&reader);
    let (mut lines, mut rows) = (Vec::new(), Vec::new());
    for (&number, lot) in &setting.lots {
        if let Some((line, tiers)) = line(&mut reader, number, lot, (setting.awards, &delivery)) {
            lines.push(line);
            rows.push((number, tiers));
        }
    }
    let fees = Fees {
        per_drop_idr: reader.amount("per_drop", 0).unwrap_or(0),
        per_truck_day_idr: reader.amount("per_truck", 0).unwrap_or(0),
    };
    let certificates = Certificate::ALL.iter().map(|certificate| certificate.word());
    let (capacity_per_day_g, capacity_in_all_g) = (reader.amount("capacity", 3), reader.amount("capacity_in_all", 3));
    let bundles = bundles::read(&mut reader, setting);
    let document = BidDocument {
        format: BID_FORMAT.to_owned(),
        call_id: setting.call_id.to_string(),
        bidder_id: setting.bidder_id.to_string(),
        terms_version: setting.terms_version,
        place_id: form.value("place").to_owned(),
        valid_until: form.value("valid_until").to_owned(),
        certificates: certificates.filter(|word| form.has("certificate", word)).map(str::to_owned).collect(),
        lines,
        fees,
        capacity_per_day_g,
        capacity_in_all_g,
        bundles: bundles.iter().map(|(bundle, _)| bundle.clone()).collect(),
    };
    Entry { document, unreadable: reader.unreadable, lines: rows, bundles }
}

fn delivery(reader: &Reader<'_>) -> Delivery {
    if reader.form.value("delivery") == "ex" {
        let or_zero = |text: String| if text.is_empty() { "0".to_owned() } else { text };
        let base = or_zero(reader.decimal("base"));
        return Delivery::ExWarehouse { per_km: reader.decimal("per_km"), base };
    }
    Delivery::Franco
}

/// A lot's line with the rows its steps stand in; none where nothing was typed.
fn line(
    reader: &mut Reader<'_>,
    number: i64,
    lot: &LotFacts,
    (awards, delivery): (Awards, &Delivery),
) -> Option<(BidLine, Vec<usize>)> {
    let field = |name: &str| format!("{name}-{number}");
    let steps: Vec<usize> = (1..=TIERS).filter(|row| has_step(reader.form, number, *row)).collect();
    let is_empty = ["price", "max", "min"].iter().all(|name| reader.form.value(field(name)).is_empty());
    if is_empty && steps.is_empty() {
        return None;
    }
    let digits = lot.unit.digits();
    let multiple = reader.amount(&field("multiple"), digits);
    let max = reader.amount(&field("max"), digits).unwrap_or_else(|| whole(lot, multiple));
    let min = match awards {
        Awards::Whole => max,
        Awards::Partial => reader.amount(&field("min"), digits).unwrap_or(0),
    };
    let mut tiers = Vec::with_capacity(steps.len());
    for row in &steps {
        let from = reader.amount(&format!("from-{number}-{row}"), digits).unwrap_or(0);
        tiers.push(BidTier { from, price: reader.decimal(&format!("tier-{number}-{row}")) });
    }
    let is_beyond = reader.form.value(field("kind")) == "incremental";
    let line = BidLine {
        lot: number,
        price: reader.decimal(&field("price")),
        tiers,
        tier_kind: if is_beyond { BidTierKind::Incremental } else { BidTierKind::AllUnit },
        min_quantity: min,
        max_quantity: max,
        multiple,
        delivery: delivery.clone(),
        low_price: costs(reader, number),
    };
    Some((line, steps))
}

/// Whether a row of price steps says anything.
pub(super) fn has_step(form: &Form, number: i64, row: usize) -> bool {
    ["from", "tier"].iter().any(|name| !form.value(format!("{name}-{number}-{row}")).is_empty())
}

/// The whole lot in whole multiples, at least one.
fn whole(lot: &LotFacts, multiple: Option<i64>) -> i64 {
    let multiple = multiple.unwrap_or(lot.pack).max(1);
    (lot.quantity / multiple).max(1) * multiple
}

fn costs(reader: &Reader<'_>, number: i64) -> Vec<CostLine> {
    let name = |cost: &str| format!("low-{number}-{cost}");
    let filled = COSTS.iter().filter(|(word, _)| !reader.form.value(name(word)).is_empty());
    filled.map(|(word, cost)| CostLine { cost: *cost, amount: reader.decimal(&name(word)) }).collect()
}

impl Entry {
    /// The field that a JSON pointer into the document is about.
    pub fn field(&self, pointer: &str) -> Option<String> {
        let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
        match parts.as_slice() {
            ["lines", index, rest @ ..] => self.line_field(index, rest),
            ["bundles", index, rest @ ..] => {
                self.bundles.get(index.parse::<usize>().ok()?).map(|bundle| bundles::field(bundle, rest))
            }
            ["place_id"] => Some("place".to_owned()),
            ["valid_until"] => Some("valid_until".to_owned()),
            ["certificates", ..] => Some("certificate".to_owned()),
            ["fees", "per_drop_idr"] => Some("per_drop".to_owned()),
            ["fees", "per_truck_day_idr"] => Some("per_truck".to_owned()),
            ["capacity_per_day_g"] => Some("capacity".to_owned()),
            ["capacity_in_all_g"] => Some("capacity_in_all".to_owned()),
            _ => None,
        }
    }

    fn line_field(&self, index: &str, rest: &[&str]) -> Option<String> {
        let (number, rows) = self.lines.get(index.parse::<usize>().ok()?)?;
        let row = |at: &str| at.parse::<usize>().ok().and_then(|at| rows.get(at)).copied().unwrap_or(1);
        Some(match rest {
            ["max_quantity"] => format!("max-{number}"),
            ["min_quantity"] => format!("min-{number}"),
            ["multiple"] => format!("multiple-{number}"),
            ["tiers", at, "from"] => format!("from-{number}-{}", row(at)),
            ["tiers", at, ..] => format!("tier-{number}-{}", row(at)),
            ["low_price", ..] => format!("low-{number}-goods"),
            ["delivery", "base"] => "base".to_owned(),
            ["delivery", ..] => "per_km".to_owned(),
            _ => format!("price-{number}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{AppError, Checks};
    use crate::tenders::bids::check;
    use crate::values::{BaseUnit, CertificateSet, Day};
    use std::collections::{BTreeMap, BTreeSet};

    fn setting(awards: Awards) -> Setting {
        let rice = LotFacts {
            unit: BaseUnit::Gram,
            quantity: 20_010_000,
            pack: 25_000,
            ceiling_e4: Some(140_000_000),
            low_e4: 80_000_000,
        };
        Setting {
            call_id: 7,
            terms_version: 2,
            bidder_id: 11,
            places: BTreeSet::from([5]),
            certificates: CertificateSet::default(),
            awards,
            last_day: Day::parse("2026-01-11").unwrap(),
            lots: BTreeMap::from([(1, rice), (3, rice)]),
        }
    }

    fn form(values: &[(&'static str, &str)]) -> Form {
        let head = [("place", "5"), ("valid_until", "2026-01-12")];
        Form::blank(head.iter().chain(values).map(|(name, value)| (*name, (*value).to_owned())))
    }

    /// The fields that a form is refused for.
    fn refused(awards: Awards, values: &[(&'static str, &str)]) -> Vec<String> {
        let setting = setting(awards);
        let entry = read(&form(values), Language::Indonesian, &setting);
        let mut checks = Checks::default();
        check::check(&entry.document, &setting, &mut checks);
        match checks.finish() {
            Err(AppError::Refused(refusal)) => {
                refusal.issues.iter().map(|issue| entry.field(&issue.pointer).unwrap_or_default()).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_is_typed_in_kilograms_is_bid_in_base_units() {
        let values = [("price-3", "12.500,5"), ("min-3", "1.000"), ("from-3-2", "5.000"), ("tier-3-2", "12.300")];
        let entry = read(&form(&values), Language::Indonesian, &setting(Awards::Partial));
        let [line] = entry.document.lines.as_slice() else { panic!("{:?}", entry.document.lines) };
        assert_eq!((line.lot, line.price.as_str(), line.min_quantity), (3, "12500.5", 1_000_000));
        assert_eq!(line.max_quantity, 20_000_000, "the whole lot in whole sacks");
        assert_eq!(line.tiers, [BidTier { from: 5_000_000, price: "12300".to_owned() }]);
        assert!(refused(Awards::Partial, &values).is_empty());
        let whole = read(&form(&values), Language::Indonesian, &setting(Awards::Whole));
        assert_eq!(whole.document.lines[0].min_quantity, 20_000_000);
    }

    #[test]
    fn every_problem_stands_beside_its_field() {
        for (values, want) in [
            (&[("price-1", "15000")][..], "price-1"),
            (&[("price-1", "7000")], "low-1-goods"),
            (&[("price-1", "12000"), ("max-1", "30")], "max-1"),
            (&[("price-1", "12000"), ("min-1", "30")], "min-1"),
            (&[("price-1", "12000"), ("from-1-2", "50"), ("tier-1-2", "13000")], "tier-1-2"),
            (&[("price-1", "12000"), ("from-1-3", "30"), ("tier-1-3", "11000")], "from-1-3"),
            (&[("price-1", "12000"), ("delivery", "ex"), ("per_km", "x")], "per_km"),
            (&[("price-1", "12000"), ("per_drop", "-4")], "per_drop"),
            (&[("price-1", "12000"), ("together", "1")], "together"),
            (&[("price-1", "12000"), ("only", "1")], "only"),
            (&[("price-1", "12000"), ("only", "1"), ("only", "3")], "only"),
            (&[("price-1", "12000"), ("only-2", "1")], "only-2"),
            (
                &[
                    ("price-1", "12000"),
                    ("price-3", "12000"),
                    ("off", "0"),
                    ("when", "1"),
                    ("then", "3"),
                    ("at_least", "25"),
                ],
                "off",
            ),
        ] {
            let found = refused(Awards::Partial, values);
            assert_eq!(found, [want], "{values:?}");
        }
        assert_eq!(refused(Awards::Partial, &[]), [""], "no lot at all");
    }

    #[test]
    fn several_bundles_of_a_kind_are_read_in_their_order() {
        let discount = |row: &str, off: &str| {
            [("when", "1"), ("then", "3"), ("at_least", "25"), ("off", off)]
                .map(|(name, value)| (format!("{name}{row}"), value.to_owned()))
        };
        let fields = [("price-1", "12000"), ("price-3", "12000"), ("together-3", "1"), ("together-3", "3")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let fields = fields.into_iter().chain(discount("", "2")).chain(discount("-4", "0"));
        let fields: Vec<(&'static str, String)> = fields.map(|(name, value)| (&*name.leak(), value)).collect();
        let values: Vec<(&'static str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let entry = read(&form(&values), Language::Indonesian, &setting(Awards::Partial));
        let [BidBundle::Discount { .. }, BidBundle::Discount { off_percent, .. }, BidBundle::AllOrNothing { lots }] =
            entry.document.bundles.as_slice()
        else {
            panic!("{:?}", entry.document.bundles)
        };
        assert_eq!((off_percent.as_deref(), lots.as_slice()), (Some("0"), &[1, 3][..]));
        assert_eq!(refused(Awards::Partial, &values), ["off-4"]);
    }

    #[test]
    fn what_is_no_number_is_told_as_such() {
        let values = [("price-1", "12000"), ("max-1", "banyak"), ("capacity", "1,2,3")];
        let entry = read(&form(&values), Language::Indonesian, &setting(Awards::Partial));
        assert_eq!(entry.unreadable, ["max-1", "capacity"]);
    }
}
