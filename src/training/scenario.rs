//! The small market that a class plays: a corner of Kota Kupang with a dozen cooperatives, three kitchens and those who can
//! supply them. Pure: the same code and run give the same market.

use crate::demo::scenario::{OrganisationKind, OrganisationStatus};
use crate::demo::{self, Scenario};
use crate::error::AppError;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const CITY: &str = "kupang";
const COOPERATIVES: usize = 12;
const KITCHENS: usize = 3;
/// Suppliers of each commodity that stay: those with most stock.
const SUPPLIERS_EACH: usize = 3;

/// The market of one run of a class.
pub(super) fn of(code: &str, run: i64) -> Result<Scenario, AppError> {
    let whole = demo::generate(CITY, seed(code, run)).map_err(AppError::internal)?;
    Ok(renamed(corner(whole), code, run))
}

/// The code of the market of one run of a class.
pub(super) fn market_code(code: &str, run: i64) -> String {
    format!("latihan-{code}-{run}")
}

fn seed(code: &str, run: i64) -> u64 {
    let digest = Sha256::digest(market_code(code, run));
    digest.iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}

/// Keeps some buyers, what they need, and the largest suppliers of that.
fn corner(mut scenario: Scenario) -> Scenario {
    let buyers = buyers(&scenario);
    let mut kept = buyers.clone();
    scenario.demands.retain(|demand| kept.contains(&demand.organisation));
    let needed: BTreeSet<usize> = scenario.demands.iter().map(|demand| demand.commodity).collect();
    for commodity in &needed {
        kept.extend(largest(&scenario, *commodity, &buyers));
    }
    scenario.offers.retain(|offer| kept.contains(&offer.organisation) && needed.contains(&offer.commodity));
    scenario.kitchens.retain(|kitchen| kept.contains(&kitchen.organisation));
    let organisations = places_in(&kept);
    let commodities = places_in(&needed);
    let at = |places: &BTreeMap<usize, usize>, old: usize| places.get(&old).copied().unwrap_or(old);
    keep(&mut scenario.organisations, &kept);
    keep(&mut scenario.commodities, &needed);
    for kitchen in &mut scenario.kitchens {
        kitchen.organisation = at(&organisations, kitchen.organisation);
    }
    for demand in &mut scenario.demands {
        demand.organisation = at(&organisations, demand.organisation);
        demand.commodity = at(&commodities, demand.commodity);
    }
    for offer in &mut scenario.offers {
        offer.organisation = at(&organisations, offer.organisation);
        offer.commodity = at(&commodities, offer.commodity);
    }
    scenario
}

/// The first cooperatives and kitchens that work and need something.
fn buyers(scenario: &Scenario) -> BTreeSet<usize> {
    let need: BTreeSet<usize> = scenario.demands.iter().map(|demand| demand.organisation).collect();
    let of = |kind: OrganisationKind, most: usize| {
        let all = scenario.organisations.iter().enumerate();
        all.filter(move |(_, one)| one.kind == kind && one.status == OrganisationStatus::Active)
            .map(|(index, _)| index)
            .filter(|index| need.contains(index))
            .take(most)
            .collect::<Vec<_>>()
    };
    of(OrganisationKind::Cooperative, COOPERATIVES).into_iter().chain(of(OrganisationKind::Kitchen, KITCHENS)).collect()
}

/// Who has most of a commodity, of the buyers and of those who only sell: every cooperative of a class has needs of its own.
fn largest(scenario: &Scenario, commodity: usize, buyers: &BTreeSet<usize>) -> Vec<usize> {
    let only_sells =
        |index: usize| scenario.organisations.get(index).is_some_and(|one| one.kind == OrganisationKind::Supplier);
    let stays = |index: usize| buyers.contains(&index) || only_sells(index);
    let mut stock: BTreeMap<usize, i64> = BTreeMap::new();
    for offer in scenario.offers.iter().filter(|offer| offer.commodity == commodity && stays(offer.organisation)) {
        *stock.entry(offer.organisation).or_default() += offer.stock_base;
    }
    let mut sorted: Vec<(i64, usize)> = stock.into_iter().map(|(index, stock)| (-stock, index)).collect();
    sorted.sort_unstable();
    sorted.into_iter().take(SUPPLIERS_EACH).map(|(_, index)| index).collect()
}

