//! What a round froze and what came out of it.

use super::super::service;
use super::json::{AwardJson, ShortageJson};
use crate::app::App;
use crate::catalog::{self, Commodity};
use crate::error::AppError;
use crate::parties::Actor;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::{Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_snapshot))
        .routes(routes!(get_plan))
        .routes(routes!(list_awards))
        .routes(routes!(list_shortages))
}

/// Exact bytes under their hash.
fn document(text: String, sha256: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::ETAG, format!("\"{sha256}\""))];
    (headers, text).into_response()
}

/// The frozen problem, byte for byte (operator and observers); its SHA-256 is the `ETag`.
#[utoipa::path(get, path = "/api/v1/rounds/{id}/snapshot", tag = "rounds", params(("id" = String, Path,)),
    responses((status = 200, description = "`pasok-problem/1`"), (status = 403, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_snapshot(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let snapshot =
        app.read_async(&actor, move |connection, scope| service::get_snapshot(connection, scope, id)).await?;
    Ok(document(snapshot.text, &snapshot.sha256))
}

/// The latest plan that passed the check, byte for byte (operator and observers); its SHA-256 is the `ETag`.
#[utoipa::path(get, path = "/api/v1/rounds/{id}/plan", tag = "rounds", params(("id" = String, Path,)),
    responses((status = 200, description = "`pasok-plan/1`"), (status = 403, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_plan(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let plan = app.read_async(&actor, move |connection, scope| service::get_plan(connection, scope, id)).await?;
    Ok(document(plan.text, &plan.sha256))
}

fn commodity(commodities: &BTreeMap<i64, Commodity>, id: i64) -> Result<&Commodity, AppError> {
    commodities.get(&id).ok_or_else(|| AppError::unknown_stored(format!("commodity {id}")))
}

/// Awards of a round, in pages: members see what they buy and sell, operator and observers everything.
#[utoipa::path(get, path = "/api/v1/rounds/{id}/awards", tag = "rounds", params(("id" = String, Path,), PageQuery),
    responses((status = 200, body = Page<AwardJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_awards(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (id, after, limit) = (id_of(&id)?, query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            let awards = service::list_awards(connection, scope, id, after, limit + 1)?;
            let commodities = catalog::service::load_all(connection)?;
            let json = awards.iter().map(|award| {
                let commodity = commodity(&commodities, award.commodity_id)?;
                Ok((award.id, AwardJson::new(award, commodity)))
            });
            json.collect::<Result<Vec<_>, AppError>>()
        })
        .await?;
    let address = format!("/api/v1/rounds/{id}/awards");
    Reply::ok(&Page::from_rows(rows, limit, &address, |row| row.0, |row| row.1))
}

/// Shortages of a round, in pages: buyers see their own, operator and observers everything.
#[utoipa::path(get, path = "/api/v1/rounds/{id}/shortages", tag = "rounds", params(("id" = String, Path,), PageQuery),
    responses((status = 200, body = Page<ShortageJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_shortages(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (id, after, limit) = (id_of(&id)?, query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            let shortages = service::list_shortages(connection, scope, id, after, limit + 1)?;
            let commodities = catalog::service::load_all(connection)?;
            let json = shortages.iter().map(|shortage| {
                let commodity = commodity(&commodities, shortage.commodity_id)?;
                Ok((shortage.id, ShortageJson::new(shortage, commodity)))
            });
            json.collect::<Result<Vec<_>, AppError>>()
        })
        .await?;
    let address = format!("/api/v1/rounds/{id}/shortages");
    Reply::ok(&Page::from_rows(rows, limit, &address, |row| row.0, |row| row.1))
}
