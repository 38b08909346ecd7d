//! Reading one table: a row is asked for a column by name and answers with a typed value or an error that names the
//! file, the row and the column.
//!
//! It knows nothing of any particular table. Row numbers are those of a text editor or spreadsheet: the header is
//! row 1, so the first record is row 2.

use crate::values::Coordinates;
use crate::values::decimal::parse_scaled;

/// Something wrong in a fact table, with the place to look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, row {row}, column {column}: {problem}")]
pub struct SeedError {
    /// File name under `seed-data/`.
    pub file: &'static str,
    /// Row as a spreadsheet counts it; the header is row 1. 0 when the file as a whole is meant.
    pub row: u64,
    /// Column name from the header, or `-` when the row as a whole is meant.
    pub column: String,
    /// What is wrong, in words.
    pub problem: String,
}

/// One record of a table together with the header and its place in the file.
pub struct Row<'a> {
    file: &'static str,
    number: u64,
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

/// Reads every record of `bytes` with `read_row`; the first problem ends the reading.
pub fn read_table<T>(
    file: &'static str,
    bytes: &[u8],
    read_row: impl Fn(&Row<'_>) -> Result<T, SeedError>,
) -> Result<Vec<T>, SeedError> {
    let whole_row = |row: u64, problem: String| SeedError { file, row, column: "-".to_owned(), problem };
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let header = reader.headers().map_err(|error| whole_row(1, error.to_string()))?.clone();
    let mut rows = Vec::new();
    for (record, number) in reader.records().zip(2..) {
        let record = record.map_err(|error| whole_row(number, error.to_string()))?;
        rows.push(read_row(&Row { file, number, header: &header, record: &record })?);
    }
    Ok(rows)
}

impl<'a> Row<'a> {
    /// An error at this row and `column`.
    pub fn error(&self, column: &str, problem: impl Into<String>) -> SeedError {
        SeedError { file: self.file, row: self.number, column: column.to_owned(), problem: problem.into() }
    }

    /// The text of a cell, which may be empty.
    pub fn text(&self, column: &str) -> Result<&'a str, SeedError> {
        let index = self.header.iter().position(|name| name == column);
        index.and_then(|index| self.record.get(index)).ok_or_else(|| self.error(column, "there is no such column"))
    }

    /// The text of a cell that must not be empty.
    pub fn required(&self, column: &str) -> Result<String, SeedError> {
        match self.text(column)? {
            "" => Err(self.error(column, "is empty")),
            text => Ok(text.to_owned()),
        }
    }

    /// The text of a cell, `None` when it is empty.
    pub fn optional(&self, column: &str) -> Result<Option<String>, SeedError> {
        Ok(Some(self.text(column)?).filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// The cell as a list separated by `|`; an empty cell is an empty list.
    pub fn list(&self, column: &str) -> Result<Vec<String>, SeedError> {
        let text = self.text(column)?;
        Ok(text.split('|').filter(|item| !item.is_empty()).map(str::to_owned).collect())
    }

    /// A decimal number times 10^`decimals`, exactly.
    pub fn scaled(&self, column: &str, decimals: u32) -> Result<i64, SeedError> {
        let text = self.text(column)?;
        parse_scaled(text, decimals).map_err(|error| self.error(column, format!("`{text}`: {error}")))
    }

    /// Like [`Row::scaled`], `None` when the cell is empty.
    pub fn scaled_if_any(&self, column: &str, decimals: u32) -> Result<Option<i64>, SeedError> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.scaled(column, decimals).map(Some) }
    }

    /// A number that is 0 or more, times 10^`decimals`.
    pub fn amount(&self, column: &str, decimals: u32) -> Result<i64, SeedError> {
        let value = self.scaled(column, decimals)?;
        if value < 0 { Err(self.error(column, "must not be negative")) } else { Ok(value) }
    }

    /// A whole number that is 0 or more.
    pub fn whole(&self, column: &str) -> Result<i64, SeedError> {
        self.amount(column, 0)
    }

    /// One of a closed list of words, each standing for a value.
    pub fn word<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<T, SeedError> {
        let text = self.text(column)?;
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.error(column, format!("`{text}` is none of {}", known.join(", ")))
        })
    }

    /// A yes/no cell, written with one of the two given words.
    pub fn flag(&self, column: &str, yes: &str, no: &str) -> Result<bool, SeedError> {
        self.word(column, &[(yes, true), (no, false)])
    }

    /// A point from the columns `lat` and `lon` (decimal degrees, at most six decimals).
    pub fn point(&self) -> Result<Coordinates, SeedError> {
        let (latitude_e6, longitude_e6) = (self.scaled("lat", 6)?, self.scaled("lon", 6)?);
        Coordinates::new(latitude_e6, longitude_e6).map_err(|error| self.error("lat", error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_price(csv: &str) -> Result<Vec<i64>, SeedError> {
        read_table("x.csv", csv.as_bytes(), |row| row.amount("price", 2))
    }

    #[test]
    fn an_error_names_file_row_and_column() {
        let error = first_price("code,price\na,1.50\nb,dear\n").unwrap_err();
        assert_eq!(error.to_string(), "x.csv, row 3, column price: `dear`: not a plain decimal number");
        let error = first_price("code\na\n").unwrap_err();
        assert_eq!(error.to_string(), "x.csv, row 2, column price: there is no such column");
        let error = first_price("code,price\na,-1\n").unwrap_err();
        assert_eq!(error.to_string(), "x.csv, row 2, column price: must not be negative");
    }

    #[test]
    fn a_short_row_is_refused() {
        let error = first_price("code,price\na\n").unwrap_err();
        assert_eq!((error.row, error.column.as_str()), (2, "-"));
    }

    #[test]
    fn a_word_outside_the_list_is_refused_with_the_list() {
        let read = |row: &Row<'_>| row.flag("cold", "yes", "no");
        let error = read_table("x.csv", b"cold\nmaybe\n", read).unwrap_err();
        assert_eq!(error.problem, "`maybe` is none of yes, no");
        assert_eq!(read_table("x.csv", b"cold\nyes\nno\n", read), Ok(vec![true, false]));
    }

    #[test]
    fn a_point_beyond_the_pole_is_refused() {
        let point = |row: &Row<'_>| row.point();
        let error = read_table("x.csv", b"lat,lon\n-90.1,0\n", point).unwrap_err();
        assert_eq!(error.column, "lat");
    }
}
