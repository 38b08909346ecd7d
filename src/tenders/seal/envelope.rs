//! What is inside a seal: whose bid on which call, a nonce, and the bid document, padded so that its length says nothing.
//! Pure. `docs/sealing.md` states the bytes, so that somebody else can open and check a bid without our code.

use crate::values::hex::hex;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// First line of an envelope.
const MAGIC: &str = "PASOKBID1";
/// Tag of a commitment, so that its hash can be nothing else's.
const TAG: &str = "pasok-bid-commitment-v1\n";

/// Sizes of padded envelopes in bytes. Whoever sees a sealed file learns which of the three it is and nothing finer.
pub const BUCKETS: [usize; 3] = [16 * 1024, 128 * 1024, 1024 * 1024];

/// A bid in the clear. It is wiped from memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The call.
    pub call_id: i64,
    /// The organisation that bids.
    pub bidder_id: i64,
    /// Drawn anew for every sealing: without it a price could be guessed from the commitment.
    pub nonce: Zeroizing<[u8; 32]>,
    /// The bid document, as it was written: the commitment covers these very bytes.
    pub document: Zeroizing<Vec<u8>>,
}

// Not derived: a bid must not find its way into a log.
impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope").field("call_id", &self.call_id).finish_non_exhaustive()
    }
}

/// Why opened bytes are no envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnEnvelope;

impl Envelope {
    /// SHA-256(tag ‖ call ‖ newline ‖ bidder ‖ newline ‖ nonce ‖ document), in hexadecimal; numbers in decimal digits.
    pub fn commitment(&self) -> String {
        let sha = Sha256::new_with_prefix(TAG)
            .chain_update(format!("{}\n{}\n", self.call_id, self.bidder_id))
            .chain_update(self.nonce.as_slice())
            .chain_update(self.document.as_slice());
        hex(&sha.finalize())
    }

    /// The bytes that are encrypted: five lines, the document, zeroes up to the bucket. `None` if it fits no bucket.
    pub fn padded(&self) -> Option<Zeroizing<Vec<u8>>> {
        let head = Zeroizing::new(format!(
            "{MAGIC}\n{}\n{}\n{}\n{}\n",
            self.call_id,
            self.bidder_id,
            hex(self.nonce.as_slice()),
            self.document.len()
        ));
        let length = head.len().checked_add(self.document.len())?;
        let bucket = BUCKETS.into_iter().find(|bucket| *bucket >= length)?;
        // The whole room at once: growing would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(bucket));
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(&self.document);
        bytes.resize(bucket, 0);
        Some(bytes)
    }

    /// Reads what [`Envelope::padded`] wrote, and nothing else: one content has one writing.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAnEnvelope> {
        let mut rest = bytes;
        let [magic, call, bidder, nonce, length] = [(); 5].map(|()| line(&mut rest));
        let document = rest.get(..number(length)?).ok_or(NotAnEnvelope)?;
        let envelope = Self {
            call_id: number(call)?,
            bidder_id: number(bidder)?,
            nonce: nonce.and_then(unhex).ok_or(NotAnEnvelope)?,
            document: Zeroizing::new(document.to_vec()),
        };
        let same = envelope.padded().is_some_and(|written| written.as_slice() == bytes);
        if magic == Some(MAGIC) && same { Ok(envelope) } else { Err(NotAnEnvelope) }
    }
}

/// Takes one line of ASCII, at most 80 characters long, off the front.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let end = rest.iter().take(80).position(|byte| *byte == b'\n')?;
    let (head, tail) = (rest.get(..end)?, rest.get(end + 1..)?);
    *rest = tail;
    std::str::from_utf8(head).ok()
}

fn number<T: std::str::FromStr>(text: Option<&str>) -> Result<T, NotAnEnvelope> {
    text.and_then(|text| text.parse().ok()).ok_or(NotAnEnvelope)
}

/// 32 bytes from as many pairs of hexadecimal digits.
pub fn unhex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    if text.len() != 64 {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
pub(super) fn sample(document: &[u8]) -> Envelope {
    Envelope { call_id: 7, bidder_id: 9, nonce: Zeroizing::new([5; 32]), document: Zeroizing::new(document.to_vec()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_commitment_is_that_of_the_document_page() {
        // printf 'pasok-bid-commitment-v1\n7\n9\n\5…(32 times){"a":1}' | sha256sum
        let mut bytes = b"pasok-bid-commitment-v1\n7\n9\n".to_vec();
        bytes.extend([5; 32]);
        bytes.extend(br#"{"a":1}"#);
        assert_eq!(sample(br#"{"a":1}"#).commitment(), hex(&Sha256::digest(&bytes)));
    }

    #[test]
    fn every_part_moves_the_commitment() {
        let one = sample(b"11");
        let others = [
            Envelope { call_id: 8, ..one.clone() },
            Envelope { bidder_id: 8, ..one.clone() },
            Envelope { nonce: Zeroizing::new([6; 32]), ..one.clone() },
            sample(b"12"),
        ];
        for other in others {
            assert_ne!(other.commitment(), one.commitment());
        }
    }

    #[test]
    fn documents_of_a_bucket_are_equally_long_and_too_large_ones_fit_none() {
        let lengths: std::collections::BTreeSet<usize> =
            [0, 1, 999, 16_000].map(|n| sample(&vec![b'x'; n]).padded().unwrap().len()).into();
        assert_eq!(lengths.into_iter().collect::<Vec<_>>(), [BUCKETS[0]]);
        assert_eq!(sample(&vec![b'x'; 16_384]).padded().unwrap().len(), BUCKETS[1]);
        assert!(sample(&vec![b'x'; 1024 * 1024]).padded().is_none());
    }

    #[test]
    fn only_one_writing_is_read() {
        let good = sample(b"document").padded().unwrap().to_vec();
        assert_eq!(Envelope::parse(&good).unwrap(), sample(b"document"));
        for (from, to) in [("PASOKBID1", "PASOKBID2"), ("\n7\n", "\n07\n"), ("\n8\n", "\n+8\n"), ("\n9\n", "\nx\n")] {
            let mut text = String::from_utf8(good.clone()).unwrap().replacen(from, to, 1).into_bytes();
            text.truncate(BUCKETS[0]);
            assert_eq!(Envelope::parse(&text), Err(NotAnEnvelope), "{from} → {to}");
        }
        let mut dirty = good.clone();
        *dirty.last_mut().unwrap() = 1;
        assert_eq!(Envelope::parse(&dirty), Err(NotAnEnvelope));
        assert_eq!(Envelope::parse(&good[1..]), Err(NotAnEnvelope));
        assert_eq!(Envelope::parse(b""), Err(NotAnEnvelope));
    }

    proptest! {
        #[test]
        fn there_and_back(document in proptest::collection::vec(any::<u8>(), 0..2_000), nonce: [u8; 32]) {
            let envelope = Envelope { nonce: Zeroizing::new(nonce), ..sample(&document) };
            let read = Envelope::parse(&envelope.padded().unwrap());
            prop_assert_eq!(read, Ok(envelope));
        }

        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Envelope::parse(&bytes).is_err());
        }
    }
}
