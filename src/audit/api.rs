//! The record as JSON: heads, leaves, proofs and receipts, and the cosignatures that witnesses send back.
//!
//! Heads and proofs are hashes and open to everybody who is signed in. Leaves say who acted on what, so only observers and
//! operators list them, and of what is outside their markets they see the hash alone: enough to compute the whole tree. A
//! receipt is also given to the organisation that acted.

use super::errors::LogError;
use super::merkle::Hash;
use super::service::{self, Acted, Listed};
use super::store::CheckpointRow;
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::parties::{Actor, Role};
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::web::idempotency::Request;
use crate::web::problem::Problem;
use crate::web::{Body, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Proofs need hashes of everybody's entries; who may see what of them is decided here.
const LOG: Scope = Scope::system("prove the record");

/// Routes of the record.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_head))
        .routes(routes!(list_checkpoints))
        .routes(routes!(get_checkpoint))
        .routes(routes!(list_leaves))
        .routes(routes!(get_receipt))
        .routes(routes!(get_inclusion))
        .routes(routes!(get_consistency))
        .routes(routes!(get_request))
        .routes(routes!(add_cosignatures))
}

/// The newest signed head of the record, and who signs.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadJson {
    /// Entries recorded so far; the newest ones may not be signed for yet.
    size: u64,
    /// The newest checkpoint (C2SP tlog-checkpoint) with its cosignatures.
    checkpoint: String,
    /// Public keys that signed this log.
    keys: Vec<String>,
    /// Public keys of its witnesses.
    witnesses: Vec<String>,
}

/// A signed head.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointJson {
    /// Entries it covers.
    size: String,
    /// When it was made.
    made_at: String,
    /// Why it was made.
    occasion: String,
    /// The signed note (C2SP tlog-checkpoint).
    checkpoint: String,
}

impl From<CheckpointRow> for CheckpointJson {
    fn from(row: CheckpointRow) -> Self {
        let made_at = Timestamp::from_micros(row.made_at).to_string();
        Self { size: row.size.to_string(), made_at, occasion: row.occasion, checkpoint: row.note }
    }
}

/// A leaf of the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeafJson {
    /// Its place, from 0.
    index: String,
    /// Its hash in the tree, in base64: SHA-256 over a zero byte and the leaf's bytes.
    hash: String,
    /// The leaf's exact bytes; absent where it belongs to a market that one neither runs nor observes.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf: Option<String>,
}

impl From<Listed> for LeafJson {
    fn from(listed: Listed) -> Self {
        let leaf = listed.leaf.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Self { index: listed.index.to_string(), hash: STANDARD.encode(listed.hash), leaf }
    }
}

/// Hashes that prove something about the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProofJson {
    /// SHA-256 hashes in base64, in the order of RFC 6962.
    path: Vec<String>,
}

impl From<Vec<Hash>> for ProofJson {
    fn from(path: Vec<Hash>) -> Self {
        Self { path: path.iter().map(|hash| STANDARD.encode(hash)).collect() }
    }
}

/// A text for people, witnesses and other programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextJson {
    /// The text; its last newline belongs to it.
    text: String,
}

