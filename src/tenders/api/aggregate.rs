//! Pooled need as JSON, live.
//!
//! The figures are made from everybody's demands, so those are read as the system; the round must be in sight of who asks, and
//! what is told names nobody (`aggregate`).

use crate::app::App;
use crate::catalog::{self, Commodity};
use crate::error::AppError;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::tenders::aggregate::service::{self, Progress};
use crate::values::Quantity;
use crate::values::decimal::format_scaled;
use crate::web::Reply;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use axum::extract::{Path, State};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const PRICE_DIGITS: u32 = 4;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_pooled))
}

/// The open need of a round, pooled.
#[derive(Debug, Serialize, ToSchema)]
struct PooledList {
    /// By commodity, area and window.
    items: Vec<PooledJson>,
}

/// Need of one commodity in one area and window. The figures are absent where fewer than three buyers stand behind them.
#[derive(Debug, Serialize, ToSchema)]
struct PooledJson {
    /// Code of the commodity.
    commodity: String,
    /// The pricing unit: `kg`, `liter` or `buah`.
    unit: &'static str,
    /// Codes of the districts pooled here.
    areas: Vec<String>,
    /// First day asked for.
    day_from: String,
    /// Last day asked for.
    day_to: String,
    /// How much, in `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<String>,
    /// Buyers.
    #[serde(skip_serializing_if = "Option::is_none")]
    buyers: Option<usize>,
    /// Delivery points.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<usize>,
    /// Average way from the middle of the points to a point, in metres as the crow flies.
    #[serde(skip_serializing_if = "Option::is_none")]
    spread_m: Option<i64>,
    /// How much of it asks for which certificate, in `unit`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    requirements: BTreeMap<&'static str, String>,
    /// Lowest price ceiling of a buyer here, rupiah per `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    price_ceiling: Option<String>,
    /// How near it is to the next pack or price step, where a call asks for this.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<NextJson>,
}

/// How near a figure is to the next pack or price step.
#[derive(Debug, Serialize, ToSchema)]
struct NextJson {
    /// `pack` or `step`.
    kind: &'static str,
    /// Packs so far, begun ones not counted.
    packs: i64,
    /// Packs at the next one.
    packs_at: i64,
    /// What is missing, in the unit of the figure.
    missing: String,
    /// The same in packs, rounded up.
    packs_missing: i64,
}

impl PooledJson {
    fn new(progress: Progress, commodity: &Commodity) -> Self {
        let unit = commodity.base_unit;
        let amount = |value: i64| Quantity::new(value).map_or_else(|_| "0".to_owned(), |q| q.in_pricing_units(unit));
        let next = progress.next.map(|next| NextJson {
            kind: if next.is_step { "step" } else { "pack" },
            packs: (next.at - next.missing) / next.pack,
            packs_at: next.at / next.pack,
            missing: amount(next.missing),
            packs_missing: (next.missing + next.pack - 1) / next.pack,
        });
        let figures = progress.pooled.figures;
        let told = figures.as_ref();
        Self {
            commodity: commodity.code.clone(),
            unit: unit.pricing_name(),
            areas: progress.pooled.areas,
            day_from: progress.pooled.days.first().to_string(),
            day_to: progress.pooled.days.last().to_string(),
            quantity: told.map(|figures| amount(figures.quantity)),
            buyers: told.map(|figures| figures.buyers),
            points: told.map(|figures| figures.points),
            spread_m: told.map(|figures| figures.spread_m),
            price_ceiling: told.and_then(|figures| figures.ceiling_e4).map(|e4| format_scaled(e4, PRICE_DIGITS)),
            requirements: figures
                .map(|figures| figures.requirements.into_iter().map(|(word, value)| (word, amount(value))).collect())
                .unwrap_or_default(),
            next,
        }
    }
}

/// The open need of a round, pooled per commodity, district and delivery window; every figure has at least three buyers behind it,
/// except for those who run or observe the market.
#[utoipa::path(get, path = "/api/v1/rounds/{id}/pooled-demand", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = PooledList), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_pooled(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let viewer = actor.scope();
    // In sight of who asks, under their own scope and both layers of isolation, before anything is read as the system.
    app.read_async(&actor, move |connection, scope| crate::rounds::service::get(connection, scope, id)).await?;
    let system = Scope::system_for("pooled demand", viewer.principal());
    let (pooled, commodities) = app
        .read_async(system, move |connection, system| {
            let pooled = service::pooled(connection, (&viewer, system), id)?;
            Ok((pooled, catalog::service::load_all(connection)?))
        })
        .await?;
    let items = pooled
        .into_iter()
        .filter_map(|progress| {
            let commodity = commodities.get(&progress.pooled.commodity_id)?;
            Some(PooledJson::new(progress, commodity))
        })
        .collect();
    Reply::ok(&PooledList { items })
}
