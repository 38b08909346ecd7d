//! What each rule costs: the plan with it against the plan without it.

use serde::Serialize;

use super::change::bundle_id;
use super::{Again, ExplainError, counted, paid};
use crate::check::Book;
use crate::problem::Problem;

/// The price of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleAnswer {
    /// What kind of rule (`exclusion`, `max_suppliers`, `price_ceiling`, …).
    pub rule: String,
    /// Records it is about: a buyer, a supplier, a pair, a certificate.
    pub about: Vec<String>,
    /// Ticks that the plan counts more because of the rule, shortage penalties and all.
    #[serde(serialize_with = "super::offers::as_text")]
    pub cost: i128,
    /// Ticks paid more for goods, freight and fees because of the rule (below 0: it also keeps goods from being bought).
    #[serde(serialize_with = "super::offers::as_text")]
    pub paid_more: i128,
    /// Ticks of shortage penalties that the rule adds.
    #[serde(serialize_with = "super::offers::as_text")]
    pub shortage: i128,
}

/// A rule and the way to do without it.
struct Rule {
    name: &'static str,
    about: Vec<String>,
    lift: Box<dyn Fn(&mut Problem)>,
}

impl Rule {
    fn new(name: &'static str, about: &[&str], lift: impl Fn(&mut Problem) + 'static) -> Self {
        let about = about.iter().map(|&id| id.to_owned()).collect();
        Self { name, about, lift: Box::new(lift) }
    }
}

/// Answers for every rule of the problem.
pub fn explain(book: &Book, again: &Again, answers: &mut Vec<RuleAnswer>) -> Result<(), ExplainError> {
    let rules = all(book.problem);
    if rules.is_empty() {
        return Ok(());
    }
    let with = again.solve(book.problem)?.totals;
    for rule in rules {
        let mut problem = book.problem.clone();
        (rule.lift)(&mut problem);
        let without = again.solve(&problem)?.totals;
        answers.push(RuleAnswer {
            rule: rule.name.to_owned(),
            about: rule.about,
            cost: counted(&with) - counted(&without),
            paid_more: paid(&with) - paid(&without),
            shortage: with.shortage - without.shortage,
        });
    }
    Ok(())
}

/// Every rule that somebody set, in a fixed order.
fn all(problem: &Problem) -> Vec<Rule> {
    let mut rules = Vec::new();
    of_people(problem, &mut rules);
    of_buyers(problem, &mut rules);
    of_suppliers(problem, &mut rules);
    of_demands(problem, &mut rules);
    rules
}

/// Exclusions, pins, class shares, bundles, fairness, the incumbent.
fn of_people(problem: &Problem, rules: &mut Vec<Rule>) {
    for (at, rule) in problem.exclusions.iter().enumerate() {
        let ids: Vec<&str> =
            [&rule.buyer, &rule.demand, &rule.supplier, &rule.offer].into_iter().filter_map(Option::as_deref).collect();
        rules.push(Rule::new("exclusion", &ids, move |p| drop(p.exclusions.remove(at))));
    }
    for (at, pin) in problem.pins.iter().enumerate() {
        rules.push(Rule::new("pin", &[&pin.demand, &pin.offer], move |p| {
            drop(p.pins.remove(at));
        }));
    }
    for (at, share) in problem.class_shares.iter().enumerate() {
        rules.push(Rule::new("class_share", &[&share.id], move |p| {
            drop(p.class_shares.remove(at));
        }));
    }
    for (at, bundle) in problem.bundles.iter().enumerate() {
        rules.push(Rule::new("bundle", &[bundle_id(bundle)], move |p| {
            drop(p.bundles.remove(at));
        }));
    }
    if problem.fairness.is_some() {
        rules.push(Rule::new("fairness", &[], |p| p.fairness = None));
    }
    if problem.incumbent.is_some() {
        rules.push(Rule::new("incumbent", &[], |p| p.incumbent = None));
    }
}

fn of_buyers(problem: &Problem, rules: &mut Vec<Rule>) {
    for (at, buyer) in problem.buyers.iter().enumerate() {
        let id = [buyer.id.as_str()];
        if buyer.budget.is_some() {
            rules.push(Rule::new("budget", &id, move |p| p.buyers[at].budget = None));
        }
        if buyer.min_suppliers.is_some() {
            rules.push(Rule::new("min_suppliers", &id, move |p| {
                p.buyers[at].min_suppliers = None;
            }));
        }
        if buyer.max_suppliers.is_some() {
            rules.push(Rule::new("max_suppliers", &id, move |p| {
                p.buyers[at].max_suppliers = None;
            }));
        }
        if buyer.max_supplier_share_permille.is_some() {
            let lift = move |p: &mut Problem| p.buyers[at].max_supplier_share_permille = None;
            rules.push(Rule::new("max_supplier_share", &id, lift));
        }
    }
}

fn of_suppliers(problem: &Problem, rules: &mut Vec<Rule>) {
    for (at, supplier) in problem.suppliers.iter().enumerate() {
        let id = [supplier.id.as_str()];
        if !supplier.active {
            rules.push(Rule::new("suspended", &id, move |p| p.suppliers[at].active = true));
        }
        if supplier.min_order_value > 0 {
            rules.push(Rule::new("min_order_value", &id, move |p| {
                p.suppliers[at].min_order_value = 0;
            }));
        }
        if supplier.capacity_g_per_day.is_some() {
            rules.push(Rule::new("capacity", &id, move |p| {
                p.suppliers[at].capacity_g_per_day = None;
            }));
        }
        if supplier.capacity_g.is_some() {
            rules.push(Rule::new("capacity_in_all", &id, move |p| {
                p.suppliers[at].capacity_g = None;
            }));
        }
    }
    if problem.offers.iter().any(|offer| offer.min_line > offer.pack) {
        rules.push(Rule::new("min_line", &[], |p| {
            p.offers.iter_mut().for_each(|offer| offer.min_line = 0);
        }));
    }
    if problem.offers.iter().any(|offer| offer.min_total > 0) {
        rules.push(Rule::new("min_total", &[], |p| {
            p.offers.iter_mut().for_each(|offer| offer.min_total = 0);
        }));
    }
    if problem.offers.iter().any(|offer| offer.radius_m.is_some()) {
        rules.push(Rule::new("radius", &[], |p| {
            p.offers.iter_mut().for_each(|offer| offer.radius_m = None);
        }));
    }
}

/// Certificates by name, price ceilings, priority classes.
fn of_demands(problem: &Problem, rules: &mut Vec<Rule>) {
    let names: std::collections::BTreeSet<&String> = problem.demands.iter().flat_map(|d| &d.requirements).collect();
    for name in names {
        let own = name.clone();
        let lift = move |p: &mut Problem| {
            p.demands.iter_mut().for_each(|d| d.requirements.retain(|need| *need != own));
        };
        rules.push(Rule::new("certificate", &[name], lift));
    }
    if problem.demands.iter().any(|demand| demand.price_ceiling.is_some()) {
        rules.push(Rule::new("price_ceiling", &[], |p| {
            p.demands.iter_mut().for_each(|d| d.price_ceiling = None);
        }));
    }
    if problem.demands.iter().any(|demand| demand.priority != problem.demands[0].priority) {
        rules.push(Rule::new("priority", &[], |p| {
            p.demands.iter_mut().for_each(|d| d.priority = 0);
        }));
    }
}
