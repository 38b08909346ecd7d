//! Grants and assistants as JSON.

use crate::access::grants::{self, LONGEST_DAYS, NewGrant};
use crate::access::types::Grant;
use crate::access::{AccessError, EVERYBODY, in_name_of};
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::{Actor, GrantScope, Member, Organisation};
use crate::values::ids::parse_id;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::choice;
use crate::web::{Body, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How long a grant lasts unless said otherwise, in days.
const USUAL_DAYS: i64 = 90;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_assistants))
        .routes(routes!(list_grants, give_grant))
        .routes(routes!(get_grant, revoke_grant))
}

/// An assistant whom a cooperative may choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssistantJson {
    /// Names the assistant in a grant.
    pub member_id: String,
    /// The person's name.
    pub name: String,
    /// The organisation of assistants.
    pub organisation: String,
}

impl From<(Member, Organisation)> for AssistantJson {
    fn from((member, organisation): (Member, Organisation)) -> Self {
        Self { member_id: member.id.to_string(), name: member.name, organisation: organisation.name }
    }
}

/// Assistants whom a cooperative may choose, in pages.
#[utoipa::path(get, path = "/api/v1/assistants", tag = "access", params(PageQuery),
    responses((status = 200, body = Page<AssistantJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_assistants(
    State(app): State<App>,
    _actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows =
        app.read_async(EVERYBODY, move |connection, _| grants::list_assistants(connection, after, limit + 1)).await?;
    Reply::ok(&Page::from_rows(rows, limit, "/api/v1/assistants", |row| row.0.id, AssistantJson::from))
}

/// A grant to give.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantBody {
    /// The assistant, from `/api/v1/assistants`.
    assistant_id: String,
    /// `read`; `enter`: demands, offers and answers to orders as well; `receive`: goods received as well.
    scope: String,
    /// How long it lasts, 1 to 366 days; 90 unless said otherwise.
    days: Option<i64>,
}

impl GrantBody {
    fn parse(&self) -> Result<NewGrant, AppError> {
        let mut checks = Checks::default();
        let assistant_id = checks.ok("/assistant_id", parse_id(&self.assistant_id));
        let scope = choice(&mut checks, "/scope", GrantScope::parse(&self.scope), GrantScope::words);
        let days = self.days.unwrap_or(USUAL_DAYS);
        if !(1..=LONGEST_DAYS).contains(&days) {
            checks.add_with("/days", AccessError::DaysOutOfRange, format!("1..{LONGEST_DAYS}"));
        }
        let new = assistant_id.zip(scope).map(|(assistant_id, scope)| NewGrant { assistant_id, scope, days });
        checks.finish_with(new)
    }
}

/// A grant.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantJson {
    /// Identifier.
    pub id: String,
    /// The cooperative.
    pub organisation_id: String,
    /// The assistant, as a member of the assistants' organisation.
    pub assistant_id: String,
    /// `read`, `enter` or `receive`.
    pub scope: &'static str,
    /// When it was given.
    pub granted_at: String,
    /// When it ends by itself.
    pub expires_at: String,
    /// When it was ended before that.
    pub revoked_at: Option<String>,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Grant> for GrantJson {
    fn from(grant: Grant) -> Self {
        Self {
            id: grant.id.to_string(),
            organisation_id: grant.organisation_id.to_string(),
            assistant_id: grant.assistant_id.to_string(),
            scope: grant.scope.word(),
            granted_at: grant.granted_at.to_string(),
            expires_at: grant.expires_at.to_string(),
            revoked_at: grant.revoked_at.map(|at| at.to_string()),
            version: grant.version,
        }
    }
}

/// Grants of the organisation acted for, and to me, live or ended, in pages.
#[utoipa::path(get, path = "/api/v1/grants", tag = "access", params(PageQuery),
    responses((status = 200, body = Page<GrantJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_grants(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows = app
        .read_async(in_name_of(&actor), move |connection, _| grants::list(connection, &actor, (after, limit + 1)))
        .await?;
    Reply::ok(&Page::from_rows(rows, limit, "/api/v1/grants", |row| row.id, GrantJson::from))
}

/// Lets an assistant act for the organisation (its chair).
#[utoipa::path(post, path = "/api/v1/grants", tag = "access", request_body = GrantBody,
    params(("idempotency-key" = String, Header,)),
    responses((status = 201, body = GrantJson), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn give_grant(
    State(app): State<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body<GrantBody>,
) -> Result<Reply, AppError> {
    let new = body.value.parse()?;
    let request = Request { operation: "grants.give".to_owned(), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once_within(in_name_of(&actor), &actor, request, move |work| {
        let grant = grants::give(work, &by, &new)?;
        let (address, version) = (format!("/api/v1/grants/{}", grant.id), grant.version);
        Ok(Reply::created(address, &GrantJson::from(grant))?.with_version(version))
    })
    .await
}

/// A grant of the organisation acted for, or to me.
#[utoipa::path(get, path = "/api/v1/grants/{id}", tag = "access", params(("id" = String, Path,)),
    responses((status = 200, body = GrantJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_grant(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let grant = app.read_async(in_name_of(&actor), move |connection, _| grants::get(connection, &actor, id)).await?;
    let version = grant.version;
    Ok(Reply::ok(&GrantJson::from(grant))?.with_version(version))
}

/// Ends a grant at once (the organisation's chair or administrator, or the assistant). Needs no version: ending
/// must never fail because something else changed; repeating it changes nothing.
#[utoipa::path(delete, path = "/api/v1/grants/{id}", tag = "access",
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 200, body = GrantJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn revoke_grant(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let request = Request { operation: format!("grants.revoke/{id}"), key, sha256: String::new() };
    let by = actor.clone();
    app.once_within(in_name_of(&actor), &actor, request, move |work| {
        let grant = grants::revoke(work, &by, id)?;
        let version = grant.version;
        Ok(Reply::ok(&GrantJson::from(grant))?.with_version(version))
    })
    .await
}
