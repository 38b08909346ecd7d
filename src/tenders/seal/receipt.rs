//! What a bidder keeps: a text signed with the record's key that says which sealed file arrived when. Pure.
//!
//! The signature alone binds the platform; no leaf of the log is needed before the close, and there is none, because the size
//! of the log would tell others that somebody bid. At the close every commitment enters the log.

use crate::audit::note::{Note, Signer, Verdict, Verifier};
use crate::values::Timestamp;

/// What a receipt states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number. Drawn at random: a running number would tell how many bids there are.
    pub number: String,
    /// The call.
    pub call_id: i64,
    /// The bidder.
    pub bidder_id: i64,
    /// Which version of the bid, from 1.
    pub version: i64,
    /// The server's time.
    pub received_at: Timestamp,
    /// Where it was sealed: `browser`, `offline` or `counter`.
    pub sealed_where: &'static str,
    /// The bid's commitment.
    pub commitment: String,
    /// SHA-256 of the sealed file in hexadecimal.
    pub file_sha256: String,
}

/// First line of a receipt; never the name of a log, so that a receipt cannot pass for a checkpoint.
const TITLE: &str = "pasok-bid-receipt/v1";

impl Receipt {
    /// What is signed.
    pub fn text(&self) -> String {
        format!(
            "{TITLE}\nnumber {}\ncall {}\nbidder {}\nversion {}\nreceived {}\nsealed-at {}\ncommitment {}\nfile-sha256 {}\n",
            self.number,
            self.call_id,
            self.bidder_id,
            self.version,
            self.received_at,
            self.sealed_where,
            self.commitment,
            self.file_sha256
        )
    }

    /// The receipt as a signed note (C2SP signed-note).
    pub fn signed(&self, signer: &Signer) -> String {
        let text = self.text();
        Note { signatures: vec![signer.sign(&text, 0)], text }.to_string()
    }

    /// The short form for a square code: enough to find the receipt and to compare the commitment.
    pub fn code(&self) -> String {
        format!("PASOK-BID:{}:{}:{}", self.call_id, self.number, self.commitment.to_ascii_uppercase())
    }
}

/// Whether a receipt's text was signed with the key.
pub fn holds(note: &str, key: &Verifier) -> bool {
    let Some(note) = Note::parse(note) else { return false };
    let mut verdicts = note.signatures.iter().map(|line| key.judge(&note.text, line));
    note.text.starts_with(TITLE) && verdicts.any(|verdict| matches!(verdict, Verdict::Valid { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::note::Kind;

    fn receipt() -> Receipt {
        Receipt {
            number: "7Q3K-9F2M".to_owned(),
            call_id: 7,
            bidder_id: 9,
            version: 1,
            received_at: Timestamp::parse("2026-01-05T00:00:00Z").unwrap(),
            sealed_where: "browser",
            commitment: "ab".repeat(32),
            file_sha256: "cd".repeat(32),
        }
    }

    #[test]
    fn a_receipt_holds_until_any_bit_of_it_is_bent() {
        let signer = Signer::new("example.com/log", Kind::Plain, [1; 32]);
        let note = receipt().signed(&signer);
        assert!(holds(&note, &signer.verifier()));
        assert!(!holds(&note, &Signer::new("example.com/log", Kind::Plain, [2; 32]).verifier()));
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let bent = String::from_utf8(bytes).unwrap_or_default();
                assert!(!holds(&bent, &signer.verifier()), "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn a_checkpoint_is_no_receipt() {
        let signer = Signer::new("example.com/log", Kind::Plain, [1; 32]);
        let text = "example.com/log\n1\nAAAA\n".to_owned();
        let note = Note { signatures: vec![signer.sign(&text, 0)], text }.to_string();
        assert!(!holds(&note, &signer.verifier()));
    }
}
