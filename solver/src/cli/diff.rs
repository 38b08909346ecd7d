//! `pasok-solver diff`: what changes between two plans of one problem.

use super::{BAD_INPUT, FAILED, read};
use clap::Args;
use pasok_solver::compare::{Change, Difference, compare};
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Problem, TICKS_PER_RUPIAH};
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare two plans of one problem: lines, shortages and cost.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The problem document.
    problem: PathBuf,
    /// The first plan.
    before: PathBuf,
    /// The second plan.
    after: PathBuf,
    /// Write one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command: exit code 0 when the plans are the same, 1 when they differ.
pub fn run(args: &DiffArgs) -> ExitCode {
    let documents = read(&args.problem, Problem::from_json)
        .and_then(|problem| Ok((problem, read(&args.before, Plan::from_json)?, read(&args.after, Plan::from_json)?)));
    let ((_, problem), (_, before), (_, after)) = match documents {
        Ok(documents) => documents,
        Err(code) => return code,
    };
    if before.problem_sha256 != after.problem_sha256 {
        eprintln!("the plans are for different problems");
        return ExitCode::from(BAD_INPUT);
    }
    let found = compare(&problem, &before, &after);
    if args.json {
        if let Ok(text) = serde_json::to_string(&found) {
            println!("{text}");
        }
    } else {
        print(&found);
    }
    if found.lines.is_empty() && found.shortages.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

fn print(found: &Difference) {
    for line in &found.lines {
        let sign = match line.change {
            Change::Added => '+',
            Change::Removed => '-',
            Change::Changed => '~',
        };
        println!(
            "{sign} {} <- {} day {}: {} -> {} ({:+} rupiah)",
            line.demand,
            line.offer,
            line.day,
            line.quantity_before,
            line.quantity_after,
            rupiah(line.cost)
        );
    }
    for shortage in &found.shortages {
        println!("! {} short: {} -> {}", shortage.demand, shortage.before, shortage.after);
    }
    let cost = &found.cost;
    println!(
        "{} lines differ, {} are the same; goods {:+}, freight {:+}, fees {:+}, penalties {:+}, shortage {:+} rupiah",
        found.lines.len(),
        found.unchanged,
        rupiah(cost.goods),
        rupiah(cost.freight),
        rupiah(cost.fees),
        rupiah(cost.penalties),
        rupiah(cost.shortage)
    );
}

/// Whole rupiah, towards zero: the exact ticks are in the JSON output.
fn rupiah(ticks: i128) -> i128 {
    ticks / i128::from(TICKS_PER_RUPIAH)
}
