//! Whether a plan keeps every rule, and what it costs: the README's rows and objective, term by term.
//!
//! Stock in all, packs and the limit of each demand hold by the way plans are counted. What fair shares add is in `fair`.

use crate::count::Decision;
use crate::table::{Arc, least_packs, rounded, shortage_cost, stock_packs, supplier_of};
use pasok_solver::problem::{Bundle, Buyer, ClassShare, Offer, Problem, ShareBy, TierKind};

/// One decision with everything that the rules ask about it.
struct Line {
    demand: usize,
    offer: usize,
    supplier: usize,
    buyer: usize,
    place: usize,
    day: i64,
    units: i128,
    cost: i128,
    /// List value, freight and grams of a pack.
    value: i128,
    freight: i128,
    grams: i128,
    least: i128,
    /// Packs that keep lines of an earlier plan as they were.
    kept: Vec<i128>,
}

/// Judges plans of one market.
pub struct Judge<'a> {
    problem: &'a Problem,
    lines: Vec<Line>,
    shortage_costs: Vec<i128>,
    /// Positions of the offers that bundles name.
    bundles: Vec<[Vec<usize>; 2]>,
    /// (place, buyer) of places where one buyer has all demands.
    own_places: Vec<(usize, usize)>,
}

/// Lines with their packs, those at 0 left out.
type Taken<'a> = Vec<(&'a Line, i128)>;

fn at<T>(list: &[T], is: impl Fn(&T) -> bool) -> usize {
    list.iter().position(is).unwrap()
}

impl<'a> Judge<'a> {
    pub fn new(problem: &'a Problem, arcs: &[Arc], decisions: &[Decision]) -> Self {
        let offers = |ids: &[String]| ids.iter().map(|id| at(&problem.offers, |offer| offer.id == *id)).collect();
        let bundle = |bundle: &Bundle| match bundle {
            Bundle::AllOrNothing { offers: ids, .. } | Bundle::Xor { offers: ids, .. } => [offers(ids), Vec::new()],
            Bundle::Discount { when, then, .. } => [offers(when), offers(then)],
        };
        let own = |(place, buyer): &(usize, usize)| {
            let (place, buyer) = (&problem.places[*place].id, &problem.buyers[*buyer].id);
            problem.demands.iter().filter(|demand| demand.place == *place).all(|demand| demand.buyer == *buyer)
        };
        let pairs = (0..problem.places.len()).flat_map(|p| (0..problem.buyers.len()).map(move |b| (p, b)));
        Self {
            problem,
            lines: decisions.iter().map(|decision| line(problem, &arcs[decision.arc], decision.day)).collect(),
            shortage_costs: problem.demands.iter().map(|demand| shortage_cost(problem, demand)).collect(),
            bundles: problem.bundles.iter().map(bundle).collect(),
            own_places: pairs.filter(own).collect(),
        }
    }

    /// What a plan costs; `None` when it breaks a rule.
    pub fn cost(&self, packs: &[i128]) -> Option<i128> {
        let taken: Taken<'_> = self.lines.iter().zip(packs.iter().copied()).filter(|(_, packs)| *packs > 0).collect();
        let mut totals = vec![0; self.problem.offers.len()];
        taken.iter().for_each(|(line, packs)| totals[line.offer] += packs);
        let is_allowed = taken.iter().all(|(line, packs)| *packs >= line.least)
            && self.keeps_days(&taken)
            && self.keeps_capacities(&taken)
            && self.keeps_minimums(&taken, &totals)
            && self.keeps_bundles(&totals)
            && self.problem.buyers.iter().enumerate().all(|(b, buyer)| self.keeps_buyer(&taken, b, buyer))
            && self.problem.class_shares.iter().all(|share| self.keeps_share(&taken, share));
        is_allowed.then(|| {
            let landed: i128 = taken.iter().map(|(line, packs)| line.cost * packs).sum();
            landed + self.fees(&taken) - self.saved(&totals) + self.changes(packs) + self.shortages(&taken)
        })
    }

    fn keeps_days(&self, taken: &Taken<'_>) -> bool {
        taken.iter().all(|(line, _)| {
            let on_day = || taken.iter().filter(|(other, _)| other.day == line.day);
            let offer: i128 = on_day().filter(|(other, _)| other.offer == line.offer).map(|(_, packs)| packs).sum();
            let of_supplier = on_day().filter(|(other, _)| other.supplier == line.supplier);
            let grams: i128 = of_supplier.map(|(other, packs)| other.grams * packs).sum();
            let capacity = self.problem.suppliers[line.supplier].capacity_g_per_day;
            offer <= stock_packs(&self.problem.offers[line.offer]).1
                && capacity.is_none_or(|capacity| grams <= capacity.into())
        })
    }

