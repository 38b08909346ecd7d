//! What a commodity, a unit and an official price are.

use crate::values::{BaseUnit, RiceZone, UnitPrice};
use crate::word_enum;

word_enum! {
    /// A family of commodities.
    Category {
        /// Staples.
        Sembako = "sembako",
        /// Meat, fish, egg, soy, pulses.
        Protein = "protein",
        /// Vegetables.
        Vegetable = "vegetable",
        /// Fruit.
        Fruit = "fruit",
        /// Spices and condiments.
        Spice = "spice",
        /// Milk.
        Dairy = "dairy",
        /// LPG and kerosene.
        Fuel = "fuel",
        /// The rest.
        Other = "other",
    }
}

word_enum! {
    /// How a commodity must travel.
    Storage {
        /// As it is.
        Ambient = "ambient",
        /// Cooled or frozen all the way.
        Cold = "cold",
    }
}

word_enum! {
    /// What an official price means.
    ReferenceKind {
        /// Harga eceran tertinggi: a ceiling that binds.
        Het = "HET",
        /// Harga acuan penjualan: a reference that warns.
        Hap = "HAP",
    }
}

/// Something that is traded. Prices are per pricing unit (kilogram, litre, piece), at consumer level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commodity {
    /// Its id.
    pub id: i64,
    /// A short unique code.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// Family.
    pub category: Category,
    /// What quantities are counted in.
    pub base_unit: BaseUnit,
    /// Mass of 1,000 base units in grams; freight is paid by mass.
    pub grams_per_thousand: i64,
    /// How it must travel.
    pub storage: Storage,
    /// Below this a price is implausible.
    pub price_floor: UnitPrice,
    /// The usual price.
    pub price_typical: UnitPrice,
    /// Above this a price is implausible. Not a legal ceiling: that is a [`ReferencePrice`].
    pub price_ceiling: UnitPrice,
}

impl Commodity {
    /// Most that 1,000 base units may weigh: pieces of 100 kg.
    pub const HEAVIEST_GRAMS_PER_THOUSAND: i64 = 100_000_000;
}

/// A unit or pack in which a commodity may be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// A short code, unique within the commodity.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// UN/ECE Recommendation 20 or 21 code; empty where there is none.
    pub unece_code: String,
    /// Base units in one of this unit; at least 1.
    pub base_units: i64,
}

/// An official price of a commodity in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencePrice {
    /// Where it holds.
    pub zone: RiceZone,
    /// What it means.
    pub kind: ReferenceKind,
    /// Per pricing unit.
    pub price: UnitPrice,
    /// The rule it comes from.
    pub regulation: String,
}
