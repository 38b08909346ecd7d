//! Checking a table and taking it in. One transaction each; checking writes nothing.

use super::columns::Kind;
use super::table::Table;
use super::{goods, parties};
use crate::audit::{Change, Work};
use crate::error::{AppError, Checks, FieldIssue};
use crate::parties::Actor;
use crate::sheets::Sheet;
use crate::{demands, offers};
use std::collections::BTreeSet;

/// Most problems that are told at once; mending so many is a day's work.
pub const MOST_PROBLEMS: usize = 1_000;

/// Where a table goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Demands of the actor's organisation in this round.
    Demands(i64),
    /// Offers of the actor's organisation in this market.
    Offers(i64),
    /// Organisations; they become members of the market, where one is named.
    Parties(Option<i64>),
}

impl Target {
    /// What its rows are.
    pub fn kind(self) -> Kind {
        match self {
            Self::Demands(_) => Kind::Demands,
            Self::Offers(_) => Kind::Offers,
            Self::Parties(_) => Kind::Parties,
        }
    }

    fn market_id(self) -> Option<i64> {
        match self {
            Self::Demands(_) => None,
            Self::Offers(id) => Some(id),
            Self::Parties(id) => id,
        }
    }
}

/// What a table comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Rows below the header.
    pub rows: usize,
    /// Rows that say something new.
    pub new: usize,
    /// Rows that say what is there already.
    pub unchanged: usize,
}

/// One bad cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// The row, as the spreadsheet program counts.
    pub row: u32,
    /// The column's letters; empty where the whole row is meant.
    pub column: String,
    /// The column's header; empty where it has none that is known.
    pub header: &'static str,
    /// What is wrong.
    pub issue: FieldIssue,
}

/// What taking a table in would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Rows below the header.
    pub rows: usize,
    /// What would be written; `None` while anything is wrong.
    pub tally: Option<Tally>,
    /// Every bad cell, by row.
    pub problems: Vec<CellProblem>,
    /// Bad cells beyond those listed.
    pub unlisted: usize,
}

enum Prepared {
    Demands(demands::import::Prepared),
    Offers(offers::import::Prepared),
    Parties(parties::Prepared),
}

/// Checks every cell and row, writes nothing, and tells what would happen or everything that is wrong.
pub fn preview(work: &mut Work<'_>, actor: &Actor, target: Target, sheet: &Sheet) -> Result<Preview, AppError> {
    let mut checks = Checks::default();
    let table = Table::read(target.kind(), sheet, &mut checks);
    let rows = sheet.lines.len().saturating_sub(1);
    match prepare(work, actor, target, &table, checks) {
        Ok(prepared) => {
            let tally = Some(tally(rows, &prepared));
            Ok(Preview { rows, tally, problems: Vec::new(), unlisted: 0 })
        }
        Err(AppError::Refused(refusal)) if !refusal.issues.is_empty() => {
            let (problems, unlisted) = told(&table, refusal.issues);
            Ok(Preview { rows, tally: None, problems, unlisted })
        }
        Err(error) => Err(error),
    }
}

/// Takes a table in: all of it, or nothing with everything that is wrong. `reason` names the file in the audit log.
pub fn commit(
    work: &mut Work<'_>,
    actor: &Actor,
    target: Target,
    sheet: &Sheet,
    reason: &str,
) -> Result<Tally, AppError> {
    let mut checks = Checks::default();
    let table = Table::read(target.kind(), sheet, &mut checks);
    let prepared = prepare(work, actor, target, &table, checks).map_err(|error| match error {
        AppError::Refused(mut refusal) => {
            refusal.issues = distinct(std::mem::take(&mut refusal.issues));
            refusal.issues.truncate(MOST_PROBLEMS);
            AppError::Refused(refusal)
        }
        internal @ AppError::Internal(_) => internal,
    })?;
    match &prepared {
        Prepared::Demands(prepared) => demands::import::commit(work, prepared, reason)?,
        Prepared::Offers(prepared) => offers::import::commit(work, prepared, reason)?,
        Prepared::Parties(prepared) => parties::commit(work, prepared)?,
    }
    let tally = tally(sheet.lines.len().saturating_sub(1), &prepared);
    let new = format!("{} {} new, {} unchanged", target.kind(), tally.new, tally.unchanged);
    let subject_id = work.new_id();
    let market_id = target.market_id();
    work.record(Change { market_id, subject: "imports", subject_id, event: "committed", new: &new, reason, old: "" })?;
    Ok(tally)
}

fn prepare(
    work: &mut Work<'_>,
    actor: &Actor,
    target: Target,
    table: &Table,
    mut checks: Checks,
) -> Result<Prepared, AppError> {
    match target {
        Target::Demands(round_id) => {
            let names = goods::Names::load(work.connection, work.scope, actor.organisation_id)?;
            let rows = goods::demands(table, &names, &mut checks);
            demands::import::prepare(work, actor, round_id, &rows, checks).map(Prepared::Demands)
        }
        Target::Offers(market_id) => {
            let names = goods::Names::load(work.connection, work.scope, actor.organisation_id)?;
            let rows = goods::offers(table, &names, &mut checks);
            offers::import::prepare(work, actor, market_id, &rows, checks).map(Prepared::Offers)
        }
        Target::Parties(market_id) => parties::prepare(work, actor, market_id, table, checks).map(Prepared::Parties),
    }
}

fn tally(rows: usize, prepared: &Prepared) -> Tally {
    let (new, unchanged) = match prepared {
        Prepared::Demands(prepared) => (prepared.new_count(), prepared.unchanged_count()),
        Prepared::Offers(prepared) => (prepared.new_count(), prepared.unchanged_count()),
        Prepared::Parties(prepared) => (prepared.new_count(), prepared.unchanged_count()),
    };
    Tally { rows, new, unchanged }
}

/// Notes as bad cells, by row, and how many are left out.
pub(crate) fn told(table: &Table, issues: Vec<FieldIssue>) -> (Vec<CellProblem>, usize) {
    let mut problems: Vec<CellProblem> = distinct(issues).into_iter().map(|issue| locate(table, issue)).collect();
    problems.sort_by_key(|problem| (problem.row, problem.column.len(), problem.column.clone()));
    let unlisted = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    (problems, unlisted)
}

/// The first note about each cell: a cell that could not be read is not also missing.
fn distinct(issues: Vec<FieldIssue>) -> Vec<FieldIssue> {
    let mut seen = BTreeSet::new();
    let cell = |issue: &FieldIssue| issue.pointer.splitn(5, '/').take(4).collect::<Vec<_>>().join("/");
    issues.into_iter().filter(|issue| seen.insert(cell(issue))).collect()
}

fn locate(table: &Table, issue: FieldIssue) -> CellProblem {
    let (row, column, header) = table.locate(&issue.pointer);
    CellProblem { row, column, header, issue }
}
