//! An answer that can be stored and given again to a retry: status, a few headers, JSON.

use crate::error::AppError;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A JSON answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Reply {
    fn new(status: u16, body: &impl Serialize) -> Result<Self, AppError> {
        let body = serde_json::to_string(body).map_err(AppError::internal)?;
        Ok(Self { status, etag: None, location: None, body })
    }

    /// 200.
    pub fn ok(body: &impl Serialize) -> Result<Self, AppError> {
        Self::new(200, body)
    }

    /// 201, and where the new record is.
    pub fn created(location: String, body: &impl Serialize) -> Result<Self, AppError> {
        Ok(Self { location: Some(location), ..Self::new(201, body)? })
    }

    /// 202: long work has begun; its state is at `location`.
    pub fn accepted(location: String, body: &impl Serialize) -> Result<Self, AppError> {
        Ok(Self { location: Some(location), ..Self::new(202, body)? })
    }

    /// 303: the form was taken, and here is the page to see now.
    pub fn see_other(address: impl Into<String>) -> Self {
        Self { status: 303, etag: None, location: Some(address.into()), body: String::new() }
    }

    /// The version of the record in the body, as an `ETag`.
    #[must_use]
    pub fn with_version(mut self, version: i64) -> Self {
        self.etag = Some(format!("\"{version}\""));
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, self.body).into_response();
        let mut set = |name: HeaderName, text: Option<String>| {
            if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
                response.headers_mut().insert(name, value);
            }
        };
        set(header::CONTENT_TYPE, Some("application/json".to_owned()));
        set(header::ETAG, self.etag);
        set(header::LOCATION, self.location);
        response
    }
}
