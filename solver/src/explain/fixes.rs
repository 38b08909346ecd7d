//! Shortages and the cheapest change that would end each: proposed from the facts, confirmed by solving again.

use serde::Serialize;

use super::{Again, Change, ExplainError, ExplainOptions, counted, missing, paid, scope};
use crate::check::{Arc, Book, DemandLinks, Ratio, accepted, round_div};
use crate::plan::{Plan, Reason};
use crate::problem::{Demand, Problem};

/// Most proposals that are tried out for one shortage: alone, added to the best one, added to the best two.
const TRIES: [usize; 3] = [10, 6, 6];

/// A set of changes that was tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to change; mostly one record.
    pub changes: Vec<Change>,
    /// The same in plain Indonesian.
    pub text: String,
    /// Base units still missing with the change.
    pub still_missing: i64,
    /// Ticks paid more for goods, freight and fees, over all demands.
    #[serde(serialize_with = "super::offers::as_text")]
    pub paid_more: i128,
    /// Ticks that the plan counts more, shortage penalties and all (below 0: the change pays).
    #[serde(serialize_with = "super::offers::as_text")]
    pub counted_more: i128,
}

/// One demand that is short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShortageAnswer {
    /// The demand.
    pub demand: String,
    /// Base units missing.
    pub missing: i64,
    /// Stated reasons with the record that limits, as in the plan.
    pub reasons: Vec<(Reason, Option<String>)>,
    /// The cheapest confirmed change that leaves nothing missing.
    pub fix: Option<Fix>,
    /// Other changes that were tried, those that leave least missing first, then by price.
    pub alternatives: Vec<Fix>,
}

/// Answers for every short demand, or one.
pub fn explain(
    book: &Book,
    plan: &Plan,
    options: &ExplainOptions,
    again: &Again,
    answers: &mut Vec<ShortageAnswer>,
) -> Result<(), ExplainError> {
    for (at, demand) in book.problem.demands.iter().enumerate() {
        let is_asked = options.demand.as_ref().is_none_or(|only| *only == demand.id);
        if is_asked && missing(plan, &demand.id) > 0 {
            answers.push(answer(book, plan, at, again)?);
        }
    }
    Ok(())
}

fn answer(book: &Book, plan: &Plan, at: usize, again: &Again) -> Result<ShortageAnswer, ExplainError> {
    let demand = &book.problem.demands[at];
    let own = plan.shortages.iter().filter(|shortage| shortage.demand == demand.id);
    let reasons: Vec<_> = own.map(|shortage| (shortage.reason, shortage.limited_by.clone())).collect();
    let missing = missing(plan, &demand.id);
    let part = part_around(book, at);
    let search = Search { base: again.solve(&part)?, part, demand: &demand.id, again };
    let mut tried = search.run()?;
    tried.retain(|fix| fix.still_missing < missing);
    tried.sort_by_key(|fix| (fix.still_missing, fix.paid_more, fix.changes.len()));
    let fix = (tried.first().is_some_and(|fix| fix.still_missing == 0)).then(|| tried.remove(0));
    Ok(ShortageAnswer { demand: demand.id.clone(), missing, reasons, fix, alternatives: tried })
}

/// The part of the problem around a demand, with all that lifting an exclusion or suspension of an offer for it reaches.
fn part_around(book: &Book, at: usize) -> Problem {
    let (mut offers, mut demands) = (Vec::new(), vec![at]);
    for (offer, _) in book.rivals(at) {
        let supplier = book.offers[offer].supplier;
        let excluded = book.is_excluded(at, offer);
        if excluded || !book.problem.suppliers[supplier].active {
            offers.extend((0..book.offers.len()).filter(|&other| book.offers[other].supplier == supplier));
        }
        if excluded {
            let buyer = book.demands[at].buyer;
            demands.extend((0..book.demands.len()).filter(|&other| book.demands[other].buyer == buyer));
        }
    }
    scope::around(book, &offers, &demands)
}

