//! What an address says: parameters in its query and ids in its path, with refusals that are problem documents.

use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::values::ids::parse_id;
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

/// The id that an address or a form names. Text that is no id names a record that is not there.
pub fn id_of(text: &str) -> Result<i64, AppError> {
    parse_id(text).map_err(|_| CommonError::NotFound.into())
}
