//! Scenarios as JSON: asking for them, comparing, proposing one.

use super::scenarios_json::{
    Comparison, FiguresJson, LineChangeJson, LineChanges, ProposeBody, ScenarioJson, ScenarioList, ScenariosBody,
};
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::Actor;
use crate::rounds::api::RoundJson;
use crate::tenders::scenarios::{NewScenario, compare, service, solve};
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::name_text;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Reply};
use axum::extract::{Path, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const LONGEST_NAME: usize = 120;
const LONGEST_REASON: usize = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_scenarios, create_scenarios))
        .routes(routes!(compare_scenarios))
        .routes(routes!(get_changes))
        .routes(routes!(propose_scenario))
}

/// Scenarios of a round (those who run or observe the market).
#[utoipa::path(get, path = "/api/v1/rounds/{id}/scenarios", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = ScenarioList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_scenarios(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let found = app.read_async(&actor, move |connection, scope| service::list(connection, scope, id)).await?;
    Reply::ok(&ScenarioList { items: found.into_iter().map(ScenarioJson::from).collect() })
}

/// Asks for scenarios of a closed round (operators of the market). Long work: answers at once; the list tells how far they are.
#[utoipa::path(post, path = "/api/v1/rounds/{id}/scenarios", tag = "tenders", request_body = ScenariosBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 202, body = ScenarioList), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_scenarios(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<ScenariosBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let new = named(body.value)?;
    let request = Request { operation: format!("scenarios.create/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    let reply = app
        .once(&actor, request, move |work| {
            let made = service::create(work, &by, id, &new)?;
            let list = ScenarioList { items: made.into_iter().map(ScenarioJson::from).collect() };
            Reply::accepted(format!("/api/v1/rounds/{id}/scenarios"), &list)
        })
        .await?;
    // After the transaction; asked again while they are solved, it starts nothing.
    solve::spawn(&app, id);
    Ok(reply)
}

fn named(body: ScenariosBody) -> Result<Vec<NewScenario>, AppError> {
    let mut checks = Checks::default();
    let mut new = Vec::with_capacity(body.scenarios.len().min(service::MOST_AT_ONCE));
    for (index, one) in body.scenarios.into_iter().enumerate() {
        let name = name_text(&mut checks, &format!("/scenarios/{index}/name"), &one.name, LONGEST_NAME);
        new.extend(name.map(|name| one.named(name)));
    }
    checks.finish()?;
    Ok(new)
}

/// The solved scenarios of a round side by side (those who run or observe the market).
#[utoipa::path(get, path = "/api/v1/rounds/{id}/scenarios/comparison", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = Comparison), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn compare_scenarios(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let found = app.read_async(&actor, move |connection, scope| compare::compare(connection, scope, id)).await?;
    Reply::ok(&Comparison { items: found.into_iter().map(FiguresJson::from).collect() })
}

/// Line by line, what a scenario changes against the cheapest plan (those who run or observe the market).
#[utoipa::path(get, path = "/api/v1/scenarios/{id}/changes", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = LineChanges), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_changes(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let found = app.read_async(&actor, move |connection, scope| compare::changes(connection, scope, id)).await?;
    Reply::ok(&LineChanges { items: found.into_iter().map(LineChangeJson::from).collect() })
}

/// Proposes a scenario's plan for the round (operators of the market); an approver decides.
#[utoipa::path(post, path = "/api/v1/scenarios/{id}/propose", tag = "tenders", request_body = ProposeBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = RoundJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn propose_scenario(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<ProposeBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let reason = match body.value.reason.trim() {
        "" => Some(String::new()),
        text => name_text(&mut checks, "/reason", text, LONGEST_REASON),
    };
    let reason = checks.finish_with(reason)?;
    let request = Request { operation: format!("scenarios.propose/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| {
        crate::rounds::api::reply(service::propose(work, &by, id, (expected.0, &reason))?)
    })
    .await
}
