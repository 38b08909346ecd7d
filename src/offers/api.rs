//! Operations on offers as JSON.

use super::entry::{ChangeEntry, OfferEntry};
use super::service;
use super::wire::{OfferBody, OfferChangeBody, OfferJson, OffersBody, OffersJson, WithdrawOfferBody};
use crate::app::App;
use crate::catalog;
use crate::error::{AppError, Checks};
use crate::parties::Actor;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::name_text;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_market_offers, post_offer))
        .routes(routes!(post_offers))
        .routes(routes!(list_own_offers))
        .routes(routes!(get_offer, change_offer))
        .routes(routes!(withdraw_offer))
}

/// Offers in a market: your own, or all for the market's operator.
#[utoipa::path(get, path = "/api/v1/markets/{market}/offers", tag = "offers", params(("market" = String, Path,), PageQuery),
    responses((status = 200, body = Page<OfferJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_market_offers(
    State(app): State<App>,
    actor: Actor,
    Path(market): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let market_id = id_of(&market)?;
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            let rows = service::list_of_market(connection, scope, market_id, after, limit + 1)?;
            OfferJson::list(rows, &catalog::service::load_all(connection)?)
        })
        .await?;
    page(rows, limit, &format!("/api/v1/markets/{market_id}/offers"))
}

/// Your organisation's offers in every market.
#[utoipa::path(get, path = "/api/v1/offers", tag = "offers", params(PageQuery),
    responses((status = 200, body = Page<OfferJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_own_offers(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            let rows = service::list_own(connection, scope, after, limit + 1)?;
            OfferJson::list(rows, &catalog::service::load_all(connection)?)
        })
        .await?;
    page(rows, limit, "/api/v1/offers")
}

fn page(rows: Vec<OfferJson>, limit: i64, address: &str) -> Result<Reply, AppError> {
    let id = |row: &OfferJson| row.id.parse().unwrap_or_default();
    Reply::ok(&Page::from_rows(rows, limit, address, id, |row| row))
}

/// One offer.
#[utoipa::path(get, path = "/api/v1/offers/{id}", tag = "offers", params(("id" = String, Path,)),
    responses((status = 200, body = OfferJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_offer(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let json = app
        .read_async(&actor, move |connection, scope| {
            let offer = service::get(connection, scope, id)?;
            OfferJson::new(offer, &catalog::service::load_all(connection)?)
        })
        .await?;
    Ok(Reply::ok(&json)?.with_version(json.version))
}

/// Posts an offer in a market.
#[utoipa::path(post, path = "/api/v1/markets/{market}/offers", tag = "offers", request_body = OfferBody,
    params(("market" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = OfferJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_offer(
    State(app): State<App>,
    actor: Actor,
    Path(market): Path<String>,
    key: IdempotencyKey,
    body: Body<OfferBody>,
) -> Result<Reply, AppError> {
    let market_id = id_of(&market)?;
    let request = request(format!("offers.post/{market_id}"), key, body.sha256);
    let (poster, entry) = (actor.clone(), OfferEntry::from(body.value));
    app.once(&actor, request, move |work| {
        let offer = service::post(work, &poster, market_id, &entry)?;
        let json = OfferJson::new(offer, &catalog::service::load_all(work.connection)?)?;
        Ok(Reply::created(format!("/api/v1/offers/{}", json.id), &json)?.with_version(json.version))
    })
    .await
}

/// Posts up to 500 offers in a market, all or none.
#[utoipa::path(post, path = "/api/v1/markets/{market}/offers/batch", tag = "offers", request_body = OffersBody,
    params(("market" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = OffersJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_offers(
    State(app): State<App>,
    actor: Actor,
    Path(market): Path<String>,
    key: IdempotencyKey,
    body: Body<OffersBody>,
) -> Result<Reply, AppError> {
    let market_id = id_of(&market)?;
    let request = request(format!("offers.post_batch/{market_id}"), key, body.sha256);
    let poster = actor.clone();
    let entries: Vec<OfferEntry> = body.value.offers.into_iter().map(OfferEntry::from).collect();
    app.once(&actor, request, move |work| {
        let offers = service::post_batch(work, &poster, market_id, &entries)?;
        let items = OfferJson::list(offers, &catalog::service::load_all(work.connection)?)?;
        Reply::created(format!("/api/v1/markets/{market_id}/offers"), &OffersJson { items })
    })
    .await
}

/// Changes stock or price.
#[utoipa::path(patch, path = "/api/v1/offers/{id}", tag = "offers", request_body = OfferChangeBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = OfferJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_offer(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<OfferChangeBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let entry = ChangeEntry::from(body.value);
    let request = request(format!("offers.change/{id}"), key, body.sha256);
    let owner = actor.clone();
    app.once(&actor, request, move |work| {
        let offer = service::change_terms(work, &owner, id, expected.0, &entry)?;
        let json = OfferJson::new(offer, &catalog::service::load_all(work.connection)?)?;
        Ok(Reply::ok(&json)?.with_version(json.version))
    })
    .await
}

/// Takes an offer back; what is reserved stays reserved.
#[utoipa::path(post, path = "/api/v1/offers/{id}/withdraw", tag = "offers", request_body = WithdrawOfferBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = OfferJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn withdraw_offer(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<WithdrawOfferBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let reason = read_reason(body.value.reason.as_deref())?;
    let request = request(format!("offers.withdraw/{id}"), key, body.sha256);
    let owner = actor.clone();
    app.once(&actor, request, move |work| {
        let offer = service::withdraw(work, &owner, id, expected.0, &reason)?;
        let json = OfferJson::new(offer, &catalog::service::load_all(work.connection)?)?;
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
