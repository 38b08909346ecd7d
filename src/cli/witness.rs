//! `pasok witness`: somebody else's word that a log was only ever added to. Needs no network and no database: text goes in,
//! a signature line comes out.

use super::audit::{input, keygen};
use crate::audit::keys;
use crate::audit::note::{Kind, Verifier};
use crate::audit::witness::Witness;
use crate::error::{AppError, CommonError};
use crate::values::Clock as _;
use crate::values::time::SystemClock;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// What a witness does.
#[derive(Debug, Subcommand)]
pub enum WitnessCommand {
    /// Make the witness's key; print its public half, which the log's operator adds with `pasok audit add-witness`.
    Keygen(KeygenOptions),
    /// Begin to watch a log, by its public key.
    Add(AddOptions),
    /// Cosign a checkpoint, if it continues the last one that was signed; print the signature line.
    Cosign(CosignOptions),
}

/// A new key.
#[derive(Debug, Args)]
pub struct KeygenOptions {
    /// The witness's name, such as `koperasi-penfui.example.id/saksi`.
    #[arg(long)]
    name: String,
    /// Where to write the private key; never overwrites.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

/// A log to watch.
#[derive(Debug, Args)]
pub struct AddOptions {
    /// Where the witness remembers the heads that it signed.
    #[arg(long, value_name = "FILE", default_value = "pasok-witness.json")]
    state: PathBuf,
    /// The log's public key.
    log: String,
}

/// What to sign.
#[derive(Debug, Args)]
pub struct CosignOptions {
    /// The witness's private key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where the witness remembers the heads that it signed.
    #[arg(long, value_name = "FILE", default_value = "pasok-witness.json")]
    state: PathBuf,
    /// What `pasok audit request` printed; standard input if not given.
    request: Option<PathBuf>,
}

pub(super) fn run(command: &WitnessCommand) -> Result<ExitCode, AppError> {
    match command {
        WitnessCommand::Keygen(options) => keygen(&options.name, &options.key, Kind::Cosignature),
        WitnessCommand::Add(options) => {
            let key = Verifier::parse(&options.log)
                .ok_or_else(|| AppError::refused_with(CommonError::BadParameter, "not a public key"))?;
            Witness::open(&options.state)?.watch(&key)?;
            Ok(ExitCode::SUCCESS)
        }
        WitnessCommand::Cosign(options) => cosign(options),
    }
}

fn cosign(options: &CosignOptions) -> Result<ExitCode, AppError> {
    let missing = || AppError::refused_with(CommonError::NotFound, options.key.display().to_string());
    let signer = keys::read(&options.key)?.ok_or_else(missing)?;
    let request = input(options.request.as_deref())?;
    let now = SystemClock.now().as_micros() / 1_000_000;
    let mut witness = Witness::open(&options.state)?;
    match witness.cosign(&signer, &request, u64::try_from(now).unwrap_or_default())? {
        Ok(line) => {
            println!("{line}");
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            eprintln!("pasok witness: {refusal}");
            Ok(ExitCode::from(1))
        }
    }
}
