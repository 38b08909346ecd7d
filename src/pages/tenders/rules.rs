//! The usual scenarios as a form: which ones to solve, each with its one number.

use super::super::form::Form;
use super::super::view::View;
use crate::parties::Class;
use crate::tenders::scenarios::NewScenario;
use crate::tenders::scenarios::rules::{ClassRule, Rules};

/// One of the usual scenarios.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// Its word in the form and the catalogue.
    pub word: &'static str,
    /// The number it needs, as proposed, with the least and the most that it may be.
    pub number: Option<(i64, i64, i64)>,
}

/// In the order of the page; the cheapest comes first, because the others are compared with it.
pub(super) const WISHES: &[Wish] = &[
    Wish { word: "cheapest", number: None },
    Wish { word: "few", number: Some((3, 1, 1_000)) },
    Wish { word: "small", number: Some((40, 1, 100)) },
    Wish { word: "spread", number: Some((50, 1, 100)) },
    Wish { word: "fair", number: None },
    Wish { word: "freight", number: None },
];
/// Cooperatives, micro and small businesses.
const SMALL: [Class; 4] = [Class::Koperasi, Class::Kdmp, Class::Mikro, Class::Kecil];

impl Wish {
    /// Name of the field of its number.
    pub fn field(&self) -> String {
        format!("number-{}", self.word)
    }

    fn rules(self, number: i64) -> Rules {
        let classes = SMALL.iter().map(|class| class.word().to_owned()).collect();
        match self.word {
            "few" => Rules { max_suppliers: Some(number), ..Rules::default() },
            "small" => {
                let rule = ClassRule { classes, min_permille: number * 10 };
                Rules { min_class_share: Some(rule), ..Rules::default() }
            }
            "spread" => Rules { max_supplier_permille: Some(number * 10), ..Rules::default() },
            "fair" => Rules { fair: true, ..Rules::default() },
            "freight" => Rules { without_freight: true, ..Rules::default() },
            _ => Rules::default(),
        }
    }
}

/// All ticked, with the proposed numbers.
pub(super) fn blank() -> Form {
    let mut form = Form::blank(WISHES.iter().map(|wish| ("wish", wish.word.to_owned())));
    for wish in WISHES {
        if let Some((number, ..)) = wish.number {
            form.set(&wish.field(), number.to_string());
        }
    }
    form
}

/// The scenarios that were ticked; notes numbers that are none.
pub(super) fn read(view: &View, form: &mut Form) -> Vec<NewScenario> {
    let mut found = Vec::new();
    for wish in WISHES.iter().filter(|wish| form.has("wish", wish.word)).collect::<Vec<_>>() {
        let Some((_, least, most)) = wish.number else {
            found.push(NewScenario { name: view.say(format!("scen-name-{}", wish.word)), rules: wish.rules(0) });
            continue;
        };
        match form.value(wish.field()).parse::<i64>().ok().filter(|number| (least..=most).contains(number)) {
            Some(number) => found.push(NewScenario {
                name: view.say1(format!("scen-name-{}", wish.word), "number", number),
                rules: wish.rules(number),
            }),
            None => form.add_problem(&wish.field(), view.say2("scen-number", "least", least, "most", most)),
        }
    }
    if found.is_empty() && !form.is_wrong() {
        form.add_problem("wish", view.say("scen-none-ticked"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_scenario_asks_for_what_it_says() {
        let rules: Vec<Rules> = WISHES.iter().map(|wish| wish.rules(40)).collect();
        assert!(rules[0].is_cheapest() && rules.iter().filter(|one| one.is_cheapest()).count() == 1);
        assert_eq!(rules[2].min_class_share.as_ref().unwrap().min_permille, 400);
        assert_eq!(rules[3].max_supplier_permille, Some(400));
        assert!(rules[4].fair && !rules[5].is_buyable());
        let mut checks = crate::error::Checks::default();
        for one in &rules {
            one.check("", &mut checks);
        }
        assert!(checks.is_clean());
        assert!(blank().has("wish", "fair") && blank().value("number-few") == "3");
    }
}
