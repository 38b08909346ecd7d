//! Classes: opening one, finding one, starting one over.

use super::computer::{self, COMPUTERS};
use super::errors::TrainingError;
use super::{SYSTEM, helpers, scenario, seats};
use crate::access::sessions;
use crate::app::App;
use crate::audit::{Principal, Work};
use crate::catalog;
use crate::db::DbConnection;
use crate::demo::{Scenario, load};
use crate::error::AppError;
use crate::markets::service::SettingsChange;
use crate::markets::{self, Market, MarketKind, MarketStatus};
use crate::parties::{self, Actor, people};
use crate::rounds::{self, Status};
use crate::scope::Scope;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Letters and digits of codes: none that is read as another.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LETTERS: usize = 6;
/// Most runs of one class.
const MOST_RUNS: i64 = 1_000;
/// Most classes of one office that are open at once.
pub const MOST_CLASSES: usize = 50;
/// Most training markets looked through.
const MOST_MARKETS: i64 = 5_000;
/// Why the old run ends.
const REASON: &str = "training started over";

/// A class at its present run.
#[derive(Debug, Clone)]
pub struct Class {
    /// What its people enter with.
    pub code: String,
    /// 1 for the first; one more with each start over.
    pub run: i64,
    /// The market of this run.
    pub market: Market,
}

impl Class {
    /// The class that a market is a run of.
    pub fn of(market: &Market) -> Option<Self> {
        let (code, run) = market.code.strip_prefix("latihan-")?.rsplit_once('-')?;
        let is_ours = market.kind == MarketKind::Training;
        is_ours.then(|| Some(Self { code: code.to_owned(), run: run.parse().ok()?, market: market.clone() })).flatten()
    }
}

/// A code made from whatever is unique about the wish for a class: the same wish gives the same class.
pub fn code_of(wish: &str) -> String {
    let digest = Sha256::digest(format!("pasok-class/1\n{wish}"));
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map_or('2', char::from);
    digest.iter().take(CODE_LETTERS).map(letter).collect()
}

/// The newest run of a class. A code may be typed in small letters and with spaces.
pub fn find(connection: &mut DbConnection, system: &Scope, code: &str) -> Result<Class, AppError> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let mut newest = None;
    for run in 1..=MOST_RUNS {
        match markets::service::find_by_code(connection, system, &scenario::market_code(&code, run))? {
            Some(market) => newest = Class::of(&market),
            None => break,
        }
    }
    newest.ok_or_else(|| TrainingError::ClassUnknown.into())
}

/// [`find`], for whoever shows the code.
pub fn get(app: &App, code: &str) -> Result<Class, AppError> {
    app.read(SYSTEM, |connection, system| find(connection, system, code))
}

/// Classes that an office opened and that go on, the newest first.
pub fn list_of(app: &App, office: &Actor) -> Result<Vec<Class>, AppError> {
    let all =
        app.read(SYSTEM, |connection, system| markets::service::list_training(connection, system, MOST_MARKETS))?;
    let going_on = all.iter().filter(|market| market.status == MarketStatus::Active).filter_map(Class::of);
    app.read(office, |connection, scope| {
        let ids: Vec<i64> = going_on.clone().map(|class| class.market.operator_id).collect();
        let own = parties::service::looked_after(connection, scope, &ids)?;
        Ok(going_on.filter(|class| own.contains(&class.market.operator_id)).collect())
    })
}

/// Opens a class; safe to repeat. `by` is the office that wants it. [`computer::prepare`] then plays its first week.
pub fn open(app: &App, code: &str, by: Principal) -> Result<Class, AppError> {
    start(app, code, 1, by)
}

fn start(app: &App, code: &str, run: i64, by: Principal) -> Result<Class, AppError> {
    let name = scenario::market_code(code, run);
    let found = app.read(SYSTEM, |connection, system| markets::service::find_by_code(connection, system, &name))?;
    let market = if let Some(market) = found {
        market
    } else {
        let scenario = scenario::of(code, run)?;
        require_goods(app, &scenario)?;
        load::enter(app, &scenario, Scope::system_for("training", by), MarketKind::Training)?.market
    };
    let class = Class::of(&market).ok_or(TrainingError::ClassUnknown)?;
    app.write(Scope::system_for("training", by), |work| helpers::office(work, &class))?;
    Ok(class)
}

/// The class trades the catalogue's own goods: the facts are loaded where there are none, and never changed for a class.
fn require_goods(app: &App, scenario: &Scenario) -> Result<(), AppError> {
    if app.read(SYSTEM, |connection, _| catalog::service::load_all(connection))?.is_empty() {
        crate::seed::load::load(app, &mut |_| {})?;
    }
    let known = app.read(SYSTEM, |connection, _| catalog::service::load_all(connection))?;
    let codes: BTreeSet<&str> = known.values().map(|commodity| commodity.code.as_str()).collect();
    match scenario.commodities.iter().find(|commodity| !codes.contains(commodity.code.as_str())) {
        Some(missing) => Err(AppError::refused_with(TrainingError::GoodsMissing, missing.code.clone())),
        None => Ok(()),
    }
}

/// Starts a class over: a new run, to be prepared, then the end of the old one. Nothing happens where the class is past that run already, so
/// asking twice starts it over once.
pub fn start_over(app: &App, class: &Class, by: Principal) -> Result<Class, AppError> {
    let newest = get(app, &class.code)?;
    if newest.run != class.run {
        return Ok(newest);
    }
    // Whoever presses, the class stays the office's that opened it.
    let office = class.market.operator_id;
    let office = app.read(SYSTEM, |connection, system| parties::service::find_registrar(connection, system, office))?;
    let next = start(app, &class.code, class.run + 1, Principal { member_id: None, organisation_id: office })?;
    let computer = computer::set_of(app, class)?.operator;
    // From the command line nobody asks; what is given up is then given up by the computer.
    let by = if by.member_id.is_some() { by } else { computer.principal() };
    app.write(Scope::system_for("training", by), |work| close(work, class, &computer))?;
    Ok(next)
}

/// Gives up what is still going on, sends everybody out and closes the market.
fn close(work: &mut Work<'_>, class: &Class, computer: &Actor) -> Result<(), AppError> {
    let market = markets::service::get(work.connection, work.scope, class.market.id)?;
    if market.status == MarketStatus::Closed {
        return Ok(());
    }
    for round in rounds::service::list(work.connection, work.scope, market.id, 0, MOST_MARKETS)? {
        if !matches!(round.status, Status::Published | Status::Cancelled | Status::Solving) {
            rounds::service::cancel(work, computer, round.id, round.version, REASON)?;
        }
    }
    for seat in seats::list(work.connection, work.scope, class)? {
        for person in seat.people.iter().filter(|person| !COMPUTERS.contains(&person.name.as_str())) {
            sessions::end_all(work, person.account_id)?;
            people::leave(work, person, person.version, REASON)?;
        }
    }
    let change = SettingsChange { status: Some(MarketStatus::Closed), ..SettingsChange::default() };
    markets::service::change_settings(work, market.id, market.version, change, REASON).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_has_one_code_of_letters_that_nobody_mixes_up() {
        let code = code_of("0123456789abcdef");
        assert_eq!((code.len(), &code), (CODE_LETTERS, &code_of("0123456789abcdef")));
        assert!(code.bytes().all(|letter| LETTERS.contains(&letter)));
        assert_ne!(code, code_of("0123456789abcdee"));
    }
}
