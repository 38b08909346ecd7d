//! `pasok-solver`: the command line beside the library.

mod cli;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Exact allocation of demand to offers.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Solve(cli::solve::SolveArgs),
    Validate(cli::solve::ValidateArgs),
    Check(cli::check::CheckArgs),
    Diff(cli::diff::DiffArgs),
    Generate(cli::generate::GenerateArgs),
    Explain(cli::explain::ExplainArgs),
    Mcf(cli::mcf::McfArgs),
    Bench(cli::generate_transport::BenchArgs),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Solve(args) => cli::solve::run(&args),
        Command::Validate(args) => cli::solve::run_validate(&args),
        Command::Check(args) => cli::check::run(&args),
        Command::Diff(args) => cli::diff::run(&args),
        Command::Generate(args) => cli::generate::run(&args),
        Command::Explain(args) => cli::explain::run(&args),
        Command::Mcf(args) => cli::mcf::run(&args),
        Command::Bench(args) => cli::generate_transport::run_bench(&args),
    }
}
