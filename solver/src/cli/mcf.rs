//! `pasok-solver mcf`: minimum-cost flow on a DIMACS file.
//!
//! Exit codes: 0 solved, 1 infeasible or unbounded, 2 the file is malformed or cannot be read or written.

use clap::Args;
use pasok_solver::{
    dimacs,
    flow::mcf::{self, Outcome},
};
use std::{fs::File, io::BufReader, path::PathBuf, process::ExitCode};

/// Solve a DIMACS minimum-cost-flow file and print `objective N`.
#[derive(Debug, Args)]
pub struct McfArgs {
    /// The file (`p min`, `n`, `a` lines).
    file: PathBuf,
    /// Also write the flow as a DIMACS solution (`s`, `f` lines).
    #[arg(long, value_name = "OUT")]
    solution: Option<PathBuf>,
    /// Print the seconds spent in the engine, by the clock and by the processor, to stderr.
    #[arg(long)]
    time: bool,
}

/// Runs the command.
pub fn run(args: &McfArgs) -> ExitCode {
    match solve(args) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{}: {message}", args.file.display());
            ExitCode::from(2)
        }
    }
}

fn solve(args: &McfArgs) -> Result<ExitCode, String> {
    let file = File::open(&args.file).map_err(|error| format!("cannot be read: {error}"))?;
    let network = dimacs::read(BufReader::with_capacity(1 << 20, file)).map_err(|error| error.to_string())?;
    let (start, cpu) = (std::time::Instant::now(), super::generate_transport::processor_seconds());
    let outcome = mcf::solve(&network).map_err(|error| error.to_string())?;
    if args.time {
        let cpu = super::generate_transport::processor_seconds() - cpu;
        eprintln!("seconds {:.6} {cpu:.6}", start.elapsed().as_secs_f64());
    }
    let solution = match outcome {
        Outcome::Optimal(solution) => solution,
        Outcome::Infeasible => return Ok(refuse("infeasible: no flow meets all supplies and bounds")),
        Outcome::Unbounded => return Ok(refuse("unbounded: a cycle of negative cost has no capacity limit")),
    };
    if let Some(path) = &args.solution {
        let text = dimacs::solution_text(&network, &solution.flow, solution.objective);
        std::fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    println!("objective {}", solution.objective);
    Ok(ExitCode::SUCCESS)
}

fn refuse(word: &str) -> ExitCode {
    eprintln!("{word}");
    ExitCode::from(1)
}
