//! From engine answers to the plan document, in the problem's own order.

use super::part::{KeyPart, PartAnswer, RowKey, Trade};
use super::tree;
use crate::candidates;
use crate::model::Model;
use crate::plan::{
    Certificate, ControlSums, Line, OfferDiscount, PLAN_FORMAT, Plan, PlanStatus, RowPrice, Totals, Tree,
};
use crate::problem::{Bundle, TierKind};
use crate::reasons;
use std::collections::{BTreeMap, BTreeSet};

/// Puts the answers of all parts together.
pub fn plan(model: &Model<'_>, problem_sha256: &str, answers: Vec<PartAnswer>) -> Plan {
    let tree = tree::of(model, &answers);
    let certificate_parts = join(model, &answers);
    let trades: Vec<Trade> = answers.into_iter().flat_map(|answer| answer.trades).collect();
    let delivery = Delivery::of(model, trades);
    let (lines, discounts) = lines(model, &delivery);
    let shortages = reasons::shortages(model, &delivery);
    let totals = totals(model, &delivery, &lines, &discounts);
    let certificate = certify(certificate_parts, tree, totals.objective);
    Plan {
        format: PLAN_FORMAT.into(),
        problem_sha256: problem_sha256.into(),
        solver: concat!("pasok-solver ", env!("CARGO_PKG_VERSION")).into(),
        status: if certificate.gap == 0 { PlanStatus::Optimal } else { PlanStatus::Feasible },
        lines,
        shortages,
        discounts,
        totals,
        certificate,
        fairness: None,
    }
}

/// What is delivered, summed in the ways that terms ask for.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Lines, ordered by (demand, offer, day) as they stand in the document.
    pub trades: Vec<Trade>,
    /// Packs taken of each offer.
    pub taken: Vec<i64>,
    /// Wanted base units delivered to each demand.
    pub served: Vec<i64>,
}

impl Delivery {
    /// Sums up trades.
    pub fn of(model: &Model<'_>, mut trades: Vec<Trade>) -> Self {
        trades.sort_unstable_by_key(|t| (model.demands[t.demand].source, model.offers[t.offer].source, t.day));
        let mut delivery =
            Self { taken: vec![0; model.offers.len()], served: vec![0; model.demands.len()], trades: Vec::new() };
        for trade in &trades {
            let units = candidates::exchange(model, trade.demand, trade.offer).map_or(0, |(units, _)| units);
            delivery.taken[trade.offer] += trade.packs;
            delivery.served[trade.demand] += trade.packs * units;
        }
        delivery.trades = trades;
        delivery
    }
}

/// Ticks per base unit that bundle discounts take off each offer.
fn bundle_discounts(model: &Model<'_>, delivery: &Delivery) -> Vec<i64> {
    let mut off_by_offer = vec![0; model.offers.len()];
    if model.problem.bundles.is_empty() {
        return off_by_offer;
    }
    let by_id: BTreeMap<&str, usize> =
        model.offers.iter().enumerate().map(|(i, o)| (model.problem.offers[o.source].id.as_str(), i)).collect();
    for bundle in &model.problem.bundles {
        if let Bundle::Discount { when, at_least, then, off, .. } = bundle {
            let total: i64 =
                when.iter().map(|id| by_id[id.as_str()]).map(|o| delivery.taken[o] * model.offers[o].pack).sum();
            if total >= *at_least {
                then.iter().for_each(|id| off_by_offer[by_id[id.as_str()]] += off);
            }
        }
    }
    off_by_offer
}

