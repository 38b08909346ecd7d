//! XLSX: the first sheet, cell by cell. Values only: formulas are pointed out, never trusted or computed.

use super::{Cell, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Sheet, SheetError, unpack};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;

type Cells = BTreeMap<u32, BTreeMap<usize, Cell>>;

pub(super) fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    unpack::check(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| SheetError::Unreadable)?;
    let name = workbook.sheet_names().first().cloned().ok_or(SheetError::Empty)?;
    let mut cells = values(&mut workbook, &name)?;
    mark_formulas(&mut workbook, &name, &mut cells)?;
    let mut sheet = Sheet::default();
    for (row, mut line) in cells {
        let width = line.last_key_value().map_or(0, |(column, _)| column + 1);
        let cell = |column| line.remove(&column).unwrap_or_else(|| Cell::Text(String::new()));
        sheet.push(row + 1, (0..width).map(cell).collect())?;
    }
    Ok(sheet)
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn values(workbook: &mut Book<'_>, name: &str) -> Result<Cells, SheetError> {
    let mut cells = Cells::new();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| SheetError::Unreadable)?;
    while let Some(found) = reader.next_cell().map_err(|_| SheetError::Unreadable)? {
        let (row, column) = found.get_position();
        let value = cell(found.get_value());
        if !value.is_empty() {
            put(&mut cells, row, column, value)?;
        }
    }
    Ok(cells)
}

fn mark_formulas(workbook: &mut Book<'_>, name: &str, cells: &mut Cells) -> Result<(), SheetError> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| SheetError::Unreadable)?;
    while let Some(found) = reader.next_formula().map_err(|_| SheetError::Unreadable)? {
        let (row, column) = found.get_position();
        if !found.get_value().is_empty() {
            put(cells, row, column, Cell::Formula)?;
        }
    }
    Ok(())
}

/// Bounds are held here already, so that a sparse sheet cannot grow the map.
fn put(cells: &mut Cells, row: u32, column: u32, value: Cell) -> Result<(), SheetError> {
    let column = usize::try_from(column).ok().filter(|column| *column < MOST_COLUMNS);
    cells.entry(row).or_default().insert(column.ok_or(SheetError::TooManyColumns)?, value);
    if cells.len() > MOST_ROWS + 1 { Err(SheetError::TooManyRows) } else { Ok(()) }
}

fn cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Text(String::new()),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) if number.is_finite() && number.abs() < 1e15 => Cell::Number(number.to_string()),
        DataRef::Bool(flag) => Cell::Text(flag.to_string()),
        DataRef::DateTime(moment) => day(moment),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => literal(text),
        DataRef::SharedString(text) => literal(text),
        DataRef::Float(_) | DataRef::Error(_) => Cell::Formula,
    }
}

/// Text that the file holds as text: a spreadsheet program shows it and computes nothing.
fn literal(text: &str) -> Cell {
    let text = text.trim();
    if text.chars().count() > LONGEST_CELL { Cell::TooLong } else { Cell::Text(text.to_owned()) }
}

/// Only whole days; a time of day has no meaning in any of our columns, so it becomes a text that no column takes.
fn day(moment: &ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    if !moment.is_datetime() || (hour, minute, second, milli) != (0, 0, 0, 0) {
        return Cell::Text(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"));
    }
    Cell::Text(format!("{year:04}-{month:02}-{day:02}"))
}
