//! `pasok-solver generate transport|sparse`: seeded instances for benchmarks, and `bench-transport`, which times the
//! engine on such a file.

use clap::{Args, Subcommand};
use pasok_solver::{
    dimacs,
    flow::transport::{self, Matrix, Problem},
    instances::{self, Transport, TransportSize},
};
use std::{path::PathBuf, process::ExitCode, time::Instant};

/// What to generate.
#[derive(Debug, Subcommand)]
pub enum GenerateCommand {
    /// A transport problem: clustered villages, log-normal stocks, a spread of prices.
    Transport(TransportArgs),
    /// A sparse minimum-cost-flow problem in the manner of NETGEN, as a DIMACS file.
    Sparse(SparseArgs),
}

/// Size and seed of a transport problem.
#[derive(Debug, Args)]
pub struct TransportArgs {
    #[arg(long)]
    demands: usize,
    #[arg(long)]
    supplies: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Total stock per total demand, in permille.
    #[arg(long, default_value_t = 1250)]
    stock_permille: i64,
    /// Write a DIMACS file instead of the binary form described in `solver/src/instances.rs`.
    #[arg(long)]
    dimacs: bool,
    /// Where to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Size and seed of a sparse problem.
#[derive(Debug, Args)]
pub struct SparseArgs {
    #[arg(long)]
    nodes: usize,
    /// Arcs per node.
    #[arg(long, default_value_t = 8)]
    degree: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Solve a binary transport problem; print objective, seconds by the wall, and re-solve times after one change.
#[derive(Debug, Args)]
pub struct BenchTransportArgs {
    file: PathBuf,
    /// Solve this many times and print the best.
    #[arg(long, default_value_t = 3)]
    repeat: usize,
}

/// Writes an instance.
pub fn run(command: &GenerateCommand) -> ExitCode {
    let (path, bytes) = match command {
        GenerateCommand::Transport(args) => {
            let TransportArgs { demands, supplies, stock_permille, seed, .. } = *args;
            let made = instances::transport(TransportSize { demands, supplies, stock_permille, seed });
            let text = || dimacs::problem_text(&made.to_network()).into_bytes();
            (&args.out, if args.dimacs { text() } else { made.to_bytes() })
        }
        GenerateCommand::Sparse(args) => {
            let network = instances::sparse(args.nodes, args.degree, args.seed);
            (&args.out, dimacs::problem_text(&network).into_bytes())
        }
    };
    match std::fs::write(path, bytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&format!("{} cannot be written: {error}", path.display())),
    }
}

/// Times the engine.
pub fn run_bench(args: &BenchTransportArgs) -> ExitCode {
    match bench(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => refuse(&message),
    }
}

fn bench(args: &BenchTransportArgs) -> Result<(), String> {
    let bytes = std::fs::read(&args.file).map_err(|error| format!("{}: {error}", args.file.display()))?;
    let made = Transport::from_bytes(&bytes).ok_or_else(|| format!("{}: not an instance", args.file.display()))?;
    drop(bytes);
    let costs = Matrix::new(&made.costs, made.stock.len());
    let problem = Problem { quantity: &made.quantity, penalty: &made.penalty, stock: &made.stock, costs: &costs };
    let mut best = f64::INFINITY;
    let mut answer = None;
    for _ in 0..args.repeat.max(1) {
        let start = Instant::now();
        let solution = transport::solve(&problem).map_err(|error| error.to_string())?;
        best = best.min(start.elapsed().as_secs_f64());
        answer = Some(solution);
    }
    let Some(earlier) = answer else { return Ok(()) };
    let start = Instant::now();
    transport::verify(&problem, &earlier).map_err(|error| error.to_string())?;
    let verified = start.elapsed().as_secs_f64();
    let mut stock = made.stock.clone();
    // One change: the supplier that delivers most withdraws.
    if let Some(most) = stock.iter_mut().max() {
        *most = 0;
    }
    let changed = Problem { stock: &stock, ..problem };
    let start = Instant::now();
    let mended = transport::solve_from(&changed, &earlier).map_err(|error| error.to_string())?;
    let resolved = start.elapsed().as_secs_f64();
    transport::verify(&changed, &mended).map_err(|error| error.to_string())?;
    println!("{} {best:.6} {verified:.6} {resolved:.6} {}", earlier.objective, earlier.pivots);
    Ok(())
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}
