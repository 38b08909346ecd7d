//! Purchase orders as JSON, and the step that creates them: publishing a round.

use super::part::{self, PartLine};
use super::service;
use super::state::Status;
use super::types::{Answer, OrderFilter, OrderLine};
use super::wire::{LineJson, Names, OrderJson};
use crate::app::App;
use crate::catalog;
use crate::db::{DbConnection, DbError};
use crate::error::{AppError, Checks, CommonError};
use crate::parties::Actor;
use crate::rounds::api::RoundJson;
use crate::scope::Scope;
use crate::values::ids::parse_id;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(publish_round))
        .routes(routes!(list_orders))
        .routes(routes!(get_order))
        .routes(routes!(accept_order))
        .routes(routes!(accept_order_in_part))
        .routes(routes!(reject_order))
}

/// Publishes an approved round: awards, shortages and purchase orders (operators and approvers of the market). Repeating
/// it creates nothing.
#[utoipa::path(post, path = "/api/v1/rounds/{id}/publish", tag = "rounds", request_body = EmptyBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn publish_round(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<EmptyBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let request = Request { operation: format!("rounds.publish/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| crate::rounds::api::reply(service::publish(work, &by, id, expected.0)?)).await
}

/// A step that needs nothing said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmptyBody {}

/// Which orders to list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrdersQuery {
    /// Of one market only.
    market: Option<String>,
    /// Of one round only.
    round: Option<String>,
    /// `held`, `issued`, `accepted`, `partly_accepted`, `rejected` or `withdrawn` only.
    status: Option<String>,
    /// Where the page before ended; from its `next` link.
    cursor: Option<String>,
    /// Most records to answer, 1 to 500.
    limit: Option<i64>,
}

impl OrdersQuery {
    fn parse(&self) -> Result<(OrderFilter, String), AppError> {
        let page = PageQuery { cursor: self.cursor.clone(), limit: self.limit };
        let bad = |name: &'static str| move || AppError::refused_with(CommonError::BadParameter, name);
        let id = |text: &Option<String>, name| {
            text.as_deref().map(|text| parse_id(text).ok().ok_or_else(bad(name))).transpose()
        };
        let status = self.status.as_deref();
        let filter = OrderFilter {
            market_id: id(&self.market, "market")?,
            round_id: id(&self.round, "round")?,
            status: status.map(|word| Status::parse(word).ok_or_else(bad("status"))).transpose()?,
            after: page.after()?,
            limit: page.limit()?,
        };
        let chosen = [
            ("market", filter.market_id.map(|id| id.to_string())),
            ("round", filter.round_id.map(|id| id.to_string())),
            ("status", filter.status.map(|status| status.to_string())),
        ];
        let chosen = chosen.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        let query = chosen.collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        Ok((filter, format!("/api/v1/orders{mark}{query}")))
    }
}

