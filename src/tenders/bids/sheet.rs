//! A bid from a table: a row for each lot, read into the document that is then sealed. Nothing of it is kept.
//!
//! Quantities in the table are pricing units (kilogram, litre, piece), in the document base units. What is wrong with the
//! document is told by the cell it came from.

use super::check::{self, Setting};
use super::document::{
    BID_FORMAT, BidBundle, BidDocument, BidLine, BidTier, BidTierKind, Cost, CostLine, Delivery, Fees,
};
use super::terms;
use crate::catalog;
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError, FieldIssue};
use crate::imports::service::{CellProblem, told};
use crate::imports::{self, Fields, Kind, Language, Row, TIERS, Table, folded};
use crate::places;
use crate::scope::Scope;
use crate::sheets::{Format, Sheet};
use crate::tenders::TenderError;
use crate::tenders::calls;
use crate::values::BaseUnit;
use crate::values::decimal::parse_scaled;
use std::collections::BTreeMap;

/// Columns that justify an abnormally low price.
const COSTS: [(&str, Cost); 5] = [
    ("cost_goods", Cost::Goods),
    ("cost_processing", Cost::Processing),
    ("cost_transport", Cost::Transport),
    ("cost_overhead", Cost::Overhead),
    ("cost_margin", Cost::Margin),
];
/// Columns about the whole bid.
const OF_ALL: [&str; 7] =
    ["place", "valid_until", "certificates", "per_drop", "per_truck_day", "capacity_per_day", "capacity_in_all"];
const MOST_PLACES: i64 = 10_000;

/// What a table comes to: a document without fault, or every bad cell.
#[derive(Debug)]
pub struct SheetBid {
    /// Rows below the header.
    pub rows: usize,
    /// The bid; `None` while anything is wrong.
    pub document: Option<BidDocument>,
    /// Every bad cell, by row.
    pub problems: Vec<CellProblem>,
    /// Bad cells beyond those listed.
    pub unlisted: usize,
}

/// Reads a table as a bid on a call in sight, and writes nothing.
pub fn read(
    connection: &mut DbConnection,
    scope: &Scope,
    (call_id, bidder_id): (i64, i64),
    sheet: &Sheet,
) -> Result<SheetBid, AppError> {
    let call = calls::service::get(connection, scope, call_id)?;
    let setting = terms::setting(connection, scope, &call, bidder_id)?;
    let places = places::service::list_of_organisation(connection, scope, bidder_id, 0, MOST_PLACES)?;
    let places: BTreeMap<String, i64> = places.into_iter().map(|place| (folded(&place.name), place.id)).collect();
    let mut checks = Checks::default();
    let table = Table::read(Kind::Bids, sheet, &mut checks);
    let rows = sheet.lines.len().saturating_sub(1);
    let reader = Reader { setting: &setting, rows: &table.rows };
    let document = reader.document(&places, &mut checks);
    let judged = checks.finish().and_then(|()| {
        let mut checks = Checks::default();
        check::check(&document, &setting, &mut checks);
        checks.finish().map_err(|error| reader.point_to_cells(error, &document))
    });
    match judged {
        Ok(()) => Ok(SheetBid { rows, document: Some(document), problems: Vec::new(), unlisted: 0 }),
        Err(AppError::Refused(refusal)) if !refusal.issues.is_empty() => {
            let (problems, unlisted) = told(&table, refusal.issues);
            Ok(SheetBid { rows, document: None, problems, unlisted })
        }
        Err(error) => Err(error),
    }
}

/// A table with a row for each lot of a call, to be filled in.
pub fn template(
    connection: &mut DbConnection,
    scope: &Scope,
    call_id: i64,
    (language, format): (Language, Format),
) -> Result<Vec<u8>, AppError> {
    let commodities = catalog::service::load_all(connection)?;
    let row = |lot: calls::Lot| {
        let commodity = commodities.get(&lot.terms.commodity_id);
        let unit = commodity.map_or(BaseUnit::Gram, |commodity| commodity.base_unit);
        let name = |commodity: &catalog::Commodity| match language {
            Language::Indonesian => commodity.name_id.clone(),
            Language::English => commodity.name_en.clone(),
        };
        Fields::from([
            ("lot", lot.number.to_string()),
            ("commodity", commodity.map(name).unwrap_or_default()),
            ("area", lot.terms.area_name),
            ("need", format!("{} {}", lot.terms.quantity.in_pricing_units(unit), unit.pricing_name())),
            ("delivered", if language == Language::Indonesian { "ya" } else { "yes" }.to_owned()),
        ])
    };
    let rows = calls::service::lots(connection, scope, call_id)?.into_iter().map(row).collect();
    imports::filled(Kind::Bids, language, format, rows)
}

struct Reader<'a> {
    setting: &'a Setting,
    rows: &'a [Row],
}

