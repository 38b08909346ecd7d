//! Setting up markets and their members. One function per verb, one transaction each.

use super::errors::MarketError;
use super::store;
use super::types::{DeliveryWeekdays, FreightSettings, Market, MarketKind, MarketStatus, Membership, TimeZone};
use crate::audit::{Change, Work};
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::parties::{self, Capability};
use crate::places::{self, PlaceError};
use crate::scope::Scope;
use crate::values::RiceZone;
use std::collections::BTreeSet;

/// A market to set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMarket {
    /// A short unique code.
    pub code: String,
    /// What it is for.
    pub kind: MarketKind,
    /// Its name.
    pub name: String,
    /// The region it covers, where it is one region.
    pub region_code: Option<String>,
    /// The organisation that runs it; must have the operator capability.
    pub operator_id: i64,
    /// Its clock.
    pub time_zone: TimeZone,
    /// Its zone of the rice ceiling prices.
    pub rice_zone: RiceZone,
    /// Road distance over great circle, in permille.
    pub circuity_permille: i64,
    /// When goods are delivered.
    pub delivery_weekdays: DeliveryWeekdays,
    /// What moving goods costs.
    pub freight: FreightSettings,
    /// A shortage counts as this many times the plausible ceiling price, in permille.
    pub shortage_permille: i64,
}

impl NewMarket {
    fn with_id(self, id: i64) -> Market {
        Market {
            id,
            code: self.code,
            kind: self.kind,
            name: self.name,
            region_code: self.region_code,
            operator_id: self.operator_id,
            time_zone: self.time_zone,
            rice_zone: self.rice_zone,
            circuity_permille: self.circuity_permille,
            delivery_weekdays: self.delivery_weekdays,
            freight: self.freight,
            shortage_permille: self.shortage_permille,
            status: MarketStatus::Active,
            version: 1,
        }
    }
}

/// Sets up a market; refused if the code is taken, a setting is out of range, or the operator does not run markets.
pub fn create(work: &mut Work<'_>, new: NewMarket) -> Result<Market, AppError> {
    let market = new.with_id(work.new_id());
    let mut checks = Checks::default();
    market.check(&mut checks);
    if let Some(code) = &market.region_code
        && places::service::find_region(work.connection, code)?.is_none()
    {
        checks.add("/region_code", PlaceError::RegionUnknown);
    }
    let operator = parties::service::list_by_ids(work.connection, work.scope, &[market.operator_id])?;
    if !operator.iter().any(|organisation| organisation.capabilities.contains(&Capability::Operator)) {
        checks.add("/operator_id", MarketError::OperatorNeeded);
    }
    checks.finish()?;
    if !store::insert_market(work.connection, &market, work.now)? {
        return Err(MarketError::MarketExists.into());
    }
    let new = serde_json::to_string(&market.settings()).map_err(AppError::internal)?;
    record(work, &market, "created", ["", &new, ""])?;
    Ok(market)
}

/// The market with this code, set up if it was not: safe to repeat. An existing market stays as it is.
pub fn create_once(work: &mut Work<'_>, new: NewMarket) -> Result<Market, AppError> {
    match store::find_market_by_code(work.connection, work.scope, &new.code)? {
        Some(market) => Ok(market),
        None => create(work, new),
    }
}

/// Settings to change; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettingsChange {
    /// Its name.
    pub name: Option<String>,
    /// Road distance over great circle, in permille.
    pub circuity_permille: Option<i64>,
    /// When goods are delivered.
    pub delivery_weekdays: Option<DeliveryWeekdays>,
    /// Ticks per gram and kilometre.
    pub freight_per_g_km_ticks: Option<i64>,
    /// Ticks per gram and kilometre of cold goods.
    pub freight_cold_per_g_km_ticks: Option<i64>,
    /// Ticks per gram.
    pub freight_base_per_g_ticks: Option<i64>,
    /// Weight of a shortage, in permille of the plausible ceiling price.
    pub shortage_permille: Option<i64>,
    /// Whether it is used.
    pub status: Option<MarketStatus>,
}

impl SettingsChange {
    /// The market as it would be afterwards.
    fn apply(self, before: &Market) -> Market {
        let freight = before.freight;
        Market {
            name: self.name.unwrap_or_else(|| before.name.clone()),
            circuity_permille: self.circuity_permille.unwrap_or(before.circuity_permille),
            delivery_weekdays: self.delivery_weekdays.unwrap_or(before.delivery_weekdays),
            freight: FreightSettings {
                per_g_km_ticks: self.freight_per_g_km_ticks.unwrap_or(freight.per_g_km_ticks),
                cold_per_g_km_ticks: self.freight_cold_per_g_km_ticks.unwrap_or(freight.cold_per_g_km_ticks),
                base_per_g_ticks: self.freight_base_per_g_ticks.unwrap_or(freight.base_per_g_ticks),
            },
            shortage_permille: self.shortage_permille.unwrap_or(before.shortage_permille),
            status: self.status.unwrap_or(before.status),
            ..before.clone()
        }
    }
}