/// The search for changes that end one shortage.
struct Search<'a> {
    part: Problem,
    base: Plan,
    demand: &'a str,
    again: &'a Again<'a>,
}

impl Search<'_> {
    /// Tries single proposals; while none ends the shortage, goes on from the best one and adds to it.
    fn run(&self) -> Result<Vec<Fix>, ExplainError> {
        let mut all: Vec<Fix> = Vec::new();
        let mut start: Vec<Change> = Vec::new();
        let mut reached = (self.part.clone(), self.base.clone());
        for tries in TRIES {
            let mut best: Option<(i64, Vec<Change>, Problem, Plan)> = None;
            for changes in self.proposals(&reached.0, &reached.1)?.into_iter().take(tries) {
                let mut changed = reached.0.clone();
                for change in &changes {
                    change.apply(&mut changed);
                }
                if !crate::validate(&changed).is_empty() {
                    continue;
                }
                let then = self.again.solve(&changed)?;
                let whole: Vec<_> = start.iter().cloned().chain(changes).collect();
                let fix = self.judge(&whole, &then);
                if best.as_ref().is_none_or(|(least, ..)| fix.still_missing < *least) {
                    best = Some((fix.still_missing, whole, changed, then));
                }
                all.push(fix);
            }
            match best {
                Some((left, whole, problem, plan)) if left > 0 => (start, reached) = (whole, (problem, plan)),
                _ => break,
            }
        }
        Ok(all)
    }

    fn proposals(&self, problem: &Problem, plan: &Plan) -> Result<Vec<Vec<Change>>, ExplainError> {
        let book = Book::open(problem).map_err(ExplainError::Invalid)?;
        let Some(&at) = book.demand_at.get(self.demand) else {
            return Ok(Vec::new());
        };
        let own = plan.shortages.iter().filter(|shortage| shortage.demand == self.demand);
        let reasons: Vec<_> = own.map(|shortage| shortage.reason).collect();
        Ok(proposals(&State::of(&book, plan, at), &reasons))
    }

    fn judge(&self, changes: &[Change], then: &Plan) -> Fix {
        Fix {
            text: changes.iter().map(Change::text).collect::<Vec<_>>().join(" "),
            changes: changes.to_vec(),
            still_missing: missing(then, self.demand),
            paid_more: paid(&then.totals) - paid(&self.base.totals),
            counted_more: counted(&then.totals) - counted(&self.base.totals),
        }
    }
}

/// What is known about one short demand.
struct State<'a> {
    book: &'a Book<'a>,
    demand: usize,
    missing: i64,
    /// Base units missing of all demands for the same commodity.
    missing_of_commodity: i64,
    /// Base units taken of each offer.
    taken: Vec<i64>,
}

impl<'a> State<'a> {
    fn of(book: &'a Book<'a>, plan: &Plan, demand: usize) -> Self {
        let mut taken = vec![0; book.offers.len()];
        for line in &plan.lines {
            taken[book.offer_at[line.offer.as_str()]] += line.quantity;
        }
        let commodity = book.demands[demand].commodity;
        let same = plan
            .shortages
            .iter()
            .filter(|shortage| book.demands[book.demand_at[shortage.demand.as_str()]].commodity == commodity);
        let missing_of_commodity = same.map(|shortage| shortage.quantity).sum();
        let missing = missing(plan, &book.problem.demands[demand].id);
        Self { book, demand, missing, missing_of_commodity, taken }
    }
}

