//! The rules of a scenario, and the problem that a round's problem becomes under them. Pure.

use super::choices::{self, ApartRule, PinRule};
use crate::error::{Checks, CommonError};
use crate::parties::Class;
use crate::tenders::TenderError;
use crate::web::text::choice;
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Bundle, Fairness, FairnessMode, Problem};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

const WHOLE: i64 = 1_000;
/// Of what a class rule leaves to others, so much is used.
const MARGIN: (i128, i128) = (99, 100);

/// What a scenario asks for beside the round's own problem; nothing at all is the cheapest plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// At most so many suppliers in the whole market: those that carry most in the cheapest plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_suppliers: Option<i64>,
    /// No supplier above this share of the cheapest plan's goods, in permille.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_supplier_permille: Option<i64>,
    /// At least so much from some classes of suppliers, of the cheapest plan's goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_class_share: Option<ClassRule>,
    /// At most so many suppliers for each buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_max_suppliers: Option<i64>,
    /// No supplier above this share of what a buyer pays for goods, in permille.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_max_permille: Option<i64>,
    /// Lines that a person fixed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinRule>,
    /// Suppliers that a person kept from buyers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<ApartRule>,
    /// Scarce goods are shared by need.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fair: bool,
    /// As if the way cost nothing: shows what freight decides. Only for comparison.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_freight: bool,
}

