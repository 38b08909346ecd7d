//! The lower bound that a certificate proves, recomputed over all arcs in integers.
//!
//! Weak duality: whatever the multipliers, the Lagrangian minimised over the box is a bound on every allowed plan.
//! So nothing about the engines has to be trusted, only this sum. Formula: `solver/README.md`, "Certificate".

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::arith::{ceil_to, floor_to};
use super::book::{Arc, Book, Reach};
use super::report::{Code, Report, Violation};
use super::rows::{PairFamily, PairRow, Prices, Variable};
use super::rules::pack_grams;
use crate::problem::{Bundle, TierKind};

/// What one demand adds to the bound.
#[derive(Default)]
struct Part {
    value: i128,
    /// Coefficients of other variables that its rows give.
    variables: Vec<(Variable, i128)>,
    /// Rows (places in the certificate) that speak of an arc or day that does not exist.
    strays: Vec<usize>,
}

/// The bound in ticks, rounded up; `None` with a violation when a row speaks of an arc that does not exist.
pub fn compute(book: &Book, mut prices: Prices, report: &mut Report) -> Option<i128> {
    let parts = (0..book.demands.len())
        .into_par_iter()
        .map_init(Vec::new, |arcs, demand| demand_part(book, &prices, demand, arcs));
    let whole = parts.reduce(Part::default, |mut left, right| {
        left.value = left.value.saturating_add(right.value);
        left.variables.extend(right.variables);
        left.strays.extend(right.strays);
        left
    });
    for at in &whole.strays {
        let text = "This row speaks of a pair or day that no line can have.".to_owned();
        report.add(Violation::new(Code::CertificateShape, format!("/certificate/rows/{at}"), &[], text));
    }
    for (variable, coefficient) in whole.variables {
        let entry = prices.variables.entry(variable).or_default();
        *entry = entry.saturating_add(coefficient);
    }
    add_paying_variables(book, &mut prices.variables);
    let boxes = prices.variables.iter().map(|(&variable, &coefficient)| box_part(book, &prices, variable, coefficient));
    let mut total = boxes.fold(whole.value, i128::saturating_add).saturating_sub(prices.right_hand_side);
    if let Some(incumbent) = &book.problem.incumbent {
        let count = i128::try_from(incumbent.lines.len()).unwrap_or(0);
        total = total.saturating_add(i128::from(prices.scale) * i128::from(incumbent.change_penalty) * count);
    }
    let scale = i128::from(prices.scale);
    whole.strays.is_empty().then_some(-((-total).div_euclid(scale)))
}

fn demand_part(book: &Book, prices: &Prices, demand: usize, arcs: &mut Vec<Arc>) -> Part {
    book.arcs(demand, arcs);
    let reach = book.reach(demand, arcs);
    let rows = prices.pairs.get(&demand).map_or(&[][..], Vec::as_slice);
    let mut sum = ArcSum { book, prices, demand, reach, rows, part: Part::default() };
    sum.part.value = sum.need();
    for arc in arcs.iter() {
        sum.add_arc(arc);
    }
    sum.keep_variables(arcs);
    let known = |row: &PairRow| arcs.iter().any(|arc| arc.offer == row.offer && sum.exists(arc, row));
    let strays: Vec<_> = rows.iter().filter(|row| !known(row)).map(|row| row.at).collect();
    sum.part.strays = strays;
    sum.part
}

/// Adds up the arcs of one demand.
struct ArcSum<'a> {
    book: &'a Book<'a>,
    prices: &'a Prices<'a>,
    demand: usize,
    reach: Reach,
    /// Rows of this demand's pairs, sorted by offer.
    rows: &'a [PairRow],
    part: Part,
}

