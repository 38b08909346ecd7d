//! Hints of refusals, which name bounds and records for programs, as people read them.

use super::amounts::unit_price;
use crate::values::UnitPrice;
use crate::web::problem::Language;

/// Ids have at least so many digits; amounts that people enter have fewer.
const ID_DIGITS: usize = 16;

/// A hint with its prices the local way (`14000 IDR/kg` is `Rp 14.000 / kg`); nothing where it is only an id.
pub fn hint(language: Language, text: &str) -> String {
    if text.len() >= ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return String::new();
    }
    let mut words = text.split(' ').peekable();
    let mut said = Vec::new();
    while let Some(word) = words.next() {
        let unit = words.peek().and_then(|next| next.strip_prefix("IDR/"));
        match unit.and_then(|unit| Some((prices(language, word)?, unit))) {
            Some((prices, unit)) => {
                said.push(format!("{prices} / {unit}"));
                words.next();
            }
            None => said.push(word.to_owned()),
        }
    }
    said.join(" ")
}

/// One price, or two with `..` between them.
fn prices(language: Language, word: &str) -> Option<String> {
    let prices: Option<Vec<String>> =
        word.split("..").map(|price| Some(unit_price(language, UnitPrice::parse(price).ok()?))).collect();
    prices.map(|prices| prices.join(" – "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_the_local_way_and_ids_are_left_out() {
        let hint = |text| hint(Language::Indonesian, text);
        assert_eq!(hint("≤ 14000 IDR/kg (Keputusan 299/2025)"), "≤ Rp\u{a0}14.000 / kg (Keputusan 299/2025)");
        assert_eq!(hint("11800..17200 IDR/liter"), "Rp\u{a0}11.800 – Rp\u{a0}17.200 / liter");
        assert_eq!(hint("456163214643306496"), "");
        assert_eq!((hint("1..500"), hint("≤ 25")), ("1..500".to_owned(), "≤ 25".to_owned()));
    }
}