/// Sets of changes worth trying, the likeliest first.
fn proposals(state: &State, reasons: &[Reason]) -> Vec<Vec<Change>> {
    let mut found: Vec<Vec<Change>> = Vec::new();
    found.extend(of_demand(state));
    let mut by_offer: Vec<(usize, i128, Vec<Change>)> = Vec::new();
    for (offer, ratio) in state.book.rivals(state.demand) {
        for needed in [state.missing, state.missing_of_commodity] {
            let changes = of_offer(state, offer, ratio, needed);
            let cost = landed(state, offer, ratio);
            if !changes.is_empty() && !by_offer.iter().any(|(_, _, known)| *known == changes) {
                by_offer.push((changes.len(), cost, changes));
            }
        }
    }
    // Few changes first, and among those the offer that lands cheapest; one of each kind before more of the same.
    by_offer.sort_by_key(|entry| (entry.0, entry.1));
    let mut kinds: Vec<Vec<std::mem::Discriminant<Change>>> = Vec::new();
    let (mut firsts, mut others) = (Vec::new(), Vec::new());
    for (_, _, changes) in by_offer {
        let kind: Vec<_> = changes.iter().map(std::mem::discriminant).collect();
        if kinds.contains(&kind) {
            others.push(changes);
        } else {
            kinds.push(kind);
            firsts.push(changes);
        }
    }
    if state.book.rivals(state.demand).all(|(offer, ratio)| state.book.weight(offer, ratio) < 1) {
        let mut needed = vec![state.missing, state.missing_of_commodity, all_that_may_draw(state)];
        needed.dedup();
        found.extend(needed.into_iter().map(|quantity| vec![new_offer(state, quantity)]));
    }
    let rules = of_rules(state);
    let is_rule = |reason: &Reason| {
        matches!(reason, Reason::RuleLimit | Reason::BelowSupplierMinimum | Reason::PinnedElsewhere | Reason::Excluded)
    };
    if reasons.iter().any(is_rule) {
        found.extend(rules);
        found.extend(firsts);
    } else {
        found.extend(firsts);
        found.extend(rules);
    }
    found.extend(others);
    found
}

/// Ticks for 1,000 wanted base units from an offer, allowed or not.
fn landed(state: &State, offer: usize, ratio: Ratio) -> i128 {
    let (terms, weight) = (&state.book.problem.offers[offer], state.book.weight(offer, ratio).max(1));
    let freight = state.book.freight(state.demand, offer);
    (i128::from(terms.price) + freight + i128::from(ratio.penalty)) * i128::from(terms.pack) * 1000 / i128::from(weight)
}

/// All that one offer would have to change to serve `needed` base units more of the demand.
fn of_offer(state: &State, at: usize, ratio: Ratio, needed: i64) -> Vec<Change> {
    let (book, mut changes) = (state.book, Vec::new());
    let (demand, offer) = (&book.problem.demands[state.demand], &book.problem.offers[at]);
    let supplier = &book.problem.suppliers[book.offers[at].supplier];
    let (id, weight) = (offer.id.clone(), book.weight(at, ratio).max(1));
    if !supplier.active {
        changes.push(Change::Activate { supplier: supplier.id.clone() });
    }
    if let Some(exclusion) = book.exclusion_of(state.demand, at) {
        changes.push(Change::LiftExclusion { exclusion, demand: demand.id.clone(), offer: id.clone() });
    }
    if offer.day_to < demand.day_from || offer.day_from > demand.day_to {
        let (day_from, day_to) = (offer.day_from.min(demand.day_to), offer.day_to.max(demand.day_from));
        changes.push(Change::WidenOfferWindow { offer: id.clone(), day_from, day_to });
    }
    let lacking: Vec<_> =
        demand.requirements.iter().filter(|need| !offer.certificates.contains(need)).cloned().collect();
    if !lacking.is_empty() {
        changes.push(Change::AddCertificates { offer: id.clone(), certificates: lacking });
    }
    let distance = book.distance_m(state.demand, at);
    if let Some(from) = offer.radius_m.filter(|&radius| distance > radius) {
        changes.push(Change::RaiseRadius { offer: id.clone(), from, to: distance });
    }
    let dearest = ceil_div(i128::from(offer.price) * i128::from(offer.pack), weight.into());
    if let Some(from) = demand.price_ceiling.filter(|&ceiling| i128::from(ceiling) < dearest) {
        let to = i64::try_from(dearest).unwrap_or(i64::MAX);
        changes.push(Change::RaiseCeiling { demand: demand.id.clone(), from, to });
    }
    quantity_changes(state, at, weight, needed, &mut changes);
    let cost =
        i128::from(offer.pack) * (i128::from(offer.price) + book.freight(state.demand, at) + i128::from(ratio.penalty));
    // The last pack may be needed only in part, and is then worth the penalty of that part.
    let part = needed.min(weight).min(if needed % weight == 0 { weight } else { needed % weight });
    if let Some(to) = penalty_above(demand, cost, part) {
        changes.push(Change::RaisePenalty { demand: demand.id.clone(), from: demand.shortage_penalty, to });
    }
    changes
}

