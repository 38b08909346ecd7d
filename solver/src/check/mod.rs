//! The independent referee: is a plan allowed, is every stated number true, and is it as good as it says?
//!
//! It shares nothing with the engines but the wire types [`crate::problem`] and [`crate::plan`]. It uses integers only,
//! solves nothing, and takes time linear in the number of pairs of demand and offer. What it verifies and how is
//! written in `solver/README.md`, "Checking a plan"; `solver/check_plan.py` is a second one in another language.

mod arith;
mod book;
mod bound;
mod complete;
mod keys;
mod lines;
mod links;
mod money;
mod person;
mod ranges;
mod report;
mod rows;
mod rules;
mod shape;
mod shortages;
mod terms;

pub use complete::{Choice, Multipliers, complete};
pub use person::{PersonPlan, PersonReport, check_person, difference};
pub use report::{Code, MAX_LISTED, Report, Violation};

use crate::plan::{PLAN_FORMAT, Plan};
use crate::problem::Problem;
pub(crate) use arith::round_div;
pub(crate) use book::{Arc, Book, Ratio, accepted};
use money::Money;
pub(crate) use rules::bundle_offers;
use terms::Sums;

/// Judges `plan` for `problem`, whose bytes have the SHA-256 `problem_sha256` (lower-case hex).
///
/// Never panics and never fails: everything wrong is a [`Violation`]. A problem that cannot be judged at all (dangling
/// reference, number out of range) gives [`Code::ProblemInvalid`] and nothing else.
pub fn check(problem: &Problem, problem_sha256: &str, plan: &Plan) -> Report {
    let mut report = Report::empty();
    check_head(problem_sha256, plan, &mut report);
    let book = match Book::open(problem) {
        Ok(book) => book,
        Err(faults) => {
            for fault in faults {
                report.add(fault);
            }
            return report;
        }
    };
    if problem.fairness.is_some() {
        // Never call a rule kept that was not looked at.
        let text = "This version cannot judge whether scarcity is shared by this rule.".to_owned();
        report.add(Violation::new(Code::Fairness, "/fairness".into(), &[], text));
    }
    let lines = lines::check(&book, &plan.lines, &mut report);
    let sums = Sums::of(&book, &lines);
    let money = Money::of(&book, &lines, &sums);
    terms::check_offers(&book, &sums, &mut report);
    terms::check_demands(&book, &lines, &sums, &mut report);
    terms::check_pins(&book, &lines, &mut report);
    rules::check(&book, &lines, &sums, &mut report);
    shortages::check(&book, &plan.shortages, &sums, &mut report);
    money::check(&book, plan, &lines, &money, &mut report);
    report.totals = money.totals;
    shape::check_control(&plan.certificate, &mut report);
    let prices = rows::read(&book, &plan.certificate, &mut report);
    report.bound = prices.and_then(|prices| bound::compute(&book, prices, &mut report));
    shape::check(plan, &mut report);
    report
}

fn check_head(problem_sha256: &str, plan: &Plan, report: &mut Report) {
    if plan.format != PLAN_FORMAT {
        let text = format!("'{}' is not '{PLAN_FORMAT}'.", plan.format);
        report.add(Violation::new(Code::Format, "/format".into(), &[], text));
    }
    if plan.problem_sha256 != problem_sha256 {
        let text = format!("The plan is for problem {}, this one is {problem_sha256}.", plan.problem_sha256);
        report.add(Violation::new(Code::ProblemHash, "/problem_sha256".into(), &[], text));
    }
}
