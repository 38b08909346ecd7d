//! What every page knows: the reader's language, who is signed in and for whom they act, the hidden key of
//! its forms. Templates say everything through it.

use super::assets;
use super::menu::{self, Entry};
use super::stand::unit_name;
use super::words::{self, Value};
use crate::catalog::Unit;
use crate::error::ErrorDef;
use crate::markets::TimeZone;
use crate::parties::{Actor, Authority, Organisation};
use crate::values::{BaseUnit, Day, Quantity, Rupiah, Timestamp, UnitPrice};
use crate::web::problem::{Language, words as in_words};
use std::borrow::Borrow;

/// The person who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who acts, and for whom.
    pub actor: Actor,
    /// The organisation acted for.
    pub organisation: Organisation,
    /// Whether it belongs to a training market.
    pub trains: bool,
}

impl Person {
    /// Whether this is an assistant acting for a cooperative.
    pub fn is_assisting(&self) -> bool {
        matches!(self.actor.authority, Authority::Granted { .. })
    }
}

/// What the layout and every template can use; see the module.
#[derive(Debug, Clone)]
pub struct View {
    /// The reader's language.
    pub language: Language,
    /// Path and query of this page, for coming back to it.
    pub address: String,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Whether this is about a training market: said at the top of the page.
    pub training: bool,
    /// Key of what was just done, shown once at the top; `done-…` in the catalogue.
    pub done: Option<String>,
    /// The draft that the server has just taken, so that the phone forgets its copy.
    pub taken: Option<String>,
    /// A fresh key for the forms of this page, so that sending one twice has one effect.
    pub key: String,
}

