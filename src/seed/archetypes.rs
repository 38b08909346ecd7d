//! Kinds of suppliers: what they sell, how much, on which terms. All numbers are estimates.

use super::commodities::UNIT_CODES;
use super::table::{Row, SeedError, read_table};
use crate::values::BaseUnit;

/// Size and ownership of a supplier; decides the priority for local suppliers (Perpres 115/2025, article 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SupplierClass {
    /// Micro business, farmer group, fisher.
    Mikro,
    /// Small business.
    Kecil,
    /// Medium business.
    Menengah,
    /// Large business.
    Besar,
    /// State-owned enterprise.
    Bumn,
    /// Village-owned enterprise.
    Bumdes,
    /// Cooperative.
    Koperasi,
    /// Merah Putih cooperative (desa or kelurahan).
    Kdmp,
}

impl SupplierClass {
    /// Every class with its word in the tables.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("mikro", Self::Mikro),
        ("kecil", Self::Kecil),
        ("menengah", Self::Menengah),
        ("besar", Self::Besar),
        ("bumn", Self::Bumn),
        ("bumdes", Self::Bumdes),
        ("koperasi", Self::Koperasi),
        ("kdmp", Self::Kdmp),
    ];

    /// The word in the tables: `mikro`, `kecil`, …
    pub fn code(self) -> &'static str {
        match self {
            Self::Mikro => "mikro",
            Self::Kecil => "kecil",
            Self::Menengah => "menengah",
            Self::Besar => "besar",
            Self::Bumn => "bumn",
            Self::Bumdes => "bumdes",
            Self::Koperasi => "koperasi",
            Self::Kdmp => "kdmp",
        }
    }
}

/// Whether all, none or some suppliers of a kind have something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    /// All.
    All,
    /// None.
    None,
    /// Some.
    Some,
}

/// A kind of supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archetype {
    /// Short name used by the other tables.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// Size and ownership.
    pub class: SupplierClass,
    /// What it sells: codes of `commodities.csv`.
    pub commodities: Vec<String>,
    /// Least total stock usually on hand, in whole `stock_unit`.
    pub stock_min: i64,
    /// Greatest total stock usually on hand, in whole `stock_unit`.
    pub stock_max: i64,
    /// Unit of the stock.
    pub stock_unit: BaseUnit,
    /// Minimum order, in whole `moq_unit`.
    pub moq: i64,
    /// Unit of the minimum order.
    pub moq_unit: BaseUnit,
    /// Lowest price over the typical consumer price, in permille.
    pub price_factor_min_permille: i64,
    /// Highest price over the typical consumer price, in permille.
    pub price_factor_max_permille: i64,
    /// How far it delivers, in metres by road.
    pub radius_m: i64,
    /// Shortest time from order to delivery, in days.
    pub lead_days_min: i64,
    /// Longest time from order to delivery, in days.
    pub lead_days_max: i64,
    /// Least share of orders delivered on time and in full, in permille.
    pub reliability_min_permille: i64,
    /// Greatest share of orders delivered on time and in full, in permille.
    pub reliability_max_permille: i64,
    /// Usual share rejected at receipt, in permille.
    pub reject_rate_permille: i64,
    /// VAT-registered (PKP).
    pub pkp: HowMany,
    /// Has cold transport and storage.
    pub cold_chain: HowMany,
    /// Papers usually held, in the table's words; `certificates` gives them a fixed meaning.
    pub certificates: Vec<String>,
    /// Payment terms in words.
    pub payment_terms: String,
    /// Season in words.
    pub seasonality: String,
    /// Remarks.
    pub note: String,
}

const PKP: [(&str, HowMany); 3] = [("yes", HowMany::All), ("no", HowMany::None), ("mixed", HowMany::Some)];
const COLD_CHAIN: [(&str, HowMany); 3] = [("yes", HowMany::All), ("no", HowMany::None), ("partial", HowMany::Some)];

/// Reads `supplier_archetypes.csv`.
pub fn read() -> Result<Vec<Archetype>, SeedError> {
    read_table("supplier_archetypes.csv", include_bytes!("../../seed-data/supplier_archetypes.csv"), |row| {
        let archetype = read_row(row)?;
        for (low, high, column) in [
            (archetype.stock_min, archetype.stock_max, "stock_max"),
            (archetype.price_factor_min_permille, archetype.price_factor_max_permille, "price_factor_max"),
            (archetype.lead_days_min, archetype.lead_days_max, "lead_time_days_max"),
            (archetype.reliability_min_permille, archetype.reliability_max_permille, "reliability_max"),
        ] {
            if low > high {
                return Err(row.error(column, "is below the minimum beside it"));
            }
        }
        Ok(archetype)
    })
}

fn read_row(row: &Row<'_>) -> Result<Archetype, SeedError> {
    Ok(Archetype {
        code: row.required("code")?,
        name_id: row.required("name_id")?,
        name_en: row.required("name_en")?,
        class: row.word("supplier_class", &SupplierClass::WORDS)?,
        commodities: row.list("commodity_codes")?,
        stock_min: row.whole("stock_min")?,
        stock_max: row.whole("stock_max")?,
        stock_unit: row.word("stock_unit", &UNIT_CODES)?,
        moq: row.whole("moq")?,
        moq_unit: row.word("moq_unit", &UNIT_CODES)?,
        price_factor_min_permille: row.amount("price_factor_min", 3)?,
        price_factor_max_permille: row.amount("price_factor_max", 3)?,
        radius_m: row.amount("delivery_radius_km", 3)?,
        lead_days_min: row.whole("lead_time_days_min")?,
        lead_days_max: row.whole("lead_time_days_max")?,
        reliability_min_permille: row.amount("reliability_min", 3)?,
        reliability_max_permille: row.amount("reliability_max", 3)?,
        reject_rate_permille: row.amount("reject_rate_typical", 3)?,
        pkp: row.word("is_pkp", &PKP)?,
        cold_chain: row.word("cold_chain", &COLD_CHAIN)?,
        certificates: row.list("certificates")?,
        payment_terms: row.required("payment_terms")?,
        seasonality: row.text("seasonality")?.to_owned(),
        note: row.text("note")?.to_owned(),
    })
}
