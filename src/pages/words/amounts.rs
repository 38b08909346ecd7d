//! Numbers, money, quantities: shown and read the way people write them.
//!
//! Indonesian groups thousands with dots and marks decimals with a comma (`1.234,5`), English the other way round.

use crate::values::decimal::format_scaled;
use crate::values::{BaseUnit, UnitPrice};
use crate::web::problem::Language;
use std::cmp::Ordering;

/// Separators of thousands and of decimals.
const fn marks(language: Language) -> (char, char) {
    match language {
        Language::Indonesian => ('.', ','),
        Language::English => (',', '.'),
    }
}

/// `1.234.567`.
pub fn number(language: Language, number: i64) -> String {
    decimal(language, &number.to_string())
}

/// Plain decimal text (`-1234.5`) with the marks of the language.
fn decimal(language: Language, text: &str) -> String {
    let (thousands, point) = marks(language);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut shown = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            shown.push(thousands);
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push(point);
        shown.push_str(fraction);
    }
    shown
}

/// `Rp 13.500`; the space does not break.
pub fn rupiah(language: Language, amount: i64) -> String {
    format!("Rp\u{a0}{}", number(language, amount))
}

/// `Rp 13.500,5`: a price per kilogram, litre or piece.
pub fn unit_price(language: Language, price: UnitPrice) -> String {
    format!("Rp\u{a0}{}", decimal(language, &price.to_string()))
}

/// Base units as kilograms, litres or pieces: `1.250,5 kg`.
pub fn quantity(language: Language, base_units: i64, unit: BaseUnit) -> String {
    let name = match (language, unit) {
        (Language::English, BaseUnit::Millilitre) => "litres",
        (Language::English, BaseUnit::Piece) => "pieces",
        _ => unit.pricing_name(),
    };
    format!("{}\u{a0}{name}", decimal(language, &unit.in_pricing_units(base_units)))
}

/// `Rp 13.500 / kg`: an amount for each unit, never broken at the stroke.
pub fn per(amount: &str, unit: &str) -> String {
    format!("{amount}\u{a0}/\u{a0}{unit}")
}

/// A plain decimal (`13200.5`) as a person of that language types it into a field: `13.200,5`.
pub fn as_typed(language: Language, plain: &str) -> String {
    let (whole, rest) = plain.split_once('.').unwrap_or((plain, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), |whole| number(language, whole));
    let (_, point) = marks(language);
    if rest.is_empty() { whole } else { format!("{whole}{point}{rest}") }
}

/// Base units as a number of units of that size, as it is typed, with up to six decimals.
pub fn typed_count(language: Language, base_units: i64, unit_size: i64) -> String {
    let millionths = i128::from(base_units) * 1_000_000 / i128::from(unit_size.max(1));
    as_typed(language, &format_scaled(i64::try_from(millionths).unwrap_or(i64::MAX), 6))
}

/// Permille as per cent with one decimal: `99,5 %`.
pub fn percent(language: Language, permille: i64) -> String {
    format!("{}\u{a0}%", decimal(language, &format_scaled(permille, 1)))
}

/// The size of a difference, as it is shown, with the sign of the difference: `+Rp 1.000`, `−2,5 %`.
pub fn with_sign(difference: Ordering, size: &str) -> String {
    let sign = match difference {
        Ordering::Greater => "+",
        Ordering::Equal => "",
        Ordering::Less => "−",
    };
    format!("{sign}{size}")
}

/// A number as people type it to plain decimal text (`1234.5`); what is no number comes back as it was, to be refused.
///
/// Either mark may stand for the decimals: a last mark followed by anything but three digits is one, and three digits
/// after the language's own mark of thousands are thousands (`13.500` is thirteen thousand five hundred in Indonesian).
pub fn read_decimal(language: Language, typed: &str) -> String {
    let lower = typed.trim().to_lowercase();
    let text: String = lower.trim_start_matches("rp").chars().filter(|c| !c.is_whitespace()).collect();
    if !text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') {
        return typed.trim().to_owned();
    }
    let (thousands, point) = marks(language);
    let groups_hold = |part: &str, mark: char| {
        let mut groups = part.split(mark);
        let first = groups.next().unwrap_or_default();
        (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
    };
    // The language's own way first, then the other one, if it can be meant at all.
    for (thousands, point) in [(thousands, point), (point, thousands)] {
        let (whole, fraction) = text.split_once(point).map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
        let is_plain = !whole.contains(thousands) || groups_hold(whole, thousands);
        let fraction_holds =
            fraction.is_none_or(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()));
        if is_plain && fraction_holds && !whole.is_empty() {
            let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
            return fraction.map_or(whole.clone(), |digits| format!("{whole}.{digits}"));
        }
    }
    typed.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Language = Language::Indonesian;
    const EN: Language = Language::English;

    #[test]
    fn amounts_are_written_the_local_way() {
        assert_eq!(rupiah(ID, 13_500), "Rp\u{a0}13.500");
        assert_eq!(rupiah(EN, 1_234_567), "Rp\u{a0}1,234,567");
        assert_eq!(rupiah(ID, -500), "Rp\u{a0}−500");
        assert_eq!(quantity(ID, 1_500, BaseUnit::Gram), "1,5\u{a0}kg");
        assert_eq!(quantity(EN, 1_250_500, BaseUnit::Millilitre), "1,250.5\u{a0}litres");
        assert_eq!(quantity(ID, 12, BaseUnit::Piece), "12\u{a0}buah");
        assert_eq!(percent(ID, 995), "99,5\u{a0}%");
        assert_eq!(unit_price(ID, UnitPrice::parse("13500.5").unwrap()), "Rp\u{a0}13.500,5");
    }

    #[test]
    fn what_is_written_into_a_form_is_read_as_it_was_meant() {
        assert_eq!(
            (typed_count(EN, 65_500, 1_000), typed_count(ID, 65_500, 1_000)),
            ("65.5".to_owned(), "65,5".to_owned())
        );
        for (language, plain, shown) in
            [(ID, "13200", "13.200"), (ID, "1234.125", "1.234,125"), (EN, "1234.5", "1,234.5")]
        {
            assert_eq!(as_typed(language, plain), shown);
            assert_eq!(read_decimal(language, shown), plain);
        }
        assert_eq!((as_typed(ID, "0.4"), as_typed(ID, "")), ("0,4".to_owned(), String::new()));
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (language, typed, meant) in [
            (ID, "13.500", "13500"),
            (ID, "Rp 13.500", "13500"),
            (ID, "1,5", "1.5"),
            (ID, "1.5", "1.5"),
            (ID, "1.234,5", "1234.5"),
            (ID, "12.50", "12.50"),
            (ID, " 25 ", "25"),
            (EN, "13,500", "13500"),
            (EN, "1.5", "1.5"),
            (EN, "13.500", "13.500"),
            (ID, "1.2.3", "1.2.3"),
            (ID, "-5", "-5"),
            (ID, "lima", "lima"),
            (ID, "", ""),
            (ID, ",5", ",5"),
        ] {
            assert_eq!(read_decimal(language, typed), meant, "{typed:?}");
        }
    }
}
