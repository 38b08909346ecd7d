//! `application/problem+json` (RFC 9457): one place where a refusal becomes an answer, in the reader's language.

use crate::error::{AppError, CommonError, ErrorDef, Refusal};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

/// The language a client reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Indonesian, the default.
    Indonesian,
    /// English, when it is preferred by `Accept-Language`.
    English,
}

impl Language {
    /// The first of our two languages that `Accept-Language` names; Indonesian where it names neither.
    pub fn of(headers: &HeaderMap) -> Self {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let first = wanted.split(',').map(str::trim).find(|tag| tag.starts_with("id") || tag.starts_with("en"));
        if first.is_some_and(|tag| tag.starts_with("en")) { Self::English } else { Self::Indonesian }
    }
}

/// An answer that says what is wrong and what to do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// A relative reference to the list of codes.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status again.
    pub status: u16,
    /// The stable name for programs.
    pub code: String,
    /// What happened.
    pub detail: String,
    /// What to do.
    pub action: String,
    /// What exactly, where the code alone does not say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// Every field that is wrong.
    pub errors: Vec<ProblemField>,
}

/// One wrong field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemField {
    /// JSON pointer into the body, or the name of a parameter.
    pub pointer: String,
    /// The stable name for programs.
    pub code: String,
    /// What is wrong.
    pub detail: String,
    /// What to do.
    pub action: String,
    /// What exactly, where the code alone does not say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

impl Problem {
    fn of(refusal: &Refusal, language: Language) -> Self {
        let (detail, action) = words(refusal.def, language);
        let errors = refusal.issues.iter().map(|issue| {
            let (detail, action) = words(issue.def, language);
            let (code, hint) = (issue.def.code.to_owned(), issue.hint.clone());
            ProblemField { pointer: issue.pointer.clone(), code, detail, action, hint }
        });
        Self {
            kind: format!("/docs/errors#{}", refusal.def.code),
            status: refusal.def.status,
            code: refusal.def.code.to_owned(),
            detail,
            action,
            hint: refusal.hint.clone(),
            errors: errors.collect(),
        }
    }
}

/// What happened and what to do, in a language.
pub fn words(def: &ErrorDef, language: Language) -> (String, String) {
    match language {
        Language::Indonesian => (def.detail_id.to_owned(), def.action_id.to_owned()),
        Language::English => (def.detail_en.to_owned(), def.action_en.to_owned()),
    }
}

impl IntoResponse for AppError {
    /// Leaves the refusal in the response's extensions; [`render`] knows the reader's language and writes the body.
    fn into_response(self) -> Response {
        let refusal = match self {
            Self::Refused(refusal) => *refusal,
            Self::Internal(error) => {
                tracing::error!(error = %error, "internal error");
                Refusal {
                    def: CommonError::Internal.def(),
                    issues: Vec::new(),
                    hint: String::new(),
                    retry_after_s: None,
                }
            }
        };
        let status = StatusCode::from_u16(refusal.def.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(refusal));
        response
    }
}

/// What the router itself refused in plain text: an address whose letters are no text.
fn unsaid(response: &Response) -> Option<Arc<Refusal>> {
    if response.status() != StatusCode::BAD_REQUEST {
        return None;
    }
    match AppError::from(CommonError::BadParameter) {
        AppError::Refused(refusal) => Some(Arc::from(refusal)),
        AppError::Internal(_) => None,
    }
}

/// Middleware: writes the problem document of a refused request.
pub async fn render(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let mut response = next.run(request).await;
    let known = response.extensions_mut().remove::<Arc<Refusal>>();
    let Some(refusal) = known.or_else(|| unsaid(&response)) else {
        return response;
    };
    let body = serde_json::to_vec(&Problem::of(&refusal, language)).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.remove(header::CONTENT_LENGTH);
    let tag = if language == Language::English { "en" } else { "id" };
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag));
    if refusal.def.status == 401 {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    let wait_s = refusal.retry_after_s.or_else(|| (refusal.def.status == 503).then_some(5));
    if let Some(wait_s) = wait_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
    }
    *response.body_mut() = body.into();
    response
}
