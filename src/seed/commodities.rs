//! Staples, kitchen ingredients and fuels, with prices and official references.

use super::table::{Row, SeedError, read_table};
use crate::values::BaseUnit;

/// The tables name units by the UN/ECE Recommendation 20 code of the pricing unit.
pub const UNIT_CODES: [(&str, BaseUnit); 3] =
    [("KGM", BaseUnit::Gram), ("LTR", BaseUnit::Millilitre), ("H87", BaseUnit::Piece)];

/// A family of commodities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Staples.
    Sembako,
    /// Meat, fish, egg, soy, pulses.
    Protein,
    /// Vegetables.
    Vegetable,
    /// Fruit.
    Fruit,
    /// Spices and condiments.
    Spice,
    /// Milk.
    Dairy,
    /// LPG and kerosene.
    Fuel,
    /// The rest.
    Other,
}

/// How a commodity must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Storage {
    /// Room temperature.
    Ambient,
    /// 8 to 15 °C.
    Cool,
    /// 0 to 5 °C.
    Chilled,
    /// −18 °C or colder.
    Frozen,
}

/// What an official price means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// Harga eceran tertinggi: a binding ceiling.
    Het,
    /// Harga acuan penjualan: a reference that warns.
    Hap,
    /// A ceiling set by local government; no number here.
    LocalHet,
}

/// An official price, per zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencePrice {
    /// What it means.
    pub kind: ReferenceKind,
    /// Zones 1, 2 and 3, in ten-thousandths of a rupiah per pricing unit.
    pub zones_e4: [Option<i64>; 3],
    /// Remarks such as the lower end of a range.
    pub note: String,
    /// The rule it comes from.
    pub regulation: String,
    /// How sure the value and the rule are, in the table's words.
    pub verified: String,
}

/// How a sale is treated for VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VatStatus {
    /// Basic good, exempt under PP 49/2022.
    Exempt,
    /// Treated as exempt, to be confirmed in the annex.
    ExemptToConfirm,
    /// Taxable.
    Taxable,
    /// Taxable when the seller is a PKP.
    TaxableIfPkp,
    /// Subsidised fuel, rules of its own.
    Special,
}

/// A commodity. Prices are ten-thousandths of a rupiah per pricing unit, consumer level, Java baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commodity {
    /// Short name used by the other tables.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// Family.
    pub group: Group,
    /// Unit of quantity; the price is per 1,000 g, per 1,000 ml or per piece.
    pub base_unit: BaseUnit,
    /// Codes of `units.csv` in which it is traded.
    pub pack_units: Vec<String>,
    /// Days it keeps.
    pub shelf_life_days: i64,
    /// How it must be kept.
    pub storage: Storage,
    /// Whether it must travel cold.
    pub needs_cold_chain: bool,
    /// Below this a price is implausible.
    pub price_floor_e4: i64,
    /// Usual price.
    pub price_typical_e4: i64,
    /// Above this a price is implausible.
    pub price_ceiling_e4: i64,
    /// Official price, if there is one.
    pub reference: Option<ReferencePrice>,
    /// Harmonised System, six digits, from memory.
    pub hs_code: String,
    /// VAT.
    pub vat: VatStatus,
    /// Edible share in percent.
    pub edible_percent: i64,
    /// Kilocalories per 100 g of the edible part.
    pub kcal_per_100g: i64,
    /// Milligrams of protein per 100 g of the edible part.
    pub protein_mg_per_100g: i64,
    /// City price over the Java baseline in permille, `None` where it is not sold: Kupang, Bogor, Jakarta Utara.
    pub price_index_permille: [Option<i64>; 3],
    /// Milligrams of one piece, where pieces are usual.
    pub piece_weight_mg: Option<i64>,
    /// When it is plentiful or scarce.
    pub seasonality_note: String,
    /// 1 steady … 5 can double within weeks.
    pub price_volatility: i64,
    /// Allergens.
    pub allergens: Vec<String>,
    /// Columns of this row that are estimates.
    pub estimated_fields: Vec<String>,
}

impl Commodity {
    /// The binding ceiling (HET) in a zone, in ten-thousandths of a rupiah per pricing unit; none for goods without.
    pub fn het_e4(&self, rice_het_zone: u8) -> Option<i64> {
        let reference = self.reference.as_ref().filter(|reference| reference.kind == ReferenceKind::Het)?;
        reference.zones_e4.get(usize::from(rice_het_zone).checked_sub(1)?).copied().flatten()
    }

