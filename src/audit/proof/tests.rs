#![expect(clippy::cast_possible_truncation, reason = "trees of a few leaves")]

use super::*;
use crate::audit::merkle::{self, leaf};
use crate::values::hex::hex;
use proptest::prelude::*;
use std::convert::Infallible;

struct Leaves(Vec<Hash>);

impl Nodes for Leaves {
    type Error = Infallible;

    fn perfect(&mut self, level: u32, index: u64) -> Result<Hash, Infallible> {
        let (start, end) = ((index << level) as usize, ((index + 1) << level) as usize);
        Ok(merkle::root(&self.0[start..end]))
    }
}

fn tree(size: u64) -> Leaves {
    Leaves((0..size).map(|n| leaf(&n.to_be_bytes())).collect())
}

/// The eight leaves of the RFC 6962 reference data.
fn reference() -> Leaves {
    let text = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    Leaves(text.iter().map(|hex| leaf(&bytes(hex))).collect())
}

#[test]
fn proofs_are_those_of_the_reference_data() {
    let path = |hashes: Vec<Hash>| hashes.iter().map(|hash| hex(hash)).collect::<Vec<_>>();
    let mut nodes = reference();
    assert_eq!(
        path(inclusion(&mut nodes, 5, 8).unwrap()),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        path(consistency(&mut nodes, 6, 8).unwrap()),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

#[test]
fn every_proof_of_every_small_tree_holds_and_none_other() {
    let mut nodes = tree(40);
    let roots: Vec<Hash> = (0..=40).map(|size| merkle::root(&nodes.0[..size])).collect();
    for new in 1..=40u64 {
        let new_root = roots[new as usize];
        assert_eq!(root(&mut nodes, new).unwrap(), new_root);
        for at in 0..new {
            let path = inclusion(&mut nodes, at, new).unwrap();
            for other in 0..new {
                let is = is_included(&nodes.0[other as usize], at, new, &path, &new_root);
                assert_eq!(is, other == at, "leaf {other} as {at} of {new}");
            }
            assert!(!is_included(&nodes.0[at as usize], at, new, &path, &roots[(new - 1) as usize]));
        }
        for old in 0..=new {
            let path = consistency(&mut nodes, old, new).unwrap();
            for (other, root) in roots.iter().enumerate() {
                let is = is_consistent(old, root, new, &new_root, &path);
                assert_eq!(is, other as u64 == old, "{other} as {old} of {new}");
            }
        }
    }
}

proptest! {
    #[test]
    fn a_bent_proof_proves_nothing(size in 2u64..200, index in any::<u64>(), old in any::<u64>(), bit in any::<usize>()) {
        let mut nodes = tree(size);
        let (index, old) = (index % size, 1 + old % size);
        let root = merkle::root(&nodes.0);
        let old_root = merkle::root(&nodes.0[..old as usize]);
        let mut path = inclusion(&mut nodes, index, size).unwrap();
        prop_assert!(is_included(&nodes.0[index as usize], index, size, &path, &root));
        let at = bit % path.len();
        path[at][bit % 32] ^= 1 << (bit % 8);
        prop_assert!(!is_included(&nodes.0[index as usize], index, size, &path, &root));
        let mut path = consistency(&mut nodes, old, size).unwrap();
        prop_assert!(is_consistent(old, &old_root, size, &root, &path));
        path.push(root);
        prop_assert!(!is_consistent(old, &old_root, size, &root, &path));
        path.truncate(path.len().saturating_sub(2));
        prop_assert!(old == size || !is_consistent(old, &old_root, size, &root, &path));
    }
}