/// Where each of these stands once the others are gone.
fn places_in(kept: &BTreeSet<usize>) -> BTreeMap<usize, usize> {
    kept.iter().enumerate().map(|(new, old)| (*old, new)).collect()
}

fn keep<T>(all: &mut Vec<T>, kept: &BTreeSet<usize>) {
    let mut index = 0;
    all.retain(|_| {
        index += 1;
        kept.contains(&(index - 1))
    });
}

/// Nobody may be taken for somebody real: every code and name says that this is training.
fn renamed(mut scenario: Scenario, code: &str, run: i64) -> Scenario {
    for organisation in &mut scenario.organisations {
        organisation.code = format!("L{code}.{run}-{}", organisation.code);
        organisation.name = format!("{} (latihan)", organisation.name);
    }
    scenario.market.slug = market_code(code, run);
    scenario.market.name = format!("Latihan {code}: {}", scenario.market.name);
    scenario.market.operator_name = format!("{} (latihan)", scenario.market.operator_name);
    scenario.market.area_code = format!("L{code}.{run}");
    scenario
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corner_is_small_whole_and_never_to_be_taken_for_real() {
        let scenario = of("7KQ2MX", 2).unwrap();
        let buying = |kind: OrganisationKind| {
            let needing: BTreeSet<usize> = scenario.demands.iter().map(|demand| demand.organisation).collect();
            needing.into_iter().filter(|index| scenario.organisations[*index].kind == kind).count()
        };
        for (kind, count) in [(OrganisationKind::Cooperative, COOPERATIVES), (OrganisationKind::Kitchen, KITCHENS)] {
            assert_eq!(buying(kind), count);
            assert_eq!(scenario.count(kind), count, "a seat without needs of its own");
        }
        let suppliers = scenario.count(OrganisationKind::Supplier);
        assert!((3..=SUPPLIERS_EACH * scenario.commodities.len()).contains(&suppliers), "{suppliers}");
        assert!(
            scenario
                .organisations
                .iter()
                .all(|one| one.name.ends_with("(latihan)") && one.code.starts_with("L7KQ2MX.2-"))
        );
        let offered: BTreeSet<usize> = scenario.offers.iter().map(|offer| offer.commodity).collect();
        let needed: BTreeSet<usize> = scenario.demands.iter().map(|demand| demand.commodity).collect();
        assert_eq!(offered, needed, "something needed has no offer at all");
        assert_eq!(needed.len(), scenario.commodities.len());
        assert!(scenario.demands.iter().all(|demand| {
            let buyer = &scenario.organisations[demand.organisation];
            buyer.buys && scenario.commodities.get(demand.commodity).is_some()
        }));
        assert!(scenario.offers.iter().all(|offer| scenario.organisations[offer.organisation].sells));
        assert_ne!(scenario, of("7KQ2MX", 3).unwrap());
        assert_eq!(scenario, of("7KQ2MX", 2).unwrap());
    }

    #[test]
    fn every_corner_has_a_dozen_cooperatives_that_need_something_that_is_offered() {
        for run in 1..=20 {
            let scenario = of("ABC234", run).unwrap();
            let needing: BTreeSet<usize> = scenario.demands.iter().map(|demand| demand.organisation).collect();
            let (cooperatives, kitchens) =
                (scenario.count(OrganisationKind::Cooperative), scenario.count(OrganisationKind::Kitchen));
            assert_eq!((cooperatives, kitchens, needing.len()), (COOPERATIVES, KITCHENS, COOPERATIVES + KITCHENS));
            let offered: BTreeSet<usize> = scenario.offers.iter().map(|offer| offer.commodity).collect();
            assert_eq!(offered.len(), scenario.commodities.len(), "run {run}");
        }
    }
}
