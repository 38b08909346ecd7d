//! Lots of a call as rows of a form: proposed from the round's need, for the whole market or by delivery area, or as they stand in
//! a draft. What a row is about is in its hidden fields, so that what is saved is what was seen, however the need grows meanwhile.

use super::super::form::Form;
use super::super::stand::name_of;
use super::super::view::View;
use super::super::words;
use super::areas::{self, Division};
use crate::catalog::{Catalogue, Commodity, Unit};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::rounds::Round;
use crate::tenders::aggregate::service::AreaNeed;
use crate::tenders::calls::entry::MOST_LOTS;
use crate::tenders::calls::{Lot, LotEntry};
use crate::values::{BaseUnit, Coordinates};
use crate::web::problem::Language;
use std::collections::{BTreeMap, BTreeSet};

const LONGEST_KEY: usize = 40;

/// A lot that can be ticked.
#[derive(Debug, Clone)]
pub(super) struct Proposed {
    /// Names the fields of this row.
    pub key: String,
    pub code: String,
    pub name: String,
    pub unit: BaseUnit,
    pub units: Vec<Unit>,
    /// Codes of the districts; empty for the whole market.
    pub areas: Vec<String>,
    /// Names of the districts; empty for the whole market.
    pub area_name: String,
    /// Need so far, base units; 0 where it is not known.
    pub quantity: i64,
    pub points: usize,
    pub requirements: Vec<String>,
}

impl Proposed {
    /// Name of a field of this row.
    pub fn field(&self, name: &str) -> String {
        format!("{name}-{}", self.key)
    }

    pub fn need(&self, view: &View) -> String {
        if self.quantity == 0 {
            return String::new();
        }
        view.say2(
            "calls-need",
            "amount",
            words::quantity(view.language, self.quantity, self.unit),
            "count",
            self.points,
        )
    }

    pub fn is_chosen(&self, form: &Form) -> bool {
        form.has("lot", &self.key)
    }

    pub fn is_unit(&self, form: &Form, unit: &Unit) -> bool {
        form.value(self.field("unit")) == unit.code
    }

    fn of(key: String, commodity: &Commodity, catalogue: &Catalogue, language: Language) -> Self {
        Self {
            key,
            code: commodity.code.clone(),
            name: name_of(commodity, language),
            unit: commodity.base_unit,
            units: catalogue.units_of(commodity.id).to_vec(),
            areas: Vec::new(),
            area_name: String::new(),
            quantity: 0,
            points: 1,
            requirements: Vec::new(),
        }
    }
}

/// The rows of a form, with what its template asks of them.
pub(super) struct Pick {
    pub rows: Vec<Proposed>,
    pub division: Division,
    /// What an area is called that has no districts of its own.
    pub market: String,
}

impl Pick {
    pub fn area(&self, row: &Proposed) -> String {
        if row.area_name.is_empty() { self.market.clone() } else { row.area_name.clone() }
    }

