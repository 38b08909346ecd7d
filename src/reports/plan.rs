//! What a round's plan comes to, before and after it is published: from the frozen problem and the plan, with names.
//!
//! For those who may see whole rounds; the services below refuse others. Amounts are rounded line by line, as awards are.

use super::types::{CommodityFigures, ShortageFigures};
use crate::catalog::{self, Commodity};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::{self, Capability, Organisation};
use crate::places;
use crate::rounds::{self, RoundError};
use crate::scope::Scope;
use crate::values::decimal::div_half_even;
use crate::values::ids::parse_id;
use crate::values::{Coordinates, RiceZone, Rupiah};
use pasok_solver::plan::{Line, Plan, PlanStatus};
use pasok_solver::problem::{Demand, Offer, Problem, TICKS_PER_RUPIAH};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A plan in figures.
#[derive(Debug, Clone)]
pub struct PlanFigures {
    /// By commodity, in the order of their codes.
    pub commodities: Vec<CommodityFigures>,
    /// Base units on offer, by commodity.
    pub offered: BTreeMap<i64, i64>,
    /// By commodity and reason.
    pub shortages: Vec<ShortageFigures>,
    /// Places that goods leave or reach.
    pub spots: Vec<SpotFigures>,
    /// Grams by places: positions in `spots`, from and to.
    pub flows: BTreeMap<(usize, usize), i64>,
    /// By buyer, by name.
    pub buyers: Vec<BuyerFigures>,
    /// Rupiah for goods and freight, by class of the seller and whether a kitchen buys.
    pub groups: BTreeMap<(&'static str, bool), i64>,
    /// Lines of the plan.
    pub lines: usize,
    /// Sellers with a line.
    pub sellers: usize,
    /// Pairs of buyer and seller: the purchase orders that come of it.
    pub orders: usize,
    /// Whether nothing cheaper can exist.
    pub is_optimal: bool,
    /// Whole rupiah by which the plan is at most dearer than the cheapest, rounded up.
    pub gap: i64,
    /// What the shortages count, in ticks.
    pub shortage_ticks: i128,
    /// Fingerprint of the frozen problem.
    pub snapshot_sha256: String,
}

/// A place on the map.
#[derive(Debug, Clone)]
pub struct SpotFigures {
    /// Whose.
    pub name: String,
    /// Where.
    pub at: Coordinates,
    /// Whether goods leave from here.
    pub is_seller: bool,
}

/// What a buyer asked for and lacks, by weight.
#[derive(Debug, Clone)]
pub struct BuyerFigures {
    /// Its name.
    pub name: String,
    /// Grams asked for.
    pub demanded_g: i64,
    /// Grams of that not served.
    pub short_g: i64,
}

impl PlanFigures {
    /// Goods over all commodities, in rupiah.
    pub fn goods(&self) -> i64 {
        self.commodities.iter().map(|row| row.goods.get()).sum()
    }

    /// Freight over all commodities, in rupiah.
    pub fn freight(&self) -> i64 {
        self.commodities.iter().map(|row| row.freight.get()).sum()
    }
}

/// The plan of a round, once there is one.
pub fn of_round(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    zone: RiceZone,
) -> Result<Option<PlanFigures>, AppError> {
    let text = match rounds::service::get_plan(connection, scope, round_id) {
        Err(error) if error.code() == RoundError::NoPlan.code() => return Ok(None),
        found => found?.text,
    };
    let snapshot = rounds::service::get_snapshot(connection, scope, round_id)?;
    let problem: Problem = serde_json::from_str(&snapshot.text).map_err(AppError::internal)?;
    let plan: Plan = serde_json::from_str(&text).map_err(AppError::internal)?;
    if plan.problem_sha256 != snapshot.sha256 {
        // Frozen anew since; the plan is of another problem.
        return Ok(None);
    }
    let names = Names::load(connection, scope, &problem, zone)?;
    Ok(Some(Reading::new(&problem, &plan, &names).figures(snapshot.sha256)?))
}

/// Records that the problem names by id.
struct Names {
    commodities: BTreeMap<i64, Commodity>,
    ceilings: BTreeMap<i64, i64>,
    organisations: HashMap<i64, Organisation>,
    places: HashMap<i64, Coordinates>,
}

impl Names {
    fn load(connection: &mut DbConnection, scope: &Scope, problem: &Problem, zone: RiceZone) -> Result<Self, AppError> {
        let ids = |texts: &mut dyn Iterator<Item = &str>| -> Vec<i64> {
            texts.filter_map(|text| parse_id(text).ok()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let buyers = problem.buyers.iter().map(|buyer| buyer.id.as_str());
        let parties = ids(&mut buyers.chain(problem.suppliers.iter().map(|supplier| supplier.id.as_str())));
        let points = ids(&mut problem.places.iter().map(|place| place.id.as_str()));
        let organisations = parties::service::list_by_ids(connection, scope, &parties)?;
        let places = places::service::list_by_ids(connection, scope, &points)?;
        let ceilings = catalog::service::load_binding_ceilings(connection, zone)?;
        Ok(Self {
            commodities: catalog::service::load_all(connection)?,
            ceilings: ceilings.into_iter().map(|(id, price)| (id, price.e4())).collect(),
            organisations: organisations.into_iter().map(|one| (one.id, one)).collect(),
            places: places.into_iter().map(|place| (place.id, place.coordinates)).collect(),
        })
    }

    fn organisation(&self, id: &str) -> Option<&Organisation> {
        self.organisations.get(&parse_id(id).ok()?)
    }

    fn commodity(&self, id: &str) -> Result<&Commodity, AppError> {
        let found = parse_id(id).ok().and_then(|id| self.commodities.get(&id));
        found.ok_or_else(|| AppError::unknown_stored(format!("commodity {id}")))
    }
}

/// What is loaded and unloaded at each place, and how much goes from one of them to another.
type Movements = (Vec<SpotFigures>, BTreeMap<(usize, usize), i64>);

struct Reading<'a> {
    problem: &'a Problem,
    plan: &'a Plan,
    names: &'a Names,
    demands: HashMap<&'a str, &'a Demand>,
    offers: HashMap<&'a str, &'a Offer>,
}

impl<'a> Reading<'a> {
    fn new(problem: &'a Problem, plan: &'a Plan, names: &'a Names) -> Self {
        let demands = problem.demands.iter().map(|demand| (demand.id.as_str(), demand)).collect();
        let offers = problem.offers.iter().map(|offer| (offer.id.as_str(), offer)).collect();
        Self { problem, plan, names, demands, offers }
    }

