//! What may be a password (OWASP ASVS 5.0 §6.2): long, not common, not about its owner; no rules on kinds of characters, and
//! no expiry.
//!
//! Common is what the words below make up, and what `zxcvbn` guesses quickly: it knows the 30,000 passwords that leaks hold most
//! often, in every disguise (turned round, capitals, digits for letters), walks over the keyboard, dates and repetitions.

use super::errors::AccessError;
use crate::error::Checks;

/// Shortest password, in characters. ASVS asks for at least 8 and advises 15; money hangs on these.
pub const SHORTEST: usize = 12;
/// Longest password, in bytes: room for sentences, and a bound on what is hashed.
pub const LONGEST: usize = 256;

/// Fewest guesses, as a power of ten, that a password must take. zxcvbn calls anything below "too guessable where hashes
/// leak, though slow ones".
const GUESSES_LOG10: f64 = 8.0;
/// Most characters that are judged so; the work grows with their square, and what is longer only gets harder.
const JUDGED: usize = 64;

/// What common passwords are made of, beside digits and signs. A password that is nothing else is refused.
const COMMON: &[&str] = &[
    "abcdef",
    "abcdefgh",
    "admin",
    "administrator",
    "aku",
    "alhamdulillah",
    "allah",
    "anak",
    "asdfgh",
    "asdfghjkl",
    "ayah",
    "bahagia",
    "bali",
    "bandung",
    "bendahara",
    "beras",
    "biasa",
    "bismillah",
    "bunda",
    "cantik",
    "cinta",
    "cintaku",
    "dapur",
    "desa",
    "dinas",
    "doraemon",
    "ganteng",
    "garuda",
    "gratis",
    "gudang",
    "hello",
    "hidup",
    "iloveyou",
    "indonesia",
    "jakarta",
    "kamu",
    "kasih",
    "kata",
    "katasandi",
    "kdmp",
    "keluarga",
    "kelurahan",
    "kemerdekaan",
    "ketua",
    "kkmp",
    "koperasi",
    "kosong",
    "kucing",
    "kupang",
    "login",
    "lupa",
    "maju",
    "makan",
    "mama",
    "manado",
    "manusia",
    "masuk",
    "medan",
    "merah",
    "merahputih",
    "merdeka",
    "monyet",
    "naruto",
    "nelayan",
    "nusantara",
    "pancasila",
    "papa",
    "pasar",
    "pasok",
    "pass",
    "passw",
    "password",
    "passwords",
    "passwort",
    "pasword",
    "pengawas",
    "pengurus",
    "persib",
    "persija",
    "putih",
    "qazwsx",
    "qwerty",
    "qwertyuiop",
    "rahasia",
    "raya",
    "root",
    "sahabat",
    "sandi",
    "sayang",
    "sayangku",
    "selalu",
    "selamat",
    "semangat",
    "sppg",
    "sukses",
    "surabaya",
    "tani",
    "terima",
    "terimakasih",
    "test",
    "testing",
    "usaha",
    "user",
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
    is_monotonous(password) || is_made_of(&letters(password), COMMON) || is_guessed(password)
}

/// Whether somebody with the lists of leaked passwords gets there soon.
fn is_guessed(password: &str) -> bool {
    let judged: String = password.chars().take(JUDGED).collect();
    zxcvbn::zxcvbn(&judged, COMMON).guesses_log10() < GUESSES_LOG10
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
    fn what_leaks_hold_is_refused_in_any_disguise() {
        // All of them stand in published lists of leaked passwords, or come of one by a turn that crackers try first.
        for leaked in [
            "1q2w3e4r5t6y",
            "6y5t4r3e2w1q",
            "qwertyuiop[]",
            "!qaz2wsx3edc",
            "unbelievable",
            "elbaveilebnu",
            "Unbelievable1",
            "thunderbirds",
            "manchesterunited",
            "M4nchest3rUnited",
            "jordan23jordan23",
            "spongebob123",
            "basketball12",
            "christopher1",
            "sayangsayang",
            "s4y4ngs3l4lu",
            "terimakasih123",
            "AkuSayangKamu",
            "bismillah123",
            "indonesiaraya",
            "doraemon2020",
            "17081945merdeka",
        ] {
            assert_eq!(code(leaked), Some("PASSWORD_COMMON"), "{leaked}");
        }
    }

    #[test]
    fn what_others_know_about_the_owner_is_refused() {
        for known in ["marialestari", "MariaLestari1", "ibumaria81234567890", "oebobo-maria-1", "kkmpoebobo2026"] {
            assert_eq!(code(known), Some("PASSWORD_ABOUT_OWNER"), "{known}");
        }
    }
}
