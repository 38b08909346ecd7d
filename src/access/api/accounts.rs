//! A person's own account, and codes that are handed over, as JSON.

use super::sessions::{NewSessionJson, answer, carrier};
use crate::access::codes::{self, Redemption};
use crate::access::types::{CodePurpose, Grant};
use crate::access::{EVERYBODY, accounts, in_name_of, sign_in};
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::{Account, Actor, Email, Phone};
use crate::web::address::ClientAddress;
use crate::web::auth::SignedIn;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::{choice, name_text};
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Reply};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(my_account))
        .routes(routes!(change_password))
        .routes(routes!(begin_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(change_contact))
        .routes(routes!(hand_over_code))
        .routes(routes!(redeem_code))
}

/// My account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountJson {
    /// Identifier.
    pub id: String,
    /// My name.
    pub name: String,
    /// What I sign in with.
    pub phone: Option<String>,
    /// The same.
    pub email: Option<String>,
    /// Whether an authenticator is set up.
    pub second_factor: bool,
    /// My roles.
    pub roles: Vec<RoleJson>,
    /// Cooperatives that let me act for them.
    pub grants: Vec<MyGrantJson>,
}

/// One of my roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleJson {
    /// Names the role at `/api/v1/sessions/current/member`.
    pub member_id: String,
    /// The organisation.
    pub organisation_id: String,
    /// The role.
    pub role: &'static str,
}

/// A cooperative that lets me act for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyGrantJson {
    /// Identifier.
    pub id: String,
    /// Goes into `Pasok-Acting-For`.
    pub organisation_id: String,
    /// `read`, `enter` or `receive`.
    pub scope: &'static str,
    /// When it ends by itself.
    pub expires_at: String,
}

impl From<&Grant> for MyGrantJson {
    fn from(grant: &Grant) -> Self {
        Self {
            id: grant.id.to_string(),
            organisation_id: grant.organisation_id.to_string(),
            scope: grant.scope.word(),
            expires_at: grant.expires_at.to_string(),
        }
    }
}

/// My account: name, roles, and for whom I may act.
#[utoipa::path(get, path = "/api/v1/accounts/me", tag = "access",
    responses((status = 200, body = AccountJson), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn my_account(State(app): State<App>, person: SignedIn) -> Result<Reply, AppError> {
    let (account_id, now) = (person.session.account_id, app.clock.now());
    let own = app.read_async(EVERYBODY, move |connection, _| accounts::get_own(connection, account_id, now)).await?;
    let roles = own.members.iter().map(|member| RoleJson {
        member_id: member.id.to_string(),
        organisation_id: member.organisation_id.to_string(),
        role: member.role.word(),
    });
    Reply::ok(&AccountJson {
        id: account_id.to_string(),
        name: own.account.name,
        phone: own.account.phone.map(|phone| phone.to_string()),
        email: own.account.email.map(|email| email.to_string()),
        second_factor: own.second_factor,
        roles: roles.collect(),
        grants: own.grants.iter().map(MyGrantJson::from).collect(),
    })
}

/// Another password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The present one.
    current: String,
    /// At least 12 characters; several words are best.
    new: String,
}

/// Chooses another password. My other sessions end; this one gets a new secret.
#[utoipa::path(post, path = "/api/v1/accounts/me/password", tag = "access", request_body = PasswordBody,
    responses((status = 201, body = NewSessionJson), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn change_password(
    State(app): State<App>,
    person: SignedIn,
    headers: HeaderMap,
    body: Body<PasswordBody>,
) -> Result<Response, AppError> {
    let PasswordBody { current, new } = body.value;
    answer(sign_in::change_password(&app, person.session, current, new).await?, carrier(&headers))
}

/// The password again.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofBody {
    /// The present password.
    password: String,
}

/// What goes into the authenticator; shown once.
#[derive(Serialize, ToSchema)]
pub struct EnrolmentJson {
    /// To type.
    pub secret: String,
    /// To show as a picture (QR code).
    pub uri: String,
}

/// Begins to set up an authenticator app; it counts once its code is confirmed.
#[utoipa::path(post, path = "/api/v1/accounts/me/totp", tag = "access", request_body = ProofBody,
    responses((status = 201, body = EnrolmentJson), (status = 401, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem)))]
async fn begin_second_factor(
    State(app): State<App>,
    person: SignedIn,
    body: Body<ProofBody>,
) -> Result<Response, AppError> {
    let enrolment = sign_in::begin_second_factor(&app, person.session, body.value.password).await?;
    let json = EnrolmentJson { secret: enrolment.secret, uri: enrolment.uri };
    let reply = Reply::created("/api/v1/accounts/me/totp/confirm".to_owned(), &json)?;
    Ok((AppendHeaders([(header::CACHE_CONTROL, "no-store")]), reply).into_response())
}

/// What the authenticator shows.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// Six digits.
    code: String,
}