impl Reader<'_> {
    /// Rows that bid: those of a call's own template without a price are lots that are not bid on.
    fn bidding(&self) -> Vec<&Row> {
        let is_bid =
            |row: &&Row| ["price", "maximum", "minimum", "tier1_from"].iter().any(|key| row.get(key).is_some());
        self.rows.iter().filter(is_bid).collect()
    }

    fn document(&self, places: &BTreeMap<String, i64>, checks: &mut Checks) -> BidDocument {
        let lines = self.bidding().into_iter().map(|row| self.line(row, checks)).collect();
        let bundles = self.bundles(checks);
        let place = self.of_all("place", checks);
        let only_place = || (places.len() == 1).then(|| places.values().next()).flatten();
        let place = match &place {
            Some(name) => places.get(&folded(name)).map_or(name.clone(), ToString::to_string),
            None => only_place().map(ToString::to_string).unwrap_or_default(),
        };
        let idr = |text: Option<String>, key: &str, checks: &mut Checks| {
            text.and_then(|text| checks.ok(&format!("/{key}"), parse_scaled(&text, 0))).unwrap_or_default()
        };
        let (drop, truck) = (self.of_all("per_drop", checks), self.of_all("per_truck_day", checks));
        let fees = Fees {
            per_drop_idr: idr(drop, "per_drop", checks),
            per_truck_day_idr: idr(truck, "per_truck_day", checks),
        };
        let mut grams = |key: &'static str| {
            let text = self.of_all(key, checks)?;
            checks.ok(&format!("/{key}"), parse_scaled(&text, BaseUnit::Gram.digits()))
        };
        let (capacity_per_day_g, capacity_in_all_g) = (grams("capacity_per_day"), grams("capacity_in_all"));
        BidDocument {
            format: BID_FORMAT.to_owned(),
            call_id: self.setting.call_id.to_string(),
            bidder_id: self.setting.bidder_id.to_string(),
            terms_version: self.setting.terms_version,
            place_id: place,
            // As the page proposes it: as long as it must bind.
            valid_until: self.of_all("valid_until", checks).unwrap_or_else(|| self.setting.last_day.to_string()),
            certificates: self
                .of_all("certificates", checks)
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            lines,
            fees,
            capacity_per_day_g,
            capacity_in_all_g,
            bundles,
        }
    }

    /// What the rows say about the whole bid in one column; rows that say it differently are noted.
    fn of_all(&self, key: &'static str, checks: &mut Checks) -> Option<String> {
        let mut said: Option<String> = None;
        for row in self.rows {
            let Some(text) = row.get(key) else { continue };
            checks.within(row.pointer());
            if said.as_ref().is_some_and(|said| *said != text) {
                checks.add_with(&format!("/{key}"), TenderError::SheetDiffers, said.clone().unwrap_or_default());
            }
            said.get_or_insert(text);
        }
        said
    }

    fn unit_of(&self, row: &Row) -> BaseUnit {
        let lot = row.text("lot").parse().ok().and_then(|lot: i64| self.setting.lots.get(&lot));
        lot.map_or(BaseUnit::Gram, |lot| lot.unit)
    }

    /// A quantity in base units.
    fn quantity(&self, row: &Row, key: &str, checks: &mut Checks) -> Option<i64> {
        let text = row.get(key)?;
        checks.ok(&format!("/{key}"), parse_scaled(&text, self.unit_of(row).digits()))
    }

    fn line(&self, row: &Row, checks: &mut Checks) -> BidLine {
        checks.within(row.pointer());
        for key in ["lot", "price", "maximum"].into_iter().filter(|key| row.get(key).is_none()) {
            checks.add(&format!("/{key}"), CommonError::Required);
        }
        let tier = |(from, price): &(&str, &str)| {
            if row.get(from).is_none() && row.get(price).is_none() {
                return None;
            }
            for key in [from, price].into_iter().filter(|key| row.get(key).is_none()) {
                checks.add(&format!("/{key}"), CommonError::Required);
            }
            Some(BidTier { from: self.quantity(row, from, checks).unwrap_or_default(), price: row.text(price) })
        };
        let tiers = TIERS.iter().filter_map(tier).collect();
        let cost = |(key, cost): &(&str, Cost)| row.get(key).map(|amount| CostLine { cost: *cost, amount });
        let is_franco =
            row.get("delivered").is_none() && row.get("freight_per_km").is_none() || row.is_yes("delivered");
        let or_zero = |key: &str| row.get(key).unwrap_or_else(|| "0".to_owned());
        let delivery = if is_franco {
            Delivery::Franco
        } else {
            Delivery::ExWarehouse { per_km: or_zero("freight_per_km"), base: or_zero("freight_base") }
        };
        BidLine {
            lot: row.get("lot").and_then(|text| checks.ok("/lot", parse_scaled(&text, 0))).unwrap_or_default(),
            price: row.text("price"),
            tiers,
            tier_kind: if row.is_yes("incremental") { BidTierKind::Incremental } else { BidTierKind::AllUnit },
            min_quantity: self.quantity(row, "minimum", checks).unwrap_or_default(),
            max_quantity: self.quantity(row, "maximum", checks).unwrap_or_default(),
            multiple: self.quantity(row, "multiple", checks),
            delivery,
            low_price: COSTS.iter().filter_map(cost).collect(),
        }
    }

    /// Rows of one group by its name, and a discount for each row that states one.
    fn bundles(&self, checks: &mut Checks) -> Vec<BidBundle> {
        let rows = self.bidding();
        let lot = |row: &Row| parse_scaled(&row.text("lot"), 0).unwrap_or_default();
        let groups = |key: &str| {
            let mut groups: BTreeMap<String, Vec<i64>> = BTreeMap::new();
            for row in &rows {
                if let Some(name) = row.get(key) {
                    groups.entry(folded(&name)).or_default().push(lot(row));
                }
            }
            groups.into_values()
        };
        let mut bundles: Vec<BidBundle> =
            groups("all_or_nothing").map(|lots| BidBundle::AllOrNothing { lots }).collect();
        bundles.extend(groups("only_one").map(|lots| BidBundle::Xor { lots }));
        for row in rows.iter().filter(|row| row.get("discount_percent").is_some()) {
            checks.within(row.pointer());
            let word =
                |(index, word): (usize, String)| checks.ok(&format!("/discount_lots/{index}"), parse_scaled(&word, 0));
            let when: Vec<i64> = row.words("discount_lots").into_iter().enumerate().filter_map(word).collect();
            let counted =
                when.first().and_then(|lot| self.setting.lots.get(lot)).map_or(BaseUnit::Gram, |lot| lot.unit);
            let at_least = row.text("discount_from");
            let at_least = checks.ok("/discount_from", parse_scaled(&at_least, counted.digits())).unwrap_or_default();
            let off_percent = row.get("discount_percent");
            bundles.push(BidBundle::Discount { when, at_least, then: vec![lot(row)], off: None, off_percent });
        }
        bundles
    }

    /// Notes about the document as notes about the cells that it was read from.
    fn point_to_cells(&self, error: AppError, document: &BidDocument) -> AppError {
        let AppError::Refused(mut refusal) = error else { return error };
        for issue in &mut refusal.issues {
            issue.pointer = self.cell(issue, document);
        }
        AppError::Refused(refusal)
    }

    fn cell(&self, issue: &FieldIssue, document: &BidDocument) -> String {
        let parts: Vec<&str> = issue.pointer.split('/').skip(1).collect();
        let rows = self.bidding();
        let number = |index: &str| index.parse::<usize>().ok();
        let at = |row: Option<&&Row>, key: &str| row.map_or_else(String::new, |row| format!("{}/{key}", row.pointer()));
        match parts.as_slice() {
            ["lines", index, rest @ ..] => at(number(index).and_then(|index| rows.get(index)), column_of(rest)),
            ["bundles", index, rest @ ..] => {
                let bundle = number(index).and_then(|index| document.bundles.get(index));
                let (lots, key) = match bundle {
                    Some(BidBundle::AllOrNothing { lots }) => (lots.as_slice(), "all_or_nothing"),
                    Some(BidBundle::Xor { lots }) => (lots.as_slice(), "only_one"),
                    Some(BidBundle::Discount { then, .. }) => (then.as_slice(), discount_column(rest)),
                    None => (&[][..], "discount_percent"),
                };
                let is_named = |row: &&&Row| parse_scaled(&row.text("lot"), 0).is_ok_and(|lot| lots.contains(&lot));
                at(rows.iter().find(is_named).or(rows.first()), key)
            }
            [head, ..] => {
                let key = match *head {
                    "place_id" => "place",
                    "fees" if issue.pointer.ends_with("per_drop_idr") => "per_drop",
                    "fees" => "per_truck_day",
                    "capacity_per_day_g" => "capacity_per_day",
                    "capacity_in_all_g" => "capacity_in_all",
                    other => OF_ALL.into_iter().find(|key| *key == other).unwrap_or("lot"),
                };
                let said = self.rows.iter().find(|row| row.get(key).is_some()).or(self.rows.first());
                at(said.as_ref(), key)
            }
            [] => String::new(),
        }
    }
}

/// The column that a field of a line was read from.
fn column_of(field: &[&str]) -> &'static str {
    match field {
        ["price"] => "price",
        ["tiers", index, part] => {
            let tier = index.parse().ok().and_then(|index: usize| TIERS.get(index)).unwrap_or(&TIERS[3]);
            if *part == "price" { tier.1 } else { tier.0 }
        }
        ["tiers", ..] => TIERS[0].0,
        ["min_quantity"] => "minimum",
        ["max_quantity"] => "maximum",
        ["multiple"] => "multiple",
        ["delivery", "base"] => "freight_base",
        ["delivery", ..] => "freight_per_km",
        ["low_price", ..] => "cost_goods",
        _ => "lot",
    }
}

fn discount_column(field: &[&str]) -> &'static str {
    match field {
        ["when", ..] => "discount_lots",
        ["at_least"] => "discount_from",
        _ => "discount_percent",
    }
}
