//! Real markets, ports, warehouses and production areas around the three cities.

use super::table::{SeedError, read_table};
use crate::values::Coordinates;

/// A place that goods come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplyPlace {
    /// `P001` …
    pub code: String,
    /// Name of the market, port, warehouse area or production area.
    pub name: String,
    /// Kind of supplier found there: a code of `supplier_archetypes.csv`.
    pub archetype: String,
    /// City it serves: `kupang`, `bogor` or `jakarta-utara`.
    pub city_slug: String,
    /// Where it is.
    pub point: Coordinates,
    /// True when the point comes from a public data set, false when placed from general knowledge.
    pub is_listed: bool,
    /// Kemendagri code of the ward or village it lies in.
    pub village_code: String,
    /// Name of that ward or village.
    pub village: String,
    /// Name of the kabupaten or kota.
    pub regency: String,
    /// Remarks.
    pub note: String,
}

/// Reads `supply_places.csv`.
pub fn read() -> Result<Vec<SupplyPlace>, SeedError> {
    read_table("supply_places.csv", include_bytes!("../../seed-data/supply_places.csv"), |row| {
        Ok(SupplyPlace {
            code: row.required("code")?,
            name: row.required("name")?,
            archetype: row.required("archetype_code")?,
            city_slug: row.required("serves_city_slug")?,
            point: row.point()?,
            is_listed: row.flag("coord_source", "listed", "approx")?,
            village_code: row.required("village_code")?,
            village: row.required("village")?,
            regency: row.required("regency")?,
            note: row.text("note")?.to_owned(),
        })
    })
}