    fn keeps_capacities(&self, taken: &Taken<'_>) -> bool {
        self.problem.suppliers.iter().enumerate().all(|(supplier, terms)| {
            let own = taken.iter().filter(|(line, _)| line.supplier == supplier);
            let grams: i128 = own.map(|(line, packs)| line.grams * packs).sum();
            terms.capacity_g.is_none_or(|capacity| grams <= capacity.into())
        })
    }

    fn keeps_minimums(&self, taken: &Taken<'_>, totals: &[i128]) -> bool {
        let orders = taken.iter().all(|(line, _)| {
            let same = taken.iter().filter(|(other, _)| (other.supplier, other.buyer) == (line.supplier, line.buyer));
            let value: i128 = same.map(|(other, packs)| other.value * packs).sum();
            value >= self.problem.suppliers[line.supplier].min_order_value.into()
        });
        let least = |offer: &Offer| i128::from((offer.min_total + offer.pack - 1) / offer.pack);
        let reached = |(offer, &total): (&Offer, &i128)| total == 0 || total >= least(offer);
        orders && self.problem.offers.iter().zip(totals).all(reached)
    }

    fn keeps_bundles(&self, totals: &[i128]) -> bool {
        self.problem.bundles.iter().zip(&self.bundles).all(|(bundle, [offers, _])| match bundle {
            Bundle::AllOrNothing { .. } => {
                let is_all = |&o: &usize| totals[o] == stock_packs(&self.problem.offers[o]).0;
                offers.iter().all(|&o| totals[o] == 0) || offers.iter().all(is_all)
            }
            Bundle::Xor { .. } => offers.iter().filter(|&&o| totals[o] > 0).count() <= 1,
            Bundle::Discount { .. } => true,
        })
    }

    fn keeps_buyer(&self, taken: &Taken<'_>, b: usize, buyer: &Buyer) -> bool {
        let own = || taken.iter().filter(move |(line, _)| line.buyer == b);
        let value = |supplier: Option<usize>| -> i128 {
            own()
                .filter(|(line, _)| supplier.is_none_or(|s| line.supplier == s))
                .map(|(l, packs)| l.value * packs)
                .sum()
        };
        let all: Vec<usize> = (0..self.problem.suppliers.len()).collect();
        let count = all.iter().filter(|&&s| own().any(|(line, _)| line.supplier == s)).count();
        let count = i64::try_from(count).unwrap();
        let share = |permille: i64| all.iter().all(|&s| 1000 * value(Some(s)) <= i128::from(permille) * value(None));
        let spent: i128 = own().map(|(line, packs)| (line.value + line.freight) * packs).sum();
        let is_own = |line: &Line| self.own_places.contains(&(line.place, b));
        buyer.max_suppliers.is_none_or(|most| count <= most)
            && buyer.min_suppliers.is_none_or(|least| count == 0 || count >= least)
            && buyer.max_supplier_share_permille.is_none_or(share)
            && buyer.budget.is_none_or(|most| spent + self.drop_fees(taken, is_own) <= most.into())
    }

    fn keeps_share(&self, taken: &Taken<'_>, share: &ClassShare) -> bool {
        let (mut all, mut of_class) = (0, 0);
        for (line, packs) in taken {
            if share.buyer.as_ref().is_some_and(|id| self.problem.buyers[line.buyer].id != *id) {
                continue;
            }
            let amount = packs * if share.by == ShareBy::Value { line.value } else { line.grams };
            all += amount;
            if share.classes.contains(&self.problem.suppliers[line.supplier].class) {
                of_class += amount;
            }
        }
        i128::from(share.min_permille) * all <= 1000 * of_class
    }

    /// Fees of the drops that `counts` of their lines.
    fn drop_fees(&self, taken: &Taken<'_>, counts: impl Fn(&Line) -> bool) -> i128 {
        let mut drops: Vec<_> = taken.iter().map(|(line, _)| (line.supplier, line.place, line.day)).collect();
        let counted: Vec<_> = taken.iter().filter(|(line, _)| counts(line)).map(|(line, _)| line.place).collect();
        drops.sort_unstable();
        drops.dedup();
        let of = |&(s, place, _): &(usize, usize, i64)| {
            i128::from(self.problem.suppliers[s].drop_fee) * i128::from(counted.contains(&place))
        };
        drops.iter().map(of).sum()
    }

