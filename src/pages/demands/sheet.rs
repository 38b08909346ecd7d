//! The sheet of needs: its lines, what was needed before, what is posted already, and what it would roughly cost.

use super::together::Together;
use crate::catalog::{Catalogue, Commodity, Unit};
use crate::db::DbConnection;
use crate::demands::budget::{self, Budget, LARGEST_IDR};
use crate::demands::state::DemandStatus;
use crate::demands::{self, Demand};
use crate::error::AppError;
use crate::pages::form::Form;
use crate::pages::stand::{Stand, name_of, unit_name};
use crate::pages::view::View;
use crate::pages::words;
use crate::parties::{Actor, Capability};
use crate::places::{self, Place};
use crate::scope::Scope;
use crate::values::ids::first_of;
use crate::values::{BaseUnit, Day, DayRange, Quantity, Rupiah, Timestamp, UnitPrice};
use crate::web::problem::Language;
use std::collections::{BTreeMap, BTreeSet};

/// So many times the usual is probably a slip of the finger.
const DOUBTFUL_TIMES: i64 = 5;
/// Most demands looked back at.
const MOST_DEMANDS: i64 = 2_000;
/// Most places of a buyer to choose from.
const MOST_PLACES: i64 = 50;
/// Largest pack that a line counts in by itself, in thousandths of a pricing unit: heavier sacks are chosen on purpose.
const LARGEST_USUAL_PACK: i64 = 25_000;

/// One commodity on the sheet.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub code: String,
    pub name: String,
    pub unit: Unit,
    pub unit_name: String,
    pub base_unit: BaseUnit,
    /// Pricing units in one of the unit, as plain decimal text for the script.
    pub size: String,
    /// Rupiah per pricing unit that the estimate counts with.
    pub price: UnitPrice,
    /// What is posted now.
    pub posted: Option<Demand>,
    /// What was needed last time, in base units; 0 where it never was.
    pub usual: i64,
    /// What stands in the form, in base units and rupiah.
    pub entered: Option<(Quantity, Rupiah)>,
    /// Whether it needs a second look.
    pub is_doubtful: bool,
    /// What everybody needs of it together.
    pub together: Option<Together>,
}

impl Line {
    pub(super) fn field(&self) -> String {
        format!("line.{}", self.code)
    }

    pub(super) fn sure_field(&self) -> String {
        format!("sure.{}", self.code)
    }

    /// What was needed last time in pricing units, for the script.
    pub(super) fn usual_size(&self) -> String {
        self.base_unit.in_pricing_units(self.usual)
    }

    pub(super) fn usual_text(&self, view: &View) -> String {
        words::quantity(view.language, self.usual, self.base_unit)
    }

    pub(super) fn is_usual(&self) -> bool {
        self.usual > 0 || self.posted.is_some()
    }

    fn count_of(&self, base_units: i64, language: Language) -> String {
        words::typed_count(language, base_units, self.unit.base_units)
    }
}

/// A delivery day to choose.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub day: Day,
    pub is_chosen: bool,
    pub is_filled: bool,
}

/// The page's content for one round, place and range of days.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub stand: Stand,
    pub round_id: i64,
    pub places: Vec<Place>,
    pub days: DayRange,
    /// For kitchens: the days to choose from.
    pub choices: Vec<Choice>,
    pub lines: Vec<Line>,
    pub total: Rupiah,
    pub filled: i64,
    pub has_before: bool,
    /// What the buyer may spend in the round.
    pub budget: Budget,
    /// What its needs on other days of the round roughly cost.
    pub elsewhere: Rupiah,
    language: Language,
}