/// At least so much of the goods' value from some classes of suppliers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// Words of classes.
    pub classes: Vec<String>,
    /// Share of the goods' value, in permille.
    pub min_permille: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Rules {
    /// Whether this is the cheapest plan, without any rule.
    pub fn is_cheapest(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a plan under these rules can be bought as it is.
    pub fn is_buyable(&self) -> bool {
        !self.without_freight
    }

    /// Whether the cheapest plan must be known first.
    pub fn needs_cheapest(&self) -> bool {
        self.max_suppliers.is_some() || self.max_supplier_permille.is_some() || self.min_class_share.is_some()
    }

    /// Notes what is wrong with the rules.
    pub fn check(&self, at: &str, checks: &mut Checks) {
        choices::check(at, &self.pins, &self.apart, checks);
        let counts = [("max_suppliers", self.max_suppliers), ("buyer_max_suppliers", self.buyer_max_suppliers)];
        for (field, value) in counts {
            if value.is_some_and(|count| count < 1) {
                checks.add_with(&format!("{at}/{field}"), CommonError::NotPositive, "≥ 1");
            }
        }
        let shares =
            [("max_supplier_permille", self.max_supplier_permille), ("buyer_max_permille", self.buyer_max_permille)];
        for (field, value) in shares {
            if value.is_some_and(|share| !(1..=WHOLE).contains(&share)) {
                checks.add_with(&format!("{at}/{field}"), TenderError::ScenarioRules, format!("1..{WHOLE}"));
            }
        }
        let Some(rule) = &self.min_class_share else { return };
        if !(1..=WHOLE).contains(&rule.min_permille) {
            let pointer = format!("{at}/min_class_share/min_permille");
            checks.add_with(&pointer, TenderError::ScenarioRules, format!("1..{WHOLE}"));
        }
        if rule.classes.is_empty() || rule.classes.len() > Class::ALL.len() {
            checks.add(&format!("{at}/min_class_share/classes"), TenderError::ScenarioRules);
            return;
        }
        for (index, word) in rule.classes.iter().enumerate() {
            choice(checks, &format!("{at}/min_class_share/classes/{index}"), Class::parse(word), Class::words);
        }
    }

    /// Whether they say something about single lines.
    pub fn has_choices(&self) -> bool {
        !(self.pins.is_empty() && self.apart.is_empty())
    }

    /// Notes what is wrong with the rules in this very problem.
    pub(super) fn check_in(&self, at: &str, problem: &Problem, checks: &mut Checks) {
        choices::check_in(at, &self.pins, &self.apart, problem, checks);
    }

    /// The problem under these rules. `cheapest` is the plan without any, for the rules that need it.
    pub fn apply(&self, base: &Problem, cheapest: Option<&Plan>) -> Problem {
        let mut problem = base.clone();
        choices::apply(&self.pins, &self.apart, &mut problem);
        if let Some((most, plan)) = self.max_suppliers.zip(cheapest) {
            keep_largest(&mut problem, plan, usize::try_from(most).unwrap_or(usize::MAX));
        }
        if let Some((permille, plan)) = self.max_supplier_permille.zip(cheapest) {
            cap_suppliers(&mut problem, plan, permille);
        }
        for buyer in &mut problem.buyers {
            buyer.max_suppliers = self.buyer_max_suppliers.or(buyer.max_suppliers);
            buyer.max_supplier_share_permille = self.buyer_max_permille.or(buyer.max_supplier_share_permille);
        }
        if let Some((rule, plan)) = self.min_class_share.as_ref().zip(cheapest) {
            cap_others(&mut problem, plan, rule);
        }
        if self.fair {
            problem.fairness = Some(Fairness { mode: FairnessMode::MaxMin, min_total_permille: WHOLE });
        }
        if self.without_freight {
            for offer in &mut problem.offers {
                (offer.freight_per_km, offer.freight_base) = (0, 0);
            }
            for supplier in &mut problem.suppliers {
                (supplier.drop_fee, supplier.trip_fee) = (0, 0);
            }
        }
        problem
    }
}

/// What each supplier's goods come to in a plan, in ticks, by list price; largest first, then by id.
pub fn value_by_supplier(problem: &Problem, plan: &Plan) -> Vec<(String, i128)> {
    let offers: BTreeMap<&str, (&str, i64)> =
        problem.offers.iter().map(|o| (o.id.as_str(), (o.supplier.as_str(), o.price))).collect();
    let mut values: BTreeMap<&str, i128> = BTreeMap::new();
    for line in &plan.lines {
        if let Some((supplier, price)) = offers.get(line.offer.as_str()) {
            *values.entry(supplier).or_default() += i128::from(*price) * i128::from(line.quantity);
        }
    }
    let mut sorted: Vec<(String, i128)> = values.into_iter().map(|(id, value)| (id.to_owned(), value)).collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sorted
}

/// Leaves only offers of the suppliers that carry most.
fn keep_largest(problem: &mut Problem, plan: &Plan, most: usize) {
    let kept: BTreeSet<String> = value_by_supplier(problem, plan).into_iter().take(most).map(|(id, _)| id).collect();
    let gone: BTreeSet<String> =
        problem.offers.iter().filter(|offer| !kept.contains(&offer.supplier)).map(|offer| offer.id.clone()).collect();
    leave_out(problem, &gone);
}

/// Cuts what suppliers above the share may sell to that share.
fn cap_suppliers(problem: &mut Problem, plan: &Plan, permille: i64) {
    let values = value_by_supplier(problem, plan);
    let total: i128 = values.iter().map(|(_, value)| value).sum();
    let most = total * i128::from(permille) / i128::from(WHOLE);
    let over = values.into_iter().filter(|(_, value)| *value > most);
    let over = over.map(|(id, value)| (id, Cut { most, of: value })).collect();
    cut(problem, plan, &over);
}

/// Cuts what suppliers of other classes sell together to what the rule leaves them of the cheapest plan's goods, less a hundredth
/// for the goods that may then be short.
fn cap_others(problem: &mut Problem, plan: &Plan, rule: &ClassRule) {
    let others: BTreeSet<&str> = problem
        .suppliers
        .iter()
        .filter(|supplier| !rule.classes.contains(&supplier.class))
        .map(|supplier| supplier.id.as_str())
        .collect();
    let values = value_by_supplier(problem, plan);
    let total: i128 = values.iter().map(|(_, value)| value).sum();
    let of: i128 = values.iter().filter(|(id, _)| others.contains(id.as_str())).map(|(_, value)| value).sum();
    let most = total * i128::from(WHOLE - rule.min_permille) / i128::from(WHOLE) * MARGIN.0 / MARGIN.1;
    if of > most {
        let over = others.into_iter().map(|id| (id.to_owned(), Cut { most, of })).collect();
        cut(problem, plan, &over);
    }
}

/// What is left of what a supplier sold in the cheapest plan: `most` of every `of`.
#[derive(Clone, Copy)]
struct Cut {
    most: i128,
    of: i128,
}

/// Cuts offers of some suppliers in proportion to what they sold; what they did not sell, they cannot sell now. A cut that a
/// minimum or a bundle does not allow takes the offer away.
fn cut(problem: &mut Problem, plan: &Plan, over: &BTreeMap<String, Cut>) {
    let mut sold: BTreeMap<&str, i128> = BTreeMap::new();
    for line in &plan.lines {
        *sold.entry(line.offer.as_str()).or_default() += i128::from(line.quantity);
    }
    let whole: BTreeSet<String> = problem.bundles.iter().filter_map(all_or_nothing).flatten().cloned().collect();
    let mut gone = BTreeSet::new();
    for offer in &mut problem.offers {
        let Some(Cut { most, of }) = over.get(&offer.supplier).copied() else { continue };
        let pack = i128::from(offer.pack.max(1));
        let share = sold.get(offer.id.as_str()).copied().unwrap_or(0) * most / of / pack * pack;
        let share = i64::try_from(share).unwrap_or(offer.stock);
        if share < offer.min_total.max(offer.min_line).max(1) || whole.contains(&offer.id) {
            gone.insert(offer.id.clone());
            continue;
        }
        offer.stock = offer.stock.min(share);
        offer.tiers.retain(|tier| tier.from_quantity <= share);
    }
    leave_out(problem, &gone);
}

fn all_or_nothing(bundle: &Bundle) -> Option<&Vec<String>> {
    match bundle {
        Bundle::AllOrNothing { offers, .. } => Some(offers),
        Bundle::Xor { .. } | Bundle::Discount { .. } => None,
    }
}

/// Takes offers away, with what names them. What is left of a bundle keeps its meaning: an offer that must go with one that is
/// gone goes too.
fn leave_out(problem: &mut Problem, gone: &BTreeSet<String>) {
    let mut gone = gone.clone();
    loop {
        let tied = problem.bundles.iter().filter_map(all_or_nothing).filter(|o| o.iter().any(|id| gone.contains(id)));
        let more: Vec<String> = tied.flatten().filter(|id| !gone.contains(*id)).cloned().collect();
        if more.is_empty() {
            break;
        }
        gone.extend(more);
    }
    problem.offers.retain(|offer| !gone.contains(&offer.id));
    problem.exclusions.retain(|pair| pair.offer.as_ref().is_none_or(|offer| !gone.contains(offer)));
    problem.pins.retain(|pin| !gone.contains(&pin.offer));
    problem.bundles.retain_mut(|bundle| match bundle {
        Bundle::AllOrNothing { offers, .. } => !offers.iter().any(|id| gone.contains(id)),
        Bundle::Xor { offers, .. } => {
            offers.retain(|id| !gone.contains(id));
            offers.len() > 1
        }
        Bundle::Discount { when, then, .. } => {
            when.retain(|id| !gone.contains(id));
            then.retain(|id| !gone.contains(id));
            !when.is_empty() && !then.is_empty()
        }
    });
}
