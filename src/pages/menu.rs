//! Where a person can go from every page, after what the organisation is and what the person does for it.

use super::view::Person;
use crate::parties::{Capability, Role};

/// One way to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where to.
    pub href: &'static str,
    /// Its name in the catalogue.
    pub key: &'static str,
    /// Whether the reader is there already.
    pub is_here: bool,
}

/// Who sees an entry.
type Sees = fn(&Person) -> bool;

const PEOPLE: &[(&str, &str, Sees)] = &[
    ("/home", "common-menu-home", |_| true),
    ("/demands", "common-menu-demands", buys),
    ("/offers", "common-menu-offers", sells),
    ("/calls", "tenders-menu", sells),
    ("/orders", "common-menu-orders", |person| buys(person) || sells(person)),
    ("/operate", "common-menu-operate", operates),
    ("/operate/calls", "calls-menu", operates),
    ("/observe", "common-menu-observe", observes),
    ("/assist", "common-menu-assist", |person| person.actor.role == Role::Assistant),
    ("/account", "common-menu-account", |person| !person.is_assisting()),
    ("/help", "common-menu-help", |_| true),
];
const VISITORS: &[(&str, &str)] = &[("/", "common-menu-rounds"), ("/help", "common-menu-help")];

fn buys(person: &Person) -> bool {
    has(person, Capability::Buyer) || has(person, Capability::Kitchen)
}

fn sells(person: &Person) -> bool {
    has(person, Capability::Seller)
}

fn operates(person: &Person) -> bool {
    has(person, Capability::Operator)
}

fn observes(person: &Person) -> bool {
    person.actor.role == Role::Observer || operates(person)
}

fn has(person: &Person, capability: Capability) -> bool {
    person.actor.capabilities.contains(&capability)
}

/// What this person can go to; `path` is where they are.
pub fn of(person: Option<&Person>, path: &str) -> Vec<Entry> {
    // The longest way that leads here, so that `/operate` is not marked on `/operate/calls`.
    let leads = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
    let longest = PEOPLE.iter().map(|(href, ..)| *href).filter(|href| leads(href)).max_by_key(|href| href.len());
    let is_here = |href: &str| leads(href) && longest.is_none_or(|longest| longest == href);
    let entry = |href: &'static str, key: &'static str| Entry { href, key, is_here: is_here(href) };
    match person {
        Some(person) => {
            PEOPLE.iter().filter(|(.., sees)| sees(person)).map(|(href, key, _)| entry(href, key)).collect()
        }
        None => VISITORS.iter().map(|(href, key)| entry(href, key)).collect(),
    }
}
