//! Bids from spreadsheets: a template with the call's lots, and the table read into the document that is then sealed.
//!
//! Whoever sends a table shows its prices to the server for that moment; nothing of it is written anywhere. The page says so, and
//! offers the offline sealing page to those who would rather not.

use crate::app::App;
use crate::error::AppError;
use crate::imports::Kind;
use crate::imports::api::{CellProblemJson, FormatQuery, file, read_sheet};
use crate::parties::Actor;
use crate::tenders::bids::{BidDocument, sheet};
use crate::web::params::id_of;
use crate::web::problem::{self, Problem};
use crate::web::{Params, Reply};
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read_bid_sheet))
        .layer(DefaultBodyLimit::max(crate::sheets::LARGEST_FILE))
        .routes(routes!(get_bid_template))
}

/// What a table comes to as a bid.
#[derive(Debug, Serialize, ToSchema)]
pub struct SheetBidJson {
    /// `bids`.
    kind: &'static str,
    /// Whether every row is good.
    good: bool,
    /// Rows below the header.
    rows: usize,
    /// The document to seal; absent while anything is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<BidDocument>,
    /// Every bad cell, by row; at most 1,000.
    problems: Vec<CellProblemJson>,
    /// Bad cells beyond those listed.
    unlisted: usize,
}

/// Reads a table as a bid of one's own organisation: the document to seal, or every bad cell. Keeps nothing of it.
#[utoipa::path(post, path = "/api/v1/calls/{id}/bids/sheet", tag = "tenders", params(("id" = String, Path,)),
    request_body(description = "A CSV (UTF-8) or XLSX file, at most 5 MiB", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, body = SheetBidJson), (status = 401, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn read_bid_sheet(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Reply, AppError> {
    let of = (id_of(&id)?, actor.organisation_id);
    let language = problem::Language::of(request.headers());
    let (table, _) = read_sheet(&app, request).await?;
    let bid = app.read_async(&actor, move |connection, scope| sheet::read(connection, scope, of, &table)).await?;
    Reply::ok(&SheetBidJson {
        kind: Kind::Bids.word(),
        good: bid.document.is_some(),
        rows: bid.rows,
        document: bid.document,
        problems: bid.problems.into_iter().map(|problem| CellProblemJson::new(problem, language)).collect(),
        unlisted: bid.unlisted,
    })
}

/// A table with a row for each lot of the call, to be filled in; rows without a price are lots not bid on.
#[utoipa::path(get, path = "/api/v1/calls/{id}/bids/template", tag = "tenders", params(("id" = String, Path,), FormatQuery),
    responses((status = 200, description = "The file", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_bid_template(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Params(query): Params<FormatQuery>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let (format, language) = query.read()?;
    let bytes = app
        .read_async(&actor, move |connection, scope| sheet::template(connection, scope, id, (language, format)))
        .await?;
    Ok(file(&format!("pasok-bids-{id}"), format, bytes))
}
