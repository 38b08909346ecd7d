//! People of an organisation as JSON.

use super::accounts::contact;
use crate::access::{in_name_of, members};
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::people::NewPerson;
use crate::parties::{Account, Actor, Email, Member, Phone, Role};
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

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_people, add_member))
        .routes(routes!(get_member))
        .routes(routes!(change_role))
        .routes(routes!(end_role))
}

/// A person to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberBody {
    /// The person's name.
    name: String,
    /// The role.
    role: String,
    /// What the person signs in with.
    phone: Option<String>,
    /// The same.
    email: Option<String>,
}

impl MemberBody {
    fn parse(&self) -> Result<NewPerson, AppError> {
        let mut checks = Checks::default();
        let name = name_text(&mut checks, "/name", &self.name, 200);
        let role = choice(&mut checks, "/role", Role::parse(&self.role), Role::words);
        let (phone, email) = contact(&mut checks, self.phone.as_deref(), self.email.as_deref());
        checks.finish_with(name.zip(role).map(|(name, role)| NewPerson { name, role, phone, email }))
    }
}

/// A person in a role.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberJson {
    /// Identifier.
    pub id: String,
    /// The person.
    pub account_id: String,
    /// The organisation.
    pub organisation_id: String,
    /// The person's name.
    pub name: String,
    /// The role.
    pub role: &'static str,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Member> for MemberJson {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.to_string(),
            account_id: member.account_id.to_string(),
            organisation_id: member.organisation_id.to_string(),
            name: member.name,
            role: member.role.word(),
            version: member.version,
        }
    }
}

/// A person of an organisation and how to reach them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonJson {
    /// The person in this role.
    #[serde(flatten)]
    pub member: MemberJson,
    /// Telephone number; masked for those who do not look after the organisation.
    pub phone: Option<String>,
    /// E-mail address; masked likewise.
    pub email: Option<String>,
}

impl PersonJson {
    fn new((member, account): (Member, Account), open: bool) -> Self {
        let phone = account.phone.as_ref().map(|phone| if open { phone.to_string() } else { Phone::masked(phone) });
        let email = account.email.as_ref().map(|email| if open { email.to_string() } else { Email::masked(email) });
        Self { member: member.into(), phone, email }
    }
}

/// People of an organisation, in pages: of one's own, or of any for those who set up organisations.
#[utoipa::path(get, path = "/api/v1/organisations/{id}/members", tag = "access", params(("id" = String, Path,), PageQuery),
    responses((status = 200, body = Page<PersonJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_people(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let (after, limit) = (query.after()?, query.limit()?);
    let open = members::sees_contacts(&actor, id);
    let rows = app
        .read_async(in_name_of(&actor), move |connection, _| members::list(connection, &actor, id, (after, limit + 1)))
        .await?;
    let address = format!("/api/v1/organisations/{id}/members");
    Reply::ok(&Page::from_rows(rows, limit, &address, |row| row.0.id, |row| PersonJson::new(row, open)))
}

/// Adds a person to an organisation (its chair and administrators; operators). Somebody with the same number or address
/// is the same person.
#[utoipa::path(post, path = "/api/v1/organisations/{id}/members", tag = "access", request_body = MemberBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,)),
    responses((status = 201, body = MemberJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn add_member(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Body<MemberBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    actor.require_manager_of(id)?;
    let new = body.value.parse()?;
    let request = Request { operation: format!("members.add/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once_within(in_name_of(&actor), &actor, request, move |work| {
        let member = members::add(work, &by, id, &new)?;
        let (address, version) = (format!("/api/v1/members/{}", member.id), member.version);
        Ok(Reply::created(address, &MemberJson::from(member))?.with_version(version))
    })
    .await
}

/// A person in a role, of one's own organisation, or of any for those who set up organisations.
#[utoipa::path(get, path = "/api/v1/members/{id}", tag = "access", params(("id" = String, Path,)),
    responses((status = 200, body = MemberJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_member(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let member = app.read_async(in_name_of(&actor), move |connection, _| members::get(connection, &actor, id)).await?;
    let version = member.version;
    Ok(Reply::ok(&MemberJson::from(member))?.with_version(version))
}

/// Another role.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleBody {
    /// The role.
    role: String,
    /// Why.
    reason: String,
}

/// Gives a person another role (chair and administrators of the organisation; operators). Their sessions and tokens end.
#[utoipa::path(post, path = "/api/v1/members/{id}/role", tag = "access", request_body = RoleBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = MemberJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_role(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<RoleBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let role = choice(&mut checks, "/role", Role::parse(&body.value.role), Role::words);
    let reason = name_text(&mut checks, "/reason", &body.value.reason, 500);
    let (role, reason) = checks.finish_with(role.zip(reason))?;
    let request = Request { operation: format!("members.role/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once_within(in_name_of(&actor), &actor, request, move |work| {
        let member = members::change_role(work, &by, (id, expected.0), role, &reason)?;
        let version = member.version;
        Ok(Reply::ok(&MemberJson::from(member))?.with_version(version))
    })
    .await
}

/// Why a role ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveBody {
    /// Why.
    reason: String,
}

/// Ends a person's role (chair and administrators of the organisation; operators), and with it sessions, tokens, grants.
#[utoipa::path(post, path = "/api/v1/members/{id}/leave", tag = "access", request_body = LeaveBody,
    params(("id" = String, Path,), ("idempotency-key" = String, Header,), ("if-match" = String, Header,)),
    responses((status = 200, body = MemberJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn end_role(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    expected: ExpectedVersion,
    key: IdempotencyKey,
    body: Body<LeaveBody>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let mut checks = Checks::default();
    let reason = name_text(&mut checks, "/reason", &body.value.reason, 500);
    let reason = checks.finish_with(reason)?;
    let request = Request { operation: format!("members.leave/{id}"), key, sha256: body.sha256 };
    let by = actor.clone();
    app.once_within(in_name_of(&actor), &actor, request, move |work| {
        let member = members::leave(work, &by, (id, expected.0), &reason)?;
        let version = member.version;
        Ok(Reply::ok(&MemberJson::from(member))?.with_version(version))
    })
    .await
}
