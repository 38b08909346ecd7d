//! `pasok demo`: the main job on real data, from an empty database to published orders.

use super::DatabaseArgs;
use crate::db::DatabaseUrl;
use crate::demo::{self, Scenario};
use crate::error::{AppError, CommonError};
use crate::values::time::FixedClock;
use crate::values::{Clock, IdSource};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What to play.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The city: kupang, bogor or jakarta-utara.
    #[arg(long, default_value = "kupang", conflicts_with = "province")]
    city: String,
    /// A whole province instead: jatim.
    #[arg(long)]
    province: Option<String>,
    /// Another seed number gives another week.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Let wholesalers bid, sealed, on the pooled need, and compare five scenarios before the award.
    #[arg(long)]
    with_bids: bool,
    /// Weeks to play one after the other, with the same needs and offers; figures are those of the first.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=52))]
    weeks: i64,
    /// Print one JSON object on standard output instead of the table.
    #[arg(long)]
    json: bool,
    /// Folder to leave the frozen problem and the plan in, as `problem.json` and `plan.json`.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, AppError> {
    refuse_used(&options.database.database)?;
    let steps = Steps::new();
    steps.say("making the week from the seed facts");
    let scenario = scenario(options)?;
    // Time and ids are fixed, so that the same seed gives the same bytes everywhere.
    let clock = Arc::new(FixedClock::new(demo::load::present(&scenario)?));
    let config = options.database.config();
    let app = super::open_at(config, Arc::clone(&clock) as Arc<dyn Clock>, IdSource::new(1))?;
    let bids_by = options.with_bids.then_some(clock.as_ref());
    let finished = demo::run::run(&app, &scenario, bids_by, &mut |step| steps.say(step))?;
    for week in 1..options.weeks {
        steps.say(&format!("week {}", week + 1));
        demo::run::again(&app, &scenario, &finished.set, week, &mut |step| steps.say(step))?;
    }
    steps.finish();
    if let Some(folder) = &options.keep {
        keep(folder, &finished)?;
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&finished.summary).map_err(AppError::internal)?);
    } else {
        println!("{}", finished.summary.table());
    }
    Ok(ExitCode::SUCCESS)
}

fn scenario(options: &Options) -> Result<Scenario, AppError> {
    let made = match options.province.as_deref() {
        None => demo::generate(&options.city, options.seed),
        Some("jatim") => demo::generate_province(options.seed),
        Some(other) => Err(demo::GenerateError::UnknownCity(other.to_owned())),
    };
    made.map_err(|error| AppError::refused_with(CommonError::BadParameter, error.to_string()))
}

/// A demonstration starts from nothing; it never adds its invented people to a database in use.
fn refuse_used(database: &DatabaseUrl) -> Result<(), AppError> {
    match database {
        DatabaseUrl::Sqlite(path) if path.exists() => Err(AppError::refused_with(
            CommonError::BadParameter,
            format!("--database: {} exists already; name a new file", path.display()),
        )),
        DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => Ok(()),
    }
}

fn keep(folder: &Path, finished: &demo::run::Finished) -> Result<(), AppError> {
    std::fs::create_dir_all(folder).map_err(AppError::internal)?;
    std::fs::write(folder.join("problem.json"), &finished.problem).map_err(AppError::internal)?;
    std::fs::write(folder.join("plan.json"), &finished.plan).map_err(AppError::internal)
}

/// Progress: a moving line on a terminal, plain lines elsewhere. Always on standard error.
struct Steps {
    start: Instant,
    bar: ProgressBar,
}

impl Steps {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { start: Instant::now(), bar }
    }

    fn say(&self, step: &str) {
        if self.bar.is_hidden() {
            eprintln!("[{:>6.1} s] {step}", self.start.elapsed().as_secs_f64());
        } else {
            self.bar.set_message(step.to_owned());
        }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
