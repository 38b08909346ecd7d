//! What may be a password (OWASP ASVS 5.0 §6.2): long, not common, not about its owner; no rules on kinds of characters, and
//! no expiry.

use super::errors::AccessError;
use crate::error::Checks;

/// Shortest password, in characters. ASVS asks for at least 8 and advises 15; money hangs on these.
pub const SHORTEST: usize = 12;
/// Longest password, in bytes: room for sentences, and a bound on what is hashed.
pub const LONGEST: usize = 256;

/// What common passwords are made of, beside digits and signs. A password that is nothing else is refused.
const COMMON: &[&str] = &[
    "admin",
    "administrator",
    "abcdef",
    "abcdefgh",
    "asdfgh",
    "asdfghjkl",
    "bismillah",
    "beras",
    "cinta",
    "cintaku",
    "dinas",
    "doraemon",
    "garuda",
    "gudang",
    "hello",
    "iloveyou",
    "indonesia",
    "jakarta",
    "kamu",
    "katasandi",
    "kata",
    "kdmp",
    "ketua",
    "kkmp",
    "koperasi",
    "kosong",
    "kupang",
    "login",
    "lupa",
    "maju",
    "manado",
    "masuk",
    "merah",
    "merahputih",
    "merdeka",
    "pancasila",
    "pasok",
    "pass",
    "passw",
    "password",
    "passwords",
    "passwort",
    "pasword",
    "persib",
    "persija",
    "putih",
    "qazwsx",
    "qwerty",
    "qwertyuiop",
    "rahasia",
    "root",
    "sandi",
    "sayang",
    "sayangku",
    "selamat",
    "sukses",
    "test",
    "testing",
    "user",
    "usaha",
    "welcome",
    "zxcvbn",
    "zxcvbnm",
];

/// Notes what is wrong with a password; `about` are words about its owner: name, number, address, organisation.
pub fn check(checks: &mut Checks, pointer: &str, password: &str, about: &[&str]) {
    let characters = password.chars().count();
    if characters < SHORTEST {
        checks.add_with(pointer, AccessError::PasswordTooShort, format!("≥ {SHORTEST}"));
    } else if password.len() > LONGEST {
        checks.add_with(pointer, AccessError::PasswordTooLong, format!("≤ {LONGEST}"));
    } else if is_common(password) {
        checks.add(pointer, AccessError::PasswordCommon);
    } else if is_about(password, about) {
        checks.add(pointer, AccessError::PasswordAboutOwner);
    }
}

fn is_common(password: &str) -> bool {
    is_monotonous(password) || is_made_of(&letters(password), COMMON)
}

/// Few different characters, or a run such as `123456789012` and `abcdefghijkl`.
fn is_monotonous(password: &str) -> bool {
    let characters: Vec<u32> = password.to_lowercase().chars().map(u32::from).collect();
    let mut different = characters.clone();
    different.sort_unstable();
    different.dedup();
    let pairs = characters.iter().zip(characters.iter().skip(1));
    let steps = pairs.clone().filter(|(left, right)| left.abs_diff(**right) == 1).count();
    different.len() < 5 || (steps + 1) * 4 >= characters.len() * 3
}

/// The letters of a password in lower case, with the digits and signs that people write for letters read back.
fn letters(password: &str) -> String {
    let read = |c: char| match c {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        c => c.is_alphabetic().then_some(c),
    };
    // Digits before and after a word are decoration, not letters.
    let core = password.trim_matches(|c: char| !c.is_alphabetic());
    core.to_lowercase().chars().filter_map(read).collect()
}

/// Whether a text is a sequence of these words and nothing else; an empty text is.
fn is_made_of(text: &str, words: &[&str]) -> bool {
    // reachable[i]: the first i bytes are a sequence of words.
    let mut reachable = vec![false; text.len() + 1];
    if let Some(first) = reachable.first_mut() {
        *first = true;
    }
    for start in 0..text.len() {
        if !reachable.get(start).copied().unwrap_or(false) {
            continue;
        }
        let Some(rest) = text.get(start..) else { continue };
        for word in words.iter().filter(|word| !word.is_empty() && rest.starts_with(**word)) {
            if let Some(end) = reachable.get_mut(start + word.len()) {
                *end = true;
            }
        }
    }
    reachable.last().copied().unwrap_or(true)
}

/// Whether the password is made of words about its owner, also mixed with common ones; or of their number.
fn is_about(password: &str, about: &[&str]) -> bool {
    let lower: Vec<String> = about.iter().map(|text| text.to_lowercase()).collect();
    let pieces = lower.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = pieces.filter(|word| word.chars().count() >= 3).chain(COMMON.iter().copied()).collect();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = digits(password);
    let is_number = |text: &String| {
        // The tail without country or trunk prefix, so that every spelling counts.
        let own = digits(text);
        let tail = own.get(3..).unwrap_or_default();
        tail.len() >= 6 && number.contains(tail)
    };
    is_made_of(&letters(password), &words) || lower.iter().any(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        let mut checks = Checks::default();
        check(
            &mut checks,
            "/password",
            password,
            &["Ibu Maria Lestari", "+6281234567890", "maria@dinas.id", "KKMP Oebobo"],
        );
        match checks.finish() {
            Ok(()) => None,
            Err(crate::error::AppError::Refused(refusal)) => Some(refusal.issues[0].def.code),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn length_is_what_counts_and_every_character_is_welcome() {
        for fine in [
            "sepuluh karung beras",
            "sepuluh 10 karung",
            "毎日ご飯を炊いて食べましょう",
            "kuda-lumping-44",
            "Tr0ub4dor&3xyz",
            &"panjang sekali ".repeat(17),
        ] {
            assert_eq!(code(fine), None, "{fine}");
        }
        assert_eq!(code("sebelas1234"), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(code(&"panjang sekali ".repeat(18)), Some("PASSWORD_TOO_LONG"));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in [
            "password1234",
            "P@ssw0rd!2026",
            "passwordpassword",
            "katasandi123",
            "123456789012",
            "qwertyuiop123",
            "koperasimerahputih",
            "KoperasiMerahPutih2026!",
            "aaaaaaaaaaaa",
            "abababababab",
            "abcdefghijkl",
            "098765432109",
            "indonesia1945",
            "rahasia12345678",
            "2026-01-01-2026",
        ] {
            assert_eq!(code(common), Some("PASSWORD_COMMON"), "{common}");
        }
    }

    #[test]
    fn what_others_know_about_the_owner_is_refused() {
        for known in ["marialestari", "MariaLestari1", "ibumaria81234567890", "oebobo-maria-1", "kkmpoebobo2026"] {
            assert_eq!(code(known), Some("PASSWORD_ABOUT_OWNER"), "{known}");
        }
    }
}
