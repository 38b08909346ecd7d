//! The catalogue as JSON. Everybody who is signed in may read it.

use super::service;
use super::types::{Commodity, ReferenceKind, ReferencePrice, Unit};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::Actor;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::{Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_commodities)).routes(routes!(get_commodity))
}

/// A commodity with its units and official prices. Prices are rupiah per pricing unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommodityJson {
    /// Identifier.
    pub id: String,
    /// Short code.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// Family: `sembako`, `protein`, …
    pub category: &'static str,
    /// UN/ECE code of the unit that prices are per: `KGM`, `LTR` or `H87`.
    pub pricing_unit: &'static str,
    /// Base units (grams, millilitres, pieces) in one pricing unit.
    pub base_units_per_pricing_unit: i64,
    /// Mass of 1,000 base units in grams.
    pub grams_per_thousand: i64,
    /// `ambient` or `cold`.
    pub storage: &'static str,
    /// Below this a price is implausible.
    pub price_floor: String,
    /// The usual price.
    pub price_typical: String,
    /// Above this a price is implausible.
    pub price_ceiling: String,
    /// What it may be entered in, smallest first.
    pub units: Vec<UnitJson>,
    /// Official prices by zone.
    pub reference_prices: Vec<ReferencePriceJson>,
}

/// A unit or pack.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitJson {
    /// Short code, unique within the commodity.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// UN/ECE code; empty where there is none.
    pub unece_code: String,
    /// Base units in one of this unit.
    pub base_units: i64,
}

/// An official price in one zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferencePriceJson {
    /// Zone 1, 2 or 3.
    pub zone: i32,
    /// `HET` or `HAP`.
    pub kind: &'static str,
    /// Whether offers above it are refused (HET) or only warned about (HAP).
    pub binding: bool,
    /// Rupiah per pricing unit.
    pub price: String,
    /// The rule it comes from.
    pub regulation: String,
}

impl From<Unit> for UnitJson {
    fn from(unit: Unit) -> Self {
        Self {
            code: unit.code,
            name_id: unit.name_id,
            name_en: unit.name_en,
            unece_code: unit.unece_code,
            base_units: unit.base_units,
        }
    }
}

impl From<ReferencePrice> for ReferencePriceJson {
    fn from(price: ReferencePrice) -> Self {
        Self {
            zone: price.zone.get(),
            kind: price.kind.word(),
            binding: price.kind == ReferenceKind::Het,
            price: price.price.to_string(),
            regulation: price.regulation,
        }
    }
}

impl CommodityJson {
    fn new(commodity: Commodity, units: Vec<Unit>, prices: Vec<ReferencePrice>) -> Self {
        Self {
            id: commodity.id.to_string(),
            code: commodity.code,
            name_id: commodity.name_id,
            name_en: commodity.name_en,
            category: commodity.category.word(),
            pricing_unit: commodity.base_unit.pricing_code(),
            base_units_per_pricing_unit: commodity.base_unit.per_pricing_unit(),
            grams_per_thousand: commodity.grams_per_thousand,
            storage: commodity.storage.word(),
            price_floor: commodity.price_floor.to_string(),
            price_typical: commodity.price_typical.to_string(),
            price_ceiling: commodity.price_ceiling.to_string(),
            units: units.into_iter().map(UnitJson::from).collect(),
            reference_prices: prices.into_iter().map(ReferencePriceJson::from).collect(),
        }
    }
}

/// Commodities with their units and official prices, in pages.
#[utoipa::path(get, path = "/api/v1/commodities", tag = "catalog", params(PageQuery),
    responses((status = 200, body = Page<CommodityJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_commodities(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, _| {
            let rows = service::list(connection, after, limit + 1)?;
            with_details(connection, rows)
        })
        .await?;
    Reply::ok(&Page::from_rows(
        rows,
        limit,
        "/api/v1/commodities",
        |(commodity, _, _)| commodity.id,
        |(commodity, units, prices)| CommodityJson::new(commodity, units, prices),
    ))
}

/// One commodity with its units and official prices.
#[utoipa::path(get, path = "/api/v1/commodities/{id}", tag = "catalog", params(("id" = String, Path,)),
    responses((status = 200, body = CommodityJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_commodity(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let json = app
        .read_async(&actor, move |connection, _| {
            Ok(CommodityJson::new(
                service::get(connection, id)?,
                service::units_of(connection, id)?,
                service::reference_prices(connection, id)?,
            ))
        })
        .await?;
    Reply::ok(&json)
}

type Detailed = (Commodity, Vec<Unit>, Vec<ReferencePrice>);

fn with_details(connection: &mut DbConnection, rows: Vec<Commodity>) -> Result<Vec<Detailed>, AppError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut units = service::units_of_many(connection, &ids)?;
    let mut prices = service::reference_prices_of_many(connection, &ids)?;
    let detailed = rows.into_iter().map(|row| {
        let own = units.remove(&row.id).unwrap_or_default();
        let official = prices.remove(&row.id).unwrap_or_default();
        (row, own, official)
    });
    Ok(detailed.collect())
}
