//! From an approved plan to awards: amounts in whole rupiah, reserved stock, reasoned shortages.
//!
//! The plan and the snapshot come from the database and are checked once more, because from here on they bind people.

mod extras;

use super::errors::RoundError;
use super::solve::{Verified, verify};
use super::types::{Award, Round, Shortage};
use super::{snapshot, store};
use crate::audit::Work;
use crate::catalog::{self, Commodity};
use crate::error::AppError;
use crate::offers;
use crate::values::ids::parse_id;
use crate::values::{Day, Distance, Quantity, Rupiah, UnitPrice, ValueError};
use pasok_solver::plan::Line;
use pasok_solver::problem;
use std::collections::{BTreeMap, HashMap};

/// Writes the awards and shortages of a round and reserves the stock; all or nothing, in the caller's transaction.
pub(super) fn award(work: &mut Work<'_>, round: &Round) -> Result<Vec<Award>, AppError> {
    let (verified, days) = load(work, round)?;
    let commodities = catalog::service::load_all(work.connection)?;
    let awards = awards(work, &days, &verified, &commodities)?;
    let shortages = shortages(work, &verified)?;
    let mut taken: BTreeMap<i64, i64> = BTreeMap::new();
    for award in &awards {
        *taken.entry(award.offer_id).or_default() += award.quantity.get();
    }
    offers::service::reserve(work, round.id, &taken)?;
    store::insert_awards(work.connection, round.market_id, round.id, &awards)?;
    store::insert_shortages(work.connection, round.market_id, round.id, &shortages)?;
    Ok(awards)
}

/// The plan with its problem, checked once more, and the dates of its day numbers.
fn load(work: &mut Work<'_>, round: &Round) -> Result<(Verified, Vec<Day>), AppError> {
    let frozen = store::find_snapshot(work.connection, work.scope, round.id)?.ok_or(RoundError::NoSnapshot)?;
    if frozen.sha256 != round.snapshot_sha256 || snapshot::sha256(&frozen.text) != frozen.sha256 {
        return Err(RoundError::SnapshotAltered.into());
    }
    let plan = store::find_plan(work.connection, work.scope, round.id)?.ok_or(RoundError::NoPlan)?;
    if snapshot::sha256(&plan.text) != plan.sha256 {
        return Err(AppError::refused_with(RoundError::PlanRefused, "SHA-256"));
    }
    Ok((verify(&frozen, &plan.text)?, frozen.days))
}

fn awards(
    work: &Work<'_>,
    days: &[Day],
    verified: &Verified,
    commodities: &BTreeMap<i64, Commodity>,
) -> Result<Vec<Award>, AppError> {
    let demands: HashMap<&str, &problem::Demand> =
        verified.problem.demands.iter().map(|d| (d.id.as_str(), d)).collect();
    let offers: HashMap<&str, &problem::Offer> = verified.problem.offers.iter().map(|o| (o.id.as_str(), o)).collect();
    let one = |line: &Line| {
        let missing =
            || AppError::unknown_stored(format!("plan line of demand {} and offer {}", line.demand, line.offer));
        let demand = demands.get(line.demand.as_str()).ok_or_else(missing)?;
        let offer = offers.get(line.offer.as_str()).ok_or_else(missing)?;
        let commodity_id = id(&offer.commodity)?;
        let commodity = commodities.get(&commodity_id).ok_or_else(missing)?;
        let quantity = Quantity::new(line.quantity).map_err(too_large)?;
        let price = price(line.unit_price, commodity)?;
        let freight_ticks = i128::from(line.unit_freight) * i128::from(line.quantity);
        Ok(Award {
            id: work.new_id(),
            demand_id: id(&line.demand)?,
            offer_id: id(&line.offer)?,
            buyer_id: id(&demand.buyer)?,
            seller_id: id(&offer.supplier)?,
            place_id: id(&demand.place)?,
            commodity_id,
            day: usize::try_from(line.day).ok().and_then(|number| days.get(number).copied()).ok_or_else(missing)?,
            quantity,
            price,
            freight_ticks: line.unit_freight,
            distance: Distance(line.distance_m),
            goods: price.amount(quantity, commodity.base_unit).map_err(too_large)?,
            freight: Rupiah::from_ticks(freight_ticks).map_err(too_large)?,
            rebate: Rupiah::ZERO,
            fee: Rupiah::ZERO,
        })
    };
    let mut awards: Vec<Award> = verified.plan.lines.iter().map(one).collect::<Result<_, AppError>>()?;
    extras::spread(verified, &mut awards)?;
    Ok(awards)
}

/// Ticks per base unit as a price per pricing unit; exact, because the offer's price was such a price.
fn price(ticks: i64, commodity: &Commodity) -> Result<UnitPrice, AppError> {
    let ticks_per_e4 = commodity.base_unit.ticks_per_e4();
    if ticks % ticks_per_e4 != 0 {
        return Err(AppError::unknown_stored(format!("price of {ticks} ticks")));
    }
    UnitPrice::from_e4(ticks / ticks_per_e4).map_err(too_large)
}

fn shortages(work: &Work<'_>, verified: &Verified) -> Result<Vec<Shortage>, AppError> {
    let demands: HashMap<&str, &problem::Demand> =
        verified.problem.demands.iter().map(|d| (d.id.as_str(), d)).collect();
    let one = |shortage: &pasok_solver::plan::Shortage| {
        let missing = || AppError::unknown_stored(format!("shortage of demand {}", shortage.demand));
        let demand = demands.get(shortage.demand.as_str()).ok_or_else(missing)?;
        let reason = serde_json::to_value(shortage.reason).map_err(AppError::internal)?;
        Ok(Shortage {
            id: work.new_id(),
            demand_id: id(&shortage.demand)?,
            buyer_id: id(&demand.buyer)?,
            commodity_id: id(&demand.commodity)?,
            reason: reason.as_str().unwrap_or_default().to_owned(),
            quantity: Quantity::new(shortage.quantity).map_err(too_large)?,
            limited_by: shortage.limited_by.clone().unwrap_or_default(),
        })
    };
    verified.plan.shortages.iter().map(one).collect()
}

fn id(text: &str) -> Result<i64, AppError> {
    parse_id(text).map_err(|_| AppError::unknown_stored(format!("id '{text}' in a snapshot")))
}

fn too_large(_: ValueError) -> AppError {
    RoundError::TooLarge.into()
}
