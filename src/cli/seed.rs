//! `pasok seed`.

use super::DatabaseArgs;
use crate::config::Config;
use crate::error::AppError;
use crate::seed::load;
use std::process::ExitCode;

pub(super) fn run(options: &DatabaseArgs) -> Result<ExitCode, AppError> {
    let app = super::open(Config::for_database(options.database.clone()))?;
    let loaded = load::load(&app, &mut |step| eprintln!("{step}"))?;
    let added = loaded.catalogue;
    println!(
        "added {} regions, {} commodities, {} units, {} official prices; changed {}",
        loaded.regions,
        added.commodities,
        added.units,
        added.reference_prices,
        loaded.renewed.changed.len()
    );
    Ok(ExitCode::SUCCESS)
}