/// Orders you buy or sell, in pages; an operator also sees those of its markets.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(OrdersQuery),
    responses((status = 200, body = Page<OrderJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_orders(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<OrdersQuery>,
) -> Result<Reply, AppError> {
    let (mut filter, address) = query.parse()?;
    let limit = filter.limit;
    filter.limit += 1;
    let (orders, names) = app
        .read_async(&actor, move |connection, scope| {
            let orders = service::list(connection, scope, filter)?;
            let names = Names::of(connection, scope, &orders)?;
            Ok((orders, names))
        })
        .await?;
    Reply::ok(&Page::from_rows(orders, limit, &address, |order| order.id, |order| names.order(order)))
}

/// One order with its lines.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders", params(("id" = String, Path,)),
    responses((status = 200, body = OrderJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_order(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    app.read_async(&actor, move |connection, scope| render(connection, scope, id)).await
}

fn render(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Reply, AppError> {
    let order = service::get(connection, scope, id)?;
    let lines = service::lines(connection, scope, id)?;
    let commodities = catalog::service::load_all(connection)?;
    let names = Names::of(connection, scope, std::slice::from_ref(&order))?;
    let line = |line: &OrderLine| {
        let missing = || AppError::internal(DbError::Unusable(format!("commodity {} is missing", line.commodity_id)));
        let commodity = commodities.get(&line.commodity_id).ok_or_else(missing)?;
        Ok::<_, AppError>(LineJson::new(line, names.shortfall(line.id), commodity))
    };
    let version = order.version;
    let json = OrderJson { lines: Some(lines.iter().map(line).collect::<Result<_, _>>()?), ..names.order(order) };
    Ok(Reply::ok(&json)?.with_version(version))
}

/// Accepts an order (the seller). One answer is final.
#[utoipa::path(post, path = "/api/v1/orders/{id}/accept", tag = "orders", request_body = EmptyBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = OrderJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn accept_order(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<EmptyBody>,
) -> Result<Reply, AppError> {
    let request = Request { operation: format!("orders.answer/{id}"), key, sha256: body.sha256 };
    answer(&app, actor, id_of(&id)?, expected, request, Answer::Accept).await
}

/// What will be delivered of an order. Lines that are not named are accepted whole.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartBody {
    /// The lines of which less is accepted than was ordered; at least one.
    lines: Vec<PartLineBody>,
}

/// What will be delivered of one line, and why not more.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartLineBody {
    /// The line's number in the order.
    line_number: i64,
    /// How much will be delivered, in the line's `unit`: whole packs, less than was ordered; `0` for nothing.
    accepted: String,
    /// `OUT_OF_STOCK`, `PRICE_CHANGED`, `CANNOT_DELIVER_DAY`, `CANNOT_DELIVER_PLACE`, `QUALITY` or `OTHER`.
    reason: String,
    /// Why, in words; needed for `OTHER`.
    #[serde(default)]
    note: String,
}

impl From<PartLineBody> for PartLine {
    fn from(body: PartLineBody) -> Self {
        Self { line_number: body.line_number, accepted: body.accepted, reason: body.reason, note: body.note }
    }
}

/// Accepts an order in part (the seller): less of some lines, or none; at least something. The price of what is delivered
/// stays, the stock of what is missing is free again. One answer is final.
#[utoipa::path(post, path = "/api/v1/orders/{id}/accept-part", tag = "orders", request_body = PartBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = OrderJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn accept_order_in_part(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<PartBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let request = Request { operation: format!("orders.answer/{id}"), key, sha256: body.sha256 };
    let (by, said) = (actor.clone(), body.value.lines.into_iter().map(PartLine::from).collect::<Vec<_>>());
    app.once(&actor, request, move |work| {
        service::accept_part(work, &by, id, expected.0, &said)?;
        render(work.connection, work.scope, id)
    })
    .await
}

/// Why an order is turned down.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectBody {
    /// `OUT_OF_STOCK`, `PRICE_CHANGED`, `CANNOT_DELIVER_DAY`, `CANNOT_DELIVER_PLACE`, `QUALITY` or `OTHER`.
    reason: String,
    /// Why, in words; needed for `OTHER`.
    #[serde(default)]
    note: String,
}

impl RejectBody {
    fn parse(&self) -> Result<Answer, AppError> {
        let mut checks = Checks::default();
        let why = part::read_reason(&self.reason, &self.note, &mut checks);
        let answer = why.map(|(reason, note)| Answer::Reject { reason, note });
        checks.finish_with(answer)
    }
}

/// Turns an order down (the seller); its stock is free again. One answer is final.
#[utoipa::path(post, path = "/api/v1/orders/{id}/reject", tag = "orders", request_body = RejectBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = OrderJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn reject_order(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<RejectBody>,
) -> Result<Reply, AppError> {
    let given = body.value.parse()?;
    let request = Request { operation: format!("orders.answer/{id}"), key, sha256: body.sha256 };
    answer(&app, actor, id_of(&id)?, expected, request, given).await
}

async fn answer(
    app: &App,
    actor: Actor,
    id: i64,
    expected: ExpectedVersion,
    request: Request,
    answer: Answer,
) -> Result<Reply, AppError> {
    let by = actor.clone();
    app.once(&actor, request, move |work| {
        service::answer(work, &by, id, expected.0, &answer)?;
        render(work.connection, work.scope, id)
    })
    .await
}
