//! Signed notes (C2SP signed-note), their Ed25519 keys, and the timestamped cosignatures of witnesses (C2SP
//! tlog-cosignature). Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// Most signature lines that are read from one note.
pub const MOST_SIGNATURES: usize = 64;
/// Longest note that is read, in bytes.
pub const LONGEST_NOTE: usize = 64 * 1024;

/// What a key signs with it; its byte is part of the key's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The note's text: logs.
    Plain,
    /// The note's text and the time: witnesses.
    Cosignature,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Self::Plain => 1,
            Self::Cosignature => 4,
        }
    }

    fn parse(byte: u8) -> Option<Self> {
        [Self::Plain, Self::Cosignature].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// Whether a text may name a key: not empty, no spaces, no plus.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 255 && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

fn key_id(name: &str, kind: Kind, public: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new_with_prefix(name).chain_update([b'\n', kind.byte()]).chain_update(public).finalize();
    let mut id = [0; 4];
    id.copy_from_slice(digest.get(..4).unwrap_or(&[0; 4]));
    id
}

/// A public key: `name+id+base64(kind ‖ key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    /// The key's name.
    pub name: String,
    /// What it signs.
    pub kind: Kind,
    key: VerifyingKey,
}

impl Verifier {
    /// Reads a key; `None` unless name, id and key agree.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.trim().split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let bytes = STANDARD.decode(key).ok()?;
        let (kind, public) = bytes.split_first()?;
        let (kind, public) = (Kind::parse(*kind)?, <[u8; 32]>::try_from(public).ok()?);
        let verifier = Self { name: name.to_owned(), kind, key: VerifyingKey::from_bytes(&public).ok()? };
        (is_key_name(name) && format!("{:08x}", verifier.id()) == id && !verifier.key.is_weak()).then_some(verifier)
    }

    /// The key's id.
    pub fn id(&self) -> u32 {
        u32::from_be_bytes(key_id(&self.name, self.kind, self.key.as_bytes()))
    }

    /// Whether a signature line is this key's; and if so, the time it states (for witnesses) once it is found valid.
    pub fn judge(&self, text: &str, line: &SignatureLine) -> Verdict {
        if line.name != self.name || line.id != self.id() {
            return Verdict::OtherKey;
        }
        let (message, bytes, time) = match self.kind {
            Kind::Plain => (text.to_owned(), line.bytes.as_slice(), 0),
            Kind::Cosignature => {
                let Some((time, bytes)) = line.bytes.split_first_chunk::<8>() else { return Verdict::Wrong };
                let time = u64::from_be_bytes(*time);
                (cosigned(time, text), bytes, time)
            }
        };
        match Signature::from_slice(bytes) {
            Ok(signature) if self.key.verify_strict(message.as_bytes(), &signature).is_ok() => Verdict::Valid { time },
            _ => Verdict::Wrong,
        }
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.byte()];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id(), STANDARD.encode(bytes))
    }
}

/// What a key says about a signature line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody else's.
    OtherKey,
    /// Its own, and valid; `time` in seconds since 1970 where the kind states one.
    Valid {
        /// When it was signed.
        time: u64,
    },
    /// Its own, and not valid: the note is to be refused.
    Wrong,
}

/// A private key: `PRIVATE+KEY+name+id+base64(kind ‖ seed)`.
pub struct Signer {
    name: String,
    kind: Kind,
    key: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Signer {
    /// A key from its 32 secret bytes.
    pub fn new(name: &str, kind: Kind, seed: [u8; 32]) -> Self {
        Self { name: name.to_owned(), kind, key: SigningKey::from_bytes(&seed) }
    }

    /// Reads a private key.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix("PRIVATE+KEY+")?;
        let (name, rest) = rest.split_once('+')?;
        let (id, secret) = rest.split_once('+')?;
        let bytes = STANDARD.decode(secret).ok()?;
        let (kind, seed) = bytes.split_first()?;
        let signer = Self::new(name, Kind::parse(*kind)?, <[u8; 32]>::try_from(seed).ok()?);
        (is_key_name(name) && format!("{:08x}", signer.verifier().id()) == id).then_some(signer)
    }

    /// The key as text. Whoever has it can sign.
    pub fn secret(&self) -> String {
        let mut bytes = vec![self.kind.byte()];
        bytes.extend_from_slice(self.key.as_bytes());
        format!("PRIVATE+KEY+{}+{:08x}+{}", self.name, self.verifier().id(), STANDARD.encode(bytes))
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its public half.
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), kind: self.kind, key: self.key.verifying_key() }
    }

    /// A signature line over `text`; `time` is in seconds since 1970 and only witnesses state it.
    pub fn sign(&self, text: &str, time: u64) -> SignatureLine {
        let (message, mut bytes) = match self.kind {
            Kind::Plain => (text.to_owned(), Vec::new()),
            Kind::Cosignature => (cosigned(time, text), time.to_be_bytes().to_vec()),
        };
        bytes.extend_from_slice(&self.key.sign(message.as_bytes()).to_bytes());
        SignatureLine { name: self.name.clone(), id: self.verifier().id(), bytes }
    }
}

fn cosigned(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// One signature of a note: `— name base64(id ‖ signature)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// Who signed.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// Time, where the kind has one, and signature.
    pub bytes: Vec<u8>,
}

impl SignatureLine {
    /// Reads a line, without its newline.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = STANDARD.decode(signature).ok()?;
        let (id, bytes) = bytes.split_first_chunk::<4>()?;
        let some = is_key_name(name) && !bytes.is_empty();
        some.then(|| Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.to_be_bytes()[..], &self.bytes].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

/// A text and its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last newline.
    pub text: String,
    /// Who signed it.
    pub signatures: Vec<SignatureLine>,
}

impl Note {
    /// Reads a note; `None` if it is none. Says nothing about its signatures.
    pub fn parse(note: &str) -> Option<Self> {
        if note.len() > LONGEST_NOTE || note.chars().any(|c| c.is_ascii_control() && c != '\n') {
            return None;
        }
        let (text, lines) = note.rsplit_once("\n\n")?;
        let signatures: Vec<SignatureLine> =
            lines.strip_suffix('\n')?.split('\n').map(SignatureLine::parse).collect::<Option<_>>()?;
        let fits = !text.is_empty() && (1..=MOST_SIGNATURES).contains(&signatures.len());
        fits.then(|| Self { text: format!("{text}\n"), signatures })
    }

    /// Whether the key signed this note, no line of it being wrong.
    pub fn is_signed_by(&self, key: &Verifier) -> bool {
        let verdicts: Vec<Verdict> = self.signatures.iter().map(|line| key.judge(&self.text, line)).collect();
        !verdicts.contains(&Verdict::Wrong) && verdicts.iter().any(|verdict| matches!(verdict, Verdict::Valid { .. }))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.signatures {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
