//! An officer's share: a secret of one seat of one call, as a short text to download, print and scan.
//!
//! `PASOK-BAGIAN 1 / panggilan 7 / bagian 2 dari 3 / AGE-SECRET-KEY-1… / periksa 1A2B3C4D`, or the same with colons in a QR
//! code. Call and seat are bound by the check code, so that a share that was copied wrongly says so at once.

use super::committee::SEATS;
use super::errors::SealError;
use crate::values::hex::hex;
use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// First word of the text.
const MAGIC: &str = "PSK1";

/// One officer's secret.
#[derive(Clone)]
pub struct Share {
    call_id: i64,
    seat: u8,
    key: Identity,
}

// Not derived: a share must not find its way into a log.
impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Share").field("call_id", &self.call_id).field("seat", &self.seat).finish_non_exhaustive()
    }
}

impl Share {
    /// Draws a share for a seat.
    pub fn draw(call_id: i64, seat: u8) -> Self {
        Self { call_id, seat, key: Identity::generate() }
    }

    /// The call.
    pub fn call_id(&self) -> i64 {
        self.call_id
    }

    /// The seat, from 1.
    pub fn seat(&self) -> u8 {
        self.seat
    }

    /// The secret itself.
    pub(super) fn key(&self) -> &Identity {
        &self.key
    }

    /// The public key of this share, which may be stored.
    pub fn recipient(&self) -> String {
        self.key.to_public().to_string()
    }

    /// `PSK1:call:seat:secret:check`, all capitals and digits, as QR codes like it best.
    pub fn text(&self) -> String {
        let body =
            Zeroizing::new(format!("{MAGIC}:{}:{}:{}", self.call_id, self.seat, self.key.to_string().expose_secret()));
        format!("{}:{}", body.as_str(), check(&body))
    }

    /// Reads the text; spaces, line breaks and the size of letters do not matter.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let text: Zeroizing<String> = Zeroizing::new(
            text.chars().filter(|c| !c.is_whitespace()).take(200).collect::<String>().to_ascii_uppercase(),
        );
        let (body, given) = text.rsplit_once(':').ok_or(SealError::ShareUnreadable)?;
        let mut words = body.split(':');
        let parts = [(); 5].map(|()| words.next());
        let [Some(MAGIC), Some(call), Some(seat), Some(secret), None] = parts else {
            return Err(SealError::ShareUnreadable);
        };
        let call_id = call.parse().map_err(|_| SealError::ShareUnreadable)?;
        let seat = seat.parse().map_err(|_| SealError::ShareUnreadable)?;
        if check(body) != given {
            return Err(SealError::ShareMiscopied);
        }
        let key = secret.parse().map_err(|_| SealError::ShareMiscopied)?;
        if (1..=SEATS).contains(&seat) { Ok(Self { call_id, seat, key }) } else { Err(SealError::ShareUnreadable) }
    }
}

/// Eight characters over everything before them.
fn check(body: &str) -> String {
    let digest = hex(&Sha256::new_with_prefix("pasok-share-v1\n").chain_update(body).finalize());
    digest.get(..8).unwrap_or_default().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_back_however_it_was_copied() {
        let share = Share::draw(7, 2);
        let text = share.text();
        let spaced: String = text.chars().flat_map(|c| [c, ' ']).collect();
        for written in [text.clone(), text.to_lowercase(), format!("  {text}\r\n"), spaced] {
            let read = Share::parse(&written).unwrap();
            assert_eq!((read.call_id(), read.seat(), read.recipient()), (7, 2, share.recipient()));
        }
    }

    #[test]
    fn every_miscopied_character_is_noticed() {
        let text = Share::draw(7, 2).text();
        for at in 0..text.len() {
            for put in [b'Q', b'2', b':'] {
                let mut bytes = text.clone().into_bytes();
                if bytes[at] == put {
                    continue;
                }
                bytes[at] = put;
                let error = Share::parse(std::str::from_utf8(&bytes).unwrap()).err();
                assert!(
                    matches!(error, Some(SealError::ShareMiscopied | SealError::ShareUnreadable)),
                    "character {at}: {error:?}"
                );
            }
        }
    }

    #[test]
    fn other_texts_are_no_shares() {
        for text in ["", "PSK1", "PSK1:::::", "PSK1:7:2:x:00000000", "hello", &"9".repeat(10_000)] {
            assert!(Share::parse(text).is_err(), "{text}");
        }
        let fourth = Share::draw(7, 4).text();
        assert_eq!(Share::parse(&fourth).err(), Some(SealError::ShareUnreadable));
    }
}
