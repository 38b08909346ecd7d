//! What a place and a region are.

use super::errors::PlaceError;
use crate::values::{Coordinates, RiceZone};
use crate::word_enum;

/// A point where an organisation loads or receives goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub organisation_id: i64,
    /// The region it lies in, where known.
    pub region_code: Option<String>,
    /// Its name, unique within the organisation.
    pub name: String,
    /// Where it is.
    pub coordinates: Coordinates,
    /// Rises with every change.
    pub version: i64,
}

word_enum! {
    /// What a region is in law.
    RegionKind {
        /// First level.
        Province = "province",
        /// Second level, rural.
        Kabupaten = "kabupaten",
        /// Second level, urban.
        Kota = "kota",
        /// Third level: a district.
        Kecamatan = "kecamatan",
        /// Fourth level, urban: a ward.
        Kelurahan = "kelurahan",
        /// Fourth level, rural: a village.
        Desa = "desa",
    }
}

impl RegionKind {
    /// Digits in each part of a Kemendagri code at this level.
    fn code_parts(self) -> &'static [usize] {
        match self {
            Self::Province => &[2],
            Self::Kabupaten | Self::Kota => &[2, 2],
            Self::Kecamatan => &[2, 2, 2],
            Self::Kelurahan | Self::Desa => &[2, 2, 2, 4],
        }
    }
}

/// A region of the country. Made only by [`Region::new`], so its code fits its level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    code: String,
    name: String,
    kind: RegionKind,
    coordinates: Option<Coordinates>,
    rice_zone: Option<RiceZone>,
}

impl Region {
    /// A region under its dotted Kemendagri code (`53.71.01.1001`).
    pub fn new(
        code: &str,
        name: &str,
        kind: RegionKind,
        coordinates: Option<Coordinates>,
        rice_zone: Option<RiceZone>,
    ) -> Result<Self, PlaceError> {
        let digits: Vec<usize> = code.split('.').map(str::len).collect();
        let plain = code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !plain || digits != kind.code_parts() || name.is_empty() {
            return Err(PlaceError::RegionMalformed);
        }
        Ok(Self { code: code.to_owned(), name: name.to_owned(), kind, coordinates, rice_zone })
    }

    /// The dotted Kemendagri code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The name as in the official list.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is in law.
    pub fn kind(&self) -> RegionKind {
        self.kind
    }

    /// The code of the region one level up; none for a province.
    pub fn parent_code(&self) -> Option<&str> {
        self.code.rsplit_once('.').map(|(parent, _)| parent)
    }

    /// A point inside, where known.
    pub fn coordinates(&self) -> Option<Coordinates> {
        self.coordinates
    }

    /// The zone of the rice ceiling prices, where known.
    pub fn rice_zone(&self) -> Option<RiceZone> {
        self.rice_zone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_follows_from_the_code() {
        let cases = [
            ("53", RegionKind::Province, None),
            ("53.71", RegionKind::Kota, Some("53")),
            ("53.71.04", RegionKind::Kecamatan, Some("53.71")),
            ("53.71.04.1001", RegionKind::Kelurahan, Some("53.71.04")),
        ];
        for (code, kind, parent) in cases {
            let region = Region::new(code, "Nama", kind, None, None).unwrap();
            assert_eq!(region.parent_code(), parent, "{code}");
        }
    }

    #[test]
    fn a_code_must_fit_its_level() {
        let cases = [
            ("", RegionKind::Province),
            ("5", RegionKind::Province),
            ("53.71", RegionKind::Province),
            ("53", RegionKind::Kota),
            ("5371", RegionKind::Kota),
            ("53.7a", RegionKind::Kota),
            ("53.71.04.101", RegionKind::Desa),
            ("53.71.04.10011", RegionKind::Desa),
            ("53.71.٠٤", RegionKind::Kecamatan),
            ("53.71.", RegionKind::Kecamatan),
        ];
        for (code, kind) in cases {
            let refused = Region::new(code, "Nama", kind, None, None);
            assert_eq!(refused, Err(PlaceError::RegionMalformed), "{code:?} {kind}");
        }
        let nameless = Region::new("53", "", RegionKind::Province, None, None);
        assert_eq!(nameless, Err(PlaceError::RegionMalformed));
    }
}
