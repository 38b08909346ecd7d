//! From cells to rows of named fields: headers matched, every cell read by what its column holds.

use super::columns::{Column, Content, Kind};
use super::errors::ImportError;
use super::literal;
use crate::error::{Checks, ErrorDef};
use crate::sheets::{Cell, Line, Sheet, SheetError, column_letters};
use std::collections::BTreeMap;

/// Fields of one row by the key of their column; empty cells are missing.
#[derive(Debug)]
pub(crate) struct Row {
    /// As the spreadsheet program counts.
    pub number: u32,
    fields: BTreeMap<&'static str, String>,
}

impl Row {
    /// Where notes about this row point to.
    pub fn pointer(&self) -> String {
        format!("/rows/{}", self.number)
    }

    /// What a cell holds, if it holds anything that could be read.
    pub fn get(&self, key: &str) -> Option<String> {
        self.fields.get(key).cloned()
    }

    /// What a cell holds; empty where it holds nothing.
    pub fn text(&self, key: &str) -> String {
        self.get(key).unwrap_or_default()
    }

    /// Whether a cell says yes.
    pub fn is_yes(&self, key: &str) -> bool {
        self.get(key).as_deref() == Some("true")
    }

    /// The words of a list.
    pub fn words(&self, key: &str) -> Vec<String> {
        self.text(key).split_whitespace().map(ToOwned::to_owned).collect()
    }
}

/// A table whose headers are known.
#[derive(Debug)]
pub(crate) struct Table {
    pub rows: Vec<Row>,
    columns: Vec<Option<&'static Column>>,
    header_row: u32,
}

impl Table {
    /// Reads a sheet, noting all that is wrong with headers and cells.
    pub fn read(kind: Kind, sheet: &Sheet, checks: &mut Checks) -> Self {
        let (header, lines) = sheet.lines.split_first().map_or((None, &[][..]), |(first, rest)| (Some(first), rest));
        let header_row = header.map_or(1, |line| line.number);
        checks.within(format!("/rows/{header_row}"));
        let columns = header.map(|line| read_header(kind, line, checks)).unwrap_or_default();
        // Without its columns no row can be judged.
        let lines = if checks.is_clean() { lines } else { &[] };
        let rows = lines.iter().map(|line| read_line(&columns, line, checks)).collect();
        Self { rows, columns, header_row }
    }

    /// Where a note points: the row's number, the column's letters and its header. The key may carry an index behind it
    /// (`/rows/7/requirements/0`); where there is no column for it, the letters are empty.
    pub fn locate(&self, pointer: &str) -> (u32, String, &'static str) {
        let mut parts = pointer.split('/').skip(2);
        let row = parts.next().and_then(|number| number.parse().ok()).unwrap_or(self.header_row);
        let key = parts.next().unwrap_or_default();
        if let Some(index) = key.strip_prefix('@').and_then(|index| index.parse().ok()) {
            return (row, column_letters(index), "");
        }
        let header = |column: Option<&'static Column>| column.map_or("", |column| column.indonesian);
        match self.columns.iter().position(|column| column.is_some_and(|column| column.key == key)) {
            Some(index) => (row, column_letters(index), header(self.columns.get(index).copied().flatten())),
            None => (row, String::new(), ""),
        }
    }
}

/// Notes about a cell whose column has no key point to it by number.
fn at(index: usize) -> String {
    format!("/@{index}")
}

fn read_header(kind: Kind, line: &Line, checks: &mut Checks) -> Vec<Option<&'static Column>> {
    let mut columns: Vec<Option<&'static Column>> = Vec::with_capacity(line.cells.len());
    for (index, cell) in line.cells.iter().enumerate() {
        let text = match cell {
            Cell::Text(text) | Cell::Number(text) => text.as_str(),
            Cell::Formula | Cell::TooLong => "?",
        };
        let found = kind.find(text);
        if found.is_none() && !text.is_empty() {
            checks.add(&at(index), ImportError::HeaderUnknown);
        } else if found.is_some_and(|found| columns.iter().flatten().any(|column| column.key == found.key)) {
            checks.add(&at(index), ImportError::HeaderRepeated);
            columns.push(None);
            continue;
        }
        columns.push(found);
    }
    for column in kind.columns().iter().filter(|column| column.is_required) {
        if !columns.iter().flatten().any(|found| found.key == column.key) {
            checks.add_with(&format!("/{}", column.key), ImportError::HeaderMissing, column.indonesian);
        }
    }
    columns
}

fn read_line(columns: &[Option<&'static Column>], line: &Line, checks: &mut Checks) -> Row {
    let mut row = Row { number: line.number, fields: BTreeMap::new() };
    checks.within(row.pointer());
    for (index, cell) in line.cells.iter().enumerate() {
        match (columns.get(index).copied().flatten(), cell) {
            (_, Cell::Text(text)) if text.is_empty() => {}
            (Some(column), cell) => match read_cell(column.content, cell) {
                Ok(text) => drop(row.fields.insert(column.key, text)),
                Err(def) => checks.add(&format!("/{}", column.key), def),
            },
            // The header is wrong, and was noted; one note is enough.
            (None, _) if index < columns.len() => {}
            (None, _) => checks.add(&at(index), ImportError::CellOutside),
        }
    }
    row
}

fn read_cell(content: Content, cell: &Cell) -> Result<String, &'static ErrorDef> {
    let text = match cell {
        Cell::Formula => return Err(SheetError::CellIsFormula.def()),
        Cell::TooLong => return Err(SheetError::CellTooLong.def()),
        // Already plain decimal text; as text it may only be read where words are wanted.
        Cell::Number(text) if matches!(content, Content::Number | Content::Degrees) => return Ok(text.clone()),
        Cell::Number(text) | Cell::Text(text) => text,
    };
    match content {
        Content::Words => Ok(text.clone()),
        Content::Number => literal::number(text),
        Content::Degrees => Ok(text.replace(',', ".")),
        Content::Day => literal::day(text),
        Content::Flag => literal::flag(text),
        Content::List => Ok(literal::list(text)),
    }
}
