//! `pasok-solver solve` and `validate`.

use super::phases::{Phases, peak_memory_mib};
use super::{BAD_INPUT, LIMIT, limited, read};
use clap::{Args, ValueEnum};
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use pasok_solver::{Engine, Issue, Progress, SolveError, SolveOptions, Start};
use pasok_solver::{problem_sha256, solve, solve_from, validate};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Solve a problem and write the plan.
#[derive(Debug, Args)]
pub struct SolveArgs {
    /// The problem document.
    pub problem: PathBuf,
    /// Where to write the plan; standard output when absent.
    #[arg(short, long, value_name = "PLAN")]
    pub output: Option<PathBuf>,
    /// Threads; 0 is one per core. The plan does not depend on it.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// Seconds after which integer parts stop at the best plan found.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub time_limit: u64,
    /// Address space that solving may use, in MiB. Where HiGHS needs more, the flow engines answer alone.
    #[arg(long, value_name = "MIB")]
    pub memory_mib: Option<u64>,
    /// Relative gap at which integer parts may stop, in millionths.
    #[arg(long, value_name = "PPM", default_value_t = 0)]
    pub gap_ppm: u32,
    /// Which engine to use.
    #[arg(long, value_enum, default_value_t = EngineName::Auto)]
    pub engine: EngineName,
    /// Report progress on standard error.
    #[arg(long, value_enum)]
    pub progress: Option<ProgressFormat>,
    /// The plan for a similar problem, to start from: the same answer, sooner. Its own problem must list as many offers in
    /// the same order, or be named by `--warm-problem`.
    #[arg(long, value_name = "PLAN")]
    pub warm: Option<PathBuf>,
    /// The problem that the `--warm` plan belongs to.
    #[arg(long, value_name = "PROBLEM", requires = "warm")]
    pub warm_problem: Option<PathBuf>,
    /// Say on standard error what each phase took, and the most memory held so far.
    #[arg(long)]
    pub timings: bool,
    /// This process is the one under the memory limit; its parent watches it.
    #[arg(long, hide = true, requires = "memory_mib")]
    child: bool,
}

/// Names of engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// Whatever fits.
    Auto,
    /// Network flow and heuristics only.
    Flow,
    /// HiGHS for every part.
    Highs,
}

impl EngineName {
    /// As it stands on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Flow => "flow",
            Self::Highs => "highs",
        }
    }
}

/// How to report progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressFormat {
    /// One JSON object per line.
    Json,
}

/// Check a problem document without solving it.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// The problem document.
    problem: PathBuf,
}

/// Runs `solve`.
pub fn run(args: &SolveArgs) -> ExitCode {
    if let Some(mib) = args.memory_mib {
        if !args.child {
            return limited::run(args, mib);
        }
        if let Err(message) = limited::enter(mib, &args.problem) {
            eprintln!("{message}");
            return ExitCode::from(LIMIT);
        }
    }
    let mut phases = Phases::start(args.timings);
    let (bytes, problem) = match read(&args.problem, Problem::from_json) {
        Ok(read) => read,
        Err(code) => return code,
    };
    let earlier = match read_earlier(args) {
        Ok(earlier) => earlier,
        Err(code) => return code,
    };
    phases.end("problem read");
    let options = SolveOptions {
        threads: args.threads,
        time_limit: Some(Duration::from_secs(args.time_limit)),
        gap_ppm: args.gap_ppm,
        engine: match args.engine {
            EngineName::Auto => Engine::Auto,
            EngineName::Flow => Engine::Flow,
            EngineName::Highs => Engine::Highs,
        },
    };
    let mut report = |progress: Progress| {
        if let (Some(ProgressFormat::Json), Ok(line)) = (args.progress, serde_json::to_string(&progress)) {
            eprintln!("{line}");
        }
        match progress {
            Progress::Model { .. } => phases.end("validated, model built"),
            Progress::Solved { done, groups } if done == groups => phases.end("solved"),
            Progress::Certified { .. } => phases.end("plan put together and certified"),
            Progress::Solved { .. } => {}
        }
    };
    let sha256 = problem_sha256(&bytes);
    let start = earlier.as_ref().and_then(|(plan, own)| match own {
        Some(own) => Some(Start::of(own, plan)),
        None => Start::by_position(&problem, plan),
    });
    if earlier.is_some() && start.is_none() {
        eprintln!(
            "the earlier plan is for another number of offers and is not used; name its problem by --warm-problem"
        );
    }
    let solved = match &start {
        Some(start) => solve_from(&problem, &sha256, &options, start, &mut report),
        None => solve(&problem, &sha256, &options, &mut report),
    };
    match solved {
        Ok(plan) => {
            if let Err(error) = write(args, &plan.to_json()) {
                eprintln!("the plan could not be written: {error}");
                return ExitCode::from(LIMIT);
            }
            phases.finish("plan written");
            if args.progress.is_some() {
                // The last news, in the manner of `Progress`.
                eprintln!("{}", serde_json::json!({ "phase": "written", "peak_mib": peak_memory_mib() }));
            }
            ExitCode::SUCCESS
        }
        Err(SolveError::Invalid(issues)) => print(&issues),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(LIMIT)
        }
    }
}

/// The earlier plan and, where named, its problem.
fn read_earlier(args: &SolveArgs) -> Result<Option<(Plan, Option<Problem>)>, ExitCode> {
    let Some(path) = &args.warm else { return Ok(None) };
    let (_, plan) = read(path, Plan::from_json)?;
    let own = args.warm_problem.as_ref().map(|path| read(path, Problem::from_json)).transpose()?;
    Ok(Some((plan, own.map(|(_, problem)| problem))))
}

/// Runs `validate`.
pub fn run_validate(args: &ValidateArgs) -> ExitCode {
    match read(&args.problem, Problem::from_json) {
        Ok((_, problem)) => print(&validate(&problem)),
        Err(code) => code,
    }
}

fn write(args: &SolveArgs, bytes: &[u8]) -> std::io::Result<()> {
    match &args.output {
        Some(path) => std::fs::write(path, bytes),
        None => std::io::stdout().lock().write_all(bytes),
    }
}

/// Prints every issue as one JSON line on standard output.
fn print(issues: &[Issue]) -> ExitCode {
    for issue in issues {
        if let Ok(line) = serde_json::to_string(issue) {
            println!("{line}");
        }
    }
    if issues.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(BAD_INPUT) }
}
