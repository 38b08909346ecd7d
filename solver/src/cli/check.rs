//! `pasok-solver check`: the independent referee.

use super::phases::Phases;
use super::{BAD_INPUT, FAILED, read};
use clap::Args;
use pasok_solver::check::{PersonPlan, Violation, check, check_person};
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
    /// The plan was made by a person: only its lines are read, and each violated term is listed with its amounts.
    #[arg(long)]
    plan_mode: bool,
    /// With `--plan-mode`: a plan to compare the cost with.
    #[arg(long, value_name = "PLAN", requires = "plan_mode")]
    reference: Option<PathBuf>,
    /// Say on standard error what each phase took, and the most memory held so far.
    #[arg(long)]
    timings: bool,
}

/// Runs the command: violations as JSON lines on standard output, a summary on standard error.
pub fn run(args: &CheckArgs) -> ExitCode {
    let mut phases = Phases::start(args.timings);
    let (bytes, problem) = match read(&args.problem, Problem::from_json) {
        Ok(document) => document,
        Err(code) => return code,
    };
    phases.end("problem read");
    let issues = pasok_solver::validate(&problem);
    if !issues.is_empty() {
        eprintln!("the problem itself has {} errors; see `pasok-solver validate`", issues.len());
        return ExitCode::from(BAD_INPUT);
    }
    phases.end("problem validated");
    let outcome =
        if args.plan_mode { judge_person(args, &problem, &bytes) } else { judge_plan(args, &problem, &bytes) };
    phases.finish("plan read and judged");
    outcome.unwrap_or_else(|code| code)
}

fn judge_plan(args: &CheckArgs, problem: &Problem, bytes: &[u8]) -> Result<ExitCode, ExitCode> {
    let (_, plan) = read(&args.plan, Plan::from_json)?;
    let report = check(problem, &problem_sha256(bytes), &plan);
    list(&report.violations);
    if report.is_clean() {
        eprintln!("the plan holds; gap {} ticks", plan.certificate.gap);
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("the plan is refused: {} violations", report.violations.len() + report.unlisted);
    Ok(ExitCode::from(FAILED))
}

fn judge_person(args: &CheckArgs, problem: &Problem, bytes: &[u8]) -> Result<ExitCode, ExitCode> {
    let (_, person) = read(&args.plan, PersonPlan::from_json)?;
    let reference = args.reference.as_ref().map(|path| read(path, Plan::from_json)).transpose()?;
    let reference = reference.as_ref().map(|(_, plan)| plan);
    let report = check_person(problem, &problem_sha256(bytes), &person.lines, reference);
    list(&report.violations);
    if let Ok(text) = serde_json::to_string(&serde_json::json!({"totals": report.totals, "extra": report.extra})) {
        println!("{text}");
    }
    eprintln!("{} violations in {} lines", report.violations.len(), person.lines.len());
    Ok(if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn list(violations: &[Violation]) {
    for violation in violations {
        if let Ok(line) = serde_json::to_string(violation) {
            println!("{line}");
        }
    }
}
