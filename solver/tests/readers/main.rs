//! The fuzz targets' entries on a stable compiler: the kept corpus and the examples as they are, and altered at random.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../fuzz/entries.rs"]
mod entries;

use pasok_solver::instances::Random;
use std::path::Path;

/// Texts that readers trip over.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "1e9",
    "1.5",
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "1000000000000",
    "170141183460469231731687303715884105727",
    "NaN",
    "\u{0}",
    "é",
    "d1",
    "2",
];

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn below(random: &mut Random, count: usize) -> usize {
    usize::try_from(random.between(0, i64::try_from(count).unwrap() - 1)).unwrap()
}

/// One to three changes: a byte, a stretch of it dropped or doubled, a number or word replaced by a difficult one.
fn altered(random: &mut Random, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=below(random, 3) {
        if bytes.is_empty() {
            break;
        }
        let start = below(random, bytes.len());
        let end = (start + 1 + below(random, 40)).min(bytes.len());
        let word = WORDS[below(random, WORDS.len())].as_bytes();
        match below(random, 8) {
            0 => bytes[start] = u8::try_from(below(random, 256)).unwrap(),
            1 => drop(bytes.drain(start..end)),
            2 => {
                let stretch = bytes[start..end].to_vec();
                bytes.splice(start..start, stretch);
            }
            3 => drop(bytes.splice(start..start, word.iter().copied())),
            _ => {
                // The next number from here on.
                let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
                let Some(from) = bytes[start..].iter().position(is_digit).map(|at| start + at) else { continue };
                let length = bytes[from..].iter().take_while(|byte| is_digit(byte)).count();
                let near = std::str::from_utf8(&bytes[from..from + length]).ok().and_then(|text| text.parse().ok());
                let near = near.map(|number: i128| number.saturating_add(random.between(-2, 2).into()).to_string());
                let new = near.filter(|_| below(random, 2) == 0).map_or(word.to_vec(), String::into_bytes);
                bytes.splice(from..from + length, new);
            }
        }
    }
    bytes
}

/// Every file as it is, then each of them altered `times` times.
fn replay(entry: fn(&[u8]), files: &[Vec<u8>], times: usize) {
    assert!(files.len() >= 3, "only {} files", files.len());
    files.iter().for_each(|file| entry(file));
    let mut random = Random::new(1);
    for file in files {
        for _ in 0..times {
            let bytes = altered(&mut random, file);
            let outcome = std::panic::catch_unwind(|| entry(&bytes));
            assert!(outcome.is_ok(), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn problems_of_any_bytes_are_refused_or_solved() {
    replay(entries::problem, &[files("fuzz/corpus/problem"), files("examples")].concat(), 120);
}

#[test]
fn plans_of_any_bytes_are_refused_or_hold() {
    replay(entries::plan, &files("fuzz/corpus/plan"), 3_000);
}

#[test]
fn networks_of_any_bytes_are_refused_or_proved() {
    replay(entries::dimacs, &files("fuzz/corpus/dimacs"), 20_000);
}

#[test]
fn noise_is_refused() {
    let mut random = Random::new(2);
    for _ in 0..3_000 {
        let noise: Vec<u8> =
            (0..below(&mut random, 200)).map(|_| u8::try_from(below(&mut random, 256)).unwrap()).collect();
        [entries::problem, entries::plan, entries::dimacs].iter().for_each(|entry| entry(&noise));
    }
}