/// Counts the authenticator from now on. My other sessions end; this one gets a new secret and two factors.
#[utoipa::path(post, path = "/api/v1/accounts/me/totp/confirm", tag = "access", request_body = ConfirmBody,
    responses((status = 201, body = NewSessionJson), (status = 401, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem)))]
async fn confirm_second_factor(
    State(app): State<App>,
    person: SignedIn,
    headers: HeaderMap,
    body: Body<ConfirmBody>,
) -> Result<Response, AppError> {
    let opened = sign_in::confirm_second_factor(&app, person.session, body.value.code).await?;
    answer(opened, carrier(&headers))
}

/// What a person signs in with.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    /// Telephone number; none if absent.
    phone: Option<String>,
    /// E-mail address; none if absent.
    email: Option<String>,
    /// Why it changes.
    reason: String,
}

/// A number and an address as people type them, or notes of what is wrong.
pub(super) fn contact(checks: &mut Checks, phone: Option<&str>, email: Option<&str>) -> (Option<Phone>, Option<Email>) {
    let phone = phone.and_then(|text| checks.ok("/phone", Phone::parse(text)));
    let email = email.and_then(|text| checks.ok("/email", Email::parse(text)));
    (phone, email)
}

/// A person's number and address, and the version to change.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactJson {
    /// The account.
    pub id: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Account> for ContactJson {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.to_string(),
            phone: account.phone.map(|phone| phone.to_string()),
            email: account.email.map(|email| email.to_string()),
            version: account.version,
        }
    }
}

/// Changes what somebody else signs in with (whoever looks after all of that person's organisations).
#[utoipa::path(put, path = "/api/v1/accounts/{id}/contact", tag = "access", request_body = ContactBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = ContactJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_contact(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<ContactBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let (phone, email) = contact(&mut checks, body.value.phone.as_deref(), body.value.email.as_deref());
    let reason = name_text(&mut checks, "/reason", &body.value.reason, 500);
    let reason = checks.finish_with(reason)?;
    let request = Request { operation: format!("accounts.contact/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once_within(in_name_of(&actor), &actor, request, move |work| {
        let contact = (phone.clone(), email.clone());
        let account = accounts::change_contact(work, &by, (id, expected.0), contact, &reason)?;
        let version = account.version;
        Ok(Reply::ok(&ContactJson::from(account))?.with_version(version))
    })
    .await
}

/// What a code is for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    /// `invitation`, `password_reset`, or `second_factor_reset` (administrators).
    purpose: String,
}

/// A code to hand over; the only time it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeJson {
    /// Identifier.
    pub id: String,
    /// The code, to be given to the person on paper or by voice.
    pub code: String,
    /// When it stops working.
    pub expires_at: String,
}

/// Makes a code for somebody else to choose a password with, or to go on without a lost authenticator. Earlier codes of
/// the kind no longer work. A retry with the same key is refused: the code is not stored.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/codes", tag = "access", request_body = CodeBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = CodeJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn hand_over_code(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<CodeBody>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let purpose = choice(&mut checks, "/purpose", CodePurpose::parse(&body.value.purpose), CodePurpose::words);
    let purpose = checks.finish_with(purpose)?;
    let request = Request { operation: format!("codes.issue/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    let (handover, code) =
        app.once_secret(in_name_of(&actor), &actor, request, move |work| codes::issue(work, &by, id, purpose)).await?;
    let json = CodeJson { id: handover.id.to_string(), code, expires_at: handover.expires_at.to_string() };
    let reply = Reply::created("/api/v1/codes/redeem".to_owned(), &json)?;
    Ok((AppendHeaders([(header::CACHE_CONTROL, "no-store")]), reply).into_response())
}

/// A code that was handed over, and the password to have from now on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemBody {
    /// Telephone number or e-mail address.
    login: String,
    /// The code.
    code: String,
    /// At least 12 characters; several words are best.
    password: String,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedeemedJson {
    /// What the code was for.
    pub purpose: &'static str,
}

/// Uses a code that was handed over: sets the password and ends every session of the person.
#[utoipa::path(post, path = "/api/v1/codes/redeem", tag = "access", request_body = RedeemBody,
    responses((status = 200, body = RedeemedJson), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn redeem_code(
    State(app): State<App>,
    address: ClientAddress,
    body: Body<RedeemBody>,
) -> Result<Reply, AppError> {
    let RedeemBody { login, code, password } = body.value;
    let mut checks = Checks::default();
    let login = name_text(&mut checks, "/login", &login, 254);
    let code = name_text(&mut checks, "/code", &code, 64);
    let (login, code) = checks.finish_with(login.zip(code))?;
    let purpose = codes::redeem(&app, Redemption { login, code, password, address: address.0 }).await?;
    Reply::ok(&RedeemedJson { purpose: purpose.word() })
}
