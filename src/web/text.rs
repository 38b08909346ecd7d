//! Text that people type: trimmed, printable, bounded.

use crate::error::{Checks, CommonError};

/// A short text that must not be empty, or a note of what is wrong with it.
pub fn name_text(checks: &mut Checks, pointer: &str, text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        checks.add(pointer, CommonError::Required);
    } else if text.chars().count() > longest {
        checks.add_with(pointer, CommonError::TooLong, format!("≤ {longest}"));
    } else if text.chars().any(char::is_control) {
        checks.add(pointer, CommonError::ControlCharacter);
    } else {
        return Some(text.to_owned());
    }
    None
}

/// One of a fixed set of words, or a note that names the set.
pub fn choice<T>(checks: &mut Checks, pointer: &str, value: Option<T>, words: fn() -> String) -> Option<T> {
    if value.is_none() {
        checks.add_with(pointer, CommonError::UnknownChoice, words());
    }
    value
}
