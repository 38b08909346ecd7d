//! `generate` and `bench`: the same bytes for the same seed, and sizes beyond reason refused.

use crate::{folder, path, run};
use pasok_solver::problem::Problem;
use pasok_solver::validate;

#[test]
fn a_seed_names_a_problem() {
    let words = ["generate", "problem", "--buyers", "4", "--suppliers", "3", "--commodities", "2", "--tiers", "--seed"];
    let made = |seed: &'static str| run(&[&words[..], &[seed]].concat()).expect(0, &[]).out;
    assert_eq!(made("7"), made("7"));
    assert_ne!(made("7"), made("8"));
    assert_eq!(validate(&Problem::from_json(made("7").as_bytes()).unwrap()), []);
}

#[test]
fn transport_instances_are_timed_and_agree_with_mcf() {
    let folder = folder(&[]);
    let (binary, text) = (path(&folder, "t.bin"), path(&folder, "t.min"));
    let words = ["generate", "transport", "--demands", "60", "--supplies", "9", "--seed", "5", "--out"];
    run(&[&words[..], &[&binary]].concat()).expect(0, &[]);
    run(&[&words[..], &[&text, "--dimacs"]].concat()).expect(0, &[]);
    let timed = run(&["bench", &binary, "--repeat", "1"]).expect(0, &[]).out;
    let dense = timed.split(' ').next().unwrap().to_owned();
    assert_eq!(timed.split(' ').count(), 6, "{timed}");
    assert_eq!(run(&["mcf", &text]).expect(0, &[]).out, format!("objective {dense}\n"));
}

#[test]
fn sizes_beyond_reason_are_refused() {
    let folder = folder(&[]);
    let out = path(&folder, "out");
    for words in [
        vec!["generate", "problem", "--buyers", "1000000", "--commodities", "1000"],
        vec!["generate", "problem", "--suppliers", "1000000", "--commodities", "1000"],
        vec!["generate", "transport", "--demands", "1000000", "--supplies", "1000000", "--out", &out],
        vec!["generate", "sparse", "--nodes", "1000000", "--degree", "1000000", "--out", &out],
    ] {
        run(&words).expect(3, &["more than this machine"]);
    }
    let words = ["generate", "problem", "--buyers", "0", "--suppliers", "0", "--commodities", "0"];
    assert!(run(&words).expect(0, &[]).out.contains("\"demands\":[]"));
    run(&["generate", "sparse", "--nodes", "0", "--out", &out]).expect(0, &[]);
    run(&["generate", "transport", "--demands", "0", "--supplies", "0", "--out", &out]).expect(0, &[]);
    run(&["bench", &out]).expect(0, &[]);
    run(&["generate", "sparse", "--nodes", "3", "--out", "/nowhere/x"]).expect(2, &["cannot be written"]);
}

#[test]
fn an_instance_that_promises_more_than_it_has_is_refused() {
    let folder = folder(&[]);
    let file = path(&folder, "short.bin");
    std::fs::write(&file, [b"PSKT".as_slice(), &[255; 8], &[0; 64]].concat()).unwrap();
    run(&["bench", &file]).expect(2, &["not an instance"]);
}