/// The least penalty per base unit at which `units` missing ones count more than `cost` ticks, a tie not being enough: at
/// equal cost a plan may as well leave them missing. `None` when the demand's penalty is that high.
fn penalty_above(demand: &Demand, cost: i128, units: i64) -> Option<i64> {
    let least = cost.div_euclid(i128::from(units.max(1))) + 1;
    (i128::from(demand.shortage_penalty) < least).then(|| i64::try_from(least).unwrap_or(i64::MAX))
}

/// Stock, packs and minimum line.
fn quantity_changes(state: &State, at: usize, weight: i64, needed: i64, changes: &mut Vec<Change>) {
    let (demand, offer) = (&state.book.problem.demands[state.demand], &state.book.problem.offers[at]);
    let packs = needed / weight + i64::from(needed % weight != 0);
    let to = state.taken[at].saturating_add(packs.saturating_mul(offer.pack));
    if to > offer.stock {
        changes.push(Change::RaiseStock { offer: offer.id.clone(), from: offer.stock, to });
    }
    if let Some(from) = offer.stock_per_day {
        let to = from.saturating_add(packs.saturating_mul(offer.pack));
        changes.push(Change::RaiseStockPerDay { offer: offer.id.clone(), from, to });
    }
    let room = accepted(demand) / weight;
    let least = offer.min_line / offer.pack + i64::from(offer.min_line % offer.pack != 0);
    if least > room.max(1) || least > packs {
        let to = packs.min(room).max(1) * offer.pack;
        changes.push(Change::LowerMinLine { offer: offer.id.clone(), from: offer.min_line, to });
    }
    let whole = demand.quantity.div_euclid(weight) + i64::from(demand.quantity % weight != 0);
    if whole.saturating_mul(weight) > accepted(demand) && needed % weight != 0 {
        let to = whole.saturating_mul(weight);
        changes.push(Change::AcceptUpTo { demand: demand.id.clone(), from: accepted(demand), to });
    }
}

/// The most of the short commodity that all demands together take, those included that take it as a substitute.
fn all_that_may_draw(state: &State) -> i64 {
    let (book, commodity) = (state.book, state.book.demands[state.demand].commodity);
    let most = |(demand, links): (&Demand, &DemandLinks)| {
        let (_, ratio) = book.served_by[links.commodity].iter().find(|(delivered, _)| *delivered == commodity)?;
        let weight = round_div(ratio.wanted.into(), ratio.delivered.into());
        let units = (weight > 0).then(|| ceil_div(accepted(demand).into(), weight))?;
        i64::try_from(units).ok()
    };
    book.problem.demands.iter().zip(&book.demands).filter_map(most).fold(0, i64::saturating_add)
}

/// What nobody offers, offered at the dearest price that is still worth paying: a tick below the penalty, where it is
/// no matter of chance which of two equal costs a plan takes.
fn new_offer(state: &State, quantity: i64) -> Change {
    let demand = &state.book.problem.demands[state.demand];
    let worth = (demand.shortage_penalty - 1).max(0);
    let price = demand.price_ceiling.map_or(worth, |ceiling| ceiling.min(worth));
    let offer = format!("penawaran-baru:{}", demand.id);
    Change::AddOffer { offer, demand: demand.id.clone(), quantity, price }
}

