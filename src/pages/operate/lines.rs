//! Lines of a plan with names, for touching, and what a new plan changes.

use super::super::view::View;
use super::super::words;
use super::choices::{Choice, Choices};
use crate::catalog::{self, Commodity};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::pages::stand::name_of;
use crate::parties;
use crate::rounds::types::Snapshot;
use crate::scope::Scope;
use crate::values::decimal::div_half_even;
use crate::values::ids::parse_id;
use crate::values::{Day, Rupiah};
use pasok_solver::compare::{Difference, LineChange, compare};
use pasok_solver::plan::{self, Plan};
use pasok_solver::problem::{Problem, TICKS_PER_RUPIAH};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Lines on one page.
const LIMIT: usize = 40;
/// Most changed lines shown one by one.
const CHANGES: usize = 100;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The choices so far.
    pub with: String,
    /// One more.
    pub add: String,
    /// One fewer.
    pub drop: String,
    /// Not empty: `with` counts even where it is empty.
    pub keeps: String,
    /// What was computed.
    pub scenario: String,
    /// Only this buyer's lines.
    pub buyer: String,
    /// How many lines to leave out at the beginning.
    pub after: String,
}

/// Something with a value for the form.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub value: String,
    pub name: String,
}

/// A line that can be touched.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub buyer: String,
    pub seller: String,
    pub goods: String,
    pub amount: String,
    pub day: String,
    pub landed: String,
    pub pin: String,
    pub apart: String,
    pub is_pinned: bool,
    pub is_apart: bool,
}

/// A line that differs between two plans.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub buyer: String,
    pub seller: String,
    pub goods: String,
    pub before: String,
    pub after: String,
    pub cost: String,
}

/// Before and after a re-plan.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// Lines that differ, at most [`CHANGES`].
    pub lines: Vec<Changed>,
    pub differing: i64,
    pub unchanged: i64,
    pub demands_short: i64,
    /// Parts of the cost and how much more or less each comes to: word of the part, amount.
    pub costs: Vec<(&'static str, String)>,
}

/// Records that the problem names by id.
pub(super) struct Names {
    commodities: BTreeMap<i64, Commodity>,
    parties: HashMap<i64, String>,
    days: Vec<Day>,
    /// Buyer and commodity by demand; seller by offer.
    demands: HashMap<String, (i64, i64)>,
    offers: HashMap<String, i64>,
}

impl Names {
    pub(super) fn load(
        connection: &mut DbConnection,
        scope: &Scope,
        (problem, snapshot): (&Problem, &Snapshot),
    ) -> Result<Self, AppError> {
        let id = |text: &str| parse_id(text).unwrap_or_default();
        let ids: BTreeSet<i64> =
            problem.buyers.iter().map(|b| id(&b.id)).chain(problem.suppliers.iter().map(|s| id(&s.id))).collect();
        let found = parties::service::list_by_ids(connection, scope, &ids.into_iter().collect::<Vec<_>>())?;
        Ok(Self {
            commodities: catalog::service::load_all(connection)?,
            parties: found.into_iter().map(|one| (one.id, one.name)).collect(),
            days: snapshot.days.clone(),
            demands: problem.demands.iter().map(|d| (d.id.clone(), (id(&d.buyer), id(&d.commodity)))).collect(),
            offers: problem.offers.iter().map(|o| (o.id.clone(), id(&o.supplier))).collect(),
        })
    }

    fn party(&self, id: i64) -> String {
        self.parties.get(&id).cloned().unwrap_or_default()
    }

    /// Buyer, seller and goods of a demand and an offer.
    fn of(&self, demand: &str, offer: &str) -> (i64, i64, i64) {
        let (buyer, commodity) = self.demands.get(demand).copied().unwrap_or_default();
        (buyer, self.offers.get(offer).copied().unwrap_or_default(), commodity)
    }

    fn goods(&self, view: &View, commodity: i64) -> String {
        self.commodities.get(&commodity).map_or_else(String::new, |one| name_of(one, view.language))
    }

    fn amount(&self, view: &View, commodity: i64, base_units: i64) -> String {
        let unit = self.commodities.get(&commodity).map(|one| one.base_unit);
        unit.map_or_else(|| base_units.to_string(), |unit| words::quantity(view.language, base_units, unit))
    }

    fn day(&self, view: &View, number: i64) -> String {
        let day = usize::try_from(number).ok().and_then(|at| self.days.get(at));
        day.map_or_else(String::new, |day| view.day_short(*day))
    }