    fn fees(&self, taken: &Taken<'_>) -> i128 {
        let mut trips: Vec<_> = taken.iter().map(|(line, _)| (line.supplier, line.day)).collect();
        trips.sort_unstable();
        trips.dedup();
        let trips: i128 = trips.iter().map(|&(s, _)| i128::from(self.problem.suppliers[s].trip_fee)).sum();
        trips + self.drop_fees(taken, |_| true)
    }

    /// What tiers and discounts take off.
    fn saved(&self, totals: &[i128]) -> i128 {
        let tiers: i128 = self.problem.offers.iter().zip(totals).map(|(offer, &packs)| tiered(offer, packs)).sum();
        let units = |offers: &[usize]| -> i128 {
            offers.iter().map(|&o| totals[o] * i128::from(self.problem.offers[o].pack)).sum()
        };
        let discount = |(bundle, [when, then]): (&Bundle, &[Vec<usize>; 2])| match bundle {
            Bundle::Discount { at_least, off, .. } if units(when) >= i128::from(*at_least) => {
                units(then) * i128::from(*off)
            }
            _ => 0,
        };
        tiers + self.problem.bundles.iter().zip(&self.bundles).map(discount).sum::<i128>()
    }

    fn changes(&self, packs: &[i128]) -> i128 {
        let Some(incumbent) = &self.problem.incumbent else { return 0 };
        let kept: usize = self
            .lines
            .iter()
            .zip(packs)
            .map(|(line, packs)| line.kept.iter().filter(|own| *own == packs).count())
            .sum();
        i128::from(incumbent.change_penalty) * i128::try_from(incumbent.lines.len() - kept).unwrap()
    }

    fn shortages(&self, taken: &Taken<'_>) -> i128 {
        let short = |(d, cost): (usize, &i128)| {
            let served: i128 =
                taken.iter().filter(|(line, _)| line.demand == d).map(|(l, packs)| l.units * packs).sum();
            cost * (i128::from(self.problem.demands[d].quantity) - served).max(0)
        };
        self.shortage_costs.iter().enumerate().map(short).sum()
    }
}

fn line(problem: &Problem, arc: &Arc, day: i64) -> Line {
    let (demand, offer) = (&problem.demands[arc.demand], &problem.offers[arc.offer]);
    let pack = i128::from(offer.pack);
    let goods = problem.commodities.iter().find(|commodity| commodity.id == offer.commodity).unwrap();
    let kept = |line: &pasok_solver::problem::Pin| {
        let is_this = line.demand == demand.id && line.offer == offer.id && line.day == Some(day);
        (is_this && line.quantity % offer.pack == 0).then(|| i128::from(line.quantity / offer.pack))
    };
    Line {
        demand: arc.demand,
        offer: arc.offer,
        supplier: at(&problem.suppliers, |supplier| supplier.id == supplier_of(problem, offer).id),
        buyer: at(&problem.buyers, |buyer| buyer.id == demand.buyer),
        place: at(&problem.places, |place| place.id == demand.place),
        day,
        units: arc.units,
        cost: arc.cost,
        value: pack * i128::from(offer.price),
        freight: arc.freight,
        grams: rounded(pack * i128::from(goods.grams_per_thousand), 1000),
        least: least_packs(offer),
        kept: problem.incumbent.iter().flat_map(|incumbent| &incumbent.lines).filter_map(kept).collect(),
    }
}

/// What volume tiers take off the list value of an offer's packs.
fn tiered(offer: &Offer, packs: i128) -> i128 {
    let total = packs * i128::from(offer.pack);
    let (mut before, mut all_unit, mut incremental) = (offer.price, 0, 0);
    for tier in offer.tiers.iter().filter(|tier| total >= i128::from(tier.from_quantity)) {
        all_unit = total * i128::from(offer.price - tier.price);
        incremental += (total - i128::from(tier.from_quantity)) * i128::from(before - tier.price);
        before = tier.price;
    }
    match offer.tier_kind {
        TierKind::AllUnit => all_unit,
        TierKind::Incremental => incremental,
    }
}
