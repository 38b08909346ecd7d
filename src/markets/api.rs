//! Markets and their members over HTTP; what is sent and answered is in `wire`.

use super::service;
use super::wire::{JoinedJson, MarketBody, MarketJson, MembersBody, MembershipJson, SettingsBody};
use crate::app::App;
use crate::error::AppError;
use crate::parties::{Actor, Capability, Role};
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_markets, create_market))
        .routes(routes!(get_market, change_settings))
        .routes(routes!(list_members, add_members))
}

/// Markets that my organisation runs or belongs to, in pages.
#[utoipa::path(get, path = "/api/v1/markets", tag = "markets", params(PageQuery),
    responses((status = 200, body = Page<MarketJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_markets(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows =
        app.read_async(&actor, move |connection, scope| service::list(connection, scope, after, limit + 1)).await?;
    Reply::ok(&Page::from_rows(rows, limit, "/api/v1/markets", |row| row.id, MarketJson::from))
}

/// One market that my organisation runs or belongs to.
#[utoipa::path(get, path = "/api/v1/markets/{id}", tag = "markets", params(("id" = String, Path,)),
    responses((status = 200, body = MarketJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_market(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let market = app.read_async(&actor, move |connection, scope| service::get(connection, scope, id)).await?;
    let version = market.version;
    Ok(Reply::ok(&MarketJson::from(market))?.with_version(version))
}

/// Sets up a market that my organisation runs (operators and administrators).
#[utoipa::path(post, path = "/api/v1/markets", tag = "markets", request_body = MarketBody,
    params(("idempotency-key" = String, Header,)),
    responses((status = 201, body = MarketJson), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_market(
    State(app): State<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body<MarketBody>,
) -> Result<Reply, AppError> {
    require_set_up(&actor)?;
    let new = body.value.parse(actor.organisation_id)?;
    let request = Request { operation: "markets.create".to_owned(), key, sha256: body.sha256 };
    app.once(&actor, request, move |work| {
        let market = service::create(work, new.clone())?;
        let (id, version) = (market.id, market.version);
        Ok(Reply::created(format!("/api/v1/markets/{id}"), &MarketJson::from(market))?.with_version(version))
    })
    .await
}

/// Changes settings of a market that my organisation runs (operators and administrators).
#[utoipa::path(patch, path = "/api/v1/markets/{id}", tag = "markets", request_body = SettingsBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = MarketJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_settings(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<SettingsBody>,
) -> Result<Reply, AppError> {
    require_set_up(&actor)?;
    let id = id_of(&id)?;
    let (change, reason) = body.value.parse()?;
    let request = Request { operation: format!("markets.settings/{id}"), key, sha256: body.sha256 };
    app.once(&actor, request, move |work| {
        let market = service::change_settings(work, id, expected.0, change.clone(), &reason)?;
        let version = market.version;
        Ok(Reply::ok(&MarketJson::from(market))?.with_version(version))
    })
    .await
}

/// Members of a market that my organisation runs or belongs to, in pages.
#[utoipa::path(get, path = "/api/v1/markets/{id}/members", tag = "markets", params(("id" = String, Path,), PageQuery),
    responses((status = 200, body = Page<MembershipJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_members(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            service::get(connection, scope, id)?;
            service::list_members(connection, scope, id, after, limit + 1)
        })
        .await?;
    let address = format!("/api/v1/markets/{id}/members");
    Reply::ok(&Page::from_rows(rows, limit, &address, |row| row.organisation_id, MembershipJson::from))
}

/// Makes organisations members of a market that mine runs (operators and administrators). Those who are stay so.
#[utoipa::path(post, path = "/api/v1/markets/{id}/members", tag = "markets", request_body = MembersBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 200, body = JoinedJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn add_members(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<MembersBody>,
) -> Result<Reply, AppError> {
    require_set_up(&actor)?;
    let id = id_of(&id)?;
    let organisations = body.value.parse()?;
    let request = Request { operation: format!("markets.members/{id}"), key, sha256: body.sha256 };
    app.once(&actor, request, move |work| {
        let joined = service::join_many(work, id, &organisations)?;
        Reply::ok(&JoinedJson { market_id: id.to_string(), joined })
    })
    .await
}

fn require_set_up(actor: &Actor) -> Result<(), AppError> {
    actor.require_role(&[Role::Operator, Role::Admin])?;
    actor.require_capability(Capability::Operator)
}
