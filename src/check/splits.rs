//! What a plan states for an offer or a drop as a whole, and awards carry in parts: the parts sum to the whole.

use super::Session;
use super::frozen::Frozen;
use super::store::AwardRow;
use crate::values::decimal::div_half_even;
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Demand, Offer, Supplier};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const SPLITS: &str = "I11";
/// Ticks in one rupiah.
const TICKS: i128 = 10_000_000;

/// Rebates by offer, and fees with the drops they are for by seller; sellers without fees are not held.
pub(super) struct Splits<'a> {
    charging: HashMap<&'a str, &'a Supplier>,
    rebates: BTreeMap<&'a str, i128>,
    fees: BTreeMap<&'a str, i128>,
    drops: BTreeSet<(&'a str, String, &'a str)>,
}

impl<'a> Splits<'a> {
    pub(super) fn of(frozen: &'a Frozen) -> Self {
        let charging = frozen.problem.suppliers.iter().filter(|s| s.drop_fee > 0 || s.trip_fee > 0);
        Self {
            charging: charging.map(|s| (s.id.as_str(), s)).collect(),
            rebates: BTreeMap::new(),
            fees: BTreeMap::new(),
            drops: BTreeSet::new(),
        }
    }

    pub(super) fn add(&mut self, award: &AwardRow, demand: &'a Demand, offer: &'a Offer) {
        if award.rebate_idr != 0 {
            *self.rebates.entry(&offer.id).or_default() += i128::from(award.rebate_idr);
        }
        if award.fee_idr != 0 {
            *self.fees.entry(&offer.supplier).or_default() += i128::from(award.fee_idr);
        }
        if self.charging.contains_key(offer.supplier.as_str()) {
            self.drops.insert((&offer.supplier, award.day.clone(), &demand.place));
        }
    }

    /// Compares with what the plan states for offers and the problem for drops and days.
    pub(super) fn end(mut self, session: &mut Session<'_>, frozen: &Frozen, plan: &'a Plan) {
        for discount in &plan.discounts {
            *self.rebates.entry(&discount.offer).or_default() -= div_half_even(discount.amount, TICKS);
        }
        let mut day_before = None;
        for (seller, day, _) in &self.drops {
            let Some(terms) = self.charging.get(seller) else { continue };
            let mut due = div_half_even(terms.drop_fee.into(), TICKS);
            // Drops are in order of seller and day.
            if day_before.replace((seller, day)) != Some((seller, day)) {
                due += div_half_even(terms.trip_fee.into(), TICKS);
            }
            *self.fees.entry(seller).or_default() -= due;
        }
        for (what, sums) in [("rebates on offer", self.rebates), ("fees of seller", self.fees)] {
            for (id, off) in sums.into_iter().filter(|(_, off)| *off != 0) {
                session.found_as(SPLITS, "rounds", frozen.row.id, format!("{what} {id} are off by {off} rupiah"));
            }
        }
    }
}
