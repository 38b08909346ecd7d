//! Amounts in words (*terbilang*), as Indonesian receipts carry them beside the figures.

use crate::web::problem::Language;

const ID_UNITS: [&str; 12] =
    ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"];
const EN_UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const EN_TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// Powers of a thousand, largest first; our amounts stay below a quadrillion.
const SCALES: [(u64, &str, &str); 5] = [
    (1_000_000_000_000_000, "kuadriliun", "quadrillion"),
    (1_000_000_000_000, "triliun", "trillion"),
    (1_000_000_000, "miliar", "billion"),
    (1_000_000, "juta", "million"),
    (1_000, "ribu", "thousand"),
];

/// `tiga belas ribu lima ratus rupiah`.
pub fn in_words(language: Language, rupiah: i64) -> String {
    let amount = rupiah.unsigned_abs();
    let words = match language {
        Language::Indonesian => indonesian(amount),
        Language::English => english(amount),
    };
    format!("{}{words} rupiah", if rupiah < 0 { "minus " } else { "" })
}

fn word(list: &[&'static str], index: u64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| list.get(index)).copied().unwrap_or_default()
}

fn joined(head: String, rest: u64, say: fn(u64) -> String) -> String {
    if rest == 0 { head } else { format!("{head} {}", say(rest)) }
}

fn indonesian(number: u64) -> String {
    for (size, name, _) in SCALES {
        if number >= size {
            // A single thousand is "seribu"; a single million is "satu juta".
            let is_single_thousand = size == 1_000 && number / size == 1;
            let head =
                if is_single_thousand { "seribu".into() } else { format!("{} {name}", indonesian(number / size)) };
            return joined(head, number % size, indonesian);
        }
    }
    match number {
        0..=11 => word(&ID_UNITS, number).to_owned(),
        12..=19 => format!("{} belas", word(&ID_UNITS, number - 10)),
        20..=99 => joined(format!("{} puluh", word(&ID_UNITS, number / 10)), number % 10, indonesian),
        100..=199 => joined("seratus".to_owned(), number % 100, indonesian),
        _ => joined(format!("{} ratus", word(&ID_UNITS, number / 100)), number % 100, indonesian),
    }
}

fn english(number: u64) -> String {
    for (size, _, name) in SCALES {
        if number >= size {
            return joined(format!("{} {name}", english(number / size)), number % size, english);
        }
    }
    match number {
        0..=19 => word(&EN_UNITS, number).to_owned(),
        20..=99 if number.is_multiple_of(10) => word(&EN_TENS, number / 10).to_owned(),
        20..=99 => format!("{}-{}", word(&EN_TENS, number / 10), word(&EN_UNITS, number % 10)),
        _ => joined(format!("{} hundred", word(&EN_UNITS, number / 100)), number % 100, english),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_words() {
        for (amount, indonesian, english) in [
            (0, "nol rupiah", "zero rupiah"),
            (11, "sebelas rupiah", "eleven rupiah"),
            (1_000, "seribu rupiah", "one thousand rupiah"),
            (13_500, "tiga belas ribu lima ratus rupiah", "thirteen thousand five hundred rupiah"),
            (101_001, "seratus satu ribu satu rupiah", "one hundred one thousand one rupiah"),
            (1_000_000, "satu juta rupiah", "one million rupiah"),
            (
                2_034_517_199,
                "dua miliar tiga puluh empat juta lima ratus tujuh belas ribu seratus sembilan puluh sembilan rupiah",
                "two billion thirty-four million five hundred seventeen thousand one hundred ninety-nine rupiah",
            ),
            (-20, "minus dua puluh rupiah", "minus twenty rupiah"),
        ] {
            assert_eq!(in_words(Language::Indonesian, amount), indonesian);
            assert_eq!(in_words(Language::English, amount), english);
        }
    }
}