    /// Lines with their demand and offer.
    fn lines(&self) -> impl Iterator<Item = (&'a Line, &'a Demand, &'a Offer)> + '_ {
        self.plan.lines.iter().filter_map(|line| {
            Some((line, *self.demands.get(line.demand.as_str())?, *self.offers.get(line.offer.as_str())?))
        })
    }

    fn figures(&self, snapshot_sha256: String) -> Result<PlanFigures, AppError> {
        let sellers: BTreeSet<&str> = self.lines().map(|(_, _, offer)| offer.supplier.as_str()).collect();
        let orders: BTreeSet<(&str, &str)> =
            self.lines().map(|(_, demand, offer)| (demand.buyer.as_str(), offer.supplier.as_str())).collect();
        let (spots, flows) = self.movements()?;
        let rupiah = i128::from(TICKS_PER_RUPIAH);
        let gap = (self.plan.certificate.gap + rupiah - 1) / rupiah;
        Ok(PlanFigures {
            commodities: self.commodities()?,
            offered: self.offered()?,
            shortages: self.shortages()?,
            spots,
            flows,
            buyers: self.buyers()?,
            groups: self.groups()?,
            lines: self.plan.lines.len(),
            sellers: sellers.len(),
            orders: orders.len(),
            is_optimal: self.plan.status == PlanStatus::Optimal,
            gap: i64::try_from(gap).unwrap_or(i64::MAX),
            shortage_ticks: self.plan.totals.shortage,
            snapshot_sha256,
        })
    }

    fn commodities(&self) -> Result<Vec<CommodityFigures>, AppError> {
        let mut rows: BTreeMap<String, CommodityFigures> = BTreeMap::new();
        for demand in &self.problem.demands {
            let row = self.row(&mut rows, &demand.commodity)?;
            row.demanded += demand.quantity;
        }
        for shortage in &self.plan.shortages {
            let Some(demand) = self.demands.get(shortage.demand.as_str()) else { continue };
            self.row(&mut rows, &demand.commodity)?.short += shortage.quantity;
        }
        for (line, demand, _) in self.lines() {
            let row = self.row(&mut rows, &demand.commodity)?;
            row.awarded += line.quantity;
            let sum = |old: Rupiah, ticks: i64| rupiah(i128::from(old.get()) + rounded(line, ticks));
            (row.goods, row.freight) = (sum(row.goods, line.unit_price)?, sum(row.freight, line.unit_freight)?);
        }
        Ok(rows.into_values().collect())
    }

    fn row<'r>(
        &self,
        rows: &'r mut BTreeMap<String, CommodityFigures>,
        id: &str,
    ) -> Result<&'r mut CommodityFigures, AppError> {
        let commodity = self.names.commodity(id)?;
        let nothing = rupiah(0)?;
        Ok(rows.entry(commodity.code.clone()).or_insert_with(|| CommodityFigures {
            commodity_id: commodity.id,
            name: commodity.name_id.clone(),
            unit: commodity.base_unit,
            demanded: 0,
            short: 0,
            awarded: 0,
            goods: nothing,
            freight: nothing,
            ceiling_e4: self.names.ceilings.get(&commodity.id).copied(),
        }))
    }