impl ArcSum<'_> {
    /// min over s of scale × shortage cost + price × steps, where s is a multiple of the step up to the reach.
    fn need(&self) -> i128 {
        let wish = &self.book.problem.demands[self.demand];
        let Reach { step, most } = self.reach;
        let penalty = i128::from(wish.shortage_penalty).saturating_add(self.book.premium(self.demand));
        let penalty = penalty.saturating_mul(self.prices.scale.into());
        let price = i128::from(self.prices.demand[self.demand]);
        let value = |served: i64| {
            let below = self.book.target_cost(self.demand, served.into()).saturating_mul(self.prices.scale.into());
            let short = penalty.saturating_mul((wish.quantity - served).max(0).into()).saturating_add(below);
            // Without arcs the step is 0 and nothing can be served.
            short.saturating_add(price.saturating_mul(served.checked_div(step).unwrap_or(0).into()))
        };
        let target = floor_to(self.book.targets[self.demand], step);
        let points = [0, target, floor_to(wish.quantity, step), ceil_to(wish.quantity, step), most];
        points.into_iter().filter(|&served| served <= most).map(value).min().unwrap_or(0)
    }

    fn caps(&self, arc: &Arc) -> (i64, i64) {
        let cap = (self.reach.most / arc.weight).min(arc.stock);
        (cap, cap.min(arc.day_stock))
    }

    /// Coefficient of one pack on this arc by everything but rows of single days and pairs.
    fn flat(&self, arc: &Arc) -> i128 {
        let prices = self.prices;
        let (buyer, supplier) = (self.book.demands[self.demand].buyer, self.book.offers[arc.offer].supplier);
        let steps = i128::from(arc.weight / self.reach.step.max(1));
        let mut flat = arc.cost.saturating_mul(prices.scale.into()) + prices.per_offer[arc.offer]
            - i128::from(prices.demand[self.demand]).saturating_mul(steps);
        let order = (supplier, buyer);
        flat += prices.per_order.get(&order).copied().unwrap_or(0);
        let by_value =
            prices.order_value.get(&order).copied().unwrap_or(0) + prices.buyer_value.get(&buyer).copied().unwrap_or(0);
        if by_value != 0 {
            let list_value = i128::from(self.book.problem.offers[arc.offer].price) * i128::from(arc.pack);
            flat = flat.saturating_add(by_value.saturating_mul(list_value));
        }
        if let Some(price) = prices.budget.get(&buyer) {
            flat = flat.saturating_add(price.saturating_mul(arc.unit_freight * i128::from(arc.pack)));
        }
        if let Some(price) = prices.per_unit.get(&self.book.demands[self.demand].commodity) {
            flat = flat.saturating_sub(price.saturating_mul(arc.weight.into()));
        }
        flat.saturating_add(prices.class_share_part(self.book, arc.offer, buyer))
    }

    fn rows_of(&self, offer: usize) -> &[PairRow] {
        let start = self.rows.partition_point(|row| row.offer < offer);
        let end = self.rows.partition_point(|row| row.offer <= offer);
        &self.rows[start..end]
    }

    fn day_part(&self, arc: &Arc, day: i64) -> i128 {
        let prices = self.prices;
        let mut part = prices.per_offer_day.get(&(arc.offer, day)).copied().unwrap_or(0);
        if !prices.per_supplier_day.is_empty() {
            let supplier = self.book.offers[arc.offer].supplier;
            let gram = prices.per_supplier_day.get(&(supplier, day)).copied().unwrap_or(0);
            part = part.saturating_add(gram.saturating_mul(pack_grams(self.book, arc.offer)));
        }
        let rows = self.rows_of(arc.offer).iter().filter(|row| row.day.is_none_or(|only| only == day));
        rows.fold(part, |part, row| part.saturating_add(signed(row)))
    }

    fn add_arc(&mut self, arc: &Arc) {
        let flat = self.flat(arc);
        let plain =
            self.rows.is_empty() && self.prices.per_offer_day.is_empty() && self.prices.per_supplier_day.is_empty();
        let (cap, _) = self.caps(arc);
        let value = match self.book.pinned(self.demand, arc.offer) {
            Some(pins) => self.pinned_value(arc, flat, pins),
            None if plain => flat.min(0).saturating_mul(cap.into()),
            None => self.least_day(arc, flat).min(0).saturating_mul(cap.into()),
        };
        self.part.value = self.part.value.saturating_add(value);
        if !self.rows.is_empty() {
            self.row_effects(arc);
        }
        let buyer = self.book.demands[self.demand].buyer;
        if self.prices.min_suppliers.contains_key(&buyer) {
            let supplier = self.book.offers[arc.offer].supplier;
            self.part.variables.push((Variable::Order(supplier, buyer), 0));
        }
    }

    fn least_day(&self, arc: &Arc, flat: i128) -> i128 {
        let days = (arc.days.0..=arc.days.1).map(|day| self.day_part(arc, day));
        flat.saturating_add(days.min().unwrap_or(0))
    }

    /// A pinned pair carries exactly its packs, on the cheapest day where the day is free.
    fn pinned_value(&self, arc: &Arc, flat: i128, pins: &[(Option<i64>, i64)]) -> i128 {
        let on = |&(day, quantity): &(Option<i64>, i64)| {
            let unit = match day {
                Some(day) => flat.saturating_add(self.day_part(arc, day)),
                None => self.least_day(arc, flat),
            };
            unit.saturating_mul((quantity / arc.pack).into())
        };
        pins.iter().map(on).fold(0, i128::saturating_add)
    }

    /// Whether a row belongs to this arc: its day must be one on which the arc can deliver.
    fn exists(&self, arc: &Arc, row: &PairRow) -> bool {
        let day_fits = row.day.is_none_or(|day| self.is_day(arc, day));
        let kept = match row.family {
            PairFamily::KeepHigh(line) => self.incumbent_packs(line, arc) <= i128::from(self.caps(arc).1),
            _ => true,
        };
        day_fits && kept
    }

    /// Days of an arc; a pair pinned to days has exactly those.
    fn is_day(&self, arc: &Arc, day: i64) -> bool {
        let pinned = self.book.pinned(self.demand, arc.offer).unwrap_or_default();
        let fixed = pinned.iter().any(|(on, _)| on.is_some());
        (arc.days.0..=arc.days.1).contains(&day) && (!fixed || pinned.iter().any(|(on, _)| *on == Some(day)))
    }

    fn incumbent_packs(&self, line: usize, arc: &Arc) -> i128 {
        let incumbent = self.book.problem.incumbent.as_ref();
        incumbent.map_or(0, |incumbent| i128::from(incumbent.lines[line].quantity / arc.pack))
    }

    /// Coefficients that the rows of an arc give to other variables, and right-hand sides that depend on its cap.
    fn row_effects(&mut self, arc: &Arc) {
        let (cap, day_cap) = self.caps(arc);
        let (cap, day_cap) = (i128::from(cap), i128::from(day_cap));
        let links = self.book.demands[self.demand];
        let supplier = self.book.offers[arc.offer].supplier;
        let mut effects = Vec::new();
        let mut constant = 0_i128;
        for row in self.rows_of(arc.offer).iter().filter(|row| self.exists(arc, row)) {
            let day = row.day.unwrap_or(0);
            let (variable, factor) = match row.family {
                PairFamily::LineLink => (Variable::Line(self.demand, arc.offer, day), -day_cap),
                PairFamily::LineMin => (Variable::Line(self.demand, arc.offer, day), arc.least.into()),
                PairFamily::DropLink => (Variable::Drop(supplier, links.place, day), -day_cap),
                PairFamily::TripLink => (Variable::Trip(supplier, day), -day_cap),
                PairFamily::OrderLink => (Variable::Order(supplier, links.buyer), -cap),
                PairFamily::OfferLink => (Variable::Used(arc.offer), -cap),
                PairFamily::BundleLink(bundle) => (Variable::Taken(bundle), -cap),
                PairFamily::KeepLow(line) => (Variable::Kept(line), self.incumbent_packs(line, arc)),
                PairFamily::KeepHigh(line) => {
                    constant -= day_cap * row.price;
                    (Variable::Kept(line), day_cap - self.incumbent_packs(line, arc))
                }
            };
            effects.push((variable, factor.saturating_mul(row.price)));
        }
        self.part.value = self.part.value.saturating_add(constant);
        self.part.variables.extend(effects);
    }

    /// Incumbent lines of this demand that could be kept: their variable saves the change penalty.
    fn keep_variables(&mut self, arcs: &[Arc]) {
        for &(line, offer, day, quantity) in self.book.incumbent_of(self.demand) {
            let Some(arc) = arcs.iter().find(|arc| arc.offer == offer) else {
                continue;
            };
            let packs = quantity / arc.pack;
            if quantity % arc.pack == 0 && packs <= self.caps(arc).1 && self.is_day(arc, day) {
                self.part.variables.push((Variable::Kept(line), 0));
            }
        }
    }
}

