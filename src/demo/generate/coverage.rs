//! Makes supply plausible: enough of nearly everything, not enough of a few things, nobody alone with all of it.
//!
//! Supply is measured per commodity, and per delivery day for goods that do not keep, against what is needed. Only offers
//! that most buyers can use count (papers as required, no large minimum, in time), by the share of the market's
//! cooperatives within their reach. Suppliers are added until a target is met, then what is beyond it is promised
//! elsewhere: stocks shrink in proportion.

use std::collections::BTreeMap;

use super::cooperatives::SPHP_RICE;
use super::goods::{permille, ratio};
use super::market::CityRules;
use super::suppliers::{Register, find_seat, settle};
use crate::demo::scenario::{CommodityPlan, OfferPlan, OrganisationKind, Scenario};
use crate::reports::baseline::roads::road_distance_m;
use crate::seed::archetypes::Archetype;
use crate::seed::{SeedFacts, SupplierClass};
use crate::values::Certificate;
use crate::values::Coordinates;
use crate::values::draw::{Draw, apportion};

/// Supply over need in permille; one is drawn for every commodity that is not scarce.
const TARGETS_PERMILLE: [i64; 5] = [1060, 1100, 1140, 1200, 1280];
/// Nobody offers more than this share of the need in one round: the rest of its stock is for other customers.
const LARGEST_SHARE_PERMILLE: i64 = 300;
/// A wholesaler with a minimum per line serves few buyers, so it brings less.
const LARGEST_SHARE_WITH_MINIMUM_PERMILLE: i64 = 120;
/// Dry goods that come later miss the kitchens' window.
const LAST_USEFUL_FIRST_DAY: i64 = 2;
/// Suppliers added for one commodity at most; reached only if the kinds that sell it are tiny.
const MOST_ADDED: usize = 60;

/// Need and usable supply, per commodity and delivery day (day 0 stands for the week where goods keep).
pub(super) struct Coverage {
    need: Vec<BTreeMap<i64, i64>>,
    supply: Vec<BTreeMap<i64, i64>>,
    required: Vec<Vec<Certificate>>,
    /// Points of the cooperatives: where the market is.
    wards: Vec<(i64, i64, i64)>,
    circuity_permille: i64,
    /// Share of the market within reach, by organisation and radius, in permille.
    reach: BTreeMap<(usize, i64), i64>,
}

impl Coverage {
    /// The needs of a scenario, with no supply yet.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let count = scenario.commodities.len();
        let cooperatives = scenario.organisations.iter().filter(|who| who.kind == OrganisationKind::Cooperative);
        let mut coverage = Self {
            need: vec![BTreeMap::new(); count],
            supply: vec![BTreeMap::new(); count],
            required: vec![Vec::new(); count],
            wards: cooperatives.map(|who| who.point.to_metres()).collect(),
            circuity_permille: scenario.market.circuity_permille,
            reach: BTreeMap::new(),
        };
        for demand in &scenario.demands {
            let day = if scenario.commodities[demand.commodity].is_daily { demand.day_from } else { 0 };
            *coverage.need[demand.commodity].entry(day).or_default() += demand.quantity_base;
            coverage.required[demand.commodity].extend_from_slice(&demand.required);
        }
        for required in &mut coverage.required {
            required.sort_unstable();
            required.dedup();
        }
        coverage
    }

    /// Adds offers to the scenario: only for days with need, none above the largest share, none below a pack.
    pub(super) fn admit(&mut self, scenario: &mut Scenario, offers: &mut Vec<OfferPlan>) {
        for mut offer in offers.drain(..) {
            let commodity = &scenario.commodities[offer.commodity];
            let day = day_of(commodity, &offer);
            let Some(need) = self.need[offer.commodity].get(&day) else {
                continue;
            };
            // Subsidised rice has one source, so the limit would only invent a shortage.
            if commodity.code != SPHP_RICE {
                let share =
                    if offer.min_line_base > 0 { LARGEST_SHARE_WITH_MINIMUM_PERMILLE } else { LARGEST_SHARE_PERMILLE };
                offer.stock_base = offer.stock_base.min(permille(*need, share).max(offer.pack_base));
            }
            offer.stock_base -= offer.stock_base % offer.pack_base;
            if offer.stock_base < offer.pack_base.max(offer.min_line_base) {
                continue;
            }
            if self.is_usable(scenario, &offer) {
                let seat = (offer.organisation, offer.radius_m);
                if !self.reach.contains_key(&seat) {
                    let point = scenario.organisations[offer.organisation].point;
                    self.reach.insert(seat, self.reach_permille(point, offer.radius_m));
                }
                *self.supply[offer.commodity].entry(day).or_default() += self.within_reach(&offer);
            }
            scenario.offers.push(offer);
        }
    }

    /// Share of the market within reach of a seller, in permille.
    pub(super) fn reach_permille(&self, point: Coordinates, radius_m: i64) -> i64 {
        let from = point.to_metres();
        let is_near = |ward: &&(i64, i64, i64)| road_distance_m(from, **ward, self.circuity_permille) <= radius_m;
        let near = self.wards.iter().filter(is_near).count();
        i64::try_from(near * 1000 / self.wards.len().max(1)).unwrap_or(0)
    }

    /// The stock of an admitted offer, as far as the market is within its reach.
    fn within_reach(&self, offer: &OfferPlan) -> i64 {
        let reach = self.reach.get(&(offer.organisation, offer.radius_m)).copied().unwrap_or(0);
        permille(offer.stock_base, reach)
    }

    /// Whether most buyers can use the offer.
    fn is_usable(&self, scenario: &Scenario, offer: &OfferPlan) -> bool {
        let commodity = &scenario.commodities[offer.commodity];
        let held = &scenario.organisations[offer.organisation].certificates;
        let in_time = commodity.is_daily || offer.day_from <= LAST_USEFUL_FIRST_DAY;
        let small_enough = offer.min_line_base == 0 || commodity.code == SPHP_RICE;
        let any_time = commodity.code == SPHP_RICE;
        (in_time || any_time) && small_enough && self.required[offer.commodity].iter().all(|paper| held.contains(paper))
    }

    /// Whether some day of the commodity is supplied below the target.
    fn is_short(&self, commodity: usize, target_permille: i64) -> bool {
        let supply = &self.supply[commodity];
        self.need[commodity]
            .iter()
            .any(|(day, need)| supply.get(day).copied().unwrap_or(0) < permille(*need, target_permille))
    }
}

