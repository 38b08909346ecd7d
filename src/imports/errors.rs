//! Why a table is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain; what is wrong with the file itself is `SheetError`.
    ImportError {
        HeaderMissing = "IMPORT_HEADER_MISSING", 422,
            id: "Kolom wajib ini tidak ada.", "Tambahkan kolomnya, atau mulai dari templat.",
            en: "This required column is missing.", "Add the column, or start from the template.";
        HeaderRepeated = "IMPORT_HEADER_REPEATED", 422,
            id: "Judul kolom ini muncul dua kali.", "Hapus salah satu kolomnya.",
            en: "This header appears twice.", "Remove one of the columns.";
        HeaderUnknown = "IMPORT_HEADER_UNKNOWN", 422,
            id: "Judul kolom ini tidak dikenal.", "Pakai judul seperti pada templat, atau hapus kolomnya.",
            en: "This header is not known.", "Use the template's headers, or remove the column.";
        NumberAmbiguous = "IMPORT_NUMBER_AMBIGUOUS", 422,
            id: "Titik atau koma ini dapat berarti ribuan atau desimal.", "Tulis 1250 untuk ribuan, atau 1,2500 untuk desimal.",
            en: "This point or comma could mean thousands or decimals.", "Write 1250 for thousands, or 1.2500 for decimals.";
        NotYesOrNo = "IMPORT_NOT_YES_OR_NO", 422,
            id: "Isinya harus ya atau tidak.", "Tulis ya atau tidak.",
            en: "This must be yes or no.", "Write yes or no.";
        CellOutside = "IMPORT_CELL_OUTSIDE", 422,
            id: "Sel ini berada di luar kolom yang berjudul.", "Beri judul pada kolomnya atau kosongkan sel ini.",
            en: "This cell lies outside the columns that have a header.", "Give its column a header or empty the cell.";
        MediaType = "IMPORT_MEDIA_TYPE", 415,
            id: "Berkas ini bukan CSV atau XLSX.", "Simpan sebagai CSV atau XLSX, lalu unggah lagi. Program: kirim dengan Content-Type-nya.",
            en: "Send a CSV or XLSX file as the request body.", "Use Content-Type text/csv or that of XLSX.";
        TargetMissing = "IMPORT_TARGET_MISSING", 400,
            id: "Putaran atau pasar belum disebut.", "Tambahkan round untuk kebutuhan, market untuk penawaran.",
            en: "The round or market was not named.", "Add round for demands, market for offers.";
    }
}
