//! Keys of certificate rows: ids and numbers, each in its only spelling.

use std::collections::HashMap;

use super::book::{Book, MAX_DAY};
use super::report::Code;

/// The fields of a row's key, resolved.
pub struct Key<'k> {
    pub book: &'k Book<'k>,
    pub fields: &'k [String],
}

impl Key<'_> {
    pub fn id(&self, at: usize, index: &HashMap<&str, usize>) -> Result<usize, Code> {
        let field = self.fields.get(at).ok_or(Code::CertificateShape)?;
        index.get(field.as_str()).copied().ok_or(Code::CertificateShape)
    }
    pub fn demand(&self, at: usize) -> Result<usize, Code> {
        self.id(at, &self.book.demand_at)
    }
    pub fn offer(&self, at: usize) -> Result<usize, Code> {
        self.id(at, &self.book.offer_at)
    }
    pub fn supplier(&self, at: usize) -> Result<usize, Code> {
        self.id(at, &self.book.supplier_at)
    }
    pub fn buyer(&self, at: usize) -> Result<usize, Code> {
        self.id(at, &self.book.buyer_at)
    }

    /// A whole number in its only spelling: a second spelling would be a second row for the same thing.
    pub fn number(&self, at: usize, most: i64) -> Result<i64, Code> {
        let field = self.fields.get(at).ok_or(Code::CertificateShape)?;
        let number: i64 = field.parse().map_err(|_| Code::CertificateShape)?;
        if number.to_string() != *field || !(0..=most).contains(&number) {
            Err(Code::CertificateShape)
        } else {
            Ok(number)
        }
    }
    pub fn day(&self, at: usize) -> Result<i64, Code> {
        self.number(at, MAX_DAY)
    }
    pub fn place_in<T>(&self, at: usize, list: &[T]) -> Result<usize, Code> {
        let number = usize::try_from(self.number(at, i64::MAX)?).map_err(|_| Code::CertificateShape)?;
        if number < list.len() { Ok(number) } else { Err(Code::CertificateShape) }
    }
    pub fn bundle(&self, at: usize) -> Result<usize, Code> {
        let field = self.fields.get(at).ok_or(Code::CertificateShape)?;
        let bundles = &self.book.problem.bundles;
        bundles.iter().position(|bundle| super::rules::bundle_id(bundle) == field).ok_or(Code::CertificateShape)
    }
}

/// Refuses a row without its term.
pub fn require(condition: bool) -> Result<(), Code> {
    if condition { Ok(()) } else { Err(Code::CertificateShape) }
}
