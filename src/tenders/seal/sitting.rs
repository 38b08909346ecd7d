//! Between two officers: the first one's share waits, locked with a code that only this officer's screen shows. Pure but for
//! randomness.
//!
//! So no share lies open in the database, the sitting goes on in whatever process the second officer reaches, and both
//! have to be in touch: the second one needs the code.

use super::errors::SealError;
use super::share::Share;
use age::scrypt::{Identity, Recipient};
use age::secrecy::SecretString;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Digits that are not mistaken for one another (Crockford).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 80 bits, which stretching makes dear to guess.
const LETTERS: usize = 16;
/// scrypt's log₂ N. The code has 80 random bits, so this need not be slow.
const WORK: u8 = 12;

/// A random word of so many digits, in groups of four.
pub fn random_word(letters: usize) -> String {
    let digit = |at: usize| {
        let digit = DIGITS.get(usize::from(rand::random::<u8>() & 31)).copied().unwrap_or(b'0');
        let gap = if at > 0 && at.is_multiple_of(4) { Some('-') } else { None };
        gap.into_iter().chain(std::iter::once(char::from(digit)))
    };
    (0..letters).flat_map(digit).collect()
}

/// A new code for a sitting.
pub fn draw_code() -> Zeroizing<String> {
    Zeroizing::new(random_word(LETTERS))
}

/// The code as it is meant, however it was typed.
fn plain(code: &str) -> SecretString {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).take(2 * LETTERS);
    let meant = letters.map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    SecretString::from(meant.collect::<String>())
}

/// A share, locked with a code, as base64.
pub fn lock(share: &Share, code: &str) -> Result<String, SealError> {
    let mut recipient = Recipient::new(plain(code));
    recipient.set_work_factor(WORK);
    let locked = age::encrypt(&recipient, Zeroizing::new(share.text()).as_bytes());
    locked.map(|bytes| STANDARD.encode(bytes)).map_err(|_| SealError::SittingCode)
}

/// The share again.
pub fn unlock(locked: &str, code: &str) -> Result<Share, SealError> {
    let bytes = STANDARD.decode(locked).map_err(|_| SealError::SittingOver)?;
    let mut identity = Identity::new(plain(code));
    identity.set_max_work_factor(WORK);
    let text = age::decrypt(&identity, &bytes).map(Zeroizing::new).map_err(|_| SealError::SittingCode)?;
    Share::parse(std::str::from_utf8(&text).map_err(|_| SealError::SittingOver)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_unlocks_however_it_is_typed_and_no_other_does() {
        let share = Share::draw(7, 1);
        let code = draw_code();
        assert_eq!(code.len(), 19);
        let locked = lock(&share, &code).unwrap();
        for typed in [code.to_string(), code.to_lowercase(), code.replace('-', " "), code.replace('0', "o")] {
            assert_eq!(unlock(&locked, &typed).unwrap().text(), share.text());
        }
        assert_eq!(unlock(&locked, &draw_code()).err(), Some(SealError::SittingCode));
        assert_eq!(unlock(&locked, "").err(), Some(SealError::SittingCode));
        assert_eq!(unlock("", &code).err(), Some(SealError::SittingCode));
        assert!(!locked.contains(&share.text()));
    }

    #[test]
    fn words_do_not_repeat() {
        let words: std::collections::BTreeSet<String> = (0..1_000).map(|_| random_word(10)).collect();
        assert_eq!(words.len(), 1_000);
    }
}