impl View {
    /// `id` or `en`, for the document and for choosing the other one.
    pub fn tag(&self) -> &'static str {
        if self.language == Language::Indonesian { "id" } else { "en" }
    }

    /// Where the name at the top leads.
    pub fn home(&self) -> &'static str {
        if self.person.is_some() { "/home" } else { "/" }
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.address.split('?').next().unwrap_or("/")
    }

    /// The organisation that forms of this page act for; empty for visitors.
    pub fn acting_for(&self) -> String {
        self.person.as_ref().map(|person| person.actor.organisation_id.to_string()).unwrap_or_default()
    }

    /// What the person can go to.
    pub fn menu(&self) -> Vec<Entry> {
        menu::of(self.person.as_ref(), self.path())
    }

    /// The address of a file in `static/`, which changes with its content.
    #[expect(clippy::unused_self, reason = "templates reach everything through the view")]
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// A sentence of the catalogue.
    pub fn say(&self, key: impl AsRef<str>) -> String {
        words::say(self.language, key.as_ref(), &[])
    }

    /// A sentence with one place filled.
    pub fn say1(&self, key: impl AsRef<str>, name: &str, value: impl Value) -> String {
        words::say(self.language, key.as_ref(), &[(name, &value)])
    }

    /// A sentence with two places filled.
    pub fn say2(&self, key: impl AsRef<str>, a: &str, first: impl Value, b: &str, second: impl Value) -> String {
        words::say(self.language, key.as_ref(), &[(a, &first), (b, &second)])
    }

    /// `1.234`.
    pub fn number(&self, number: impl Borrow<i64>) -> String {
        words::number(self.language, *number.borrow())
    }

    /// `Rp 13.500`.
    pub fn rupiah(&self, amount: impl Borrow<Rupiah>) -> String {
        words::rupiah(self.language, amount.borrow().get())
    }

    /// `Rp 13.500`; of a sum or a difference.
    pub fn money(&self, rupiah: impl Borrow<i64>) -> String {
        words::rupiah(self.language, *rupiah.borrow())
    }

    /// A certificate's name, from its word.
    pub fn certificate(&self, word: &str) -> String {
        self.say(format!("certificate-{}", word.replace('_', "-")))
    }

    /// A unit's name.
    pub fn unit_name(&self, unit: &Unit) -> String {
        unit_name(unit, self.language)
    }

    /// `tiga belas ribu lima ratus rupiah`.
    pub fn in_words(&self, amount: impl Borrow<Rupiah>) -> String {
        words::in_words(self.language, amount.borrow().get())
    }

    /// `Rp 13.500,5`; a price per pricing unit.
    pub fn price(&self, price: impl Borrow<UnitPrice>) -> String {
        words::unit_price(self.language, *price.borrow())
    }

    /// `1,5 kg`.
    pub fn quantity(&self, quantity: impl Borrow<Quantity>, unit: impl Borrow<BaseUnit>) -> String {
        words::quantity(self.language, quantity.borrow().get(), *unit.borrow())
    }

    /// `99,5 %`.
    pub fn percent(&self, permille: impl Borrow<i64>) -> String {
        words::percent(self.language, *permille.borrow())
    }

    /// `Senin 23 November 2026`.
    pub fn day(&self, day: impl Borrow<Day>) -> String {
        words::day(self.language, *day.borrow())
    }

    /// `Senin 23 November`.
    pub fn day_short(&self, day: impl Borrow<Day>) -> String {
        words::day_short(self.language, *day.borrow())
    }

    /// `23–27 November 2026`.
    pub fn days(&self, first: impl Borrow<Day>, last: impl Borrow<Day>) -> String {
        words::days(self.language, *first.borrow(), *last.borrow())
    }

    /// `Senin 23 November 2026 pukul 09.00 WITA`.
    pub fn moment(&self, instant: impl Borrow<Timestamp>, zone: impl Borrow<TimeZone>) -> String {
        words::moment(self.language, *instant.borrow(), *zone.borrow())
    }

    /// [`View::days`] of days as a report writes them; as they are where they are no days.
    pub fn days_of(&self, first: &str, last: &str) -> String {
        match Day::parse(first).ok().zip(Day::parse(last).ok()) {
            Some((first, last)) => self.days(first, last),
            None => format!("{first} – {last}"),
        }
    }

    /// What a refusal says and what to do about it, in words of a page: those of its code where the page has its own
    /// (`said-…`), because the code's speak to programs.
    pub fn refusal(&self, def: &ErrorDef) -> (String, String) {
        let key = format!("said-{}", def.code.to_lowercase().replace('_', "-"));
        if words::exists(&key) { (self.say(&key), self.say(format!("{key}-do"))) } else { in_words(def, self.language) }
    }

    /// Where a round stands.
    pub fn round_status(&self, word: &str) -> String {
        self.say(format!("round-status-{word}"))
    }

    /// Where an order stands.
    pub fn order_status(&self, word: &str) -> String {
        self.say(format!("order-status-{}", word.replace('_', "-")))
    }

    /// Why something was not served, from the solver's code.
    pub fn reason(&self, code: &str) -> String {
        let key = format!("reason-{}", code.to_lowercase().replace('_', "-"));
        if words::exists(&key) { self.say(key) } else { self.say("reason-other") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::CommonError;

    #[test]
    fn a_page_never_speaks_of_headers_and_programs() {
        for language in [Language::Indonesian, Language::English] {
            let view = View {
                language,
                address: "/".to_owned(),
                person: None,
                training: false,
                done: None,
                taken: None,
                key: String::new(),
            };
            for code in CommonError::ALL {
                // These reach programs only: pages send no JSON, and a missing sign-in leads to signing in.
                if ["MALFORMED_JSON", "SIGN_IN_NEEDED"].contains(&code.code()) {
                    continue;
                }
                let (detail, action) = view.refusal(code.def());
                for word in
                    ["JSON", "Idempotency", "If-Match", "ETag", "Content-Type", "Bearer", "header", "Allow", "API"]
                {
                    assert!(!detail.contains(word) && !action.contains(word), "{}: {detail} {action}", code.code());
                }
            }
        }
    }
}
