//! Why a quantity is not served, and which record limits it.
//!
//! A demand that nothing may serve gets the reason of the offer that came closest: the one whose first failing
//! condition stands last in the published order. A demand that could be served but is not gets the limit that binds.

use crate::candidates::{self, Arc, Reach};
use crate::model::Model;
use crate::pipeline::Delivery;
use crate::plan::{Reason, Shortage};
use rayon::prelude::*;
use std::collections::HashMap;

/// The order of conditions in `candidates::judge`; later means closer to being allowed.
const CLOSENESS: [Reason; 11] = [
    Reason::NoOfferForItem,
    Reason::SupplierSuspended,
    Reason::Excluded,
    Reason::OfferExpired,
    Reason::DeliversTooLate,
    Reason::CertificateMissing,
    Reason::OutOfDeliveryArea,
    Reason::PriceAboveCeiling,
    Reason::PackNotFilled,
    Reason::BelowSupplierMinimum,
    Reason::CostAbovePenalty,
];

/// Every shortage of a plan, in the order of the problem's demands.
pub fn shortages(model: &Model<'_>, delivery: &Delivery) -> Vec<Shortage> {
    let context = Context::of(model, delivery);
    let explain = |demand: usize| {
        let missing = model.demands[demand].quantity - delivery.served[demand];
        if missing > 0 { context.explain(demand, missing) } else { Vec::new() }
    };
    let mut by_demand: Vec<(usize, Vec<Shortage>)> = (0..model.demands.len())
        .into_par_iter()
        .map(|demand| (model.demands[demand].source, explain(demand)))
        .collect();
    by_demand.sort_by_key(|(source, _)| *source);
    by_demand.into_iter().flat_map(|(_, shortages)| shortages).collect()
}

/// What is known about a plan as a whole.
struct Context<'a> {
    model: &'a Model<'a>,
    delivery: &'a Delivery,
    /// Lowest class (largest number) that each offer serves; `None` when it serves nobody.
    last_class_served: Vec<Option<i64>>,
    /// First class (smallest number) that each offer serves.
    first_class_served: Vec<Option<i64>>,
    /// Whether all that an offer delivers is pinned.
    only_pinned: Vec<bool>,
    /// List value of goods and freight per buyer.
    spent: Vec<i128>,
    /// Packs by offer with a limit by day, and day.
    taken_on: HashMap<(usize, i64), i64>,
}

impl<'a> Context<'a> {
    fn of(model: &'a Model<'a>, delivery: &'a Delivery) -> Self {
        let mut context = Self {
            model,
            delivery,
            last_class_served: vec![None; model.offers.len()],
            first_class_served: vec![None; model.offers.len()],
            only_pinned: vec![true; model.offers.len()],
            spent: vec![0; model.buyers.len()],
            taken_on: HashMap::new(),
        };
        for trade in &delivery.trades {
            let (demand, offer) = (&model.demands[trade.demand], &model.offers[trade.offer]);
            if offer.has_day_limit {
                *context.taken_on.entry((trade.offer, trade.day)).or_insert(0) += trade.packs;
            }
            let last = &mut context.last_class_served[trade.offer];
            *last = Some(last.map_or(demand.priority, |class| class.max(demand.priority)));
            let first = &mut context.first_class_served[trade.offer];
            *first = Some(first.map_or(demand.priority, |class| class.min(demand.priority)));
            context.only_pinned[trade.offer] &= model.pins.contains_key(&(trade.demand, trade.offer));
            let freight = candidates::unit_freight(model, trade.offer, model.distance_m(trade.demand, trade.offer));
            context.spent[demand.buyer] += i128::from(trade.packs * offer.pack) * i128::from(offer.price + freight);
        }
        context
    }

    fn explain(&self, demand: usize, missing: i64) -> Vec<Shortage> {
        let mut arcs = Vec::new();
        let mut closest: Option<(usize, usize)> = None;
        for offer in candidates::offers_for(self.model, demand) {
            match candidates::judge(self.model, demand, offer) {
                Ok(arc) => arcs.push(arc),
                Err(reason) => {
                    let rank = CLOSENESS.iter().position(|known| *known == reason).unwrap_or(0);
                    if closest.is_none_or(|(best, _)| rank > best) {
                        closest = Some((rank, offer));
                    }
                }
            }
        }
        if arcs.is_empty() {
            return vec![match closest {
                None | Some((0, _)) => self.shortage(demand, missing, Reason::NoOfferForItem, None),
                Some((rank, offer)) => self.unreachable(demand, missing, CLOSENESS[rank], offer),
            }];
        }
        self.unserved(demand, missing, &arcs)
    }

