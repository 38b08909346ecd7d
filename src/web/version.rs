//! `If-Match`: which version of a record the caller saw before changing it.

use crate::app::App;
use crate::error::{AppError, CommonError};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

/// The version the caller expects; the change is refused if the record moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedVersion(pub i64);

impl ExpectedVersion {
    /// Refuses unless the record still has the expected version.
    pub fn check(self, version: i64) -> Result<(), AppError> {
        if self.0 == version { Ok(()) } else { Err(CommonError::VersionStale.into()) }
    }
}

impl FromRequestParts<App> for ExpectedVersion {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        let text = parts.headers.get(header::IF_MATCH).ok_or(CommonError::VersionMissing)?;
        let inner = text.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
        // A tag we never gave out cannot be current.
        let version = inner.and_then(|text| text.parse().ok()).ok_or(CommonError::VersionStale)?;
        Ok(Self(version))
    }
}
