//! Parameters in the query of an address, with refusals that are problem documents.

use crate::app::App;
use crate::error::{AppError, CommonError};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The query of an address as `T`; use this instead of [`Query`], whose refusals are plain text.
#[derive(Debug, Clone, Copy)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(value)| Self(value))
            .map_err(|rejection| AppError::refused_with(CommonError::BadParameter, rejection.body_text()))
    }
}
