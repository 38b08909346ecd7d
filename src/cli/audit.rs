//! `pasok audit`: verify the record, sign and hand out its checkpoints and proofs, take in cosignatures, erase a person.

use super::DatabaseArgs;
use crate::app::App;
use crate::audit::keys;
use crate::audit::note::{Kind, Signer, Verifier, is_key_name};
use crate::audit::service;
use crate::audit::verify::{self, Kept};
use crate::db::{Db, DbOptions, migrate};
use crate::error::{AppError, CommonError};
use crate::scope::Scope;
use clap::{Args, Subcommand};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What can be done with the record.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Compute the whole record anew and compare every row with it; exit 1 and name whatever differs.
    Verify(VerifyOptions),
    /// Make the key that signs checkpoints; print its public half, which others need to check them.
    Keygen(KeygenOptions),
    /// Sign a checkpoint now and print it.
    Checkpoint(DatabaseArgs),
    /// Print the newest checkpoint with its cosignatures: what outsiders keep.
    Head(DatabaseArgs),
    /// Print the proof that an entry is in the record.
    Receipt(ReceiptOptions),
    /// Check a receipt without any database; exit 1 if it does not hold.
    CheckReceipt(CheckReceiptOptions),
    /// Print what a witness needs: the newest checkpoint, and the proof that it continues the one it signed last.
    Request(RequestOptions),
    /// Believe a witness's public key from now on.
    AddWitness(AddWitnessOptions),
    /// Store signature lines of witnesses, read from standard input or a file.
    Cosign(CosignOptions),
    /// Erase what identifies a person; the record stays verifiable.
    Erase(EraseOptions),
}

