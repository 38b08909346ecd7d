//! School-meal menus and the lines of their recipes.

use super::commodities::UNIT_CODES;
use super::table::{SeedError, read_table};
use crate::values::BaseUnit;

/// A menu of the cycle. `small` portions are for toddlers to grade 3, `large` ones from grade 4 on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// `M01` …
    pub code: String,
    /// Day of the cycle, from 1.
    pub cycle_day: i64,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// Cities it is meant for; empty means everywhere.
    pub cities: Vec<String>,
    /// Kilocalories of a small portion.
    pub kcal_small: i64,
    /// Kilocalories of a large portion.
    pub kcal_large: i64,
    /// Milligrams of protein in a small portion.
    pub protein_mg_small: i64,
    /// Milligrams of protein in a large portion.
    pub protein_mg_large: i64,
    /// Ingredient cost of a small portion at typical prices, in rupiah.
    pub cost_small_idr: i64,
    /// Ingredient cost of a large portion at typical prices, in rupiah.
    pub cost_large_idr: i64,
    /// Ingredient budget of a small portion, in rupiah.
    pub budget_small_idr: i64,
    /// Ingredient budget of a large portion, in rupiah.
    pub budget_large_idr: i64,
    /// Allergens.
    pub allergens: Vec<String>,
    /// Whether any ingredient must travel cold.
    pub needs_cold_chain: bool,
}

/// Reads `menus.csv`.
pub fn read() -> Result<Vec<Menu>, SeedError> {
    read_table("menus.csv", include_bytes!("../../seed-data/menus.csv"), |row| {
        Ok(Menu {
            code: row.required("menu_code")?,
            cycle_day: row.whole("cycle_day")?,
            name_id: row.required("name_id")?,
            name_en: row.required("name_en")?,
            cities: row.list("region_hint")?.into_iter().filter(|city| city != "*").collect(),
            kcal_small: row.whole("kcal_small")?,
            kcal_large: row.whole("kcal_large")?,
            protein_mg_small: row.amount("protein_g_small", 3)?,
            protein_mg_large: row.amount("protein_g_large", 3)?,
            cost_small_idr: row.whole("cost_small_idr")?,
            cost_large_idr: row.whole("cost_large_idr")?,
            budget_small_idr: row.whole("budget_small_idr")?,
            budget_large_idr: row.whole("budget_large_idr")?,
            allergens: row.list("allergens")?,
            needs_cold_chain: row.flag("needs_cold_chain", "yes", "no")?,
        })
    })
}

/// An ingredient of a menu: raw weight as bought, before trimming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipeLine {
    /// Menu it belongs to.
    pub menu: String,
    /// 1, 2, …
    pub line_no: i64,
    /// Commodity.
    pub commodity: String,
    /// Part of the meal (`pokok`, `sayur`, …).
    pub role: String,
    /// Unit of the commodity; the next two count in thousandths of its base unit (mg, µl, thousandth of a piece).
    pub base_unit: BaseUnit,
    /// Per small portion.
    pub small_milli: i64,
    /// Per large portion.
    pub large_milli: i64,
}

/// Reads `recipe_lines.csv`. Each amount stands there twice (as g/ml/pieces and as kg/l/pieces); both must agree.
pub fn read_recipe_lines() -> Result<Vec<RecipeLine>, SeedError> {
    read_table("recipe_lines.csv", include_bytes!("../../seed-data/recipe_lines.csv"), |row| {
        let base_unit = row.word("base_unit", &UNIT_CODES)?;
        let portion_unit = row.word("portion_unit", &[("g", "KGM"), ("ml", "LTR"), ("pcs", "H87")])?;
        if portion_unit != base_unit.pricing_code() {
            return Err(row.error("portion_unit", "does not belong to base_unit"));
        }
        let decimals = if base_unit == BaseUnit::Piece { 3 } else { 6 };
        let (small_milli, large_milli) = (row.amount("amount_small", 3)?, row.amount("amount_large", 3)?);
        if row.amount("qty_base_small", decimals)? != small_milli {
            return Err(row.error("qty_base_small", "is not amount_small"));
        }
        if row.amount("qty_base_large", decimals)? != large_milli {
            return Err(row.error("qty_base_large", "is not amount_large"));
        }
        Ok(RecipeLine {
            menu: row.required("menu_code")?,
            line_no: row.whole("line_no")?,
            commodity: row.required("commodity_code")?,
            role: row.required("role")?,
            base_unit,
            small_milli,
            large_milli,
        })
    })
}