fn day_of(commodity: &CommodityPlan, offer: &OfferPlan) -> i64 {
    if commodity.is_daily { offer.day_from } else { 0 }
}

/// Adds suppliers until every commodity meets its target, then shrinks what is beyond it.
pub(super) fn complete(
    facts: &SeedFacts,
    rules: &CityRules,
    scenario: &mut Scenario,
    register: &mut Register,
    coverage: &mut Coverage,
    draw: &mut Draw,
) {
    let residents: Vec<i64> = scenario.organisations.iter().filter_map(|organisation| organisation.residents).collect();
    let targets: Vec<i64> = scenario.commodities.iter().map(|commodity| target(rules, commodity, draw)).collect();
    for (commodity, target) in targets.iter().enumerate() {
        let kinds = kinds_that_help(facts, &scenario.commodities[commodity], &coverage.required[commodity]);
        for _ in 0..MOST_ADDED {
            if !coverage.is_short(commodity, *target) {
                break;
            }
            let Some(kind) = draw.pick(&kinds) else { break };
            if let Some(seat) = find_seat(facts, rules, &residents, kind, coverage, draw) {
                settle(scenario, register, &seat, Some(commodity), coverage, draw);
            }
        }
    }
    shrink(scenario, coverage, &targets);
}

fn target(rules: &CityRules, commodity: &CommodityPlan, draw: &mut Draw) -> i64 {
    let usual = draw.pick(&TARGETS_PERMILLE).copied().unwrap_or(1000);
    let scarce = rules.scarce.iter().find(|(code, _)| *code == commodity.code);
    scarce.map_or(usual, |(_, permille)| *permille)
}

/// Kinds of suppliers that can be added for a commodity: local ones with the papers its buyers require.
fn kinds_that_help<'a>(
    facts: &'a SeedFacts,
    commodity: &CommodityPlan,
    required: &[Certificate],
) -> Vec<&'a Archetype> {
    let holds = |archetype: &Archetype| {
        let mut papers = archetype.certificates.iter().filter_map(|phrase| crate::seed::certificates::meaning(phrase));
        let held: Vec<Certificate> = papers.by_ref().flat_map(|(certificates, _)| certificates.to_vec()).collect();
        required.iter().all(|paper| held.contains(paper))
    };
    // Cooperatives sell already; the largest firms are where they are, and more of them would be invented.
    let is_local = |archetype: &Archetype| {
        !matches!(archetype.class, SupplierClass::Besar | SupplierClass::Bumn | SupplierClass::Kdmp)
    };
    let sells = |archetype: &Archetype| archetype.commodities.contains(&commodity.code);
    facts.archetypes.iter().filter(|archetype| is_local(archetype) && sells(archetype) && holds(archetype)).collect()
}

/// Shrinks usable offers to the target: its whole packs are shared out in proportion to the stocks. Empty offers go.
fn shrink(scenario: &mut Scenario, coverage: &Coverage, targets: &[i64]) {
    let mut groups: BTreeMap<(usize, i64), Vec<usize>> = BTreeMap::new();
    for (position, offer) in scenario.offers.iter().enumerate().filter(|(_, offer)| coverage.is_usable(scenario, offer))
    {
        let day = day_of(&scenario.commodities[offer.commodity], offer);
        groups.entry((offer.commodity, day)).or_default().push(position);
    }
    for ((commodity, day), members) in groups {
        let need = coverage.need[commodity].get(&day).copied().unwrap_or(0);
        let reached = members.iter().map(|position| coverage.within_reach(&scenario.offers[*position]));
        let supply: i64 = reached.sum();
        let wanted = permille(need, targets[commodity]);
        if supply <= wanted {
            continue;
        }
        let grid = scenario.commodities[commodity].grid;
        let stocks: Vec<i64> = members.iter().map(|position| scenario.offers[*position].stock_base).collect();
        for (position, packs) in
            members.into_iter().zip(apportion(ratio(stocks.iter().sum(), wanted, supply) / grid, &stocks))
        {
            scenario.offers[position].stock_base = packs * grid;
        }
    }
    scenario.offers.retain(|offer| offer.stock_base >= offer.pack_base.max(offer.min_line_base));
}
