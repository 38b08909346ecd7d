//! Units and trade packs.

use super::commodities::UNIT_CODES;
use super::table::{SeedError, read_table};
use crate::values::BaseUnit;

/// What a unit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Weight.
    Mass,
    /// Volume.
    Volume,
    /// Pieces.
    Count,
    /// A pack: sack, carton, tray, bunch.
    Package,
}

/// A unit or pack in which goods are traded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "a base unit is the term; `base` alone would not say of what")]
pub struct Unit {
    /// Short name used by the other tables.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// The only commodity it may be used for; `None` for any commodity with the same base unit.
    pub commodity: Option<String>,
    /// UN/ECE code; `None` where there is none.
    pub unece_code: Option<String>,
    /// 20 (units) or 21 (packages).
    pub unece_recommendation: u8,
    /// Base unit it converts to.
    pub base_unit: BaseUnit,
    /// Thousandths of a base unit (mg, µl, thousandth of a piece) in one of this unit.
    pub factor_milli: i64,
    /// What it counts.
    pub dimension: Dimension,
    /// Unit code of the tax office's Coretax.
    pub coretax_code: String,
    /// False: a typical weight that must be replaced by the weighed quantity at receipt.
    pub is_exact: bool,
    /// Remarks.
    pub note: String,
}

impl Unit {
    /// Base units (gram, millilitre, piece) in one of this unit, or `None` when that is not whole (an egg is 62.5 g).
    pub fn base_units(&self) -> Option<i64> {
        (self.factor_milli % 1000 == 0).then_some(self.factor_milli / 1000)
    }

    /// Whether goods of this commodity and base unit can be counted in this unit.
    pub fn fits(&self, commodity_code: &str, base_unit: BaseUnit) -> bool {
        self.base_unit == base_unit && self.commodity.as_deref().is_none_or(|only| only == commodity_code)
    }
}

const DIMENSIONS: [(&str, Dimension); 4] = [
    ("mass", Dimension::Mass),
    ("volume", Dimension::Volume),
    ("count", Dimension::Count),
    ("package", Dimension::Package),
];

/// Decimals that turn "pricing units" into thousandths of a base unit.
fn factor_decimals(base_unit: BaseUnit) -> u32 {
    match base_unit {
        BaseUnit::Gram | BaseUnit::Millilitre => 6,
        BaseUnit::Piece => 3,
    }
}

/// Reads `units.csv`.
pub fn read() -> Result<Vec<Unit>, SeedError> {
    read_table("units.csv", include_bytes!("../../seed-data/units.csv"), |row| {
        let base_unit = row.word("base_unit", &UNIT_CODES)?;
        Ok(Unit {
            code: row.required("code")?,
            name_id: row.required("name_id")?,
            name_en: row.required("name_en")?,
            commodity: Some(row.required("commodity_code")?).filter(|code| code != "*"),
            unece_code: row.optional("unece_code")?,
            unece_recommendation: row.word("unece_rec", &[("20", 20), ("21", 21)])?,
            base_unit,
            factor_milli: row.amount("factor_to_base", factor_decimals(base_unit))?,
            dimension: row.word("dimension", &DIMENSIONS)?,
            coretax_code: row.required("coretax_unit")?,
            is_exact: row.flag("certainty", "exact", "typical")?,
            note: row.text("note")?.to_owned(),
        })
    })
}