/// Changes settings of a market that the organisation acted for runs, if it still has the expected version.
///
/// A change that leaves everything as it was writes nothing and keeps the version. Rounds that are closed already keep
/// the settings of their snapshot.
pub fn change_settings(
    work: &mut Work<'_>,
    id: i64,
    expected_version: i64,
    change: SettingsChange,
    reason: &str,
) -> Result<Market, AppError> {
    let before = get_run(work.connection, work.scope, id)?;
    if before.version != expected_version {
        return Err(CommonError::VersionStale.into());
    }
    if change == SettingsChange::default() {
        return Err(MarketError::NothingToChange.into());
    }
    let after = change.apply(&before);
    let mut checks = Checks::default();
    after.check(&mut checks);
    checks.finish()?;
    if after == before {
        return Ok(before);
    }
    if !store::update_settings(work.connection, work.scope, &after)? {
        return Err(CommonError::VersionStale.into());
    }
    let (old, new) = difference(&before, &after)?;
    record(work, &after, "settings_changed", [&old, &new, reason])?;
    get(work.connection, work.scope, id)
}

/// The settings in which two states of a market differ, as JSON: those before and those after.
fn difference(before: &Market, after: &Market) -> Result<(String, String), AppError> {
    let (mut old, mut new) = (before.settings(), after.settings());
    let same: Vec<&str> = old.keys().copied().filter(|key| old.get(key) == new.get(key)).collect();
    for key in same {
        old.remove(key);
        new.remove(key);
    }
    let json = |settings| serde_json::to_string(settings).map_err(AppError::internal);
    Ok((json(&old)?, json(&new)?))
}

fn record(work: &mut Work<'_>, market: &Market, event: &str, [old, new, reason]: [&str; 3]) -> Result<(), AppError> {
    work.record(Change {
        market_id: Some(market.id),
        subject: "markets",
        subject_id: market.id,
        event,
        old,
        new,
        reason,
    })
}

/// Makes an organisation a member: safe to repeat.
pub fn join(work: &mut Work<'_>, market_id: i64, organisation_id: i64) -> Result<(), AppError> {
    join_many(work, market_id, &[organisation_id]).map(|_| ())
}

/// Makes organisations members and answers how many were not: safe to repeat. Every unknown organisation is named.
pub fn join_many(work: &mut Work<'_>, market_id: i64, organisation_ids: &[i64]) -> Result<usize, AppError> {
    get_run(work.connection, work.scope, market_id)?;
    let known = parties::service::list_by_ids(work.connection, work.scope, organisation_ids)?;
    let known: BTreeSet<i64> = known.iter().map(|organisation| organisation.id).collect();
    let mut checks = Checks::default();
    for (index, id) in organisation_ids.iter().enumerate() {
        if !known.contains(id) {
            checks.add(&format!("/organisation_ids/{index}"), CommonError::NotFound);
        }
    }
    checks.finish()?;
    let members = store::list_member_ids(work.connection, work.scope, market_id)?;
    let missing: Vec<i64> = known.difference(&members).copied().collect();
    store::insert_members(work.connection, market_id, &missing, work.now)?;
    let changes: Vec<_> = missing
        .iter()
        .map(|id| Change {
            market_id: Some(market_id),
            subject: "market_members",
            subject_id: *id,
            event: "joined",
            ..Change::default()
        })
        .collect();
    work.record_all(&changes)?;
    Ok(missing.len())
}

/// A market that is run, observed or belonged to; any other is answered as if it did not exist.
pub fn get(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Market, AppError> {
    store::find_market(connection, scope, id)?.ok_or_else(|| CommonError::NotFound.into())
}

/// A market that the organisation acted for runs; any other is answered as if it did not exist.
pub fn get_run(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Market, AppError> {
    if scope.runs(id) { get(connection, scope, id) } else { Err(CommonError::NotFound.into()) }
}

/// Markets that are run, observed or belonged to, after an id, by id.
pub fn list(connection: &mut DbConnection, scope: &Scope, after: i64, limit: i64) -> Result<Vec<Market>, AppError> {
    store::list_markets(connection, scope, after, limit)
}

/// The market with this code, if it is within sight.
pub fn find_by_code(connection: &mut DbConnection, scope: &Scope, code: &str) -> Result<Option<Market>, AppError> {
    store::find_market_by_code(connection, scope, code)
}

/// Markets for training within sight, the newest first.
pub fn list_training(connection: &mut DbConnection, scope: &Scope, limit: i64) -> Result<Vec<Market>, AppError> {
    store::list_training(connection, scope, limit)
}

/// Whether an organisation is a member of a market within sight.
pub fn is_member(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    organisation_id: i64,
) -> Result<bool, AppError> {
    Ok(store::has_member(connection, scope, market_id, organisation_id)?)
}

/// Members after an organisation's id, by id.
pub fn list_members(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Membership>, AppError> {
    Ok(store::list_members(connection, scope, market_id, after, limit)?)
}

/// The ids of all members.
pub fn member_ids(connection: &mut DbConnection, scope: &Scope, market_id: i64) -> Result<BTreeSet<i64>, AppError> {
    Ok(store::list_member_ids(connection, scope, market_id)?)
}
