//! Writing tables that a spreadsheet program opens without computing anything.
//!
//! A cell that would be taken for a formula gets an apostrophe before it (OWASP's advice on CSV injection); in XLSX a
//! text cell is text whatever it begins with, and the apostrophe is there for the day when somebody saves it as CSV.

use crate::error::AppError;
use crate::word_enum;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

word_enum! {
    /// How a table is written.
    Format {
        /// Comma-separated UTF-8 with a byte order mark, so that Excel reads it as such.
        Csv = "csv",
        /// A workbook with one sheet.
        Xlsx = "xlsx",
    }
}

impl Format {
    /// For `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The bytes of a table: a header and rows, all text.
pub fn write(format: Format, name: &str, header: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, AppError> {
    match format {
        Format::Csv => csv(header, rows).map_err(AppError::internal),
        Format::Xlsx => xlsx(name, header, rows).map_err(AppError::internal),
    }
}

/// The text, harmless in a cell.
fn harmless(text: &str) -> String {
    let is_number = crate::values::decimal::parse_scaled(text, 6).is_ok();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '|', '%']) && !is_number {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn csv(header: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        writer.write_record(row.iter().map(|text| harmless(text)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn xlsx(name: &str, header: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Not when it was made, so that the same rows are the same bytes.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = workbook.add_worksheet().set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (number, row) in (0..).zip(std::iter::once(header).chain(rows.iter().map(Vec::as_slice))) {
        for (column, text) in (0..).zip(row) {
            sheet.write_string(number, column, harmless(text))?;
        }
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheets::{Cell, read};

    #[test]
    fn the_same_rows_are_the_same_bytes_a_second_later() {
        let write = || write(Format::Xlsx, "Uji", &["Nama".to_owned()], &[vec!["Beras".to_owned()]]).unwrap();
        let first = write();
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        assert!(first == write(), "a workbook differs");
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_is_a_formula() {
        let header = ["Nama", "Jumlah"].map(ToOwned::to_owned);
        let rows = vec![
            vec!["=cmd|' /C calc'!A0".to_owned(), "-10.5".to_owned()],
            vec!["koma, \"kutip\"; titik".to_owned(), "@SUM(1)".to_owned()],
            vec!["+62 812".to_owned(), "-A1".to_owned()],
        ];
        for format in [Format::Csv, Format::Xlsx] {
            let sheet = read(&write(format, "Uji", &header, &rows).unwrap()).unwrap();
            let texts: Vec<String> = sheet.lines[1..]
                .iter()
                .flat_map(|line| &line.cells)
                .map(|cell| match cell {
                    Cell::Text(text) => text.clone(),
                    other => panic!("{format:?}: {other:?}"),
                })
                .collect();
            let want = ["'=cmd|' /C calc'!A0", "-10.5", "koma, \"kutip\"; titik", "'@SUM(1)", "'+62 812", "'-A1"];
            assert_eq!(texts, want, "{format:?}");
        }
    }
}
