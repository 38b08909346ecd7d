//! What is sent and answered about markets. Freight is rupiah per kilogram here and ticks per gram inside; one tick per
//! gram is 0.0001 rupiah per kilogram, so nothing is rounded.

use super::service::{NewMarket, SettingsChange};
use super::types::{
    DeliveryWeekdays, FreightSettings, Market, MarketKind, MarketStatus, Membership, TimeZone, check_ranges,
};
use crate::error::{AppError, Checks, CommonError};
use crate::values::RiceZone;
use crate::values::decimal::{format_scaled, parse_scaled};
use crate::values::ids::parse_id;
use crate::web::text::{choice, name_text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most organisations that one request may make members.
const MOST_JOINING: usize = 1_000;

/// A market.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarketJson {
    /// Identifier.
    pub id: String,
    /// Short code.
    pub code: String,
    /// `real`, or `training`: made-up money, for courses.
    pub kind: &'static str,
    /// Name.
    pub name: String,
    /// The region it covers, where it is one region.
    pub region_code: Option<String>,
    /// The organisation that runs it.
    pub operator_id: String,
    /// IANA name of its time zone.
    pub time_zone: &'static str,
    /// Zone 1, 2 or 3 of the rice ceiling prices.
    pub rice_zone: i32,
    /// Road distance over great circle, in permille.
    pub circuity_permille: i64,
    /// 1 (Monday) to 7 (Sunday).
    pub delivery_weekdays: Vec<i64>,
    /// What moving goods costs.
    pub freight: FreightJson,
    /// A shortage counts as this many times the plausible ceiling price, in permille.
    pub shortage_permille: i64,
    /// `active` or `closed`.
    pub status: &'static str,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

/// What moving goods costs, in rupiah with at most four decimals.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreightJson {
    /// Per kilogram and kilometre.
    pub idr_per_kg_km: String,
    /// Per kilogram and kilometre of goods that must stay cold.
    pub cold_idr_per_kg_km: String,
    /// Per kilogram, whatever the distance.
    pub base_idr_per_kg: String,
}

impl From<FreightSettings> for FreightJson {
    fn from(freight: FreightSettings) -> Self {
        let rupiah = |ticks| format_scaled(ticks, FreightSettings::DIGITS_PER_KG);
        Self {
            idr_per_kg_km: rupiah(freight.per_g_km_ticks),
            cold_idr_per_kg_km: rupiah(freight.cold_per_g_km_ticks),
            base_idr_per_kg: rupiah(freight.base_per_g_ticks),
        }
    }
}

impl From<Market> for MarketJson {
    fn from(market: Market) -> Self {
        Self {
            id: market.id.to_string(),
            code: market.code,
            kind: market.kind.word(),
            name: market.name,
            region_code: market.region_code,
            operator_id: market.operator_id.to_string(),
            time_zone: market.time_zone.word(),
            rice_zone: market.rice_zone.get(),
            circuity_permille: market.circuity_permille,
            delivery_weekdays: market.delivery_weekdays.numbers().collect(),
            freight: market.freight.into(),
            shortage_permille: market.shortage_permille,
            status: market.status.word(),
            version: market.version,
        }
    }
}

/// What moving goods costs, in rupiah with at most four decimals; all three to set up a market, any of them to change one.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightBody {
    /// Per kilogram and kilometre.
    idr_per_kg_km: Option<String>,
    /// Per kilogram and kilometre of goods that must stay cold.
    cold_idr_per_kg_km: Option<String>,
    /// Per kilogram, whatever the distance.
    base_idr_per_kg: Option<String>,
}

impl FreightBody {
    /// Ticks per gram and kilometre, the same for cold goods, and ticks per gram.
    fn parse(&self, checks: &mut Checks) -> [Option<i64>; 3] {
        let mut rate = |pointer: &str, text: &Option<String>| {
            let parsed = parse_scaled(text.as_deref()?.trim(), FreightSettings::DIGITS_PER_KG);
            checks.ok(pointer, parsed)
        };
        [
            rate("/freight/idr_per_kg_km", &self.idr_per_kg_km),
            rate("/freight/cold_idr_per_kg_km", &self.cold_idr_per_kg_km),
            rate("/freight/base_idr_per_kg", &self.base_idr_per_kg),
        ]
    }

    fn require_all(&self, checks: &mut Checks) {
        for (pointer, text) in [
            ("/freight/idr_per_kg_km", &self.idr_per_kg_km),
            ("/freight/cold_idr_per_kg_km", &self.cold_idr_per_kg_km),
            ("/freight/base_idr_per_kg", &self.base_idr_per_kg),
        ] {
            if text.is_none() {
                checks.add(pointer, CommonError::Required);
            }
        }
    }
}

/// A market to set up; your organisation runs it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketBody {
    /// Short unique code.
    code: String,
    /// Name.
    name: String,
    /// Dotted Kemendagri code of the region it covers, where it is one region.
    region_code: Option<String>,
    /// `Asia/Jakarta`, `Asia/Makassar` or `Asia/Jayapura`.
    time_zone: String,
    /// Zone 1, 2 or 3 of the rice ceiling prices.
    rice_zone: i32,
    /// Road distance over great circle, 1000 to 5000 permille.
    circuity_permille: i64,
    /// 1 (Monday) to 7 (Sunday).
    delivery_weekdays: Vec<i64>,
    /// What moving goods costs.
    freight: FreightBody,
    /// A shortage counts as this many times the plausible ceiling price, 1000 to 100000 permille.
    shortage_permille: i64,
}

