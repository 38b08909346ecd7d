//! `pasok-solver generate transport|sparse`: seeded instances for benchmarks; `pasok-solver bench`: times the dense
//! engine on one of them.

use clap::{Args, ValueEnum};
use pasok_solver::{
    dimacs,
    flow::transport::{self, Matrix, Problem},
    instances::{self, Transport, TransportSize},
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

/// Size and seed of a transport problem.
#[derive(Debug, Args)]
pub struct TransportArgs {
    /// Number of demands.
    #[arg(long, value_parser = super::size)]
    demands: usize,
    /// Number of supplies.
    #[arg(long, value_parser = super::size)]
    supplies: usize,
    /// Names the instance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Total stock per total demand, in permille.
    #[arg(long, default_value_t = 1250, value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
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
    /// What kind of network.
    #[arg(long, value_enum, default_value_t = Kind::Random)]
    kind: Kind,
    /// Number of nodes.
    #[arg(long, value_parser = super::size)]
    nodes: usize,
    /// Arcs per node.
    #[arg(long, default_value_t = 8, value_parser = super::size)]
    degree: usize,
    /// Names the instance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Kinds of sparse networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Random arcs between random nodes, in the manner of NETGEN.
    Random,
    /// A grid on a torus, in the manner of GOTO: hard for simplex methods.
    Torus,
}

/// Solve a transport problem made by `generate transport`; print the objective, seconds to solve by the clock
/// and by the processor, processor seconds to verify the certificate and to re-solve after the largest supplier
/// withdraws, and pivots.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// The instance, in the binary form.
    file: PathBuf,
    /// Solve this many times and print the best.
    #[arg(long, default_value_t = 3, value_parser = super::size)]
    repeat: usize,
}

/// Writes a transport problem.
pub fn run_transport(args: &TransportArgs) -> ExitCode {
    let TransportArgs { demands, supplies, stock_permille, seed, .. } = *args;
    if let Err(code) = super::refuse_above(1_000_000_000, "pairs", [demands, supplies]) {
        return code;
    }
    let made = instances::transport(TransportSize { demands, supplies, stock_permille, seed });
    let text = || dimacs::problem_text(&made.to_network()).into_bytes();
    write(&args.out, &if args.dimacs { text() } else { made.to_bytes() })
}

/// Writes a sparse problem.
pub fn run_sparse(args: &SparseArgs) -> ExitCode {
    if let Err(code) = super::refuse_above(100_000_000, "arcs", [args.nodes, args.degree]) {
        return code;
    }
    let network = match args.kind {
        Kind::Random => instances::sparse(args.nodes, args.degree, args.seed),
        Kind::Torus => instances::torus(args.nodes, args.degree, args.seed),
    };
    write(&args.out, dimacs::problem_text(&network).as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> ExitCode {
    match std::fs::write(path, bytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&format!("{} cannot be written: {error}", path.display())),
    }
}

/// Times the engine.
pub fn run_bench(args: &BenchArgs) -> ExitCode {
    match bench(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => refuse(&message),
    }
}

fn bench(args: &BenchArgs) -> Result<(), String> {
    let file = std::fs::File::open(&args.file).map_err(|error| format!("{}: {error}", args.file.display()))?;
    let made = Transport::read(std::io::BufReader::with_capacity(1 << 20, file))
        .ok_or_else(|| format!("{}: not an instance", args.file.display()))?;
    let costs = Matrix::new(&made.costs, made.stock.len());
    let problem = Problem { quantity: &made.quantity, penalty: &made.penalty, stock: &made.stock, costs: &costs };
    let (mut best, mut least_cpu) = (f64::INFINITY, f64::INFINITY);
    let mut answer = None;
    for _ in 0..args.repeat.max(1) {
        let (start, cpu) = (Instant::now(), processor_seconds());
        let solution = transport::solve(&problem).map_err(|error| error.to_string())?;
        best = best.min(start.elapsed().as_secs_f64());
        least_cpu = least_cpu.min(processor_seconds() - cpu);
        answer = Some(solution);
    }
    let Some(earlier) = answer else { return Ok(()) };
    let cpu = processor_seconds();
    transport::verify(&problem, &earlier).map_err(|error| error.to_string())?;
    let verified = processor_seconds() - cpu;
    let mut stock = made.stock.clone();
    // One change: the supplier that has most withdraws.
    if let Some(most) = stock.iter_mut().max() {
        *most = 0;
    }
    let changed = Problem { stock: &stock, ..problem };
    let cpu = processor_seconds();
    let mended = transport::solve_from(&changed, &earlier).map_err(|error| error.to_string())?;
    let resolved = processor_seconds() - cpu;
    transport::verify(&changed, &mended).map_err(|error| error.to_string())?;
    println!("{} {best:.6} {least_cpu:.6} {verified:.6} {resolved:.6} {}", earlier.objective, earlier.pivots);
    Ok(())
}

/// Processor time of this thread so far, which other programs on the machine do not distort; 0 where the system does
/// not tell.
pub fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
    std::time::Duration::from_nanos(nanoseconds).as_secs_f64()
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(super::BAD_INPUT)
}
