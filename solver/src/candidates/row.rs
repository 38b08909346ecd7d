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
    terms: Vec<Column>,
    origins: Origins,
    /// Buyers and demands that an exclusion names.
    excluded_buyers: HashSet<usize>,
    excluded_demands: HashSet<usize>,
}

impl<'m> Columns<'m> {
    /// Lays out offers for these demands. `None` when there are more than 64 kinds of certificates.
    pub fn new(model: &'m Model<'m>, demands: &[usize], offers: &'m [usize]) -> Option<Self> {
        let terms: Option<Vec<Column>> = offers.iter().map(|&offer| column(model, offer)).collect();
        demands.iter().try_for_each(|&demand| bits(&model.demands[demand].requirements).map(|_| ()))?;
        let x = &model.exclusions;
        Some(Self {
            model,
            offers,
            terms: terms?,
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
            costs.resize(self.terms.len(), FORBIDDEN);
            return None;
        }
        self.model.distances_m(demand, &self.origins, metres);
        let (dearest, ceiling) = (d.penalty, d.ceiling.unwrap_or(i64::MAX));
        let (first, last) = (d.day_from, d.day_to);
        costs.extend(self.terms.iter().zip(metres.iter()).map(|(o, &metres)| {
            let metres = i64::from(metres);
            let cost = o.price + o.freight_base + round_thousandth(o.freight_per_km, metres);
            let is_near_and_cheap = metres <= o.farthest_m && cost <= dearest && o.price <= ceiling;
            let is_allowed = is_near_and_cheap && o.day_to >= first && o.day_from <= last && needed & !o.held == 0;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::judge;
    use crate::generate::{Size, Terms, problem};
    use crate::instances::Random;
    use crate::problem::{Distance, Exclusion, Problem};

    /// A week with every condition on pairs, drawn by seed.
    fn varied(seed: u64) -> Problem {
        let size = Size {
            buyers: 40,
            suppliers: 25,
            commodities: 2,
            offers_each: 0,
            stock_permille: 900,
            seed,
            terms: Terms::default(),
        };
        let mut week = problem(size);
        let mut random = Random::new(seed);
        for offer in &mut week.offers {
            offer.radius_m = (random.between(0, 2) > 0).then(|| random.between(0, 60_000));
            offer.stock = if random.between(0, 9) == 0 { offer.pack - 1 } else { offer.stock };
            (offer.day_from, offer.day_to) = (random.between(0, 2), random.between(2, 4));
            offer.certificates = ["halal", "bpom"]
                .iter()
                .take(usize::try_from(random.between(0, 2)).unwrap())
                .map(|c| (*c).into())
                .collect();
            offer.freight_base = random.between(0, 1_000);
        }
        for demand in &mut week.demands {
            demand.quantity = random.between(1, 200_000);
            demand.price_ceiling = (random.between(0, 1) == 0).then_some(demand.shortage_penalty / 2);
            demand.shortage_penalty -= random.between(0, demand.shortage_penalty / 2);
            (demand.day_from, demand.day_to) = (random.between(0, 3), 3);
            demand.requirements = ["bpom", "halal"]
                .iter()
                .take(usize::try_from(random.between(0, 1)).unwrap())
                .map(|c| (*c).into())
                .collect();
        }
        week.suppliers[3].active = false;
        let rule = Exclusion { buyer: None, demand: None, supplier: None, offer: None };
        week.exclusions = vec![
            Exclusion { buyer: Some("buyer-1".into()), supplier: Some("supplier-4".into()), ..rule.clone() },
            Exclusion { demand: Some("demand-2-0".into()), offer: Some("offer-5-0".into()), ..rule },
        ];
        if seed.is_multiple_of(2) {
            week.distances = vec![Distance { from: "store-1".into(), to: "village-1".into(), distance_m: 12 }];
        }
        week
    }

    #[test]
    fn rows_say_what_single_judgements_say() {
        let (mut allowed, mut refused) = (0, 0);
        for seed in 0..20 {
            let week = varied(seed);
            assert!(crate::validate(&week).is_empty(), "{:?}", crate::validate(&week));
            let model = Model::new(&week);
            for offers in &model.offers_by_commodity {
                let commodity = model.offers[offers[0]].commodity;
                let wants = |&demand: &usize| model.demands[demand].commodity == commodity;
                let demands: Vec<usize> = (0..model.demands.len()).filter(wants).collect();
                let columns = Columns::new(&model, &demands, offers).unwrap();
                let (mut metres, mut costs) = (Vec::new(), Vec::new());
                for demand in demands {
                    let least = columns.costs(demand, &mut metres, &mut costs);
                    let single =
                        |&offer: &usize| judge(&model, demand, offer).map(|arc| arc.cost / model.offers[offer].pack);
                    let expected: Vec<i64> = offers.iter().map(|offer| single(offer).unwrap_or(FORBIDDEN)).collect();
                    assert_eq!(costs, expected, "seed {seed}, demand {demand}");
                    assert_eq!(least, expected.iter().copied().min().filter(|&least| least != FORBIDDEN));
                    allowed += expected.iter().filter(|&&cost| cost != FORBIDDEN).count();
                    refused += expected.iter().filter(|&&cost| cost == FORBIDDEN).count();
                }
            }
        }
        assert!(allowed > 1_000 && refused > 1_000, "{allowed} pairs allowed, {refused} refused");
    }
}
