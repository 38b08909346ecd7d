//! Who is calling: a bearer token, looked up by its hash.

use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::parties::{self, Actor};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

impl FromRequestParts<App> for Actor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|text| text.strip_prefix("Bearer ")).ok_or(CommonError::SignInNeeded)?;
        let (token, now) = (token.trim().to_owned(), app.clock.now());
        let actor = app.read_async(move |connection| parties::service::find_actor(connection, &token, now)).await?;
        actor.ok_or_else(|| CommonError::SignInNeeded.into())
    }
}
