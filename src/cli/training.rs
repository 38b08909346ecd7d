//! `pasok training`: classes with made-up money, for courses. Prints the code that people enter with.

use super::DatabaseArgs;
use crate::audit::Principal;
use crate::error::AppError;
use crate::training::{Stage, class, computer};
use clap::Subcommand;
use std::process::ExitCode;

/// What to do with classes.
#[derive(Debug, Subcommand)]
pub enum TrainingCommand {
    /// Open a class: a market of its own, with a finished first week and an open second one. Prints its code.
    Open {
        #[command(flatten)]
        database: DatabaseArgs,
        /// A word that names this class; the same word gives the same class, so the command can be repeated.
        #[arg(long, value_name = "WORD")]
        name: String,
    },
    /// Begin a class anew: fresh organisations, needs and offers under the same code. Its people sit down again.
    StartOver {
        #[command(flatten)]
        database: DatabaseArgs,
        /// The class.
        code: String,
    },
    /// Take the next step of the round, the computer playing whoever is missing. Prints what comes after it.
    GoOn {
        #[command(flatten)]
        database: DatabaseArgs,
        /// The class.
        code: String,
    },
}

pub(super) fn run(command: &TrainingCommand) -> Result<ExitCode, AppError> {
    let nobody = Principal { member_id: None, organisation_id: None };
    match command {
        TrainingCommand::Open { database, name } => {
            let app = super::open(database.config())?;
            let class = class::open(&app, &class::code_of(name), nobody)?;
            computer::prepare(&app, &class)?;
            println!("{}", class.code);
        }
        TrainingCommand::StartOver { database, code } => {
            let app = super::open(database.config())?;
            let class = class::start_over(&app, &class::get(&app, code)?, nobody)?;
            computer::prepare(&app, &class)?;
            println!("{}", class.code);
        }
        TrainingCommand::GoOn { database, code } => {
            let app = super::open(database.config())?;
            let class = class::get(&app, code)?;
            println!("{}", computer::step(&app, &class, next(&app, &class)?)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn next(app: &crate::app::App, class: &class::Class) -> Result<Stage, AppError> {
    let system = crate::scope::Scope::system("training from the command line");
    app.read(system, |connection, scope| computer::stage(connection, scope, class)).map(|(stage, _)| stage)
}
