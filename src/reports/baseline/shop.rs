//! The offers as they stand while buyers come and go.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use pasok_solver::problem::{Demand, Offer, Place, Problem};

use super::{BaselineError, Choice, Outcome};
use crate::reports::baseline::roads::road_distance_m;
use crate::values::decimal::div_half_even;

/// All offers with what is left of them.
pub(super) struct Shop<'a> {
    problem: &'a Problem,
    places: BTreeMap<&'a str, &'a Place>,
    known_ways: BTreeMap<(&'a str, &'a str), i64>,
    /// (buyer or demand, supplier or offer) pairs that are ruled out; the kinds are told apart by a letter.
    excluded: BTreeSet<(char, &'a str, char, &'a str)>,
    stands: BTreeMap<&'a str, Vec<Stand<'a>>>,
}

/// An offer and what is left of it.
struct Stand<'a> {
    offer: &'a Offer,
    place: &'a Place,
    /// Square of a straight line, in m², beyond which the road is surely longer than the offer's radius.
    farthest_m2: i64,
    left: i64,
    left_by_day: BTreeMap<i64, i64>,
}

/// A stand that a buyer may buy from, as it compares them: smallest key first, then id.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate<'a> {
    key: (i128, i128),
    id: &'a str,
    position: usize,
    freight: i64,
}

impl<'a> Shop<'a> {
    pub(super) fn open(problem: &'a Problem) -> Result<Self, BaselineError> {
        let places: BTreeMap<&str, &Place> = problem.places.iter().map(|place| (place.id.as_str(), place)).collect();
        let active: BTreeMap<&str, bool> =
            problem.suppliers.iter().map(|supplier| (supplier.id.as_str(), supplier.active)).collect();
        let mut stands: BTreeMap<&str, Vec<Stand<'_>>> = BTreeMap::new();
        for offer in &problem.offers {
            let dangling = |kind, id: &str| BaselineError::Dangling {
                record: format!("offer `{}`", offer.id),
                kind,
                id: id.to_owned(),
            };
            let place = places.get(offer.place.as_str()).ok_or_else(|| dangling("place", &offer.place))?;
            let is_active = active.get(offer.supplier.as_str()).ok_or_else(|| dangling("supplier", &offer.supplier))?;
            if *is_active {
                let stand = Stand {
                    offer,
                    place,
                    farthest_m2: farthest_m2(problem, offer),
                    left: offer.stock,
                    left_by_day: BTreeMap::new(),
                };
                stands.entry(&offer.commodity).or_default().push(stand);
            }
        }
        let ways = problem.distances.iter().flat_map(|way| {
            let (from, to) = (way.from.as_str(), way.to.as_str());
            [((from, to), way.distance_m), ((to, from), way.distance_m)]
        });
        Ok(Self { problem, places, known_ways: ways.collect(), excluded: excluded(problem), stands })
    }

    /// Buys for one demand until it is filled or nothing allowed is left; returns the base units short.
    pub(super) fn serve(
        &mut self,
        demand: &'a Demand,
        choice: Choice,
        outcome: &mut Outcome,
    ) -> Result<i64, BaselineError> {
        let mut candidates = self.candidates(demand, choice)?;
        let most = demand.accept_up_to.unwrap_or(demand.quantity);
        let mut bought = 0;
        while bought < demand.quantity {
            let Some(Reverse(candidate)) = candidates.pop() else {
                break;
            };
            let Some(stand) =
                self.stands.get_mut(demand.commodity.as_str()).and_then(|all| all.get_mut(candidate.position))
            else {
                break;
            };
            for day in demand.day_from.max(stand.offer.day_from)..=demand.day_to.min(stand.offer.day_to) {
                let taken = stand.take(day, demand.quantity - bought, most - bought);
                if taken > 0 {
                    bought += taken;
                    outcome.lines += 1;
                    outcome.goods += i128::from(taken) * i128::from(stand.offer.price);
                    outcome.freight += i128::from(taken) * i128::from(candidate.freight);
                }
            }
        }
        Ok((demand.quantity - bought).max(0))
    }

