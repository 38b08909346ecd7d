//! Limits of memory, time and threads: the best plan with its gap, or exit code 3 with words; never an abort.

use crate::{Said, example, folder, path, run};
use pasok_solver::check::check;
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Problem, problem_sha256};
use serde_json::Value;

fn approved(file: &str, said: &Said) -> Plan {
    let bytes = std::fs::read(file).unwrap();
    let (problem, plan) = (Problem::from_json(&bytes).unwrap(), Plan::from_json(said.out.as_bytes()).unwrap());
    let report = check(&problem, &problem_sha256(&bytes), &plan);
    assert!(report.is_clean(), "{:?}", report.violations);
    plan
}

/// Whatever the limit: a plan that holds, or words; and at the upper end a plan that is as good as without a limit.
#[test]
fn memory_that_is_too_little_ends_in_words() {
    let file = example("drop_fee.json").to_str().unwrap().to_owned();
    let free = approved(&file, &run(&["solve", &file]));
    let (mut planned, mut refused, mut without_highs) = (0, 0, 0);
    for mib in [1, 4, 8, 12, 16, 20, 24, 26, 28, 30, 32, 36, 40, 50, 2_000] {
        let said = run(&["solve", &file, "--memory-mib", &mib.to_string(), "--threads", "1"]);
        match said.code {
            Some(0) => {
                let plan = approved(&file, &said);
                without_highs += usize::from(said.err.contains("without it"));
                assert!(mib < 2_000 || plan.totals == free.totals);
                planned += 1;
            }
            Some(3) => {
                assert!(said.out.is_empty() && !said.err.trim().is_empty(), "{mib} MiB: {said:?}");
                refused += 1;
            }
            _ => panic!("{mib} MiB: {said:?}"),
        }
    }
    assert!(planned > 0 && refused > 0, "{planned} plans, {refused} refusals, {without_highs} plans without HiGHS");
}

#[test]
fn ten_million_pairs_on_a_small_limit_are_refused_or_solved() {
    let folder = folder(&[]);
    let file = path(&folder, "problem.json");
    let words = ["generate", "problem", "--buyers", "5000", "--suppliers", "2000", "--commodities", "1", "-o", &file];
    run(&words).expect(0, &[]);
    let small = run(&["solve", &file, "--memory-mib", "40", "--threads", "1"]);
    assert!(matches!(small.code, Some(0 | 3)), "{small:?}");
    assert!(small.code == Some(0) || small.err.contains("memory"), "{}", small.err);
    let large = run(&["solve", &file, "--memory-mib", "1500", "--threads", "1"]).expect(0, &[]);
    assert_eq!(approved(&file, &large).certificate.gap, 0);
}

/// A week of a city with fees, in no time at all: still a plan that holds, with its gap beside it.
#[test]
fn no_time_at_all_still_gives_a_plan_with_its_gap() {
    let folder = folder(&[]);
    let file = path(&folder, "problem.json");
    let words = ["generate", "problem", "--buyers", "12", "--suppliers", "6", "--commodities", "3", "--mixed-packs"];
    run(&[&words[..], &["--drop-fees", "--minimums", "--tiers", "-o", &file]].concat()).expect(0, &[]);
    for limit in ["0", "1"] {
        let plan = approved(&file, &run(&["solve", &file, "--time-limit", limit]).expect(0, &[]));
        assert!(!plan.lines.is_empty() && plan.certificate.bound <= plan.totals.objective);
    }
}

#[test]
fn limits_without_end_are_no_limits() {
    let file = example("drop_fee.json").to_str().unwrap().to_owned();
    let most = u64::MAX.to_string();
    approved(&file, &run(&["solve", &file, "--time-limit", &most, "--threads", "2"]).expect(0, &[]));
    approved(&file, &run(&["solve", &file, "--memory-mib", &most, "--time-limit", &most]).expect(0, &[]));
}

/// The solving process must not outlive the one that was started, or a caller that gives up would leave it running.
#[test]
fn the_solving_process_goes_with_its_parent() {
    let folder = folder(&[]);
    let file = path(&folder, "problem.json");
    let words = ["generate", "problem", "--buyers", "40", "--suppliers", "20", "--commodities", "12", "--mixed-packs"];
    run(&[&words[..], &["--drop-fees", "--minimums", "--tiers", "-o", &file]].concat()).expect(0, &[]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pasok-solver"));
    command.args(["solve", &file, "--memory-mib", "4000", "--time-limit", "600", "--progress", "json"]);
    let mut parent = command.stdin(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut said = std::io::BufReader::new(parent.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["phase"], "model");
    parent.kill().unwrap();
    parent.wait().unwrap();
    // Only once nobody holds the pipe any more does it end.
    std::io::Read::read_to_string(&mut said, &mut line).unwrap();
    assert!(!line.contains("certified"), "{line}");
}
