//! Why an operation on the catalogue is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    CatalogError {
        CommodityUnknown = "COMMODITY_UNKNOWN", 422,
            id: "Komoditas ini tidak ada di katalog.", "Pilih dari daftar. Program: /api/v1/commodities.",
            en: "This commodity is not in the catalogue.", "Choose one from /api/v1/commodities.";
        UnitUnknown = "UNIT_UNKNOWN", 422,
            id: "Satuan ini tidak dipakai untuk komoditas ini.", "Pakai salah satu satuan yang disebut pada komoditas itu.",
            en: "This commodity is not counted in this unit.", "Use one of the units listed with the commodity.";
        PricesReversed = "PRICES_REVERSED", 422,
            id: "Batas harga tidak berurutan.", "Isi harga wajar terendah, biasa, dan tertinggi secara berurutan.",
            en: "The plausible prices are not in order.", "Give lowest, usual and highest price in rising order.";
    }
}
