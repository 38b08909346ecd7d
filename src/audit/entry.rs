//! What a leaf of the log is made of, and how row hashes are. Pure; `docs/record.md` states it for other verifiers.

use super::merkle::{self, Hash};
use crate::values::hex::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Tag of a commitment to an entry's texts; leaves and nodes have 0 and 1.
const COMMITMENT: u8 = 2;
/// Tag of the hash of a row.
const ROW: u8 = 3;

/// A random salt.
pub type Salt = [u8; 16];

/// The content of a leaf: who did what to which record, and a commitment to the texts. Nothing here names a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leaf<'a> {
    /// Format of this leaf.
    pub v: u8,
    /// The entry.
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// The person, by number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<i64>,
    /// The organisation acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<i64>,
    /// The market.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub market: Option<i64>,
    /// The kind of record.
    pub subject: &'a str,
    /// The record.
    pub subject_id: i64,
    /// What happened.
    pub event: &'a str,
    /// [`commitment`] in hexadecimal.
    pub commitment: &'a str,
}

impl Leaf<'_> {
    /// The leaf's bytes: JSON without spaces, keys in the order above, those without a value left out.
    pub fn bytes(&self) -> Vec<u8> {
        // A struct of numbers and strings always serialises.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The leaf's hash in the tree.
    pub fn hash(&self) -> Hash {
        merkle::leaf(&self.bytes())
    }
}

/// SHA-256(0x02 ‖ salt ‖ each text after its length in 8 bytes, big end first), in hexadecimal.
pub fn commitment(salt: &Salt, texts: [&str; 3]) -> String {
    let mut sha = Sha256::new_with_prefix([COMMITMENT]).chain_update(salt);
    for text in texts {
        sha.update((text.len() as u64).to_be_bytes());
        sha.update(text);
    }
    hex(&sha.finalize())
}

/// SHA-256(0x03 ‖ salt, if the table is about people ‖ table ‖ newline ‖ row as text).
pub fn row_hash(salt: Option<&Salt>, table: &str, row: &str) -> Hash {
    let mut sha = Sha256::new_with_prefix([ROW]);
    sha.update(salt.map_or(&[][..], |salt| &salt[..]));
    sha.chain_update(table).chain_update("\n").chain_update(row).finalize().into()
}

/// The text of a row's key: its columns, parted by a unit separator; a key's own control characters are escaped.
pub fn key_text<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (number, column) in columns.into_iter().enumerate() {
        if number > 0 {
            text.push('\u{1f}');
        }
        for letter in column.chars() {
            match letter {
                '\\' => text.push_str("\\\\"),
                control if control.is_ascii_control() => text.extend(control.escape_default()),
                plain => text.push(plain),
            }
        }
    }
    text
}

/// A salt from its hexadecimal text.
pub fn parse_salt(text: &str) -> Option<Salt> {
    parse_hex(text)
}

/// A hash from its hexadecimal text.
pub fn parse_hash(text: &str) -> Option<Hash> {
    parse_hex(text)
}

fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_has_one_text_and_leaves_out_what_is_not_there() {
        let mut leaf = Leaf {
            v: 1,
            id: 7,
            at: 1_767_574_800_000_000,
            member: None,
            organisation: Some(3),
            market: None,
            subject: "offers",
            subject_id: 9,
            event: "posted",
            commitment: "ab",
        };
        let text = r#"{"v":1,"id":7,"at":1767574800000000,"organisation":3,"subject":"offers","subject_id":9,"event":"posted","commitment":"ab"}"#;
        assert_eq!(String::from_utf8(leaf.bytes()).unwrap(), text);
        let before = leaf.hash();
        leaf.market = Some(1);
        assert_ne!(leaf.hash(), before);
    }

    #[test]
    fn texts_cannot_be_shifted_between_their_fields() {
        let salt = [7; 16];
        assert_ne!(commitment(&salt, ["ab", "c", ""]), commitment(&salt, ["a", "bc", ""]));
        assert_ne!(commitment(&salt, ["", "", ""]), commitment(&[8; 16], ["", "", ""]));
    }

    #[test]
    fn keys_are_told_apart_whatever_they_hold() {
        let keys =
            [vec!["a/b", "c"], vec!["a", "b/c"], vec!["a\u{1f}b", "c"], vec!["a", "b\u{1f}c"], vec!["a\\u{1f}b", "c"]];
        let texts: std::collections::BTreeSet<String> = keys.iter().map(|key| key_text(key.iter().copied())).collect();
        assert_eq!(texts.len(), keys.len());
        assert!(texts.iter().all(|text| !text.contains(['\n', '\t'])));
    }

    #[test]
    fn hexadecimal_is_read_back_and_nothing_else() {
        assert_eq!(parse_salt(&hex(&[0xab; 16])), Some([0xab; 16]));
        for wrong in ["", "ab", &"AB".repeat(16), &"+1".repeat(16), &"ab".repeat(17)] {
            assert_eq!(parse_salt(wrong), None, "{wrong}");
        }
    }
}
