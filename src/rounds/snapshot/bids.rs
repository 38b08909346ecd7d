//! What offers that came from bids bring into the problem: tiers and least totals, areas, fees, capacity, bundles.

use super::{Records, ticks};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::offers::Offer;
use crate::offers::terms::{self, BundleTerms, OfferTerms, SellerTerms};
use crate::places;
use crate::scope::Scope;
use pasok_solver::problem::{self as wire, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// Terms of the round's offers and of those who made them.
#[derive(Debug, Default)]
pub(super) struct Bids {
    /// By offer.
    offers: BTreeMap<i64, OfferTerms>,
    /// By seller, one for each of its bids.
    sellers: Vec<(i64, SellerTerms)>,
}

impl Bids {
    /// Reads the terms, and drops offers that are bound to another round.
    pub(super) fn read(
        connection: &mut DbConnection,
        scope: &Scope,
        round_id: i64,
        offers: &mut Vec<Offer>,
    ) -> Result<Self, AppError> {
        let ids: Vec<i64> = offers.iter().map(|offer| offer.id).collect();
        let bound = terms::list_of_offers(connection, scope, &ids)?;
        offers.retain(|offer| bound.get(&offer.id).is_none_or(|(round, _)| *round == round_id));
        Ok(Self {
            offers: bound.into_iter().map(|(id, (_, terms))| (id, terms)).collect(),
            sellers: terms::list_of_sellers(connection, scope, round_id)?,
        })
    }

    /// Keeps plain offers, and the least values of orders that they state, as they were frozen before, and leaves out those that
    /// were not there.
    pub(super) fn keep_plain(&self, problem: &mut Problem, before: &Problem) {
        let frozen: BTreeMap<&str, &wire::Offer> = before.offers.iter().map(|o| (o.id.as_str(), o)).collect();
        let is_bid = |offer: &wire::Offer| offer.id.parse().is_ok_and(|id: i64| self.offers.contains_key(&id));
        problem.offers.retain(|offer| is_bid(offer) || frozen.contains_key(offer.id.as_str()));
        for offer in problem.offers.iter_mut().filter(|offer| !is_bid(offer)) {
            if let Some(frozen) = frozen.get(offer.id.as_str()) {
                *offer = (*frozen).clone();
            }
        }
        let least: BTreeMap<&str, i64> = before.suppliers.iter().map(|s| (s.id.as_str(), s.min_order_value)).collect();
        for supplier in &mut problem.suppliers {
            supplier.min_order_value = least.get(supplier.id.as_str()).copied().unwrap_or(0);
        }
    }

    /// Writes the terms into a problem made from the records.
    pub(super) fn apply(&self, records: &Records<'_>, problem: &mut Problem) -> Result<(), AppError> {
        for offer in &mut problem.offers {
            let id: i64 = offer.id.parse().map_err(AppError::internal)?;
            let Some(terms) = self.offers.get(&id) else { continue };
            let per_e4 = ticks_per_e4(records, &offer.commodity)?;
            offer.min_total = terms.min_total;
            (offer.tiers, offer.tier_kind) = super::tiers(&terms.tiers, terms.incremental, per_e4);
        }
        problem.exclusions.extend(self.outside(records, problem));
        self.apply_sellers(records, problem)
    }

    /// Demands of the same goods that lie outside the area of a bid's offer.
    fn outside(&self, records: &Records<'_>, problem: &Problem) -> Vec<wire::Exclusion> {
        let regions: BTreeMap<i64, &str> =
            records.places.iter().map(|place| (place.id, place.region_code.as_deref().unwrap_or_default())).collect();
        let mut found = Vec::new();
        for offer in &records.offers {
            let Some(terms) = self.offers.get(&offer.id).filter(|terms| !terms.area.is_empty()) else { continue };
            if !problem.offers.iter().any(|in_problem| in_problem.id == offer.id.to_string()) {
                continue;
            }
            for demand in records.demands.iter().filter(|demand| demand.commodity_id == offer.commodity_id) {
                let region = regions.get(&demand.place_id).copied().unwrap_or_default();
                if !terms.area.iter().any(|area| places::lies_in(region, area)) {
                    found.push(wire::Exclusion {
                        buyer: None,
                        demand: Some(demand.id.to_string()),
                        supplier: None,
                        offer: Some(offer.id.to_string()),
                    });
                }
            }
        }
        found
    }

    fn apply_sellers(&self, records: &Records<'_>, problem: &mut Problem) -> Result<(), AppError> {
        let there: BTreeSet<i64> = problem.offers.iter().filter_map(|offer| offer.id.parse().ok()).collect();
        for (seller_id, terms) in &self.sellers {
            let Some(supplier) = problem.suppliers.iter_mut().find(|s| s.id == seller_id.to_string()) else { continue };
            supplier.drop_fee += ticks(terms.drop_fee_idr)?;
            supplier.trip_fee += ticks(terms.trip_fee_idr)?;
            // Of several bids each holds: the tightest capacity counts.
            let tighter = |known: Option<i64>, own: Option<i64>| known.into_iter().chain(own).min();
            supplier.capacity_g_per_day = tighter(supplier.capacity_g_per_day, terms.capacity_g_per_day);
            supplier.capacity_g = tighter(supplier.capacity_g, terms.capacity_g);
            for bundle in &terms.bundles {
                let id = format!("b{}", problem.bundles.len() + 1);
                problem.bundles.extend(wire_bundle(records, id, bundle, &there)?);
            }
        }
        Ok(())
    }
}

/// A bundle of offers that are all in the problem. One that names an offer which is not can never be met as it was meant.
fn wire_bundle(
    records: &Records<'_>,
    id: String,
    bundle: &BundleTerms,
    there: &BTreeSet<i64>,
) -> Result<Option<wire::Bundle>, AppError> {
    let all_there = |offers: &[i64]| offers.iter().all(|offer| there.contains(offer));
    let texts = |offers: &[i64]| offers.iter().map(ToString::to_string).collect::<Vec<_>>();
    Ok(match bundle {
        BundleTerms::AllOrNothing { offers } if all_there(offers) => {
            Some(wire::Bundle::AllOrNothing { id, offers: texts(offers) })
        }
        BundleTerms::Xor { offers } if all_there(offers) => Some(wire::Bundle::Xor { id, offers: texts(offers) }),
        BundleTerms::Discount { when, at_least, then, off_e4 } if all_there(when) && there.contains(then) => {
            let offer = records.offers.iter().find(|offer| offer.id == *then);
            let goods = offer.map(|offer| offer.commodity_id.to_string()).unwrap_or_default();
            let off = off_e4 * ticks_per_e4(records, &goods)?;
            Some(wire::Bundle::Discount { id, when: texts(when), at_least: *at_least, then: texts(&[*then]), off })
        }
        _ => None,
    })
}

/// Ticks per base unit in one ten-thousandth of a rupiah per pricing unit.
fn ticks_per_e4(records: &Records<'_>, commodity: &str) -> Result<i64, AppError> {
    let id = commodity.parse().map_err(AppError::internal)?;
    Ok(super::commodity(records, id)?.base_unit.ticks_per_e4())
}
