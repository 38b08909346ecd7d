//! One demand against many offers at once: what [`judge`](super::judge) says of each pair, many times faster.
//!
//! For offers of one commodity that no term but stock ties, laid out so that a row of costs is one pass over them without
//! a lookup or a wide division. It decides nothing of its own: a test holds it to `judge`, pair by pair.

use super::is_excluded;
use crate::model::{Model, Origins, round_thousandth};
use std::collections::HashSet;

/// Marks a pair that may not trade.
pub const FORBIDDEN: i64 = i64::MAX;

/// What a pair needs to know of an offer.
#[derive(Debug, Clone, Copy)]
struct Column {
    price: i64,
    freight_base: i64,
    freight_per_km: i64,
    /// Farthest delivery in metres; below zero where the offer can serve nobody.
    farthest_m: i64,
    day_from: i64,
    day_to: i64,
    /// Certificates as bits.
    held: u64,
}

/// Offers of one commodity, ready to be judged against demands for it.
///
/// Least lines are taken as one pack, and pins and substitutes are not looked at: the caller knows that there are none.
#[derive(Debug)]
pub struct Columns<'m> {
    model: &'m Model<'m>,
    offers: &'m [usize],
    columns: Vec<Column>,
    origins: Origins,
    /// Buyers and demands that an exclusion names.
    excluded_buyers: HashSet<usize>,
    excluded_demands: HashSet<usize>,
}

impl<'m> Columns<'m> {
    /// Lays out offers for these demands. `None` when there are more than 64 kinds of certificates.
    pub fn new(model: &'m Model<'m>, demands: &[usize], offers: &'m [usize]) -> Option<Self> {
        let columns: Option<Vec<Column>> = offers.iter().map(|&offer| column(model, offer)).collect();
        demands.iter().try_for_each(|&demand| bits(&model.demands[demand].requirements).map(|_| ()))?;
        let x = &model.exclusions;
        Some(Self {
            model,
            offers,
            columns: columns?,
            origins: model.origins(offers),
            excluded_buyers: x.buyer_supplier.iter().chain(&x.buyer_offer).map(|pair| pair.0).collect(),
            excluded_demands: x.demand_supplier.iter().chain(&x.demand_offer).map(|pair| pair.0).collect(),
        })
    }

    /// Writes the landed cost of each pair in ticks per base unit, or [`FORBIDDEN`], and returns the least, if any may trade.
    /// `metres` is room to work in.
    pub fn costs(&self, demand: usize, metres: &mut Vec<u32>, costs: &mut Vec<i64>) -> Option<i64> {
        costs.clear();
        let d = &self.model.demands[demand];
        let pack = self.offers.first().map_or(1, |&offer| self.model.offers[offer].pack);
        let needed = bits(&d.requirements).unwrap_or(u64::MAX);
        if pack > d.accept {
            costs.resize(self.columns.len(), FORBIDDEN);
            return None;
        }
        self.model.distances_m(demand, &self.origins, metres);
        let (dearest, ceiling) = (d.penalty, d.ceiling.unwrap_or(i64::MAX));
        let (first, last) = (d.day_from, d.day_to);
        costs.extend(self.columns.iter().zip(metres.iter()).map(|(o, &metres)| {
            let metres = i64::from(metres);
            let cost = o.price + o.freight_base + round_thousandth(o.freight_per_km, metres);
            let is_allowed = (metres <= o.farthest_m)
                & (cost <= dearest)
                & (o.price <= ceiling)
                & (o.day_to >= first)
                & (o.day_from <= last)
                & (needed & !o.held == 0);
            if is_allowed { cost } else { FORBIDDEN }
        }));
        self.exclude(demand, costs);
        costs.iter().copied().min().filter(|&least| least != FORBIDDEN)
    }

    fn exclude(&self, demand: usize, costs: &mut [i64]) {
        let buyer = self.model.demands[demand].buyer;
        if self.excluded_buyers.contains(&buyer) || self.excluded_demands.contains(&demand) {
            for (&offer, cost) in self.offers.iter().zip(costs) {
                if is_excluded(self.model, demand, offer) {
                    *cost = FORBIDDEN;
                }
            }
        }
    }
}

fn column(model: &Model<'_>, offer: usize) -> Option<Column> {
    let o = &model.offers[offer];
    let is_open = model.suppliers[o.supplier].active && o.packs_per_day >= 1;
    Some(Column {
        price: o.price,
        freight_base: o.freight_base,
        freight_per_km: o.freight_per_km,
        farthest_m: if is_open { o.radius_m.unwrap_or(i64::MAX) } else { -1 },
        day_from: o.day_from,
        day_to: o.day_to,
        held: bits(&o.certificates)?,
    })
}

/// Certificates as bits; `None` past 64 kinds.
fn bits(certificates: &[usize]) -> Option<u64> {
    certificates.iter().try_fold(0, |bits, &kind| Some(bits | 1_u64.checked_shl(u32::try_from(kind).ok()?)?))
}