impl Sheet {
    /// What the buyer can write now; `None` where no round is collecting, or there is no place to deliver to.
    pub(super) fn load(
        connection: &mut DbConnection,
        scope: &Scope,
        actor: &Actor,
        now: Timestamp,
        (day, language): (&str, Language),
    ) -> Result<Option<Self>, AppError> {
        let Some(stand) = Stand::load(connection, scope, actor, now)? else { return Ok(None) };
        let Some(round) = stand.collecting().cloned() else { return Ok(None) };
        let owner = actor.organisation_id;
        let places = places::service::list_of_organisation(connection, scope, owner, 0, MOST_PLACES)?;
        if places.is_empty() {
            return Ok(None);
        }
        let since = first_of(now.plus_seconds(-crate::pages::stand::MEMORY_S));
        let all = demands::service::list_own(connection, scope, since, MOST_DEMANDS)?;
        let (own, before): (Vec<Demand>, Vec<Demand>) = all
            .into_iter()
            .filter(|demand| demand.status == DemandStatus::Open)
            .partition(|demand| demand.round_id == round.id);
        let whole = DayRange::new(round.delivery_from, round.delivery_to).map_err(AppError::internal)?;
        let cooks = actor.capabilities.contains(&Capability::Kitchen);
        let (days, choices) = if cooks { choose(&stand, whole, day, &own) } else { (whole, Vec::new()) };
        let goods = stand.goods(connection, scope, round.id)?;
        let (posted, others): (Vec<Demand>, Vec<Demand>) = own.into_iter().partition(|demand| demand.days == days);
        let usual = usual(before, cooks.then(|| days.first().weekday()));
        let lines = goods.iter().map(|commodity| {
            let posted = posted.iter().find(|demand| demand.commodity_id == commodity.id).cloned();
            line(&stand.catalogue, commodity, posted, usual.get(&commodity.id), language)
        });
        let mut lines: Vec<Line> = lines.collect();
        lines.sort_by_key(|line| !line.is_usual());
        let has_before = !usual.is_empty();
        let (round_id, total) = (round.id, Rupiah::ZERO);
        let budget = budget::get(connection, scope, (round_id, owner))?;
        let elsewhere = Rupiah::sum(others.iter().filter_map(|demand| rough_cost(&stand.catalogue, demand)));
        let elsewhere = elsewhere.unwrap_or(Rupiah::ZERO);
        let sheet = Self {
            stand,
            round_id,
            places,
            days,
            choices,
            lines,
            total,
            filled: 0,
            has_before,
            budget,
            elsewhere,
            language,
        };
        Ok(Some(sheet))
    }

    /// Puts what is posted into the form; what was needed last time where nothing is posted and it is wanted.
    pub(super) fn fill(&self, form: &mut Form, repeat: bool) {
        for line in &self.lines {
            let posted = line.posted.as_ref().map(|demand| demand.quantity.get());
            let count = posted.or((repeat && line.usual > 0).then_some(line.usual));
            if let Some(count) = count {
                form.set(&line.field(), line.count_of(count, self.language));
            }
        }
        if self.budget.amount > Rupiah::ZERO {
            form.set("budget", words::number(self.language, self.budget.amount.get()));
        }
        let posted = self.lines.iter().find_map(|line| line.posted.as_ref());
        if let Some(place) = posted.map(|demand| demand.place_id).or_else(|| self.places.first().map(|place| place.id))
        {
            form.set("place", place.to_string());
        }
    }

    /// Takes a step that was pressed without a script (`step` = `code:+1`); whether one was.
    pub(super) fn step(&self, form: &mut Form) -> bool {
        let pressed = form.value("step").to_owned();
        let Some((code, by)) = pressed.rsplit_once(':') else { return false };
        let name = format!("line.{code}");
        let now = words::read_decimal(self.language, form.value(&name));
        let whole: i64 = now.split('.').next().and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let next = whole.saturating_add(by.parse().unwrap_or(0)).max(0);
        form.set(&name, if next == 0 { String::new() } else { words::number(self.language, next) });
        true
    }

    /// Reads every line, notes what is wrong and what needs a second look.
    pub(super) fn check(&mut self, view: &View, form: &mut Form) {
        let mut wrong = Vec::new();
        for line in &mut self.lines {
            let typed = words::read_decimal(self.language, form.value(line.field()));
            let (Ok(quantity), false) = (Quantity::parse(&typed, line.unit.base_units), is_nothing(&typed)) else {
                if !is_nothing(&typed) {
                    wrong.push((line.field(), view.say1("demands-not-a-number", "unit", &line.unit_name)));
                }
                continue;
            };
            line.is_doubtful = line.usual > 0 && quantity.get() >= line.usual.saturating_mul(DOUBTFUL_TIMES);
            if line.is_doubtful && form.value(line.sure_field()).is_empty() {
                let usual = words::quantity(self.language, line.usual, line.base_unit);
                let now = words::quantity(self.language, quantity.get(), line.base_unit);
                wrong.push((line.field(), view.say2("demands-doubt", "now", now, "usual", usual)));
            }
        }
        let is_empty = self.lines.iter().all(|line| {
            line.posted.is_none() && is_nothing(&words::read_decimal(self.language, form.value(line.field())))
        });
        if self.budget_in(form).is_none() {
            wrong.push(("budget".to_owned(), view.say("demands-budget-wrong")));
        }
        if is_empty {
            form.headline.push((view.say("demands-nothing-entered"), String::new()));
        }
        for (name, problem) in wrong {
            form.add_problem(&name, problem);
        }
    }

