//! `pasok-solver generate`: seeded problems for tests and benchmarks.

use super::LIMIT;
use clap::{Args, Subcommand};
use pasok_solver::generate::{PackagesSize, Size, Terms, packages, problem};
use pasok_solver::problem::Problem;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Most demands, and most offers, of a document.
const MOST_RECORDS: usize = 10_000_000;

/// Make a problem document.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    #[command(subcommand)]
    what: What,
}

/// What to make.
#[derive(Debug, Subcommand)]
enum What {
    /// A market's week: clustered buyers and suppliers, log-normal stocks.
    Problem(ProblemArgs),
    /// A combinatorial tender: packages of lots, all or nothing, at most one of each bidder.
    Packages(PackagesArgs),
    /// A bare transport problem for the flow engine.
    Transport(super::generate_transport::TransportArgs),
    /// A sparse minimum-cost-flow problem in the manner of NETGEN or GOTO, as a DIMACS file.
    Sparse(super::generate_transport::SparseArgs),
}

/// Size and terms of a generated problem.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent command line switches")]
struct ProblemArgs {
    /// Buyers, each with one demand per commodity.
    #[arg(long, default_value_t = 51, value_parser = super::size)]
    buyers: usize,
    /// Suppliers.
    #[arg(long, default_value_t = 30, value_parser = super::size)]
    suppliers: usize,
    /// Commodities.
    #[arg(long, default_value_t = 20, value_parser = super::size)]
    commodities: usize,
    /// Offers per supplier, at most one per commodity; 0 is one for each.
    #[arg(long, default_value_t = 0, value_parser = super::size)]
    offers_each: usize,
    /// Stock per demand, in permille.
    #[arg(long, default_value_t = 1100, value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
    stock_permille: i64,
    /// Names the instance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Packs of 5, 10, 25 and 50 kg instead of 25 kg throughout.
    #[arg(long)]
    mixed_packs: bool,
    /// A fee for each drop.
    #[arg(long)]
    drop_fees: bool,
    /// Minimum lines and minimum orders.
    #[arg(long)]
    minimums: bool,
    /// Volume tiers.
    #[arg(long)]
    tiers: bool,
    /// Where to write it; standard output when absent.
    #[arg(short, long)]
    output: Option<PathBuf>,
}

/// Size of a generated tender of packages.
#[derive(Debug, Args)]
struct PackagesArgs {
    /// Lots, each asked for once.
    #[arg(long, default_value_t = 30, value_parser = super::size)]
    lots: usize,
    /// Bidders; of the packages of each at most one is taken.
    #[arg(long, default_value_t = 35, value_parser = super::size)]
    bidders: usize,
    /// Packages of all bidders together; the same lots twice by one bidder count once.
    #[arg(long, default_value_t = 10_000, value_parser = super::size)]
    packages: usize,
    /// Names the instance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write it; standard output when absent.
    #[arg(short, long)]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &GenerateArgs) -> ExitCode {
    let args = match &args.what {
        What::Problem(args) => args,
        What::Packages(args) => return run_packages(args),
        What::Transport(args) => return super::generate_transport::run_transport(args),
        What::Sparse(args) => return super::generate_transport::run_sparse(args),
    };
    for factors in [[args.buyers, args.commodities], [args.suppliers, args.commodities]] {
        if let Err(code) = super::refuse_above(MOST_RECORDS, "records", factors) {
            return code;
        }
    }
    let terms =
        Terms { mixed_packs: args.mixed_packs, drop_fees: args.drop_fees, minimums: args.minimums, tiers: args.tiers };
    let made = problem(Size {
        buyers: args.buyers,
        suppliers: args.suppliers,
        commodities: args.commodities,
        offers_each: args.offers_each,
        stock_permille: args.stock_permille,
        seed: args.seed,
        terms,
    });
    write(&made, args.output.as_deref())
}

fn run_packages(args: &PackagesArgs) -> ExitCode {
    for factors in [[args.lots, args.lots], [args.packages, args.lots], [args.bidders, 1]] {
        if let Err(code) = super::refuse_above(MOST_RECORDS, "records", factors) {
            return code;
        }
    }
    let PackagesArgs { lots, bidders, packages: count, seed, .. } = *args;
    write(&packages(PackagesSize { lots, bidders, packages: count, seed }), args.output.as_deref())
}

fn write(made: &Problem, output: Option<&Path>) -> ExitCode {
    let bytes = made.to_json();
    let written = match output {
        Some(path) => std::fs::write(path, bytes),
        None => std::io::stdout().lock().write_all(&bytes),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the problem could not be written: {error}");
            ExitCode::from(LIMIT)
        }
    }
}
