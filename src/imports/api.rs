//! Tables in and out over HTTP: the file is the request's body.

use super::columns::{Kind, Language};
use super::errors::ImportError;
use super::export;
use super::service::{self, CellProblem, Preview, Tally, Target};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::parties::Actor;
use crate::sheets::{self, Format, Sheet};
use crate::values::hex::hex;
use crate::values::ids::parse_id;
use crate::web::idempotency::Request as Retry;
use crate::web::problem::{self, Problem};
use crate::web::{IdempotencyKey, Params, Reply, body};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(import_table))
        .routes(routes!(preview_table))
        .layer(DefaultBodyLimit::max(sheets::LARGEST_FILE))
        .routes(routes!(get_template))
        .routes(routes!(export_table))
}

/// What a table holds and where it goes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TargetQuery {
    /// `demands`, `offers` or `parties`.
    kind: String,
    /// The round, for demands.
    round: Option<String>,
    /// The market: for offers; for parties if they shall become members of it.
    market: Option<String>,
}

impl TargetQuery {
    fn read(&self) -> Result<Target, AppError> {
        let id = |text: &Option<String>| match text.as_deref().map(parse_id) {
            Some(Ok(id)) => Ok(Some(id)),
            Some(Err(_)) => Err(AppError::from(CommonError::NotFound)),
            None => Ok(None),
        };
        let (round, market) = (id(&self.round)?, id(&self.market)?);
        match (read_kind(&self.kind)?, round, market) {
            (Kind::Demands, Some(round), None) => Ok(Target::Demands(round)),
            (Kind::Offers, None, Some(market)) => Ok(Target::Offers(market)),
            (Kind::Parties, None, market) => Ok(Target::Parties(market)),
            (kind, ..) => Err(AppError::refused_with(ImportError::TargetMissing, kind.word())),
        }
    }
}

fn read_kind(text: &str) -> Result<Kind, AppError> {
    Kind::parse(text)
        .ok_or_else(|| AppError::refused_with(CommonError::BadParameter, format!("kind: {}", Kind::words())))
}

/// How a table is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// `xlsx` unless said otherwise, or `csv`.
    format: Option<String>,
    /// Language of the headers: `id` unless said otherwise, or `en`.
    language: Option<String>,
}

impl FormatQuery {
    pub(crate) fn read(&self) -> Result<(Format, Language), AppError> {
        let wrong =
            |name: &str, words: String| AppError::refused_with(CommonError::BadParameter, format!("{name}: {words}"));
        let format = self.format.as_deref().map_or(Some(Format::Xlsx), Format::parse);
        let language = self.language.as_deref().map_or(Some(Language::Indonesian), Language::parse);
        Ok((
            format.ok_or_else(|| wrong("format", Format::words()))?,
            language.ok_or_else(|| wrong("language", Language::words()))?,
        ))
    }
}

/// Which template.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TemplateQuery {
    /// `demands`, `offers`, `parties` or `bids`.
    kind: String,
    /// `xlsx` unless said otherwise, or `csv`.
    format: Option<String>,
    /// Language of the headers: `id` unless said otherwise, or `en`.
    language: Option<String>,
}

/// Which records, and how they are written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `demands`, `offers` or `parties`.
    kind: String,
    /// The round, for demands.
    round: Option<String>,
    /// The market, for offers.
    market: Option<String>,
    /// `xlsx` unless said otherwise, or `csv`.
    format: Option<String>,
    /// Language of the headers: `id` unless said otherwise, or `en`.
    language: Option<String>,
}

/// What taking a table in did.
#[derive(Debug, Serialize, ToSchema)]
struct ImportJson {
    /// `demands`, `offers` or `parties`.
    kind: &'static str,
    /// Rows below the header.
    rows: usize,
    /// Rows that said something new.
    new: usize,
    /// Rows that said what was there already.
    unchanged: usize,
}

impl ImportJson {
    fn new(kind: Kind, tally: Tally) -> Self {
        Self { kind: kind.word(), rows: tally.rows, new: tally.new, unchanged: tally.unchanged }
    }
}

/// What taking a table in would do.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewJson {
    /// `demands`, `offers` or `parties`.
    kind: &'static str,
    /// Whether every row is good; only then can the table be taken in.
    good: bool,
    /// Rows below the header.
    rows: usize,
    /// Rows that say something new; absent while anything is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<usize>,
    /// Rows that say what is there already; absent while anything is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<usize>,
    /// Every bad cell, by row; at most 1,000.
    problems: Vec<CellProblemJson>,
    /// Bad cells beyond those listed.
    unlisted: usize,
}

/// One bad cell.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellProblemJson {
    /// The row, as the spreadsheet program counts.
    row: u32,
    /// The column's letters; empty where the whole row is meant.
    column: String,
    /// The column's header; empty where it is not known.
    header: &'static str,
    /// The stable name for programs.
    code: &'static str,
    /// What is wrong.
    detail: String,
    /// What to do.
    action: String,
    /// What exactly, where the code alone does not say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
}