/// The newest signed head.
#[utoipa::path(get, path = "/api/v1/log", tag = "log",
    responses((status = 200, body = HeadJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_head(State(app): State<App>, _actor: Actor) -> Result<Reply, AppError> {
    app.read_async(LOG, |connection, _| {
        let (keys, witnesses) = service::keys(connection)?;
        let checkpoint = service::head_note(connection)?.to_string();
        Reply::ok(&HeadJson { size: service::size(connection)?, checkpoint, keys, witnesses })
    })
    .await
}

/// Signed heads, newest first, in pages.
#[utoipa::path(get, path = "/api/v1/log/checkpoints", tag = "log", params(PageQuery),
    responses((status = 200, body = Page<CheckpointJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_checkpoints(
    State(app): State<App>,
    _actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (limit, before) = (query.limit()?, query.after()?);
    let before = if before == 0 { i64::MAX } else { before };
    let rows = app.read_async(LOG, move |connection, _| service::list_checkpoints(connection, before, limit)).await?;
    Reply::ok(&Page::from_rows(rows, limit, "/api/v1/log/checkpoints", |row| row.size, CheckpointJson::from))
}

/// One signed head with its cosignatures.
#[utoipa::path(get, path = "/api/v1/log/checkpoints/{size}", tag = "log", params(("size" = String, Path,)),
    responses((status = 200, body = TextJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_checkpoint(State(app): State<App>, _actor: Actor, Path(size): Path<String>) -> Result<Reply, AppError> {
    let size = size.parse().map_err(|_| LogError::NoCheckpoint)?;
    let note = app.read_async(LOG, move |connection, _| service::note_at(connection, size)).await?;
    Reply::ok(&TextJson { text: note.to_string() })
}

/// The leaves themselves, oldest first, in pages (observers and operators): hashes of all, contents of one's own markets and
/// acts. They name organisations and people by number only, and what was said as a commitment.
#[utoipa::path(get, path = "/api/v1/log/leaves", tag = "log", params(PageQuery),
    responses((status = 200, body = Page<LeafJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_leaves(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    require_watcher(&actor)?;
    // A cursor is a positive number: that of the first leaf of the page.
    let (limit, start) = (query.limit()?, query.after()?);
    let hashes = app.read_async(LOG, move |connection, _| service::list_hashes(connection, start, limit)).await?;
    let listed = app
        .read_async(actor.scope(), move |connection, scope| service::list_leaves(connection, scope, start, &hashes))
        .await?;
    Reply::ok(&Page::from_rows(listed, limit, "/api/v1/log/leaves", |listed| listed.index + 1, LeafJson::from))
}

fn require_watcher(actor: &Actor) -> Result<(), AppError> {
    actor.require_role(&[Role::Observer, Role::Operator, Role::Approver])
}

/// The proof that a leaf is in the record, as a C2SP tlog-proof text that anybody can check offline (observers and operators
/// of its market, and the organisation that acted).
#[utoipa::path(get, path = "/api/v1/log/leaves/{index}/receipt", tag = "log", params(("index" = String, Path,)),
    responses((status = 200, body = TextJson), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_receipt(State(app): State<App>, actor: Actor, Path(index): Path<String>) -> Result<Reply, AppError> {
    let index = index.parse().map_err(|_| CommonError::NotFound)?;
    let acted =
        app.read_async(actor.scope(), move |connection, scope| service::acted(connection, scope, index)).await?;
    let is_own = acted == Some(Acted::Organisation(actor.organisation_id));
    let may_see = is_own || (acted.is_some() && require_watcher(&actor).is_ok());
    if !may_see {
        return Err(CommonError::NotFound.into());
    }
    let receipt = app.read_async(LOG, move |connection, _| service::receipt(connection, index)).await?;
    Reply::ok(&TextJson { text: receipt.to_string() })
}

/// Which leaf in which tree.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InclusionQuery {
    /// The leaf, from 0.
    index: u64,
    /// Leaves of the tree.
    size: u64,
}

/// The proof that a leaf is in a tree (RFC 6962 section 2.1.1).
#[utoipa::path(get, path = "/api/v1/log/inclusion", tag = "log", params(InclusionQuery),
    responses((status = 200, body = ProofJson), (status = 400, body = Problem), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn get_inclusion(
    State(app): State<App>,
    _actor: Actor,
    Params(query): Params<InclusionQuery>,
) -> Result<Reply, AppError> {
    let path =
        app.read_async(LOG, move |connection, _| service::inclusion(connection, query.index, query.size)).await?;
    Reply::ok(&ProofJson::from(path))
}

/// Which two trees.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConsistencyQuery {
    /// Leaves of the older tree.
    old: u64,
    /// Leaves of the newer tree.
    new: u64,
}

/// The proof that one tree is the beginning of another (RFC 6962 section 2.1.2).
#[utoipa::path(get, path = "/api/v1/log/consistency", tag = "log", params(ConsistencyQuery),
    responses((status = 200, body = ProofJson), (status = 400, body = Problem), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn get_consistency(
    State(app): State<App>,
    _actor: Actor,
    Params(query): Params<ConsistencyQuery>,
) -> Result<Reply, AppError> {
    let path = app.read_async(LOG, move |connection, _| service::consistency(connection, query.old, query.new)).await?;
    Reply::ok(&ProofJson::from(path))
}

/// Where a witness stands.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RequestQuery {
    /// Leaves of the head that the witness signed last; 0 if it never did.
    old: u64,
}

/// What a witness needs to sign the newest checkpoint (the request of C2SP tlog-witness).
#[utoipa::path(get, path = "/api/v1/log/witness-request", tag = "log", params(RequestQuery),
    responses((status = 200, body = TextJson), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_request(
    State(app): State<App>,
    _actor: Actor,
    Params(query): Params<RequestQuery>,
) -> Result<Reply, AppError> {
    let request = app.read_async(LOG, move |connection, _| service::request(connection, query.old)).await?;
    Reply::ok(&TextJson { text: request.to_string() })
}

/// What witnesses signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCosignatures {
    /// One or more signature lines (C2SP tlog-cosignature).
    lines: String,
}

/// The checkpoints that were signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct CosignedJson {
    /// Their sizes, a line each.
    sizes: Vec<String>,
}

/// Stores signature lines of the log's witnesses with the checkpoints they sign (operators). Repeating stores nothing twice.
#[utoipa::path(post, path = "/api/v1/log/cosignatures", tag = "log", request_body = NewCosignatures,
    params(("idempotency-key" = String, Header,)),
    responses((status = 200, body = CosignedJson), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn add_cosignatures(
    State(app): State<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body<NewCosignatures>,
) -> Result<Reply, AppError> {
    actor.require_role(&[Role::Operator])?;
    let request = Request { operation: "log.cosign".to_owned(), key, sha256: body.sha256 };
    let lines = body.value.lines;
    app.once(&actor, request, move |work| {
        let sizes = service::cosign(work, &lines)?;
        Reply::ok(&CosignedJson { sizes: sizes.iter().map(ToString::to_string).collect() })
    })
    .await
}
