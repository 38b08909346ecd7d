//! Headers that tell a browser what a page of ours may do, on every answer.
//!
//! Scripts run only from our own files or with the nonce of this one answer; nothing is loaded from elsewhere, nobody
//! may frame a page, and answers are kept by no cache unless they say otherwise.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::convert::Infallible;

/// Headers that never change.
static FIXED: [(HeaderName, &str); 8] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Browsers heed this one only where the proxy in front speaks TLS.
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The word without which an inline script or style of this one answer does not run: `<script nonce="{{ nonce }}">`.
#[derive(Debug, Clone)]
pub struct Nonce(pub String);

impl Nonce {
    fn new() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()))
    }

    fn policy(&self) -> String {
        let nonce = &self.0;
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; \
             base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        )
    }
}

impl<S: Sync> FromRequestParts<S> for Nonce {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        // Always there behind `cover`; without it a fresh one allows nothing, which is the safe way round.
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::new))
    }
}

/// Middleware: gives the request its nonce and the answer its headers.
pub async fn cover(mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    let policy = nonce.policy();
    request.extensions_mut().insert(nonce);
    let mut response = next.run(request).await;
    set(response.headers_mut(), &policy);
    response
}

fn set(headers: &mut HeaderMap, policy: &str) {
    for (name, value) in &FIXED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
}
