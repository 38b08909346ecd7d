//! Answers, complaints and screens as JSON.

use super::complaints::{self, Complaint, LONGEST_WORDS, Verdict};
use super::screens::Screen;
use super::{FeedbackError, answers, patterns};
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::Actor;
use crate::tenders::bids;
use crate::values::UnitPrice;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::{choice, name_text};
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of answers, complaints and screens.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_answer))
        .routes(routes!(complain))
        .routes(routes!(list_complaints))
        .routes(routes!(answer_complaint))
        .routes(routes!(get_screens))
}

/// What became of a bid.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerJson {
    /// The bid.
    pub bid_id: String,
    /// What the opening found wrong, a line each; empty for a valid bid.
    pub problems: String,
    /// One for each lot bid on.
    pub lots: Vec<LotAnswerJson>,
}

/// What became of one lot of a bid.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotAnswerJson {
    /// Number of the lot.
    pub lot: i64,
    /// Base units awarded.
    pub awarded: i64,
    /// For a lost lot the price per pricing unit at which it would have won something; nothing about anybody else's price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wins_at: Option<String>,
    /// Rules that stood against it (the solver's reason codes).
    pub rules: Vec<String>,
}

/// What became of a bid: one's own, or after the opening any of a market that one runs or observes.
#[utoipa::path(get, path = "/api/v1/bids/{id}/answer", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = AnswerJson), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_answer(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let (opening, answers) = app
        .read_async(&actor, move |connection, scope| {
            let opening = bids::service::opening(connection, scope, id)?;
            Ok((opening, answers::of_bid(connection, scope, id)?))
        })
        .await?;
    let opening = opening.ok_or(FeedbackError::NotAnswered)?;
    if opening.is_valid && answers.is_empty() {
        return Err(FeedbackError::NotAnswered.into());
    }
    let price = |e4: i64| UnitPrice::from_e4(e4).ok().map(|price| price.to_string());
    let lot = |answer: answers::Answer| LotAnswerJson {
        lot: answer.lot,
        awarded: answer.awarded,
        wins_at: answer.wins_at_e4.and_then(price),
        rules: answer.rules,
    };
    let lots = answers.into_iter().map(lot).collect();
    Reply::ok(&AnswerJson { bid_id: id.to_string(), problems: opening.problems, lots })
}

/// A complaint to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintBody {
    /// Number of the lot; absent for the whole call.
    lot: Option<i64>,
    /// What is wrong.
    words: String,
}

/// A complaint.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintJson {
    /// Identifier.
    pub id: String,
    /// The call.
    pub call_id: String,
    /// Number of the lot; absent for the whole call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<i64>,
    /// Who complains.
    pub bidder_id: String,
    /// `open`, `upheld` or `dismissed`.
    pub status: &'static str,
    /// What is said.
    pub words: String,
    /// What is answered.
    pub answer: String,
    /// When it was made.
    pub created_at: String,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Complaint> for ComplaintJson {
    fn from(complaint: Complaint) -> Self {
        Self {
            id: complaint.id.to_string(),
            call_id: complaint.call_id.to_string(),
            lot: complaint.lot,
            bidder_id: complaint.bidder_id.to_string(),
            status: complaint.status.word(),
            words: complaint.words,
            answer: complaint.answer,
            created_at: complaint.created_at.to_string(),
            version: complaint.version,
        }
    }
}

/// Complains about what became of one's bid, from the opening until the call's time for complaints is over (bidders). Orders for the
/// lines concerned wait for the answer.
#[utoipa::path(post, path = "/api/v1/bids/{id}/complaints", tag = "tenders", request_body = ComplaintBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = ComplaintJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn complain(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<ComplaintBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let words = name_text(&mut checks, "/words", &body.value.words, LONGEST_WORDS);
    let words = checks.finish_with(words)?;
    let (lot, by) = (body.value.lot, actor.clone());
    let request = Request { operation: format!("bids.complain/{id}"), key, sha256: body.sha256 };
    app.once(&actor, request, move |work| {
        let complaint = complaints::complain(work, &by, id, (lot, &words))?;
        let address = format!("/api/v1/calls/{}/complaints", complaint.call_id);
        Ok(Reply::created(address, &ComplaintJson::from(complaint))?.with_version(1))
    })
    .await
}

/// Complaints about a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintsJson {
    /// By id.
    pub items: Vec<ComplaintJson>,
}

/// Complaints about a call: one's own, or all of a market that one runs or observes.
#[utoipa::path(get, path = "/api/v1/calls/{id}/complaints", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = ComplaintsJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_complaints(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let found = app.read_async(&actor, move |connection, scope| complaints::list(connection, scope, id)).await?;
    Reply::ok(&ComplaintsJson { items: found.into_iter().map(ComplaintJson::from).collect() })
}

/// An answer to a complaint.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictBody {
    /// `upheld` or `dismissed`.
    verdict: String,
    /// The reason.
    answer: String,
}

/// Answers a complaint (approvers of the market, with a second factor).
#[utoipa::path(post, path = "/api/v1/complaints/{id}/answer", tag = "tenders", request_body = VerdictBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = ComplaintJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn answer_complaint(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<VerdictBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let verdict = Verdict::parse(&body.value.verdict).filter(|verdict| *verdict != Verdict::Open);
    let verdict = choice(&mut checks, "/verdict", verdict, || "upheld, dismissed".to_owned());
    let words = name_text(&mut checks, "/answer", &body.value.answer, LONGEST_WORDS);
    let (verdict, words) = checks.finish_with(verdict.zip(words))?;
    let request = Request { operation: format!("complaints.answer/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| {
        let complaint = complaints::answer(work, &by, id, expected.0, (verdict, &words))?;
        let version = complaint.version;
        Ok(Reply::ok(&ComplaintJson::from(complaint))?.with_version(version))
    })
    .await
}

/// Patterns in the opened bids of a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreensJson {
    /// Lots with a pattern.
    pub lots: Vec<ScreenJson>,
}

/// A lot that somebody should look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreenJson {
    /// Number of the lot.
    pub lot: i64,
    /// `same_price`, `too_alike`, `cover`, `rotation`. They block nothing, and honest bids may show them too.
    pub screens: Vec<&'static str>,
}

/// Patterns of prices worth a look, once the bids are open (those who run or observe the market).
#[utoipa::path(get, path = "/api/v1/calls/{id}/screens", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = ScreensJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_screens(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let found = app.read_async(&actor, move |connection, scope| patterns::of_call(connection, scope, id)).await?;
    let lot =
        |(lot, found): (i64, Vec<Screen>)| ScreenJson { lot, screens: found.into_iter().map(Screen::word).collect() };
    Reply::ok(&ScreensJson { lots: found.into_iter().map(lot).collect() })
}
