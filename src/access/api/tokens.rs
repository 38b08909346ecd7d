//! An organisation's API tokens as JSON.

use crate::access::AccessError;
use crate::access::tokens::{self, LONGEST_DAYS, NewToken};
use crate::access::types::Token;
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::{self, Actor, TokenScope, people};
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::{choice, name_text};
use crate::web::{Body, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tokens)).routes(routes!(issue_token)).routes(routes!(revoke_token))
}

/// A token to issue.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// What it is for, so that it can be told from others.
    label: String,
    /// `read` (unless said otherwise) or `write`: what the member's role may, except what needs a second factor.
    scope: Option<String>,
    /// How many days it works, 1 to 90; 90 unless said otherwise.
    days: Option<i64>,
}

impl TokenBody {
    fn parse(&self, member_id: i64) -> Result<NewToken, AppError> {
        let mut checks = Checks::default();
        let label = name_text(&mut checks, "/label", &self.label, 100);
        let scope = self.scope.as_deref().unwrap_or(TokenScope::Read.word());
        let scope = choice(&mut checks, "/scope", TokenScope::parse(scope), TokenScope::words);
        let days = self.days.unwrap_or(LONGEST_DAYS);
        if !(1..=LONGEST_DAYS).contains(&days) {
            checks.add_with("/days", AccessError::DaysOutOfRange, format!("1..{LONGEST_DAYS}"));
        }
        let new = label.zip(scope).map(|(label, scope)| NewToken { member_id, label, scope, days });
        checks.finish_with(new)
    }
}

/// A new token; the only time its secret is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewTokenJson {
    /// Identifier.
    pub id: String,
    /// The secret to send as `Authorization: Bearer`.
    pub token: String,
    /// When it stops working.
    pub expires_at: String,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenJson {
    /// Identifier.
    pub id: String,
    /// The member who answers for it.
    pub member_id: String,
    /// What it is for.
    pub label: String,
    /// `read` or `write`.
    pub scope: &'static str,
    /// When it was issued.
    pub created_at: String,
    /// When it stops working.
    pub expires_at: String,
}

impl From<Token> for TokenJson {
    fn from(token: Token) -> Self {
        Self {
            id: token.id.to_string(),
            member_id: token.member_id.to_string(),
            label: token.label,
            scope: token.scope.word(),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.to_string(),
        }
    }
}

/// Live tokens of the organisation acted for, in pages (its chair, treasurer, supervisor and administrators).
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access", params(PageQuery),
    responses((status = 200, body = Page<TokenJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_tokens(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit, now) = (query.after()?, query.limit()?, app.clock.now());
    let rows = app
        .read_async(actor.scope(), move |connection, _| tokens::list(connection, &actor, now, (after, limit + 1)))
        .await?;
    Reply::ok(&Page::from_rows(rows, limit, "/api/v1/tokens", |row| row.id, TokenJson::from))
}

/// Gives a program a token as one of the organisation's members (its chair and administrators; operators). A retry with
/// the same key is refused, not answered with the secret again: secrets are not stored.
#[utoipa::path(post, path = "/api/v1/members/{id}/tokens", tag = "access", request_body = TokenBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = NewTokenJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn issue_token(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<TokenBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let member = app.read_async(&actor, move |connection, scope| {
        let member = people::get_member(connection, id)?;
        parties::service::get_looked_after(connection, scope, member.organisation_id)?;
        Ok(member)
    });
    let member = member.await?;
    actor.require_manager_of(member.organisation_id)?;
    let new = body.value.parse(id)?;
    let request = Request { operation: format!("tokens.issue/{id}"), key, sha256: body.sha256 };
    let (token, secret) =
        app.once_secret(actor.scope(), &actor, request, move |work| tokens::issue(work, &new)).await?;
    let json = NewTokenJson { id: token.id.to_string(), token: secret, expires_at: token.expires_at.to_string() };
    Reply::created(format!("/api/v1/tokens/{}", token.id), &json)
}

/// Makes a token useless at once: the member's own, or any of the organisation (its chair and administrators; operators).
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "access",
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 200), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn revoke_token(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let request = Request { operation: format!("tokens.revoke/{id}"), key, sha256: String::new() };
    let by = actor.clone();
    app.once(&actor, request, move |work| {
        tokens::revoke(work, &by, id)?;
        Reply::ok(&serde_json::json!({ "id": id.to_string(), "revoked": true }))
    })
    .await
}
