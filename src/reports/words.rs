//! Figures and codes in words: numbers the Indonesian way, reasons and states in plain Indonesian.

use crate::values::BaseUnit;

/// A whole number with dots between thousands: `1.234.567`.
pub fn whole(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// A whole number, or a dash where there is none.
pub fn whole_or_dash(number: Option<i64>) -> String {
    number.map_or_else(|| "–".to_owned(), whole)
}

/// `Rp 13.500`.
pub fn rupiah(amount: i64) -> String {
    format!("Rp {}", whole(amount))
}

/// Base units as kilograms, litres or pieces: `1.250,5 kg`.
pub fn quantity(base_units: i64, unit: BaseUnit) -> String {
    let text = unit.in_pricing_units(base_units);
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let integer = whole(integer.parse().unwrap_or(0));
    let comma = if fraction.is_empty() { "" } else { "," };
    format!("{integer}{comma}{fraction} {}", unit.pricing_name())
}

/// Permille as per cent with one decimal: `99,5 %`.
pub fn percent(permille: i64) -> String {
    format!("{},{} %", permille / 10, permille % 10)
}

/// What the pages say about a round, in Indonesian: reasons are worded there and nowhere else.
const SENTENCES: &str = include_str!("../../templates/messages/id/round.ftl");

/// Why something was not served, from the solver's code.
pub fn reason(code: &str) -> &'static str {
    let key = format!("reason-{}", code.to_lowercase().replace('_', "-"));
    sentence(&key).or_else(|| sentence("reason-other")).unwrap_or_default()
}

fn sentence(key: &str) -> Option<&'static str> {
    SENTENCES.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_the_indonesian_way() {
        assert_eq!(rupiah(1_234_567), "Rp 1.234.567");
        assert_eq!(rupiah(-500), "Rp -500");
        assert_eq!(quantity(1_250_500, BaseUnit::Gram), "1.250,5 kg");
        assert_eq!(quantity(25_000, BaseUnit::Gram), "25 kg");
        assert_eq!(quantity(12, BaseUnit::Piece), "12 buah");
        assert_eq!(percent(995), "99,5 %");
        assert_eq!(reason("STOCK_EXHAUSTED"), "stok habis");
        assert_eq!(reason("SOMETHING_NEW"), "alasan lain");
    }
}
