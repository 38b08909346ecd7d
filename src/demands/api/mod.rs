//! Demands as JSON.

mod budget;

use super::entry::{DemandEntry, QuantityEntry};
use super::service;
use super::types::Demand;
use crate::app::App;
use crate::catalog::{self, Commodity};
use crate::error::{AppError, Checks};
use crate::parties::Actor;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::name_text;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_round_demands, post_demand))
        .routes(routes!(post_demands))
        .routes(routes!(list_own_demands))
        .routes(routes!(get_demand, change_demand))
        .routes(routes!(withdraw_demand))
        .routes(routes!(budget::get_budget, budget::set_budget))
}

/// A demand.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemandJson {
    /// Identifier.
    pub id: String,
    /// The market.
    pub market_id: String,
    /// The round.
    pub round_id: String,
    /// Who needs it.
    pub buyer_id: String,
    /// Where it is needed.
    pub place_id: String,
    /// Code of the commodity.
    pub commodity: String,
    /// Must have, in `unit`, as a decimal.
    pub quantity: String,
    /// Would take up to this much, in `unit`, as a decimal.
    pub accept_up_to: String,
    /// The pricing unit: `kg`, `liter` or `buah`.
    pub unit: &'static str,
    /// Code of the unit it was entered in.
    pub entered_unit: String,
    /// First day on which it can be received.
    pub day_from: String,
    /// Last day, included.
    pub day_to: String,
    /// Certificates an offer must carry.
    pub requirements: Vec<&'static str>,
    /// 0 is served first, then 1, … to 9.
    pub priority: i32,
    /// Most that a pricing unit may cost before freight, in rupiah.
    pub price_ceiling: Option<String>,
    /// `open` or `withdrawn`.
    pub status: &'static str,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

type Commodities = BTreeMap<i64, Commodity>;

impl DemandJson {
    fn new(demand: Demand, commodities: &Commodities) -> Result<Self, AppError> {
        let commodity =
            commodities.get(&demand.commodity_id).ok_or_else(|| AppError::unknown_stored(demand.commodity_id))?;
        let unit = commodity.base_unit;
        Ok(Self {
            id: demand.id.to_string(),
            market_id: demand.market_id.to_string(),
            round_id: demand.round_id.to_string(),
            buyer_id: demand.buyer_id.to_string(),
            place_id: demand.place_id.to_string(),
            commodity: commodity.code.clone(),
            quantity: demand.quantity.in_pricing_units(unit),
            accept_up_to: demand.accept_up_to.in_pricing_units(unit),
            unit: unit.pricing_name(),
            entered_unit: demand.entered_unit,
            day_from: demand.days.first().to_string(),
            day_to: demand.days.last().to_string(),
            requirements: demand.requirements.words(),
            priority: demand.priority,
            price_ceiling: demand.price_ceiling.map(|price| price.to_string()),
            status: demand.status.word(),
            version: demand.version,
        })
    }

    fn list(demands: Vec<Demand>, commodities: &Commodities) -> Result<Vec<Self>, AppError> {
        demands.into_iter().map(|demand| Self::new(demand, commodities)).collect()
    }
}

/// Demands that were posted together.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemandsJson {
    /// In the order they were sent.
    pub items: Vec<DemandJson>,
}

/// A demand to post.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandBody {
    /// One of your organisation's places.
    place: String,
    /// Code of the commodity (`beras_medium`).
    commodity: String,
    /// Must have, as a decimal number of `unit` (`"5"`).
    quantity: String,
    /// Code of a unit of the commodity (`karung25`).
    unit: String,
    /// Would take up to so many of `unit`; just the quantity unless said otherwise.
    accept_up_to: Option<String>,
    /// First day on which it can be received; the round's first delivery day unless said otherwise.
    day_from: Option<String>,
    /// Last day, included; the round's last delivery day unless said otherwise.
    day_to: Option<String>,
    /// Certificates an offer must carry (`halal`, `nkv`).
    #[serde(default)]
    requirements: Vec<String>,
    /// 0 (kitchens only) is served first, then 1, … to 9; 1 unless said otherwise.
    priority: Option<i32>,
    /// Most that a kilogram, litre or piece may cost before freight; the highest lawful price unless said otherwise.
    price_ceiling: Option<String>,
}

impl From<DemandBody> for DemandEntry {
    fn from(body: DemandBody) -> Self {
        Self {
            place: body.place,
            commodity: body.commodity,
            quantity: body.quantity,
            unit: body.unit,
            accept_up_to: body.accept_up_to,
            day_from: body.day_from,
            day_to: body.day_to,
            requirements: body.requirements,
            priority: body.priority,
            price_ceiling: body.price_ceiling,
        }
    }
}

/// Demands to post together, all or none.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandsBody {
    /// Up to 500.
    demands: Vec<DemandBody>,
}

/// A new quantity.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandQuantityBody {
    /// Must have, as a decimal number of `unit`.
    quantity: String,
    /// Code of a unit; the one it was entered in unless said otherwise.
    unit: Option<String>,
    /// Would take up to so many of `unit`; just the quantity unless said otherwise.
    accept_up_to: Option<String>,
}

/// Why a demand is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawDemandBody {
    /// Why, for the record.
    reason: Option<String>,
}

