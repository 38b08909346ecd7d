//! Signing in and out, and a person's sessions, as JSON.
//!
//! These take no `Idempotency-Key`: a lost answer is mended by signing in again, and its secret must not be stored.

use crate::access::EVERYBODY;
use crate::access::errors::AccessError;
use crate::access::sessions::{self, Opened};
use crate::access::sign_in::{self, Attempt};
use crate::access::types::Session;
use crate::app::App;
use crate::audit::Principal;
use crate::error::{AppError, Checks};
use crate::parties::people;
use crate::scope::Scope;
use crate::values::ids::parse_id;
use crate::web::address::ClientAddress;
use crate::web::auth::{self, SignedIn};
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::name_text;
use crate::web::{Body, Reply};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Longest name of a client that is kept.
const CLIENT_CHARACTERS: usize = 120;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions, sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(change_member))
        .routes(routes!(end_session))
}

/// What a person shows to sign in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// Telephone number (`0812…`, `+62812…`) or e-mail address.
    login: String,
    /// The password.
    password: String,
    /// Six digits from the authenticator, where there is one.
    code: Option<String>,
    /// The organisation to act for; the first if none is named.
    organisation_id: Option<String>,
    /// How the session is carried.
    #[serde(default)]
    carrier: Carrier,
}

/// How a session is carried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    /// As a token in the answer, to be sent as `Authorization: Bearer`.
    #[default]
    Bearer,
    /// As a cookie that scripts cannot read; for browsers. The answer holds no token.
    Cookie,
}

/// A session that has just begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewSessionJson {
    /// Identifier.
    pub id: String,
    /// The secret to send as `Authorization: Bearer`; absent with a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The person.
    pub account_id: String,
    /// The role the person acts in.
    pub member_id: String,
    /// Whether a one-time code was given: needed to open, approve or pay.
    pub second_factor: bool,
    /// When it ends at the latest; it ends earlier when it is not used for half an hour.
    pub expires_at: String,
}

/// One of my sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionJson {
    /// Identifier.
    pub id: String,
    /// What signed in, as it named itself.
    pub client: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Whether a one-time code was given.
    pub second_factor: bool,
    /// When it began.
    pub created_at: String,
    /// When it was last used, to the minute.
    pub last_used_at: String,
    /// When it ends at the latest.
    pub expires_at: String,
}

impl SessionJson {
    fn new(session: Session, current: i64) -> Self {
        Self {
            id: session.id.to_string(),
            current: session.id == current,
            client: session.client,
            second_factor: session.second_factor_at.is_some(),
            created_at: session.created_at.to_string(),
            last_used_at: session.last_used_at.to_string(),
            expires_at: session.expires_at.to_string(),
        }
    }
}

/// My sessions; there are few.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionsJson {
    /// Those that are live.
    pub items: Vec<SessionJson>,
}

/// Signs in. The answer to an unknown person is the same as to a wrong password.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "access", request_body = SignInBody,
    responses((status = 201, body = NewSessionJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn sign_in(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    body: Body<SignInBody>,
) -> Result<Response, AppError> {
    let body = body.value;
    let mut checks = Checks::default();
    let login = name_text(&mut checks, "/login", &body.login, 254);
    let organisation_id = body.organisation_id.as_deref().map(|text| checks.ok("/organisation_id", parse_id(text)));
    let login = checks.finish_with(login)?;
    let attempt = Attempt {
        login,
        password: body.password,
        code: body.code,
        organisation_id: organisation_id.flatten(),
        client: client(&headers),
        address: address.0,
    };
    answer(sign_in::sign_in(&app, attempt).await?, body.carrier)
}

/// What signs in, as it names itself, shortened and printable.
fn client(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(CLIENT_CHARACTERS).collect()
}

/// Tells the new secret once, in the way it is carried; nobody on the way may keep it.
pub(super) fn answer((session, secret): Opened, carrier: Carrier) -> Result<Response, AppError> {
    let json = NewSessionJson {
        id: session.id.to_string(),
        token: (carrier == Carrier::Bearer).then(|| secret.clone()),
        account_id: session.account_id.to_string(),
        member_id: session.member_id.to_string(),
        second_factor: session.second_factor_at.is_some(),
        expires_at: session.expires_at.to_string(),
    };
    let reply = Reply::created("/api/v1/sessions".to_owned(), &json)?;
    let no_store = (header::CACHE_CONTROL, "no-store".to_owned());
    if carrier == Carrier::Bearer {
        return Ok((AppendHeaders([no_store]), reply).into_response());
    }
    Ok((AppendHeaders([no_store, (header::SET_COOKIE, auth::cookie(&secret))]), reply).into_response())
}

/// How the caller carries the session, so that a new secret comes back the same way.
pub(super) fn carrier(headers: &HeaderMap) -> Carrier {
    if headers.contains_key(header::AUTHORIZATION) { Carrier::Bearer } else { Carrier::Cookie }
}

/// My sessions.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "access",
    responses((status = 200, body = SessionsJson), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_sessions(State(app): State<App>, person: SignedIn) -> Result<Reply, AppError> {
    let (account_id, current) = (person.session.account_id, person.session.id);
    let (now, limits) = (app.clock.now(), app.config.limits);
    let rows =
        app.read_async(EVERYBODY, move |connection, _| sessions::list(connection, account_id, now, &limits)).await?;
    let items = rows.into_iter().map(|session| SessionJson::new(session, current)).collect();
    Reply::ok(&SessionsJson { items })
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "access",
    responses((status = 200), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn sign_out(State(app): State<App>, person: SignedIn) -> Result<Response, AppError> {
    let reply = end(&app, person.session.clone(), person.session.id).await?;
    let mut response = reply.into_response();
    let cookie = HeaderValue::from_str(&auth::no_cookie()).map_err(AppError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Ends one of my sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "access", params(("id" = String, Path,)),
    responses((status = 200), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn end_session(State(app): State<App>, person: SignedIn, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    end(&app, person.session, id).await
}

async fn end(app: &App, session: Session, id: i64) -> Result<Reply, AppError> {
    let member_id = session.member_id;
    let organisation_id = app
        .read_async(EVERYBODY, move |connection, _| {
            people::get_member(connection, member_id).map(|member| member.organisation_id)
        })
        .await
        .ok();
    let principal = Principal { member_id: Some(member_id), organisation_id };
    app.write_async(Scope::system_for("sign-out", principal), move |work| sessions::end(work, session.account_id, id))
        .await?;
    Reply::ok(&serde_json::json!({ "id": id.to_string(), "ended": true }))
}

/// The role to act in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMemberBody {
    /// One of my roles, from `/api/v1/accounts/me`.
    member_id: String,
}

/// Acts in another of my roles from now on. The session gets a new secret; the old one no longer works.
#[utoipa::path(post, path = "/api/v1/sessions/current/member", tag = "access", request_body = ChangeMemberBody,
    responses((status = 201, body = NewSessionJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn change_member(
    State(app): State<App>,
    person: SignedIn,
    headers: HeaderMap,
    body: Body<ChangeMemberBody>,
) -> Result<Response, AppError> {
    let member_id = parse_id(&body.value.member_id).map_err(|_| AccessError::NoRole)?;
    answer(sign_in::change_member(&app, person.session, member_id).await?, carrier(&headers))
}
