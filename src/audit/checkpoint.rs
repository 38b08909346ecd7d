//! Signed tree heads (C2SP tlog-checkpoint) and receipts (C2SP tlog-proof). Pure.

use super::merkle::Hash;
use super::note::{Note, Signer, Verifier};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// A tree's size and root, under the name of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: that of its key.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// The root.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads the text of a note. Extension lines are allowed and not looked at.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let number: u64 = size.parse().ok()?;
        let sound = !origin.is_empty() && number.to_string() == size && lines.all(|line| !line.is_empty());
        sound.then_some(Self { origin: origin.to_owned(), size: number, root: parse_hash(root)? })
    }

    /// Reads a note and its text, if the key signed it and its origin is the key's name.
    pub fn open(note: &str, key: &Verifier) -> Option<(Self, Note)> {
        let note = Note::parse(note)?;
        let checkpoint = Self::parse(&note.text)?;
        (checkpoint.origin == key.name && note.is_signed_by(key)).then_some((checkpoint, note))
    }

    /// The note that a log signs.
    pub fn signed(&self, signer: &Signer) -> Note {
        let text = self.to_string();
        Note { signatures: vec![signer.sign(&text, 0)], text }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root))
    }
}

fn parse_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// A proof that an entry is in the log, which anybody can check without the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The leaf's bytes.
    pub leaf: Vec<u8>,
    /// Its place in the log.
    pub index: u64,
    /// Siblings, from the leaf up.
    pub path: Vec<Hash>,
    /// The checkpoint with its signatures.
    pub note: String,
}

/// First line of a receipt.
const RECEIPT: &str = "c2sp.org/tlog-proof@v1";

impl Receipt {
    /// Reads a receipt. Nothing in it is checked.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        if lines.next()? != RECEIPT {
            return None;
        }
        let leaf = STANDARD.decode(lines.next()?.strip_prefix("extra ")?).ok()?;
        let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
        let path = lines.map(parse_hash).collect::<Option<_>>()?;
        Some(Self { leaf, index, path, note: note.to_owned() })
    }

    /// Whether the entry is in the log that the key signs for.
    pub fn holds(&self, key: &Verifier) -> bool {
        let leaf = super::merkle::leaf(&self.leaf);
        Checkpoint::open(&self.note, key)
            .is_some_and(|(head, _)| super::proof::is_included(&leaf, self.index, head.size, &self.path, &head.root))
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{RECEIPT}\nextra {}\nindex {}", STANDARD.encode(&self.leaf), self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.note)
    }
}

/// What a witness is asked to sign (the request body of C2SP tlog-witness): a checkpoint, and that it continues an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessRequest {
    /// Size of the tree that the witness signed last; 0 if it never did.
    pub old: u64,
    /// The consistency proof.
    pub path: Vec<Hash>,
    /// The checkpoint with its signatures.
    pub note: String,
}

impl WitnessRequest {
    /// Reads a request. Nothing in it is checked.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let size = lines.next()?.strip_prefix("old ")?;
        let old: u64 = size.parse().ok()?;
        let path: Vec<Hash> = lines.map(parse_hash).collect::<Option<_>>()?;
        (old.to_string() == size && path.len() <= 63).then(|| Self { old, path, note: note.to_owned() })
    }
}

impl fmt::Display for WitnessRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.path {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::merkle::{self, leaf};
    use crate::audit::note::Kind;

    #[test]
    fn the_text_is_that_of_the_specification() {
        // The example of the C2SP document; its key is not published, so only the text is compared.
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let head = Checkpoint::parse(text).unwrap();
        assert_eq!((head.origin.as_str(), head.size), ("example.com/behind-the-sofa", 20_852_163));
        assert_eq!(head.to_string(), text);
        for wrong in
            ["", "a\n1\n", "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "a\n1\nCsUY\n", "\n1\nAAAA\n"]
        {
            assert_eq!(Checkpoint::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_receipt_holds_until_anything_in_it_is_bent() {
        let signer = Signer::new("example.com/log", Kind::Plain, [1; 32]);
        let key = signer.verifier();
        let leaves: [&[u8]; 3] = [b"a", b"b", b"c"];
        let hashes = leaves.map(leaf);
        let head = Checkpoint { origin: key.name.clone(), size: 3, root: merkle::root(&hashes) };
        let path = vec![hashes[0], hashes[2]];
        let receipt = Receipt { leaf: b"b".to_vec(), index: 1, path, note: head.signed(&signer).to_string() };
        assert_eq!(Receipt::parse(&receipt.to_string()), Some(receipt.clone()));
        assert!(receipt.holds(&key));
        let text = receipt.to_string();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let bent = String::from_utf8(bytes).ok().and_then(|text| Receipt::parse(&text));
            assert!(!bent.is_some_and(|bent| bent.holds(&key)), "byte {at}");
        }
    }

    #[test]
    fn a_request_is_read_back() {
        let text = "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\nexample.com/a\n1\nAAAA\n\n— a AAAA\n";
        let request = WitnessRequest::parse(text).unwrap();
        assert_eq!((request.old, request.path.len()), (20_852_014, 1));
        assert_eq!(request.to_string(), text);
        assert_eq!(WitnessRequest::parse(&text.replace("old 2", "old 02")), None);
    }
}
