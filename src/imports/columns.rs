//! Which columns each kind of table has, what they are called, and what may stand in them.

use super::bid_columns::BIDS;
use crate::word_enum;

word_enum! {
    /// What the rows of a table are.
    Kind {
        /// What the organisation needs in one round.
        Demands = "demands",
        /// What the organisation offers in one market.
        Offers = "offers",
        /// Organisations to register, with a place each.
        Parties = "parties",
        /// What a bidder offers for each lot of a call. Only read: it becomes a bid document, which is then sealed.
        Bids = "bids",
    }
}

word_enum! {
    /// The language of headers.
    Language {
        /// Indonesian.
        Indonesian = "id",
        /// English.
        English = "en",
    }
}

/// How a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// As it is.
    Words,
    /// A number with decimal comma or point.
    Number,
    /// Degrees: a number so small that a comma or point always begins its decimals.
    Degrees,
    /// `YYYY-MM-DD` or day first, `31/01/2026`.
    Day,
    /// `ya`/`tidak`, `yes`/`no`.
    Flag,
    /// Words with commas, semicolons or spaces between.
    List,
}

/// One column.
#[derive(Debug)]
pub(crate) struct Column {
    /// The name of the field in the API; also taken as a header.
    pub key: &'static str,
    /// Indonesian header.
    pub indonesian: &'static str,
    /// English header.
    pub english: &'static str,
    pub content: Content,
    pub is_required: bool,
    /// For the template.
    pub sample: &'static str,
}

pub(super) const fn column(
    key: &'static str,
    [indonesian, english]: [&'static str; 2],
    content: Content,
    sample: &'static str,
) -> Column {
    Column { key, indonesian, english, content, is_required: false, sample }
}

pub(super) const fn required(mut column: Column) -> Column {
    column.is_required = true;
    column
}

use Content::{Day, Degrees, Flag, List, Number, Words};

static DEMANDS: [Column; 10] = [
    column("place", ["Tempat", "Place"], Words, "Gudang"),
    required(column("commodity", ["Komoditas", "Commodity"], Words, "beras_medium")),
    required(column("quantity", ["Jumlah", "Quantity"], Number, "40")),
    required(column("unit", ["Satuan", "Unit"], Words, "karung25")),
    column("accept_up_to", ["Paling banyak", "Accept up to"], Number, ""),
    column("day_from", ["Hari pertama", "First day"], Day, ""),
    column("day_to", ["Hari terakhir", "Last day"], Day, ""),
    column("requirements", ["Syarat", "Requirements"], List, "halal"),
    column("priority", ["Prioritas", "Priority"], Number, ""),
    column("price_ceiling", ["Harga tertinggi", "Price ceiling"], Number, ""),
];

static OFFERS: [Column; 27] = [
    column("place", ["Tempat", "Place"], Words, "Gudang"),
    required(column("commodity", ["Komoditas", "Commodity"], Words, "beras_medium")),
    column("lot", ["Lot", "Lot"], Words, ""),
    required(column("price", ["Harga", "Price"], Number, "13250")),
    column("confirm_unusual_price", ["Harga memang begitu", "Unusual price confirmed"], Flag, ""),
    required(column("stock", ["Stok", "Stock"], Number, "200")),
    required(column("unit", ["Satuan", "Unit"], Words, "karung25")),
    column("stock_per_day", ["Stok per hari", "Stock per day"], Number, ""),
    column("pack", ["Kemasan", "Pack"], Words, ""),
    column("min_line", ["Pesanan terkecil", "Smallest line"], Number, ""),
    column("radius_km", ["Jarak terjauh (km)", "Radius (km)"], Number, ""),
    required(column("day_from", ["Hari pertama", "First day"], Day, "2026-01-12")),
    required(column("day_to", ["Hari terakhir", "Last day"], Day, "2026-01-18")),
    column("certificates", ["Sertifikat", "Certificates"], List, "halal"),
    column("delivered", ["Harga sampai tujuan", "Delivered"], Flag, "tidak"),
    column("freight_per_km", ["Ongkos per km", "Freight per km"], Number, ""),
    column("freight_base", ["Ongkos dasar", "Freight base"], Number, ""),
    column("tier1_from", ["Mulai jumlah 1", "From quantity 1"], Number, ""),
    column("tier1_price", ["Harga 1", "Price 1"], Number, ""),
    column("tier2_from", ["Mulai jumlah 2", "From quantity 2"], Number, ""),
    column("tier2_price", ["Harga 2", "Price 2"], Number, ""),
    column("tier3_from", ["Mulai jumlah 3", "From quantity 3"], Number, ""),
    column("tier3_price", ["Harga 3", "Price 3"], Number, ""),
    column("tier4_from", ["Mulai jumlah 4", "From quantity 4"], Number, ""),
    column("tier4_price", ["Harga 4", "Price 4"], Number, ""),
    column("incremental", ["Hanya kelebihannya", "Only beyond"], Flag, ""),
    column("min_order_idr", ["Nilai pesanan terkecil (Rp)", "Smallest order (IDR)"], Number, ""),
];

static PARTIES: [Column; 9] = [
    required(column("code", ["Kode", "Code"], Words, "KKMP-OEBOBO")),
    required(column("name", ["Nama", "Name"], Words, "Koperasi Kelurahan Merah Putih Oebobo")),
    required(column("class", ["Golongan", "Class"], Words, "kdmp")),
    column("status", ["Keadaan", "Status"], Words, "active"),
    required(column("capabilities", ["Kegiatan", "Capabilities"], List, "buyer, seller")),
    column("place", ["Tempat", "Place"], Words, "Gudang"),
    column("region_code", ["Kode wilayah", "Region code"], Words, ""),
    column("latitude", ["Lintang", "Latitude"], Degrees, "-10.17"),
    column("longitude", ["Bujur", "Longitude"], Degrees, "123.6"),
];

impl Kind {
    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Self::Demands => &DEMANDS,
            Self::Offers => &OFFERS,
            Self::Parties => &PARTIES,
            Self::Bids => &BIDS,
        }
    }

    /// The column a header names: in either language, or as in the API, whatever its capitals and spaces.
    pub(super) fn find(self, header: &str) -> Option<&'static Column> {
        let wanted = folded(header);
        let names = |column: &Column| [column.key, column.indonesian, column.english].map(folded);
        self.columns().iter().find(|column| names(column).contains(&wanted))
    }
}

impl Column {
    pub(super) fn header(&self, language: Language) -> &'static str {
        match language {
            Language::Indonesian => self.indonesian,
            Language::English => self.english,
        }
    }
}

/// A name without what people vary: capitals, spaces, underscores and the mark of a required column.
pub(crate) fn folded(name: &str) -> String {
    let letters = name.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '*'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_names_one_column_in_both_languages() {
        for kind in Kind::ALL.iter().copied() {
            for column in kind.columns() {
                for name in [column.key, column.indonesian, column.english] {
                    assert_eq!(kind.find(&format!(" {} *", name.to_uppercase())).unwrap().key, column.key);
                }
            }
        }
    }
}
