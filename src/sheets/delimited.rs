//! CSV: comma, semicolon (Indonesian Excel) or tab, UTF-8 with or without a byte order mark.

use super::{Cell, Sheet, SheetError};

const MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| SheetError::NotUtf8)?;
    // No text of a table holds these: it is something else that happens to be UTF-8.
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\t' | '\r' | '\n')) {
        return Err(SheetError::Unreadable);
    }
    // Marks of the end of a line are made one, so that counting them counts lines.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (delimiter, skipped) = dialect(&text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| SheetError::Unreadable)? {
        let line = record.position().map_or(1, |position| first_line(&text, position));
        // Excel's own first line names the delimiter and is no row.
        if line > skipped {
            let number = u32::try_from(line).map_err(|_| SheetError::TooManyRows)?;
            sheet.push(number, record.iter().map(Cell::text).collect())?;
        }
    }
    Ok(sheet)
}

/// The line a record begins on: its position is where the one before ended, blank lines between them included.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|start| text.as_bytes().get(start..)).unwrap_or_default();
    position.line() + rest.iter().take_while(|byte| **byte == b'\n').map(|_| 1).sum::<u64>()
}

/// The delimiter, and how many lines at the top only tell it.
fn dialect(text: &str) -> (u8, u64) {
    let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
    if let [b's', b'e', b'p', b'=', delimiter @ (b',' | b';' | b'\t')] = first.as_bytes() {
        return (*delimiter, 1);
    }
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    // Where they tie, the comma is the decimal sign: whoever separates cells by it writes headings of more than one.
    let by_count = [b',', b'\t', b';'].into_iter().max_by_key(|delimiter| count(*delimiter));
    (by_count.unwrap_or(b','), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let text = |cell: Cell| match cell {
            Cell::Text(text) => text,
            other => format!("{other:?}"),
        };
        let sheet = read(bytes).unwrap();
        sheet.lines.into_iter().map(|line| (line.number, line.cells.into_iter().map(text).collect())).collect()
    }

    #[test]
    fn delimiters_marks_and_gaps() {
        let want = vec![(1, vec!["a".to_owned(), "b,c".to_owned()]), (3, vec!["1".to_owned(), "2;3".to_owned()])];
        assert_eq!(texts(b"a;b,c\n\n1;\"2;3\"\n;;\n"), want);
        assert_eq!(texts(b"\xEF\xBB\xBFa,\"b,c\"\r\n,\r\n1,2;3\r\n"), want);
        assert_eq!(texts(b"a\tb,c\n\n1\t2;3"), want);
        for told in [&b"sep=;\na;b\n"[..], b"sep=;\r\na;b\r\n", b"sep=;\ra;b\r"] {
            assert_eq!(texts(told), vec![(2, vec!["a".to_owned(), "b".to_owned()])]);
        }
    }
}
