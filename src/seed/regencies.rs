//! The 514 regencies and cities of Indonesia.

use super::table::{SeedError, read_table};
use crate::values::Coordinates;

/// What a second-level region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegencyKind {
    /// Kabupaten.
    Regency,
    /// Kota.
    City,
}

/// A kabupaten or kota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regency {
    /// Kemendagri code, dotted: `35.24`.
    pub code: String,
    /// `Kabupaten Lamongan`.
    pub name: String,
    /// Kabupaten or kota.
    pub kind: RegencyKind,
    /// Name of the province.
    pub province: String,
    /// Two digits.
    pub province_code: String,
    /// A point inside the region.
    pub point: Coordinates,
    /// Desa and kelurahan together.
    pub villages: i64,
    /// Districts (kecamatan).
    pub districts: i64,
    /// Persons.
    pub population: i64,
    /// Area in hectares (hundredths of a square kilometre).
    pub area_ha: i64,
    /// Zone 1, 2 or 3 of the rice ceiling prices.
    pub rice_het_zone: u8,
    /// Business assistants, where estimated (Jawa Timur).
    pub business_assistants: Option<i64>,
}

/// Reads `regencies.csv`.
pub fn read() -> Result<Vec<Regency>, SeedError> {
    read_table("regencies.csv", include_bytes!("../../seed-data/regencies.csv"), |row| {
        let villages = row.whole("villages_total")?;
        if villages != row.whole("desa")? + row.whole("kelurahan")? {
            return Err(row.error("villages_total", "is not desa + kelurahan"));
        }
        Ok(Regency {
            code: row.required("code")?,
            name: row.required("name")?,
            kind: row.word("kind", &[("kabupaten", RegencyKind::Regency), ("kota", RegencyKind::City)])?,
            province: row.required("province")?,
            province_code: row.required("province_code")?,
            point: row.point()?,
            villages,
            districts: row.whole("kecamatan")?,
            population: row.whole("population")?,
            area_ha: row.amount("area_km2", 2)?,
            rice_het_zone: row.word("rice_het_zone", &[("1", 1), ("2", 2), ("3", 3)])?,
            business_assistants: row.scaled_if_any("ba_estimate", 0)?,
        })
    })
}