    /// Price over the Java baseline in a city, in permille; `None` where the commodity is not sold or the city unknown.
    pub fn price_index_permille(&self, city_slug: &str) -> Option<i64> {
        let column = ["kupang", "bogor", "jakarta-utara"].iter().position(|city| *city == city_slug)?;
        self.price_index_permille[column]
    }
}

const GROUPS: [(&str, Group); 8] = [
    ("sembako", Group::Sembako),
    ("protein", Group::Protein),
    ("vegetable", Group::Vegetable),
    ("fruit", Group::Fruit),
    ("spice", Group::Spice),
    ("dairy", Group::Dairy),
    ("fuel", Group::Fuel),
    ("other", Group::Other),
];

const STORAGES: [(&str, Storage); 4] = [
    ("ambient", Storage::Ambient),
    ("cool", Storage::Cool),
    ("chilled", Storage::Chilled),
    ("frozen", Storage::Frozen),
];

const VAT_STATUSES: [(&str, VatStatus); 5] = [
    ("exempt", VatStatus::Exempt),
    ("exempt_check", VatStatus::ExemptToConfirm),
    ("taxable", VatStatus::Taxable),
    ("taxable_if_pkp", VatStatus::TaxableIfPkp),
    ("special", VatStatus::Special),
];

const REFERENCE_KINDS: [(&str, Option<ReferenceKind>); 4] = [
    ("HET", Some(ReferenceKind::Het)),
    ("HAP", Some(ReferenceKind::Hap)),
    ("HET_daerah", Some(ReferenceKind::LocalHet)),
    ("none", None),
];

/// Reads `commodities.csv`.
pub fn read() -> Result<Vec<Commodity>, SeedError> {
    read_table("commodities.csv", include_bytes!("../../seed-data/commodities.csv"), read_row)
}

fn read_row(row: &Row<'_>) -> Result<Commodity, SeedError> {
    Ok(Commodity {
        code: row.required("code")?,
        name_id: row.required("name_id")?,
        name_en: row.required("name_en")?,
        group: row.word("group", &GROUPS)?,
        base_unit: row.word("base_unit", &UNIT_CODES)?,
        pack_units: row.list("pack_units")?,
        shelf_life_days: row.whole("shelf_life_days")?,
        storage: row.word("storage", &STORAGES)?,
        needs_cold_chain: row.flag("needs_cold_chain", "1", "0")?,
        price_floor_e4: row.amount("price_floor", 4)?,
        price_typical_e4: row.amount("price_typical", 4)?,
        price_ceiling_e4: row.amount("price_ceiling", 4)?,
        reference: read_reference(row)?,
        hs_code: row.required("hs_code")?,
        vat: row.word("vat_status", &VAT_STATUSES)?,
        edible_percent: row.whole("edible_pct")?,
        kcal_per_100g: row.whole("kcal_per_100g_edible")?,
        protein_mg_per_100g: row.amount("protein_g_per_100g_edible", 3)?,
        price_index_permille: [
            row.scaled_if_any("price_index_kupang", 3)?,
            row.scaled_if_any("price_index_bogor", 3)?,
            row.scaled_if_any("price_index_jakarta_utara", 3)?,
        ],
        piece_weight_mg: row.scaled_if_any("piece_weight_kg", 6)?,
        seasonality_note: row.text("seasonality_note")?.to_owned(),
        price_volatility: row.whole("price_volatility_1to5")?,
        allergens: row.list("allergens")?,
        estimated_fields: row.list("estimated_fields")?,
    })
}

fn read_reference(row: &Row<'_>) -> Result<Option<ReferencePrice>, SeedError> {
    let Some(kind) = row.word("ref_price_type", &REFERENCE_KINDS)? else {
        return Ok(None);
    };
    Ok(Some(ReferencePrice {
        kind,
        zones_e4: [
            row.scaled_if_any("ref_price_zone1", 4)?,
            row.scaled_if_any("ref_price_zone2", 4)?,
            row.scaled_if_any("ref_price_zone3", 4)?,
        ],
        note: row.text("ref_price_note")?.to_owned(),
        regulation: row.required("ref_regulation")?,
        verified: row.required("ref_verified")?,
    }))
}