    /// A choice in words.
    pub(super) fn choice(&self, view: &View, choice: &Choice) -> Named {
        let name = match choice {
            Choice::Pin { demand, offer, day, quantity } => {
                let (buyer, seller, commodity) = self.of(&demand.to_string(), &offer.to_string());
                let goods = format!("{} {}", self.goods(view, commodity), self.amount(view, commodity, *quantity));
                words::say(
                    view.language,
                    "adjust-is-pinned",
                    &[
                        ("goods", &goods),
                        ("seller", &self.party(seller)),
                        ("buyer", &self.party(buyer)),
                        ("day", &self.day(view, *day)),
                    ],
                )
            }
            Choice::Apart { buyer, supplier } => {
                view.say2("adjust-is-apart", "seller", self.party(*supplier), "buyer", self.party(*buyer))
            }
        };
        Named { value: choice.token(), name }
    }

    fn line(&self, view: &View, line: &plan::Line, choices: &Choices) -> Line {
        let (buyer, seller, commodity) = self.of(&line.demand, &line.offer);
        let id = |text: &str| parse_id(text).unwrap_or_default();
        let pin =
            Choice::Pin { demand: id(&line.demand), offer: id(&line.offer), day: line.day, quantity: line.quantity };
        let apart = Choice::Apart { buyer, supplier: seller };
        let ticks = i128::from(line.unit_price) + i128::from(line.unit_freight);
        Line {
            buyer: self.party(buyer),
            seller: self.party(seller),
            goods: self.goods(view, commodity),
            amount: self.amount(view, commodity, line.quantity),
            day: self.day(view, line.day),
            landed: rupiah(view, ticks * i128::from(line.quantity)),
            is_pinned: choices.0.contains(&pin),
            is_apart: choices.0.contains(&apart),
            pin: pin.token(),
            apart: apart.token(),
        }
    }
}

/// Whole rupiah of ticks.
fn rupiah(view: &View, ticks: i128) -> String {
    let whole = div_half_even(ticks, i128::from(TICKS_PER_RUPIAH));
    let whole = i64::try_from(whole).ok().and_then(|whole| Rupiah::new(whole).ok());
    whole.map_or_else(String::new, |whole| view.rupiah(whole))
}

/// The same with its sign.
fn difference(view: &View, ticks: i128) -> String {
    words::with_sign(ticks.cmp(&0), &rupiah(view, ticks.abs()))
}

/// A page of lines, what comes after it, and the buyers to choose from.
pub(super) fn lines(
    view: &View,
    names: &Names,
    plan: &Plan,
    (asked, choices): (&Asked, &Choices),
) -> (Vec<Line>, Option<usize>, Vec<Named>) {
    let buyer_of = |line: &&plan::Line| names.of(&line.demand, &line.offer).0;
    let ids: BTreeSet<i64> = plan.lines.iter().map(|line| buyer_of(&line)).collect();
    let mut buyers: Vec<Named> =
        ids.into_iter().map(|id| Named { value: id.to_string(), name: names.party(id) }).collect();
    buyers.sort_by(|a, b| a.name.cmp(&b.name));
    let mut found: Vec<&plan::Line> = plan.lines.iter().collect();
    if let Ok(id) = asked.buyer.parse::<i64>() {
        found.retain(|line| buyer_of(line) == id);
    }
    let key = |line: &&plan::Line| {
        let (buyer, seller, commodity) = names.of(&line.demand, &line.offer);
        (names.party(buyer), names.goods(view, commodity), line.day, names.party(seller), line.offer.clone())
    };
    found.sort_by_cached_key(key);
    let after: usize = asked.after.parse().unwrap_or(0);
    let next = after.saturating_add(LIMIT);
    let page = found.iter().skip(after).take(LIMIT).map(|line| names.line(view, line, choices)).collect();
    (page, Some(next).filter(|next| *next < found.len()), buyers)
}

/// What the second plan changes.
pub(super) fn changes(view: &View, names: &Names, problem: &Problem, (before, after): (&Plan, &Plan)) -> Change {
    let Difference { lines, unchanged, shortages, cost } = compare(problem, before, after);
    let changed = |line: &LineChange| {
        let (buyer, seller, commodity) = names.of(&line.demand, &line.offer);
        Changed {
            buyer: names.party(buyer),
            seller: names.party(seller),
            goods: names.goods(view, commodity),
            before: names.amount(view, commodity, line.quantity_before),
            after: names.amount(view, commodity, line.quantity_after),
            cost: difference(view, line.cost),
        }
    };
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let paid = cost.goods + cost.freight + cost.fees;
    let parts = [
        ("goods", cost.goods),
        ("freight", cost.freight),
        ("fees", cost.fees),
        ("paid", paid),
        ("short", cost.shortage + cost.priority),
    ];
    Change {
        differing: count(lines.len()),
        lines: lines.iter().take(CHANGES).map(changed).collect(),
        unchanged: count(unchanged),
        demands_short: count(shortages.len()),
        costs: parts.into_iter().map(|(word, ticks)| (word, difference(view, ticks))).collect(),
    }
}