    fn candidates(
        &self,
        demand: &'a Demand,
        choice: Choice,
    ) -> Result<BinaryHeap<Reverse<Candidate<'a>>>, BaselineError> {
        let place = self.places.get(demand.place.as_str()).ok_or_else(|| BaselineError::Dangling {
            record: format!("demand `{}`", demand.id),
            kind: "place",
            id: demand.place.clone(),
        })?;
        let stands = self.stands.get(demand.commodity.as_str()).map(Vec::as_slice).unwrap_or_default();
        let allowed = stands
            .iter()
            .enumerate()
            .filter(|(_, stand)| straight_m2(place, stand.place) <= stand.farthest_m2)
            .filter(|(_, stand)| self.is_allowed(demand, stand));
        let seen = allowed.filter_map(|(position, stand)| {
            let offer = stand.offer;
            let distance_m = self.distance_m(place, stand.place);
            if offer.radius_m.is_some_and(|radius| distance_m > radius) {
                return None;
            }
            let per_way = div_half_even(i128::from(offer.freight_per_km) * i128::from(distance_m), 1000);
            let freight = offer.freight_base.saturating_add(i64::try_from(per_way).unwrap_or(i64::MAX));
            let (landed, way) = (i128::from(offer.price) + i128::from(freight), i128::from(distance_m));
            let key = match choice {
                Choice::CheapestLanded => (landed, way),
                Choice::Nearest => (way, landed),
            };
            Some(Reverse(Candidate { key, id: &offer.id, position, freight }))
        });
        Ok(seen.collect::<Vec<_>>().into())
    }

    /// Everything but the distance: stock, days, certificates, ceiling, exclusions.
    fn is_allowed(&self, demand: &Demand, stand: &Stand<'_>) -> bool {
        let offer = stand.offer;
        let is_excluded = |left: (char, &str)| {
            !self.excluded.is_empty()
                && [('s', offer.supplier.as_str()), ('o', offer.id.as_str())]
                    .iter()
                    .any(|right| self.excluded.contains(&(left.0, left.1, right.0, right.1)))
        };
        stand.left >= offer.pack.max(offer.min_line)
            && offer.day_from <= demand.day_to
            && offer.day_to >= demand.day_from
            && demand.price_ceiling.is_none_or(|ceiling| offer.price <= ceiling)
            && demand.requirements.iter().all(|paper| offer.certificates.contains(paper))
            && !is_excluded(('b', &demand.buyer))
            && !is_excluded(('d', &demand.id))
    }

    /// Metres by road: as stated for the pair, else great circle × circuity.
    fn distance_m(&self, from: &Place, to: &Place) -> i64 {
        if let Some(known) = self.known_ways.get(&(from.id.as_str(), to.id.as_str())) {
            return *known;
        }
        let point = |place: &Place| (place.x_m, place.y_m, place.z_m);
        road_distance_m(point(from), point(to), self.problem.circuity_permille)
    }
}

/// Square of the straight line between two places, in m²; a bound too large to matter where it would overflow.
fn straight_m2(from: &Place, to: &Place) -> i64 {
    let square = |left: i64, right: i64| left.saturating_sub(right).saturating_pow(2);
    square(from.x_m, to.x_m).saturating_add(square(from.y_m, to.y_m)).saturating_add(square(from.z_m, to.z_m))
}

/// The road is at least the straight line × circuity, so most offers of a province are ruled out by this square
/// without a root. Where a stated distance may be shorter than the straight line, nothing is.
fn farthest_m2(problem: &Problem, offer: &Offer) -> i64 {
    match offer.radius_m {
        Some(radius_m) if problem.distances.is_empty() && problem.circuity_permille > 0 => {
            // Three metres cover the rounding of the root and of the road.
            let straight_m = radius_m.saturating_mul(1000) / problem.circuity_permille;
            straight_m.saturating_add(3).saturating_pow(2)
        }
        _ => i64::MAX,
    }
}

impl Stand<'_> {
    /// Sells whole packs on a day: as many as fill `need`, one more pack for a rest if `most` allows, or what is left.
    /// Nothing where that stays below the minimum line.
    fn take(&mut self, day: i64, need: i64, most: i64) -> i64 {
        let pack = self.offer.pack.max(1);
        let per_day = self.offer.stock_per_day.unwrap_or(self.left);
        let left_today = *self.left_by_day.entry(day).or_insert(per_day);
        let rounded_up =
            need.max(0).div_euclid(pack).saturating_add(i64::from(need.max(0) % pack > 0)).saturating_mul(pack);
        let wanted = if rounded_up <= most { rounded_up } else { need.max(0) };
        let whole = |quantity: i64| quantity - quantity % pack;
        let mut taken = whole(wanted.min(self.left).min(left_today));
        if taken < self.offer.min_line {
            // A buyer takes the minimum where it may have that much.
            let least = self.offer.min_line + (pack - self.offer.min_line % pack) % pack;
            taken = if need > 0 && least <= most.min(self.left).min(left_today) { least } else { 0 };
        }
        self.left -= taken;
        self.left_by_day.insert(day, left_today - taken);
        taken
    }
}

fn excluded(problem: &Problem) -> BTreeSet<(char, &str, char, &str)> {
    let pairs = problem.exclusions.iter().filter_map(|exclusion| {
        let left = exclusion.buyer.as_deref().map(|id| ('b', id)).or(exclusion.demand.as_deref().map(|id| ('d', id)));
        let right =
            exclusion.supplier.as_deref().map(|id| ('s', id)).or(exclusion.offer.as_deref().map(|id| ('o', id)));
        left.zip(right).map(|(left, right)| (left.0, left.1, right.0, right.1))
    });
    pairs.collect()
}
