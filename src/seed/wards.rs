//! Wards (kelurahan) of the three cities: one cooperative each.

use super::table::{SeedError, read_table};
use crate::values::Coordinates;

/// A kelurahan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ward {
    /// Kemendagri code, dotted: `53.71.01.1001`.
    pub code: String,
    /// Name as in the code list.
    pub name: String,
    /// District it belongs to.
    pub district: String,
    /// Kemendagri code of the city: `53.71`.
    pub city_code: String,
    /// `kupang`, `bogor` or `jakarta-utara`.
    pub city_slug: String,
    /// A point inside the ward.
    pub point: Coordinates,
    /// Five digits.
    pub postal_code: String,
    /// Area in hectares (hundredths of a square kilometre).
    pub area_ha: i64,
    /// Other spellings met in news and government papers.
    pub aliases: Vec<String>,
}

/// Reads `wards.csv`.
pub fn read() -> Result<Vec<Ward>, SeedError> {
    read_table("wards.csv", include_bytes!("../../seed-data/wards.csv"), |row| {
        Ok(Ward {
            code: row.required("code")?,
            name: row.required("kelurahan")?,
            district: row.required("kecamatan")?,
            city_code: row.required("city_code")?,
            city_slug: row.required("city_slug")?,
            point: row.point()?,
            postal_code: row.required("postal_code")?,
            area_ha: row.amount("area_km2", 2)?,
            aliases: row.list("aliases")?,
        })
    })
}
