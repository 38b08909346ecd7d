//! Cells as people write them: decimal comma or point, days with the day first, yes and no in two languages.

use super::errors::ImportError;
use crate::error::{CommonError, ErrorDef};

/// Plain decimal text with a point, from a number with decimal comma or point and perhaps thousands separators.
///
/// Where one separator could be either (`1.250`), nothing is guessed: a wrong guess is wrong by a thousand.
pub(super) fn number(text: &str) -> Result<String, &'static ErrorDef> {
    let (sign, body) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let is_plain = body.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    if body.is_empty() || !is_plain {
        return Err(CommonError::NotANumber.def());
    }
    let decimal = decimal_mark(body)?;
    let (whole, fraction) = match decimal {
        Some(mark) => body.rsplit_once(mark).unwrap_or((body, "")),
        None => (body, ""),
    };
    if decimal.is_some() && fraction.is_empty() {
        return Err(CommonError::NotANumber.def());
    }
    let whole = grouped(whole)?;
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

/// Which mark begins the decimals; `None` where there are none.
fn decimal_mark(body: &str) -> Result<Option<char>, &'static ErrorDef> {
    let points = body.matches('.').count();
    let commas = body.matches(',').count();
    match (points, commas) {
        // Both: the last one begins the decimals, and there is only one of it.
        (1, 1..) | (1.., 1) if points > 0 && commas > 0 => {
            let last = body.rfind(['.', ',']).and_then(|at| body[at..].chars().next());
            let others = if last == Some('.') { points } else { commas };
            if others == 1 { Ok(last) } else { Err(CommonError::NotANumber.def()) }
        }
        (1, 0) | (0, 1) => {
            let mark = if points == 1 { '.' } else { ',' };
            let (whole, fraction) = body.split_once(mark).unwrap_or((body, ""));
            let could_be_thousands = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            if could_be_thousands { Err(ImportError::NumberAmbiguous.def()) } else { Ok(Some(mark)) }
        }
        // None at all, or several of one kind, which are thousands.
        (_, 0) | (0, _) => Ok(None),
        _ => Err(CommonError::NotANumber.def()),
    }
}

/// Digits without their thousands separators, which must stand in their places and be all alike.
fn grouped(whole: &str) -> Result<String, &'static ErrorDef> {
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let is_grouped = match groups.as_slice() {
        [only] => !only.is_empty(),
        [first, rest @ ..] => (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    let is_mixed = whole.contains('.') && whole.contains(',');
    if is_grouped && !is_mixed { Ok(groups.concat()) } else { Err(CommonError::NotANumber.def()) }
}

/// `YYYY-MM-DD`, from that or from a day first and a full year last (`31/01/2026`, `31-1-2026`, `31.01.2026`).
pub(super) fn day(text: &str) -> Result<String, &'static ErrorDef> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let is_digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year, _, _] if year.len() == 4 && text.contains('-') => Ok(text.to_owned()),
        [day, month, year]
            if parts.iter().all(is_digits)
                && (1..=2).contains(&day.len())
                && (1..=2).contains(&month.len())
                && year.len() == 4 =>
        {
            Ok(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => Err(CommonError::NotADate.def()),
    }
}

/// `true` or `false`, from yes or no in either language.
pub(super) fn flag(text: &str) -> Result<String, &'static ErrorDef> {
    match text.to_lowercase().as_str() {
        "ya" | "y" | "yes" | "true" | "benar" | "1" => Ok("true".to_owned()),
        "tidak" | "t" | "n" | "no" | "false" | "salah" | "0" => Ok("false".to_owned()),
        _ => Err(ImportError::NotYesOrNo.def()),
    }
}

/// The words of a list, one space between.
pub(super) fn list(text: &str) -> String {
    text.split([',', ';', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_comma_or_point() {
        for (text, want) in [
            ("12", "12"),
            ("12,5", "12.5"),
            ("12.5", "12.5"),
            ("-10.17", "-10.17"),
            ("0,125", "0.125"),
            ("1.250,5", "1250.5"),
            ("1,250.5", "1250.5"),
            ("1.250.000", "1250000"),
            ("1,250,000", "1250000"),
            ("1.250.000,25", "1250000.25"),
            ("1250,250", "1250.250"),
            ("13250.5", "13250.5"),
            ("1,2500", "1.2500"),
        ] {
            assert_eq!(number(text), Ok(want.to_owned()), "{text}");
        }
        for text in ["1.250", "12,500", "123.456"] {
            assert_eq!(number(text), Err(ImportError::NumberAmbiguous.def()), "{text}");
        }
        for text in ["", "-", ".", ",5x", "1e5", "1.2.3", "1,,2", "1.25,5.5", "12.50.000", "Rp12", "١٢", "5.", "1.250,"]
        {
            assert_eq!(number(text), Err(CommonError::NotANumber.def()), "{text}");
        }
    }

    #[test]
    fn days_and_flags() {
        assert_eq!(day("2026-01-31"), Ok("2026-01-31".to_owned()));
        for text in ["31/1/2026", "31-01-2026", "31.01.2026"] {
            assert_eq!(day(text), Ok("2026-01-31".to_owned()));
        }
        for text in ["31/1/26", "2026/01/31", "besok", "1/2", "31/x/2026"] {
            assert_eq!(day(text), Err(CommonError::NotADate.def()), "{text}");
        }
        assert_eq!(flag("Ya"), Ok("true".to_owned()));
        assert_eq!(flag("TIDAK"), Ok("false".to_owned()));
        assert_eq!(flag("mungkin"), Err(ImportError::NotYesOrNo.def()));
        assert_eq!(list("halal; nkv,psat"), "halal nkv psat");
    }
}
