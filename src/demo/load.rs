//! From a scenario to a market in the database, through the services that everybody else uses.

use super::scenario::{OrganisationKind, OrganisationPlan, OrganisationStatus as PlannedStatus, Scenario};
use crate::app::App;
use crate::audit::Work;
use crate::demands::{self, NewDemand};
use crate::error::{AppError, CommonError};
use crate::markets::service::NewMarket;
use crate::markets::{self, DeliveryWeekdays, FreightSettings, Market, MarketKind, TimeZone};
use crate::offers::{self, FreightTerms, NewOffer, UnusualPrice};
use crate::parties::service::NewOrganisation;
use crate::parties::{self, Actor, Capability, Class, Organisation, OrganisationStatus, Role};
use crate::places::service::NewPlace;
use crate::places::{self, Place};
use crate::rounds::{self, NewRound, Round};
use crate::scope::Scope;
use crate::seed::SupplierClass;
use crate::values::{CertificateSet, Day, DayRange, Distance, Quantity, RiceZone, Timestamp, UnitPrice};
use std::collections::BTreeMap;

/// A shortage counts three times the plausible ceiling price, as the scenario assumes.
const SHORTAGE_PERMILLE: i64 = 3_000;
/// A demonstration's round takes entries for an hour.
const AN_HOUR_S: i64 = 3_600;
/// Why the operator writes what others need and offer.
pub const REASON: &str = "demonstration";
/// Who runs and who approves rounds, who buys and who sells.
pub const NAMES: [&str; 4] = ["Petugas pasar", "Pemeriksa", "Bagian usaha", "Bagian penjualan"];

/// A market with its people and places.
#[derive(Debug, Clone)]
pub struct Set {
    /// The market.
    pub market: Market,
    /// The only place of each organisation of the scenario, in its order.
    pub places: Vec<Place>,
    /// Ids of the scenario's commodities, in its order.
    pub commodities: Vec<i64>,
    /// Runs rounds.
    pub operator: Actor,
    /// Approves them.
    pub approver: Actor,
}

/// What was loaded, and who runs it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The market.
    pub market: Market,
    /// A round, collecting.
    pub round: Round,
    /// Runs rounds.
    pub operator: Actor,
    /// Approves them.
    pub approver: Actor,
}

/// Registers everybody and opens the market.
pub fn set(app: &App, scenario: &Scenario, progress: &mut dyn FnMut(&str)) -> Result<Set, AppError> {
    progress("seed facts: regions, commodities, units, official prices");
    crate::seed::load::load(app, &mut |_| {})?;
    progress(&format!("{} organisations and their places", scenario.organisations.len()));
    enter(app, scenario, Scope::system("demonstration set-up"), MarketKind::Real)
}

/// Registers everybody and opens the market, in one transaction. The facts must be there.
pub fn enter(app: &App, scenario: &Scenario, system: Scope, kind: MarketKind) -> Result<Set, AppError> {
    let (market, people, places) = app.write(system.clone(), |work| register(work, scenario, kind))?;
    let (operator, approver) = people;
    let commodities = app.read(system, |connection, _| commodity_ids(connection, scenario))?;
    Ok(Set { market, places, commodities, operator, approver })
}

/// Opens the round of a week, counted from 0, and posts every demand and offer.
pub fn week(
    app: &App,
    scenario: &Scenario,
    set: &Set,
    week: i64,
    progress: &mut dyn FnMut(&str),
) -> Result<Loaded, AppError> {
    let Set { market, operator, .. } = set;
    let target = Target { scenario, set, week };
    let round = app.write(operator, |work| open_round(work, &target, AN_HOUR_S))?;
    progress(&format!("{} lines of demand", scenario.demands.len()));
    let needs = target.demands()?;
    app.write(operator, |work| demands::service::post_many(work, round.id, &needs, REASON))?;
    progress(&format!("{} offers", scenario.offers.len()));
    let supply = target.offers()?;
    app.write(operator, |work| offers::service::post_many(work, market.id, &supply, REASON))?;
    Ok(Loaded { market: market.clone(), round, operator: operator.clone(), approver: set.approver.clone() })
}

type Registered = (Market, (Actor, Actor), Vec<Place>);

