//! The `pasok` program.

use clap::Parser;

fn main() -> std::process::ExitCode {
    pasok::cli::run(pasok::cli::Cli::parse())
}