    /// The words of all divisions, and whether it is this one.
    pub fn divisions(&self) -> [(&'static str, bool); 3] {
        Division::WORDS.map(|word| (word, word == self.division.word()))
    }

    /// What an untouched row proposes: quantities in whole packs of the usual size, the round's days, its area's name.
    pub fn begin(&self, form: &mut Form, round: &Round) {
        for row in &self.rows {
            let Some(pack) = usual_pack(&row.units, row.unit) else { continue };
            let packs = (row.quantity + pack.base_units - 1) / pack.base_units;
            let proposed = [
                ("unit", pack.code.clone()),
                ("quantity", packs.to_string()),
                ("first", round.delivery_from.to_string()),
                ("last", round.delivery_to.to_string()),
                ("area", self.area(row)),
            ];
            for (name, value) in proposed {
                let name = row.field(name);
                if form.value(&name).is_empty() {
                    form.set(&name, value);
                }
            }
        }
    }

    /// The lots that were ticked, with the key of the row each came from.
    pub fn lots(&self, form: &Form, language: Language) -> (Vec<LotEntry>, Vec<String>) {
        let number = |text: &str| words::read_decimal(language, text);
        let chosen: Vec<&Proposed> = self.rows.iter().filter(|row| row.is_chosen(form)).collect();
        let lot = |row: &&Proposed| {
            let typed = |name: &str| form.value(row.field(name));
            let area_name = typed("area");
            LotEntry {
                commodity: row.code.clone(),
                area: row.areas.clone(),
                area_name: if area_name.is_empty() { self.area(row) } else { area_name.to_owned() },
                day_from: typed("first").to_owned(),
                day_to: typed("last").to_owned(),
                quantity: number(typed("quantity")),
                unit: typed("unit").to_owned(),
                points: i64::try_from(row.points).unwrap_or(i64::MAX),
                steps: steps(typed("steps"), language),
                requirements: row.requirements.clone(),
                price_ceiling: form.optional(&row.field("ceiling")).map(|text| number(&text)),
            }
        };
        (chosen.iter().map(lot).collect(), chosen.iter().map(|row| row.key.clone()).collect())
    }
}

/// The largest pack of up to 25 pricing units, which most goods are sold in; else the smallest there is.
fn usual_pack(units: &[Unit], unit: BaseUnit) -> Option<&Unit> {
    let most = 25 * unit.per_pricing_unit();
    let fitting = units.iter().filter(|one| one.base_units <= most).max_by_key(|one| one.base_units);
    fitting.or_else(|| units.iter().min_by_key(|one| one.base_units))
}

/// `40; 60` as two steps.
fn steps(text: &str, language: Language) -> Vec<String> {
    let parts = text.split([';', '/']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| words::read_decimal(language, part)).collect()
}

/// The field that a JSON pointer into the lots is about; `None` for anything else.
pub(super) fn field(pointer: &str, keys: &[String]) -> Option<String> {
    let rest = pointer.strip_prefix("/lots/")?;
    let (index, name) = rest.split_once('/').unwrap_or((rest, "quantity"));
    let key = index.parse::<usize>().ok().and_then(|index| keys.get(index))?;
    let name = match name.split('/').next().unwrap_or_default() {
        "steps" => "steps",
        "unit" => "unit",
        "price_ceiling" => "ceiling",
        "area_name" => "area",
        "day_from" => "first",
        "day_to" => "last",
        _ => "quantity",
    };
    Some(format!("{name}-{key}"))
}

/// Quantity, delivery points, certificates asked for.
type Sum = (i64, BTreeMap<i64, Coordinates>, BTreeSet<&'static str>);

/// Rows for a division of the need: area by area, the most needed goods first.
pub(super) fn propose(
    connection: &mut DbConnection,
    needs: &[AreaNeed],
    (catalogue, language): (&Catalogue, Language),
    division: Division,
) -> Result<Vec<Proposed>, AppError> {
    let mut rows = Vec::new();
    for group in areas::groups(needs, division) {
        let area_name = areas::name(connection, &group)?;
        let is_inside = |need: &&AreaNeed| group.is_empty() || group.contains(&need.area);
        let mut sums: BTreeMap<i64, Sum> = BTreeMap::new();
        for need in needs.iter().filter(is_inside) {
            let sum = sums.entry(need.commodity_id).or_default();
            sum.0 = sum.0.saturating_add(need.quantity);
            sum.1.extend(need.points.iter().map(|(id, point)| (*id, *point)));
            sum.2.extend(&need.requirements);
        }
        let mut found = Vec::new();
        for (id, (quantity, points, requirements)) in sums {
            let Some(commodity) = catalogue.find(id) else { continue };
            let key = group.first().map_or_else(|| id.to_string(), |code| format!("{id}-{}", code.replace('.', "_")));
            found.push(Proposed {
                areas: group.clone(),
                area_name: area_name.clone(),
                quantity,
                points: points.len(),
                requirements: requirements.into_iter().map(str::to_owned).collect(),
                ..Proposed::of(key, commodity, catalogue, language)
            });
        }
        found.sort_by_key(|row| std::cmp::Reverse(row.quantity / row.unit.per_pricing_unit()));
        rows.extend(found);
    }
    rows.truncate(MOST_LOTS);
    Ok(rows)
}

/// The rows that a form was sent with.
pub(super) fn sent(form: &Form, catalogue: &Catalogue, language: Language) -> Vec<Proposed> {
    let is_key = |key: &&str| {
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-".contains(&c))
    };
    let row = |key: &str| {
        let typed = |name: &str| form.value(format!("{name}-{key}"));
        let commodity = catalogue.find_by_code(typed("code"))?;
        Some(Proposed {
            areas: typed("areas").split_ascii_whitespace().map(str::to_owned).collect(),
            area_name: typed("area").to_owned(),
            quantity: typed("need").parse().unwrap_or(0),
            points: typed("points").parse().unwrap_or(1),
            requirements: typed("requirements").split_ascii_whitespace().map(str::to_owned).collect(),
            ..Proposed::of(key.to_owned(), commodity, catalogue, language)
        })
    };
    form.values("row").filter(is_key).take(MOST_LOTS).filter_map(row).collect()
}

/// The lots of a draft as ticked rows.
pub(super) fn standing(lots: &[Lot], form: &mut Form, (catalogue, language): (&Catalogue, Language)) -> Vec<Proposed> {
    let mut rows = Vec::new();
    for lot in lots {
        let terms = &lot.terms;
        let Some(commodity) = catalogue.find(terms.commodity_id) else { continue };
        let pack = terms.pack.get().max(1);
        let row = Proposed {
            areas: terms.area.clone(),
            area_name: terms.area_name.clone(),
            points: usize::try_from(terms.points).unwrap_or(1),
            requirements: terms.requirements.words().into_iter().map(str::to_owned).collect(),
            ..Proposed::of(format!("n{}", lot.number), commodity, catalogue, language)
        };
        let unit = row.units.iter().find(|unit| unit.base_units == pack).map(|unit| unit.code.clone());
        let steps: Vec<String> = terms.steps.iter().map(|step| (step / pack).to_string()).collect();
        let values = [
            ("unit", unit.unwrap_or_default()),
            ("quantity", words::typed_count(language, terms.quantity.get(), pack)),
            ("first", terms.days.first().to_string()),
            ("last", terms.days.last().to_string()),
            ("area", terms.area_name.clone()),
            ("steps", steps.join("; ")),
            (
                "ceiling",
                terms.price_ceiling.map_or_else(String::new, |price| words::as_typed(language, &price.to_string())),
            ),
        ];
        for (name, value) in values {
            form.set(&row.field(name), value);
        }
        form.add("lot", row.key.clone());
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_one_by_one_and_problems_find_their_rows() {
        assert_eq!(steps("40; 1.060 ;", Language::Indonesian), ["40", "1060"]);
        assert!(steps(" ", Language::Indonesian).is_empty());
        let keys = ["7".to_owned(), "9".to_owned()];
        for (pointer, want) in [
            ("/lots/1/quantity", Some("quantity-9")),
            ("/lots/0/steps/1", Some("steps-7")),
            ("/lots/0", Some("quantity-7")),
            ("/lots/1/day_to", Some("last-9")),
            ("/lots", None),
            ("/closes_at", None),
            ("/lots/5/unit", None),
        ] {
            assert_eq!(field(pointer, &keys).as_deref(), want, "{pointer}");
        }
    }
}
