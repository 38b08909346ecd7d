//! `pasok import` and `pasok export`: tables in and out, on behalf of a member.

use super::DatabaseArgs;
use crate::app::App;
use crate::config::Config;
use crate::error::{AppError, CommonError};
use crate::imports::service::{self, Preview, Target};
use crate::imports::{self, ImportError, Kind, Language};
use crate::parties::{self, Actor};
use crate::scope::Scope;
use crate::sheets::{self, Format};
use crate::values::hex::hex;
use clap::Args;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::process::ExitCode;

/// For whom, what, and where to.
#[derive(Debug, Args)]
pub struct TargetArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// What the rows are: demands, offers or parties.
    #[arg(long, value_parser = parse_kind)]
    kind: Kind,
    /// Id of the member on whose behalf this is done.
    #[arg(long, value_name = "ID")]
    member: Option<i64>,
    /// Id of the round, for demands.
    #[arg(long, value_name = "ID")]
    round: Option<i64>,
    /// Id of the market: for offers; for parties if they shall become members of it.
    #[arg(long, value_name = "ID")]
    market: Option<i64>,
}

fn parse_kind(word: &str) -> Result<Kind, String> {
    Kind::parse(word).ok_or_else(|| format!("one of: {}", Kind::words()))
}

fn parse_format(word: &str) -> Result<Format, String> {
    Format::parse(word).ok_or_else(|| format!("one of: {}", Format::words()))
}

fn parse_language(word: &str) -> Result<Language, String> {
    Language::parse(word).ok_or_else(|| format!("one of: {}", Language::words()))
}

impl TargetArgs {
    fn target(&self) -> Result<Target, AppError> {
        match (self.kind, self.round, self.market) {
            (Kind::Demands, Some(round), None) => Ok(Target::Demands(round)),
            (Kind::Offers, None, Some(market)) => Ok(Target::Offers(market)),
            (Kind::Parties, None, market) => Ok(Target::Parties(market)),
            (kind, ..) => Err(AppError::refused_with(ImportError::TargetMissing, kind.word())),
        }
    }

    fn open(&self) -> Result<(App, Actor), AppError> {
        let member = self.member.ok_or_else(|| AppError::refused_with(CommonError::BadParameter, "--member"))?;
        let app = super::open(Config::for_database(self.database.database.clone()))?;
        let actor = app.read(Scope::system("a command for a member"), |connection, system| {
            parties::service::actor_of(connection, system, member)
        })?;
        Ok((app, actor))
    }
}

/// Which file to take in.
#[derive(Debug, Args)]
pub struct ImportOptions {
    #[command(flatten)]
    target: TargetArgs,
    /// Only tell what would happen, or every bad cell.
    #[arg(long)]
    preview: bool,
    /// The CSV or XLSX file.
    file: PathBuf,
}

/// What to write.
#[derive(Debug, Args)]
pub struct ExportOptions {
    #[command(flatten)]
    target: TargetArgs,
    /// Write an empty template with one sample row; needs no member, round or market.
    #[arg(long)]
    template: bool,
    /// csv or xlsx.
    #[arg(long, default_value = "xlsx", value_parser = parse_format)]
    format: Format,
    /// Language of the headers: id or en.
    #[arg(long, default_value = "id", value_parser = parse_language)]
    language: Language,
    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(super) fn import(options: &ImportOptions) -> Result<ExitCode, AppError> {
    let target = options.target.target()?;
    let (app, actor) = options.target.open()?;
    let bytes = std::fs::read(&options.file).map_err(|error| {
        AppError::refused_with(CommonError::NotFound, format!("{}: {error}", options.file.display()))
    })?;
    let sheet = sheets::read_apart(&app.config.sheet_reader, &bytes)?;
    let preview = app.write(&actor, |work| service::preview(work, &actor, target, &sheet))?;
    if !tell(&preview) {
        return Ok(ExitCode::from(2));
    }
    if !options.preview {
        let reason = format!("table sha256={}", hex(&Sha256::digest(&bytes)));
        let tally = app.write(&actor, |work| service::commit(work, &actor, target, &sheet, &reason))?;
        println!("taken in: {} new, {} unchanged", tally.new, tally.unchanged);
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what a table comes to; true if every row is good.
fn tell(preview: &Preview) -> bool {
    if let Some(tally) = preview.tally {
        println!("{} rows: {} new, {} unchanged", tally.rows, tally.new, tally.unchanged);
        return true;
    }
    for problem in &preview.problems {
        let def = problem.issue.def;
        let cell = format!("{}{}", problem.column, problem.row);
        eprintln!("{cell} {} {}: {} {} {}", problem.header, def.code, def.detail_id, def.action_id, problem.issue.hint);
    }
    if preview.unlisted > 0 {
        eprintln!("and {} more", preview.unlisted);
    }
    eprintln!("nothing was taken in");
    false
}

pub(super) fn export(options: &ExportOptions) -> Result<ExitCode, AppError> {
    let bytes = if options.template {
        imports::template(options.target.kind, options.language, options.format)?
    } else {
        let target = options.target.target()?;
        let (app, actor) = options.target.open()?;
        let (language, format) = (options.language, options.format);
        app.read(&actor, |connection, scope| imports::export(connection, scope, &actor, target, language, format))?
    };
    std::fs::write(&options.output, bytes).map_err(AppError::internal)?;
    Ok(ExitCode::SUCCESS)
}