/// What to verify against.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    #[command(flatten)]
    database: DatabaseArgs,
    /// A checkpoint that was kept elsewhere; may be given several times.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The log's public key, if you know it from elsewhere than this database.
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    key: Option<Verifier>,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// A new key.
#[derive(Debug, Args)]
pub struct KeygenOptions {
    /// The log's name in its checkpoints, such as `pasok.example.id/kupang`.
    #[arg(long)]
    name: String,
    /// Where to write the private key; never overwrites.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

/// Which entry.
#[derive(Debug, Args)]
pub struct ReceiptOptions {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Its place in the record.
    #[arg(long)]
    leaf: u64,
}

/// A receipt and whom to believe.
#[derive(Debug, Args)]
pub struct CheckReceiptOptions {
    /// The receipt.
    file: PathBuf,
    /// The log's public key.
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    key: Verifier,
}

/// Where the witness stands.
#[derive(Debug, Args)]
pub struct RequestOptions {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Size of the checkpoint that the witness signed last; 0 if it never signed one.
    #[arg(long, default_value_t = 0)]
    old: u64,
}

/// A witness.
#[derive(Debug, Args)]
pub struct AddWitnessOptions {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Its public key.
    #[arg(value_parser = public_key)]
    key: Verifier,
}

/// Signature lines.
#[derive(Debug, Args)]
pub struct CosignOptions {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The lines; standard input if not given.
    file: Option<PathBuf>,
}

/// Whom to erase.
#[derive(Debug, Args)]
pub struct EraseOptions {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The person's account.
    #[arg(long, value_name = "ID")]
    account: i64,
    /// Why; kept in the record.
    #[arg(long)]
    reason: String,
}

fn public_key(text: &str) -> Result<Verifier, String> {
    Verifier::parse(text).ok_or_else(|| "not a public key (name+id+base64)".to_owned())
}

pub(super) fn run(command: &AuditCommand) -> Result<ExitCode, AppError> {
    match command {
        AuditCommand::Verify(options) => run_verify(options),
        AuditCommand::Keygen(options) => keygen(&options.name, &options.file, Kind::Plain),
        AuditCommand::Checkpoint(options) => {
            let app = open(options)?;
            app.write(SYSTEM, |work| {
                work.checkpoint("asked");
                Ok(())
            })?;
            show_head(&app)
        }
        AuditCommand::Head(options) => show_head(&open(options)?),
        AuditCommand::Receipt(options) => {
            let receipt =
                open(&options.database)?.read(SYSTEM, |connection, _| service::receipt(connection, options.leaf))?;
            show(&receipt.to_string())
        }
        AuditCommand::CheckReceipt(options) => check_receipt(options),
        AuditCommand::Request(options) => {
            let request =
                open(&options.database)?.read(SYSTEM, |connection, _| service::request(connection, options.old))?;
            show(&request.to_string())
        }
        AuditCommand::AddWitness(options) => {
            open(&options.database)?.write(SYSTEM, |work| service::add_witness(work, &options.key))?;
            show("")
        }
        AuditCommand::Cosign(options) => {
            let lines = input(options.file.as_deref())?;
            let sizes = open(&options.database)?.write(SYSTEM, |work| service::cosign(work, &lines))?;
            for size in sizes {
                eprintln!("Stored a cosignature of checkpoint {size}.");
            }
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::Erase(options) => {
            let app = open(&options.database)?;
            let erased =
                app.write(SYSTEM, |work| crate::access::erase::person(work, options.account, &options.reason))?;
            show(&format!("{erased} entries of the record forgot their texts.\n"))
        }
    }
}

const SYSTEM: Scope = Scope::system("pasok audit");

fn open(options: &DatabaseArgs) -> Result<App, AppError> {
    options.must_exist()?;
    super::open(options.config())
}

#[expect(clippy::unnecessary_wraps, reason = "ends a command, as its siblings do that can fail")]
fn show(text: &str) -> Result<ExitCode, AppError> {
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn show_head(app: &App) -> Result<ExitCode, AppError> {
    show(&app.read(SYSTEM, |connection, _| service::head_note(connection))?.to_string())
}

/// Reads a small text from a file or standard input.
pub(super) fn input(file: Option<&Path>) -> Result<String, AppError> {
    let most = u64::try_from(crate::audit::note::LONGEST_NOTE).unwrap_or(u64::MAX);
    let mut text = String::new();
    let read = match file {
        Some(file) => std::fs::File::open(file).and_then(|file| file.take(most).read_to_string(&mut text)),
        None => std::io::stdin().take(most).read_to_string(&mut text),
    };
    let name = file.map_or_else(|| "standard input".to_owned(), |file| file.display().to_string());
    read.map_err(|error| AppError::refused_with(CommonError::BadParameter, format!("{name}: {error}")))?;
    Ok(text)
}

/// Makes a key of either kind; prints its public half.
pub(super) fn keygen(name: &str, file: &Path, kind: Kind) -> Result<ExitCode, AppError> {
    if !is_key_name(name) {
        return Err(AppError::refused_with(CommonError::BadParameter, "--name: no spaces and no plus"));
    }
    let signer = Signer::new(name, kind, rand::random());
    keys::write(file, &signer)
        .map_err(|error| AppError::refused_with(CommonError::BadParameter, format!("{}: {error}", file.display())))?;
    println!("{}", signer.verifier());
    Ok(ExitCode::SUCCESS)
}

fn check_receipt(options: &CheckReceiptOptions) -> Result<ExitCode, AppError> {
    let receipt = crate::audit::checkpoint::Receipt::parse(&input(Some(&options.file))?);
    let holds = receipt.filter(|receipt| receipt.holds(&options.key));
    if let Some(receipt) = holds {
        println!("holds: leaf {} is\n{}", receipt.index, String::from_utf8_lossy(&receipt.leaf));
        Ok(ExitCode::SUCCESS)
    } else {
        println!("does NOT hold");
        Ok(ExitCode::from(1))
    }
}

fn run_verify(options: &VerifyOptions) -> Result<ExitCode, AppError> {
    options.database.must_exist()?;
    let db = Db::open(&options.database.database, DbOptions::for_reading_all())?;
    if migrate::pending(&db)? > 0 {
        eprintln!("pasok audit verify: the schema is not this program's; run `pasok migrate` first");
        return Ok(ExitCode::from(1));
    }
    let checkpoints = options.checkpoint.iter().map(|file| input(Some(file))).collect::<Result<_, _>>()?;
    let report = verify::run(&db, &Kept { checkpoints, key: options.key.clone() })?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(AppError::internal)?);
    } else {
        println!("{report}");
    }
    Ok(ExitCode::from(u8::from(!report.is_clean())))
}
