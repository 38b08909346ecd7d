//! No other site may act through a visitor's browser (cross-site request forgery).
//!
//! Only requests that change something and that a browser signs by itself (with a cookie) are at risk; a bearer token is
//! never sent unasked. The browser says where a request comes from in `Sec-Fetch-Site`; an old one only in `Origin`.
//! A browser that says neither is refused: every browser of the last ten years says one of them with a change.

use crate::error::{AppError, CommonError};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Middleware: refuses changes that another site asked a browser to make.
pub async fn guard(request: Request, next: Next) -> Response {
    if is_safe(request.method(), request.headers()) {
        next.run(request).await
    } else {
        AppError::from(CommonError::ForeignOrigin).into_response()
    }
}

fn is_safe(method: &Method, headers: &HeaderMap) -> bool {
    let changes_nothing = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
    let has = |name: header::HeaderName| headers.contains_key(name);
    if changes_nothing || has(header::AUTHORIZATION) {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        // `none` is the person itself: an address typed or a bookmark.
        (Some(site), _) => ["same-origin", "none"].contains(&site),
        (None, Some(origin)) => is_own(origin, text("host").unwrap_or_default()),
        // No browser at all, or a very old one: harmless as long as it brings no cookie.
        (None, None) => !has(header::COOKIE),
    }
}

/// Whether `Origin: scheme://host[:port]` names the host that was asked.
fn is_own(origin: &str, host: &str) -> bool {
    let origin = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    origin.is_some_and(|origin| !host.is_empty() && origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn judged(method: &Method, headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        is_safe(method, &pairs.collect())
    }

    #[test]
    fn only_the_own_site_may_change_anything_with_a_cookie() {
        let cookie = ("cookie", "__Host-session=x");
        let host = ("host", "pasok.example:8080");
        for (headers, want) in [
            (vec![cookie, host, ("sec-fetch-site", "same-origin")], true),
            (vec![cookie, host, ("sec-fetch-site", "none")], true),
            (vec![cookie, host, ("sec-fetch-site", "same-site")], false),
            (vec![cookie, host, ("sec-fetch-site", "cross-site")], false),
            // The newer header wins over a forged older one.
            (vec![cookie, host, ("sec-fetch-site", "cross-site"), ("origin", "https://pasok.example:8080")], false),
            (vec![cookie, host, ("origin", "https://pasok.example:8080")], true),
            (vec![cookie, host, ("origin", "https://pasok.example")], false),
            (vec![cookie, host, ("origin", "https://pasok.example:8080.evil.example")], false),
            (vec![cookie, host, ("origin", "null")], false),
            (vec![cookie, ("origin", "https://")], false),
            (vec![cookie, host], false),
            // Signing in makes a session, so another site must not do that either.
            (vec![host, ("sec-fetch-site", "cross-site")], false),
            (vec![host], true),
            (vec![cookie, host, ("authorization", "Bearer psk_x")], true),
        ] {
            assert_eq!(judged(&Method::POST, &headers), want, "{headers:?}");
            assert_eq!(judged(&Method::DELETE, &headers), want, "{headers:?}");
            assert!(judged(&Method::GET, &headers));
        }
    }
}
