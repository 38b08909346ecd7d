//! Calls as JSON: making, cloning, publishing, changing, cancelling; bids once they are no longer hidden.

use super::calls_json::{
    CallJson, CancelCallBody, ChangeLotsBody, ChangeTermsBody, CheckedJson, CloneCallBody, CreateCallBody, LotJson,
    OpenedBidJson, OpenedBidList, PublishCallBody,
};
use super::reason_text;
use crate::app::App;
use crate::catalog;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::tenders::bids::{self, BidDocument};
use crate::tenders::calls::{Call, CallEntry, LotEntry, lots, service};
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_calls, create_call))
        .routes(routes!(clone_call))
        .routes(routes!(get_call))
        .routes(routes!(publish_call))
        .routes(routes!(change_call))
        .routes(routes!(change_lots))
        .routes(routes!(cancel_call))
        .routes(routes!(list_call_bids))
        .routes(routes!(check_bid))
}

fn reply(call: Call) -> Result<Reply, AppError> {
    let version = call.version;
    Ok(Reply::ok(&CallJson::from(call))?.with_version(version))
}

fn created(call: Call) -> Result<Reply, AppError> {
    let (id, version) = (call.id, call.version);
    Ok(Reply::created(format!("/api/v1/calls/{id}"), &CallJson::from(call))?.with_version(version))
}

fn with_lots(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<(i64, CallJson), AppError> {
    let call = service::get(connection, scope, id)?;
    let commodities = catalog::service::load_all(connection)?;
    let lots = service::lots(connection, scope, id)?.into_iter();
    let lots = lots.filter_map(|lot| {
        let commodity = commodities.get(&lot.terms.commodity_id)?;
        Some(LotJson::new(lot, commodity))
    });
    let lots = lots.collect();
    Ok((call.version, CallJson::from(call).with_lots(lots)))
}

/// Calls for bids of a round, in pages; drafts for those who run or observe the market.
#[utoipa::path(get, path = "/api/v1/rounds/{id}/calls", tag = "tenders", params(("id" = String, Path,), PageQuery),
    responses((status = 200, body = Page<CallJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_calls(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (id, after, limit) = (id_of(&id)?, query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| service::list_of_round(connection, scope, id, after, limit + 1))
        .await?;
    let address = format!("/api/v1/rounds/{id}/calls");
    Reply::ok(&Page::from_rows(rows, limit, &address, |row| row.id, CallJson::from))
}

/// Makes a draft call for a round that still collects (operators of the market).
#[utoipa::path(post, path = "/api/v1/rounds/{id}/calls", tag = "tenders", request_body = CreateCallBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = CallJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_call(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<CreateCallBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let entry = CallEntry::from(body.value.terms);
    let lots: Vec<LotEntry> = body.value.lots.into_iter().map(LotEntry::from).collect();
    let request = Request { operation: format!("calls.create/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| created(service::create(work, &by, id, &entry, &lots)?)).await
}

/// Makes a draft like the market's newest call, for this round's delivery days (operators of the market).
#[utoipa::path(post, path = "/api/v1/rounds/{id}/calls/clone", tag = "tenders", request_body = CloneCallBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = CallJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn clone_call(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<CloneCallBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let closes_at = body.value.closes_at;
    let request = Request { operation: format!("calls.clone/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| created(service::clone_last(work, &by, id, &closes_at)?)).await
}

/// One call with its lots.
#[utoipa::path(get, path = "/api/v1/calls/{id}", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = CallJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_call(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let (version, call) = app.read_async(&actor, move |connection, scope| with_lots(connection, scope, id)).await?;
    Ok(Reply::ok(&call)?.with_version(version))
}

/// Shows a draft to the market, once its opening was rehearsed; from now on bids are taken (operators of the market).
#[utoipa::path(post, path = "/api/v1/calls/{id}/publish", tag = "tenders", request_body = PublishCallBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = CallJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn publish_call(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<PublishCallBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let request = Request { operation: format!("calls.publish/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| reply(service::publish(work, &by, id, expected.0)?)).await
}

/// Changes the terms (operators of the market). Once published, every bid must be confirmed or placed again, and says so.
#[utoipa::path(post, path = "/api/v1/calls/{id}/terms", tag = "tenders", request_body = ChangeTermsBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = CallJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_call(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<ChangeTermsBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let reason = reason_text(&body.value.reason)?;
    let entry = CallEntry::from(body.value.terms);
    let request = Request { operation: format!("calls.terms/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| reply(service::change_terms(work, &by, id, expected.0, (&entry, &reason))?))
        .await
}

/// Replaces all lots of a draft (operators of the market). Once published, lots stay as they are.
#[utoipa::path(post, path = "/api/v1/calls/{id}/lots", tag = "tenders", request_body = ChangeLotsBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = CallJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_lots(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<ChangeLotsBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let entries: Vec<LotEntry> = body.value.lots.into_iter().map(LotEntry::from).collect();
    let request = Request { operation: format!("calls.lots/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| reply(lots::change(work, &by, id, expected.0, &entries)?)).await
}

/// Gives a call up before it is opened (operators of the market).
#[utoipa::path(post, path = "/api/v1/calls/{id}/cancel", tag = "tenders", request_body = CancelCallBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = CallJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn cancel_call(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<CancelCallBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let reason = reason_text(&body.value.reason)?;
    let request = Request { operation: format!("calls.cancel/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| reply(service::cancel(work, &by, id, expected.0, &reason)?)).await
}

/// Bids of a call after its close, with what they say once they are opened (those who run or observe the market).
#[utoipa::path(get, path = "/api/v1/calls/{id}/opened-bids", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = OpenedBidList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn list_call_bids(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let items = app
        .read_async(&actor, move |connection, scope| {
            let bids = bids::service::list_of_call(connection, scope, id)?;
            bids.into_iter()
                .map(|bid| {
                    let opening = bids::service::opening(connection, scope, bid.id)?;
                    let text = opening.as_ref().map(|opening| opening.document.as_str());
                    Ok(OpenedBidJson {
                        id: bid.id.to_string(),
                        bidder_id: bid.bidder_id.to_string(),
                        status: bid.status.word(),
                        document: text.and_then(|text| serde_json::from_str(text).ok()),
                        problems: opening
                            .as_ref()
                            .map(|opening| opening.problems.lines().map(str::to_owned).collect())
                            .unwrap_or_default(),
                    })
                })
                .collect::<Result<Vec<_>, AppError>>()
        })
        .await?;
    Reply::ok(&OpenedBidList { items })
}

/// Checks a bid document of one's own organisation and keeps nothing of it. The server sees what it says for this moment.
#[utoipa::path(post, path = "/api/v1/calls/{id}/bids/check", tag = "tenders", request_body = BidDocument,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 200, body = CheckedJson), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn check_bid(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    _key: IdempotencyKey,
    body: Body<BidDocument>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let (document, bidder_id) = (body.value, actor.organisation_id);
    let checked = app
        .read_async(&actor, move |connection, scope| {
            bids::service::check_document(connection, scope, id, bidder_id, &document)
        })
        .await?;
    Reply::ok(&CheckedJson { lines: checked.lines.len() })
}
