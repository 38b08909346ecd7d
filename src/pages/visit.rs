//! Who asks for a page, and how: extractors that make the [`View`] of an answer.
//!
//! An assistant chooses the cooperative to act for once; a cookie remembers it for pages. A form names its own
//! organisation in a hidden field, so that a form that was opened for one cooperative is never sent for another.

use super::form::Form;
use super::view::{Person, View};
use super::words;
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::markets;
use crate::parties::{self, Actor};
use crate::values::hex::hex;
use crate::values::ids::parse_id;
use crate::web::params::id_of;
use crate::web::problem::Language;
use crate::web::{auth, body};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Remembers the language that was chosen.
pub const LANGUAGE_COOKIE: &str = "__Host-pasok-language";
/// Remembers the cooperative that an assistant acts for.
pub const ACTING_COOKIE: &str = "__Host-pasok-for";

/// Anybody looking at a page.
#[derive(Debug, Clone)]
pub struct Visit(pub View);

/// Somebody signed in looking at a page.
#[derive(Debug, Clone)]
pub struct Signed {
    /// What the page shows around itself.
    pub view: View,
    /// Who acts.
    pub actor: Actor,
}

/// A form that anybody sent.
#[derive(Debug, Clone)]
pub struct Open {
    /// What the page shows around itself.
    pub view: View,
    /// What was typed.
    pub form: Form,
}

/// A form that somebody signed in sent, for the organisation it was opened for.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// What the page shows around itself.
    pub view: View,
    /// Who acts.
    pub actor: Actor,
    /// What was typed.
    pub form: Form,
}

/// A form about one record, which the address names as `{id}`, that somebody signed in sent.
#[derive(Debug, Clone)]
pub struct About {
    /// The record.
    pub id: i64,
    /// What the page shows around itself.
    pub view: View,
    /// Who acts.
    pub actor: Actor,
    /// What was typed.
    pub form: Form,
}

impl FromRequestParts<App> for Visit {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let chosen = cookie(&parts.headers, ACTING_COOKIE).and_then(|text| parse_id(text).ok());
        let person = match find_person(parts, app, chosen).await {
            // A grant that ended: back to the own organisation.
            Err(error) if chosen.is_some() && error.status() < 500 => find_person(parts, app, None).await?,
            found => found?,
        };
        Ok(Self(view(parts, person)))
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let Visit(view) = Visit::from_request_parts(parts, app).await?;
        let actor = view.person.as_ref().map(|person| person.actor.clone()).ok_or(CommonError::SignInNeeded)?;
        Ok(Self { view, actor })
    }
}

impl FromRequest<App> for Open {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let (mut parts, form) = read_form(request, app).await?;
        let Visit(view) = Visit::from_request_parts(&mut parts, app).await?;
        Ok(Self { view, form })
    }
}

impl FromRequest<App> for Submitted {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let (parts, form) = read_form(request, app).await?;
        submitted(&parts, app, form).await
    }
}

impl FromRequest<App> for About {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let (parts, form) = read_form(request, app).await?;
        about(parts, app, form).await
    }
}

/// Who sent a form about the record that the address names.
pub(super) async fn about(mut parts: Parts, app: &App, form: Form) -> Result<About, AppError> {
    let named = Path::<BTreeMap<String, String>>::from_request_parts(&mut parts, app).await;
    let id = named.ok().and_then(|Path(named)| named.get("id").map(|text| id_of(text)));
    let Submitted { view, actor, form } = submitted(&parts, app, form).await?;
    Ok(About { id: id.ok_or(CommonError::NotFound)??, view, actor, form })
}

async fn submitted(parts: &Parts, app: &App, form: Form) -> Result<Submitted, AppError> {
    let named = form.value("acting_for");
    let acting_for = if named.is_empty() { None } else { Some(parse_id(named).unwrap_or_default()) };
    let person = find_person(parts, app, acting_for).await?.ok_or(CommonError::SignInNeeded)?;
    let actor = person.actor.clone();
    actor.require_write()?;
    Ok(Submitted { view: view(parts, Some(person)), actor, form })
}

async fn read_form(request: Request, app: &App) -> Result<(Parts, Form), AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(CommonError::UnsupportedMediaType.into());
    }
    let (parts, content) = request.into_parts();
    let bytes = body::read(Request::from_parts(parts.clone(), content), app).await?;
    let fields = form_urlencoded::parse(&bytes).into_owned().collect();
    Ok((parts, Form::sent(fields, hex(&Sha256::digest(&bytes)))))
}

async fn find_person(parts: &Parts, app: &App, acting_for: Option<i64>) -> Result<Option<Person>, AppError> {
    let Some(secret) = auth::secret(&parts.headers) else { return Ok(None) };
    let Some(actor) = auth::find_actor(app, secret.to_owned(), acting_for).await? else { return Ok(None) };
    let scope = actor.scope();
    let found = app.read_async(scope, move |connection, scope| {
        let organisation = parties::service::get(connection, scope, actor.organisation_id)?;
        let trains = !markets::service::list_training(connection, scope, 1)?.is_empty();
        Ok(Person { actor, organisation, trains })
    });
    found.await.map(Some)
}

fn view(parts: &Parts, person: Option<Person>) -> View {
    let address = parts.uri.path_and_query().map_or("/", |address| address.as_str()).to_owned();
    let plain = |wanted: &str| {
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .find(|(name, value)| {
                name == wanted && value.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
            })
            .map(|(_, value)| value.into_owned())
    };
    let done = plain("done").map(|done| format!("done-{done}")).filter(|key| words::exists(key));
    let taken = plain("taken");
    let key = hex(&rand::random::<[u8; 16]>());
    let training = person.as_ref().is_some_and(|person| person.trains);
    View { language: language(&parts.headers), address, person, training, done, taken, key }
}

/// The language that was chosen, else the browser's, else Indonesian.
pub fn language(headers: &HeaderMap) -> Language {
    match cookie(headers, LANGUAGE_COOKIE) {
        Some("id") => Language::Indonesian,
        Some("en") => Language::English,
        _ => Language::of(headers),
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// Sets one of our cookies; an empty value ends it.
pub fn set_cookie(name: &str, value: &str, life_s: i64) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={life_s}")
}
