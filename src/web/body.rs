//! The JSON body of a request: read once, with errors that name the place, and hashed for safe retries.

use crate::app::App;
use crate::error::{AppError, CommonError, FieldIssue, Refusal};
use crate::values::hex::hex;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// A JSON body of type `T`, and the SHA-256 of its bytes.
#[derive(Debug, Clone)]
pub struct Body<T> {
    /// What was sent.
    pub value: T,
    /// Lower-case hex.
    pub sha256: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let is_empty = request.headers().get(header::CONTENT_LENGTH).is_some_and(|length| length == "0");
        let is_json = kind.starts_with("application/json") || (kind.is_empty() && is_empty);
        if !is_json {
            return Err(CommonError::UnsupportedMediaType.into());
        }
        let bytes = read(request, app).await?;
        Ok(Self { value: parse(&bytes)?, sha256: hex(&Sha256::digest(&bytes)) })
    }
}

/// All bytes of a body within its limits of size and time.
pub async fn read(request: Request, app: &App) -> Result<Bytes, AppError> {
    Bytes::from_request(request, app).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => CommonError::BodyTooLarge.into(),
        // The client went away, or paused for too long; only the second will read this.
        _ => CommonError::BodyTooSlow.into(),
    })
}

/// Reads JSON; an empty body reads as `{}`.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { bytes };
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| explain(&error))?;
    reader.end().map_err(|error| AppError::refused_with(CommonError::MalformedJson, error.to_string()))?;
    Ok(value)
}

fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> AppError {
    let inner = error.inner();
    if !inner.is_data() {
        return AppError::refused_with(CommonError::MalformedJson, inner.to_string());
    }
    let pointer = error.path().iter().map(|segment| format!("/{}", segment.to_string().trim_matches(['[', ']'])));
    let issue = FieldIssue {
        pointer: pointer.collect(),
        def: CommonError::WrongShape.def(),
        hint: inner.to_string().split(" at line").next().unwrap_or_default().to_owned(),
    };
    let def = CommonError::InvalidInput.def();
    AppError::Refused(Box::new(Refusal { def, issues: vec![issue], hint: String::new(), retry_after_s: None }))
}
