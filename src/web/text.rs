//! Text that people type: trimmed, printable, bounded.

use crate::error::{Checks, CommonError};
use crate::values::{Certificate, CertificateSet};

/// Most words in a list of certificates; there are not so many different ones.
const MOST_CERTIFICATES: usize = 32;

/// A short text that must not be empty, or a note of what is wrong with it.
pub fn name_text(checks: &mut Checks, pointer: &str, text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        checks.add(pointer, CommonError::Required);
    } else if text.chars().count() > longest {
        checks.add_with(pointer, CommonError::TooLong, format!("≤ {longest}"));
    } else if text.chars().any(is_unprintable) {
        checks.add(pointer, CommonError::ControlCharacter);
    } else {
        return Some(text.to_owned());
    }
    None
}

/// Control characters, and marks that make text read in another order than it is written: a name must not be able to
/// pass for another one.
fn is_unprintable(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// One of a fixed set of words, or a note that names the set.
pub fn choice<T>(checks: &mut Checks, pointer: &str, value: Option<T>, words: fn() -> String) -> Option<T> {
    if value.is_none() {
        checks.add_with(pointer, CommonError::UnknownChoice, words());
    }
    value
}

/// The certificates these words name; a note for each word that names none.
pub fn certificates(checks: &mut Checks, pointer: &str, words: &[String]) -> CertificateSet {
    if words.len() > MOST_CERTIFICATES {
        checks.add_with(pointer, CommonError::TooLong, format!("≤ {MOST_CERTIFICATES}"));
        return CertificateSet::default();
    }
    let read = |(index, word): (usize, &String)| {
        choice(checks, &format!("{pointer}/{index}"), Certificate::parse(word), Certificate::words)
    };
    words.iter().enumerate().filter_map(read).collect()
}
