//! Rounds as JSON: opening, moving on, results. Progress as server-sent events has its own file.

mod events;
mod json;
mod results;

use super::service;
use super::solve;
use super::types::Round;
use crate::app::App;
use crate::audit::Work;
use crate::error::{AppError, Checks};
use crate::parties::Actor;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::name_text;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use json::{CreateBody, ReasonBody, StepBody};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use json::RoundJson;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_rounds, create_round))
        .routes(routes!(get_round))
        .routes(routes!(close_round))
        .routes(routes!(solve_round))
        .routes(routes!(approve_round))
        .routes(routes!(reopen_round))
        .routes(routes!(cancel_round))
        .merge(results::router())
        .merge(events::router())
}

/// A round as an answer, with its version.
pub fn reply(round: Round) -> Result<Reply, AppError> {
    let version = round.version;
    Ok(Reply::ok(&RoundJson::from(round))?.with_version(version))
}

/// Rounds of a market, in pages.
#[utoipa::path(get, path = "/api/v1/markets/{market}/rounds", tag = "rounds", params(("market" = String, Path,), PageQuery),
    responses((status = 200, body = Page<RoundJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_rounds(
    State(app): State<App>,
    actor: Actor,
    Path(market): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (market_id, after, limit) = (id_of(&market)?, query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| service::list(connection, scope, market_id, after, limit + 1))
        .await?;
    let address = format!("/api/v1/markets/{market_id}/rounds");
    Reply::ok(&Page::from_rows(rows, limit, &address, |row| row.id, RoundJson::from))
}

/// Opens a round (operators of the market).
#[utoipa::path(post, path = "/api/v1/markets/{market}/rounds", tag = "rounds", request_body = CreateBody,
    params(("market" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_round(
    State(app): State<App>,
    actor: Actor,
    Path(market): Path<String>,
    key: IdempotencyKey,
    body: Body<CreateBody>,
) -> Result<Reply, AppError> {
    let market_id = id_of(&market)?;
    let new = body.value.parse()?;
    let request = Request { operation: format!("rounds.create/{market_id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| {
        let round = service::create(work, &by, market_id, &new)?;
        let (id, version) = (round.id, round.version);
        Ok(Reply::created(format!("/api/v1/rounds/{id}"), &RoundJson::from(round))?.with_version(version))
    })
    .await
}

/// One round.
#[utoipa::path(get, path = "/api/v1/rounds/{id}", tag = "rounds", params(("id" = String, Path,)),
    responses((status = 200, body = RoundJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_round(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let (round, commodities) = app
        .read_async(&actor, move |connection, scope| {
            let round = service::get(connection, scope, id)?;
            let commodities = service::commodities(connection, scope, id)?;
            Ok((round, commodities))
        })
        .await?;
    let version = round.version;
    Ok(Reply::ok(&RoundJson::from(round).covering(commodities))?.with_version(version))
}

/// What every step of a round needs from its request.
struct Step {
    id: i64,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    sha256: String,
}

impl Step {
    fn new<T>(id: &str, expected: ExpectedVersion, key: IdempotencyKey, body: &Body<T>) -> Result<Self, AppError> {
        Ok(Self { id: id_of(id)?, expected, key, sha256: body.sha256.clone() })
    }

    /// Takes the step once per key.
    async fn take(
        self,
        app: &App,
        actor: Actor,
        verb: &str,
        mut effect: impl FnMut(&mut Work<'_>, &Actor, i64, i64) -> Result<Reply, AppError> + Send + 'static,
    ) -> Result<Reply, AppError> {
        let (id, version, by) = (self.id, self.expected.0, actor.clone());
        let request = Request { operation: format!("rounds.{verb}/{id}"), key: self.key, sha256: self.sha256 };
        app.once(&actor, request, move |work| effect(work, &by, id, version)).await
    }
}

/// Ends collecting and freezes the snapshot (operators of the market).
#[utoipa::path(post, path = "/api/v1/rounds/{id}/close", tag = "rounds", request_body = StepBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn close_round(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<StepBody>,
) -> Result<Reply, AppError> {
    let step = Step::new(&id, expected, key, &body)?;
    step.take(&app, actor, "close", |work, actor, id, version| reply(service::close(work, actor, id, version)?)).await
}

/// Has the plan computed (operators of the market). Long work: answers at once; the state is at the Location, news of it
/// under `/events`.
#[utoipa::path(post, path = "/api/v1/rounds/{id}/solve", tag = "rounds", request_body = StepBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 202, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn solve_round(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<StepBody>,
) -> Result<Reply, AppError> {
    let step = Step::new(&id, expected, key, &body)?;
    let id = step.id;
    let reply = step
        .take(&app, actor, "solve", |work, actor, id, version| {
            let (round, _) = service::start_solve(work, actor, id, version)?;
            let version = round.version;
            let location = format!("/api/v1/rounds/{id}");
            Ok(Reply::accepted(location, &RoundJson::from(round))?.with_version(version))
        })
        .await?;
    // After the transaction; a retry that comes while the solve runs, or after it, starts nothing.
    solve::spawn(&app, id);
    Ok(reply)
}

/// Agrees to the proposed plan (approvers of the market's operator, other than who had it computed).
#[utoipa::path(post, path = "/api/v1/rounds/{id}/approve", tag = "rounds", request_body = StepBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn approve_round(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<StepBody>,
) -> Result<Reply, AppError> {
    let step = Step::new(&id, expected, key, &body)?;
    step.take(&app, actor, "approve", |work, actor, id, version| reply(service::approve(work, actor, id, version)?))
        .await
}

/// Turns the proposed plan down (approvers and operators of the market); the round can be solved again or cancelled.
#[utoipa::path(post, path = "/api/v1/rounds/{id}/reopen", tag = "rounds", request_body = ReasonBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn reopen_round(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<ReasonBody>,
) -> Result<Reply, AppError> {
    let step = Step::new(&id, expected, key, &body)?;
    let reason = reason(&body.value)?;
    step.take(&app, actor, "reopen", move |work, actor, id, version| {
        reply(service::reopen(work, actor, id, version, &reason)?)
    })
    .await
}

/// Gives the round up (operators and approvers of the market).
#[utoipa::path(post, path = "/api/v1/rounds/{id}/cancel", tag = "rounds", request_body = ReasonBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn cancel_round(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<ReasonBody>,
) -> Result<Reply, AppError> {
    let step = Step::new(&id, expected, key, &body)?;
    let reason = reason(&body.value)?;
    step.take(&app, actor, "cancel", move |work, actor, id, version| {
        reply(service::cancel(work, actor, id, version, &reason)?)
    })
    .await
}

fn reason(body: &ReasonBody) -> Result<String, AppError> {
    let mut checks = Checks::default();
    let reason = name_text(&mut checks, "/reason", &body.reason, 500);
    checks.finish_with(reason)
}