fn register(work: &mut Work<'_>, scenario: &Scenario, kind: MarketKind) -> Result<Registered, AppError> {
    let [runs, approves, buys, sells] = NAMES;
    let plan = &scenario.market;
    let office = parties::service::register(
        work,
        NewOrganisation {
            code: format!("DINAS-{}", plan.area_code),
            name: plan.operator_name.clone(),
            class: Class::Pemerintah,
            status: OrganisationStatus::Active,
            capabilities: [Capability::Operator, Capability::Observer].into(),
        },
    )?;
    let market = markets::service::create(work, new_market(scenario, office.id, kind)?)?;
    // After the market: whom it makes an actor is also read here.
    let operator = person(work, &office, runs, Role::Operator)?;
    let approver = person(work, &office, approves, Role::Approver)?;
    let mut ids = Vec::with_capacity(scenario.organisations.len());
    for planned in &scenario.organisations {
        let organisation = parties::service::register(work, new_organisation(planned))?;
        let (name, role) = if planned.buys { (buys, Role::Usaha) } else { (sells, Role::Seller) };
        parties::service::add_member(work, organisation.id, name, role)?;
        ids.push(organisation.id);
    }
    let mut sites = Vec::with_capacity(ids.len());
    for (planned, id) in scenario.organisations.iter().zip(&ids) {
        sites.push(NewPlace {
            organisation_id: *id,
            region_code: known_region(work, &planned.region_code)?,
            name: planned.place_name.clone(),
            coordinates: planned.point,
        });
    }
    let places = places::service::create_many(work, sites)?;
    markets::service::join_many(work, market.id, &ids)?;
    Ok((market, (operator, approver), places))
}

/// The smallest region the facts know that contains this one: suppliers also sit in villages of other regencies.
pub(super) fn known_region(work: &mut Work<'_>, code: &str) -> Result<Option<String>, AppError> {
    let mut code = code;
    loop {
        if places::service::find_region(work.connection, code)?.is_some() {
            return Ok(Some(code.to_owned()));
        }
        match code.rsplit_once('.') {
            Some((parent, _)) => code = parent,
            None => return Ok(None),
        }
    }
}

pub(super) fn person(work: &mut Work<'_>, office: &Organisation, name: &str, role: Role) -> Result<Actor, AppError> {
    let member = parties::service::add_member(work, office.id, name, role)?;
    parties::service::actor_of(work.connection, work.scope, member.id)
}

fn new_market(scenario: &Scenario, operator_id: i64, kind: MarketKind) -> Result<NewMarket, AppError> {
    let plan = &scenario.market;
    let first = day(plan.first_delivery_day)?;
    let weekdays = (0..plan.delivery_days.min(7)).map(|offset| i64::from(first.plus(offset).weekday()));
    Ok(NewMarket {
        code: plan.slug.clone(),
        kind,
        name: plan.name.clone(),
        region_code: None,
        operator_id,
        time_zone: TimeZone::parse(plan.time_zone).ok_or_else(|| inconsistent("time zone"))?,
        rice_zone: RiceZone::new(i32::from(plan.rice_het_zone)).map_err(AppError::internal)?,
        circuity_permille: plan.circuity_permille,
        delivery_weekdays: DeliveryWeekdays::new(weekdays)?,
        freight: market_tariff(scenario)?,
        shortage_permille: SHORTAGE_PERMILLE,
    })
}

/// The tariff for sellers who state none of their own: a pickup, refrigerated where that is needed.
fn market_tariff(scenario: &Scenario) -> Result<FreightSettings, AppError> {
    let rate = |refrigerated: bool| {
        scenario
            .market
            .freight
            .iter()
            .find(|rate| rate.is_refrigerated == refrigerated)
            .ok_or_else(|| inconsistent("freight"))
    };
    let (usual, cold) = (rate(false)?, rate(true)?);
    // Ten-thousandths of a rupiah per kilogram are ticks per gram.
    Ok(FreightSettings {
        per_g_km_ticks: usual.per_km_e4,
        cold_per_g_km_ticks: cold.per_km_e4,
        base_per_g_ticks: usual.base_e4,
    })
}

fn new_organisation(planned: &OrganisationPlan) -> NewOrganisation {
    let wanted = [
        (planned.buys, Capability::Buyer),
        (planned.sells, Capability::Seller),
        (planned.kind == OrganisationKind::Kitchen, Capability::Kitchen),
    ];
    NewOrganisation {
        code: planned.code.clone(),
        name: planned.name.clone(),
        class: class_of(planned),
        status: match planned.status {
            PlannedStatus::Active => OrganisationStatus::Active,
            PlannedStatus::Dormant => OrganisationStatus::Dormant,
            PlannedStatus::NotYetOperating => OrganisationStatus::NotYetOperating,
        },
        capabilities: wanted.into_iter().filter_map(|(is, capability)| is.then_some(capability)).collect(),
    }
}

/// Kitchens are run by foundations; suppliers keep the class the facts give them.
fn class_of(planned: &OrganisationPlan) -> Class {
    match planned.class {
        None => Class::Yayasan,
        Some(SupplierClass::Mikro) => Class::Mikro,
        Some(SupplierClass::Kecil) => Class::Kecil,
        Some(SupplierClass::Menengah) => Class::Menengah,
        Some(SupplierClass::Besar) => Class::Besar,
        Some(SupplierClass::Bumn) => Class::Bumn,
        Some(SupplierClass::Bumdes) => Class::Bumdes,
        Some(SupplierClass::Koperasi) => Class::Koperasi,
        Some(SupplierClass::Kdmp) => Class::Kdmp,
    }
}