impl MarketBody {
    pub(super) fn parse(self, operator_id: i64) -> Result<NewMarket, AppError> {
        let mut checks = Checks::default();
        let code = name_text(&mut checks, "/code", &self.code, 64);
        let name = name_text(&mut checks, "/name", &self.name, 200);
        let region = self.region_code.as_deref();
        let region = region.map(|code| name_text(&mut checks, "/region_code", code, 13));
        let zone = TimeZone::parse(&self.time_zone);
        let time_zone = choice(&mut checks, "/time_zone", zone, TimeZone::words);
        let rice_zone = checks.ok("/rice_zone", RiceZone::new(self.rice_zone));
        let weekdays = checks.ok("/delivery_weekdays", DeliveryWeekdays::new(self.delivery_weekdays));
        self.freight.require_all(&mut checks);
        let freight = self.freight.parse(&mut checks);
        let (circuity, shortage) = (Some(self.circuity_permille), Some(self.shortage_permille));
        check_ranges(&mut checks, circuity, shortage, freight);
        let [per_km, cold_per_km, base] = freight;
        let new = (|| {
            Some(NewMarket {
                code: code?,
                kind: MarketKind::Real,
                name: name?,
                region_code: region.flatten(),
                operator_id,
                time_zone: time_zone?,
                rice_zone: rice_zone?,
                circuity_permille: self.circuity_permille,
                delivery_weekdays: weekdays?,
                freight: FreightSettings {
                    per_g_km_ticks: per_km?,
                    cold_per_g_km_ticks: cold_per_km?,
                    base_per_g_ticks: base?,
                },
                shortage_permille: self.shortage_permille,
            })
        })();
        checks.finish_with(new)
    }
}

/// Settings to change; what is left out stays. Rounds that are closed keep the settings of their snapshot.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsBody {
    /// Name.
    name: Option<String>,
    /// Road distance over great circle, 1000 to 5000 permille.
    circuity_permille: Option<i64>,
    /// 1 (Monday) to 7 (Sunday).
    delivery_weekdays: Option<Vec<i64>>,
    /// What moving goods costs.
    freight: Option<FreightBody>,
    /// A shortage counts as this many times the plausible ceiling price, 1000 to 100000 permille.
    shortage_permille: Option<i64>,
    /// `active` or `closed`.
    status: Option<String>,
    /// Why.
    reason: Option<String>,
}

impl SettingsBody {
    /// The change, and why.
    pub(super) fn parse(self) -> Result<(SettingsChange, String), AppError> {
        let mut checks = Checks::default();
        let name = self.name.as_deref();
        let name = name.and_then(|name| name_text(&mut checks, "/name", name, 200));
        let weekdays = self.delivery_weekdays.map(DeliveryWeekdays::new);
        let weekdays = weekdays.and_then(|days| checks.ok("/delivery_weekdays", days));
        let freight = self.freight.unwrap_or_default().parse(&mut checks);
        check_ranges(&mut checks, self.circuity_permille, self.shortage_permille, freight);
        let [per_km, cold_per_km, base] = freight;
        let status = self.status.as_deref().map(MarketStatus::parse);
        let status = status.and_then(|status| choice(&mut checks, "/status", status, MarketStatus::words));
        let reason = self.reason.as_deref();
        let reason = reason.and_then(|reason| name_text(&mut checks, "/reason", reason, 500));
        checks.finish()?;
        let change = SettingsChange {
            name,
            circuity_permille: self.circuity_permille,
            delivery_weekdays: weekdays,
            freight_per_g_km_ticks: per_km,
            freight_cold_per_g_km_ticks: cold_per_km,
            freight_base_per_g_ticks: base,
            shortage_permille: self.shortage_permille,
            status,
        };
        Ok((change, reason.unwrap_or_default()))
    }
}

/// Organisations to make members.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembersBody {
    /// Identifiers, 1 to 1,000.
    organisation_ids: Vec<String>,
}

impl MembersBody {
    pub(super) fn parse(&self) -> Result<Vec<i64>, AppError> {
        let mut checks = Checks::default();
        match self.organisation_ids.len() {
            0 => checks.add("/organisation_ids", CommonError::Required),
            1..=MOST_JOINING => {}
            _ => checks.add_with("/organisation_ids", CommonError::TooLong, format!("≤ {MOST_JOINING}")),
        }
        let ids = self.organisation_ids.iter().take(MOST_JOINING).enumerate();
        let ids: Vec<i64> =
            ids.filter_map(|(index, text)| checks.ok(&format!("/organisation_ids/{index}"), parse_id(text))).collect();
        checks.finish_with(Some(ids))
    }
}

/// What making members changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedJson {
    /// The market.
    pub market_id: String,
    /// Organisations that were no members before.
    pub joined: usize,
}

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembershipJson {
    /// The organisation.
    pub organisation_id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

impl From<Membership> for MembershipJson {
    fn from(member: Membership) -> Self {
        Self { organisation_id: member.organisation_id.to_string(), code: member.code, name: member.name }
    }
}
