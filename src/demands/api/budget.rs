//! A buyer's budget in a round as JSON.

use crate::app::App;
use crate::demands::budget::{self, Budget};
use crate::error::AppError;
use crate::parties::Actor;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What your organisation may spend in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetJson {
    /// The round.
    pub round_id: String,
    /// Goods, freight and fees together, whole rupiah; 0 where there is no budget.
    pub amount_idr: i64,
    /// Rises with every change; also the `ETag`. 0 where none was ever set.
    pub version: i64,
}

fn reply(budget: &Budget) -> Result<Reply, AppError> {
    let json =
        BudgetJson { round_id: budget.round_id.to_string(), amount_idr: budget.amount.get(), version: budget.version };
    Ok(Reply::ok(&json)?.with_version(json.version))
}

/// A budget to set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetBody {
    /// The most that goods, freight and fees may cost together, whole rupiah; 0 takes the budget back.
    amount_idr: i64,
}

/// Your organisation's budget in a round.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/budget", tag = "demands", params(("round" = String, Path,)),
    responses((status = 200, body = BudgetJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn get_budget(
    State(app): State<App>,
    actor: Actor,
    Path(round): Path<String>,
) -> Result<Reply, AppError> {
    let (round_id, buyer_id) = (id_of(&round)?, actor.organisation_id);
    let budget = app.read_async(&actor, move |connection, scope| budget::get(connection, scope, (round_id, buyer_id)));
    reply(&budget.await?)
}

/// Sets your organisation's budget in a round that is collecting: no plan makes it pay more, and what does not fit is short for
/// that reason. `If-Match: "0"` where there was none before.
#[utoipa::path(put, path = "/api/v1/rounds/{round}/budget", tag = "demands", request_body = BudgetBody,
    params(("round" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = BudgetJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub(super) async fn set_budget(
    State(app): State<App>,
    actor: Actor,
    Path(round): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<BudgetBody>,
) -> Result<Reply, AppError> {
    let round_id = id_of(&round)?;
    let request = Request { operation: format!("demands.budget/{round_id}"), key, sha256: body.sha256 };
    let (by, amount_idr) = (actor.clone(), body.value.amount_idr);
    app.once(&actor, request, move |work| reply(&budget::set(work, &by, round_id, expected.0, amount_idr)?)).await
}