/// Price of a row with the sign of its coefficient on packs.
fn signed(row: &PairRow) -> i128 {
    match row.family {
        PairFamily::LineMin | PairFamily::KeepLow(_) => -row.price,
        _ => row.price,
    }
}

/// Variables with a cost below zero count even where no row prices them.
fn add_paying_variables(book: &Book, variables: &mut BTreeMap<Variable, i128>) {
    for (at, offer) in book.problem.offers.iter().enumerate() {
        for tier in 0..offer.tiers.len() {
            variables.entry(Variable::TierPacks(at, tier)).or_default();
        }
    }
    for (at, bundle) in book.problem.bundles.iter().enumerate() {
        let Bundle::Discount { then, .. } = bundle else {
            continue;
        };
        for id in then {
            variables.entry(Variable::Discounted(at, book.offer_at[id.as_str()])).or_default();
        }
    }
}

/// Least that one variable can add over its box.
fn box_part(book: &Book, prices: &Prices, variable: Variable, coefficient: i128) -> i128 {
    let problem = book.problem;
    let packs = |offer: usize| problem.offers[offer].stock / problem.offers[offer].pack;
    let (most, cost, extra) = match variable {
        Variable::Drop(supplier, place, _) => {
            let fee = i128::from(problem.suppliers[supplier].drop_fee);
            let budget = book.place_owner(place).and_then(|buyer| prices.budget.get(&buyer)).copied().unwrap_or(0);
            (1, fee, fee.saturating_mul(budget))
        }
        Variable::Trip(supplier, _) => (1, i128::from(problem.suppliers[supplier].trip_fee), 0),
        Variable::Order(_, buyer) => {
            let count = |prices: &std::collections::HashMap<usize, i128>| prices.get(&buyer).copied().unwrap_or(0);
            (1, 0, count(&prices.max_suppliers) - count(&prices.min_suppliers))
        }
        Variable::TierPacks(offer, tier) => {
            let terms = &problem.offers[offer];
            let own = terms.tiers[tier].price;
            let before = if tier == 0 { terms.price } else { terms.tiers[tier - 1].price };
            let start = terms.tiers[tier].from_quantity / terms.pack;
            let (most, saved) = match terms.tier_kind {
                TierKind::AllUnit => (packs(offer), terms.price - own),
                TierKind::Incremental => ((packs(offer) - start).max(0), before - own),
            };
            (most, -i128::from(terms.pack) * i128::from(saved), 0)
        }
        Variable::Discounted(bundle, offer) => {
            let off = if let Bundle::Discount { off, .. } = &problem.bundles[bundle] { *off } else { 0 };
            (packs(offer), -i128::from(problem.offers[offer].pack) * i128::from(off), 0)
        }
        Variable::Kept(_) => (1, -problem.incumbent.as_ref().map_or(0, |own| i128::from(own.change_penalty)), 0),
        Variable::Line(..)
        | Variable::Used(_)
        | Variable::TierReached(..)
        | Variable::Taken(_)
        | Variable::Reached(_)
        | Variable::Buys(_) => (1, 0, 0),
    };
    let reduced = cost.saturating_mul(prices.scale.into()).saturating_add(coefficient).saturating_add(extra);
    reduced.min(0).saturating_mul(most.into())
}