/// Ids of the scenario's commodities, in its order.
pub fn commodity_ids(connection: &mut crate::db::DbConnection, scenario: &Scenario) -> Result<Vec<i64>, AppError> {
    let all = crate::catalog::service::load_all(connection)?;
    let by_code: BTreeMap<&str, i64> = all.values().map(|commodity| (commodity.code.as_str(), commodity.id)).collect();
    let id = |code: &str| by_code.get(code).copied().ok_or_else(|| inconsistent(code));
    scenario.commodities.iter().map(|commodity| id(&commodity.code)).collect()
}

/// Opens the round of a week; it takes entries for so many seconds.
pub fn open_round(work: &mut Work<'_>, target: &Target<'_>, open_s: i64) -> Result<Round, AppError> {
    let days = target.days(0, target.scenario.market.delivery_days - 1)?;
    let new = NewRound {
        name: "Belanja mingguan".to_owned(),
        delivery_from: days.first(),
        delivery_to: days.last(),
        closes_at: work.now.plus_seconds(open_s),
        commodities: Vec::new(),
    };
    rounds::service::create(work, &target.set.operator, target.set.market.id, &new)
}

/// Where a scenario's records go: one week of its market, counted from 0.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// What is needed and offered.
    pub scenario: &'a Scenario,
    /// Everybody's records.
    pub set: &'a Set,
    /// The week.
    pub week: i64,
}

impl Target<'_> {
    fn place(&self, organisation: usize) -> Result<&Place, AppError> {
        self.set.places.get(organisation).ok_or_else(|| inconsistent("organisation"))
    }

    fn commodity(&self, index: usize) -> Result<i64, AppError> {
        self.set.commodities.get(index).copied().ok_or_else(|| inconsistent("commodity"))
    }

    fn days(&self, from: i64, to: i64) -> Result<DayRange, AppError> {
        let start = day(self.scenario.market.first_delivery_day)?.plus(7 * self.week);
        DayRange::new(start.plus(from), start.plus(to)).map_err(AppError::internal)
    }

    /// What is needed in this week.
    pub fn demands(&self) -> Result<Vec<NewDemand>, AppError> {
        let convert = |planned: &super::scenario::DemandPlan| {
            let place = self.place(planned.organisation)?;
            Ok(NewDemand {
                buyer_id: place.organisation_id,
                place_id: place.id,
                commodity_id: self.commodity(planned.commodity)?,
                quantity: quantity(planned.quantity_base)?,
                accept_up_to: None,
                entered_unit: None,
                days: self.days(planned.day_from, planned.day_to)?,
                requirements: planned.required.iter().copied().collect(),
                priority: None,
                price_ceiling: planned.price_ceiling_e4.map(price).transpose()?,
            })
        };
        self.scenario.demands.iter().map(convert).collect()
    }

    /// What is offered in this week.
    pub fn offers(&self) -> Result<Vec<NewOffer>, AppError> {
        let convert = |planned: &super::scenario::OfferPlan| {
            let place = self.place(planned.organisation)?;
            let owner = self.scenario.organisations.get(planned.organisation).ok_or_else(|| inconsistent("seller"))?;
            Ok(NewOffer {
                seller_id: place.organisation_id,
                place_id: place.id,
                commodity_id: self.commodity(planned.commodity)?,
                lot: planned.lot(),
                price: price(planned.price_e4)?,
                unusual_price: UnusualPrice::Confirmed,
                stock: quantity(planned.stock_base)?,
                stock_per_day: None,
                pack: quantity(planned.pack_base)?,
                entered_unit: None,
                min_line: Some(planned.min_line_base).filter(|least| *least > 0).map(quantity).transpose()?,
                radius: Some(Distance(planned.radius_m)),
                days: self.days(planned.day_from, planned.day_to)?,
                certificates: owner.certificates.iter().copied().collect::<CertificateSet>(),
                freight: FreightTerms::Stated {
                    per_km_e4: planned.freight_per_km_e4,
                    base_e4: planned.freight_base_e4,
                },
                volume: offers::VolumeTerms::default(),
            })
        };
        self.scenario.offers.iter().map(convert).collect()
    }
}

fn quantity(base_units: i64) -> Result<Quantity, AppError> {
    Quantity::new(base_units).map_err(AppError::internal)
}

fn price(e4: i64) -> Result<UnitPrice, AppError> {
    UnitPrice::from_e4(e4).map_err(AppError::internal)
}

pub(crate) fn day(text: &str) -> Result<Day, AppError> {
    Day::parse(text).map_err(AppError::internal)
}

fn inconsistent(what: &str) -> AppError {
    AppError::refused_with(CommonError::Internal, format!("the scenario names an unknown {what}"))
}

/// The instant at which a demonstration takes place: the Friday noon before its first delivery day, in UTC.
pub fn present(scenario: &Scenario) -> Result<Timestamp, AppError> {
    let eve = day(scenario.market.first_delivery_day)?.plus(-2);
    Timestamp::parse(&format!("{eve}T04:00:00Z")).map_err(AppError::internal)
}