    /// The budget that stands in the form, in rupiah, 0 for none; `None` where it is no amount.
    pub(super) fn budget_in(&self, form: &Form) -> Option<i64> {
        let typed = words::read_decimal(self.language, form.value("budget"));
        if is_nothing(&typed) { Some(0) } else { typed.parse().ok().filter(|amount| *amount <= LARGEST_IDR) }
    }

    /// Adds up what stands in the form.
    pub(super) fn count(&mut self, form: &Form) {
        let language = self.language;
        for line in &mut self.lines {
            let typed = words::read_decimal(language, form.value(line.field()));
            let quantity = Quantity::parse(&typed, line.unit.base_units).ok();
            line.entered = quantity.and_then(|q| Some((q, line.price.amount(q, line.base_unit).ok()?)));
        }
        let amounts = self.lines.iter().filter_map(|line| line.entered.map(|(_, amount)| amount));
        self.total = Rupiah::sum(amounts).unwrap_or(Rupiah::ZERO);
        self.filled = self.lines.iter().filter(|line| line.entered.is_some()).count().try_into().unwrap_or(0);
    }

    /// Under what name the phone keeps a draft of it.
    pub(super) fn draft(&self) -> String {
        format!("demands-{}-{}", self.round_id, self.days.first())
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    pub(super) fn round(&self) -> Option<&crate::rounds::Round> {
        self.stand.round(self.round_id)
    }

    pub(super) fn usual_lines(&self) -> Vec<&Line> {
        let any_usual = self.lines.iter().any(Line::is_usual);
        let shown = |line: &&Line| if any_usual { line.is_usual() } else { self.is_everyday(line) };
        self.lines.iter().filter(shown).collect()
    }

    pub(super) fn other_lines(&self) -> Vec<&Line> {
        let shown: BTreeSet<&str> = self.usual_lines().iter().map(|line| line.code.as_str()).collect();
        self.lines.iter().filter(|line| !shown.contains(line.code.as_str())).collect()
    }

    /// Whether something is wrong with a line that is folded away.
    pub(super) fn is_wrong_in_others(&self, form: &Form) -> bool {
        self.other_lines().iter().any(|line| !form.problems(line.field()).is_empty())
    }

    fn is_everyday(&self, line: &Line) -> bool {
        let commodity = self.stand.catalogue.find_by_code(&line.code);
        commodity.is_some_and(|commodity| commodity.category == crate::catalog::Category::Sembako)
    }

    /// What a portion of the meal costs, from the number of portions in the form.
    pub(super) fn per_portion(&self, view: &View, form: &Form) -> String {
        let portions: i64 = words::read_decimal(self.language, form.value("portions")).parse().unwrap_or(0);
        if portions > 0 { words::rupiah(view.language, self.total.get() / portions) } else { "–".to_owned() }
    }

    pub(super) fn is_posted(&self) -> bool {
        self.lines.iter().any(|line| line.posted.is_some())
    }

    /// For the script that counts down, in milliseconds since 1970.
    pub(super) fn closes_ms(&self) -> i64 {
        self.round().map_or(0, |round| round.closes_at.as_micros() / 1_000)
    }
}

/// What a need roughly costs, by the usual price and at most the highest lawful one.
fn rough_cost(catalogue: &Catalogue, demand: &Demand) -> Option<Rupiah> {
    let commodity = catalogue.find(demand.commodity_id)?;
    rough_price(catalogue, commodity).amount(demand.quantity, commodity.base_unit).ok()
}

fn rough_price(catalogue: &Catalogue, commodity: &Commodity) -> UnitPrice {
    let ceiling = catalogue.binding_ceiling(commodity.id).map(|ceiling| ceiling.price);
    ceiling.map_or(commodity.price_typical, |ceiling| ceiling.min(commodity.price_typical))
}

fn is_nothing(typed: &str) -> bool {
    typed.chars().all(|c| matches!(c, '0' | '.'))
}

/// What an organisation has posted in a round: how many lines.
pub(in crate::pages) fn posted_of(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    buyer_id: i64,
) -> Result<usize, AppError> {
    let all = demands::service::list_of_round(connection, scope, round_id, 0, MOST_DEMANDS)?;
    Ok(all.iter().filter(|demand| demand.buyer_id == buyer_id && demand.status == DemandStatus::Open).count())
}

/// The day that is written for, and all that can be.
fn choose(stand: &Stand, whole: DayRange, day: &str, own: &[Demand]) -> (DayRange, Vec<Choice>) {
    let delivered: Vec<Day> = whole.iter().filter(|day| stand.market.delivery_weekdays.contains(*day)).collect();
    let wanted = Day::parse(day).ok().filter(|day| delivered.contains(day));
    let Some(chosen) = wanted.or_else(|| delivered.first().copied()) else { return (whole, Vec::new()) };
    let is_filled = |day: Day| own.iter().any(|demand| demand.days.first() == day && demand.days.last() == day);
    let choices = delivered.into_iter().map(|day| Choice { day, is_chosen: day == chosen, is_filled: is_filled(day) });
    let choices = choices.collect();
    (DayRange::new(chosen, chosen).unwrap_or(whole), choices)
}

/// The last need of each commodity, in base units, with the unit it was entered in; for kitchens of the same weekday.
fn usual(before: Vec<Demand>, weekday: Option<i8>) -> BTreeMap<i64, (i64, String)> {
    let latest = before.iter().map(|demand| demand.round_id).max();
    let fits = |demand: &Demand| weekday.is_none_or(|weekday| demand.days.first().weekday() == weekday);
    let of_latest = before.into_iter().filter(|demand| Some(demand.round_id) == latest && fits(demand));
    let mut usual: BTreeMap<i64, (i64, String)> = BTreeMap::new();
    for demand in of_latest {
        let entry = usual.entry(demand.commodity_id).or_insert((0, demand.entered_unit));
        entry.0 = entry.0.max(demand.quantity.get());
    }
    usual
}

fn line(
    catalogue: &Catalogue,
    commodity: &Commodity,
    posted: Option<Demand>,
    usual: Option<&(i64, String)>,
    language: Language,
) -> Line {
    let known = posted.as_ref().map(|demand| demand.entered_unit.as_str()).or(usual.map(|(_, unit)| unit.as_str()));
    let unit = known.and_then(|code| catalogue.find_unit(commodity.id, code)).cloned();
    let unit = unit.unwrap_or_else(|| usual_unit(catalogue, commodity));
    Line {
        code: commodity.code.clone(),
        name: name_of(commodity, language),
        unit_name: unit_name(&unit, language),
        base_unit: commodity.base_unit,
        size: commodity.base_unit.in_pricing_units(unit.base_units),
        price: rough_price(catalogue, commodity),
        posted,
        usual: usual.map_or(0, |(quantity, _)| *quantity),
        entered: None,
        is_doubtful: false,
        together: None,
        unit,
    }
}

/// The largest pack that one person carries; the pricing unit where there is no pack.
fn usual_unit(catalogue: &Catalogue, commodity: &Commodity) -> Unit {
    let per = commodity.base_unit.per_pricing_unit();
    let units = catalogue.units_of(commodity.id);
    let is_pack = |unit: &&Unit| unit.base_units > per && unit.base_units * 1_000 / per <= LARGEST_USUAL_PACK;
    let pack = units.iter().filter(is_pack).max_by_key(|unit| (unit.unece_code.starts_with('X'), unit.base_units));
    pack.or_else(|| units.iter().find(|unit| unit.base_units == per)).or(units.first()).cloned().unwrap_or(Unit {
        code: commodity.base_unit.pricing_name().to_owned(),
        name_id: commodity.base_unit.pricing_name().to_owned(),
        name_en: commodity.base_unit.pricing_name().to_owned(),
        unece_code: String::new(),
        base_units: per,
    })
}
