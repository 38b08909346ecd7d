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
    Mcf(cli::mcf::McfArgs),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Mcf(args) => cli::mcf::run(&args),
    }
}