/// Demands of a round: your own, or all for the market's operator.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/demands", tag = "demands", params(("round" = String, Path,), PageQuery),
    responses((status = 200, body = Page<DemandJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_round_demands(
    State(app): State<App>,
    actor: Actor,
    Path(round): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let round_id = id_of(&round)?;
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            let rows = service::list_of_round(connection, scope, round_id, after, limit + 1)?;
            DemandJson::list(rows, &catalog::service::load_all(connection)?)
        })
        .await?;
    page(rows, limit, &format!("/api/v1/rounds/{round_id}/demands"))
}

/// Your organisation's demands in every round.
#[utoipa::path(get, path = "/api/v1/demands", tag = "demands", params(PageQuery),
    responses((status = 200, body = Page<DemandJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_own_demands(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            let rows = service::list_own(connection, scope, after, limit + 1)?;
            DemandJson::list(rows, &catalog::service::load_all(connection)?)
        })
        .await?;
    page(rows, limit, "/api/v1/demands")
}

fn page(rows: Vec<DemandJson>, limit: i64, address: &str) -> Result<Reply, AppError> {
    let id = |row: &DemandJson| row.id.parse().unwrap_or_default();
    Reply::ok(&Page::from_rows(rows, limit, address, id, |row| row))
}

/// One demand.
#[utoipa::path(get, path = "/api/v1/demands/{id}", tag = "demands", params(("id" = String, Path,)),
    responses((status = 200, body = DemandJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_demand(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let json = app
        .read_async(&actor, move |connection, scope| {
            let demand = service::get(connection, scope, id)?;
            DemandJson::new(demand, &catalog::service::load_all(connection)?)
        })
        .await?;
    Ok(Reply::ok(&json)?.with_version(json.version))
}

/// Posts a demand in a round that is collecting.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/demands", tag = "demands", request_body = DemandBody,
    params(("round" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = DemandJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_demand(
    State(app): State<App>,
    actor: Actor,
    Path(round): Path<String>,
    key: IdempotencyKey,
    body: Body<DemandBody>,
) -> Result<Reply, AppError> {
    let round_id = id_of(&round)?;
    let request = request(format!("demands.post/{round_id}"), key, body.sha256);
    let (poster, entry) = (actor.clone(), DemandEntry::from(body.value));
    app.once(&actor, request, move |work| {
        let demand = service::post(work, &poster, round_id, &entry)?;
        let json = DemandJson::new(demand, &catalog::service::load_all(work.connection)?)?;
        Ok(Reply::created(format!("/api/v1/demands/{}", json.id), &json)?.with_version(json.version))
    })
    .await
}

/// Posts up to 500 demands in a round that is collecting, all or none.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/demands/batch", tag = "demands", request_body = DemandsBody,
    params(("round" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = DemandsJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_demands(
    State(app): State<App>,
    actor: Actor,
    Path(round): Path<String>,
    key: IdempotencyKey,
    body: Body<DemandsBody>,
) -> Result<Reply, AppError> {
    let round_id = id_of(&round)?;
    let request = request(format!("demands.post_batch/{round_id}"), key, body.sha256);
    let poster = actor.clone();
    let entries: Vec<DemandEntry> = body.value.demands.into_iter().map(DemandEntry::from).collect();
    app.once(&actor, request, move |work| {
        let demands = service::post_batch(work, &poster, round_id, &entries)?;
        let items = DemandJson::list(demands, &catalog::service::load_all(work.connection)?)?;
        Reply::created(format!("/api/v1/rounds/{round_id}/demands"), &DemandsJson { items })
    })
    .await
}

/// Changes how much is needed, while the round is collecting.
#[utoipa::path(patch, path = "/api/v1/demands/{id}", tag = "demands", request_body = DemandQuantityBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = DemandJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_demand(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<DemandQuantityBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let entry =
        QuantityEntry { quantity: body.value.quantity, unit: body.value.unit, accept_up_to: body.value.accept_up_to };
    let request = request(format!("demands.change/{id}"), key, body.sha256);
    let owner = actor.clone();
    app.once(&actor, request, move |work| {
        let demand = service::change_quantity(work, &owner, id, expected.0, &entry)?;
        let json = DemandJson::new(demand, &catalog::service::load_all(work.connection)?)?;
        Ok(Reply::ok(&json)?.with_version(json.version))
    })
    .await
}

/// Takes a demand back, while the round is collecting.
#[utoipa::path(post, path = "/api/v1/demands/{id}/withdraw", tag = "demands", request_body = WithdrawDemandBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = DemandJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn withdraw_demand(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<WithdrawDemandBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let reason = read_reason(body.value.reason.as_deref())?;
    let request = request(format!("demands.withdraw/{id}"), key, body.sha256);
    let owner = actor.clone();
    app.once(&actor, request, move |work| {
        let demand = service::withdraw(work, &owner, id, expected.0, &reason)?;
        let json = DemandJson::new(demand, &catalog::service::load_all(work.connection)?)?;
        Ok(Reply::ok(&json)?.with_version(json.version))
    })
    .await
}

fn read_reason(reason: Option<&str>) -> Result<String, AppError> {
    let mut checks = Checks::default();
    let reason = match reason {
        Some(text) => name_text(&mut checks, "/reason", text, 500),
        None => Some(String::new()),
    };
    checks.finish_with(reason)
}

fn request(operation: String, key: IdempotencyKey, sha256: String) -> Request {
    Request { operation, key, sha256 }
}