/// Changes of the demand alone: accept a whole pack more, or take the shortage more seriously.
fn of_demand(state: &State) -> Vec<Vec<Change>> {
    let (book, mut arcs, mut found) = (state.book, Vec::new(), Vec::new());
    let demand = &book.problem.demands[state.demand];
    book.arcs(state.demand, &mut arcs);
    let up = |arc: &Arc| ceil_div(demand.quantity.into(), arc.weight.into()) * i128::from(arc.weight);
    let smallest = arcs.iter().map(up).min().and_then(|to| i64::try_from(to).ok());
    if let Some(to) = smallest.filter(|&to| to > accepted(demand)) {
        found.push(vec![Change::AcceptUpTo { demand: demand.id.clone(), from: accepted(demand), to }]);
    }
    let open = arcs.iter().filter(|arc| arc.stock > state.taken[arc.offer] / arc.pack);
    let cheapest = open.map(|arc| arc.cost).min();
    if let Some(to) = cheapest.and_then(|cost| penalty_above(demand, cost, state.missing)) {
        found.push(vec![Change::RaisePenalty { demand: demand.id.clone(), from: demand.shortage_penalty, to }]);
    }
    found
}

/// Rules of the buyer, of suppliers and of the market, each lifted alone.
fn of_rules(state: &State) -> Vec<Vec<Change>> {
    let (book, mut found) = (state.book, Vec::new());
    let problem = book.problem;
    let buyer = &problem.buyers[book.demands[state.demand].buyer];
    if let Some(from) = buyer.budget {
        let cheapest = book.rivals(state.demand).map(|(offer, ratio)| landed(state, offer, ratio)).min().unwrap_or(0);
        let needed = ceil_div(cheapest * i128::from(state.missing), 1000) * 2;
        let to = from.saturating_add(i64::try_from(needed).unwrap_or(i64::MAX));
        found.push(Change::RaiseBudget { buyer: buyer.id.clone(), from, to });
    }
    if buyer.min_suppliers.is_some() || buyer.max_suppliers.is_some() || buyer.max_supplier_share_permille.is_some() {
        found.push(Change::FreeSuppliers { buyer: buyer.id.clone() });
    }
    for (at, _) in book.rivals(state.demand) {
        let (offer, supplier) = (&problem.offers[at], &problem.suppliers[book.offers[at].supplier]);
        if offer.min_total > 0 {
            found.push(Change::LowerMinTotal { offer: offer.id.clone(), from: offer.min_total, to: 0 });
        }
        if supplier.min_order_value > 0 {
            found.push(Change::LowerOrderMinimum {
                supplier: supplier.id.clone(),
                from: supplier.min_order_value,
                to: 0,
            });
        }
        let grams = i128::from(problem.commodities[book.offers[at].commodity].grams_per_thousand);
        let more = ceil_div(i128::from(state.missing) * grams, 1000) + i128::from(offer.pack) * grams;
        let raised = |from: i64| from.saturating_add(i64::try_from(more).unwrap_or(i64::MAX));
        let id = || supplier.id.clone();
        if let Some(from) = supplier.capacity_g_per_day {
            found.push(Change::RaiseCapacity { supplier: id(), from, to: raised(from) });
        }
        if let Some(from) = supplier.capacity_g {
            found.push(Change::RaiseCapacityInAll { supplier: id(), from, to: raised(from) });
        }
    }
    found.extend(
        problem.bundles.iter().map(|bundle| Change::DropBundle { bundle: super::change::bundle_id(bundle).to_owned() }),
    );
    found.extend(problem.class_shares.iter().map(|share| Change::DropClassShare { share: share.id.clone() }));
    found.extend(
        problem.pins.iter().map(|pin| Change::DropPin { demand: pin.demand.clone(), offer: pin.offer.clone() }),
    );
    found.dedup();
    found.into_iter().map(|change| vec![change]).collect()
}

fn ceil_div(value: i128, by: i128) -> i128 {
    -((-value).div_euclid(by.max(1)))
}
