//! What an XLSX file, a ZIP archive, would unpack to, counted before anything reads it.
//!
//! The archive's own directory may lie about sizes, so every part is inflated and counted, never kept.

use super::SheetError;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Most parts of an archive; a workbook of one sheet has about ten.
const MOST_PARTS: usize = 200;
/// Most bytes of all parts together.
const LARGEST_UNPACKED: u64 = 64 * 1024 * 1024;
/// Most bytes out of each byte in; spreadsheets of real text reach about 20.
const LARGEST_RATIO: u64 = 100;
/// Below this size the ratio says nothing.
const SMALL: u64 = 1024 * 1024;

/// Refuses archives that are broken, too large unpacked, or hold programs.
pub(super) fn check(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Unreadable)?;
    if archive.len() > MOST_PARTS {
        return Err(SheetError::UnpacksTooLarge);
    }
    let mut total = 0;
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| SheetError::Unreadable)?;
        let name = part.name().map_err(|_| SheetError::Unreadable)?.to_ascii_lowercase();
        if ["vbaproject.bin", "macrosheets/", "activex", "oleobject"].iter().any(|word| name.contains(word)) {
            return Err(SheetError::HasMacros);
        }
        total += drain(&mut part, LARGEST_UNPACKED - total)?;
        if total > SMALL && total / LARGEST_RATIO > packed {
            return Err(SheetError::UnpacksTooLarge);
        }
    }
    Ok(())
}

/// Reads to the end and answers how many bytes that were, at most `most`.
fn drain(part: &mut impl Read, most: u64) -> Result<u64, SheetError> {
    let mut buffer = vec![0; 64 * 1024];
    let mut count = 0;
    loop {
        match part.read(&mut buffer) {
            Ok(0) => return Ok(count),
            Ok(read) => count += u64::try_from(read).unwrap_or(u64::MAX),
            Err(_) => return Err(SheetError::Unreadable),
        }
        if count > most {
            return Err(SheetError::UnpacksTooLarge);
        }
    }
}
