//! Awards, one page after another, against the frozen problem and the plan they came from.

use super::Session;
use super::frozen::{DOCUMENTS, Frozen};
use super::splits::Splits;
use super::store::{self, AwardRow};
use crate::error::AppError;
use crate::values::decimal::div_half_even;
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Demand, Offer, Problem};
use std::collections::{BTreeSet, HashMap};

const PACKS: &str = "I5";
const ELIGIBLE: &str = "I6";
const PRICES: &str = "I8";

/// The problem by id. Ids in a frozen problem are those of the database.
struct Known<'a> {
    demands: HashMap<i64, &'a Demand>,
    offers: HashMap<i64, &'a Offer>,
    active: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(problem: &'a Problem) -> Self {
        Self {
            demands: problem.demands.iter().filter_map(|d| Some((d.id.parse().ok()?, d))).collect(),
            offers: problem.offers.iter().filter_map(|o| Some((o.id.parse().ok()?, o))).collect(),
            active: problem.suppliers.iter().filter(|s| s.active).map(|s| s.id.as_str()).collect(),
        }
    }
}

/// Judges every award of a round; where `plan` was published, awards are its lines, no more and no fewer.
pub(super) fn check(session: &mut Session<'_>, frozen: &Frozen, plan: Option<&Plan>) -> Result<(), AppError> {
    let known = Known::of(&frozen.problem);
    let mut lines = plan.map(Lines::of);
    let mut splits = Splits::of(frozen);
    let mut after = (0, 0, String::new());
    loop {
        let page = store::awards(session.connection, frozen.row.id, &after)?;
        let Some(last) = page.last() else { break };
        after = (last.demand_id, last.offer_id, last.day.clone());
        for award in page {
            judge(session, frozen, &known, lines.as_ref(), &award);
            if let (Some(demand), Some(offer)) =
                (known.demands.get(&award.demand_id), known.offers.get(&award.offer_id))
            {
                splits.add(&award, demand, offer);
            }
            if lines.as_mut().is_some_and(|lines| !lines.meet(&said(frozen, &award))) {
                session.found_as(DOCUMENTS, "awards", award.id, "is not a line of the plan");
            }
        }
    }
    if let Some(plan) = plan {
        splits.end(session, frozen, plan);
    }
    for [demand, offer, day, quantity, ..] in lines.map(Lines::unmet).unwrap_or_default() {
        let what = format!("plan line demand {demand}, offer {offer}, day {day}, {quantity} was not awarded");
        session.found_as(DOCUMENTS, "rounds", frozen.row.id, what);
    }
    Ok(())
}

fn judge(session: &mut Session<'_>, frozen: &Frozen, known: &Known<'_>, lines: Option<&Lines>, award: &AwardRow) {
    let (demand, offer) = (known.demands.get(&award.demand_id), known.offers.get(&award.offer_id));
    let found = [
        (PACKS, offer.and_then(|offer| packs(award, offer))),
        (PRICES, offer.and_then(|offer| prices(award, offer, lines))),
        (
            ELIGIBLE,
            match (demand, offer) {
                (Some(demand), Some(offer)) => eligible(frozen, known, award, demand, offer),
                _ => Some("its demand or offer is not in the snapshot".to_owned()),
            },
        ),
    ];
    for (invariant, what) in found {
        if let Some(what) = what {
            session.found_as(invariant, "awards", award.id, what);
        }
    }
}

fn packs(award: &AwardRow, offer: &Offer) -> Option<String> {
    let whole = award.quantity % offer.pack.max(1) == 0 && award.quantity >= offer.min_line;
    let Offer { pack, min_line, .. } = offer;
    (!whole).then(|| format!("{} base units in packs of {pack}, at least {min_line}", award.quantity))
}

fn prices(award: &AwardRow, offer: &Offer, lines: Option<&Lines>) -> Option<String> {
    // Tiers and discounts depend on all that is taken; the plan states the price that follows, and the referee checks it.
    let planned = lines.and_then(|lines| lines.price(award.demand_id, award.offer_id));
    let wanted = planned.unwrap_or(offer.price);
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
}

fn eligible(frozen: &Frozen, known: &Known<'_>, award: &AwardRow, demand: &Demand, offer: &Offer) -> Option<String> {
    let in_both = frozen.day_number(&award.day).is_some_and(|day| {
        (demand.day_from..=demand.day_to).contains(&day) && (offer.day_from..=offer.day_to).contains(&day)
    });
    let rules = [
        (demand.commodity == offer.commodity, "another commodity than asked for"),
        (in_both, "a day outside one of the two windows"),
        (demand.requirements.iter().all(|paper| offer.certificates.contains(paper)), "a certificate is missing"),
        (demand.price_ceiling.is_none_or(|most| offer.price <= most), "dearer than the demand's ceiling"),
        (offer.radius_m.is_none_or(|most| award.distance_m <= most), "beyond the delivery radius"),
        (known.active.contains(offer.supplier.as_str()), "the seller did not take part"),
    ];
    let broken: Vec<&str> = rules.iter().filter(|(holds, _)| !holds).map(|(_, what)| *what).collect();
    (!broken.is_empty()).then(|| broken.join(", "))
}

/// What an award or a line says: demand, offer, day, quantity, freight, distance.
type Said = [i64; 6];

fn said(frozen: &Frozen, award: &AwardRow) -> Said {
    let day = frozen.day_number(&award.day).unwrap_or(-1);
    [award.demand_id, award.offer_id, day, award.quantity, award.freight_ticks, award.distance_m]
}

/// The lines of a plan with their price, sorted; each is to be met once.
struct Lines {
    all: Vec<(Said, i64)>,
    met: Vec<bool>,
}

impl Lines {
    fn of(plan: &Plan) -> Self {
        let id = |text: &str| text.parse().unwrap_or(-1);
        let mut all: Vec<(Said, i64)> = plan
            .lines
            .iter()
            .map(|l| ([id(&l.demand), id(&l.offer), l.day, l.quantity, l.unit_freight, l.distance_m], l.unit_price))
            .collect();
        all.sort_unstable();
        let met = vec![false; all.len()];
        Self { all, met }
    }

    /// Whether there is such a line that was not met before.
    fn meet(&mut self, said: &Said) -> bool {
        let place = self.all.binary_search_by_key(&said, |(line, _)| line).ok().and_then(|at| self.met.get_mut(at));
        place.is_some_and(|met| !std::mem::replace(met, true))
    }

    /// What the plan pays for a unit of this offer to this demand.
    fn price(&self, demand_id: i64, offer_id: i64) -> Option<i64> {
        let pair = [demand_id, offer_id];
        let first = self.all.partition_point(|(line, _)| line[..2] < pair[..]);
        self.all.get(first).filter(|(line, _)| line[..2] == pair[..]).map(|(_, price)| *price)
    }

    fn unmet(self) -> Vec<Said> {
        self.all.into_iter().zip(self.met).filter(|(_, met)| !met).map(|((said, _), _)| said).collect()
    }
}
