//! Secrets that are shown once and stored as hashes.
//!
//! Session and API tokens have 256 random bits, so a plain SHA-256 of them cannot be searched. The prefix tells people and
//! secret scanners what a found string is.

use crate::values::hex::hex;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Begins every session token.
pub const SESSION_PREFIX: &str = "pss_";
/// Begins every API token.
pub const TOKEN_PREFIX: &str = "psk_";

/// A new secret with 256 random bits.
pub fn fresh(prefix: &str) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

/// What is stored of a secret.
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_256_bits_and_do_not_repeat() {
        let (first, second) = (fresh(SESSION_PREFIX), fresh(SESSION_PREFIX));
        assert_ne!(first, second);
        assert_eq!(URL_SAFE_NO_PAD.decode(first.trim_start_matches(SESSION_PREFIX)).unwrap().len(), 32);
        assert_ne!(hash(&first), hash(&second));
    }
}
