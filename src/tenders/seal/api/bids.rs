//! Placing, confirming and withdrawing bids as JSON, and their receipts.
//!
//! Nothing here is counted, logged one by one or written to the public log: before the close a bid exists for its bidder alone.

use super::super::placing;
use super::super::qr;
use super::super::receipt::Receipt;
use crate::app::App;
use crate::audit::note::Signer;
use crate::error::{AppError, Checks};
use crate::parties::Actor;
use crate::tenders::bids::{self, Bid, BidDocument, SealedBid, SealedWhere};
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::choice;
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(place_bid))
        .routes(routes!(place_bid_at_counter))
        .routes(routes!(list_bids))
        .routes(routes!(get_bid))
        .routes(routes!(list_receipts))
        .routes(routes!(confirm_bid))
        .routes(routes!(withdraw_bid))
}

/// A sealed bid, as the sealing page makes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SealedBidBody {
    /// The terms of the call that it was made for.
    terms_version: i64,
    /// The sealed file, base64.
    sealed: String,
    /// The call's public key that it was sealed to.
    recipient: String,
    /// SHA-256 commitment, 64 hexadecimal digits.
    commitment: String,
    /// `browser` (unless said otherwise) or `offline`.
    sealed_where: Option<String>,
}

impl SealedBidBody {
    fn parse(self) -> Result<SealedBid, AppError> {
        let mut checks = Checks::default();
        let word = self.sealed_where.as_deref().unwrap_or(SealedWhere::Browser.word());
        let place = SealedWhere::parse(word).filter(|place| *place != SealedWhere::Counter);
        let place = choice(&mut checks, "/sealed_where", place, || "browser, offline".to_owned());
        let sealed_where = checks.finish_with(place)?;
        Ok(SealedBid {
            terms_version: self.terms_version,
            sealed: self.sealed,
            recipient: self.recipient,
            commitment: self.commitment,
            sealed_where,
        })
    }
}

/// A bid of one's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct BidJson {
    /// Identifier.
    pub id: String,
    /// The call.
    pub call_id: String,
    /// Who bids.
    pub bidder_id: String,
    /// `placed`, `withdrawn`, `opened`, `invalid` or `lapsed`.
    pub status: &'static str,
    /// Number of the version that counts.
    pub current: i64,
    /// The terms it was placed or confirmed for.
    pub terms_version: i64,
    /// When the current version was placed.
    pub placed_at: String,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Bid> for BidJson {
    fn from(bid: Bid) -> Self {
        Self {
            id: bid.id.to_string(),
            call_id: bid.call_id.to_string(),
            bidder_id: bid.bidder_id.to_string(),
            status: bid.status.word(),
            current: bid.current,
            terms_version: bid.terms_version,
            placed_at: bid.placed_at.to_string(),
            version: bid.version,
        }
    }
}

/// What a bidder keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptJson {
    /// The bid.
    pub bid_id: String,
    /// Its number for people.
    pub number: String,
    /// Which version of the bid.
    pub version: i64,
    /// When it was received, by the server's clock.
    pub received_at: String,
    /// `browser`, `offline` or `counter`; at the counter the server saw the price for the moment of sealing.
    pub sealed_where: &'static str,
    /// The commitment to what was sealed.
    pub commitment: String,
    /// The receipt, signed with the record's key (C2SP signed note): keep this.
    pub signed: String,
    /// The same in short as a square code (SVG).
    pub qr_svg: String,
}

impl ReceiptJson {
    fn new(bid_id: i64, receipt: &Receipt, signer: &Signer) -> Self {
        Self {
            bid_id: bid_id.to_string(),
            number: receipt.number.clone(),
            version: receipt.version,
            received_at: receipt.received_at.to_string(),
            sealed_where: receipt.sealed_where,
            commitment: receipt.commitment.clone(),
            signed: receipt.signed(signer),
            qr_svg: qr::svg(&receipt.code()).unwrap_or_default(),
        }
    }
}

fn placed(app: &App, (bid, receipt): &(Bid, Receipt)) -> Result<Reply, AppError> {
    let json = ReceiptJson::new(bid.id, receipt, app.record.keys().signer()?);
    Ok(Reply::created(format!("/api/v1/bids/{}", bid.id), &json)?.with_version(bid.version))
}

