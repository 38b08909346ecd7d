//! The committee's key of one call: made in memory, split two of three, given away and forgotten.
//!
//! Each officer takes a seat and gets a [`Share`], a secret of their own that is shown once and stored nowhere. When the
//! third seat is taken, the call's key is drawn, split after Shamir into three parts of which any two suffice, and each part
//! is encrypted to one seat. The database keeps these three parts and the public key. One part without its officer's share is
//! noise, and one part alone says nothing about the key.

use super::errors::SealError;
use super::share::Share;
use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use blahaj::Sharks;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

/// Officers of a call.
pub const SEATS: u8 = 3;
/// Officers who must open together.
pub const NEEDED: u8 = 2;

/// A part of the key, encrypted to one seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The seat, from 1.
    pub seat: u8,
    /// An age file for the seat's share.
    pub sealed: Vec<u8>,
}

/// What stays of a founded key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founded {
    /// The public key, as age writes it (`age1…`).
    pub recipient: String,
    /// One part for each seat.
    pub parts: Vec<Part>,
}

/// Draws the key of a call and encrypts its parts to the seats, whose public keys come in order. The key itself ends here.
pub fn found(seats: &[String; SEATS as usize]) -> Result<Founded, SealError> {
    let key = Identity::generate();
    let secret = key.to_string();
    let dealt = Sharks(NEEDED).dealer(secret.expose_secret().as_bytes());
    let mut parts = Vec::new();
    for ((seat, recipient), part) in (1..=SEATS).zip(seats).zip(dealt) {
        let recipient: Recipient = recipient.parse().map_err(|_| SealError::SeatKeyInvalid)?;
        let bytes = Zeroizing::new(Vec::from(&part));
        let sealed = age::encrypt(&recipient, &bytes).map_err(|_| SealError::SeatKeyInvalid)?;
        parts.push(Part { seat, sealed });
    }
    Ok(Founded { recipient: key.to_public().to_string(), parts })
}

/// Puts the key together again from officers' shares, for the call `call_id` whose public key is `recipient`. Refuses a share
/// of another call, one given twice, one that does not unlock its part, fewer than two; each for its own reason.
pub fn combine(call_id: i64, recipient: &str, parts: &[Part], shares: &[Share]) -> Result<Identity, SealError> {
    let mut seats = BTreeSet::new();
    for share in shares {
        if share.call_id() != call_id {
            return Err(SealError::ShareOfOtherCall);
        }
        if !seats.insert(share.seat()) {
            return Err(SealError::ShareTwice);
        }
    }
    let unlocked = shares.iter().map(|share| unlock(parts, share)).collect::<Result<Vec<_>, _>>()?;
    if unlocked.len() < usize::from(NEEDED) {
        return Err(SealError::SharesTooFew);
    }
    let secret = Zeroizing::new(Sharks(NEEDED).recover(&unlocked).map_err(|_| SealError::ShareWrong)?);
    let key: Identity =
        std::str::from_utf8(&secret).ok().and_then(|text| text.parse().ok()).ok_or(SealError::KeyMismatch)?;
    if key.to_public().to_string() == recipient { Ok(key) } else { Err(SealError::KeyMismatch) }
}

/// Whether a share unlocks its part: what one officer alone can try out, without learning anything about the key.
pub fn fits(parts: &[Part], share: &Share) -> Result<(), SealError> {
    unlock(parts, share).map(|_| ())
}

fn unlock(parts: &[Part], share: &Share) -> Result<blahaj::Share, SealError> {
    let part = parts.iter().find(|part| part.seat == share.seat()).ok_or(SealError::ShareWrong)?;
    let bytes = age::decrypt(share.key(), &part.sealed).map_err(|_| SealError::ShareWrong)?;
    blahaj::Share::try_from(Zeroizing::new(bytes).as_slice()).map_err(|_| SealError::ShareWrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn founded() -> (Founded, [Share; 3]) {
        let shares = [1, 2, 3].map(|seat| Share::draw(7, seat));
        let seats = shares.each_ref().map(Share::recipient);
        (found(&seats).unwrap(), shares)
    }

    fn pick(shares: &[Share; 3], which: &[usize]) -> Vec<Share> {
        which.iter().map(|at| Share::parse(&shares[*at].text()).unwrap()).collect()
    }

    fn refused(founded: &Founded, call: i64, shares: &[Share]) -> SealError {
        combine(call, &founded.recipient, &founded.parts, shares).err().unwrap()
    }

    #[test]
    fn any_two_open_and_none_opens_alone() {
        let (founded, shares) = founded();
        for which in [[0, 1].as_slice(), &[0, 2], &[1, 2], &[2, 0], &[0, 1, 2]] {
            let key = combine(7, &founded.recipient, &founded.parts, &pick(&shares, which)).unwrap();
            assert_eq!(key.to_public().to_string(), founded.recipient);
        }
        for alone in 0..3 {
            assert_eq!(refused(&founded, 7, &pick(&shares, &[alone])), SealError::SharesTooFew);
        }
        assert_eq!(refused(&founded, 7, &[]), SealError::SharesTooFew);
    }

    #[test]
    fn each_wrong_share_has_its_own_reason() {
        let (good, shares) = founded();
        let (other, others) = founded();
        assert_eq!(refused(&good, 8, &pick(&shares, &[0, 1])), SealError::ShareOfOtherCall);
        assert_eq!(refused(&good, 7, &pick(&shares, &[1, 1])), SealError::ShareTwice);
        let mixed = [pick(&shares, &[0]), pick(&others, &[1])].concat();
        assert_eq!(refused(&good, 7, &mixed), SealError::ShareWrong);
        // Somebody exchanged the stored parts for those of another key.
        let swapped = Founded { recipient: good.recipient.clone(), parts: other.parts };
        assert_eq!(refused(&swapped, 7, &pick(&others, &[0, 1])), SealError::KeyMismatch);
        let mut bent = good.clone();
        *bent.parts[0].sealed.last_mut().unwrap() ^= 1;
        assert_eq!(refused(&bent, 7, &pick(&shares, &[0, 1])), SealError::ShareWrong);
        assert_eq!(fits(&good.parts, &shares[0]), Ok(()));
        assert_eq!(fits(&good.parts, &others[0]), Err(SealError::ShareWrong));
    }

    #[test]
    fn what_is_kept_holds_no_key() {
        let (founded, shares) = founded();
        let kept = format!("{founded:?}");
        assert!(!kept.contains("SECRET"));
        for share in shares {
            assert!(!kept.contains(&share.text()));
            assert!(!format!("{share:?}").contains("SECRET"));
        }
    }
}
