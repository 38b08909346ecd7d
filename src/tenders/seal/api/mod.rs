//! Committee, sittings and minutes as JSON; placing bids and receipts have their own file.

mod bids;

use super::service::{self, Sat};
use super::share::Share;
use super::types::{Committee, Minutes, Purpose};
use super::{SealError, qr};
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::Actor;
use crate::scope::Scope;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::choice;
use crate::web::{Body, IdempotencyKey, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of placing, sealing and opening bids.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_committee))
        .routes(routes!(take_seat))
        .routes(routes!(begin_sitting))
        .routes(routes!(finish_sitting))
        .routes(routes!(get_minutes))
        .merge(bids::router())
}

/// Who opens the bids of a call, and with which key they are sealed.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommitteeJson {
    /// The call.
    pub call_id: String,
    /// Seats taken, of three.
    pub seats: Vec<SeatJson>,
    /// The public key (`age1…`) that bids are sealed to; absent until the third seat is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// When two officers first opened the dummy bid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rehearsed_at: Option<String>,
}

/// A seat of the committee.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatJson {
    /// 1 to 3.
    pub seat: u8,
    /// The officer.
    pub name: String,
    /// When it was taken.
    pub taken_at: String,
}

impl CommitteeJson {
    fn new(call_id: i64, committee: Committee) -> Self {
        let seat = |seat: super::types::Seat| SeatJson {
            seat: seat.seat,
            name: seat.name,
            taken_at: seat.taken_at.to_string(),
        };
        let rehearsed_at = committee.key.as_ref().and_then(|key| key.rehearsed_at);
        Self {
            call_id: call_id.to_string(),
            seats: committee.seats.into_iter().map(seat).collect(),
            rehearsed_at: rehearsed_at.map(|at| at.to_string()),
            recipient: committee.key.map(|key| key.recipient),
        }
    }
}

/// Who opens the bids, and the key to seal to.
#[utoipa::path(get, path = "/api/v1/calls/{id}/committee", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = CommitteeJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_committee(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let found = app.read_async(&actor, move |connection, scope| service::committee(connection, scope, id)).await?;
    Reply::ok(&CommitteeJson::new(id, found))
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatBody {}

/// An officer's share. Shown once; stored nowhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareJson {
    /// The call.
    pub call_id: String,
    /// 1 to 3.
    pub seat: u8,
    /// The share: save it, print it, give it to nobody.
    pub share: String,
    /// The same as a square code (SVG).
    pub qr_svg: String,
    /// Name for a file with the share.
    pub file_name: String,
}

/// Takes a seat of the committee (opening officers of the operator, with a second factor). The answer is shown once.
#[utoipa::path(post, path = "/api/v1/calls/{id}/seats", tag = "tenders", request_body = SeatBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = ShareJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn take_seat(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<SeatBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let request = Request { operation: format!("calls.seat/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    let share =
        app.once_secret(Scope::from(&actor), &actor, request, move |work| service::take_seat(work, &by, id)).await?;
    let text = share.text();
    let shown = ShareJson {
        call_id: id.to_string(),
        seat: share.seat(),
        qr_svg: qr::svg(&text).unwrap_or_default(),
        share: text,
        file_name: format!("pasok-bagian-kunci-{id}-{}.txt", share.seat()),
    };
    Reply::created(format!("/api/v1/calls/{id}/committee"), &shown)
}

/// The first officer's share.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginBody {
    /// `rehearsal` before the close, `opening` after it.
    pub purpose: String,
    /// The share.
    pub share: String,
}

/// A sitting that waits for the second officer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SittingJson {
    /// `rehearsal` or `opening`.
    pub purpose: &'static str,
    /// What the second officer must enter; shown once.
    pub code: String,
    /// Until when.
    pub ends_at: String,
}

/// Reads what was typed for a purpose and a share; notes both if both are wrong.
fn read_share(checks: &mut Checks, text: &str) -> Option<Share> {
    checks.ok("/share", Share::parse(text))
}

/// The first officer of a sitting gives a share. The answer's code is shown once.
#[utoipa::path(post, path = "/api/v1/calls/{id}/sittings", tag = "tenders", request_body = BeginBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = SittingJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn begin_sitting(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<BeginBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let purpose = choice(&mut checks, "/purpose", Purpose::parse(&body.value.purpose), Purpose::words);
    let share = read_share(&mut checks, &body.value.share);
    let (purpose, share) = checks.finish_with(purpose.zip(share))?;
    let request = Request { operation: format!("calls.sitting/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    let begun = app
        .once_secret(Scope::from(&actor), &actor, request, move |work| service::begin(work, &by, id, purpose, &share))
        .await?;
    let shown =
        SittingJson { purpose: begun.purpose.word(), code: begun.code.to_string(), ends_at: begun.ends_at.to_string() };
    Reply::created(format!("/api/v1/calls/{id}/committee"), &shown)
}

/// The second officer's share, and the code from the first one's screen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishBody {
    /// The sitting's code.
    pub code: String,
    /// The share.
    pub share: String,
}

/// What a sitting came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct SatJson {
    /// `rehearsed` or `opened`.
    pub outcome: &'static str,
    /// The minutes, after an opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<MinutesJson>,
}

/// The minutes of an opening.
#[derive(Debug, Serialize, ToSchema)]
pub struct MinutesJson {
    /// The first officer.
    pub first_member: String,
    /// The second.
    pub second_member: String,
    /// When, by the server's clock.
    pub opened_at: String,
    /// What was found, a line for each bid.
    pub text: String,
}

impl From<Minutes> for MinutesJson {
    fn from(minutes: Minutes) -> Self {
        Self {
            first_member: minutes.first_member.to_string(),
            second_member: minutes.second_member.to_string(),
            opened_at: minutes.opened_at.to_string(),
            text: minutes.text,
        }
    }
}

/// The second officer gives a share: the dummy bid or the bids are opened.
#[utoipa::path(post, path = "/api/v1/calls/{id}/sittings/finish", tag = "tenders", request_body = FinishBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 200, body = SatJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn finish_sitting(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<FinishBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    if body.value.code.len() > 64 {
        checks.add("/code", SealError::SittingCode);
    }
    let share = read_share(&mut checks, &body.value.share);
    let share = checks.finish_with(share)?;
    let code = body.value.code;
    let request = Request { operation: format!("calls.sitting.finish/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once(&actor, request, move |work| {
        Reply::ok(&match service::finish(work, &by, id, &code, &share)? {
            Sat::Rehearsed => SatJson { outcome: "rehearsed", minutes: None },
            Sat::Opened(minutes) => SatJson { outcome: "opened", minutes: Some(minutes.into()) },
        })
    })
    .await
}

/// The minutes of the opening.
#[utoipa::path(get, path = "/api/v1/calls/{id}/minutes", tag = "tenders", params(("id" = String, Path,)),
    responses((status = 200, body = MinutesJson), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_minutes(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let found = app.read_async(&actor, move |connection, scope| service::minutes(connection, scope, id)).await?;
    Reply::ok(&MinutesJson::from(found))
}
