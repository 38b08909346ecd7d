//! Why an operation on places or regions is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    PlaceError {
        PlaceExists = "PLACE_EXISTS", 409,
            id: "Organisasi ini sudah punya tempat dengan nama itu.", "Pakai tempat yang sudah ada, atau nama lain.",
            en: "This organisation has a place of this name already.", "Use the existing one, or another name.";
        RegionUnknown = "REGION_UNKNOWN", 422,
            id: "Kode wilayah ini tidak dikenal.", "Pilih dari daftar, atau pakai kode Kemendagri seperti 53.71.01.1001. Program: /api/v1/regions.",
            en: "This region code is not known.", "Use a Kemendagri code such as 53.71.01.1001; see /api/v1/regions.";
        RegionMalformed = "REGION_MALFORMED", 422,
            id: "Kode wilayah tidak sesuai dengan tingkatnya.", "Tulis seperti 53, 53.71, 53.71.01 atau 53.71.01.1001.",
            en: "The region code does not fit its level.", "Write it like 53, 53.71, 53.71.01 or 53.71.01.1001.";
    }
}
