//! Tables that people bring and take away as CSV or XLSX: reading in a child process, writing.
//!
//! What comes in is a stranger's file. It is read by `pasok read-sheet`, a process of its own without database,
//! environment or network business, with limits on memory, processor time and what the file unpacks to; what it answers
//! is text. What goes out can be opened by a spreadsheet program without running anything.
//!
//! Knows rows and cells, not what they mean.

mod child;
mod delimited;
mod unpack;
mod workbook;
mod write;

pub use child::{read_apart, serve_child};
pub use write::{Format, write};

use crate::error_codes;
use serde::{Deserialize, Serialize};

/// Largest file in bytes.
pub const LARGEST_FILE: usize = 5 * 1024 * 1024;
/// Most rows that hold anything, the header not counted.
pub const MOST_ROWS: usize = 5_000;
/// Most columns.
pub const MOST_COLUMNS: usize = 64;
/// Longest cell in characters.
pub const LONGEST_CELL: usize = 1_000;

error_codes! {
    /// Why a file is not read.
    SheetError {
        Unreadable = "SHEET_UNREADABLE", 422,
            id: "Berkas ini rusak atau bukan CSV maupun XLSX.", "Simpan ulang sebagai XLSX atau CSV UTF-8, lalu kirim lagi.",
            en: "This file is damaged, or neither CSV nor XLSX.", "Save it again as XLSX or CSV UTF-8 and send that.";
        NotUtf8 = "SHEET_NOT_UTF8", 422,
            id: "Huruf dalam berkas CSV ini bukan UTF-8.", "Simpan ulang sebagai CSV UTF-8, atau sebagai XLSX.",
            en: "The letters of this CSV file are not UTF-8.", "Save it again as CSV UTF-8, or as XLSX.";
        HasMacros = "SHEET_HAS_MACROS", 422,
            id: "Berkas ini berisi makro.", "Simpan ulang sebagai XLSX biasa tanpa makro.",
            en: "This file holds macros.", "Save it again as an ordinary XLSX without macros.";
        UnpacksTooLarge = "SHEET_UNPACKS_TOO_LARGE", 422,
            id: "Isi berkas ini jauh lebih besar daripada berkasnya.", "Salin hanya baris yang diisi ke templat kosong.",
            en: "This file unpacks to far more than it may.", "Copy only the rows you filled in to an empty template.";
        TooManyRows = "SHEET_TOO_MANY_ROWS", 422,
            id: "Barisnya terlalu banyak.", "Bagi menjadi beberapa berkas.",
            en: "There are too many rows.", "Split it into several files.";
        TooManyColumns = "SHEET_TOO_MANY_COLUMNS", 422,
            id: "Kolomnya terlalu banyak.", "Pakai kolom pada templat saja.",
            en: "There are too many columns.", "Use only the template's columns.";
        Empty = "SHEET_EMPTY", 422,
            id: "Berkas ini tidak berisi baris.", "Isi baris di bawah judul kolom, lalu kirim lagi.",
            en: "This file has no rows.", "Fill in rows below the headers and send it again.";
        CellTooLong = "SHEET_CELL_TOO_LONG", 422,
            id: "Isi sel ini terlalu panjang.", "Pendekkan isinya.",
            en: "This cell holds too much text.", "Shorten it.";
        CellIsFormula = "SHEET_CELL_IS_FORMULA", 422,
            id: "Sel ini berisi rumus atau kesalahan.", "Tulis nilainya, bukan rumusnya.",
            en: "This cell holds a formula or an error.", "Write the value instead of the formula.";
        TooSlow = "SHEET_TOO_SLOW", 422,
            id: "Berkas ini terlalu berat untuk dibaca.", "Salin hanya baris yang diisi ke templat kosong.",
            en: "This file takes too long or too much memory to read.", "Copy only the rows you filled in to an empty template.";
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// Text as it was typed, without spaces around it; empty for an empty cell. Dates are `YYYY-MM-DD`.
    #[serde(rename = "t")]
    Text(String),
    /// A number that the file holds as one, as plain decimal text with a point.
    #[serde(rename = "n")]
    Number(String),
    /// Something to compute, or an error: never a value.
    #[serde(rename = "f")]
    Formula,
    /// Longer than a cell may be.
    #[serde(rename = "l")]
    TooLong,
}

impl Cell {
    /// Text as a cell.
    fn text(text: &str) -> Self {
        let text = text.trim();
        // What a spreadsheet program would compute when it opens the file; a sign before a digit is a number.
        let mut letters = text.chars();
        let (first, second) = (letters.next(), letters.next());
        let is_formula = match first {
            Some('=' | '@') => true,
            Some('+' | '-') => !second.is_some_and(|letter| letter.is_ascii_digit()) && second.is_some(),
            _ => false,
        };
        if is_formula {
            Self::Formula
        } else if text.chars().count() > LONGEST_CELL {
            Self::TooLong
        } else {
            Self::Text(text.to_owned())
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

/// A row that holds anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// As the spreadsheet program counts, from 1.
    pub number: u32,
    /// From the first column; what is missing at the end is empty.
    pub cells: Vec<Cell>,
}

/// The first table of a file. The first line is the header.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// Lines that hold anything, in order.
    pub lines: Vec<Line>,
}

impl Sheet {
    /// Adds a line unless it is empty.
    fn push(&mut self, number: u32, mut cells: Vec<Cell>) -> Result<(), SheetError> {
        while cells.last().is_some_and(Cell::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > MOST_COLUMNS {
            return Err(SheetError::TooManyColumns);
        }
        if self.lines.len() > MOST_ROWS {
            return Err(SheetError::TooManyRows);
        }
        self.lines.push(Line { number, cells });
        Ok(())
    }

    fn finish(self) -> Result<Self, SheetError> {
        if self.lines.len() < 2 { Err(SheetError::Empty) } else { Ok(self) }
    }
}

/// The letters of a column, from 0: A, B, … Z, AA.
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.into_iter().rev().collect()
}

/// Reads a file in this process. Only for the child: the file is a stranger's.
fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    if bytes.len() > LARGEST_FILE {
        return Err(SheetError::UnpacksTooLarge);
    }
    let sheet = if bytes.starts_with(b"PK\x03\x04") { workbook::read(bytes) } else { delimited::read(bytes) };
    sheet?.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_like_a_spreadsheet() {
        let letters = [0, 25, 26, 51, 52, 701, 702].map(column_letters);
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn what_would_be_computed_is_no_text() {
        for text in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-A1", " =HYPERLINK(\"x\")"] {
            assert_eq!(Cell::text(text), Cell::Formula, "{text}");
        }
        for text in ["-10.17", "+62812", "a=b", "-", ""] {
            assert_eq!(Cell::text(text), Cell::Text(text.to_owned()), "{text}");
        }
    }
}
