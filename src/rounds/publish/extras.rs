//! What the plan states for an offer or a drop as a whole, spread over awards: incremental tiers, fees per drop and truck.
//!
//! Each sum is rounded once and split by largest remainder, so what buyers pay together is what the plan says, to the rupiah.

use super::super::solve::Verified;
use super::super::types::Award;
use super::{id, too_large};
use crate::error::AppError;
use crate::values::{Rupiah, split_by_largest_remainder};
use std::collections::BTreeMap;

/// Takes rebates off the goods and puts fees on the freight of the awards they belong to.
pub(super) fn spread(verified: &Verified, awards: &mut [Award]) -> Result<(), AppError> {
    let mut lines_of_offer: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, award) in awards.iter().enumerate() {
        lines_of_offer.entry(award.offer_id).or_default().push(index);
    }
    for discount in &verified.plan.discounts {
        let lines = lines_of_offer.get(&id(&discount.offer)?).map_or(&[][..], Vec::as_slice);
        let total = Rupiah::from_ticks(discount.amount).map_err(too_large)?;
        share(awards, lines, total, |award, part| {
            award.rebate = add(award.rebate, part)?;
            award.goods = Rupiah::new(award.goods.get() - part.get()).map_err(too_large)?;
            Ok(())
        })?;
    }
    spread_fees(verified, awards)
}

fn spread_fees(verified: &Verified, awards: &mut [Award]) -> Result<(), AppError> {
    for supplier in verified.problem.suppliers.iter().filter(|s| s.drop_fee > 0 || s.trip_fee > 0) {
        let seller_id = id(&supplier.id)?;
        let (mut drops, mut trips) = (BTreeMap::new(), BTreeMap::new());
        for (index, award) in awards.iter().enumerate().filter(|(_, award)| award.seller_id == seller_id) {
            drops.entry((award.place_id, award.day)).or_insert_with(Vec::new).push(index);
            trips.entry(award.day).or_insert_with(Vec::new).push(index);
        }
        let fee = |ticks: i64| Rupiah::from_ticks(i128::from(ticks)).map_err(too_large);
        let (per_drop, per_trip) = (fee(supplier.drop_fee)?, fee(supplier.trip_fee)?);
        let each = drops.values().map(|lines| (lines, per_drop)).chain(trips.values().map(|lines| (lines, per_trip)));
        for (lines, total) in each {
            share(awards, lines, total, |award, part| {
                award.fee = add(award.fee, part)?;
                award.freight = add(award.freight, part)?;
                Ok(())
            })?;
        }
    }
    Ok(())
}

fn add(one: Rupiah, other: Rupiah) -> Result<Rupiah, AppError> {
    one.plus(other).ok_or_else(|| super::RoundError::TooLarge.into())
}

/// Splits a sum over some awards by the value of their goods.
fn share(
    awards: &mut [Award],
    lines: &[usize],
    total: Rupiah,
    mut put: impl FnMut(&mut Award, Rupiah) -> Result<(), AppError>,
) -> Result<(), AppError> {
    if total == Rupiah::ZERO {
        return Ok(());
    }
    let weights: Vec<i64> = lines.iter().filter_map(|index| awards.get(*index)).map(|a| a.goods.get()).collect();
    let parts = split_by_largest_remainder(total, &weights).map_err(too_large)?;
    for (index, part) in lines.iter().zip(parts) {
        if let Some(award) = awards.get_mut(*index) {
            put(award, part)?;
        }
    }
    Ok(())
}