    /// No offer may serve it: the closest one's reason, and what stands in its way.
    fn unreachable(&self, demand: usize, missing: i64, reason: Reason, offer: usize) -> Shortage {
        let record = match reason {
            Reason::SupplierSuspended => self.supplier_id(offer),
            _ => self.offer_id(offer),
        };
        self.shortage(demand, missing, reason, Some(record))
    }

    /// Offers may serve it: what packs cannot fill, and the limit on the rest.
    fn unserved(&self, demand: usize, missing: i64, arcs: &[Arc]) -> Vec<Shortage> {
        let reach = candidates::reach(self.model, demand, arcs);
        let quantity = self.model.demands[demand].quantity;
        let unfillable = missing.min((quantity - reach.most).max(0));
        let mut out = Vec::new();
        if missing > unfillable {
            let (reason, record) = self.limit(demand, missing - unfillable, reach, arcs);
            if reason == Reason::PackNotFilled {
                // One entry for each reason.
                return vec![self.shortage(demand, missing, reason, record)];
            }
            out.push(self.shortage(demand, missing - unfillable, reason, record));
        }
        if unfillable > 0 {
            let smallest = arcs.iter().min_by_key(|arc| arc.units).map(|arc| self.offer_id(arc.offer));
            out.push(self.shortage(demand, unfillable, Reason::PackNotFilled, smallest));
        }
        out
    }

    /// The limit that keeps `missing` base units of a demand from being served.
    fn limit(&self, demand: usize, missing: i64, reach: Reach, arcs: &[Arc]) -> (Reason, Option<String>) {
        let d = &self.model.demands[demand];
        let left = |arc: &Arc| self.model.offers[arc.offer].packs - self.delivery.taken[arc.offer];
        let is_pinned = |arc: &Arc| candidates::pinned_packs(self.model, demand, arc.offer) > 0;
        let open = arcs.iter().filter(|arc| left(arc) > 0 && !is_pinned(arc));
        let cheapest_open = open.min_by_key(|arc| (arc.cost, arc.offer));
        if let Some(arc) = cheapest_open {
            return self.open_limit(demand, missing, reach, arc, arcs);
        }
        let nearest = arcs.iter().min_by_key(|arc| (arc.cost, arc.offer));
        let record = nearest.map(|arc| self.offer_id(arc.offer));
        let held_by_pins = |arc: &Arc| self.delivery.taken[arc.offer] > 0 && self.only_pinned[arc.offer];
        if arcs.iter().all(|arc| is_pinned(arc) || held_by_pins(arc)) {
            return (Reason::PinnedElsewhere, record);
        }
        let higher = |arc: &Arc| self.first_class_served[arc.offer].is_some_and(|class| class < d.priority);
        let equal = |arc: &Arc| self.last_class_served[arc.offer].is_some_and(|class| class >= d.priority);
        if arcs.iter().any(higher) && !arcs.iter().any(equal) {
            return (Reason::LowerPriority, record);
        }
        (Reason::StockExhausted, record)
    }

    /// Stock is left with an offer that may serve the demand, yet it does not: what stands between them.
    fn open_limit(
        &self,
        demand: usize,
        missing: i64,
        reach: Reach,
        arc: &Arc,
        arcs: &[Arc],
    ) -> (Reason, Option<String>) {
        let (d, offer) = (&self.model.demands[demand], &self.model.offers[arc.offer]);
        let supplier = &self.model.suppliers[offer.supplier];
        let record = Some(self.offer_id(arc.offer));
        let left = offer.packs - self.delivery.taken[arc.offer];
        let room = (reach.most - self.delivery.served[demand]).max(0);
        let budget = self.model.buyers[d.buyer].budget;
        let is_spent = |budget| self.spent[d.buyer] + i128::from(arc.cost) > i128::from(budget);
        let is_saving = |units: i64| i128::from(d.penalty) * i128::from(missing.min(units)) >= i128::from(arc.cost);
        let is_unused = self.delivery.taken[arc.offer] == 0;
        if budget.is_some_and(is_spent) {
            (Reason::BudgetLimit, Some(self.buyer_id(d.buyer)))
        } else if arc.units > room || (offer.pack > 1 && !is_saving(arc.units)) {
            (Reason::PackNotFilled, record)
        } else if offer.min_packs > left
            || offer.min_packs.saturating_mul(arc.units) > room
            || (offer.min_total_packs > 0 && is_unused)
            || supplier.min_order_value > 0
        {
            (Reason::BelowSupplierMinimum, record)
        } else if self.is_used_up_daily(arc) {
            (Reason::StockExhausted, record)
        } else if let Some(rule) = self.rule(demand, arcs) {
            (Reason::RuleLimit, Some(rule))
        } else if supplier.drop_fee > 0 || supplier.trip_fee > 0 {
            (Reason::CostAbovePenalty, Some(self.supplier_id(arc.offer)))
        } else {
            self.competing_limit(demand, missing, arc, arcs)
        }
    }

