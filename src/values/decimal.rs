//! Exact decimal text to scaled integers and back. The one place where digits are read.

use super::ValueError;

/// Reads plain decimal text (`12`, `-0.5`, `13500.25`) as an integer scaled by 10^`digits`.
///
/// No exponent, no thousands separator, no rounding: more than `digits` digits after the point are refused unless they
/// are zeros.
pub fn parse_scaled(text: &str, digits: u32) -> Result<i64, ValueError> {
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    if whole.is_empty() || (body.contains('.') && fraction.is_empty()) {
        return Err(ValueError::NotANumber);
    }
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(ValueError::NotANumber);
    }
    let kept = fraction.trim_end_matches('0');
    let missing = (digits as usize).checked_sub(kept.len()).ok_or(ValueError::TooPrecise)?;
    let zeros = std::iter::repeat_n(b'0', missing);
    let mut value: i64 = 0;
    for digit in whole.bytes().chain(kept.bytes()).chain(zeros) {
        value =
            value.checked_mul(10).and_then(|v| v.checked_add(i64::from(digit - b'0'))).ok_or(ValueError::TooLarge)?;
    }
    Ok(if negative { -value } else { value })
}

/// Writes an integer scaled by 10^`digits` as decimal text without needless zeros.
pub fn format_scaled(value: i64, digits: u32) -> String {
    let scale = 10_u64.pow(digits);
    let magnitude = value.unsigned_abs();
    let (whole, fraction) = (magnitude / scale, magnitude % scale);
    let sign = if value < 0 { "-" } else { "" };
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:0width$}", width = digits as usize);
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

/// `numerator / denominator` rounded to the nearest integer, ties to even. The one rounding rule of the system.
///
/// `denominator` must be positive.
pub fn div_half_even(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0, "rounding by a denominator that is not positive");
    let quotient = numerator.div_euclid(denominator);
    let remainder = numerator.rem_euclid(denominator);
    match (2 * remainder).cmp(&denominator) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_is_not_plain_decimal() {
        for text in ["", ".", "1.", ".5", "1e3", "1,5", "+1", "--1", "NaN", " 1", "0x1", "1_000", "١"] {
            assert_eq!(parse_scaled(text, 4), Err(ValueError::NotANumber), "{text:?}");
        }
        assert_eq!(parse_scaled("0.00001", 4), Err(ValueError::TooPrecise));
        assert_eq!(parse_scaled("0.10000", 4), Ok(1_000));
        assert_eq!(parse_scaled("99999999999999999999", 0), Err(ValueError::TooLarge));
    }

    #[test]
    fn rounds_ties_to_even() {
        let cases = [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (1, 3, 0), (2, 3, 1), (6, 4, 2), (10, 4, 2)];
        for (n, d, want) in cases {
            assert_eq!(div_half_even(n, d), want, "{n}/{d}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn there_and_back(value in any::<i64>().prop_filter("magnitude", |v| *v != i64::MIN), digits in 0u32..7) {
            prop_assert_eq!(parse_scaled(&format_scaled(value, digits), digits), Ok(value));
        }

        #[test]
        fn rounding_is_within_half(n in any::<i64>(), d in 1i64..) {
            let q = div_half_even(i128::from(n), i128::from(d));
            prop_assert!(2 * (i128::from(n) - q * i128::from(d)).abs() <= i128::from(d));
        }
    }
}
