//! The 8,494 desa and kelurahan of Jawa Timur: one cooperative each. Kept compressed.

use std::io::Read;

use super::table::{SeedError, read_table};
use crate::values::Coordinates;

const FILE: &str = "villages_jatim.csv.gz";
/// The table unpacks to 0.7 MB; anything far beyond that is not this table.
const MAX_UNPACKED_BYTES: u64 = 8 << 20;

/// What a village is in law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VillageKind {
    /// Desa: its cooperative is a KDMP.
    Desa,
    /// Kelurahan: its cooperative is a KKMP.
    Kelurahan,
}

/// A desa or kelurahan of Jawa Timur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Village {
    /// Kemendagri code, dotted: `35.01.01.2001`.
    pub code: String,
    /// Name as in the code list.
    pub name: String,
    /// Desa or kelurahan.
    pub kind: VillageKind,
    /// District it belongs to.
    pub district: String,
    /// Name of the kabupaten or kota.
    pub regency: String,
    /// A point inside the village.
    pub point: Coordinates,
    /// Five digits; empty where the source has none.
    pub postal_code: String,
}

impl Village {
    /// Code of the kabupaten or kota: the first two parts of the village's code.
    pub fn regency_code(&self) -> &str {
        self.code.match_indices('.').nth(1).map_or(self.code.as_str(), |(end, _)| &self.code[..end])
    }
}

/// Reads `villages_jatim.csv.gz`.
pub fn read() -> Result<Vec<Village>, SeedError> {
    let packed: &[u8] = include_bytes!("../../seed-data/villages_jatim.csv.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).take(MAX_UNPACKED_BYTES).read_to_end(&mut bytes).map_err(|error| {
        SeedError { file: FILE, row: 0, column: "-".to_owned(), problem: format!("cannot be unpacked: {error}") }
    })?;
    read_table(FILE, &bytes, |row| {
        Ok(Village {
            code: row.required("code")?,
            name: row.required("village")?,
            kind: row.word("kind", &[("desa", VillageKind::Desa), ("kelurahan", VillageKind::Kelurahan)])?,
            district: row.required("kecamatan")?,
            regency: row.required("regency")?,
            point: row.point()?,
            postal_code: row.text("postal_code")?.to_owned(),
        })
    })
}
