//! Help: the first steps for each role, and the words of the trade explained.

use super::render;
use super::view::{Person, View};
use super::visit::Visit;
use crate::error::AppError;
use crate::parties::{Capability, Role};
use askama::Template;
use axum::response::Response;

/// Who a guide is for, and how many steps it has (`help-buyer-1`, `help-buyer-2`, …).
const GUIDES: [(&str, usize); 6] =
    [("buyer", 5), ("kitchen", 4), ("seller", 5), ("assistant", 4), ("operator", 5), ("observer", 3)];
/// Words that are explained (`term-…`, and `glossary-…` for the word itself).
const TERMS: [&str; 12] = [
    "het",
    "hps",
    "hap",
    "surat-jalan",
    "putaran",
    "penawaran",
    "pesanan",
    "franco",
    "sppg",
    "kkmp",
    "umkm",
    "terbilang",
];

#[derive(Template)]
#[template(path = "help/help.html")]
struct Help {
    view: View,
    guides: Vec<Guide>,
    terms: [&'static str; 12],
}

/// The steps of one role.
struct Guide {
    role: &'static str,
    steps: usize,
    is_own: bool,
}

impl Help {
    fn title(&self, guide: &Guide) -> String {
        self.view.say(format!("help-{}", guide.role))
    }

    fn steps(&self, guide: &Guide) -> Vec<String> {
        (1..=guide.steps).map(|step| self.view.say(format!("help-{}-{step}", guide.role))).collect()
    }

    fn word(&self, term: &str) -> String {
        self.view.say(format!("glossary-{term}"))
    }

    fn meaning(&self, term: &str) -> String {
        self.view.say(format!("term-{term}"))
    }
}

fn is_for(person: &Person, role: &str) -> bool {
    let has = |capability| person.actor.capabilities.contains(&capability);
    match role {
        "buyer" => has(Capability::Buyer),
        "kitchen" => has(Capability::Kitchen),
        "seller" => has(Capability::Seller),
        "assistant" => person.actor.role == Role::Assistant,
        "operator" => has(Capability::Operator) && person.actor.role != Role::Observer,
        _ => person.actor.role == Role::Observer,
    }
}

pub(super) async fn show(Visit(view): Visit) -> Result<Response, AppError> {
    let guides = GUIDES.iter().map(|(role, steps)| Guide {
        role,
        steps: *steps,
        is_own: view.person.as_ref().is_some_and(|person| is_for(person, role)),
    });
    let mut guides: Vec<Guide> = guides.collect();
    guides.sort_by_key(|guide| !guide.is_own);
    render(&Help { view, guides, terms: TERMS })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::words::exists;

    #[test]
    fn every_step_and_term_is_said() {
        for (role, steps) in GUIDES {
            assert!(exists(&format!("help-{role}")), "{role}");
            assert!((1..=steps).all(|step| exists(&format!("help-{role}-{step}"))), "{role}");
            assert!(!exists(&format!("help-{role}-{}", steps + 1)), "{role} has a step that is not shown");
        }
        for term in TERMS {
            assert!(exists(&format!("term-{term}")) && exists(&format!("glossary-{term}")), "{term}");
        }
    }
}
