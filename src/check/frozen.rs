//! Awards against the frozen problem and the plan they came from.

use super::Session;
use super::store::{self, AwardRow, FrozenRow};
use crate::error::AppError;
use crate::values::decimal::div_half_even;
use crate::values::hex::hex;
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Demand, Offer, Problem};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// Violations of the referee that are repeated here, a round.
const MOST_NAMED: usize = 20;

/// One round with what it froze, read.
struct Frozen {
    row: FrozenRow,
    problem: Problem,
    plan: Option<Plan>,
}

/// Runs `judge` on every round that has a readable snapshot; [`hashes`] names those that should and have not.
fn each(
    session: &mut Session<'_>,
    mut judge: impl FnMut(&mut Session<'_>, &Frozen) -> Result<(), AppError>,
) -> Result<(), AppError> {
    for round_id in store::round_ids(session.connection)? {
        let row = store::frozen(session.connection, round_id)?;
        let problem = row.problem.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let Some(problem) = problem else { continue };
        let plan = row.plan.as_deref().and_then(|text| serde_json::from_str(text).ok());
        judge(session, &Frozen { row, problem, plan })?;
    }
    Ok(())
}

/// Runs `judge` on every award of a round; what it answers is a violation.
fn each_award(
    session: &mut Session<'_>,
    frozen: &Frozen,
    judge: impl Fn(&AwardRow, Option<&Demand>, Option<&Offer>) -> Option<String>,
) -> Result<(), AppError> {
    let demands: HashMap<&str, &Demand> = frozen.problem.demands.iter().map(|d| (d.id.as_str(), d)).collect();
    let offers: HashMap<&str, &Offer> = frozen.problem.offers.iter().map(|o| (o.id.as_str(), o)).collect();
    let mut after = 0;
    loop {
        let page = store::awards(session.connection, frozen.row.id, after)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        for award in page {
            let demand = demands.get(award.demand_id.to_string().as_str()).copied();
            let offer = offers.get(award.offer_id.to_string().as_str()).copied();
            if let Some(what) = judge(&award, demand, offer) {
                session.found("awards", award.id, what);
            }
        }
    }
}

pub(super) fn packs(session: &mut Session<'_>) -> Result<(), AppError> {
    each(session, |session, frozen| {
        each_award(session, frozen, |award, _, offer| {
            let offer = offer?;
            let whole = award.quantity % offer.pack.max(1) == 0 && award.quantity >= offer.min_line;
            let Offer { pack, min_line, .. } = offer;
            (!whole).then(|| format!("{} base units in packs of {pack}, at least {min_line}", award.quantity))
        })
    })
}

pub(super) fn eligible(session: &mut Session<'_>) -> Result<(), AppError> {
    each(session, |session, frozen| {
        let active: BTreeSet<&str> =
            frozen.problem.suppliers.iter().filter(|s| s.active).map(|s| s.id.as_str()).collect();
        each_award(session, frozen, |award, demand, offer| {
            let (Some(demand), Some(offer)) = (demand, offer) else {
                return Some("its demand or offer is not in the snapshot".to_owned());
            };
            let day = day_number(frozen, &award.day);
            let in_both = day.is_some_and(|day| {
                (demand.day_from..=demand.day_to).contains(&day) && (offer.day_from..=offer.day_to).contains(&day)
            });
            let rules = [
                (demand.commodity == offer.commodity, "another commodity than asked for"),
                (in_both, "a day outside one of the two windows"),
                (
                    demand.requirements.iter().all(|paper| offer.certificates.contains(paper)),
                    "a certificate is missing",
                ),
                (demand.price_ceiling.is_none_or(|most| offer.price <= most), "dearer than the demand's ceiling"),
                (offer.radius_m.is_none_or(|most| award.distance_m <= most), "beyond the delivery radius"),
                (active.contains(offer.supplier.as_str()), "the seller did not take part"),
            ];
            let broken: Vec<&str> = rules.iter().filter(|(holds, _)| !holds).map(|(_, what)| *what).collect();
            (!broken.is_empty()).then(|| broken.join(", "))
        })
    })
}

fn day_number(frozen: &Frozen, day: &str) -> Option<i64> {
    let position = frozen.row.days.as_deref()?.split(',').position(|date| date == day)?;
    i64::try_from(position).ok()
}

pub(super) fn prices(session: &mut Session<'_>) -> Result<(), AppError> {
    each(session, |session, frozen| {
        // Tiers and discounts depend on all that is taken; the plan states the price that follows, and the referee checks it.
        let paid: HashMap<(&str, &str), i64> = frozen.plan.as_ref().map_or_else(HashMap::new, |plan| {
            plan.lines.iter().map(|line| ((line.demand.as_str(), line.offer.as_str()), line.unit_price)).collect()
        });
        each_award(session, frozen, |award, demand, offer| {
            let offer = offer?;
            let ids = demand.map(|demand| (demand.id.as_str(), offer.id.as_str()));
            let wanted = ids.and_then(|ids| paid.get(&ids).copied()).unwrap_or(offer.price);
            let ticks_per_e4 = if award.pricing_unit == "H87" { 1_000 } else { 1 };
            let price = i128::from(award.price_e4) * ticks_per_e4;
            let by_distance = div_half_even(i128::from(offer.freight_per_km) * i128::from(award.distance_m), 1_000);
            let freight = i128::from(offer.freight_base) + by_distance;
            if price != i128::from(wanted) {
                Some(format!("price of {price} ticks, frozen at {wanted}"))
            } else if i128::from(award.freight_ticks) != freight {
                Some(format!("freight of {} ticks, by the frozen tariff {freight}", award.freight_ticks))
            } else {
                None
            }
        })
    })
}

pub(super) fn plans(session: &mut Session<'_>) -> Result<(), AppError> {
    each(session, |session, frozen| {
        let Some(plan) = &frozen.plan else { return Ok(()) };
        let sha256 = frozen.row.sha256.as_deref().unwrap_or_default();
        let report = pasok_solver::check::check(&frozen.problem, sha256, plan);
        for violation in report.violations.iter().take(MOST_NAMED) {
            session.found("rounds", frozen.row.id, format!("plan {} {}", violation.pointer, violation.text));
        }
        Ok(())
    })
}

pub(super) fn hashes(session: &mut Session<'_>) -> Result<(), AppError> {
    for round_id in store::round_ids(session.connection)? {
        let row = store::frozen(session.connection, round_id)?;
        for what in wrong_documents(&row) {
            session.found("rounds", row.id, what);
        }
    }
    each(session, |session, frozen| match (&frozen.plan, frozen.row.status.as_str()) {
        (Some(plan), "published") => same_results(session, frozen, plan),
        _ => Ok(()),
    })
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn wrong_documents(row: &FrozenRow) -> Vec<String> {
    let mut wrong = Vec::new();
    let frozen_by_now = !matches!(row.status.as_str(), "collecting" | "cancelled");
    let planned_by_now = matches!(row.status.as_str(), "proposed" | "approved" | "published");
    match (&row.problem, &row.sha256) {
        (Some(text), Some(stated)) => {
            let found = sha256(text);
            if found != *stated || row.snapshot_sha256 != *stated {
                wrong.push(format!("snapshot {found}, stated {stated}, round says {}", row.snapshot_sha256));
            }
            if serde_json::from_str::<Problem>(text).is_err() {
                wrong.push("snapshot cannot be read".to_owned());
            }
        }
        _ if frozen_by_now => wrong.push(format!("is {} without a snapshot", row.status)),
        _ => {}
    }
    match (&row.plan, &row.plan_sha256) {
        (Some(text), Some(stated)) => {
            let found = sha256(text);
            if found != *stated {
                wrong.push(format!("plan {found}, stated {stated}"));
            }
            if serde_json::from_str::<Plan>(text).is_err() {
                wrong.push("plan cannot be read".to_owned());
            }
        }
        _ if planned_by_now => wrong.push(format!("is {} without a plan", row.status)),
        _ => {}
    }
    wrong
}

/// What an award or shortage says, in the plan's words.
type Said = (String, String, i64, i64, i64, i64);

/// Awards and shortages are those of the plan, no more and no fewer.
fn same_results(session: &mut Session<'_>, frozen: &Frozen, plan: &Plan) -> Result<(), AppError> {
    let mut wanted: BTreeSet<Said> = plan
        .lines
        .iter()
        .map(|l| (l.demand.clone(), l.offer.clone(), l.day, l.quantity, l.unit_freight, l.distance_m))
        .collect();
    let mut after = 0;
    loop {
        let page = store::awards(session.connection, frozen.row.id, after)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for a in page {
            let day = day_number(frozen, &a.day).unwrap_or(-1);
            let said =
                (a.demand_id.to_string(), a.offer_id.to_string(), day, a.quantity, a.freight_ticks, a.distance_m);
            if !wanted.remove(&said) {
                session.found("awards", a.id, "is not a line of the plan");
            }
        }
    }
    for (demand, offer, day, quantity, ..) in wanted {
        let what = format!("plan line demand {demand}, offer {offer}, day {day}, {quantity} was not awarded");
        session.found("rounds", frozen.row.id, what);
    }
    same_shortages(session, frozen, plan)
}

fn same_shortages(session: &mut Session<'_>, frozen: &Frozen, plan: &Plan) -> Result<(), AppError> {
    let reason = |shortage: &pasok_solver::plan::Shortage| {
        let word = serde_json::to_value(shortage.reason).unwrap_or_default();
        word.as_str().unwrap_or_default().to_owned()
    };
    let mut wanted: BTreeSet<(String, String, i64, String)> = plan
        .shortages
        .iter()
        .map(|s| (s.demand.clone(), reason(s), s.quantity, s.limited_by.clone().unwrap_or_default()))
        .collect();
    for row in store::shortages(session.connection, frozen.row.id)? {
        if !wanted.remove(&(row.demand_id.to_string(), row.reason, row.quantity, row.limited_by)) {
            session.found("shortages", row.id, "is not in the plan");
        }
    }
    for (demand, reason, quantity, _) in wanted {
        let what = format!("shortage of demand {demand}, {reason}, {quantity} was not written");
        session.found("rounds", frozen.row.id, what);
    }
    Ok(())
}
