//! Why an offer did not win: the solver's `explain` as a child process, with a limit on its solves and its time.
//!
//! The answer is about the offer asked for and holds nobody else's price.

use super::super::errors::RoundError;
use super::super::types::{Snapshot, StoredPlan};
use super::Failure;
use crate::config::Config;
use crate::error::AppError;
use serde::Deserialize;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Most problems that are solved for one offer.
const MOST_SOLVES: usize = 60;
/// Seconds for the integer parts of each.
const SOLVE_S: u64 = 10;
/// Longest that one offer may take.
const LONGEST: Duration = Duration::from_mins(2);
/// Longest answer that is read, in bytes.
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;
const POLL: Duration = Duration::from_millis(10);
/// Exit code when the limit on solves cut the answer short: what was found holds all the same.
const CUT_SHORT: i32 = 3;
/// Exit code when pins clash.
const PINS_CLASH: i32 = 1;

/// What the solver says about a losing offer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OfferChance {
    /// The offer.
    pub offer: String,
    /// The highest price at which it would win something, in ticks per base unit; `None` when it would not even for nothing.
    pub wins_at: Option<i64>,
    /// Why it may not serve demands: reason and number of demands.
    pub barred: Vec<(String, usize)>,
    /// How many demands it may serve as far as everything but price and stock goes.
    pub open_demands: usize,
}

#[derive(Deserialize)]
struct Answer {
    offers: Vec<OfferChance>,
}

/// What would have made each of the offers win, in their order; `None` where the limits left no answer. Blocks.
pub fn chances(
    config: &Config,
    snapshot: &Snapshot,
    plan: &StoredPlan,
    offers: &[i64],
) -> Result<Vec<Option<OfferChance>>, AppError> {
    let missing = |error: std::io::Error| Failure::new(RoundError::SolverMissing, error.to_string());
    // Only this user may look inside: the problem holds everybody's prices.
    let folder = tempfile::Builder::new().prefix("pasok-explain-").tempdir().map_err(missing)?;
    let (problem, solved) = (folder.path().join("problem.json"), folder.path().join("plan.json"));
    std::fs::write(&problem, &snapshot.text).map_err(missing)?;
    std::fs::write(&solved, &plan.text).map_err(missing)?;
    let mut found = Vec::with_capacity(offers.len());
    for offer in offers {
        let mut command = Command::new(&config.solver);
        command
            .arg("explain")
            .args([&problem, &solved])
            .args(["--json", "--offer", &offer.to_string()])
            .args(["--max-solves", &MOST_SOLVES.to_string(), "--time-limit", &SOLVE_S.to_string()])
            .args(["--threads", &config.solve_threads.to_string()]);
        found.push(run(command, &[0, CUT_SHORT])?.and_then(|text| read(&text, *offer)));
    }
    Ok(found)
}

fn read(text: &str, offer: i64) -> Option<OfferChance> {
    let answer: Answer = serde_json::from_str(text).ok()?;
    answer.offers.into_iter().find(|chance| chance.offer == offer.to_string())
}

/// Pins of a problem that cannot hold together: for each clash their places in the problem, counted from 0. Empty where they
/// can, or where the limits left no answer. Blocks.
pub fn clashes(config: &Config, problem: &str) -> Result<Vec<Vec<usize>>, AppError> {
    let missing = |error: std::io::Error| Failure::new(RoundError::SolverMissing, error.to_string());
    let folder = tempfile::Builder::new().prefix("pasok-explain-").tempdir().map_err(missing)?;
    let file = folder.path().join("problem.json");
    std::fs::write(&file, problem).map_err(missing)?;
    let mut command = Command::new(&config.solver);
    command
        .arg("explain")
        .arg(&file)
        .args(["--json", "--max-solves", &MOST_SOLVES.to_string(), "--time-limit", &SOLVE_S.to_string()])
        .args(["--threads", &config.solve_threads.to_string()]);
    let answer = run(command, &[PINS_CLASH])?;
    let clashes: Vec<Clash> = answer.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(clashes.into_iter().map(|clash| clash.pins).collect())
}

#[derive(Deserialize)]
struct Clash {
    pins: Vec<usize>,
}

/// What the child wrote; `None` if it ran past its time or ended with a code that is not among the `good` ones.
fn run(mut command: Command, good: &[i32]) -> Result<Option<String>, Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).env_clear();
    let spawned = command.spawn();
    let mut child = spawned.map_err(|error| Failure::new(RoundError::SolverMissing, error.to_string()))?;
    let output = child.stdout.take();
    // Read beside, so that a long answer cannot fill the pipe and stop the child.
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        output.map(|output| output.take(LONGEST_ANSWER).read_to_string(&mut text));
        text
    });
    let deadline = Instant::now() + LONGEST;
    let is_done = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.code().is_some_and(|code| good.contains(&code)),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(POLL),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                break false;
            }
        }
    };
    Ok(reader.join().ok().filter(|_| is_done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_offer_asked_for_is_read() {
        let text = r#"{"lines":[],"shortages":[],"offers":[{"offer":"7","price":5,"wins_at":3,"quantity":10,"barred":[["out_of_radius",2]],"open_demands":1}],"solves":1}"#;
        let chance = read(text, 7).unwrap();
        assert_eq!((chance.wins_at, chance.open_demands), (Some(3), 1));
        assert_eq!(chance.barred, [("out_of_radius".to_owned(), 2)]);
        assert_eq!(read(text, 8), None);
        assert_eq!(read("garbage", 7), None);
    }
}
