//! Who is calling: the cookie or bearer token of a session, or an organisation's API token; each looked up by its hash.
//!
//! `Pasok-Acting-For` names the organisation to act for, where the caller may act for several.

use crate::access::AccessError;
use crate::access::identify::{self, Shown};
use crate::access::secrets::TOKEN_PREFIX;
use crate::access::{Session, sessions};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::parties::{Actor, PartyError};
use crate::scope::Scope;
use crate::values::ids::parse_id;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// Carries a session in browsers. The prefix makes browsers insist on `Secure`, `Path=/` and no other host.
pub const COOKIE: &str = "__Host-pasok";
/// Names the organisation to act for.
pub const ACTING_FOR: &str = "pasok-acting-for";

/// Whoever signs in has no scope yet.
const SIGN_IN: Scope = Scope::system("sign-in");

impl FromRequestParts<App> for Actor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let secret = secret(&parts.headers).ok_or(CommonError::SignInNeeded)?.to_owned();
        let acting_for = acting_for(&parts.headers)?;
        let actor = find_actor(app, secret, acting_for).await?.ok_or(CommonError::SignInNeeded)?;
        if !parts.method.is_safe() {
            actor.require_write()?;
        }
        Ok(actor)
    }
}

/// Who shows this secret, acting for the organisation named; `None` if it is not live. Notes that the session is used.
pub async fn find_actor(app: &App, secret: String, acting_for: Option<i64>) -> Result<Option<Actor>, AppError> {
    let shown = Shown { secret, acting_for };
    let (now, limits) = (app.clock.now(), app.config.limits);
    let found = app
        .read_async(SIGN_IN, move |connection, system| identify::find_actor(connection, system, &shown, now, &limits))
        .await?;
    let Some((actor, session)) = found else { return Ok(None) };
    if let Some(session) = session.filter(|session| sessions::is_stale(session, now)) {
        // Sessions are the system's alone: whoever signed in reaches no row of them.
        let scope = Scope::system_for("sign-in", actor.principal());
        app.write_async(scope, move |work| sessions::touch(work, session.id)).await?;
    }
    Ok(Some(actor))
}

/// Somebody who signed in, whatever the role: for what a person does about their own account. No organisation, no token.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let secret = secret(&parts.headers).ok_or(CommonError::SignInNeeded)?.to_owned();
        if secret.starts_with(TOKEN_PREFIX) {
            return Err(PartyError::PersonNeeded.into());
        }
        let (now, limits) = (app.clock.now(), app.config.limits);
        let found = app
            .read_async(Scope::system("sign-in"), move |connection, _| {
                sessions::find(connection, &secret, now, &limits)
            })
            .await?;
        found.map(|session| Self { session }).ok_or_else(|| CommonError::SignInNeeded.into())
    }
}

/// The cookie that carries a session's secret.
pub fn cookie(secret: &str) -> String {
    format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// The cookie that ends the other.
pub fn no_cookie() -> String {
    format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// The secret in `Authorization: Bearer`, or else in our cookie.
pub fn secret(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        return value.to_str().ok()?.strip_prefix("Bearer ").map(str::trim);
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

fn acting_for(headers: &HeaderMap) -> Result<Option<i64>, AppError> {
    let Some(value) = headers.get(ACTING_FOR) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| parse_id(text.trim()).ok());
    id.map(Some).ok_or_else(|| AccessError::ActingForRefused.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_token_goes_before_the_cookie_and_other_cookies_are_no_matter() {
        let mut headers = HeaderMap::new();
        assert_eq!(secret(&headers), None);
        headers.append(header::COOKIE, "a=b; __Host-pasok=pss_1; c=d".parse().unwrap());
        assert_eq!(secret(&headers), Some("pss_1"));
        headers.insert(header::AUTHORIZATION, "Bearer pss_2".parse().unwrap());
        assert_eq!(secret(&headers), Some("pss_2"));
        headers.insert(header::AUTHORIZATION, "Basic eA==".parse().unwrap());
        assert_eq!(secret(&headers), None);
    }
}
