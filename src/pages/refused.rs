//! A refusal as a page: what happened, what to do, and the way back. Programs get problem documents instead.

use super::render;
use super::view::View;
use super::visit::Visit;
use crate::app::App;
use crate::error::{CommonError, Refusal};
use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/refused.html")]
struct Refused {
    view: View,
    status: u16,
    code: &'static str,
    detail: String,
    action: String,
    hint: String,
}

/// Middleware: what a browser asked for as a page and was refused becomes a page; a missing sign-in leads to signing in.
pub async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_page = !request.uri().path().starts_with("/api/") && wants_page(request.headers());
    if !is_page {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let again = axum::http::Request::from_parts(parts.clone(), body);
    let response = next.run(again).await;
    let Some(refusal) = response.extensions().get::<Arc<Refusal>>().cloned() else { return response };
    if refusal.def.code == CommonError::SignInNeeded.code() {
        return Redirect::to(&sign_in_address(&parts.method, parts.uri.path())).into_response();
    }
    // Whoever cannot be identified now (the database is away) still gets a page.
    let Ok(Visit(view)) = Visit::from_request_parts(&mut parts, &app).await else { return response };
    let (detail, mut action) = view.refusal(refusal.def);
    // What the refusal advises is for programs too.
    if refusal.def.code == CommonError::NoSuchPage.code() {
        action = view.say("common-no-such-page");
    }
    let (status, code, hint) = (refusal.def.status, refusal.def.code, refusal.hint.clone());
    let Ok(mut page) = render(&Refused { view, status, code, detail, action, hint }) else { return response };
    *page.status_mut() = response.status();
    page
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|value| value.to_str().is_ok_and(|text| text.contains("text/html")))
}

/// Back to the page after signing in; what a form wanted to do is not repeated by itself.
fn sign_in_address(method: &Method, path: &str) -> String {
    if *method != Method::GET || path == "/" {
        return "/sign-in".to_owned();
    }
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    format!("/sign-in?{query}")
}