    fn offered(&self) -> Result<BTreeMap<i64, i64>, AppError> {
        let mut sums: BTreeMap<i64, i64> = BTreeMap::new();
        for offer in &self.problem.offers {
            let sum = sums.entry(self.names.commodity(&offer.commodity)?.id).or_default();
            *sum = sum.saturating_add(offer.stock);
        }
        Ok(sums)
    }

    fn shortages(&self) -> Result<Vec<ShortageFigures>, AppError> {
        let mut rows: BTreeMap<(String, String), ShortageFigures> = BTreeMap::new();
        for shortage in &self.plan.shortages {
            let Some(demand) = self.demands.get(shortage.demand.as_str()) else { continue };
            let commodity = self.names.commodity(&demand.commodity)?;
            let reason = serde_json::to_value(shortage.reason).map_err(AppError::internal)?;
            let reason = reason.as_str().unwrap_or_default().to_owned();
            let row = rows.entry((commodity.code.clone(), reason.clone())).or_insert_with(|| ShortageFigures {
                commodity_id: commodity.id,
                name: commodity.name_id.clone(),
                unit: commodity.base_unit,
                reason,
                quantity: 0,
                lines: 0,
            });
            row.quantity += shortage.quantity;
            row.lines += 1;
        }
        Ok(rows.into_values().collect())
    }

    fn grams(&self, commodity: &str, quantity: i64) -> Result<i64, AppError> {
        let weight = self.names.commodity(commodity)?.grams_per_thousand;
        Ok(i64::try_from(i128::from(quantity) * i128::from(weight) / 1_000).unwrap_or(i64::MAX))
    }

    fn movements(&self) -> Result<Movements, AppError> {
        let (mut spots, mut places): (Vec<SpotFigures>, HashMap<(&str, bool), usize>) = (Vec::new(), HashMap::new());
        let mut flows: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for (line, demand, offer) in self.lines() {
            let ends = [(offer.place.as_str(), &offer.supplier, true), (demand.place.as_str(), &demand.buyer, false)];
            let mut at = [0; 2];
            for ((place, owner, is_seller), at) in ends.into_iter().zip(&mut at) {
                let known = parse_id(place).ok().and_then(|id| self.names.places.get(&id));
                let Some(&point) = known else { continue };
                *at = *places.entry((place, is_seller)).or_insert_with(|| {
                    let name = self.names.organisation(owner).map_or_else(String::new, |one| one.name.clone());
                    spots.push(SpotFigures { name, at: point, is_seller });
                    spots.len() - 1
                });
            }
            let sum = flows.entry((at[0], at[1])).or_default();
            *sum = sum.saturating_add(self.grams(&offer.commodity, line.quantity)?);
        }
        Ok((spots, flows))
    }

    fn buyers(&self) -> Result<Vec<BuyerFigures>, AppError> {
        let mut rows: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for demand in &self.problem.demands {
            rows.entry(&demand.buyer).or_default().0 += self.grams(&demand.commodity, demand.quantity)?;
        }
        for shortage in &self.plan.shortages {
            let Some(demand) = self.demands.get(shortage.demand.as_str()) else { continue };
            rows.entry(&demand.buyer).or_default().1 += self.grams(&demand.commodity, shortage.quantity)?;
        }
        let mut all: Vec<BuyerFigures> = rows
            .into_iter()
            .map(|(id, (demanded_g, short_g))| {
                let name = self.names.organisation(id).map_or_else(|| id.to_owned(), |one| one.name.clone());
                BuyerFigures { name, demanded_g, short_g }
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    fn groups(&self) -> Result<BTreeMap<(&'static str, bool), i64>, AppError> {
        let mut sums: BTreeMap<(&'static str, bool), i64> = BTreeMap::new();
        for (line, demand, offer) in self.lines() {
            let class = self.names.organisation(&offer.supplier).map_or("", |one| one.class.word());
            let buyer = self.names.organisation(&demand.buyer);
            let is_kitchen = buyer.is_some_and(|one| one.capabilities.contains(&Capability::Kitchen));
            let paid = rounded(line, line.unit_price) + rounded(line, line.unit_freight);
            let sum = sums.entry((class, is_kitchen)).or_default();
            *sum = rupiah(i128::from(*sum) + paid)?.get();
        }
        Ok(sums)
    }
}

/// Whole rupiah of a line at a price in ticks, rounded once.
fn rounded(line: &Line, ticks: i64) -> i128 {
    div_half_even(i128::from(ticks) * i128::from(line.quantity), i128::from(TICKS_PER_RUPIAH))
}

fn rupiah(amount: i128) -> Result<Rupiah, AppError> {
    i64::try_from(amount)
        .ok()
        .and_then(|amount| Rupiah::new(amount).ok())
        .ok_or_else(|| AppError::internal("too large"))
}
