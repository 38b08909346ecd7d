//! "Plan mode": a plan that a person made, or changed by hand, judged against every term of the problem.
//!
//! Such a plan states only who gets what from whom; a certificate, prices and totals are not asked for. The answer lists
//! each violated term with its amounts and, beside a reference plan, what the person's choices cost more.

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::complete::{Choice, Multipliers, complete};
use super::lines;
use super::report::{Code, Violation};
use crate::plan::{Plan, Totals};
use crate::problem::{ParseError, Problem};

/// What a person's document must hold; a whole plan document is one too, its other fields are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PersonPlan {
    /// Who gets what from whom.
    pub lines: Vec<Choice>,
}

impl PersonPlan {
    /// Reads a person's plan, or the lines of a whole plan document.
    ///
    /// # Errors
    /// As [`Problem::from_json`], except that other fields are passed over.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ParseError> {
        serde_json::from_slice(bytes).map_err(|error| ParseError {
            line: error.line(),
            column: error.column(),
            cause: error.to_string(),
        })
    }
}

/// What is wrong with a person's plan, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonReport {
    /// Violated terms; empty when the plan is allowed.
    pub violations: Vec<Violation>,
    /// Totals of the lines that could be read.
    pub totals: Totals,
    /// Part by part, what this plan costs more than the reference, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<Totals>,
    /// The plan with all numbers filled in, as far as its lines could be read.
    #[serde(skip_serializing)]
    pub plan: Option<Plan>,
}

/// Judges the choices of a person.
///
/// Fair shares are those of the reference plan; without one they are not judged. Reasons of shortages are not judged: leaving a demand short may simply be the person's choice, and shows in the cost.
pub fn check_person(
    problem: &Problem,
    problem_sha256: &str,
    choices: &[Choice],
    reference: Option<&Plan>,
) -> PersonReport {
    let nothing = |violations| PersonReport {
        violations,
        totals: super::report::Report::empty().totals,
        extra: None,
        plan: None,
    };
    let (readable, mut violations) = match Book::open(problem) {
        Ok(book) => split(&book, choices),
        Err(faults) => return nothing(faults),
    };
    let fairness = reference.and_then(|reference| reference.fairness.clone()).filter(|_| problem.fairness.is_some());
    let knows_shares = fairness.is_some();
    let given = Multipliers { fairness, ..Multipliers::default() };
    let plan = match complete(problem, problem_sha256, &readable, given) {
        Ok(plan) => plan,
        Err(faults) => return nothing(faults),
    };
    let found = super::check(problem, problem_sha256, &plan).violations;
    let judged = found
        .into_iter()
        .filter(|violation| violation.code != Code::Reason && (violation.code != Code::Fairness || knows_shares));
    violations.extend(judged.map(|violation| renumber(violation, &plan, choices)));
    let extra = reference.map(|reference| difference(&plan.totals, &reference.totals));
    PersonReport { violations, totals: plan.totals.clone(), extra, plan: Some(plan) }
}

/// Lines that can be added up, and what is wrong with those that cannot (no such record, no quantity).
fn split(book: &Book, choices: &[Choice]) -> (Vec<Choice>, Vec<Violation>) {
    let (mut readable, mut violations) = (Vec::new(), Vec::new());
    for (at, choice) in choices.iter().enumerate() {
        match lines::judge(book, at, &choice.as_line()) {
            (Some(_), _) => readable.push(choice.clone()),
            (None, faults) => violations.extend(faults),
        }
    }
    (readable, violations)
}

/// Points a violation at the line as the person numbered it, not as the completed plan orders it.
fn renumber(mut violation: Violation, plan: &Plan, choices: &[Choice]) -> Violation {
    let Some(rest) = violation.pointer.strip_prefix("/lines/") else {
        return violation;
    };
    let (at, field) = rest.split_once('/').map_or((rest, ""), |(at, field)| (at, field));
    let line = at.parse().ok().and_then(|at: usize| plan.lines.get(at));
    let same = |choice: &Choice| {
        line.is_some_and(|line| (&line.demand, &line.offer, line.day) == (&choice.demand, &choice.offer, choice.day))
    };
    if let Some(own) = choices.iter().position(same) {
        violation.pointer = format!("/lines/{own}/{field}");
    }
    violation
}

/// `left` less `right`, part by part.
pub fn difference(left: &Totals, right: &Totals) -> Totals {
    Totals {
        goods: left.goods.saturating_sub(right.goods),
        freight: left.freight.saturating_sub(right.freight),
        fees: left.fees.saturating_sub(right.fees),
        penalties: left.penalties.saturating_sub(right.penalties),
        shortage: left.shortage.saturating_sub(right.shortage),
        priority: left.priority.saturating_sub(right.priority),
        fairness: left.fairness.saturating_sub(right.fairness),
        objective: left.objective.saturating_sub(right.objective),
    }
}