/// Places a sealed bid, or a new version of it, until the close (bidders). The answer is its receipt.
#[utoipa::path(post, path = "/api/v1/calls/{id}/bids", tag = "tenders", request_body = SealedBidBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = ReceiptJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn place_bid(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<SealedBidBody>,
) -> Result<Reply, AppError> {
    let call_id = id_of(&id)?;
    let sealed = body.value.parse()?;
    let request = Request { operation: format!("bids.place/{call_id}"), key, sha256: body.sha256 };
    let (by, signing) = (actor.clone(), app.clone());
    app.once_quiet(&actor, request, move |work| placed(&signing, &placing::place(work, &by, call_id, &sealed)?)).await
}

/// A bid in the clear, for a bidder who cannot seal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterBody {
    /// The bid.
    document: BidDocument,
}

/// Seals a bid at once and places it (bidders whose device cannot seal): the server sees the price for this moment and keeps
/// nothing of it; the receipt says so.
#[utoipa::path(post, path = "/api/v1/calls/{id}/bids/counter", tag = "tenders", request_body = CounterBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = ReceiptJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn place_bid_at_counter(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<CounterBody>,
) -> Result<Reply, AppError> {
    let call_id = id_of(&id)?;
    let document = body.value.document;
    let sha256 = placing::private_hash(app.record.keys().signer()?, &body.sha256);
    let request = Request { operation: format!("bids.counter/{call_id}"), key, sha256 };
    let (by, signing) = (actor.clone(), app.clone());
    app.once_quiet(&actor, request, move |work| {
        placed(&signing, &placing::place_at_counter(work, &by, call_id, &document)?)
    })
    .await
}

/// One's own bids, in pages.
#[utoipa::path(get, path = "/api/v1/bids", tag = "tenders", params(PageQuery),
    responses((status = 200, body = Page<BidJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_bids(State(app): State<App>, actor: Actor, Params(query): Params<PageQuery>) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| bids::service::list_own(connection, scope, after, limit + 1))
        .await?;
    Reply::ok(&Page::from_rows(rows, limit, "/api/v1/bids", |row| row.id, BidJson::from))
}

/// One bid: one's own, or after the close any of a market that one runs or observes.
#[utoipa::path(get, path = "/api/v1/bids/{id}", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = BidJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_bid(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let bid = app.read_async(&actor, move |connection, scope| bids::service::get(connection, scope, id)).await?;
    let version = bid.version;
    Ok(Reply::ok(&BidJson::from(bid))?.with_version(version))
}

/// Receipts of a bid.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptsJson {
    /// One for each version, the first first.
    pub items: Vec<ReceiptJson>,
}

/// The receipts of one's own bid, again.
#[utoipa::path(get, path = "/api/v1/bids/{id}/receipts", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = ReceiptsJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_receipts(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let by = actor.clone();
    let found = app.read_async(&actor, move |connection, scope| placing::receipts(connection, scope, &by, id)).await?;
    let signer = app.record.keys().signer()?;
    Reply::ok(&ReceiptsJson { items: found.iter().map(|receipt| ReceiptJson::new(id, receipt, signer)).collect() })
}

/// Which terms a bid is to hold for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// The terms' version.
    terms_version: i64,
}

/// Says that a bid holds under changed terms (bidders).
#[utoipa::path(post, path = "/api/v1/bids/{id}/confirm", tag = "tenders", request_body = ConfirmBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = BidJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn confirm_bid(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<ConfirmBody>,
) -> Result<Reply, AppError> {
    let (id, terms_version) = (id_of(&id)?, body.value.terms_version);
    let request = Request { operation: format!("bids.confirm/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once_quiet(&actor, request, move |work| {
        let bid = bids::service::confirm(work, &by, id, expected.0, terms_version)?;
        let version = bid.version;
        Ok(Reply::ok(&BidJson::from(bid))?.with_version(version))
    })
    .await
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawBody {}

/// Takes a bid back (bidders, until the close).
#[utoipa::path(post, path = "/api/v1/bids/{id}/withdraw", tag = "tenders", request_body = WithdrawBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = BidJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn withdraw_bid(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<WithdrawBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let request = Request { operation: format!("bids.withdraw/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once_quiet(&actor, request, move |work| {
        let bid = bids::service::withdraw(work, &by, id, expected.0)?;
        let version = bid.version;
        Ok(Reply::ok(&BidJson::from(bid))?.with_version(version))
    })
    .await
}