fn lines(model: &Model<'_>, delivery: &Delivery) -> (Vec<Line>, Vec<OfferDiscount>) {
    let off = bundle_discounts(model, delivery);
    let mut discounts = BTreeMap::new();
    let mut unit_prices = Vec::with_capacity(model.offers.len());
    for (index, offer) in model.offers.iter().enumerate() {
        let total = delivery.taken[index] * offer.pack;
        let reached = offer.tiers.iter().filter(|tier| total >= tier.from_quantity);
        let price = match offer.tier_kind {
            TierKind::AllUnit => reached.map(|tier| tier.price).next_back().unwrap_or(offer.price),
            TierKind::Incremental => {
                let mut before = offer.price;
                let mut amount = 0_i128;
                for tier in reached {
                    amount += i128::from(before - tier.price) * i128::from(total - tier.from_quantity);
                    before = tier.price;
                }
                if amount > 0 {
                    discounts.insert(offer.source, amount);
                }
                offer.price
            }
        };
        unit_prices.push(price - off[index]);
    }
    let line = |t: &Trade| {
        let offer = &model.offers[t.offer];
        let distance_m = model.distance_m(t.demand, t.offer);
        Line {
            demand: model.problem.demands[model.demands[t.demand].source].id.clone(),
            offer: model.problem.offers[offer.source].id.clone(),
            day: t.day,
            quantity: t.packs * offer.pack,
            unit_price: unit_prices[t.offer],
            unit_freight: candidates::unit_freight(model, t.offer, distance_m),
            distance_m,
        }
    };
    let discount =
        |(source, amount): (usize, i128)| OfferDiscount { offer: model.problem.offers[source].id.clone(), amount };
    (delivery.trades.iter().map(line).collect(), discounts.into_iter().map(discount).collect())
}

fn totals(model: &Model<'_>, delivery: &Delivery, lines: &[Line], discounts: &[OfferDiscount]) -> Totals {
    let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
    let discounted: i128 = discounts.iter().map(|discount| discount.amount).sum();
    let goods = lines.iter().map(|l| product(l.quantity, l.unit_price)).sum::<i128>() - discounted;
    let freight = lines.iter().map(|l| product(l.quantity, l.unit_freight)).sum();
    let substitution = |t: &Trade| {
        let extra = candidates::exchange(model, t.demand, t.offer).map_or(0, |(_, extra)| extra);
        product(t.packs * model.offers[t.offer].pack, extra)
    };
    let penalties = delivery.trades.iter().map(substitution).sum::<i128>() + change_penalties(model, delivery);
    let (mut short, mut premium, mut fairness) = (0, 0, 0);
    for (index, demand) in model.demands.iter().enumerate() {
        let missing = (demand.quantity - delivery.served[index]).max(0);
        short += product(missing, demand.penalty);
        premium += product(missing, demand.premium_penalty - demand.penalty);
        fairness += demand.target_cost(delivery.served[index]);
    }
    let fees = fees(model, delivery);
    let objective = goods + freight + fees + penalties + short + premium + fairness;
    Totals { goods, freight, fees, penalties, shortage: short, priority: premium, fairness, objective }
}

fn fees(model: &Model<'_>, delivery: &Delivery) -> i128 {
    let mut drops = BTreeSet::new();
    let mut trips = BTreeSet::new();
    for t in &delivery.trades {
        let supplier = model.offers[t.offer].supplier;
        drops.insert((supplier, model.demands[t.demand].place, t.day));
        trips.insert((supplier, t.day));
    }
    let drop_fees = drops.iter().map(|&(supplier, _, _)| i128::from(model.suppliers[supplier].drop_fee));
    let trip_fees = trips.iter().map(|&(supplier, _)| i128::from(model.suppliers[supplier].trip_fee));
    drop_fees.sum::<i128>() + trip_fees.sum::<i128>()
}

/// What changing lines of an earlier plan costs.
fn change_penalties(model: &Model<'_>, delivery: &Delivery) -> i128 {
    let Some(incumbent) = &model.problem.incumbent else {
        return 0;
    };
    let id_of = |t: &Trade| {
        let demand = &model.problem.demands[model.demands[t.demand].source].id;
        (demand.as_str(), model.problem.offers[model.offers[t.offer].source].id.as_str(), t.day)
    };
    let quantity = |t: &Trade| t.packs * model.offers[t.offer].pack;
    let planned: BTreeMap<_, i64> = delivery.trades.iter().map(|t| (id_of(t), quantity(t))).collect();
    let is_kept = |line: &crate::problem::Pin| {
        line.day
            .is_some_and(|day| planned.get(&(line.demand.as_str(), line.offer.as_str(), day)) == Some(&line.quantity))
    };
    let changed = incumbent.lines.iter().filter(|line| !is_kept(line)).count();
    i128::from(incumbent.change_penalty) * i128::try_from(changed).unwrap_or(i128::MAX)
}

