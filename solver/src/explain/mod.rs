//! Why a plan is as it is, in numbers that were tried out: every claim beyond the plan itself is confirmed by changing
//! the problem and solving again.
//!
//! * each line: the runner-up offer and by how much it is dearer;
//! * each shortage: the cheapest change that would end it;
//! * each losing offer: the highest price at which it would win something (and nothing about anybody else's price);
//! * each rule: what it costs; each scarce stock: what one more pack is worth;
//! * clashing pins: a smallest clashing set and its cheapest repairs.
//!
//! The facts about pairs are the referee's ([`crate::check`]), not the engines'.

mod change;
mod fixes;
mod lines;
mod offers;
mod pins;
mod rules;
mod scope;
mod stocks;

pub use change::{Change, money_text, price_text};
pub use fixes::{Fix, ShortageAnswer};
pub use lines::{LineAnswer, RunnerUp};
pub use offers::OfferAnswer;
pub use pins::{Clash, Repair, clashes};
pub use rules::RuleAnswer;
pub use stocks::StockAnswer;

use std::cell::Cell;

use serde::Serialize;

use crate::check::{Book, Violation};
use crate::plan::{Plan, Totals};
use crate::problem::Problem;
use crate::{SolveError, SolveOptions, solve};

/// What to explain. Lines and shortages come from the plan; the rest needs many solves and is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainOptions {
    /// Only this demand's lines and shortages.
    pub demand: Option<String>,
    /// This offer's chances; with neither demand nor offer given, those of every losing offer.
    pub offer: Option<String>,
    /// The cost of each rule.
    pub rules: bool,
    /// The value of one more pack of each scarce stock.
    pub stocks: bool,
    /// Most problems that may be solved; what is left unanswered then says so.
    pub max_solves: usize,
    /// How to solve.
    pub solve: SolveOptions,
}

impl Default for ExplainOptions {
    fn default() -> Self {
        let solve = SolveOptions::default();
        Self { demand: None, offer: None, rules: false, stocks: false, max_solves: 2_000, solve }
    }
}

/// All answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Lines of the plan with their runner-up.
    pub lines: Vec<LineAnswer>,
    /// Demands that are short, with confirmed fixes.
    pub shortages: Vec<ShortageAnswer>,
    /// Losing offers.
    pub offers: Vec<OfferAnswer>,
    /// Rules and what they cost.
    pub rules: Vec<RuleAnswer>,
    /// Scarce stocks and what one more pack is worth.
    pub stocks: Vec<StockAnswer>,
    /// Problems solved.
    pub solves: usize,
    /// Whether the limit on solves cut the answers short.
    pub cut_short: bool,
}

/// Why nothing could be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The problem cannot be judged.
    #[error("the problem has {} faults", .0.len())]
    Invalid(Vec<Violation>),
    /// No demand or offer has this id.
    #[error("there is no record '{0}'")]
    Unknown(String),
    /// The limit on solves is reached.
    #[error("the limit on solves is reached")]
    Limit,
    /// A changed problem could not be solved.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

/// Explains a plan that has passed the check.
///
/// # Errors
/// [`ExplainError`]; reaching the limit on solves is no error here, it only shortens the answer.
pub fn explain(problem: &Problem, plan: &Plan, options: &ExplainOptions) -> Result<Explanation, ExplainError> {
    let book = Book::open(problem).map_err(ExplainError::Invalid)?;
    let known = |id: &Option<String>, index: &std::collections::HashMap<&str, usize>| match id {
        Some(id) if !index.contains_key(id.as_str()) => Err(ExplainError::Unknown(id.clone())),
        _ => Ok(()),
    };
    known(&options.demand, &book.demand_at)?;
    known(&options.offer, &book.offer_at)?;
    let again = Again::new(options);
    let mut answer = Explanation {
        lines: lines::explain(&book, plan, options),
        shortages: Vec::new(),
        offers: Vec::new(),
        rules: Vec::new(),
        stocks: Vec::new(),
        solves: 0,
        cut_short: false,
    };
    let outcome = fill(&book, plan, options, &again, &mut answer);
    answer.solves = again.solves.get();
    match outcome {
        Err(ExplainError::Limit) => answer.cut_short = true,
        other => other?,
    }
    Ok(answer)
}

/// The answers that need solving again, in the order of their worth.
fn fill(
    book: &Book,
    plan: &Plan,
    options: &ExplainOptions,
    again: &Again,
    answer: &mut Explanation,
) -> Result<(), ExplainError> {
    if options.offer.is_none() || options.demand.is_some() {
        fixes::explain(book, plan, options, again, &mut answer.shortages)?;
    }
    if options.demand.is_none() || options.offer.is_some() {
        offers::explain(book, plan, options, again, &mut answer.offers)?;
    }
    if options.rules {
        rules::explain(book, again, &mut answer.rules)?;
    }
    if options.stocks {
        stocks::explain(book, plan, again, &mut answer.stocks)?;
    }
    Ok(())
}

/// Solves changed problems, counting.
pub(crate) struct Again<'a> {
    options: &'a ExplainOptions,
    solves: Cell<usize>,
}

impl<'a> Again<'a> {
    fn new(options: &'a ExplainOptions) -> Self {
        Self { options, solves: Cell::new(0) }
    }

    /// Solves a changed problem. The plan's hash is left empty: it is never handed out.
    fn solve(&self, problem: &Problem) -> Result<Plan, ExplainError> {
        if self.solves.get() >= self.options.max_solves {
            return Err(ExplainError::Limit);
        }
        self.solves.set(self.solves.get() + 1);
        Ok(solve(problem, "", &self.options.solve, &mut |_| ())?)
    }
}

/// What a plan counts without the weights of priority classes and fair shares, which are not money.
fn counted(totals: &Totals) -> i128 {
    totals.objective - totals.priority - totals.fairness
}

/// What is really paid: goods, freight, fees.
fn paid(totals: &Totals) -> i128 {
    totals.goods + totals.freight + totals.fees
}

/// Base units missing of one demand.
fn missing(plan: &Plan, demand: &str) -> i64 {
    plan.shortages.iter().filter(|shortage| shortage.demand == demand).map(|shortage| shortage.quantity).sum()
}

/// Base units taken of one offer.
fn taken(plan: &Plan, offer: &str) -> i64 {
    plan.lines.iter().filter(|line| line.offer == offer).map(|line| line.quantity).sum()
}
