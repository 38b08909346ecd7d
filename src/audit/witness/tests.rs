#![expect(clippy::cast_possible_truncation, reason = "trees of a few leaves")]

use super::*;
use crate::audit::merkle::{self, Hash, leaf};
use crate::audit::note::{Kind, Verdict};
use crate::audit::proof::Nodes;
use std::convert::Infallible;

struct Leaves(Vec<Hash>);

impl Nodes for Leaves {
    type Error = Infallible;

    fn perfect(&mut self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(merkle::root(&self.0[(index << level) as usize..((index + 1) << level) as usize]))
    }
}

fn request(log: &Signer, leaves: &[Hash], old: u64) -> String {
    let size = leaves.len() as u64;
    let head = Checkpoint { origin: log.name().to_owned(), size, root: merkle::root(leaves) };
    let path = proof::consistency(&mut Leaves(leaves.to_vec()), old, size).unwrap();
    WitnessRequest { old, path, note: head.signed(log).to_string() }.to_string()
}

#[test]
fn only_a_head_that_continues_the_last_one_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("w.json");
    let log = Signer::new("example.com/log", Kind::Plain, [1; 32]);
    let signer = Signer::new("witness.example/w", Kind::Cosignature, [2; 32]);
    let leaves: Vec<Hash> = (0u8..20).map(|n| leaf(&[n])).collect();
    let sign = |text: &str| Witness::open(&state).unwrap().cosign(&signer, text, 1_700_000_000).unwrap();

    assert_eq!(sign("old 0\n"), Err(Refusal::NotARequest));
    assert_eq!(sign(&request(&log, &leaves[..5], 0)), Err(Refusal::UnknownLog("example.com/log".into())));
    Witness::open(&state).unwrap().watch(&log.verifier()).unwrap();
    let first = sign(&request(&log, &leaves[..5], 0)).unwrap();
    let text = Checkpoint { origin: log.name().to_owned(), size: 5, root: merkle::root(&leaves[..5]) }.to_string();
    assert_eq!(signer.verifier().judge(&text, &first), Verdict::Valid { time: 1_700_000_000 });

    // Signed by another key of the same name.
    let forged = Signer::new("example.com/log", Kind::Plain, [3; 32]);
    assert_eq!(sign(&request(&forged, &leaves[..9], 5)), Err(Refusal::NotSigned));
    // A proof that starts elsewhere, a past that was changed, a log that lost its end.
    assert_eq!(sign(&request(&log, &leaves[..9], 3)), Err(Refusal::OtherStart { stated: 3, last: 5 }));
    let mut changed = leaves.clone();
    changed[2] = leaf(b"changed");
    assert_eq!(sign(&request(&log, &changed, 5)), Err(Refusal::NotConsistent(5)));
    assert_eq!(sign(&request(&log, &leaves[..4], 0)), Err(Refusal::OtherStart { stated: 0, last: 5 }));
    // The same head again, then the next one.
    assert!(sign(&request(&log, &leaves[..5], 5)).is_ok());
    assert!(sign(&request(&log, &leaves, 5)).is_ok());
    // Watching again does not forget.
    Witness::open(&state).unwrap().watch(&log.verifier()).unwrap();
    assert_eq!(sign(&request(&log, &leaves, 5)), Err(Refusal::OtherStart { stated: 5, last: 20 }));
}
