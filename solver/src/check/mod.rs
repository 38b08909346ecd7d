//! The independent referee: is a plan allowed, is every stated number true, and is it as good as it says?
//!
//! It shares nothing with the engines but the wire types [`crate::problem`] and [`crate::plan`]. It uses integers only,
//! solves nothing, and takes time linear in the number of pairs of demand and offer. What it verifies and how is
//! written in `solver/README.md`, "Checking a plan"; `solver/check_plan.py` is a second one in another language.

mod arith;
mod book;
mod bound;
mod complete;
mod fair;
mod floors;
mod items;
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
mod tree;
mod variables;

pub use complete::{Choice, Multipliers, complete};
pub use person::{PersonPlan, PersonReport, check_person, difference};
pub use report::{Code, MAX_LISTED, Report, Violation};

use crate::plan::{FairShares, PLAN_FORMAT, Plan};
use crate::problem::Problem;
pub(crate) use arith::round_div;
pub(crate) use book::{Arc, Book, DemandLinks, Ratio, accepted};
use money::Money;
pub(crate) use rules::bundle_offers;
use terms::Sums;

/// Judges `plan` for `problem`, whose bytes have the SHA-256 `problem_sha256` (lower-case hex).
///
/// Never panics and never fails: everything wrong is a [`Violation`]. A problem that cannot be judged at all (dangling
/// reference, number out of range) gives [`Code::ProblemInvalid`] and nothing else.
pub fn check(problem: &Problem, problem_sha256: &str, plan: &Plan) -> Report {
    judge(problem, problem_sha256, plan).0
}

/// The report, and what each demand is delivered.
fn judge(problem: &Problem, problem_sha256: &str, plan: &Plan) -> (Report, Vec<i128>) {
    let mut report = Report::empty();
    check_head(problem_sha256, plan, &mut report);
    let mut book = match Book::open(problem) {
        Ok(book) => book,
        Err(faults) => {
            for fault in faults {
                report.add(fault);
            }
            return (report, Vec::new());
        }
    };
    fair::check_shares(&mut book, plan, &mut report);
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
    if let (Some(stated), true) = (&plan.fairness, problem.fairness.is_some()) {
        check_without(&book, problem_sha256, stated, &sums, &mut report);
    }
    shape::check_control(&plan.certificate, &mut report);
    let floors = plan.fairness.as_ref().map_or(&[][..], |stated| &stated.floors);
    let prices = rows::read(&book, &plan.certificate, floors, &mut report);
    report.bound = prices.and_then(|prices| bound::compute(&book, prices, &mut report));
    if let Some(stated) = &plan.certificate.tree {
        let proved = tree::prove(&book, &plan.certificate, stated, &mut report);
        report.bound = report.bound.and(proved);
    }
    shape::check(plan, &mut report);
    (report, sums.served)
}

/// The plan without the rule is judged like any other; totals and cost are compared with it.
fn check_without(book: &Book, problem_sha256: &str, stated: &FairShares, sums: &Sums, report: &mut Report) {
    let plain = Problem { fairness: None, ..book.problem.clone() };
    let (found, served) = judge(&plain, problem_sha256, &stated.without);
    for mut violation in found.violations {
        violation.pointer = format!("/fairness/without{}", violation.pointer);
        report.add(violation);
    }
    floors::check_cost(book, stated, &sums.served, &served, report);
    floors::check_difference(stated, found.totals.objective, report);
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