/// What changing every line of an earlier plan would cost: the constant from which kept lines take off.
fn all_changes(model: &Model<'_>) -> i128 {
    let Some(incumbent) = &model.problem.incumbent else {
        return 0;
    };
    i128::from(incumbent.change_penalty) * i128::try_from(incumbent.lines.len()).unwrap_or(i128::MAX)
}

/// The multipliers of all parts on one scale.
struct Joined {
    scale: i64,
    lagrangian: i128,
    demand_prices: Vec<i64>,
    offer_prices: Vec<i64>,
    rows: Vec<RowPrice>,
}

fn join(model: &Model<'_>, answers: &[PartAnswer]) -> Joined {
    // Scales are powers of ten, so the largest is a multiple of every other.
    let scale = answers.iter().map(|answer| answer.scale).max().unwrap_or(1).max(1);
    let mut joined = Joined {
        scale,
        lagrangian: i128::from(scale) * all_changes(model),
        demand_prices: vec![0; model.demands.len()],
        offer_prices: vec![0; model.offers.len()],
        rows: Vec::new(),
    };
    for answer in answers {
        let factor = scale / answer.scale.max(1);
        joined.lagrangian += answer.lagrangian * i128::from(factor);
        answer.demand_prices.iter().for_each(|&(d, p)| joined.demand_prices[model.demands[d].source] = p * factor);
        answer.offer_prices.iter().for_each(|&(o, p)| joined.offer_prices[model.offers[o].source] = p * factor);
        joined.rows.extend(answer.rows.iter().map(|(key, price)| row_price(model, key, price * factor)));
    }
    joined.rows.sort_unstable();
    joined
}

fn row_price(model: &Model<'_>, row: &RowKey, price: i64) -> RowPrice {
    RowPrice { row: row.family.into(), key: key_texts(model, row), price }
}

/// A row's key as it stands in the document.
pub fn key_texts(model: &Model<'_>, row: &RowKey) -> Vec<String> {
    let problem = model.problem;
    let text = |part: &KeyPart| match *part {
        KeyPart::Demand(d) => problem.demands[model.demands[d].source].id.clone(),
        KeyPart::Offer(o) => problem.offers[model.offers[o].source].id.clone(),
        KeyPart::Supplier(s) => problem.suppliers[model.suppliers[s].source].id.clone(),
        KeyPart::Buyer(b) => problem.buyers[model.buyers[b].source].id.clone(),
        KeyPart::Commodity(c) => {
            let asks = |d: &&crate::model::Demand| d.commodity == c;
            let demand = model.demands.iter().find(asks);
            demand.map_or_else(String::new, |d| problem.demands[d.source].commodity.clone())
        }
        KeyPart::Day(day) => day.to_string(),
        KeyPart::Position(position) => position.to_string(),
        KeyPart::Bundle(b) => match &problem.bundles[b] {
            Bundle::AllOrNothing { id, .. } | Bundle::Xor { id, .. } | Bundle::Discount { id, .. } => id.clone(),
        },
        KeyPart::Share(share) => problem.class_shares[share].id.clone(),
    };
    row.key.iter().map(text).collect()
}

fn certify(joined: Joined, tree: Option<(Tree, i128)>, objective: i128) -> Certificate {
    let scale = i128::from(joined.scale);
    let plain = -(-joined.lagrangian).div_euclid(scale);
    let tree = tree.filter(|(_, gap)| objective - gap > plain);
    let bound = tree.as_ref().map_or(plain, |(_, gap)| objective - gap);
    let control = ControlSums::of(&joined.demand_prices, &joined.offer_prices, &joined.rows);
    Certificate {
        bound,
        gap: objective - bound,
        scale: joined.scale,
        demand_prices: joined.demand_prices,
        offer_prices: joined.offer_prices,
        rows: joined.rows,
        control,
        tree: tree.map(|(tree, _)| tree),
    }
}
