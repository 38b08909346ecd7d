//! `pasok-solver check`: the independent referee.

use super::{BAD_INPUT, FAILED, read};
use clap::Args;
use pasok_solver::check::check;
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Problem, problem_sha256};
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a plan against its problem: every line, every number, and the proof.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The problem document.
    problem: PathBuf,
    /// The plan document.
    plan: PathBuf,
}

/// Runs the command: violations as JSON lines on standard output, a summary on standard error.
pub fn run(args: &CheckArgs) -> ExitCode {
    let documents = read(&args.problem, Problem::from_json).and_then(|p| Ok((p, read(&args.plan, Plan::from_json)?)));
    let ((bytes, problem), (_, plan)) = match documents {
        Ok(documents) => documents,
        Err(code) => return code,
    };
    let issues = pasok_solver::validate(&problem);
    if !issues.is_empty() {
        eprintln!(
            "the problem itself has {} errors; see `pasok-solver validate`",
            issues.len()
        );
        return ExitCode::from(BAD_INPUT);
    }
    let report = check(&problem, &problem_sha256(&bytes), &plan);
    for violation in &report.violations {
        if let Ok(line) = serde_json::to_string(violation) {
            println!("{line}");
        }
    }
    if report.violations.is_empty() {
        eprintln!("the plan holds; gap {} ticks", plan.certificate.gap);
        return ExitCode::SUCCESS;
    }
    eprintln!("the plan breaks {} rules", report.violations.len());
    ExitCode::from(FAILED)
}
