//! Organisations and members as JSON.

use super::actor::{Actor, Authority, Credential};
use super::service::{self, NewOrganisation};
use super::types::{Capability, Class, Organisation, OrganisationStatus, Role};
use crate::app::App;
use crate::error::{AppError, Checks, CommonError};
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::{choice, name_text};
use crate::web::{Body, ExpectedVersion, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(who_am_i))
        .routes(routes!(list_organisations, register_organisation))
        .routes(routes!(get_organisation))
        .routes(routes!(change_status))
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationJson {
    /// Identifier.
    pub id: String,
    /// Short code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `koperasi`, `kdmp`, `mikro`, …
    pub class: &'static str,
    /// `active`, `dormant`, `not_yet_operating` or `suspended`.
    pub status: &'static str,
    /// `buyer`, `seller`, `kitchen`, `operator`, `observer`.
    pub capabilities: Vec<&'static str>,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Organisation> for OrganisationJson {
    fn from(organisation: Organisation) -> Self {
        Self {
            id: organisation.id.to_string(),
            code: organisation.code,
            name: organisation.name,
            class: organisation.class.word(),
            status: organisation.status.word(),
            capabilities: organisation.capabilities.iter().map(|capability| capability.word()).collect(),
            version: organisation.version,
        }
    }
}

/// Who is calling.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorJson {
    /// The person.
    pub account_id: String,
    /// The person in this role.
    pub member_id: String,
    /// The person's name.
    pub member_name: String,
    /// The person's role at home.
    pub role: &'static str,
    /// The organisation the person belongs to.
    pub home_organisation_id: String,
    /// The organisation acted for.
    pub organisation: OrganisationJson,
    /// The grant on which an assistant acts for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<String>,
    /// What the grant allows: `read`, `enter`, `receive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_scope: Option<&'static str>,
    /// Whether a one-time code was given at the sign-in.
    pub second_factor: bool,
}

/// An organisation to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterBody {
    /// Short unique code.
    code: String,
    /// Name.
    name: String,
    /// Class.
    class: String,
    /// Status; `active` unless said otherwise.
    status: Option<String>,
    /// What it does here.
    capabilities: Vec<String>,
}

impl RegisterBody {
    fn parse(self) -> Result<NewOrganisation, AppError> {
        let mut checks = Checks::default();
        let code = name_text(&mut checks, "/code", &self.code, 64);
        let name = name_text(&mut checks, "/name", &self.name, 200);
        let class = choice(&mut checks, "/class", Class::parse(&self.class), Class::words);
        let status = self.status.as_deref().unwrap_or(OrganisationStatus::Active.word());
        let status = choice(&mut checks, "/status", OrganisationStatus::parse(status), OrganisationStatus::words);
        if self.capabilities.is_empty() {
            checks.add("/capabilities", CommonError::Required);
        }
        let capabilities = self.capabilities.iter().enumerate().filter_map(|(index, text)| {
            choice(&mut checks, &format!("/capabilities/{index}"), Capability::parse(text), Capability::words)
        });
        let capabilities = capabilities.collect();
        let new =
            (|| Some(NewOrganisation { code: code?, name: name?, class: class?, status: status?, capabilities }))();
        checks.finish_with(new)
    }
}

/// A new status.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusBody {
    /// The status.
    status: String,
    /// Why.
    reason: String,
}

/// Who am I, and for whom do I act?
#[utoipa::path(get, path = "/api/v1/me", tag = "parties", responses((status = 200, body = ActorJson), (status = 401, body = Problem)))]
async fn who_am_i(State(app): State<App>, actor: Actor) -> Result<Reply, AppError> {
    let id = actor.organisation_id;
    let organisation = app.read_async(&actor, move |connection, scope| service::get(connection, scope, id)).await?;
    let grant = match actor.authority {
        Authority::Own => None,
        Authority::Granted { grant_id, scope } => Some((grant_id.to_string(), scope.word())),
    };
    let (grant_id, grant_scope) = grant.unzip();
    Reply::ok(&ActorJson {
        account_id: actor.account_id.to_string(),
        member_id: actor.member_id.to_string(),
        member_name: actor.member_name,
        role: actor.role.word(),
        home_organisation_id: actor.home_id.to_string(),
        organisation: organisation.into(),
        grant_id,
        grant_scope,
        second_factor: matches!(actor.credential, Credential::Session { second_factor: true, .. }),
    })
}

/// Organisations, in pages.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "parties", params(PageQuery),
    responses((status = 200, body = Page<OrganisationJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn list_organisations(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let (after, limit) = (query.after()?, query.limit()?);
    let rows =
        app.read_async(&actor, move |connection, scope| service::list(connection, scope, after, limit + 1)).await?;
    Reply::ok(&Page::from_rows(rows, limit, "/api/v1/organisations", |row| row.id, OrganisationJson::from))
}

/// One organisation.
#[utoipa::path(get, path = "/api/v1/organisations/{id}", tag = "parties", params(("id" = String, Path,)),
    responses((status = 200, body = OrganisationJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_organisation(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let organisation = app.read_async(&actor, move |connection, scope| service::get(connection, scope, id)).await?;
    let version = organisation.version;
    Ok(Reply::ok(&OrganisationJson::from(organisation))?.with_version(version))
}

/// Registers an organisation (operators and administrators).
#[utoipa::path(post, path = "/api/v1/organisations", tag = "parties", request_body = RegisterBody,
    params(("idempotency-key" = String, Header,)),
    responses((status = 201, body = OrganisationJson), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn register_organisation(
    State(app): State<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body<RegisterBody>,
) -> Result<Reply, AppError> {
    require_set_up(&actor)?;
    let new = body.value.parse()?;
    let request = Request { operation: "organisations.register".to_owned(), key, sha256: body.sha256 };
    app.once(&actor, request, move |work| {
        let organisation = service::register(work, new.clone())?;
        let (id, version) = (organisation.id, organisation.version);
        let json = OrganisationJson::from(organisation);
        Ok(Reply::created(format!("/api/v1/organisations/{id}"), &json)?.with_version(version))
    })
    .await
}

/// Activates, suspends or retires an organisation (operators and administrators).
#[utoipa::path(post, path = "/api/v1/organisations/{id}/status", tag = "parties", request_body = StatusBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = OrganisationJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_status(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<StatusBody>,
) -> Result<Reply, AppError> {
    require_set_up(&actor)?;
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let status = OrganisationStatus::parse(&body.value.status);
    let status = choice(&mut checks, "/status", status, OrganisationStatus::words);
    let reason = name_text(&mut checks, "/reason", &body.value.reason, 500);
    let (status, reason) = checks.finish_with(status.zip(reason))?;
    let request = Request { operation: format!("organisations.status/{id}"), key, sha256: body.sha256 };
    app.once(&actor, request, move |work| {
        let organisation = service::change_status(work, id, expected.0, status, &reason)?;
        let version = organisation.version;
        Ok(Reply::ok(&OrganisationJson::from(organisation))?.with_version(version))
    })
    .await
}

fn require_set_up(actor: &Actor) -> Result<(), AppError> {
    actor.require_role(&[Role::Operator, Role::Admin])?;
    actor.require_capability(Capability::Operator)
}