impl CellProblemJson {
    /// A bad cell in the reader's language.
    pub(crate) fn new(problem: CellProblem, language: problem::Language) -> Self {
        let (detail, action) = problem::words(problem.issue.def, language);
        let CellProblem { row, column, header, issue } = problem;
        Self { row, column, header, code: issue.def.code, detail, action, hint: issue.hint }
    }
}

impl PreviewJson {
    fn new(kind: Kind, preview: Preview, language: problem::Language) -> Self {
        Self {
            kind: kind.word(),
            good: preview.tally.is_some(),
            rows: preview.rows,
            new: preview.tally.map(|tally| tally.new),
            unchanged: preview.tally.map(|tally| tally.unchanged),
            problems: preview.problems.into_iter().map(|problem| CellProblemJson::new(problem, language)).collect(),
            unlisted: preview.unlisted,
        }
    }
}

/// Reads the file in the body with the child process; answers its SHA-256 too.
pub(crate) async fn read_sheet(app: &App, request: Request) -> Result<(Sheet, String), AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let taken =
        ["text/csv", "application/octet-stream", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];
    if !taken.contains(&essence.as_str()) {
        return Err(ImportError::MediaType.into());
    }
    let bytes = body::read(request, app).await?;
    let sha256 = hex(&Sha256::digest(&bytes));
    Ok((read_table(app, bytes).await?, sha256))
}

/// Reads a file with the child process.
pub(crate) async fn read_table(app: &App, bytes: Bytes) -> Result<Sheet, AppError> {
    let program = app.config.sheet_reader.clone();
    let sheet = tokio::task::spawn_blocking(move || sheets::read_apart(&program, &bytes)).await;
    sheet.map_err(AppError::internal)?
}

/// Checks a table and tells what taking it in would do, or every bad cell by row and column. Writes nothing.
#[utoipa::path(post, path = "/api/v1/imports/preview", tag = "imports", params(TargetQuery),
    request_body(description = "A CSV (UTF-8) or XLSX file, at most 5 MiB", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, body = PreviewJson), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn preview_table(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<TargetQuery>,
    request: Request,
) -> Result<Reply, AppError> {
    let target = query.read()?;
    let language = problem::Language::of(request.headers());
    let (sheet, _) = read_sheet(&app, request).await?;
    let preview = app.write_async(actor.scope(), move |work| service::preview(work, &actor, target, &sheet)).await?;
    Reply::ok(&PreviewJson::new(target.kind(), preview, language))
}

/// Takes a table in: every row, or nothing. Sending the same table again changes nothing.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", params(TargetQuery, ("idempotency-key" = String, Header,)),
    request_body(description = "A CSV (UTF-8) or XLSX file, at most 5 MiB", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, body = ImportJson), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn import_table(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<TargetQuery>,
    key: IdempotencyKey,
    request: Request,
) -> Result<Reply, AppError> {
    let target = query.read()?;
    let (sheet, sha256) = read_sheet(&app, request).await?;
    let reason = format!("table sha256={sha256}");
    let retry = Retry { operation: format!("imports.commit/{target:?}"), key, sha256 };
    let importer = actor.clone();
    app.once(&actor, retry, move |work| {
        let tally = service::commit(work, &importer, target, &sheet, &reason)?;
        Reply::ok(&ImportJson::new(target.kind(), tally))
    })
    .await
}

/// An empty table to fill in, with one sample row.
#[utoipa::path(get, path = "/api/v1/imports/template", tag = "imports", params(TemplateQuery),
    responses((status = 200, description = "The file", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = Problem)))]
async fn get_template(Params(query): Params<TemplateQuery>) -> Result<Response, AppError> {
    let kind = read_kind(&query.kind)?;
    let (format, language) = FormatQuery { format: query.format, language: query.language }.read()?;
    let name = format!("pasok-{}-template", kind.word());
    Ok(file(&name, format, export::template(kind, language, format)?))
}

/// Your organisation's own records in the columns of the template; for operators, the organisations they look after.
#[utoipa::path(get, path = "/api/v1/exports", tag = "imports", params(ExportQuery),
    responses((status = 200, description = "The file", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn export_table(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<ExportQuery>,
) -> Result<Response, AppError> {
    let ExportQuery { kind, round, market, format, language } = query;
    let target = TargetQuery { kind, round, market }.read()?;
    let (format, language) = FormatQuery { format, language }.read()?;
    let bytes = app
        .read_async(actor.scope(), move |connection, scope| {
            export::export(connection, scope, &actor, target, language, format)
        })
        .await?;
    Ok(file(&format!("pasok-{}", target.kind().word()), format, bytes))
}

/// A table as a file to keep.
pub(crate) fn file(name: &str, format: Format, bytes: Vec<u8>) -> Response {
    let mut headers = HeaderMap::new();
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.word());
    for (name, value) in [(header::CONTENT_TYPE, format.media_type()), (header::CONTENT_DISPOSITION, &disposition)] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    (headers, bytes).into_response()
}