    /// Nothing limits the cheapest open offer by itself; something about the others does.
    fn competing_limit(&self, demand: usize, missing: i64, open: &Arc, arcs: &[Arc]) -> (Reason, Option<String>) {
        let has_minimum = |arc: &&Arc| {
            let offer = &self.model.offers[arc.offer];
            offer.min_packs > 1 || offer.min_total_packs > 0 || self.model.suppliers[offer.supplier].min_order_value > 0
        };
        let is_gone = |arc: &&Arc| self.model.offers[arc.offer].packs == self.delivery.taken[arc.offer];
        let (buyer, penalty) = (self.model.demands[demand].buyer, i128::from(self.model.demands[demand].penalty));
        let is_tie = i128::from(open.cost) >= penalty * i128::from(missing.min(open.units));
        if let Some(arc) = arcs.iter().find(has_minimum) {
            (Reason::BelowSupplierMinimum, Some(self.offer_id(arc.offer)))
        } else if let Some(arc) = arcs.iter().find(is_gone) {
            (Reason::StockExhausted, Some(self.offer_id(arc.offer)))
        } else if self.model.buyers[buyer].budget.is_some() {
            (Reason::BudgetLimit, Some(self.buyer_id(buyer)))
        } else if !self.model.pins.is_empty() {
            (Reason::PinnedElsewhere, Some(self.offer_id(open.offer)))
        } else if is_tie || self.model.problem.incumbent.is_some() {
            // It saves nothing, or less than changing a line of the earlier plan counts.
            (Reason::CostAbovePenalty, Some(self.offer_id(open.offer)))
        } else {
            (Reason::PackNotFilled, Some(self.offer_id(open.offer)))
        }
    }

    /// Whether less than a pack is left on every day of an arc.
    fn is_used_up_daily(&self, arc: &Arc) -> bool {
        let offer = &self.model.offers[arc.offer];
        let taken = |day| self.taken_on.get(&(arc.offer, day)).copied().unwrap_or(0);
        offer.has_day_limit && (arc.day_from..=arc.day_to).all(|day| taken(day) >= offer.packs_per_day)
    }

    /// The record of a rule that could stand in the way of a demand.
    fn rule(&self, demand: usize, arcs: &[Arc]) -> Option<String> {
        let buyer = &self.model.buyers[self.model.demands[demand].buyer];
        let supplier_of = |arc: &Arc| self.model.offers[arc.offer].supplier;
        if let Some(arc) = arcs.iter().find(|arc| self.model.suppliers[supplier_of(arc)].has_capacity()) {
            return Some(self.supplier_id(arc.offer));
        }
        if buyer.max_suppliers.is_some() || buyer.min_suppliers.is_some() || buyer.max_share.is_some() {
            return Some(self.buyer_id(self.model.demands[demand].buyer));
        }
        if let Some(share) = self.model.problem.class_shares.first() {
            return Some(share.id.clone());
        }
        self.model.problem.bundles.first().map(|bundle| crate::pipeline::bundle_id(bundle).to_owned())
    }

    fn shortage(&self, demand: usize, quantity: i64, reason: Reason, limited_by: Option<String>) -> Shortage {
        let id = self.model.problem.demands[self.model.demands[demand].source].id.clone();
        Shortage { demand: id, quantity, reason, limited_by }
    }

    fn offer_id(&self, offer: usize) -> String {
        self.model.problem.offers[self.model.offers[offer].source].id.clone()
    }

    fn supplier_id(&self, offer: usize) -> String {
        self.model.problem.suppliers[self.model.suppliers[self.model.offers[offer].supplier].source].id.clone()
    }

    fn buyer_id(&self, buyer: usize) -> String {
        self.model.problem.buyers[self.model.buyers[buyer].source].id.clone()
    }
}
