//! A sealed file: an age file of a known shape. What can be seen from outside is checked before it is accepted, so that a
//! broken one is found when the bidder can still mend it. Pure but for randomness.
//!
//! Each file has two X25519 recipients: the committee of the call, and a key that whoever sealed it drew for this file
//! alone, opened it with once as a trial, and threw away. Outsiders cannot tell which is which.

use super::envelope::{BUCKETS, Envelope};
use super::errors::SealError;
use age::x25519::{Identity, Recipient};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// First line of every age file (version 1).
const VERSION: &[u8] = b"age-encryption.org/v1\n";
/// age encrypts in pieces of this many bytes, each with a tag.
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
/// The payload begins with a nonce.
const NONCE: usize = 16;
/// Recipients of a file: the committee and the trial key.
const RECIPIENTS: usize = 2;
/// Longest header that is read; two recipients and a greasing stanza take under 600 bytes.
const LONGEST_HEADER: usize = 2 * 1024;

/// Largest sealed file in bytes.
pub const LARGEST: usize = LONGEST_HEADER + payload(BUCKETS[2]);

/// The encrypted length of so many bytes.
const fn payload(length: usize) -> usize {
    NONCE + length + TAG * length.div_ceil(PIECE)
}

/// An age file whose shape is that of a sealed bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile(Vec<u8>);

impl SealedFile {
    /// Takes bytes whose shape is right: age's first line, exactly two X25519 recipients and no other kind of key, a
    /// well-formed header, and a payload of one of the bucket sizes. Whether it opens only the committee's key can tell.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, SealError> {
        if bytes.len() > LARGEST {
            return Err(SealError::FileSize);
        }
        let rest = bytes.strip_prefix(VERSION).ok_or(SealError::FileNotAge)?;
        let rest = header(rest)?;
        if !BUCKETS.into_iter().any(|bucket| payload(bucket) == rest.len()) {
            return Err(SealError::FileSize);
        }
        Ok(Self(bytes))
    }

    /// Seals an envelope, opens it once with the trial key, and throws that key away.
    pub fn seal(envelope: &Envelope, committee: &Recipient) -> Result<Self, SealError> {
        let padded = envelope.padded().ok_or(SealError::DocumentTooLarge)?;
        let trial = Identity::generate();
        let bytes = encrypt(&padded, [committee, &trial.to_public()]).ok_or(SealError::TrialFailed)?;
        let sealed = Self::parse(bytes)?;
        match sealed.open(&trial) {
            Ok(opened) if opened == *envelope => Ok(sealed),
            _ => Err(SealError::TrialFailed),
        }
    }

    /// Opens the file with a key.
    pub fn open(&self, key: &Identity) -> Result<Envelope, Fault> {
        let plain = age::decrypt(key, &self.0).map(zeroize::Zeroizing::new);
        let plain = plain.map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => Fault::OtherKey,
            _ => Fault::Corrupted,
        })?;
        Envelope::parse(&plain).map_err(|_| Fault::NotAnEnvelope)
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn encrypt(plain: &[u8], to: [&Recipient; RECIPIENTS]) -> Option<Vec<u8>> {
    use std::io::Write as _;
    let recipients = to.into_iter().map(|recipient| recipient as &dyn age::Recipient);
    let mut sealed = Vec::with_capacity(LONGEST_HEADER + payload(plain.len()));
    let mut writer = age::Encryptor::with_recipients(recipients).ok()?.wrap_output(&mut sealed).ok()?;
    writer.write_all(plain).ok()?;
    writer.finish().ok()?;
    Some(sealed)
}

crate::word_enum! {
    /// Why an accepted file did not open. Recorded for this bid; the others are opened all the same.
    Fault {
        /// It was not encrypted to the call's key.
        OtherKey = "other_key",
        /// It was altered after it was encrypted.
        Corrupted = "corrupted",
        /// It opened, but holds no envelope.
        NotAnEnvelope = "not_an_envelope",
        /// The envelope names another call.
        OtherCall = "other_call",
        /// The envelope names another bidder.
        OtherBidder = "other_bidder",
        /// The receipt's commitment is not the envelope's.
        CommitmentDiffers = "commitment_differs",
    }
}

impl Fault {
    /// The reason in plain words, for the minutes and the bidder.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::OtherKey => "berkas tidak disegel untuk kunci panggilan ini (not sealed to this call's key)",
            Self::Corrupted => "berkas segel berubah setelah disegel (altered after it was sealed)",
            Self::NotAnEnvelope => "isi segel bukan amplop penawaran (not an envelope)",
            Self::OtherCall => "amplop menyebut panggilan lain (the envelope names another call)",
            Self::OtherBidder => "amplop menyebut penawar lain (the envelope names another bidder)",
            Self::CommitmentDiffers => {
                "kode ikatan tidak cocok dengan tanda terima (the commitment is not the receipt's)"
            }
        }
    }
}

/// Reads an age header after its first line; answers what follows it.
fn header(bytes: &[u8]) -> Result<&[u8], SealError> {
    let mut rest = bytes;
    let mut recipients = 0;
    loop {
        let line = take_line(&mut rest, bytes)?;
        if let Some(mac) = line.strip_prefix("--- ") {
            decode(mac, 32)?;
            break;
        }
        let mut words = line.strip_prefix("-> ").ok_or(SealError::FileHeader)?.split(' ');
        let kind = words.next().unwrap_or_default();
        let arguments: Vec<&str> = words.collect();
        let body = body(&mut rest, bytes)?;
        if kind == "X25519" {
            let [share] = arguments.as_slice() else { return Err(SealError::FileHeader) };
            decode(share, 32)?;
            decode(&body, 32)?;
            recipients += 1;
        } else if !kind.ends_with("-grease") {
            // Another kind of key (a passphrase, say) would open the file to somebody else.
            return Err(SealError::FileRecipients);
        }
    }
    if recipients == RECIPIENTS { Ok(rest) } else { Err(SealError::FileRecipients) }
}

/// Lines of base64, the last of which is shorter than 64 characters.
fn body(rest: &mut &[u8], whole: &[u8]) -> Result<String, SealError> {
    let mut text = String::new();
    loop {
        let line = take_line(rest, whole)?;
        text.push_str(line);
        match line.len() {
            64 => {}
            0..64 => return Ok(text),
            _ => return Err(SealError::FileHeader),
        }
    }
}

fn decode(text: &str, length: usize) -> Result<(), SealError> {
    match STANDARD_NO_PAD.decode(text) {
        Ok(bytes) if bytes.len() == length => Ok(()),
        _ => Err(SealError::FileHeader),
    }
}

fn take_line<'a>(rest: &mut &'a [u8], whole: &[u8]) -> Result<&'a str, SealError> {
    if whole.len() - rest.len() > LONGEST_HEADER {
        return Err(SealError::FileHeader);
    }
    let end = rest.iter().take(LONGEST_HEADER).position(|byte| *byte == b'\n').ok_or(SealError::FileHeader)?;
    let (line, tail) = (rest.get(..end), rest.get(end + 1..));
    *rest = tail.unwrap_or_default();
    line.and_then(|line| std::str::from_utf8(line).ok()).ok_or(SealError::FileHeader)
}

#[cfg(test)]
mod tests;
